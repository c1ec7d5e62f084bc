/* What the wire costs: the programs that wire.sh times against jq. Without a command it does nothing, so that
 * `make bench` may run it like the others. */
#include "expr/expr.h"
#include "record/flow.h"
#include "record/reader.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Bars of a random walk, or the trades at their closes, as a source would send them. */
static int make_lines(long count, bool trades)
{
    uint64_t state = 42;
    int64_t price = 18512;
    struct buf out;
    buf_init(&out, 1 << 20);
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    (void)snprintf(bar.symbol, sizeof bar.symbol, "AAPL");
    bar.interval = (struct interval){INTERVAL_MINUTE, 1};
    for (long i = 0; i < count; i++) {
        int64_t step[4];
        for (int j = 0; j < 4; j++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            step[j] = (int64_t)(state >> 33) % 101;
        }
        const int64_t close = price + step[0] - 50 < 1000 ? price + 50 : price + step[0] - 50;
        const int64_t top = price > close ? price : close, bottom = price < close ? price : close;
        bar.time = (INT64_C(1704205800) + 60 * i) * TIME_SECOND;
        bar.end = interval_end(bar.interval, bar.time);
        bar.open = price * 1000000;
        bar.high = (top + step[1] / 4) * 1000000;
        bar.low = (bottom - step[2] / 4) * 1000000;
        bar.close = close * 1000000;
        bar.volume = (double)(100000 + step[3] * 1237);
        price = close;
        if (trades) {
            struct trade trade;
            record_blank(RECORD_TRADE, &trade);
            (void)snprintf(trade.symbol, sizeof trade.symbol, "AAPL");
            trade.time = bar.time / 60 + (int64_t)(state >> 33) % TIME_SECOND;
            trade.price = close * 1000000;
            trade.quantity = (step[3] + 1) * DEC_ONE;
            record_encode(&out, RECORD_TRADE, &trade);
        } else {
            record_encode(&out, RECORD_BAR, &bar);
        }
        if (out.n > 1 << 16) {
            (void)fwrite(out.p, 1, out.n, stdout);
            buf_reset(&out);
        }
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    buf_clear(&out);
    return fflush(stdout) != 0;
}

/* Every field of every bar or trade decoded and encoded again. */
static int copy_records(char *const *files, struct error *error)
{
    struct flow *flow = flow_open(&(struct flow_options){.program = "bench-wire", .files = files}, error);
    const struct record *record;
    if (flow == NULL)
        return -1;
    while (flow_next(flow, &record, error) == 1) {
        union {
            struct bar bar;
            struct trade trade;
        } value;
        if (record->type != RECORD_BAR && record->type != RECORD_TRADE)
            continue;
        if (record_decode(record, &value, error) != 0 || flow_write(flow, record->type, &value, error) != 0)
            break;
    }
    return flow_close(flow, error) == EXIT_DONE ? 0 : -1;
}

/* The lines for which the expression holds, as they are. */
static int where_bars(const char *text, char *const *files, struct error *error)
{
    struct expr *expr = expr_parse(text, error);
    if (expr == NULL)
        return -1;
    const struct flow_options options = {
        .program = "bench-wire", .files = files, .pass = true, .where = expr_where, .where_context = expr};
    struct flow *flow = flow_open(&options, error);
    const struct record *record;
    if (flow == NULL)
        return -1;
    while (flow_next(flow, &record, error) == 1 && flow_pass(flow, record, error) == 0)
        ;
    expr_free(expr);
    return flow_close(flow, error) == EXIT_DONE ? 0 : -1;
}

/* The most memory that copying took, in KiB; the copy goes nowhere. */
static int peak_memory(char *const *files, struct error *error)
{
    struct rusage usage;
    const int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
    if (kept < 0 || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || copy_records(files, error) != 0 ||
        dup2(kept, STDOUT_FILENO) < 0 || getrusage(RUSAGE_SELF, &usage) != 0)
        return -1;
    (void)printf("%ld\n", usage.ru_maxrss);
    return 0;
}

/* Every line scanned; `decoded`: and every bar decoded; `path` as in reader_path. */
static int read_bars(const char *file, bool decoded, int path, struct error *error)
{
    struct reader *reader = reader_open(file, NULL, NULL, error);
    const struct record *record;
    struct bar bar = {.close = 0};
    int64_t sum = 0;
    if (reader == NULL)
        return -1;
    reader_path(reader, path);
    while (reader_next(reader, &record, error) == 1) {
        if (decoded && record_decode(record, &bar, error) != 0)
            break;
        sum += decoded ? bar.close : record->fields;
    }
    (void)printf("%" PRId64 "\n", sum);
    reader_close(reader);
    return error_is_set(error) ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    const char *const command = argc > 1 ? argv[1] : "";
    int result = 0;
    if (strcmp(command, "make") == 0 && argc >= 3)
        result = make_lines(strtol(argv[2], NULL, 10), argc > 3 && strcmp(argv[3], "trades") == 0);
    else if (strcmp(command, "copy") == 0)
        result = copy_records(argv + 2, &error);
    else if (strcmp(command, "peak") == 0)
        result = peak_memory(argv + 2, &error);
    else if (strcmp(command, "where") == 0 && argc >= 3)
        result = where_bars(argv[2], argv + 3, &error);
    else if (strcmp(command, "scan") == 0 && argc == 4)
        result = read_bars(argv[3], false, (int)strtol(argv[2], NULL, 10), &error);
    else if (strcmp(command, "read") == 0 && argc == 4)
        result = read_bars(argv[3], true, (int)strtol(argv[2], NULL, 10), &error);
    else
        (void)puts("# wire.sh runs this with: make COUNT [trades], copy FILE, where EXPR FILE, peak FILE, scan PATH "
                   "FILE, read "
                   "PATH FILE");
    if (error_is_set(&error))
        (void)fprintf(stderr, "bench-wire: %s\n", error.text);
    return result != 0;
}
