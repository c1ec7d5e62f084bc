/* The table that tn-quote watch draws: what fits the window; the reason of a failure always. */
#include "tn-quote/watch_table.h"

#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* A reason stands below its row where it does not fit beside it: it is never left out. */
static const struct column columns[] = {
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "bid", .kind = COLUMN_DEC},
    {.key = "ask", .kind = COLUMN_DEC},
    {.key = "middle", .kind = COLUMN_DEC, .rank = 8},
    {.key = "change", .kind = COLUMN_FRACTION, .digits = 2, .sign = true},
    {.key = "spread", .title = "spread, bp", .kind = COLUMN_DOUBLE, .digits = 1, .rank = 9},
    {.key = "time", .kind = COLUMN_TIME, .rank = 1},
    {.key = "trouble", .kind = COLUMN_TEXT, .fold = true, .optional = true},
};

static bool has_middle(const struct quote *quote)
{
    return quote->time != TIME_NONE && quote->bid != DEC_NONE && quote->ask != DEC_NONE && quote->bid > 0 &&
           quote->ask > 0;
}

double watch_middle(const struct quote *quote)
{
    return has_middle(quote) ? (dec_to_double(quote->bid) + dec_to_double(quote->ask)) / 2 : NAN;
}

static void add_row(struct table *table, const struct watched *watched)
{
    const struct quote *quote = &watched->quote;
    const bool known = quote->time != TIME_NONE, whole = has_middle(quote);
    const double middle = watch_middle(quote);
    table_text(table, watched->symbol);
    table_dec(table, known ? quote->bid : DEC_NONE);
    table_dec(table, known ? quote->ask : DEC_NONE);
    table_dec(table, whole ? quote->bid + (quote->ask - quote->bid) / 2 : DEC_NONE);
    table_double(table, middle / watched->first - 1);
    table_double(table, whole ? dec_to_double(quote->ask - quote->bid) / middle * 1e4 : NAN);
    table_time(table, quote->time);
    table_text(table, watched->trouble);
    table_tone(table, TONE_WARNING);
}

int watch_table_show(const struct watched *list, size_t count, const struct invocation *invocation, bool again,
                     struct error *error)
{
    struct style style;
    if (style_init(&style, invocation, NULL, error) != 0)
        return -1;
    struct table *table = table_new(NULL, columns, (int)(sizeof columns / sizeof *columns), error);
    for (size_t i = 0; table != NULL && i < count; i++)
        add_row(table, &list[i]);
    if (again && style.format == FORMAT_TABLE && isatty(STDOUT_FILENO) == 1)
        (void)fputs("\033[H\033[J", stdout);
    (void)fflush(stdout);
    const int result = table == NULL ? -1 : table_show(table, &style, error);
    table_free(table);
    style_clear(&style);
    return result;
}
