/* Reading and saying the range of a run. */
#include "tn-report/fill_range.h"

#include "base/num.h"
#include "show/flat.h"
#include "tn-report/decided.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The next number of "[1,null,3]" from `at` on; NaN where there is none. */
static double next_number(struct str list, size_t *at)
{
    double number;
    struct error ignored = {0};
    while (*at < list.n && strchr("[, ]", list.p[*at]) != NULL)
        (*at)++;
    const size_t from = *at;
    while (*at < list.n && strchr("[, ]", list.p[*at]) == NULL)
        (*at)++;
    return num_parse(&number, list.p + from, *at - from, &ignored) == 0 ? number : NAN;
}

void fill_range_add(char *text, size_t size, const struct account_report *account_report, const struct metric *metric)
{
    if (account_report->result_record == NULL || account_report->result.range.n == 0)
        return;
    const struct str list = flat_text(flat_text(account_report->result.range, "metrics"), metric->name);
    size_t at = 0;
    const double low = next_number(list, &at);
    (void)next_number(list, &at);
    const double high = next_number(list, &at);
    char from[64], to[64];
    figure_text(from, sizeof from, low, metric->unit);
    figure_text(to, sizeof to, high, metric->unit);
    const size_t used = strlen(text);
    if (from[0] != '\0' && to[0] != '\0' && strcmp(from, to) != 0)
        (void)snprintf(text + used, size - used, " (%s to %s)", from, to);
}

/* The titles of the figures in ["ulcer","pain"]. */
static void add_titles(struct str list, struct buf *note)
{
    int count = 0;
    for (int i = 0; i < metric_count; i++) {
        char quoted[64];
        const int n = snprintf(quoted, sizeof quoted, "\"%s\"", metric_table[i].name);
        if (n > 0 && memmem(list.p, list.n, quoted, (size_t)n) != NULL)
            buf_printf(note, "%s%s", count++ == 0 ? "" : ", ", metric_table[i].title);
    }
}

void fill_range_note(const struct account_report *account_report, const struct style *style, struct buf *note)
{
    if (account_report->result_record == NULL || account_report->result.range.n == 0)
        return;
    const struct str range = account_report->result.range, broken = flat_text(range, "out_of_order");
    buf_add_text(note, "range of the fill models ");
    style_add(note, flat_text(range, "low"), style);
    buf_add_text(note, " to ");
    style_add(note, flat_text(range, "high"), style);
    if (broken.n > 2) {
        buf_add_text(note, "; out of order: ");
        add_titles(broken, note);
    }
    buf_add_char(note, '\n');
}
