/* Turns options, configuration and files into one request. */
#include "base/words.h"
#include "feed/input.h"
#include "feed/watchlist.h"
#include "tn-quote/commands.h"

static int on_bad(void *context, const char *file, uint64_t line, struct error *error)
{
    struct setup *setup = context;
    if (line > 0)
        error_prefix(error, "%s: line %llu", file, (unsigned long long)line);
    else
        error_prefix(error, "%s", file);
    if (setup->flow != NULL)
        return flow_bad(setup->flow, error);
    if (setup->strict)
        return -1;
    if (setup->bad++ < 5)
        say_error(setup->invocation, error);
    error_clear(error);
    return 0;
}

static void on_note(void *context, const char *symbol, const char *text)
{
    const struct setup *setup = context;
    say(setup->invocation, 1, "%s: %s", symbol, text);
}

static void on_warning(void *context, const char *symbol, const char *text, const char *hint)
{
    const struct setup *setup = context;
    say(setup->invocation, 0, "%s%s%s", symbol, symbol[0] == '\0' ? "" : ": ", text);
    if (hint != NULL)
        say(setup->invocation, 0, "  hint: %s", hint);
}

static int on_failed(void *context, const char *symbol, struct error *error)
{
    struct setup *setup = context;
    if (setup->strict)
        return -1;
    setup->failures++;
    if (setup->flow != NULL)
        flow_failed(setup->flow, symbol, error->code, error->text);
    error_prefix(error, "%s", symbol);
    say_error(setup->invocation, error);
    error_clear(error);
    return 0;
}

static int open_calendar(struct setup *setup, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    const char *usual = setup->rest.adapter == NULL ? "nyse" : setup->rest.adapter->calendar;
    const char *name = option_known(invocation, "calendar") ? option_text(invocation, "calendar", usual) : usual;
    if (exchange_open(&setup->exchange, name, error) != 0)
        return -1;
    setup->calendar = setup->exchange.calendar;
    const char *csv_zone = setup_text(setup, "csv-tz", "csv_tz", NULL);
    setup->request.csv_zone_said = csv_zone != NULL;
    if (csv_zone == NULL)
        csv_zone = exchange_zone_name(&setup->exchange);
    setup->csv_zone = zone_open(csv_zone, error);
    return setup->csv_zone == NULL ? -1 : 0;
}

/* What is said about files: how they are written, and what their prices are. */
static void fill_files(struct setup *setup)
{
    static const char *const word[] = {"", "raw", "split", "total"};
    struct feed_request *request = &setup->request;
    const char *adjusted = setup_text(setup, "adjusted", "adjusted", "");
    for (int i = 1; i < 4; i++)
        if (strcmp(adjusted, word[i]) == 0)
            request->adjusted = (enum adjusted)i;
    request->csv.columns = setup_text(setup, "columns", "columns", NULL);
    const char *dates = setup_text(setup, "dates", "dates", "");
    request->csv.dates = strcmp(dates, "dmy") == 0   ? DATES_DMY
                         : strcmp(dates, "mdy") == 0 ? DATES_MDY
                         : strcmp(dates, "ymd") == 0 ? DATES_YMD
                                                     : DATES_ANY;
    request->accepted = setup_text(setup, "accept", "accept", NULL);
    request->csv.decimal = setup_text(setup, "decimal", "decimal", "")[0];
    const char *stamps = setup_text(setup, "stamps", "stamps", "");
    request->csv_stamps = strcmp(stamps, "start") == 0 ? CSV_STAMPS_START
                          : strcmp(stamps, "end") == 0 ? CSV_STAMPS_END
                                                       : CSV_STAMPS_FOUND;
}

int setup_request(struct setup *setup, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    struct feed_request *request = &setup->request;
    fill_files(setup);
    const int64_t seed = setup->source[0] == '\0' ? 1 : config_integer(setup->config, "source", setup->source, "seed");
    request->seed = (uint64_t)(option_known(invocation, "seed") ? option_count(invocation, "seed", seed) : seed);
    struct date begins;
    const char *start = config_text(setup->config, "source", setup->source, "start", NULL);
    if (date_parse(&begins, start, strlen(start), error) < 0) {
        error_recode(error, EXIT_USAGE);
        error_prefix(error, "source '%s': start", setup->source);
        return -1;
    }
    request->begins = date_to_days(begins);
    return 0;
}

static int fill_request(struct setup *setup, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    struct feed_request *request = &setup->request;
    request->interval = (struct interval){INTERVAL_DAY, 1};
    request->from = option_known(invocation, "from") ? option_time(invocation, "from", TIME_NONE) : TIME_NONE;
    request->to = option_known(invocation, "to") ? option_time(invocation, "to", TIME_NONE) : TIME_NONE;
    if (rest_now(setup, &request->now, error) < 0)
        return -1;
    request->calendar = &setup->calendar;
    request->csv_zone = setup->csv_zone;
    request->bad = on_bad;
    request->note = on_note;
    request->warn = on_warning;
    request->context = setup;
    if (setup_request(setup, error) < 0)
        return -1;
    if (request->from != TIME_NONE && request->to != TIME_NONE && request->from >= request->to)
        return error_set(error, EXIT_USAGE, "--from is not before --to");
    return 0;
}

