/* Reading returns. */
#include "tn-report/returns.h"
#include "tn-report/returns_line.h"

#include "base/file.h"
#include "base/list.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20)
#define START    100000.0 /* money */

struct series_of_returns {
    int64_t *time; /* TIME_NONE: the file has no dates */
    double *value;
    size_t count, time_capacity, value_capacity;
};

bool returns_are(const char *file)
{
    char first = '{';
    ssize_t got = -1;
    struct stat status;
    if (file != NULL && strcmp(file, "-") != 0) {
        const int fd = stat(file, &status) == 0 && S_ISREG(status.st_mode) ? open(file, O_RDONLY | O_CLOEXEC) : -1;
        got = fd < 0 ? -1 : read(fd, &first, 1);
        if (fd >= 0)
            (void)close(fd);
        return got == 1 && first != '{';
    }
    int ends[2];
    if (fstat(STDIN_FILENO, &status) != 0)
        return false;
    if (S_ISREG(status.st_mode))
        return pread(STDIN_FILENO, &first, 1, lseek(STDIN_FILENO, 0, SEEK_CUR)) == 1 && first != '{';
    if (!S_ISFIFO(status.st_mode) || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    if (tee(STDIN_FILENO, ends[1], 1, 0) == 1) /* a copy: the byte stays where it was */
        got = read(ends[0], &first, 1);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return got == 1 && first != '{';
}

static bool is_one_of(struct str name, const char *const *names, size_t count)
{
    char low[32] = "";
    for (size_t i = 0; i < name.n && i + 1 < sizeof low; i++)
        low[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
    for (size_t i = 0; i < count; i++)
        if (strcmp(low, names[i]) == 0)
            return true;
    return false;
}

static bool is_return_name(struct str name)
{
    static const char *const names[] = {"return", "returns", "ret", "r", "strategy", "daily_return", "pct_change"};
    return is_one_of(name, names, sizeof names / sizeof *names);
}

/* A column of values: taken for returns, each day would earn all there is. */
static bool is_value_name(struct str name)
{
    static const char *const names[] = {"equity", "nav",   "close",   "adj close", "adj_close",
                                        "price",  "value", "balance", "portfolio", "total",
                                        "cash",   "index", "capital", "wealth",    "net_worth"};
    return is_one_of(name, names, sizeof names / sizeof *names);
}

/* Which column has the returns: the one that its heading says, else the last of two. -1 with an error. */
static int choose_column(const struct str *cell, int cells, bool heading, struct error *error)
{
    for (int i = 0; heading && i < cells; i++)
        if (is_return_name(cell[i]))
            return i;
    if (heading && cells <= 2 && is_value_name(cell[cells - 1])) {
        error_set(error, EXIT_INPUT, "'" STR_FMT "' has values, not returns", (int)cell[cells - 1].n,
                  cell[cells - 1].p);
        error_hint(error, "a return is value / previous value - 1; if the column has returns, name it return");
        return -1;
    }
    if (cells <= 2)
        return cells - 1;
    error_set(error, EXIT_INPUT, "line 1 has %d columns, and none is called return", cells);
    error_hint(error, "a line of a file of returns is a date and a return, or only a return");
    return -1;
}

static int take_line(struct series_of_returns *series, const struct str *cell, int cells, int column,
                     struct error *error)
{
    double value;
    int64_t time = TIME_NONE;
    const struct str text = column < cells ? cell[column] : STR("");
    if (!returns_number(text, &value))
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' is not a return", (int)(text.n < 40 ? text.n : 40), text.p);
    if (cells > 1 && !returns_date(cell[0], &time))
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' is not a date (2026-11-26)",
                         (int)(cell[0].n < 40 ? cell[0].n : 40), cell[0].p);
    if (value < -1)
        return error_set(error, EXIT_INPUT, "a return of %g loses more than everything; did you mean 1.5%% or 0.015?",
                         value);
    const size_t i = series->count;
    if (i > 0 && (time == TIME_NONE) != (series->time[i - 1] == TIME_NONE))
        return error_set(error, EXIT_INPUT, "some lines have dates, others do not");
    if (i > 0 && time != TIME_NONE && time <= series->time[i - 1])
        return error_set(error, EXIT_INPUT, "its date is not after the one before");
    if (list_grow(&series->time, &series->time_capacity, i, sizeof *series->time, error) != 0 ||
        list_grow(&series->value, &series->value_capacity, i, sizeof *series->value, error) != 0)
        return -1;
    series->time[i] = time;
    series->value[i] = value;
    series->count++;
    return 0;
}

static int parse(struct series_of_returns *series, struct str text, const char *name, struct error *error)
{
    uint64_t number = 0;
    int column = -1, columns = 0;
    if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
        text = (struct str){text.p + 3, text.n - 3};
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        const struct str line = {text.p, end == NULL ? text.n : (size_t)(end - text.p)};
        const size_t taken = line.n + (end != NULL);
        struct str cell[RETURNS_COLUMNS_MAX];
        text = (struct str){text.p + taken, text.n - taken};
        number++;
        const int cells = returns_cut(line, cell);
        if (cells == 1 && cell[0].n == 0)
            continue;
        double value;
        int64_t time;
        const bool first = column < 0;
        /* A line with a date is no heading, even if its return cannot be read. */
        const bool heading =
            first && !returns_number(cell[cells - 1], &value) && !(cells > 1 && returns_date(cell[0], &time));
        if (first) {
            column = choose_column(cell, cells, heading, error);
            columns = cells;
        }
        /* 2025-01-02,0,01 is 0.01 to many, and 0 to us. */
        if (cells != columns) {
            error_set(error, EXIT_INPUT, "%s: line %llu has %d columns, the first one has %d", name,
                      (unsigned long long)number, cells, columns);
            error_hint(error, "use a decimal point: 0.01");
            return -1;
        }
        if (column < 0 || (!heading && take_line(series, cell, cells, column, error) != 0)) {
            error_prefix(error, "%s: line %llu", name, (unsigned long long)number);
            return -1;
        }
    }
    if (series->count == 0)
        return error_set(error, EXIT_INPUT, "%s has no returns", name);
    return 0;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The usual distance of two dates, in days; 0 without any. */
static double usual_gap(const struct series_of_returns *series, struct error *error)
{
    const size_t gaps = series->count - 1;
    require(series->time != NULL);
    if (gaps == 0 || series->time[0] == TIME_NONE)
        return 0;
    int64_t *gap = calloc(gaps, sizeof *gap);
    if (gap == NULL) {
        (void)error_memory(error);
        return -1;
    }
    for (size_t i = 0; i < gaps; i++)
        gap[i] = series->time[i + 1] - series->time[i];
    qsort(gap, gaps, sizeof *gap, compare_times);
    const int64_t middle = gap[gaps / 2];
    const double usual = (double)middle / (double)TIME_DAY;
    free(gap);
    return usual;
}

static double periods_of(double gap)
{
    return gap < 3.5 ? 0 : gap < 10 ? 52 : gap < 45 ? 12 : gap < 130 ? 4 : gap < 250 ? 2 : 1;
}

/* Money that earned these returns; the first point stands one usual distance before the first of them. */
static int fill_book(struct account_report *account_report, const struct series_of_returns *series, double gap,
                     struct error *error)
{
    struct equity point = {.cash = DEC_NONE, .exposure = DEC_NONE};
    const double days = gap > 0 ? gap : 1;
    double money = START;
    require(series->count > 0 && series->time != NULL && series->value != NULL);
    for (size_t i = 0; i <= series->count; i++) {
        const bool dated = series->time[0] != TIME_NONE;
        point.time = !dated   ? (int64_t)i * TIME_DAY
                     : i == 0 ? series->time[0] - (int64_t)(days * (double)TIME_DAY)
                              : series->time[i - 1];
        money *= i == 0 ? 1 : 1 + series->value[i - 1];
        if (!(money < 9e10) || dec_from_double(&point.equity, money, ROUND_HALF_EVEN) != 0)
            return error_set(error, EXIT_INPUT, "the returns are out of range: are they values, or in percent?");
        if (account_report_take(account_report, RECORD_EQUITY, &point, error) != 0)
            return -1;
    }
    return 0;
}

/* Percent without a sign reads as a hundredfold: nothing goes up or down by so much in most of its periods. */
static bool look_like_percent(const struct series_of_returns *series)
{
    size_t large = 0;
    for (size_t i = 0; i < series->count; i++)
        large += fabs(series->value[i]) > 0.3;
    return large > 0 && 2 * large >= series->count;
}

int returns_read(struct view *view, const char *file, double periods, struct error *error)
{
    struct series_of_returns series = {.time = NULL};
    struct buf text;
    const char *name = file == NULL ? "-" : file;
    buf_init(&text, FILE_MAX);
    int status = file_read_any(name, &text, error);
    if (status == 0)
        status = parse(&series, buf_str(&text), strcmp(name, "-") == 0 ? "standard input" : name, error);
    const double gap = status == 0 ? usual_gap(&series, error) : -1;
    struct account_report *account_report = gap < 0 ? NULL : report_book(&view->report, MODE_NONE, "returns", error);
    if (account_report != NULL) {
        const char *slash = strrchr(name, '/');
        (void)snprintf(account_report->account, sizeof account_report->account, "%.60s",
                       strcmp(name, "-") == 0 ? "returns"
                       : slash == NULL        ? name
                                              : slash + 1);
        account_report->metrics.options.periods = periods > 0 ? periods : periods_of(gap);
        if (gap == 0 && periods == 0)
            say(view->options.invocation, 0, "%s has no dates: %g returns a year are assumed (--periods)", name,
                view->options.metrics.sessions);
        if (look_like_percent(&series))
            say(view->options.invocation, 0,
                "%s: half of the returns are beyond 30 %% and are used as they are; a percentage needs its sign: 1.2%%",
                name);
        status = fill_book(account_report, &series, gap, error);
        report_source(&view->report, name);
    } else {
        status = -1;
    }
    free(series.time);
    free(series.value);
    buf_clear(&text);
    return status;
}
