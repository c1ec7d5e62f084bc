/* Stories of paper accounts in which one call into the system fails, for each place from which one is made: memory,
 * open, read, write, sync. What failed says so with a code and a text and leaves nothing allocated; the journal is
 * whole, and when the story goes on from what was durable, orders, fills and cash are those of a day without a failure.
 * Then the same of everything that reads the journal. `test-failing 1` fails each place, without it one of STRIDE,
 * and the first story alone is read. */
#include "failing.h"
#include "tap.h"

#include "broker/conversion.h"
#include "broker/correction.h"
#include "broker/paper.h"
#include "db/event_log.h"
#include "journal/halt.h"
#include "journal/history.h"
#include "journal/summary.h"
#include "ledger/state.h"
#include "record/record.h"

#include <dirent.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define STRIDE    149
#define LINES_MAX 64

struct story {
    const char *name, *config, *instruments;
    const char *line[LINES_MAX];
};

#define BAR(day, symbol, open, high, low, close)                                                                       \
    "{\"type\":\"bar\",\"time\":\"2024-03-" day "T05:00:00Z\",\"symbol\":\"" symbol                                    \
    "\",\"interval\":\"1d\",\"session\":\"2024-03-" day "\",\"end\":\"2024-03-" day "T21:00:00Z\",\"open\":" open      \
    ",\"high\":" high ",\"low\":" low ",\"close\":" close ",\"volume\":1000000,\"adjusted\":\"raw\"}"
#define ORDER(day, symbol, id, side, quantity, role, rest)                                                             \
    "{\"type\":\"order\",\"time\":\"2024-03-" day "T21:00:00Z\",\"symbol\":\"" symbol "\",\"id\":\"" id                \
    "\",\"side\":\"" side "\",\"quantity\":" quantity ",\"role\":\"" role                                              \
    "\",\"strategy\":\"s\",\"time_in_force\":\"gtc\"," rest "}"
#define ACTION(day, symbol, id, rest)                                                                                  \
    "{\"type\":\"action\",\"time\":\"2024-03-" day "T05:00:00Z\",\"symbol\":\"" symbol "\",\"id\":\"" id               \
    "\",\"ex_date\":\"2024-03-" day "\"," rest "}"

#define TERMS "calendar = always  max_position = 200%  daily_loss = 50%  entry_within = any  long_only = no "

