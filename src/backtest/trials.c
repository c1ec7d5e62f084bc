/* The trial ledger. */
#include "backtest/trials.h"

#include "base/file.h"
#include "base/list.h"
#include "base/lock.h"
#include "base/num.h"
#include "record/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_WAIT (5 * TIME_SECOND)
#define LINES_MAX ((size_t)1 << 32)

void trials_init(struct trials *trials)
{
    *trials = (struct trials){.list = NULL};
    names_init(&trials->runs);
}

void trials_clear(struct trials *trials)
{
    for (size_t i = 0; i < trials->text_count; i++)
        buf_clear(&trials->texts[i]);
    free(trials->texts);
    free(trials->list);
    names_clear(&trials->runs);
    trials_init(trials);
}

/* Most trials in a row are of the same symbols: one copy serves them. */
static int keep_symbols(struct trials *trials, struct str *symbols, struct error *error)
{
    if (trials->text_count > 0 && str_equal(buf_str(&trials->texts[trials->text_count - 1]), *symbols)) {
        *symbols = buf_str(&trials->texts[trials->text_count - 1]);
        return 0;
    }
    if (list_grow(&trials->texts, &trials->text_capacity, trials->text_count, sizeof *trials->texts, error) != 0)
        return -1;
    struct buf *text = &trials->texts[trials->text_count++];
    buf_init(text, RECORD_LINE_MAX);
    buf_add_str(text, *symbols);
    *symbols = buf_str(text);
    return buf_check(text, error);
}

int trials_add(struct trials *trials, const struct trial *trial, struct error *error)
{
    const size_t known = trials->runs.count;
    if (list_grow(&trials->list, &trials->capacity, trials->count, sizeof *trials->list, error) != 0)
        return -1;
    const int64_t index = names_add(&trials->runs, str_of(trial->run), error);
    if (index < 0)
        return -1;
    if (trials->runs.count == known)
        return 0;
    require(trials->list != NULL);
    trials->list[trials->count] = *trial;
    if (keep_symbols(trials, &trials->list[trials->count].symbols, error) != 0)
        return -1;
    trials->count++;
    return 1;
}

int trials_load(struct trials *trials, const char *path, struct error *error)
{
    const struct record *record;
    struct trial trial;
    int got;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    struct reader *reader = reader_open(path, NULL, NULL, error);
    if (reader == NULL)
        return -1;
    while ((got = reader_next(reader, &record, error)) != 0) {
        if (got < 0 && error->code != EXIT_INPUT)
            break;
        if (got < 0 || record->type != RECORD_TRIAL || record_decode(record, &trial, error) != 0) {
            error_clear(error);
            trials->bad++;
        } else if (trials_add(trials, &trial, error) < 0) {
            got = -1;
            break;
        }
    }
    reader_close(reader);
    return got < 0 ? -1 : 0;
}

/* Is the last byte of a file that ends within a line a LF? An append that was cut off must not join the next one. */
static int end_line(int fd, struct buf *out)
{
    char last;
    struct stat status;
    if (fstat(fd, &status) == 0 && status.st_size > 0 && pread(fd, &last, 1, status.st_size - 1) == 1 && last != '\n')
        buf_add_char(out, '\n');
    return 0;
}

/* The runs that a file has, by their ids alone: cheaper than reading all of it as records. */
static int list_runs(struct names *runs, const char *path, struct error *error)
{
    static const char key[] = "\"run\":\"";
    struct buf text;
    buf_init(&text, LINES_MAX);
    int status = file_read(path, &text, error);
    const char *p = text.p, *end = text.n == 0 ? p : p + text.n;
    while (status == 0 && p < end && (p = memmem(p, (size_t)(end - p), key, sizeof key - 1)) != NULL) {
        p += sizeof key - 1;
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (quote == NULL)
            break;
        if (names_add(runs, (struct str){p, (size_t)(quote - p)}, error) < 0)
            status = -1;
        p = quote;
    }
    buf_clear(&text);
    return status;
}

static int append_new(const char *path, const struct trials *trials, struct error *error)
{
    struct names known;
    struct buf out;
    int status = -1;
    names_init(&known);
    buf_init(&out, LINES_MAX);
    const int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)error_system(error, "cannot open '%s'", path);
        goto out;
    }
    if (list_runs(&known, path, error) != 0)
        goto out;
    (void)end_line(fd, &out);
    for (size_t i = 0; i < trials->count; i++)
        if (names_find(&known, str_of(trials->list[i].run)) < 0)
            record_encode(&out, RECORD_TRIAL, &trials->list[i]);
    if (buf_check(&out, error) == 0)
        status = out.n < 2 ? 0 : fd_write_all(fd, path, out.p, out.n, error);
out:
    if (fd >= 0)
        (void)close(fd);
    buf_clear(&out);
    names_clear(&known);
    return status;
}

int trials_append(const char *path, const struct trials *trials, struct error *error)
{
    char name[4096];
    if (trials->count == 0)
        return 0;
    if ((size_t)snprintf(name, sizeof name, "%s.lock", path) >= sizeof name)
        return error_set(error, EXIT_SYSTEM, "'%s' is too long a path", path);
    struct lock *lock = lock_take(name, "the trial ledger", LOCK_WAIT, error);
    if (lock == NULL)
        return -1;
    const int status = append_new(path, trials, error);
    lock_free(lock);
    return status;
}

