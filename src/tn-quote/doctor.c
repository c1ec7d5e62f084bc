/* tn-quote doctor: what is wrong with the data of a source, and what would mend it. */
#include "base/file.h"
#include "feed/gather.h"
#include "market/agree.h"
#include "market/bar_times.h"
#include "record/record.h"
#include "tn-quote/commands.h"
#include "tn-quote/listing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_MAX_SHOWN = 24 };

static const char *const keys[] = {"symbol", "check", "@when", "source", "repair", "~finding", NULL};

struct doctoring {
    struct setup *setup;
    struct listing *list; /* NULL: records are written */
    struct buf text;
    const char *symbol, *source; /* that are being examined */
    char name[PATH_MAX];         /* of the source's overlay */
    struct interval interval;
    int64_t since; /* earlier findings are not told */
    size_t found;
};

static int tell(struct doctoring *doctoring, const struct finding *finding, const char *deltas, struct error *error)
{
    struct anomaly anomaly;
    if (doctoring->since != TIME_NONE && finding->begins < doctoring->since)
        return 0;
    doctoring->found++;
    if (doctoring->list != NULL) {
        listing_cell(doctoring->list, doctoring->symbol);
        listing_cell(doctoring->list, anomaly_check_text(finding->check));
        listing_time(doctoring->list, finding->begins);
        listing_cell(doctoring->list, doctoring->source);
        listing_cell(doctoring->list, repair_kind_text(finding->repair.kind));
        listing_cell(doctoring->list, finding->message);
        return 0;
    }
    record_blank(RECORD_ANOMALY, &anomaly);
    anomaly.time = finding->time;
    (void)snprintf(anomaly.symbol, sizeof anomaly.symbol, "%s", doctoring->symbol);
    anomaly.check = finding->check;
    anomaly.observed = finding->observed;
    anomaly.expected = finding->expected;
    memcpy(anomaly.message, finding->message, sizeof anomaly.message);
    buf_reset(&doctoring->text);
    if (finding->repair.kind != REPAIR_NONE)
        repair_format(&doctoring->text, doctoring->name, doctoring->interval, &finding->repair);
    if (buf_check(&doctoring->text, error) < 0)
        return -1;
    anomaly.repair = buf_str(&doctoring->text);
    if (deltas != NULL)
        anomaly.deltas = str_of(deltas);
    return flow_write(doctoring->setup->flow, RECORD_ANOMALY, &anomaly, error);
}

static int on_finding(void *context, const struct finding *finding, struct error *error)
{
    return tell(context, finding, NULL, error);
}