static const struct story stories[] = {
    {.name = "a bracket over a split and a dividend",
     .config = "account paper { " TERMS " fees = us-free  fills = ohlc }\n",
     .line = {BAR("04", "AAA", "100", "101", "99", "100"),
              ORDER("04", "AAA", "e1", "buy", "30", "entry",
                    "\"order_type\":\"market\",\"reference_price\":100,\"interval\":\"1d\",\"signal\":\"sg1\",\"legs\":"
                    "[{\"role\":\"stop\","
                    "\"order_type\":\"stop\",\"stop_price\":90},{\"role\":\"target\",\"order_type\":\"limit\",\"r\":1,"
                    "\"share\":0.5},{\"role\":\"time\",\"order_type\":\"market\",\"bars\":9}]"),
              BAR("05", "AAA", "100", "102", "99", "101"),
              ORDER("05", "AAA", "e2", "buy", "11", "entry",
                    "\"order_type\":\"limit\",\"limit_price\":95,\"reference_price\":101,\"signal\":\"sg2\""),
              "{\"type\":\"replace\",\"time\":\"2024-03-05T21:00:00Z\",\"order_id\":\"e2\",\"limit_price\":94}",
              ORDER("05", "AAA", "e3", "buy", "7", "entry",
                    "\"order_type\":\"stop\",\"stop_price\":140,\"reference_price\":101,\"signal\":\"sg3\""),
              ACTION("06", "AAA", "sp", "\"kind\":\"split\",\"new\":3,\"old\":2"),
              BAR("06", "AAA", "67", "74", "66", "70"), "cancel e3 2024-03-06T21:00:00Z",
              ACTION("07", "AAA", "dv", "\"kind\":\"dividend\",\"cash\":0.5"), BAR("07", "AAA", "70", "71", "68", "69"),
              ORDER("07", "AAA", "x1", "sell", "12", "exit", "\"order_type\":\"market\",\"reference_price\":69"),
              BAR("08", "AAA", "69", "70", "58", "59"), "reopen",
              ACTION("09", "AAA", "dv2", "\"kind\":\"dividend\",\"cash\":0.6"), "accept dv2 2024-03-09T09:00:00Z",
              "halt 2024-03-09T10:00:00Z", "heartbeat 2024-03-09T12:00:00Z"}},
    {.name = "a stock in euros, a future that expires, money changed",
     .config = "account paper { " TERMS " commission_percent = 0.1% }\n",
     .instruments = "{\"type\":\"instrument\",\"symbol\":\"SAP\",\"kind\":\"stock\",\"currency\":\"EUR\"}\n"
                    "{\"type\":\"instrument\",\"symbol\":\"FUT\",\"kind\":\"future\",\"multiplier\":10,"
                    "\"expiry\":\"2024-03-07\"}\n",
     .line = {BAR("04", "EURUSD", "1.10", "1.11", "1.09", "1.10"), BAR("04", "SAP", "150", "151", "149", "150"),
              BAR("04", "FUT", "40", "41", "39", "40"),
              ORDER("04", "SAP", "e1", "buy", "60", "entry",
                    "\"order_type\":\"market\",\"reference_price\":150,\"signal\":\"sg1\""),
              ORDER("04", "FUT", "e2", "buy", "3", "entry",
                    "\"order_type\":\"market\",\"reference_price\":40,\"signal\":\"sg2\",\"legs\":[{\"role\":\"stop\","
                    "\"order_type\":\"trailing_stop\",\"trail_amount\":5}]"),
              "convert 2024-03-04T21:30:00Z", BAR("05", "EURUSD", "1.10", "1.13", "1.09", "1.12"),
              BAR("05", "SAP", "152", "154", "151", "153"), BAR("05", "FUT", "40", "44", "39", "43"),
              ACTION("06", "SAP", "dv", "\"kind\":\"dividend\",\"cash\":1,\"currency\":\"EUR\""),
              BAR("06", "EURUSD", "1.12", "1.16", "1.12", "1.15"), BAR("06", "SAP", "154", "161", "153", "160"),
              BAR("06", "FUT", "43", "48", "42", "47"),
              ORDER("06", "SAP", "x1", "sell", "60", "exit", "\"order_type\":\"market\",\"reference_price\":160"),
              BAR("07", "EURUSD", "1.15", "1.21", "1.15", "1.20"), BAR("07", "SAP", "161", "163", "160", "162"),
              BAR("07", "FUT", "47", "49", "46", "48"), BAR("08", "SAP", "161", "163", "160", "162")}},
    {.name = "a short on borrowed money, renamed, and one that is delisted",
     .config = "account paper { " TERMS " fees = ibkr-tiered margin_rate = 8%  borrow_rate = 10%  cash_rate = 2%  "
               "initial_margin = 50%  maintenance_long = 60% }\n",
     .line = {BAR("04", "AAA", "100", "101", "99", "100"),
              BAR("04", "OLD", "50", "51", "49", "50"),
              BAR("04", "BBB", "20", "21", "19", "20"),
              ORDER("04", "AAA", "e1", "buy", "1500", "entry",
                    "\"order_type\":\"market\",\"reference_price\":100,\"signal\":\"sg1\""),
              ORDER("04", "OLD", "e2", "sell_short", "100", "entry",
                    "\"order_type\":\"market\",\"reference_price\":50,\"signal\":\"sg2\""),
              ORDER("04", "BBB", "e3", "buy", "100", "entry",
                    "\"order_type\":\"market\",\"reference_price\":20,\"signal\":\"sg3\""),
              BAR("05", "AAA", "100", "101", "99", "100"),
              BAR("05", "OLD", "50", "51", "49", "50"),
              BAR("05", "BBB", "20", "21", "19", "20"),
              "reopen",
              ACTION("06", "OLD", "rn", "\"kind\":\"rename\",\"new_symbol\":\"NEW\""),
              ACTION("06", "BBB", "dl", "\"kind\":\"delist\",\"cash\":0.5"),
              BAR("06", "AAA", "80", "81", "75", "78"),
              BAR("06", "NEW", "50", "51", "49", "50"),
              ORDER("06", "NEW", "x1", "buy_to_cover", "100", "exit",
                    "\"order_type\":\"market\",\"reference_price\":50"),
              BAR("07", "AAA", "70", "71", "60", "61"),
              BAR("07", "NEW", "50", "51", "49", "50"),
              "deposits 2024-03-07T21:30:00Z 400",
              BAR("08", "AAA", "60", "61", "59", "60"),
              BAR("08", "NEW", "50", "51", "49", "50")}},
    {.name = "an entry withdrawn, placed once more by hand and filled, and what a sizer asks",
     .config = "account paper { " TERMS " fees = ibkr-tiered }\n",
     .line = {BAR("04", "AAA", "100", "101", "99", "100"),
              ORDER("04", "AAA", "e1", "buy", "10", "entry",
                    "\"order_type\":\"limit\",\"limit_price\":95,\"reference_price\":100,\"signal\":\"sg1\""),
              "withdraw AAA 2024-03-04T21:30:00Z", "remember sg9 2024-03-04T21:31:00Z",
              "again AAA 2024-03-04T21:32:00Z", BAR("05", "AAA", "98", "99", "90", "92"), "reopen",
              ORDER("05", "AAA", "x1", "sell", "10", "exit", "\"order_type\":\"market\",\"reference_price\":92"),
              BAR("06", "AAA", "93", "94", "92", "93")}},
};
#define STORIES (int)(sizeof stories / sizeof *stories)

