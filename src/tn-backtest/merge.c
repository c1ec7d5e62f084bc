/* tn-backtest merge: the shards of a sweep become what one run would have written. */
#include "record/reader.h"
#include "tn-backtest/commands.h"
#include "tn-backtest/ledger.h"
#include "tn-backtest/sweep.h"

#include <stdio.h>
#include <stdlib.h>

struct part {
    const char *file;
    struct sweep_head head;
    struct buf line, scratch; /* of the head: its texts */
    struct shard shard;
    uint64_t cells; /* that it has */
    bool ended;     /* its `end` has come, */
    bool complete;  /* and says that the bars were whole */
    enum exit_code status;
    struct reader *reader;
    const struct record *record; /* the cell that is next; NULL: no more */
    int64_t next;
};

/* The next cell of a part; its `end` is taken. */
static int next_cell(struct part *part, struct error *error)
{
    struct sweep_cell cell;
    struct end end;
    int got;
    part->record = NULL;
    while ((got = reader_next(part->reader, &part->record, error)) == 1) {
        if (part->record->type == RECORD_CELL) {
            if (record_decode(part->record, &cell, error) != 0)
                return -1;
            if (strcmp(cell.sweep, part->head.sweep) != 0 || cell.cell < part->next)
                return error_set(error, EXIT_STATE, "'%s': cell %lld is out of place", part->file,
                                 (long long)cell.cell);
            part->next = cell.cell + 1;
            part->cells++;
            return 0;
        }
        if (part->record->type != RECORD_END)
            return error_set(error, EXIT_STATE, "'%s' has records that a shard does not have", part->file);
        if (record_decode(part->record, &end, error) != 0)
            return -1;
        part->ended = true;
        part->complete = end.complete == 1;
        part->status = end.status <= EXIT_SYSTEM ? (enum exit_code)end.status : EXIT_SYSTEM;
    }
    part->record = NULL;
    return got;
}

/* Opens a part and reads its head. */
static int open_part(struct part *part, struct error *error)
{
    const struct record *record;
    part->cells = 0;
    part->next = 0;
    part->ended = part->complete = false;
    reader_close(part->reader);
    if ((part->reader = reader_open(part->file, NULL, NULL, error)) == NULL)
        return -1;
    const int got = reader_next(part->reader, &record, error);
    if (got < 0)
        return -1;
    if (got == 0 || record->type != RECORD_SWEEP)
        return error_set(error, EXIT_INPUT, "'%s' is not a shard of a sweep: it begins with another record",
                         part->file);
    if (part->line.n == 0) {
        struct record own = *record;
        own.scratch = &part->scratch;
        buf_add_str(&part->line, record->line);
        if (buf_check(&part->line, error) != 0 || record_scan(&own, part->line.p, part->line.n, error) != 0 ||
            record_decode(&own, &part->head, error) != 0)
            return -1;
    }
    if (part->head.shard[0] == '\0')
        return error_set(error, EXIT_INPUT, "'%s' is a whole sweep, not a shard", part->file);
    return shard_parse(&part->shard, part->head.shard, error);
}

static int unequal(const struct part *a, const struct part *b, const char *what, struct error *error)
{
    error_set(error, EXIT_STATE, "'%s' and '%s' are of different sweeps: %s", a->file, b->file, what);
    error_hint(error, "all shards must come from one version, the same bars and the same options");
    return -1;
}

static int check_equal(const struct part *a, const struct part *b, struct error *error)
{
    if (strcmp(a->head.sweep, b->head.sweep) == 0)
        return a->shard.of == b->shard.of ? 0 : unequal(a, b, "they are parts of a different number of shards", error);
    if (!str_equal(a->head.input, b->head.input))
        return unequal(a, b, "their bars differ", error);
    if (strcmp(a->head.version, b->head.version) != 0)
        return unequal(a, b, "their versions differ", error);
    if (!str_equal(a->head.assumptions, b->head.assumptions))
        return unequal(a, b, "their terms differ", error);
    return unequal(a, b, "their strategies, ranges or seeds differ", error);
}

static int by_number(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return (x->shard.number > y->shard.number) - (x->shard.number < y->shard.number);
}

static int lost(uint64_t number, uint64_t of, const char *what, struct error *error)
{
    error_set(error, EXIT_UNAVAILABLE, "shard %llu/%llu is %s", (unsigned long long)number, (unsigned long long)of,
              what);
    error_hint(error, "run only it again, with --shard %llu/%llu, then merge all", (unsigned long long)number,
               (unsigned long long)of);
    return -1;
}

