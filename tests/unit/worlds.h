/* One stream of records, traded in several ways: by the backtest, and by a paper account in one go, stopped and started
 * again at every moment or within moments too, and killed at random. What each way makes of it can be compared, and
 * read as text. Signals are sized as tn-risk sizes them, when their moment is complete. */
#ifndef TN_TESTS_WORLDS_H
#define TN_TESTS_WORLDS_H

#include "money.h"

#include "backtest/backtest.h"
#include "base/file.h"
#include "base/random.h"
#include "broker/conversion.h"
#include "broker/paper.h"
#include "ledger/state.h"
#include "record/record.h"

#include <stdlib.h>
#include <unistd.h>

enum way { BACKTEST, SESSION, SCANS, PIECES, KILLED, WAYS };

static const char *const way_text[WAYS] = {"backtest", "session", "restarted at every moment",
                                           "restarted within moments", "killed at random"};

#define SIGNALS_MAX 1024 /* of a moment */

static struct error error;

/* What a way has left. */
struct traded {
    struct buf told;   /* fills, ends, refusals: a line each, "SYMBOL DAY what" */
    struct buf chain;  /* the account's events */
    struct buf others; /* the same without equity points and marks */
    struct buf state;  /* the ledger's bytes */
    struct names orders;
    enum role *role; /* of each order */
    size_t capacity;
    int fills, kills;
};

static inline void traded_init(struct traded *traded)
{
    *traded = (struct traded){.fills = 0};
    buf_init(&traded->told, 1 << 26);
    buf_init(&traded->chain, 1 << 28);
    buf_init(&traded->others, 1 << 28);
    buf_init(&traded->state, LEDGER_STATE_MAX);
    names_init(&traded->orders);
}

static inline void traded_clear(struct traded *traded)
{
    buf_clear(&traded->told);
    buf_clear(&traded->chain);
    buf_clear(&traded->others);
    buf_clear(&traded->state);
    names_clear(&traded->orders);
    free(traded->role);
}

static inline bool same_bytes(const struct buf *a, const struct buf *b)
{
    return str_equal(buf_str(a), buf_str(b));
}

/* "3" of January 2024, or "3/15:30" where it is neither the open nor the close of New York; else the whole time. */
static inline void tell_day(struct buf *told, const char *symbol, int64_t time)
{
    char text[TIME_TEXT_MAX];
    text[time_format(text, time)] = '\0'; /* 2024-01-03T14:30:00Z */
    if (strncmp(text, "2024-01-", 8) != 0) {
        buf_printf(told, "%s %s", symbol, text);
        return;
    }
    buf_printf(told, "%s %ld", symbol, strtol(text + 8, NULL, 10));
    if (strncmp(text + 11, "14:30:00", 8) != 0 && strncmp(text + 11, "21:00:00", 8) != 0)
        buf_printf(told, "/%.5s", text + 11);
}

static inline void tell_dec(struct buf *told, dec value)
{
    char text[DEC_TEXT_MAX];
    text[dec_format(text, value)] = '\0';
    buf_printf(told, " %s", text);
}

static inline int note(struct traded *traded, enum record_type type, const void *value, struct error *e)
{
    const struct fill *fill = value;
    const struct order_update *update = value;
    const struct order *order = value;
    const struct refusal *refusal = value;
    struct buf *told = &traded->told;
    if (type == RECORD_ORDER) {
        const size_t before = traded->orders.count;
        if (names_add(&traded->orders, str_of(order->id), e) < 0)
            return -1;
        if (traded->orders.count == before)
            return 0;
        if (before == traded->capacity) {
            traded->capacity = traded->capacity == 0 ? 256 : 2 * traded->capacity;
            traded->role = realloc(traded->role, traded->capacity * sizeof *traded->role);
            require(traded->role != NULL);
        }
        traded->role[before] = order->role;
    }
    if (type == RECORD_FILL) {
        traded->fills++;
        tell_day(told, fill->symbol, fill->time);
        buf_printf(told, " %s", role_text(fill->role));
        tell_dec(told, fill->quantity);
        tell_dec(told, fill->price);
        buf_add_char(told, '\n');
    }
    if (type == RECORD_ORDER_UPDATE && (update->status == STATUS_CANCELED || update->status == STATUS_EXPIRED)) {
        const int64_t index = names_find(&traded->orders, str_of(update->order_id));
        const enum role role = index < 0 ? ROLE_NONE : traded->role[index];
        if (role != ROLE_ENTRY && role != ROLE_EXIT)
            return 0;
        tell_day(told, update->symbol, update->time);
        buf_printf(told, " %s %s %s\n", role_text(role), order_status_text(update->status), update->reason);
    }
    if (type == RECORD_REFUSAL) {
        tell_day(told, refusal->symbol, refusal->time);
        buf_printf(told, " refused %s\n", refusal->code);
    }
    return buf_check(told, e);
}