static char home[64], journal_file[96];
static struct error error;
static long stride = STRIDE;

static void remove_tree(const char *path, bool itself)
{
    char name[512];
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR)
            remove_tree(name, true);
        else
            (void)unlink(name);
    }
    if (folder != NULL)
        (void)closedir(folder);
    if (itself)
        (void)rmdir(path);
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *file = fopen(path, "w");
    require(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    require(chmod(path, 0600) == 0);
}

static void begin(const struct story *story)
{
    remove_tree(home, false);
    write_file("config", story->config);
    if (story->instruments != NULL)
        write_file("instruments.ndjson", story->instruments);
}

static int put_cash(const char *path)
{
    static const char deposit[] =
        "{\"type\":\"cash\",\"time\":\"2024-03-01T00:00:00Z\",\"id\":\"open\",\"account\":\"paper\","
        "\"currency\":\"USD\",\"amount\":100000,\"kind\":\"deposit\"}";
    struct journal *journal = journal_open(path, JOURNAL_CREATE, &error);
    const int result = journal == NULL || journal_begin(journal, &error) != 0 ||
                               journal_append(journal, MODE_PAPER, str_of(deposit), &error) < 0 ||
                               journal_commit(journal, &error) != 0
                           ? -1
                           : 0;
    journal_close(journal);
    return result;
}

static int64_t time_of(const char *text)
{
    int64_t time = TIME_NONE;
    require(time_parse(&time, text, strlen(text), NULL) == 0);
    return time;
}

/* So many that the account's state is saved with them. */
static int deposit(struct paper *paper, int64_t time, int count)
{
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = time;
    cash.amount = DEC_ONE;
    cash.kind = CASH_DEPOSIT;
    memcpy(cash.account, "paper", 6);
    memcpy(cash.currency, "USD", 4);
    int result = paper_finish_moment(paper, &error) == 0 ? paper_begin(paper, &error) : -1;
    for (int i = 0; i < count && result == 0; i++) {
        (void)snprintf(cash.id, sizeof cash.id, "small-%d", i);
        result = paper_event(paper, RECORD_CASH, &cash, &error);
    }
    return result;
}

/* The other dividend is the right one; where that is said already, it is. */
static int accept_correction(struct paper *paper, const char *id, int64_t time)
{
    struct account_terms terms = {.config = NULL};
    struct correction correction;
    struct config *config = config_open(&error);
    const int opened = config == NULL || paper_commit(paper, &error) != 0
                           ? -1
                           : account_terms_open(&terms, config, "paper", MODE_PAPER, NULL, 0, &error);
    int result =
        opened != 0 ? -1 : correction_accept(paper_journal(paper), &terms, id, time, "by hand", &correction, &error);
    if (result != 0 && strstr(error.text, "already") != NULL) {
        error_clear(&error);
        result = 0;
    }
    account_terms_close(&terms);
    config_free(config);
    return result;
}

