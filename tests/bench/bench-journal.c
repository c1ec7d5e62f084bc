/* How fast the journal is: durable transactions of one event beside overwriting and syncing one file, batches of a
 * thousand, verification. Works in the folder named by TN_BENCH_DIR, or the current one: it must be on a real disk. */
#include "base/time.h"
#include "db/events.h"
#include "journal/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SINGLES = 1500, BATCHES = 200, BATCH = 1000 };

static struct error error;
static char path[256];

static void stop(const char *what)
{
    fprintf(stderr, "bench-journal: %s: %s\n", what, error.text);
    exit(1);
}

static double seconds_since(int64_t start)
{
    return (double)(time_monotonic() - start) / (double)TIME_SECOND;
}

static void clean(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-head"};
    for (int i = 0; i < 4; i++) {
        char name[300];
        (void)snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
}

/* A fill as tn-order writes it: of an order that is not in the journal, so that one ledger holds one position. */
static size_t write_fill(char *line, size_t room, int n)
{
    return (size_t)snprintf(
        line, room,
        "{\"type\":\"fill\",\"time\":\"2026-01-05T14:30:00.%06dZ\",\"symbol\":\"AAPL\",\"id\":\"f%d\","
        "\"order_id\":\"tnb3vcn2u5xw7kq4da\",\"account\":\"paper\",\"strategy\":\"sma-cross:fast=10\","
        "\"role\":\"entry\",\"side\":\"%s\",\"quantity\":100,\"price\":182.37,\"currency\":\"USD\","
        "\"commission\":0.5,\"mode\":\"paper\"}",
        n % 1000000, n, n % 2 == 0 ? "buy" : "sell");
}

static double file_per_second(void)
{
    char block[4096] = "x";
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, block, sizeof block, 0) != (ssize_t)sizeof block || fsync(fd) != 0)
        stop("cannot write");
    const int64_t start = time_monotonic();
    for (int i = 0; i < SINGLES; i++) {
        block[0] = (char)i;
        if (pwrite(fd, block, sizeof block, 0) != (ssize_t)sizeof block || fdatasync(fd) != 0)
            stop("cannot write");
    }
    const double rate = SINGLES / seconds_since(start);
    close(fd);
    clean();
    return rate;
}

/* `transactions` of `size` events each; the log alone. */
static double log_per_second(int transactions, int size, double *verified)
{
    static const char *const steps[] = {EVENTS_SCHEMA_1, EVENTS_SCHEMA_2};
    static const struct db_schema schema = {"log", 1, steps, 2, "", ""};
    struct db *db = db_open(path, DB_CREATE, &schema, &error);
    struct events *events = db == NULL ? NULL : events_open(db, true, false, &error);
    if (events == NULL)
        stop("cannot open");
    const int64_t start = time_monotonic();
    for (int i = 0, n = 0; i < transactions; i++) {
        if (events_begin(events, &error) != 0)
            stop("begin");
        for (int k = 0; k < size; k++, n++) {
            char line[512], key[32];
            struct event event = {.recorded = n, .mode = MODE_PAPER, .type = STR("fill"), .account = STR("paper")};
            event.record = (struct str){line, write_fill(line, sizeof line, n)};
            event.key = (struct str){key, (size_t)snprintf(key, sizeof key, "fill/f%d", n)};
            if (events_append(events, &event, &error) != 0)
                stop("append");
        }
        if (events_commit(events, &error) != 0)
            stop("commit");
    }
    const double rate = transactions * (double)size / seconds_since(start);
    const int64_t again = time_monotonic();
    int64_t rows = 0;
    if (events_verify(events, &rows, &error) != 0)
        stop("verify");
    if (verified != NULL)
        *verified = (double)rows / seconds_since(again);
    events_close(events);
    db_close(db);
    clean();
    return rate;
}

/* The same through the journal: checked, folded, with its derived tables. */
static double journal_per_second(int transactions, int size, double *verified)
{
    struct journal *journal = journal_open(path, JOURNAL_CREATE, &error);
    if (journal == NULL)
        stop("cannot open");
    const int64_t start = time_monotonic();
    for (int i = 0, n = 0; i < transactions; i++) {
        if (journal_begin(journal, &error) != 0)
            stop("begin");
        for (int k = 0; k < size; k++, n++) {
            char line[512];
            const struct str text = {line, write_fill(line, sizeof line, n)};
            if (journal_append(journal, MODE_PAPER, text, &error) != 1)
                stop("append");
        }
        if (journal_commit(journal, &error) != 0)
            stop("commit");
    }
    const double rate = transactions * (double)size / seconds_since(start);
    journal_close(journal);
    if (verified != NULL) {
        struct journal_check check;
        const int64_t again = time_monotonic();
        if (journal_verify(path, &check, &error) != 0)
            stop("verify");
        *verified = (double)check.events / seconds_since(again);
    }
    clean();
    return rate;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double value[static 3])
{
    qsort(value, 3, sizeof *value, ascending);
    return value[1];
}

int main(void)
{
    const char *folder = getenv("TN_BENCH_DIR");
    (void)snprintf(path, sizeof path, "%s/bench-journal.%d", folder == NULL ? "." : folder, (int)getpid());
    double file[3], one[3], full[3], log_verify, all_verify;
    for (int i = 0; i < 3; i++) { /* interleaved: the machine drifts */
        file[i] = file_per_second();
        one[i] = log_per_second(SINGLES, 1, NULL);
        full[i] = journal_per_second(SINGLES, 1, NULL);
    }
    const double yardstick = median(file), single = median(one), journal = median(full);
    printf("overwrite one block of a file and fdatasync     %9.0f /s\n", yardstick);
    printf("event log, one durable transaction an event     %9.0f /s   %.2f of the file\n", single, single / yardstick);
    printf("journal with its tables, the same               %9.0f /s   %.2f of the file\n", journal,
           journal / yardstick);
    printf("event log, batches of %d                      %9.0f rows/s\n", BATCH,
           log_per_second(BATCHES, BATCH, &log_verify));
    printf("journal with its tables, the same               %9.0f rows/s\n",
           journal_per_second(BATCHES, BATCH, &all_verify));
    printf("verify the chain                                %9.0f rows/s\n", log_verify);
    printf("verify everything: pages, chain, columns, tables %8.0f rows/s\n", all_verify);
    return 0;
}