static int read_actions(struct setup *setup, struct error *error)
{
    const char *path = setup_text(setup, "actions", "actions", NULL);
    if (repairs_add_splits(&setup->repairs[0], &setup->calendar, &setup->actions, error) < 0)
        return -1;
    if (setup->actions.count > 0)
        setup->merged_feed.actions = &setup->actions;
    if (path == NULL)
        return 0;
    if (setup->request.adjusted == ADJUSTED_SPLIT || setup->request.adjusted == ADJUSTED_TOTAL)
        return error_set(error, EXIT_USAGE, "adjusted prices already contain the actions: --actions is for raw ones");
    setup->request.actions_said = true;
    setup->merged_feed.actions = &setup->actions;
    return action_set_read(&setup->actions, path, &setup->request, error);
}

int setup_read(struct setup *setup, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    char *const *operand = invocation_operand_list(invocation);
    if (read_actions(setup, error) < 0)
        return -1;
    for (int i = 0; i < invocation_operands(invocation); i++) {
        const size_t n = strlen(operand[i]);
        if (n == 0 || n >= SYMBOL_SIZE)
            return error_set(error, EXIT_USAGE, "'%.40s' is not a symbol: 1 to 32 characters", operand[i]);
        if (strchr(operand[i], ',') != NULL) {
            (void)error_set(error, EXIT_USAGE, "'%.40s' is not a symbol: it has a comma", operand[i]);
            error_hint(error, "separate symbols with blanks: AAPL MSFT");
            return -1;
        }
        const size_t dot = n > 4 ? n - 4 : 0;
        if (strcmp(operand[i] + dot, ".csv") == 0) {
            (void)error_set(error, EXIT_USAGE, "'%.40s' is not a symbol", operand[i]);
            char word[SHELL_WORD_MAX];
            error_hint(error, "name a file with -s csv:%s", shell_word(word, operand[i]));
            return -1;
        }
        if (names_add(&setup->symbols, str_of(operand[i]), error) < 0)
            return -1;
    }
    if (!option_given(invocation, "watchlist"))
        return 0;
    return watchlist_read(&setup->symbols, option_text(invocation, "watchlist", ""), on_bad, setup, error);
}

static int open_all(struct setup *setup, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    names_init(&setup->symbols);
    action_set_init(&setup->actions);
    for (int i = 0; i < AGREE_PARTS; i++) {
        repairs_init(&setup->repairs[i]);
        action_set_init(&setup->splits[i]);
    }
    setup->merged_feed.request = &setup->request;
    setup->merged_feed.symbols = &setup->symbols;
    setup->merged_feed.failed = on_failed;
    setup->merged_feed.context = setup;
    const struct flow_options options = {
        .program = invocation_program(invocation),
        .invocation = invocation,
        .producer = true,
        .strict = setup->strict,
        .quiet = invocation_verbosity(invocation) < 0,
    };
    setup->config = config_open(error);
    const int several = setup->config == NULL ? -1 : setup_sources(setup, error);
    if (several < 0 || (several == 0 && setup_source(setup, error) < 0) || open_calendar(setup, error) < 0 ||
        fill_request(setup, error) < 0)
        goto failed;
    if ((several == 1 && setup_parts(setup, error) < 0) || setup_repairs(setup, error) < 0)
        goto failed;
    const char *where = option_known(invocation, "where") ? option_text(invocation, "where", NULL) : NULL;
    if (where != NULL && (setup->where = expr_parse(where, error)) == NULL)
        goto failed;
    if (setup->silent)
        return 0;
    setup->flow = flow_open(&options, error);
    if (setup->flow != NULL)
        return 0;
failed:
    setup_close(setup);
    return -1;
}

int setup_open_as(struct setup *setup, const struct invocation *invocation, bool silent, struct error *error)
{
    *setup = (struct setup){
        .invocation = invocation, .silent = silent, .strict = option_flag(invocation, "strict"), .rest.feed = ""};
    return open_all(setup, error);
}

int setup_open(struct setup *setup, const struct invocation *invocation, struct error *error)
{
    return setup_open_as(setup, invocation, false, error);
}

int setup_open_named(struct setup *setup, const struct invocation *invocation, const char *source, struct error *error)
{
    *setup = (struct setup){.invocation = invocation, .named = source, .silent = true, .rest.feed = ""};
    return open_all(setup, error);
}

void setup_close(struct setup *setup)
{
    account_sources(setup);
    names_clear(&setup->symbols);
    action_set_clear(&setup->actions);
    rest_clear(&setup->rest);
    for (int i = 0; i < AGREE_PARTS; i++) {
        rest_clear(&setup->part[i]);
        repairs_clear(&setup->repairs[i]);
        action_set_clear(&setup->splits[i]);
    }
    zone_free(setup->csv_zone);
    exchange_close(&setup->exchange);
    where_close(setup->invocation, setup->where);
    config_free(setup->config);
}
