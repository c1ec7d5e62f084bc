/* Files of records merged by time. Each file has a reader whose next record waits in a heap; what comes off the heap is
 * written on as it stood, or goes into the bar of its symbol. */
#include "feed/replay.h"

#include "base/names.h"
#include "base/time.h"
#include "feed/trade_bars.h"
#include "market/merge.h"
#include "market/validate.h"
#include "record/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct input {
    struct reader *reader;
    const struct record *record; /* the next one */
    int64_t known;               /* of it; of the one before it when it has no time */
    uint64_t disorder;
    bool ended; /* its last record was a complete `end` */
};

struct replay {
    const struct replay_request *request;
    struct flow *flow;
    struct input *input;
    uint32_t inputs;
    struct merge merge;
    struct names symbols;
    uint32_t symbol;                  /* the place of the last */
    int symbol_place, interval_place; /* of these fields in the last record */
    struct interval interval;
    char interval_text[INTERVAL_TEXT_MAX]; /* as the last bar had it */
    size_t interval_length;
    struct trade_bars *bars; /* NULL without --bars */
    struct buf line;
    struct replay_counts *counts;
    int64_t now;          /* when the last record became known */
    int64_t first, begun; /* for --speed: the first moment, and when (monotonic) it was played; TIME_NONE before it */
    union record_value passed; /* for looking at what is passed on */
};

/* A line is bad: 0 to go on. */
static int bad_line(struct replay *replay, struct error *error)
{
    return error->code == EXIT_INPUT ? flow_bad(replay->flow, error) : -1;
}

static int take_end(struct replay *replay, struct input *input, struct error *error)
{
    struct end end;
    if (record_decode(input->record, &end, error) < 0)
        return -1;
    const bool nothing_failed = end.failed.n <= 2;
    input->ended = end.complete != 0;
    if (end.status != 0 || !input->ended || !nothing_failed) {
        const enum exit_code code =
            end.status > 0 && end.status <= EXIT_SYSTEM ? (enum exit_code)end.status : EXIT_UNAVAILABLE;
        flow_failed(replay->flow, reader_file(input->reader), code, "its end record reports a failure");
    }
    return 0;
}

/* The symbol's place, UINT32_MAX for records without one. */
static int symbol_of(struct replay *replay, const struct record *record, uint32_t *place, struct error *error)
{
    const struct field *field = record_field_near(record, "symbol", &replay->symbol_place);
    struct str symbol;
    *place = UINT32_MAX;
    if (field == NULL || field->kind != VALUE_STRING)
        return 0;
    if (record_text(record, field, &symbol, error) < 0)
        return -1;
    if (symbol.n == 0 || symbol.n >= SYMBOL_SIZE)
        return error_set(error, EXIT_INPUT, "field 'symbol' is not 1 to 32 characters");
    /* The symbol of the last record, or the one behind it: streams go on or go round. */
    for (uint32_t i = 0; i < 2 && replay->symbols.count > 0; i++) {
        const uint32_t guess = (replay->symbol + i) % (uint32_t)replay->symbols.count;
        if (str_is(symbol, replay->symbols.name[guess])) {
            *place = replay->symbol = guess;
            return 0;
        }
    }
    const int64_t index = names_add(&replay->symbols, symbol, error);
    if (index < 0)
        return -1;
    *place = replay->symbol = (uint32_t)index;
    return 0;
}

static int interval_of(struct replay *replay, const struct record *record, struct interval *interval,
                       struct error *error)
{
    const struct field *field =
        record->type == RECORD_BAR ? record_field_near(record, "interval", &replay->interval_place) : NULL;
    struct str text;
    *interval = (struct interval){INTERVAL_NONE, 0};
    if (field == NULL)
        return 0;
    if (record_text(record, field, &text, error) < 0)
        return -1;
    if (text.n > 0 && text.n == replay->interval_length && memcmp(text.p, replay->interval_text, text.n) == 0) {
        *interval = replay->interval;
        return 0;
    }
    if (interval_parse(interval, text.p, text.n, error) < 0)
        return -1;
    if (text.n <= sizeof replay->interval_text) {
        memcpy(replay->interval_text, text.p, text.n);
        replay->interval_length = text.n;
        replay->interval = *interval;
    }
    return 0;
}