/* The actions of a series as the pure layers want them. */
static const struct action **list_actions(struct gathered_series *series, struct error *error)
{
    const struct action **list = calloc(series->actions.count + 1, sizeof *list);
    if (list == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    for (size_t k = 0; k < series->actions.count; k++)
        list[k] = action_set_get(&series->actions, k);
    return list;
}

static enum adjusted adjustment(const struct gathered_series *series)
{
    return series->count == 0 || series->bar[0].adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : series->bar[0].adjusted;
}

static int examine_all(struct doctoring *doctoring, struct gathered *gathered, struct error *error)
{
    const struct setup *setup = doctoring->setup;
    for (size_t i = 0; i < gathered->symbols.count; i++) {
        struct gathered_series *series = &gathered->series[i];
        doctoring->symbol = gathered->symbols.name[i];
        if (error_is_set(&series->failure)) {
            struct error failure = series->failure;
            if (setup->merged_feed.failed(setup->merged_feed.context, doctoring->symbol, &failure) < 0) {
                *error = failure;
                return -1;
            }
            continue;
        }
        const struct action **list = list_actions(series, error);
        if (list == NULL)
            return -1;
        const struct doctor_series examined = {
            .calendar = &setup->calendar,
            .interval = doctoring->interval,
            .adjusted = adjustment(series),
            .bar = series->bar,
            .bars = series->count,
            .action = list,
            .actions = series->actions.count,
            .now = setup->request.now,
        };
        const int result = doctor_examine(&examined, on_finding, doctoring, error);
        free(list);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* ---- several sources ---- */

static int tell_disagreement(struct doctoring *doctoring, const struct agreed *row, size_t parts, struct error *error)
{
    struct finding finding = {
        .check = ANOMALY_DISAGREE,
        .time = row->bar->end,
        .begins = row->bar->time,
        .observed = row->bar->close,
        .expected = DEC_NONE,
    };
    char date[TIME_TEXT_MAX];
    struct buf deltas;
    size_t n;
    if (dec_from_double(&finding.expected, round(row->consensus * 1e6) / 1e6, ROUND_HALF_EVEN) < 0)
        finding.expected = DEC_NONE;
    (void)date_format(date, date_from_days(bar_session_date(&doctoring->setup->calendar, row->bar)));
    n = (size_t)snprintf(finding.message, sizeof finding.message, "the closes of %s, from their median:", date);
    buf_init(&deltas, 4096);
    for (size_t p = 0; p < parts; p++) {
        if (isnan(row->delta[p]))
            continue;
        buf_add_char(&deltas, deltas.n == 0 ? '{' : ',');
        json_add_string(&deltas, str_of(doctoring->setup->agree.source[p].name));
        buf_add_char(&deltas, ':');
        json_add_double(&deltas, round(row->delta[p] * 1e6) / 1e6 + 0.0);
        const char *name = doctoring->setup->agree.source[p].name;
        const size_t length = strlen(name); /* of a long path the end says more */
        if (n < sizeof finding.message)
            n += (size_t)snprintf(finding.message + n, sizeof finding.message - n, " %s%s %+.2f %%",
                                  length > NAME_MAX_SHOWN ? "…" : "",
                                  length > NAME_MAX_SHOWN ? name + length - NAME_MAX_SHOWN : name, row->delta[p] * 100);
    }
    buf_add_char(&deltas, '}');
    const int result = buf_check(&deltas, error) < 0 ? -1 : tell(doctoring, &finding, deltas.p, error);
    buf_clear(&deltas);
    return result;
}

static int compare_symbol(struct doctoring *doctoring, struct gathered *gathered, const char *symbol,
                          struct error *error)
{
    const struct agree_sources *sources = &doctoring->setup->agree;
    struct agree_part part[AGREE_PARTS] = {{.bars = 0}};
    const struct action **list[AGREE_PARTS] = {NULL};
    struct agreement agreement = {.row = NULL};
    int result = 0;
    for (size_t p = 0; p < sources->count && result == 0; p++) {
        const int64_t index = names_find(&gathered[p].symbols, str_of(symbol));
        struct gathered_series *series = index < 0 ? NULL : &gathered[p].series[index];
        if (series == NULL)
            continue;
        list[p] = list_actions(series, error);
        if (list[p] == NULL)
            result = -1;
        part[p] = (struct agree_part){
            .adjusted = adjustment(series),
            .bar = series->bar,
            .bars = series->count,
            .action = list[p],
            .actions = series->actions.count,
            .knows_actions = sources->source[p].knows_actions || series->actions.count > 0,
        };
    }
    if (result == 0)
        result = agree(&agreement, part, sources->count, sources->tolerance, error);
    doctoring->symbol = symbol;
    doctoring->source = "";
    for (size_t i = 0; i < agreement.rows && result == 0; i++) {
        const struct agreed *row = &agreement.row[i];
        bool differs = row->how == AGREED_WITHHELD;
        for (size_t p = 0; p < sources->count; p++)
            differs |= row->outlier[p];
        if (differs && !isnan(row->consensus))
            result = tell_disagreement(doctoring, row, sources->count, error);
    }
    agreement_clear(&agreement);
    for (size_t p = 0; p < sources->count; p++)
        free(list[p]);
    return result;
}

/* Each source by itself, then all beside each other. */
static int examine_several(struct doctoring *doctoring, struct error *error)
{
    struct setup *setup = doctoring->setup;
    struct agree_sources *sources = &setup->agree;
    struct gathered gathered[AGREE_PARTS];
    int result = 0;
    for (size_t p = 0; p < AGREE_PARTS; p++)
        gathered_init(&gathered[p]);
    for (size_t p = 0; p < sources->count && result == 0; p++) {
        struct agree_source *source = &sources->source[p];
        doctoring->source = source->name;
        if (error_is_set(&source->failure) ||
            repairs_source(doctoring->name, source->feed, &source->request, &source->failure) < 0 ||
            gather(&gathered[p], source->feed, &source->request, &setup->symbols, source->actions, &source->failure) <
                0) {
            *error = source->failure;
            error_prefix(error, "%s", source->name);
            result = -1;
        } else {
            result = examine_all(doctoring, &gathered[p], error);
        }
    }
    for (size_t i = 0; i < setup->symbols.count && result == 0; i++)
        result = compare_symbol(doctoring, gathered, setup->symbols.name[i], error);
    for (size_t p = 0; p < AGREE_PARTS; p++)
        gathered_clear(&gathered[p]);
    return result;
}

static int examine_one(struct doctoring *doctoring, struct error *error)
{
    struct setup *setup = doctoring->setup;
    struct gathered gathered;
    gathered_init(&gathered);
    doctoring->source = setup->request.name;
    int result = repairs_source(doctoring->name, setup->merged_feed.feed, &setup->request, error);
    if (result == 0)
        result = gather(&gathered, setup->merged_feed.feed, &setup->request, &setup->symbols,
                        setup->merged_feed.actions, error);
    if (result == 0)
        result = examine_all(doctoring, &gathered, error);
    gathered_clear(&gathered);
    return result;
}

/* ---- accepting ---- */

static int apply(const struct invocation *invocation, struct error *error)
{
    char folder[PATH_MAX];
    size_t kept = 0, fetch = 0;
    struct config *config = config_open(error);
    int result = config == NULL || overlay_folder(config, folder, error) < 0 || folder_make(folder, error) < 0
                     ? -1
                     : repairs_keep(folder, option_text(invocation, "apply", ""), &kept, &fetch, error);
    config_free(config);
    if (result < 0)
        return -1;
    say(invocation, 0, "%zu %s kept in %s", kept, kept == 1 ? "repair" : "repairs", folder);
    if (fetch > 0)
        say(invocation, 0, "%zu more need the data again: tn-quote bars --fresh", fetch);
    return 0;
}

enum exit_code quote_doctor(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    struct doctoring doctoring = {.setup = &setup};
    if (option_given(invocation, "apply"))
        return apply(invocation, error) < 0 ? error->code : EXIT_DONE;
    const bool table = option_given(invocation, "output") || isatty(STDOUT_FILENO);
    if (quote_setup(&setup, invocation, table, error) < 0)
        return error->code;
    doctoring.interval = setup.request.interval;
    /* The whole history is read, since what is usual must be known; --from says since when findings are told. */
    doctoring.since = setup.request.from;
    setup.request.from = TIME_NONE;
    for (size_t i = 0; i < setup.agree.count; i++)
        setup.agree.source[i].request.from = TIME_NONE;
    buf_init(&doctoring.text, RECORD_LINE_MAX);
    if (table && (doctoring.list = listing_open(keys, invocation, error)) == NULL)
        setup_close(&setup);
    if (error_is_set(error))
        return error->code;
    int result = setup_read(&setup, error);
    if (result == 0)
        result = setup.agree.count > 0 ? examine_several(&doctoring, error) : examine_one(&doctoring, error);
    enum exit_code code = EXIT_DONE;
    if (table) {
        if (result == 0)
            (void)listing_show(doctoring.list, error);
        code = error_is_set(error) ? error->code : setup.bad > 0 || setup.failures > 0 ? EXIT_INPUT : EXIT_DONE;
    } else {
        if (result < 0)
            flow_failed(setup.flow, invocation_program(invocation), error->code, error->text);
        code = flow_close(setup.flow, error);
    }
    listing_close(doctoring.list);
    buf_clear(&doctoring.text);
    setup_close(&setup);
    return doctoring.found > 0 ? exit_worst(code, EXIT_NO) : code;
}