static struct record line_record;
static struct buf line_scratch;
static union record_value line_value;

/* The next line of a stream: decoded; when it is known, and where it ends. False at the end. */
static inline bool next_line(const struct buf *stream, size_t *at, int64_t *known)
{
    const char *start = stream->p + *at;
    if (*at == stream->n)
        return false;
    const size_t length = (size_t)((const char *)memchr(start, '\n', stream->n - *at) - start);
    if (line_scratch.maximum == 0)
        buf_init(&line_scratch, RECORD_LINE_MAX);
    line_record.scratch = &line_scratch;
    if (record_scan(&line_record, start, length, &error) != 0 ||
        record_decode(&line_record, &line_value, &error) != 0 || record_known(&line_record, known, &error) != 0) {
        fprintf(stderr, "# %s: %.*s\n", error.text, (int)length, start);
        require(false);
    }
    *at += length + 1;
    return true;
}

/* ---- the backtest ---- */

static inline const struct instrument *find_listed(void *terms, const char *symbol, struct error *e)
{
    return account_terms_instrument(terms, symbol, e);
}

static inline int take_in_backtest(struct backtest *backtest)
{
    const struct str none = {NULL, 0};
    switch ((int)line_record.type) {
    case RECORD_BAR:
        return backtest_bar(backtest, &line_value.bar, none, &error);
    case RECORD_ACTION:
        return backtest_action(backtest, &line_value.action, none, &error);
    case RECORD_ORDER:
        return backtest_order(backtest, &line_value.order, none, &error);
    case RECORD_REPLACE:
        return backtest_replace(backtest, &line_value.replace, none, &error);
    case RECORD_CANCEL:
        return backtest_cancel(backtest, &line_value.cancel, none, &error);
    case RECORD_SIGNAL:
        return backtest_signal(backtest, &line_value.signal, none, &error);
    default:
        return -1;
    }
}

static inline int note_record(void *traded, enum record_type type, const void *value, struct error *e)
{
    return note(traded, type, value, e);
}

/* Without strategies the stream has signals and orders of its own. */
static inline int play_backtest(struct traded *traded, const struct config *config, const struct buf *stream,
                                const struct strategy_use *use, int count)
{
    struct account_terms terms;
    int64_t known;
    size_t at = 0;
    if (account_terms_open(&terms, config, "paper", MODE_BACKTEST, NULL, 0, &error) != 0)
        return -1;
    const struct backtest_options options = {
        .terms = terms.ledger,
        .limits = terms.limits,
        .costs = terms.costs,
        .fills = terms.fills,
        .calendar = &terms.calendar,
        .calendars = terms.calendars,
        .hash = terms.hash,
        .instrument = find_listed,
        .instruments = &terms,
        .cash = config_decimal(config, "account", "paper", "cash"),
        .strategies = use,
        .count = count,
        .orders = true,
        .write = note_record,
        .context = traded,
    };
    struct backtest *backtest = backtest_new(&options, &error);
    int result = backtest == NULL ? -1 : 0;
    while (result == 0 && next_line(stream, &at, &known))
        if (count == 0 || line_record.type != RECORD_SIGNAL)
            result = take_in_backtest(backtest);
    if (result == 0)
        result = backtest_finish(backtest, &error);
    backtest_free(backtest);
    account_terms_close(&terms);
    return result;
}

/* ---- on paper ---- */

struct paper_world {
    struct paper_options options;
    struct paper *paper;
    struct account_terms terms;
    struct risk_result decided;
    struct signal signal[SIGNALS_MAX]; /* of the moment */
    int signals;
};

static inline int hear(void *context, enum record_type type, struct str line, struct error *e)
{
    static struct record record;
    static struct buf scratch;
    static union record_value value;
    if (scratch.maximum == 0)
        buf_init(&scratch, RECORD_LINE_MAX);
    record.scratch = &scratch;
    if (type != RECORD_ORDER && type != RECORD_FILL && type != RECORD_ORDER_UPDATE && type != RECORD_REFUSAL)
        return 0;
    return record_scan(&record, line.p, line.n - 1, e) != 0 || record_decode(&record, &value, e) != 0
               ? -1
               : note(context, type, &value, e);
}

