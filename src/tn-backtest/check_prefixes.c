/* The check of looking ahead: runs of the first bars beside the run of all. */
#include "strategy/known.h"
#include "tn-backtest/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PREFIXES 12 /* parts of the history that are run by themselves */

/* The first fill in which a run of the first bars differs from the run of all, as far as the first one goes; -1: none.
 */
static int64_t first_difference(const struct outcome_of_run *part, const struct outcome_of_run *whole)
{
    const struct str a = buf_str(&part->fills), b = buf_str(&whole->fills);
    int64_t line = 0;
    size_t i = 0;
    for (; i < a.n; i++) {
        if (i >= b.n || a.p[i] != b.p[i])
            return line;
        line += a.p[i] == '\n';
    }
    return -1;
}

/* Did the run of all bars fill something, up to a moment, that the run of the first bars did not? */
static bool has_more(const struct outcome_of_run *part, const struct outcome_of_run *whole, int64_t until)
{
    const struct str b = buf_str(&whole->fills);
    const size_t n = part->fills.n;
    static const char key[] = "\"time\":\"";
    struct error ignored = {0};
    int64_t time;
    if (b.n <= n)
        return false;
    const char *end = memchr(b.p + n, '\n', b.n - n),
               *at = memmem(b.p + n, (size_t)(end - b.p) - n, key, sizeof key - 1);
    const char *quote = at == NULL ? NULL : memchr(at + sizeof key - 1, '"', (size_t)(end - at) - (sizeof key - 1));
    return quote != NULL &&
           time_parse(&time, at + sizeof key - 1, (size_t)(quote - at) - (sizeof key - 1), &ignored) == 0 &&
           time < until;
}

/* It answers when it is told of many moments, and not when of one at a time: it waits for what comes later. */
static int refuse_waiting(struct checker *checker, struct error *error)
{
    char text[256];
    (void)snprintf(text, sizeof text, "given one moment at a time, it fails: %.200s", error->text);
    error_clear(error);
    return check_write(checker, "look-ahead", GRADE_FAILED, NAN, NAN, text, error);
}

int check_prefixes(struct checker *checker, struct error *error)
{
    char text[256];
    int looked = 0;
    for (int i = 1; i <= PREFIXES; i++) {
        const size_t at = checker->days * (size_t)i / (PREFIXES + 1);
        struct outcome_of_run part;
        if (at == 0 || at >= checker->days)
            continue;
        const struct history_part first = {.from = TIME_NONE, .until = checker->day[at]};
        check_run_init(&part);
        struct backtest_options options = check_options(checker, &part);
        options.one_by_one = true; /* else a program reads moments that wait for it before it answers */
        const int status = check_run_part(checker, &options, &first, &part, error);
        if (status != 0 && error->code == EXIT_UNAVAILABLE && checker->study.subject.use.foreign != NULL) {
            check_run_clear(&part);
            return refuse_waiting(checker, error);
        }
        const int64_t line = status != 0 ? 0 : first_difference(&part, &checker->base);
        const bool more = status == 0 && line < 0 && has_more(&part, &checker->base, checker->day[at] - TIME_DAY);
        check_run_clear(&part);
        if (status != 0)
            return -1;
        looked++;
        if (line < 0 && !more)
            continue;
        char date[TIME_TEXT_MAX];
        date[time_format(date, checker->day[at])] = '\0';
        (void)snprintf(
            text, sizeof text,
            "with only the bars before %.10s, fill %lld differs from that of the full run: the strategy looks ahead",
            date, (long long)(line < 0 ? 0 : line + 1));
        return check_write(checker, "look-ahead", GRADE_FAILED, NAN, NAN, text, error);
    }
    (void)snprintf(text, sizeof text, "the fills of %d runs of the first bars are the first fills of the full run",
                   looked);
    return check_write(checker, "look-ahead", looked > 0 ? GRADE_PASSED : GRADE_DOUBTFUL, NAN, NAN, text, error);
}
