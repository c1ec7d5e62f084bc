/* tn-signal rank: symbols in the order of a figure, at the end of the input or after every moment, across the universe
 * or against the mean of their sector. */
#include "base/list.h"
#include "exchange/instruments.h"
#include "tn-signal/scanning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A symbol with its figure. */
struct ranked {
    const struct scan_result *result; /* of `value`: what is ranked */
    double value;
    const char *sector; /* NULL where it is not asked for */
};

/* What a ranking remembers between bars. */
struct ranking {
    struct scan_result *bar; /* of the open moment */
    size_t bars, capacity;
    struct instruments instruments; /* what symbols are, for their sectors */
    struct config *config;
    bool neutral;
    size_t strangers; /* symbols without a sector in the last ranking */
};

static int compare_values(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return strcmp(x->result->symbol, y->result->symbol);
}

static int compare_sectors(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    const int order = strcmp(x->sector, y->sector);
    return order != 0 ? order : strcmp(x->result->symbol, y->result->symbol);
}

/* Leaves the symbols that have a sector, each with its distance from the mean of its own. */
static size_t neutralize(struct ranking *ranking, struct ranked *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t index = names_find(&ranking->instruments.symbols, str_of(list[i].result->symbol));
        list[i].sector = index < 0 ? "" : ranking->instruments.list[index].sector;
        if (list[i].sector[0] != '\0')
            list[kept++] = list[i];
    }
    ranking->strangers = count - kept;
    qsort(list, kept, sizeof *list, compare_sectors);
    for (size_t i = 0, end; i < kept; i = end) {
        double sum = 0;
        for (end = i; end < kept && strcmp(list[end].sector, list[i].sector) == 0; end++)
            sum += list[end].value;
        const double mean = sum / (double)(end - i);
        for (size_t k = i; k < end; k++)
            list[k].value -= mean;
    }
    return kept;
}

static void add_figures(struct buf *out, const struct ranked *ranked, size_t rank, size_t of)
{
    buf_reset(out);
    buf_add_text(out, "{\"value\":");
    json_add_double(out, ranked->value);
    buf_printf(out, ",\"rank\":%zu,\"of\":%zu,\"percentile\":", rank, of);
    json_add_double(out, of > 1 ? (double)(of - rank) / (double)(of - 1) : 1);
    if (ranked->sector != NULL) {
        buf_add_text(out, ",\"sector\":");
        json_add_string(out, str_of(ranked->sector));
        buf_add_text(out, ",\"own\":");
        json_add_double(out, ranked->result->value);
    }
    buf_add_char(out, '}');
}

/* The list from the largest value on; equal ones share the better rank. Gives how many are ranked, -1 on error. */
static int64_t write_ranks(struct scanning *scanning, struct ranking *ranking, struct ranked *list, size_t count,
                           struct error *error)
{
    const int64_t top = option_count(scanning->invocation, "top", 0),
                  bottom = option_count(scanning->invocation, "bottom", 0);
    if (ranking->neutral)
        count = neutralize(ranking, list, count);
    qsort(list, count, sizeof *list, compare_values);
    size_t rank = 1;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && list[i].value != list[i - 1].value)
            rank = i + 1;
        if ((top > 0 || bottom > 0) && (int64_t)i >= top && (int64_t)(count - i) > bottom)
            continue;
        add_figures(&scanning->text, &list[i], rank, count);
        if (scanning_write_match(scanning, list[i].result, error) != 0)
            return -1;
    }
    return (int64_t)count;
}

/* Those of the newest bar that have a value. */
static int rank_last(struct scanning *scanning, struct ranking *ranking, struct error *error)
{
    size_t count = 0, known = 0;
    const struct scan_result **results = scan_results(scanning->scan, &count, error);
    struct ranked *list = results == NULL ? NULL : calloc(count, sizeof *list);
    for (size_t i = 0; list != NULL && i < count; i++)
        if (!isnan(results[i]->value) && results[i]->end == scanning_newest(results, count, results[i]->interval))
            list[known++] = (struct ranked){.result = results[i], .value = results[i]->value};
    const int64_t ranked = list == NULL ? 0 : write_ranks(scanning, ranking, list, known, error);
    if (count > 0 && list == NULL)
        error_memory(error);
    if (!error_is_set(error))
        say(scanning->invocation, (size_t)ranked < count ? 0 : 1, "%lld of %zu ranked", (long long)ranked, count);
    free(list);
    free(results);
    return error_is_set(error) ? -1 : 0;
}

static int close_moment(struct scanning *scanning, struct ranking *ranking, struct error *error)
{
    const size_t bars = ranking->bars;
    size_t known = 0;
    struct ranked *list = calloc(bars + 1, sizeof *list);
    if (list == NULL)
        return error_memory(error);
    for (size_t i = 0; i < bars; i++)
        if (!isnan(ranking->bar[i].value))
            list[known++] = (struct ranked){.result = &ranking->bar[i], .value = ranking->bar[i].value};
    const int64_t ranked = write_ranks(scanning, ranking, list, known, error);
    ranking->bars = 0;
    free(list);
    return ranked < 0 ? -1 : 0;
}

static int rank_each(struct scanning *scanning, struct scan_result *result, struct error *error)
{
    struct ranking *ranking = scanning->context;
    if (ranking->bars > 0 && ranking->bar[0].end != result->end && close_moment(scanning, ranking, error) != 0)
        return -1;
    if (list_grow(&ranking->bar, &ranking->capacity, ranking->bars, sizeof *ranking->bar, error) != 0)
        return -1;
    ranking->bar[ranking->bars++] = *result;
    return 0;
}

static int take_instrument(struct scanning *scanning, const struct record *record, struct error *error)
{
    struct ranking *ranking = scanning->context;
    struct instrument_facts facts;
    if (record_decode(record, &facts, error) != 0)
        return input_refused(scanning->input, error);
    return instruments_take(&ranking->instruments, &facts, error) < 0 ? -1 : 1;
}

static int open_sectors(struct scanning *scanning, struct ranking *ranking, struct error *error)
{
    char path[PATH_MAX];
    if (!ranking->neutral)
        return 0;
    scanning->take_instrument = take_instrument;
    if ((ranking->config = config_open(error)) == NULL || instruments_path(ranking->config, path, error) != 0)
        return -1;
    return instruments_read(&ranking->instruments, path, error);
}

enum exit_code signal_rank(struct invocation *invocation, struct error *error)
{
    struct ranking ranking = {.neutral = option_flag(invocation, "neutral")};
    struct scanning scanning = {.invocation = invocation, .context = &ranking};
    char *const *operands = invocation_operand_list(invocation);
    const bool each = option_flag(invocation, "each");
    instruments_init(&ranking.instruments);
    if (each)
        scanning.each = rank_each;
    if (open_sectors(&scanning, &ranking, error) == 0 &&
        scan_all(&scanning, operands[0], operands + 1, false, false, error) == 0)
        (void)(each ? close_moment(&scanning, &ranking, error) : rank_last(&scanning, &ranking, error));
    if (ranking.strangers > 0 && !error_is_set(error))
        say(invocation, 0, "%zu without a sector: add it to instruments.ndjson or instrument records",
            ranking.strangers);
    const enum exit_code code = scan_close(&scanning, EXIT_DONE, error);
    instruments_clear(&ranking.instruments);
    config_free(ranking.config);
    free(ranking.bar);
    return code;
}