/* The moment is complete: what its signals want. */
static inline int follow_signals(struct paper_world *world)
{
    struct paper *paper = world->paper;
    struct risk_result *decided = &world->decided;
    int64_t until;
    if (paper_finish_moment(paper, &error) != 0)
        return -1;
    for (int i = 0; i < world->signals; i++) {
        struct signal *signal = &world->signal[i];
        const struct instrument *instrument = account_terms_instrument(&world->terms, signal->symbol, &error);
        world->terms.limits.now = signal->time;
        if (instrument == NULL ||
            risk_complete_signal(account_terms_calendar(&world->terms, signal->symbol), signal, &error) != 0 ||
            account_terms_valid_until(&world->terms, signal->symbol, signal->time, &until, &error) != 0 ||
            risk_decide(paper_ledger(paper), &world->terms.limits, instrument, world->terms.hash, signal, until,
                        decided, &error) != 0)
            return -1;
        for (int c = 0; c < decided->cancels; c++)
            if (paper_cancel(paper, decided->cancel[c].order_id, signal->time, decided->cancel[c].reason, &error) < 0)
                return -1;
        for (int r = 0; r < decided->replaces; r++)
            if (paper_replace(paper, &decided->replace[r], signal->time, &error) < 0)
                return -1;
        if (decided->has_order && paper_submit(paper, &decided->order, TIME_NONE, &error) < 0)
            return -1;
    }
    world->signals = 0;
    return 0;
}

static inline int take_on_paper(struct paper_world *world)
{
    struct paper *paper = world->paper;
    switch ((int)line_record.type) {
    case RECORD_BAR:
        return paper_bar(paper, &line_value.bar, &error);
    case RECORD_ACTION:
        return paper_action(paper, &line_value.action, &error);
    case RECORD_ORDER:
        return paper_submit(paper, &line_value.order, TIME_NONE, &error) < 0 ? -1 : 0;
    case RECORD_REPLACE:
        return paper_finish_moment(paper, &error) != 0 ||
                       paper_replace(paper, &line_value.replace, line_value.replace.time, &error) < 0
                   ? -1
                   : 0;
    case RECORD_CANCEL:
        return paper_finish_moment(paper, &error) != 0 ||
                       paper_cancel(paper, line_value.cancel.order_id, line_value.cancel.time, line_value.cancel.reason,
                                    &error) < 0
                   ? -1
                   : 0;
    case RECORD_SIGNAL:
        require(world->signals < SIGNALS_MAX);
        world->signal[world->signals] = line_value.signal;
        world->signal[world->signals].reason = world->signal[world->signals].basis = (struct str){NULL, 0};
        world->signal[world->signals++].horizon = (struct str){NULL, 0};
        return 0;
    default:
        return -1;
    }
}

static inline int open_paper_account(const struct config *config, int64_t when)
{
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = when;
    cash.amount = config_decimal(config, "account", "paper", "cash");
    cash.kind = CASH_DEPOSIT;
    memcpy(cash.account, "paper", 6);
    memcpy(cash.currency, "USD", 4);
    memcpy(cash.id, "open", 5);
    char *path = journal_path(config, &error);
    struct journal *journal = path == NULL ? NULL : journal_open(path, JOURNAL_CREATE, &error);
    const int result = journal == NULL || journal_begin(journal, &error) != 0 ||
                               journal_put(journal, MODE_PAPER, RECORD_CASH, &cash, &error) != 1
                           ? -1
                           : journal_commit(journal, &error);
    journal_close(journal);
    free(path);
    return result;
}

static inline int restart(struct paper_world *world)
{
    paper_close(world->paper);
    world->paper = paper_open(&world->options, &error);
    return world->paper == NULL ? -1 : 0;
}

/* How many lines the longest moment of a stream has. */
static inline uint32_t longest_moment(const struct buf *stream)
{
    size_t at = 0;
    int64_t moment = TIME_NONE, known;
    uint32_t most = 0;
    for (uint32_t lines = 0; next_line(stream, &at, &known); moment = known) {
        lines = known == moment ? lines + 1 : 1;
        most = lines > most ? lines : most;
    }
    return most;
}

