/* A strategy that is another program, moment by moment. */
#include "base/list.h"
#include "record/record.h"
#include "strategy/foreign_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX ((size_t)1 << 30)

/* A bar that was told, and what was said to it. */
struct asked {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    bool said, found;
    struct signal signal;
    size_t reason, horizon; /* where they begin in the texts */
};

/* A moment that was asked: the bars up to `end` that are of none before. */
struct asking {
    int64_t time;
    int64_t number;
    size_t end;
    bool mixed; /* they are of several intervals */
};

struct foreign_run {
    const struct foreign *foreign;
    char instance[STRATEGY_SIZE];
    void *process;
    char account[ID_SIZE]; /* of its sync records: the instance, as far as there is room */
    struct buf out;        /* to be told with the next asking */
    int64_t moment;        /* of the last bar, or the one that is being heard; TIME_NONE before the first */
    int64_t moments;       /* that were asked */
    struct asking asking[RUNNER_AHEAD_MAX]; /* a ring: the oldest is number `heard` + 1 */
    int64_t heard;
    bool fresh; /* nothing was heard since the last asking */
    struct asked *asked;
    size_t count, capacity;
    size_t first; /* of the bars of the moment that is told, or being heard */
    size_t begun; /* bars that are of a moment that was asked */
    size_t found; /* where to begin to look for a bar of a series */
    size_t last;  /* the bar of the last signal: answers mostly come in order */
    struct buf texts, line, scratch;
    struct record record;
};

struct foreign_run *foreign_run_new(const struct strategy_use *use, struct error *error)
{
    struct foreign_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        error_memory(error);
        return NULL;
    }
    run->foreign = use->foreign;
    run->moment = TIME_NONE;
    memcpy(run->instance, use->instance, sizeof run->instance);
    (void)snprintf(run->account, sizeof run->account, "%.*s", (int)sizeof run->account - 1, use->instance);
    buf_init(&run->out, TEXTS_MAX);
    buf_init(&run->texts, TEXTS_MAX);
    buf_init(&run->line, RECORD_LINE_MAX + 1024);
    buf_init(&run->scratch, RECORD_LINE_MAX);
    run->record.scratch = &run->scratch;
    const struct foreign *foreign = run->foreign;
    run->process = foreign->door->start((const char *const *)foreign->argv, use->instance, foreign->patience, error);
    if (run->process == NULL) {
        foreign_run_free(run);
        return NULL;
    }
    return run;
}

void foreign_run_free(struct foreign_run *run)
{
    if (run == NULL)
        return;
    if (run->process != NULL)
        run->foreign->door->stop(run->process);
    free(run->asked);
    buf_clear(&run->out);
    buf_clear(&run->texts);
    buf_clear(&run->line);
    buf_clear(&run->scratch);
    free(run);
}

/* Whose fault it is, and when. -1. */
static int blame(const struct foreign_run *run, struct error *error)
{
    char time[TIME_TEXT_MAX] = "its end";
    if (run->moment != TIME_NONE)
        time[time_format(time, run->moment)] = '\0';
    error_prefix(error, "%s: at %s", run->instance, time);
    return -1;
}

static int blame_line(const struct foreign_run *run, struct error *error)
{
    error_prefix(error, "line %llu", (unsigned long long)run->foreign->door->lines(run->process));
    return blame(run, error);
}

int foreign_run_action(struct foreign_run *run, const struct action *action, struct error *error)
{
    record_encode(&run->out, RECORD_ACTION, action);
    return buf_check(&run->out, error);
}

int foreign_run_bar(struct foreign_run *run, const struct bar *bar, struct error *error)
{
    if (run->heard == run->moments && run->begun == run->count) {
        run->count = run->begun = run->found = run->first = 0;
        buf_reset(&run->texts);
    }
    if (list_grow(&run->asked, &run->capacity, run->count, sizeof *run->asked, error) != 0)
        return -1;
    struct asked *asked = &run->asked[run->count++];
    asked->said = asked->found = false;
    asked->interval = bar->interval;
    memcpy(asked->symbol, bar->symbol, sizeof asked->symbol);
    /* What a bar is in every world: a history keeps nothing else of it. */
    struct bar told = *bar;
    told.session = TIME_NONE;
    told.vwap = DEC_NONE;
    told.trades = told.open_interest = (double)NAN;
    told.source[0] = '\0';
    told.final = -1;
    record_encode(&run->out, RECORD_BAR, &told);
    run->moment = bar->end;
    return buf_check(&run->out, error);
}