/* What was refused before it was an order, so that it is not tried again; and a sizer that asks how far this is. */
static int remember(struct paper *paper, const char *id, int64_t time)
{
    struct refusal refusal;
    struct sync sync;
    struct names refused;
    record_blank(RECORD_REFUSAL, &refusal);
    refusal.time = time;
    memcpy(refusal.account, "paper", 6);
    memcpy(refusal.symbol, "AAA", 4);
    (void)snprintf(refusal.code, sizeof refusal.code, "MAX_POSITION");
    (void)snprintf(refusal.cause, sizeof refusal.cause, "%s", id);
    record_blank(RECORD_SYNC, &sync);
    sync.time = time;
    memcpy(sync.account, "paper", 6);
    (void)snprintf(sync.token, sizeof sync.token, "%s", id);
    names_init(&refused);
    const int result = paper_remember(paper, &refusal, &error) == 0 && paper_remembered(paper, &refused, &error) == 0
                           ? paper_confirm(paper, &sync, &error)
                           : -1;
    names_clear(&refused);
    return result;
}

static struct halt make_halt(int64_t time)
{
    struct halt halt;
    record_blank(RECORD_HALT, &halt);
    halt.time = time;
    halt.halted = 1;
    halt.reason = str_of("by hand");
    memcpy(halt.account, "paper", 6);
    return halt;
}

/* A line that is no record: a word, and what it is about. */
static int take_word(struct paper *paper, const char *line)
{
    char word[16], first[40], second[40];
    const int words = sscanf(line, "%15s %39s %39s", word, first, second);
    require(words >= 2);
    if (strcmp(word, "cancel") == 0)
        return paper_cancel(paper, first, time_of(second), "by hand", &error);
    if (strcmp(word, "heartbeat") == 0)
        return paper_heartbeat(paper, time_of(first), &error);
    if (strcmp(word, "convert") == 0) {
        const struct conversion asked = {
            .time = time_of(first), .from = "USD", .to = "EUR", .paid = 11000 * DEC_ONE, .received = DEC_NONE};
        return paper_finish_moment(paper, &error) != 0 ? -1 : conversion_make(paper, &asked, &error);
    }
    if (strcmp(word, "deposits") == 0)
        return deposit(paper, time_of(first), (int)strtol(second, NULL, 10));
    if (strcmp(word, "again") == 0)
        return paper_again(paper, first, time_of(second), &error);
    if (strcmp(word, "withdraw") == 0) {
        int left = 0;
        return paper_cancel_symbol(paper, first, true, time_of(second), &left, &error);
    }
    if (strcmp(word, "remember") == 0)
        return remember(paper, first, time_of(second));
    if (strcmp(word, "accept") == 0)
        return accept_correction(paper, first, time_of(second));
    require(strcmp(word, "halt") == 0);
    const struct halt halt = make_halt(time_of(first));
    char path[128];
    (void)snprintf(path, sizeof path, "%s/data/paper.halt", home);
    int cancelled;
    return halt_file_add(path, &halt, &error) != 0 ? -1 : paper_obey_halt(paper, &cancelled, &error);
}

static int take_record(struct paper *paper, struct record *record, union record_value *value, const char *line)
{
    if (record_scan(record, line, strlen(line), &error) != 0 || record_decode(record, value, &error) != 0)
        return -1;
    switch ((int)record->type) {
    case RECORD_BAR:
        return paper_bar(paper, &value->bar, &error);
    case RECORD_ORDER:
        return paper_check(paper, &value->order, &error) != 0 ? -1
                                                              : paper_submit(paper, &value->order, TIME_NONE, &error);
    case RECORD_ACTION:
        return paper_action(paper, &value->action, &error);
    default:
        require(record->type == RECORD_REPLACE);
        return paper_finish_moment(paper, &error) != 0
                   ? -1
                   : paper_replace(paper, &value->replace, value->replace.time, &error);
    }
}