static int key_of(struct replay *replay, struct input *input, struct merge_key *key, struct error *error)
{
    *key = (struct merge_key){.type = input->record->type, .input = (uint32_t)(input - replay->input)};
    int64_t known;
    if (record_known(input->record, &known, error) < 0 || symbol_of(replay, input->record, &key->symbol, error) < 0 ||
        interval_of(replay, input->record, &key->interval, error) < 0)
        return -1;
    if (known == TIME_NONE) /* stays behind what it stood behind */
        known = input->known;
    input->disorder += input->known != TIME_NONE && known < input->known;
    input->known = known;
    key->known = known;
    return 0;
}

static bool in_range(const struct replay_request *request, int64_t known)
{
    return known == TIME_NONE || ((request->from == TIME_NONE || known >= request->from) &&
                                  (request->to == TIME_NONE || known < request->to));
}

/* The next record of an input that is good and wanted: 1 with its key, 0 at the end, -1. */
static int input_next(struct replay *replay, struct input *input, struct merge_key *key, struct error *error)
{
    for (;;) {
        const int got = reader_next(input->reader, &input->record, error);
        if (got == 0)
            return 0;
        if (got < 0) {
            if (bad_line(replay, error) < 0)
                return -1;
            continue;
        }
        int kept = 1;
        if (input->record->type == RECORD_END) {
            if (take_end(replay, input, error) == 0)
                continue;
            kept = -1;
        }
        input->ended = false;
        if (kept == 1 && replay->request->where != NULL && !record_is_control(input->record->type) &&
            input->record->type != RECORD_ACTION)
            kept = replay->request->where(replay->request->where_context, input->record, error);
        if (kept == 1 && key_of(replay, input, key, error) == 0 &&
            record_check_passed(input->record, &replay->passed, error) == 0) {
            if (in_range(replay->request, key->known))
                return 1;
            continue;
        }
        if (kept == 0)
            continue;
        reader_prefix(input->reader, error);
        if (bad_line(replay, error) < 0)
            return -1;
    }
}

static int write_bar(void *context, const struct bar *bar, struct error *error)
{
    const struct replay *replay = context;
    return flow_write(replay->flow, RECORD_BAR, bar, error);
}

/* A bar that is out should have been another. */
static int write_amended(void *context, const struct trade *trade, const struct bar *bar, struct error *error)
{
    struct replay *replay = context;
    struct anomaly anomaly;
    trade_bars_amended(&anomaly, &replay->line, trade, bar, replay->now);
    return flow_write(replay->flow, RECORD_ANOMALY, &anomaly, error);
}

static int take_trade(struct replay *replay, const struct merge_key *key, struct error *error)
{
    struct input *input = &replay->input[key->input];
    struct trade trade;
    if (record_decode(input->record, &trade, error) == 0 && trade_validate(&trade, error) == 0 &&
        trade_bars_push(replay->bars, key->symbol, &trade, error) == 0) {
        replay->counts->trades++;
        return 0;
    }
    reader_prefix(input->reader, error);
    return bad_line(replay, error);
}

/* Time has come to a moment, less what trades may be late. */
static int advance(struct replay *replay, int64_t moment, struct error *error)
{
    if (moment != INT64_MAX)
        moment = moment < INT64_MIN + replay->request->grace ? moment : moment - replay->request->grace;
    while (trade_bars_advance(replay->bars, moment, error) < 0)
        if (bad_line(replay, error) < 0)
            return -1;
    return 0;
}

/* Wait until the moment comes, in the rhythm in which it was; what has been written goes out before. */
static int keep_time(struct replay *replay, int64_t known, struct error *error)
{
    if (replay->request->speed <= 0 || known == TIME_NONE)
        return 0;
    if (replay->first == TIME_NONE) {
        replay->first = known;
        replay->begun = time_monotonic();
    }
    const double after = (double)(known - replay->first) / replay->request->speed;
    const int64_t left = replay->begun + (int64_t)after - time_monotonic();
    if (left < TIME_SECOND / 1000)
        return 0;
    if (flow_flush(replay->flow, error) < 0)
        return -1;
    const struct timespec pause = {left / TIME_SECOND, left % TIME_SECOND};
    (void)nanosleep(&pause, NULL);
    return 0;
}