/* Line by line. A kill loses what was not committed: it comes again, from where the last commit was. */
static inline int play_lines(struct paper_world *world, struct traded *traded, const struct buf *stream, enum way way,
                             uint64_t seed)
{
    struct random random;
    size_t at = 0, before = 0, committed = 0;
    int64_t moment = TIME_NONE, known, committed_moment = TIME_NONE;
    const uint32_t longest = longest_moment(stream), often = 3 + longest / 2, step = 1 + longest / 8;
    uint32_t line = 0;
    random_init(&random, seed);
    while (next_line(stream, &at, &known)) {
        if (known != moment && moment != TIME_NONE) {
            if (follow_signals(world) != 0)
                return -1;
            const bool commit = way == SCANS || (way == KILLED && random_below(&random, 2) == 0);
            if (commit && paper_commit(world->paper, &error) != 0)
                return -1;
            if (commit) {
                committed = before;
                committed_moment = known;
            }
            if (way == SCANS && restart(world) != 0)
                return -1;
        }
        moment = known;
        /* follow_signals may have read other records since: the line again. */
        at = before;
        (void)next_line(stream, &at, &known);
        if (take_on_paper(world) != 0)
            return -1;
        paper_record_done(world->paper);
        before = at;
        if (way == PIECES && line++ % step == 0 && (paper_commit(world->paper, &error) != 0 || restart(world) != 0))
            return -1;
        if (way == KILLED && random_below(&random, often) == 0) {
            traded->kills++;
            world->signals = 0;
            at = before = committed;
            moment = committed_moment;
            if (restart(world) != 0)
                return -1;
        }
    }
    return follow_signals(world) != 0 || paper_finish_moment(world->paper, &error) != 0
               ? -1
               : paper_commit(world->paper, &error);
}

static inline int play_paper(struct traded *traded, const struct config *config, const struct buf *stream, enum way way,
                             uint64_t seed)
{
    static struct paper_world world;
    world = (struct paper_world){
        .options = {.config = config, .account = "paper", .say = hear, .context = traded},
    };
    size_t at = 0;
    int64_t first;
    if (!next_line(stream, &at, &first) || open_paper_account(config, first - TIME_DAY) != 0 ||
        account_terms_open(&world.terms, config, "paper", MODE_PAPER, NULL, 0, &error) != 0)
        return -1;
    risk_result_init(&world.decided);
    world.paper = paper_open(&world.options, &error);
    const int result = world.paper == NULL ? -1 : play_lines(&world, traded, stream, way, seed);
    paper_close(world.paper);
    risk_result_clear(&world.decided);
    account_terms_close(&world.terms);
    return result;
}

static inline void read_account(struct traded *traded, const struct config *config)
{
    const struct account_options options = {.config = config, .name = "paper"};
    struct account account;
    struct event event;
    if (account_open(&account, &options, ACCOUNT_READ, &error) != 0) {
        account_close(&account);
        return;
    }
    (void)ledger_save(account.ledger, &traded->state, &error);
    struct event_cursor *cursor = journal_read_account(account.journal, "paper", &error);
    while (cursor != NULL && event_cursor_next(cursor, &event, &error) == 1) {
        if (str_is(event.type, "checkpoint"))
            continue;
        buf_add_str(&traded->chain, event.record);
        buf_add_char(&traded->chain, '\n');
        if (str_is(event.type, "equity") || str_is(event.type, "mark"))
            continue;
        buf_add_str(&traded->others, event.record);
        buf_add_char(&traded->others, '\n');
    }
    event_cursor_close(cursor);
    account_close(&account);
}

static inline void remove_home(const char *home)
{
    static const char *const names[] = {
        "config",          "data/journal.db", "data/journal.db-head", "data/journal.db-wal", "data/journal.db-shm",
        "data/paper.lock", "data/paper.sync", "data/paper.halt"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", home, names[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/data", home);
    (void)rmdir(path);
    (void)snprintf(path, sizeof path, "%s/state", home);
    (void)rmdir(path);
    (void)rmdir(home);
}

/* Plays a stream under a configuration, in a home of its own. `use`: strategies of the backtest; the signals of the
 * stream are theirs. */
static inline bool play(struct traded *traded, const char *settings, const struct buf *stream, enum way way,
                        const struct strategy_use *use, int count)
{
    /* In memory where that can be: what a commit waits for is another test's business. */
    char home[64], path[96];
    (void)snprintf(home, sizeof home, "%s/test-worlds-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    require(mkdtemp(home) != NULL);
    (void)snprintf(path, sizeof path, "%s/config", home);
    FILE *file = fopen(path, "w");
    require(file != NULL);
    fputs(settings, file);
    require(fclose(file) == 0 && setenv("TN_HOME", home, 1) == 0);
    error_clear(&error);
    traded_init(traded);
    struct config *config = config_open(&error);
    const int result = config == NULL    ? -1
                       : way == BACKTEST ? play_backtest(traded, config, stream, use, count)
                                         : play_paper(traded, config, stream, way, 7);
    if (result == 0 && way != BACKTEST)
        read_account(traded, config);
    config_free(config);
    remove_home(home);
    if (result != 0 || error_is_set(&error))
        printf("# %s: %s\n", way_text[way], error.text);
    return result == 0 && !error_is_set(&error);
}

#endif