static int hear(void *context, enum record_type type, struct str line, struct error *e)
{
    (void)type, (void)line, (void)e;
    ++*(int *)context;
    return 0;
}

/* The lines from `*kept` on; *kept is how many are durable. -1: one failed, and `error` says what. */
static int play(const struct story *story, int *kept)
{
    struct buf scratch;
    struct record record = {.scratch = &scratch};
    static union record_value value;
    int said = 0, result = -1;
    struct config *config = config_open(&error);
    const struct paper_options options = {.config = config, .account = "paper", .say = hear, .context = &said};
    struct paper *paper = NULL;
    buf_init(&scratch, 1 << 16);
    char *path = config == NULL ? NULL : journal_path(config, &error);
    if (path != NULL && (*kept > 0 || put_cash(path) == 0))
        paper = paper_open(&options, &error);
    /* Whoever goes on gives the bars again: those of rates are kept in memory until an account needs them. */
    int again = 0;
    while (paper != NULL && again < *kept &&
           (strstr(story->line[again], "\"type\":\"bar\"") == NULL ||
            take_record(paper, &record, &value, story->line[again]) >= 0))
        again++;
    if (paper != NULL && (again < *kept || paper_commit(paper, &error) != 0)) {
        paper_close(paper);
        paper = NULL;
    }
    while (paper != NULL && story->line[*kept] != NULL) {
        const char *line = story->line[*kept];
        if (strcmp(line, "reopen") == 0) {
            paper_close(paper);
            paper = paper_open(&options, &error);
            ++*kept;
            continue;
        }
        if ((line[0] == '{' ? take_record(paper, &record, &value, line) : take_word(paper, line)) < 0)
            break;
        paper_record_done(paper);
        if (paper_commit(paper, &error) != 0)
            break;
        ++*kept;
    }
    if (paper != NULL && story->line[*kept] == NULL && paper_keep_rates(paper, &error) == 0 &&
        paper_finish_moment(paper, &error) == 0)
        result = paper_commit(paper, &error);
    paper_close(paper);
    buf_clear(&scratch);
    free(path);
    config_free(config);
    return result;
}

/* What an account is: its events, but for points, marks and checkpoints, which go by when there was a commit. Of halts
 * only that there is one: what may have been noted is noted again, and a file that cannot be read is a halt too. */
static int look(struct buf *seen)
{
    struct journal *journal = journal_open(journal_file, JOURNAL_READ, &error);
    struct event_cursor *cursor = journal == NULL ? NULL : journal_read_account(journal, "paper", &error);
    struct event event;
    int got = cursor == NULL ? -1 : 1, halts = 0;
    while (got == 1 && (got = event_cursor_next(cursor, &event, &error)) == 1)
        if (!str_is(event.type, "checkpoint") && !str_is(event.type, "equity") && !str_is(event.type, "mark") &&
            (!str_is(event.type, "halt") || halts++ == 0)) {
            buf_add_str(seen, str_is(event.type, "halt") ? event.type : event.record);
            buf_add_char(seen, '\n');
        }
    event_cursor_close(cursor);
    journal_close(journal);
    return got;
}

static bool is_told(void)
{
    return error.code > 0 && error.text[0] != '\0' && strchr(error.text, '\n') == NULL;
}

/* After a failure: the journal is whole, as far as there is one. A head that was not written is written anew. */
static bool is_whole(void)
{
    struct journal_check verified;
    error_clear(&error);
    return access(journal_file, F_OK) != 0 || journal_verify(journal_file, &verified, &error) == 0 ||
           error.code == EXIT_USAGE; /* the file is there, and nothing yet in it */
}

static bool differs(const struct story *story, long n, const struct buf *whole, const struct buf *seen, const char *why)
{
    size_t at = 0, start = 0;
    for (; at < whole->n && at < seen->n && whole->p[at] == seen->p[at]; at++)
        if (whole->p[at] == '\n')
            start = at + 1;
    check(false, "%s: call %ld: another story: %s", story->name, n, why);
    printf("# got  %.*s\n# want %.*s\n", (int)strcspn(seen->p + start, "\n"), seen->p + start,
           (int)strcspn(whole->p + start, "\n"), whole->p + start);
    return false;
}

