/* tn-quote chain -s sim: the options of the made-up market, as a source would give them. */
#include "base/num.h"
#include "feed/sim_chain.h"
#include "tn-quote/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct writing {
    struct setup *setup;
    const struct sim_chain *chain;
    struct buf line;
    struct record record;
    struct buf scratch;
    uint64_t skip, count; /* --last: of `count` records the first `skip` are left out */
    bool counting;
};

static void add_dec(struct buf *line, const char *key, dec value)
{
    char text[DEC_TEXT_MAX];
    (void)dec_format(text, value);
    buf_printf(line, ",\"%s\":%s", key, text);
}

static void add_double(struct buf *line, const char *key, double value, double unit)
{
    char text[NUM_TEXT_MAX];
    if (!isfinite(value))
        return;
    text[num_format(text, nearbyint(value / unit) * unit + 0.0)] = '\0';
    buf_printf(line, ",\"%s\":%s", key, text);
}

static void put_option(struct buf *line, const struct sim_chain *chain, const struct sim_option *option)
{
    char time[TIME_TEXT_MAX], expiry[TIME_TEXT_MAX];
    time[time_format(time, chain->now)] = '\0';
    expiry[date_format(expiry, date_from_days(option->expiry))] = '\0';
    buf_reset(line);
    buf_printf(line, "{\"type\":\"contract\",\"time\":\"%s\",\"symbol\":\"%s\",\"underlying\":\"%s\",\"expiry\":\"%s\"",
               time, option->symbol, chain->underlying, expiry);
    add_dec(line, "strike", option->strike);
    buf_printf(line, ",\"right\":\"%s\",\"style\":\"european\",\"multiplier\":100", option->call ? "call" : "put");
    add_dec(line, "bid", option->bid);
    add_dec(line, "ask", option->ask);
    if (option->last > 0)
        add_dec(line, "last", option->last);
    add_double(line, "volume", option->volume, 1);
    add_double(line, "open_interest", option->open_interest, 1);
    add_double(line, "implied_volatility", option->implied_volatility, 1e-6);
    add_double(line, "delta", option->delta, 1e-6);
    add_double(line, "gamma", option->gamma, 1e-8);
    add_double(line, "theta", option->theta, 1e-6);
    add_double(line, "vega", option->vega, 1e-6);
    add_double(line, "rho", option->rho, 1e-6);
    add_double(line, "underlying_price", chain->spot, 1e-6);
    add_double(line, "rate", option->rate, 1e-6);
    buf_add_text(line, ",\"source\":\"sim\"}\n");
}

static int on_option(void *context, const struct sim_option *option, struct error *error)
{
    struct writing *writing = context;
    const struct setup *setup = writing->setup;
    put_option(&writing->line, writing->chain, option);
    if (buf_check(&writing->line, error) != 0)
        return -1;
    if (setup->where != NULL) {
        if (record_scan(&writing->record, writing->line.p, writing->line.n - 1, error) != 0)
            return -1;
        const int wanted = expr_test(setup->where, &writing->record, error);
        if (wanted <= 0)
            return wanted == 0 ? 0 : error->code == EXIT_INPUT ? flow_bad(setup->flow, error) : -1;
    }
    if (writing->counting) {
        writing->count++;
        return 0;
    }
    if (writing->skip > 0) {
        writing->skip--;
        return 0;
    }
    return flow_write_line(setup->flow, RECORD_CONTRACT, buf_str(&writing->line), error);
}

/* The last close that was known at the moment; 0: there was none, and the merged feed has said so. */
static int find_spot(struct setup *setup, const char *symbol, double *spot, struct error *error)
{
    struct names one;
    const struct feed_item *item;
    int got = -1;
    names_init(&one);
    *spot = 0;
    if (names_add(&one, str_of(symbol), error) >= 0) {
        struct merged_feed_request request = setup->merged_feed;
        request.symbols = &one;
        struct merged_feed *merged_feed = merged_feed_open(&request, error);
        while ((got = merged_feed == NULL ? -1 : merged_feed_next(merged_feed, &item, error)) == 1)
            if (item->type == RECORD_BAR)
                *spot = dec_to_double(item->bar.close);
        merged_feed_close(merged_feed);
    }
    names_clear(&one);
    return got;
}

/* Every option of every symbol that has a close, to be counted or to be written. */
static int each_symbol(struct writing *writing, const double *spot, struct error *error)
{
    struct setup *setup = writing->setup;
    for (size_t i = 0; i < setup->symbols.count; i++) {
        struct sim_chain chain = {
            .spot = spot[i], .now = setup->request.now, .seed = setup->request.seed, .calendar = &setup->calendar};
        (void)snprintf(chain.underlying, sizeof chain.underlying, "%s", setup->symbols.name[i]);
        writing->chain = &chain;
        const int result = spot[i] > 0 ? sim_chain_each(&chain, on_option, writing, error) : 0;
        writing->chain = NULL;
        if (result != 0)
            return -1;
    }
    return 0;
}

int chain_of_sim(struct setup *setup, int64_t last, struct error *error)
{
    struct writing writing = {.setup = setup, .record = {.scratch = &writing.scratch}, .counting = true};
    int result = 0;
    if (setup->symbols.count == 0)
        return error_set(error, EXIT_USAGE, "name an underlying symbol");
    double *spot = calloc(setup->symbols.count, sizeof *spot);
    if (spot == NULL)
        return error_memory(error);
    buf_init(&writing.line, RECORD_LINE_MAX);
    buf_init(&writing.scratch, RECORD_LINE_MAX);
    setup->request.interval = (struct interval){INTERVAL_DAY, 1};
    setup->request.from = setup->request.to = TIME_NONE;
    setup->request.last = 1;
    for (size_t i = 0; result == 0 && i < setup->symbols.count; i++)
        result = find_spot(setup, setup->symbols.name[i], &spot[i], error);
    if (result == 0)
        result = each_symbol(&writing, spot, error);
    writing.counting = false;
    if (last > 0 && writing.count > (uint64_t)last)
        writing.skip = writing.count - (uint64_t)last;
    if (result == 0 && writing.count > 0)
        result = each_symbol(&writing, spot, error);
    else if (result == 0 && flow_status(setup->flow) == EXIT_DONE)
        flow_failed(setup->flow, "sim", EXIT_NO, "nothing found");
    free(spot);
    buf_clear(&writing.line);
    buf_clear(&writing.scratch);
    return result;
}