/* All parts are there, once each, whole. */
static int check_parts(struct part *part, size_t parts, struct error *error)
{
    for (size_t i = 0; i < parts; i++) {
        if (open_part(&part[i], error) != 0 || (i > 0 && check_equal(&part[0], &part[i], error) != 0))
            return -1;
        do
            if (next_cell(&part[i], error) != 0)
                return -1;
        while (part[i].record != NULL);
    }
    qsort(part, parts, sizeof *part, by_number);
    const uint64_t of = part[0].shard.of;
    for (size_t i = 0; i < parts; i++) {
        const uint64_t wanted = i + 1;
        if (i > 0 && part[i].shard.number == part[i - 1].shard.number)
            return error_set(error, EXIT_USAGE, "'%s' and '%s' are both shard %s", part[i - 1].file, part[i].file,
                             part[i].head.shard);
        if (part[i].shard.number != wanted)
            return lost(wanted, of, "missing", error);
        if (!part[i].ended || part[i].cells != (uint64_t)part[i].head.kept)
            return lost(wanted, of, "incomplete", error);
    }
    return parts < of ? lost(parts + 1, of, "missing", error) : 0;
}

static int write_head(struct flow *flow, const struct part *part, size_t parts, struct error *error)
{
    struct sweep_head head = part[0].head;
    head.shard[0] = '\0';
    head.kept = 0;
    for (size_t i = 0; i < parts; i++)
        head.kept += part[i].head.kept;
    return flow_write(flow, RECORD_SWEEP, &head, error);
}

static int write_cells(struct flow *flow, struct part *part, size_t parts, struct trials *trials, struct error *error)
{
    struct buf line;
    int status = 0;
    buf_init(&line, RECORD_LINE_MAX + 2);
    for (size_t i = 0; status == 0 && i < parts; i++)
        if (open_part(&part[i], error) != 0 || next_cell(&part[i], error) != 0)
            status = -1;
    while (status == 0) {
        struct part *first = NULL;
        for (size_t i = 0; i < parts; i++)
            if (part[i].record != NULL && (first == NULL || part[i].next < first->next))
                first = &part[i];
        if (first == NULL)
            break;
        buf_reset(&line);
        buf_add_str(&line, first->record->line);
        buf_add_char(&line, '\n');
        struct sweep_cell cell;
        struct trial trial;
        if (record_decode(first->record, &cell, error) != 0 ||
            (trial_from_cell(&trial, &part[0].head, &cell) && trials_add(trials, &trial, error) < 0)) {
            status = -1;
            break;
        }
        status = buf_check(&line, error) != 0 || flow_write_line(flow, RECORD_CELL, buf_str(&line), error) != 0 ||
                         next_cell(first, error) != 0
                     ? -1
                     : 0;
    }
    buf_clear(&line);
    return status;
}

static void note_trials(const struct invocation *invocation, const struct trials *trials)
{
    struct error ignored = {0};
    struct config *config = config_open(&ignored);
    if (config != NULL)
        ledger_note(config, invocation, trials);
    config_free(config);
}

enum exit_code backtest_merge(struct invocation *invocation, struct error *error)
{
    const size_t parts = (size_t)invocation_operands(invocation);
    char *const *files = invocation_operand_list(invocation);
    const struct flow_options options = {
        .program = invocation_program(invocation), .invocation = invocation, .producer = true};
    struct part *part = calloc(parts, sizeof *part);
    struct flow *flow = NULL;
    struct trials trials;
    enum exit_code code = EXIT_DONE;
    trials_init(&trials);
    if (part == NULL)
        error_memory(error);
    for (size_t i = 0; part != NULL && i < parts; i++) {
        part[i].file = files[i];
        buf_init(&part[i].line, RECORD_LINE_MAX + 1);
        buf_init(&part[i].scratch, RECORD_LINE_MAX + 1);
    }
    if (part != NULL && check_parts(part, parts, error) == 0 && (flow = flow_open(&options, error)) != NULL) {
        if (write_head(flow, part, parts, error) != 0 || write_cells(flow, part, parts, &trials, error) != 0)
            flow_failed(flow, "merge", error->code, error->text);
        for (size_t i = 0; i < parts; i++) {
            if (!part[i].complete)
                flow_cut(flow);
            if (part[i].status != EXIT_DONE)
                flow_failed(flow, part[i].file, part[i].status, "its run failed");
        }
        code = flow_close(flow, error);
    }
    for (size_t i = 0; part != NULL && i < parts; i++) {
        reader_close(part[i].reader);
        buf_clear(&part[i].line);
        buf_clear(&part[i].scratch);
    }
    if (!error_is_set(error))
        note_trials(invocation, &trials);
    trials_clear(&trials);
    free(part);
    return error_is_set(error) ? exit_worst(code, error->code) : code;
}