static bool play_with_failure(const struct story *story, long n, const struct buf *whole, long blocks)
{
    static struct buf seen;
    int kept = 0;
    begin(story);
    error_clear(&error);
    buf_clear(&seen);
    buf_init(&seen, 1 << 24);
    failing_count = 0;
    failing_at = n;
    const long before = failing_blocks;
    failing_on = true;
    const int result = play(story, &kept);
    failing_on = false;
    ERR_clear_error(); /* OpenSSL keeps where it failed */
    const long left = failing_blocks - before - blocks;
    if (result != 0 && !is_told())
        return check(false, "%s: call %ld fails without a word (%d: %s)", story->name, n, (int)error.code, error.text);
    if (left > 0)
        return check(false, "%s: call %ld leaves %ld blocks (%s)", story->name, n, left, error.text);
    const struct error said = error;
    if (result != 0 && !is_whole())
        return check(false, "%s: call %ld leaves a damaged journal: %s; after: %s", story->name, n, error.text,
                     said.text);
    error_clear(&error);
    if (result != 0 && play(story, &kept) != 0)
        return check(false, "%s: call %ld: cannot go on: %s; after: %s", story->name, n, error.text, said.text);
    if (look(&seen) != 0 || seen.n != whole->n || memcmp(seen.p, whole->p, seen.n) != 0)
        return differs(story, n, whole, &seen, said.text);
    return true;
}

/* --- what reads the journal of a story, and what copies and mends it */

struct count {
    int64_t events, bytes;
};

static int count_event(void *context, const struct event *event, int depth, struct error *e)
{
    struct count *count = context;
    (void)depth, (void)e;
    count->events++;
    count->bytes += (int64_t)event->record.n;
    return 0;
}

static int read_history(struct journal *journal, struct count *count)
{
    const struct history_filter last = {.account = "paper", .since = 0, .until = TIME_NONE, .count = 20};
    const struct history_filter typed = {.type = "order_update", .since = TIME_NONE, .until = TIME_NONE};
    return journal_history(journal, &last, count_event, count, &error) < 0 ||
                   journal_history(journal, &typed, count_event, count, &error) < 0
               ? -1
               : 0;
}

static int read_why(struct journal *journal, struct count *count)
{
    static const char *const ids[] = {"e1", "sg2", "open", "dv2"};
    int64_t told = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids && told >= 0; i++)
        told = journal_why(journal, ids[i], count_event, count, &error);
    return told < 0 || journal_why_not(journal, "AAA", count_event, count, &error) < 0 ? -1 : 0;
}

static int read_summaries(struct journal *journal, struct count *count)
{
    struct summary summary;
    struct event event;
    struct event_cursor *cursor = journal_read(journal, 0, &error);
    int got = cursor == NULL ? -1 : 1;
    summary_init(&summary);
    while (got == 1 && (got = event_cursor_next(cursor, &event, &error)) == 1) {
        if (summary_of(&summary, event.record, &error) != 0)
            got = -1;
        count->events++;
        count->bytes += (int64_t)summary.text.n;
    }
    summary_clear(&summary);
    event_cursor_close(cursor);
    return got;
}

/* The switch without a journal: thrown twice, read, put aside while it is thrown again, dropped. */
static int throw_switch(struct journal *journal, struct count *count)
{
    const struct halt halt = make_halt(time_of("2024-03-11T10:00:00Z"));
    struct halt said;
    char path[128];
    (void)journal;
    (void)snprintf(path, sizeof path, "%s/other.halt", home);
    struct halt_file *file = halt_file_new(&error);
    int result =
        file != NULL && halt_file_add(path, &halt, &error) == 0 && halt_file_add(path, &halt, &error) == 0 ? 0 : -1;
    if (result == 0) {
        halt_file_read(file, path);
        while (halt_file_next(file, "paper", halt.time, &said) == 1)
            count->events = 1; /* what cannot be read is a halt, too */
        result = halt_file_note(file, path, &error);
    }
    if (result == 0 && halt_file_put_aside(file, path, &error) < 0)
        result = -1;
    if (result == 0 && halt_file_add(path, &halt, &error) == 0 && halt_file_put_aside(file, path, &error) < 0)
        result = -1;
    if (result == 0)
        result = halt_file_drop_aside(path, true, &error);
    halt_file_free(file);
    return result != 0 || error_is_set(&error) ? -1 : 0;
}