/* A short answer is made whole: what it does not name is the runner's anyway. */
static int complete(struct foreign_run *run, struct error *error)
{
    static const char *const names[] = {"id", "strategy", "time", "decided"};
    const struct str line = run->record.line;
    const struct field *time = record_field(&run->record, "time");
    bool all = true;
    for (int i = 0; i < 4; i++)
        all = all && record_field(&run->record, names[i]) != NULL;
    if (all)
        return 0;
    buf_reset(&run->line);
    size_t end = line.n;
    while (line.p[end - 1] != '}')
        end--;
    buf_add(&run->line, line.p, end - 1);
    for (int i = 0; i < 4; i++) {
        if (record_field(&run->record, names[i]) != NULL)
            continue;
        buf_printf(&run->line, ",\"%s\":", names[i]);
        if (i < 2)
            buf_add_text(&run->line, "\"-\"");
        else if (i == 3 && time != NULL)
            buf_add_str(&run->line, time->value);
        else
            json_add_time(&run->line, run->moment);
    }
    buf_add_char(&run->line, '}');
    return buf_check(&run->line, error) != 0 ? -1 : record_scan(&run->record, run->line.p, run->line.n, error);
}

/* The bar of a moment that a signal judges. Without an interval it is the only one of its symbol. */
static int find_asked(struct foreign_run *run, const struct asking *asking, const struct signal *signal, size_t *index,
                      struct error *error)
{
    const size_t count = asking->end - run->first;
    size_t found = asking->end;
    for (size_t i = 0; i < count; i++) {
        const size_t at = run->first + (run->last + 1 + i - run->first) % count;
        const struct asked *asked = &run->asked[at];
        const bool named = signal->interval.unit != INTERVAL_NONE;
        if (strcmp(asked->symbol, signal->symbol) != 0 || (named && !interval_equal(asked->interval, signal->interval)))
            continue;
        if (found < asking->end)
            return error_set(error, EXIT_INPUT, "%s has bars of several intervals: a signal must name its own",
                             signal->symbol);
        found = at;
        if (named || !asking->mixed)
            break;
    }
    if (found == asking->end)
        return error_set(error, EXIT_INPUT, "a signal for %s, which has no bar at this moment", signal->symbol);
    *index = found;
    return 0;
}

static size_t keep_text(struct foreign_run *run, struct str text)
{
    const size_t at = run->texts.n;
    buf_add_str(&run->texts, text);
    return at;
}

static int take_signal(struct foreign_run *run, const struct asking *asking, struct error *error)
{
    struct signal signal;
    size_t index = 0;
    if (complete(run, error) != 0 || record_decode(&run->record, &signal, error) != 0 ||
        find_asked(run, asking, &signal, &index, error) != 0)
        return -1;
    struct asked *asked = &run->asked[index];
    if (signal.time != run->moment) {
        char time[TIME_TEXT_MAX];
        time[time_format(time, signal.time)] = '\0';
        return error_set(error, EXIT_INPUT, "a signal of %s, a moment that was not sent", time);
    }
    if (asked->said)
        return error_set(error, EXIT_INPUT, "a second signal for %s", signal.symbol);
    run->last = index;
    asked->said = true;
    asked->signal = signal;
    asked->reason = keep_text(run, signal.reason);
    asked->horizon = keep_text(run, signal.horizon);
    return buf_check(&run->texts, error);
}

/* The barrier: 0 when it is the one that was sent. */
static int take_sync(struct foreign_run *run, const struct asking *asking, struct error *error)
{
    struct sync sync;
    char token[ID_SIZE];
    if (record_decode(&run->record, &sync, error) != 0)
        return -1;
    (void)snprintf(token, sizeof token, "%lld", (long long)asking->number);
    if (strcmp(sync.token, token) == 0 && strcmp(sync.account, run->account) == 0)
        return 0;
    return error_set(error, EXIT_UNAVAILABLE, "a sync record that was not sent: %s of %s", sync.token, sync.account);
}

/* It writes no more: 1, and what its end says. */
static int explain_end(struct foreign_run *run, struct error *error)
{
    if (run->foreign->door->wait(run->process, error) == 0)
        error_set(error, EXIT_UNAVAILABLE, "ended before its input did");
    return blame(run, error);
}

/* The next record: 1, 0 at the end of its output, -1. */
static int hear(struct foreign_run *run, struct error *error)
{
    struct str line;
    const int got = run->foreign->door->line(run->process, &line, error);
    if (got <= 0)
        return got == 0 ? 0 : blame(run, error);
    return record_scan(&run->record, line.p, line.n, error) == 0 ? 1 : blame_line(run, error);
}