const struct trial *trials_find(const struct trials *trials, const char *run)
{
    const int64_t index = names_find(&trials->runs, str_of(run));
    return index < 0 ? NULL : &trials->list[index];
}

static double figure(const struct field *member)
{
    struct error ignored = {0};
    double value;
    return member->kind == VALUE_NUMBER && num_parse(&value, member->value.p, member->value.n, &ignored) == 0 ? value
                                                                                                              : NAN;
}

bool trial_from_metrics(struct trial *trial, struct str metrics)
{
    struct field member;
    double yearly = NAN, returns = NAN;
    trial->skewness = trial->kurtosis = trial->periods = NAN;
    while (raw_next(&metrics, &member)) {
        if (str_is(member.key, "sharpe"))
            yearly = figure(&member);
        else if (str_is(member.key, "returns"))
            returns = figure(&member);
        else if (str_is(member.key, "periods"))
            trial->periods = figure(&member);
        else if (str_is(member.key, "skewness"))
            trial->skewness = figure(&member);
        else if (str_is(member.key, "kurtosis"))
            trial->kurtosis = figure(&member);
    }
    trial->returns = returns > 0 ? (int64_t)returns : 0;
    trial->sharpe = yearly / sqrt(trial->periods);
    return isfinite(trial->sharpe) && isfinite(trial->kurtosis) && trial->returns > 2;
}

/* The moment of a name in an object; TIME_NONE when it is not there. */
static int64_t moment_of(struct str object, const char *name)
{
    struct field member;
    struct error ignored = {0};
    int64_t time;
    while (raw_next(&object, &member))
        if (str_is(member.key, name) && member.kind == VALUE_STRING && member.value.n > 2 &&
            time_parse(&time, member.value.p + 1, member.value.n - 2, &ignored) == 0)
            return time;
    return TIME_NONE;
}

bool trial_from_cell(struct trial *trial, const struct sweep_head *head, const struct sweep_cell *cell)
{
    record_blank(RECORD_TRIAL, trial);
    memcpy(trial->run, cell->run, sizeof trial->run);
    memcpy(trial->sweep, cell->sweep, sizeof trial->sweep);
    memcpy(trial->strategy, cell->strategy, sizeof trial->strategy);
    memcpy(trial->version, head->version, sizeof trial->version);
    trial->symbols = head->symbols;
    trial->first = moment_of(head->assumptions, "first");
    trial->last = moment_of(head->assumptions, "last");
    return trial_from_metrics(trial, cell->metrics) && trial->first != TIME_NONE && trial->last != TIME_NONE;
}

/* The name without parameters. */
static bool same_strategy(const char *a, const char *b)
{
    const size_t n = strcspn(a, ":");
    return n == strcspn(b, ":") && memcmp(a, b, n) == 0;
}

/* Does a word of one list stand in the other? A list that was cut ("A B +430") may have any. */
static bool overlap(struct str a, struct str b)
{
    if (str_equal(a, b) || (a.n > 0 && memchr(a.p, '+', a.n) != NULL) || (b.n > 0 && memchr(b.p, '+', b.n) != NULL))
        return true;
    for (size_t i = 0; i < a.n;) {
        const char *end = memchr(a.p + i, ' ', a.n - i);
        const struct str word = {a.p + i, end == NULL ? a.n - i : (size_t)(end - a.p) - i};
        for (size_t k = 0; k < b.n;) {
            const char *stop = memchr(b.p + k, ' ', b.n - k);
            const struct str other = {b.p + k, stop == NULL ? b.n - k : (size_t)(stop - b.p) - k};
            if (word.n > 0 && str_equal(word, other))
                return true;
            k += other.n + 1;
        }
        i += word.n + 1;
    }
    return false;
}

void trials_judge(const struct trials *trials, const struct trial *of, struct trial_family *family)
{
    double sum = 0, squares = 0;
    *family = (struct trial_family){.variance = NAN, .expected = NAN, .deflated = NAN};
    for (size_t i = 0; i < trials->count; i++) {
        const struct trial *one = &trials->list[i];
        if (!same_strategy(one->strategy, of->strategy) || one->first > of->last || of->first > one->last ||
            one->periods != of->periods || !overlap(one->symbols, of->symbols))
            continue;
        /* Chance spreads a ratio by one over the root of the returns: a cell that halving dropped after a few days is
         * taken as what its luck would be over as many as this one has. */
        const double sharpe = one->sharpe * sqrt((double)one->returns / (double)of->returns);
        family->trials++;
        sum += sharpe;
        squares += sharpe * sharpe;
    }
    const double n = (double)family->trials;
    const double variance = n < 2 ? 0 : (squares - sum * sum / n) / (n - 1);
    const struct sample sample = {
        .n = (size_t)of->returns, .sharpe = of->sharpe, .skewness = of->skewness, .kurtosis = of->kurtosis};
    family->variance = variance > 0 ? variance : 0;
    family->expected = sharpe_expected_best(n, family->variance);
    family->deflated = sharpe_probability(&sample, family->expected);
}