static int read_tables(struct journal *journal, struct count *count)
{
    struct statement *rows = journal_query(
        journal,
        "SELECT account FROM accounts UNION ALL SELECT symbol FROM positions UNION ALL SELECT symbol FROM lots "
        "UNION ALL SELECT id FROM fills UNION ALL SELECT currency FROM money",
        &error);
    int got = rows == NULL ? -1 : 1;
    while (got == 1 && (got = statement_step(rows, &error)) == 1) {
        count->events++;
        count->bytes += (int64_t)statement_bytes(rows, 0).n;
    }
    statement_close(rows);
    return got;
}

static int read_ids(struct journal *journal, struct count *count)
{
    struct names accounts, refused;
    struct event event;
    char id[ID_SIZE];
    int result = -1;
    names_init(&accounts);
    names_init(&refused);
    if (journal_accounts(journal, &accounts, &error) == 0 &&
        journal_refusals(journal, "paper", &refused, &error) == 0 &&
        journal_latest_entry(journal, "paper", "AAA", id, &error) >= 0 &&
        journal_find(journal, RECORD_ORDER, "e1", &event, &error) == 1) {
        count->events += (int64_t)(accounts.count + refused.count);
        count->bytes += (int64_t)(event.record.n + strlen(id));
        result = 0;
    }
    names_clear(&accounts);
    names_clear(&refused);
    return result;
}

static int rebuild(struct journal *journal, struct count *count)
{
    count->events = journal_last(journal, &error);
    return count->events < 0 ? -1 : journal_rebuild(journal, &error);
}

static int copy(struct journal *journal, struct count *count)
{
    struct journal_check verified;
    char path[128];
    int result = 0;
    for (int64_t events = -1; events <= 5 && result == 0; events += 6) {
        (void)snprintf(path, sizeof path, "%s/copy%d.db", home, (int)events);
        result = journal_copy(journal, path, events, &verified, &error);
        count->events += verified.events;
    }
    return result;
}

static int verify(struct journal *journal, struct count *count)
{
    struct journal_check verified;
    (void)journal;
    const int result = journal_verify(journal_file, &verified, &error);
    count->events = verified.events;
    return result;
}

static int renew(struct journal *journal, struct count *count)
{
    struct journal_check verified;
    (void)journal;
    const int result = journal_renew_head(journal_file, &verified, &error);
    count->events = verified.events;
    return result;
}

static int read_account(struct journal *journal, struct count *count)
{
    struct config *config = config_open(&error);
    const struct account_options options = {.config = config, .name = "paper"};
    struct account account;
    (void)journal;
    const int result = config == NULL ? -1 : account_open(&account, &options, ACCOUNT_READ, &error);
    if (result == 0) {
        count->events = (int64_t)account.ledger->fills;
        count->bytes = account.ledger->cash;
    }
    if (config != NULL)
        account_close(&account);
    config_free(config);
    return result;
}

static const struct reader {
    const char *name;
    int (*read)(struct journal *journal, struct count *count);
    bool opens, writes;
} readers[] = {
    {"history", read_history, true, false},
    {"why", read_why, true, false},
    {"tables", read_tables, true, false},
    {"summaries", read_summaries, true, false},
    {"the switch", throw_switch, false, false},
    {"ids", read_ids, true, false},
    {"copies", copy, true, false},
    {"account", read_account, false, false},
    {"verify", verify, false, false},
    {"rebuild", rebuild, true, true},
    {"a new head", renew, false, false},
};
#define READERS (int)(sizeof readers / sizeof *readers)