static int take(struct replay *replay, const struct merge_key *key, struct error *error)
{
    const struct record *record = replay->input[key->input].record;
    if (keep_time(replay, key->known, error) < 0)
        return -1;
    if (replay->bars != NULL) {
        /* Within a moment corporate actions come before bars (merge.h), so they do not end one. */
        const int64_t moment = key->type == RECORD_ACTION ? key->known - 1 : key->known;
        if (key->known != TIME_NONE) {
            replay->now = key->known;
            if (advance(replay, moment, error) < 0)
                return -1;
        }
        if (record->type == RECORD_TRADE)
            return take_trade(replay, key, error);
        /* one would say that the bars of the day are out */
        if (record->type == RECORD_HEARTBEAT && trade_bars_waiting(replay->bars, moment) != INT64_MAX)
            return 0;
    }
    return flow_copy(replay->flow, record, error);
}

static int merge_all(struct replay *replay, struct error *error)
{
    struct merge_key key;
    for (uint32_t i = 0; i < replay->inputs; i++) {
        const int got = input_next(replay, &replay->input[i], &key, error);
        if (got < 0 || (got == 1 && merge_push(&replay->merge, key, error) < 0))
            return -1;
    }
    const struct merge_key *first;
    while ((first = merge_first(&replay->merge)) != NULL) {
        const struct merge_key current = *first;
        if (take(replay, &current, error) < 0)
            return -1;
        const int got = input_next(replay, &replay->input[current.input], &key, error);
        if (got < 0)
            return -1;
        if (got == 1)
            merge_replace(&replay->merge, key);
        else
            merge_pop(&replay->merge);
    }
    return 0;
}

/* The last bars, and what was not in order. */
static int finish(struct replay *replay, struct error *error)
{
    char text[96];
    bool complete = true;
    for (uint32_t i = 0; i < replay->inputs; i++) {
        const struct input *input = &replay->input[i];
        complete = complete && input->ended;
        flow_note(replay->flow, reader_note(input->reader));
        if (input->disorder == 0)
            continue;
        (void)snprintf(text, sizeof text, "%llu records earlier than the one before them",
                       (unsigned long long)input->disorder);
        flow_failed(replay->flow, reader_file(input->reader), EXIT_INPUT, text);
    }
    if (!complete) /* whatever reads on must not take the rest of a batch for all of it */
        flow_cut(replay->flow);
    if (replay->bars == NULL)
        return 0;
    if (complete || replay->request->complete)
        return advance(replay, INT64_MAX, error);
    while (trade_bars_flush(replay->bars, error) < 0)
        if (bad_line(replay, error) < 0)
            return -1;
    replay->counts->unfinished = trade_bars_open(replay->bars);
    return 0;
}

static int open_inputs(struct replay *replay, struct error *error)
{
    while (replay->request->files[replay->inputs] != NULL)
        replay->inputs++;
    replay->input = calloc(replay->inputs + 1, sizeof *replay->input);
    if (replay->input == NULL)
        return error_memory(error);
    for (uint32_t i = 0; i < replay->inputs; i++) {
        struct input *input = &replay->input[i];
        const char *file = replay->request->files[i];
        input->known = TIME_NONE;
        input->reader = reader_open_part(file, replay->request->from, replay->request->to, NULL, NULL, error);
        if (input->reader == NULL)
            return -1;
    }
    return 0;
}

int replay_run(const struct replay_request *request, struct flow *flow, struct replay_counts *counts,
               struct error *error)
{
    struct replay replay = {.request = request, .flow = flow, .counts = counts, .first = TIME_NONE};
    int result = -1;
    *counts = (struct replay_counts){0};
    merge_init(&replay.merge);
    names_init(&replay.symbols);
    buf_init(&replay.line, RECORD_LINE_MAX + 1);
    if (request->bars.unit != INTERVAL_NONE) {
        const struct trade_bars_calls calls = {write_bar, write_amended, &replay};
        replay.bars =
            trade_bars_new(request->bars, request->calendar, request->extended, request->official, &calls, error);
        if (replay.bars == NULL)
            goto out;
    }
    if (open_inputs(&replay, error) == 0 && merge_all(&replay, error) == 0)
        result = finish(&replay, error);
out:
    if (replay.bars != NULL)
        counts->bars = *trade_bars_counts(replay.bars);
    for (uint32_t i = 0; replay.input != NULL && i < replay.inputs; i++)
        reader_close(replay.input[i].reader);
    free(replay.input);
    trade_bars_free(replay.bars);
    merge_clear(&replay.merge);
    names_clear(&replay.symbols);
    buf_clear(&replay.line);
    return result;
}