static int refuse_type(const struct foreign_run *run, struct error *error)
{
    error_set(error, EXIT_INPUT, "a record of type '%.*s', where only signals and sync are allowed",
              (int)(run->record.type_text.n < 40 ? run->record.type_text.n : 40), run->record.type_text.p);
    if (record_is_market(run->record.type))
        error_hint(error, "a strategy must not pass records on: leave out -p");
    return -1;
}

static int ask(struct foreign_run *run, struct error *error)
{
    const int status =
        buf_check(&run->out, error) != 0 ? -1 : run->foreign->door->ask(run->process, buf_str(&run->out), error);
    buf_reset(&run->out);
    run->fresh = true;
    return status == 0 ? 0 : blame(run, error);
}

int foreign_run_ask(struct foreign_run *run, struct error *error)
{
    if (run->begun == run->count)
        return 0;
    require(run->moments - run->heard < RUNNER_AHEAD_MAX);
    struct asking *asking = &run->asking[run->moments++ % RUNNER_AHEAD_MAX];
    *asking = (struct asking){.time = run->moment, .number = run->moments, .end = run->count};
    for (size_t i = run->begun + 1; i < run->count; i++)
        asking->mixed |= !interval_equal(run->asked[i].interval, run->asked[run->begun].interval);
    struct sync sync = {.time = run->moment, .n = run->moments};
    memcpy(sync.account, run->account, sizeof sync.account);
    (void)snprintf(sync.token, sizeof sync.token, "%lld", (long long)run->moments);
    record_encode(&run->out, RECORD_SYNC, &sync);
    run->begun = run->count;
    return ask(run, error);
}

int foreign_run_hear(struct foreign_run *run, struct error *error)
{
    if (run->heard == run->moments)
        return 0;
    const struct asking *asking = &run->asking[run->heard % RUNNER_AHEAD_MAX];
    run->moment = asking->time;
    run->last = asking->end - 1;
    /* Each answer has its time: after another one it begins anew. */
    if (!run->fresh && run->foreign->door->ask(run->process, (struct str){"", 0}, error) != 0)
        return blame(run, error);
    run->fresh = false;
    for (;;) {
        const int got = hear(run, error);
        if (got <= 0)
            return got == 0 ? explain_end(run, error) : -1;
        const enum record_type type = run->record.type;
        const int status = type == RECORD_SIGNAL ? take_signal(run, asking, error)
                           : type == RECORD_SYNC ? take_sync(run, asking, error)
                                                 : refuse_type(run, error);
        if (status != 0)
            return blame_line(run, error);
        if (type == RECORD_SYNC)
            break;
    }
    run->first = asking->end;
    run->heard++;
    return 0;
}

size_t foreign_run_find(struct foreign_run *run, const char *symbol, struct interval interval)
{
    struct asked *asked;
    size_t left = run->first;
    do {
        require(left-- > 0); /* it was told */
        asked = &run->asked[run->found = run->found % run->first];
        run->found++;
    } while (asked->found || strcmp(asked->symbol, symbol) != 0 || !interval_equal(asked->interval, interval));
    asked->found = true;
    return run->found - 1;
}

const struct signal *foreign_run_signal(const struct foreign_run *run, size_t index)
{
    require(index < run->first);
    struct asked *asked = &run->asked[index];
    if (!asked->said)
        return NULL;
    /* Texts may have moved with what was said since. */
    asked->signal.reason.p = asked->signal.reason.n > 0 ? run->texts.p + asked->reason : NULL;
    asked->signal.horizon.p = asked->signal.horizon.n > 0 ? run->texts.p + asked->horizon : NULL;
    return &asked->signal;
}

/* Its own `end` may follow, which must not say that it failed. */
static int take_end(struct foreign_run *run, struct error *error)
{
    struct end end;
    if (run->record.type != RECORD_END)
        return refuse_type(run, error);
    if (record_decode(&run->record, &end, error) != 0)
        return -1;
    return end.status == 0
               ? 0
               : error_set(error, EXIT_UNAVAILABLE, "its end record says status %lld", (long long)end.status);
}

int foreign_run_finish(struct foreign_run *run, struct error *error)
{
    struct end end;
    int got;
    record_blank(RECORD_END, &end);
    end.complete = 1;
    end.failed = end.counts = STR("{}");
    record_encode(&run->out, RECORD_END, &end);
    run->moment = TIME_NONE;
    run->foreign->door->close_input(run->process);
    if (ask(run, error) != 0)
        return -1;
    while ((got = hear(run, error)) == 1)
        if (take_end(run, error) != 0)
            return blame_line(run, error);
    return got == 0 && run->foreign->door->wait(run->process, error) == 0 ? 0 : got < 0 ? -1 : blame(run, error);
}