static int run_reader(const struct reader *reader, struct count *count)
{
    static const char *const left[] = {"copy-1.db",     "copy-1.db-head", "copy5.db",
                                       "copy5.db-head", "other.halt",     "other.halt-aside"};
    char path[128];
    *count = (struct count){0};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", home, left[i]);
        (void)unlink(path);
    }
    failing_count = 0;
    failing_on = true;
    struct journal *journal =
        reader->opens ? journal_open(journal_file, reader->writes ? JOURNAL_WRITE : JOURNAL_READ, &error) : NULL;
    const int result = reader->opens && journal == NULL ? -1 : reader->read(journal, count);
    journal_close(journal);
    failing_on = false;
    ERR_clear_error();
    return result;
}

static void test_reader(const struct reader *reader)
{
    struct count whole, part;
    error_clear(&error);
    failing_at = 0;
    if (!check(run_reader(reader, &whole) == 0 && whole.events > 0, "%s is read", reader->name)) {
        printf("# %s\n", error.text);
        return;
    }
    failing_places = 0;
    memset(failing_seen, 0, sizeof failing_seen);
    failing_records = true;
    long before = failing_blocks;
    require(run_reader(reader, &part) == 0);
    failing_records = false;
    const long blocks = failing_blocks - before;
    int right = 0, tried = 0;
    for (int i = 0; i < failing_places; i += (int)stride, tried++) {
        error_clear(&error);
        failing_at = failing_place[i];
        before = failing_blocks;
        const int result = run_reader(reader, &part);
        const long left = failing_blocks - before - blocks;
        if (result != 0 ? !is_told() : part.events != whole.events || part.bytes != whole.bytes)
            check(false, "%s: call %ld: %d, %lld of %lld events: %s", reader->name, failing_at, result,
                  (long long)part.events, (long long)whole.events, error.text);
        else if (left > 0)
            check(false, "%s: call %ld leaves %ld blocks: %s", reader->name, failing_at, left, error.text);
        else if (!is_whole())
            check(false, "%s: call %ld leaves a damaged journal: %s", reader->name, failing_at, error.text);
        else
            right++;
    }
    failing_at = 0;
    error_clear(&error);
    check(right == tried && run_reader(reader, &part) == 0 && part.events == whole.events,
          "%s: %d of %d failures are told", reader->name, right, tried);
}

static void tell_story(const struct story *story)
{
    struct buf whole;
    int kept = 0;
    buf_init(&whole, 1 << 24);
    begin(story);
    error_clear(&error);
    if (!check(play(story, &kept) == 0, "%s", story->name)) { /* what is made once is made before calls are counted */
        printf("# line %d: %s\n", kept, error.text);
        return;
    }
    kept = 0;
    begin(story);
    failing_places = 0;
    memset(failing_seen, 0, sizeof failing_seen);
    failing_count = failing_at = 0;
    failing_on = failing_records = true;
    const long before = failing_blocks;
    const int result = play(story, &kept);
    failing_on = failing_records = false;
    const long blocks = failing_blocks - before;
    if (!check(result == 0 && look(&whole) == 0, "%s: %ld calls from %d places", story->name, failing_count,
               failing_places)) {
        printf("# line %d: %s\n", kept, error.text);
        return;
    }
    int right = 0, tried = 0;
    for (int i = 0; i < failing_places; i += (int)stride, tried++)
        right += play_with_failure(story, failing_place[i], &whole, blocks);
    check(tried > 0 && right == tried, "%s: %d of %d failures are told, and the story is the same", story->name, right,
          tried);
    buf_clear(&whole);
    for (int i = 0; i < READERS && (story == stories || stride < STRIDE); i++)
        test_reader(&readers[i]);
}

int main(int count, char **argument)
{
    void *frame[4];
    if (count > 1)
        stride = strtol(argument[1], NULL, 10);
    require(stride > 0);
    (void)backtrace(frame, 4); /* the first of these allocates */
    ERR_raise(ERR_LIB_USER, 1);
    (void)snprintf(home, sizeof home, "/tmp/test-failing-XXXXXX");
    require(mkdtemp(home) != NULL && setenv("TN_HOME", home, 1) == 0);
    (void)snprintf(journal_file, sizeof journal_file, "%s/data/journal.db", home);
    for (int i = 0; i < STORIES; i++)
        tell_story(&stories[i]);
    remove_tree(home, true);
    return done();
}
