/* Tables as aligned text: headings, numbers under each other's points, colours on a terminal. */
#include "show/table_cells.h"

#include "base/terminal.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool table_is_left(const struct column *column)
{
    const enum column_kind kind = column->kind;
    return !column->right && (kind <= COLUMN_RAW || kind == COLUMN_TIME || kind == COLUMN_DATE);
}

static int fraction_digits(dec value)
{
    int digits = 8;
    for (; digits > 0 && value % 10 == 0; digits--)
        value /= 10;
    return digits;
}

void table_dec_add(struct buf *out, dec value, int digits, bool sign)
{
    char text[DEC_TEXT_MAX];
    const size_t length = dec_format(text, value);
    if (sign && value > 0)
        buf_add_char(out, '+');
    buf_add(out, text, length);
    const char *point = memchr(text, '.', length);
    int have = point == NULL ? 0 : (int)(text + length - point) - 1;
    if (point == NULL && digits > 0)
        buf_add_char(out, '.');
    for (; have < digits; have++)
        buf_add_char(out, '0');
}

/* Rounded; what rounds to zero bears no sign. */
static void double_add(struct buf *out, double value, int digits, bool sign)
{
    const double unit = pow(10, -digits);
    if (fabs(value) < unit / 2)
        value = 0;
    buf_printf(out, sign && value > 0 ? "+%.*f" : "%.*f", digits, value);
}

static void time_add(struct buf *out, int64_t time, const struct style *style, const struct layout *layout, bool date)
{
    const int64_t local = style->zone == NULL ? time : zone_to_local(style->zone, time);
    const int64_t days = local / TIME_DAY - (local % TIME_DAY < 0), within = local - days * TIME_DAY;
    char text[TIME_TEXT_MAX];
    buf_add(out, text, date_format(text, date_from_days(days)));
    if (date || layout->short_time)
        return;
    buf_printf(out, " %02d:%02d", (int)(within / TIME_HOUR), (int)(within / TIME_MINUTE % 60));
    if (layout->seconds)
        buf_printf(out, ":%02d", (int)(within / TIME_SECOND % 60));
}

/* A figure's minus as people write it, where the terminal can. */
static void minus_set(struct buf *out, size_t from, const struct style *style)
{
    if (!style->terminal || style->ascii || out->failed || out->n == from || out->p[from] != '-')
        return;
    static const char minus[] = "−";
    char rest[96];
    const size_t length = out->n - from - 1;
    if (length > sizeof rest)
        return;
    memcpy(rest, out->p + from + 1, length);
    out->n = from;
    buf_add(out, minus, sizeof minus - 1);
    buf_add(out, rest, length);
}

void table_cell_add(const struct table *table, const struct cell *cell, const struct column *column,
                    const struct layout *layout, const struct style *style, struct buf *out)
{
    if (cell->empty) {
        buf_add_text(out, style->ascii ? "-" : "–");
        return;
    }
    const size_t from = out->n;
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_RAW:
        style_add(out, table_cell_text(table, cell), style);
        return;
    case COLUMN_DEC:
        table_dec_add(out, cell->integer, layout->digits, column->sign);
        break;
    case COLUMN_DOUBLE:
        double_add(out, cell->number, layout->digits, column->sign);
        break;
    case COLUMN_FRACTION:
        double_add(out, cell->number * 100, layout->digits, column->sign);
        buf_add_text(out, " %");
        break;
    case COLUMN_COUNT:
        buf_printf(out, "%lld", (long long)cell->integer);
        break;
    case COLUMN_TIME:
    case COLUMN_DATE:
        time_add(out, cell->integer, style, layout, column->kind == COLUMN_DATE);
        return;
    }
    minus_set(out, from, style);
}

void table_title_add(const struct column *column, struct buf *out)
{
    if (column->title != NULL) {
        buf_add_text(out, column->title);
        return;
    }
    for (const char *p = column->key; *p != '\0'; p++)
        if (*p == '_')
            buf_add_char(out, ' ');
        else
            buf_add_char(out, *p);
}

/* The width that a column takes with its title and cells, at what its layout says by now. */
static int width_work_out(const struct table *table, const struct style *style, size_t at, struct layout *layout,
                          struct buf *scratch, struct error *error)
{
    const struct column *column = &table->column[at];
    buf_reset(scratch);
    table_title_add(column, scratch);
    if (buf_check(scratch, error) != 0)
        return -1;
    layout->width = terminal_columns(buf_str(scratch));
    for (size_t i = at; i < table->cells; i += table->columns) {
        buf_reset(scratch);
        table_cell_add(table, &table->cell[i], column, layout, style, scratch);
        if (buf_check(scratch, error) != 0)
            return -1;
        const int width = terminal_columns(buf_str(scratch));
        if (width > layout->width)
            layout->width = width;
    }
    return 0;
}

void table_layout_of(const struct table *table, size_t at, struct layout *layout)
{
    const struct column *column = &table->column[at];
    *layout = (struct layout){.digits = column->digits, .hidden = column->data_only || column->optional};
    for (size_t i = at; i < table->cells && !column->data_only; i += table->columns) {
        const struct cell *cell = &table->cell[i];
        if (cell->empty)
            continue;
        layout->hidden = false;
        if (column->kind == COLUMN_DEC && fraction_digits(cell->integer) > layout->digits)
            layout->digits = fraction_digits(cell->integer);
        layout->seconds |= column->kind == COLUMN_TIME && cell->integer % TIME_MINUTE != 0;
    }
}

static int layout_work_out(const struct table *table, const struct style *style, size_t at, struct layout *layout,
                           struct buf *scratch, struct error *error)
{
    table_layout_of(table, at, layout);
    return layout->hidden ? 0 : width_work_out(table, style, at, layout, scratch, error);
}

static int table_width(const struct table *table, const struct layout *layout)
{
    int width = -2;
    for (size_t at = 0; at < table->columns; at++)
        width += layout[at].hidden ? 0 : layout[at].width + 2;
    return width;
}

/* Leave out the column of the highest rank, the last of several. False: none is left that may go. */
static bool drop_one(const struct table *table, struct layout *layout, int least)
{
    size_t worst = table->columns;
    for (size_t at = 0; at < table->columns; at++)
        if (!layout[at].hidden && table->column[at].rank >= least &&
            (worst == table->columns || table->column[at].rank >= table->column[worst].rank))
            worst = at;
    if (worst == table->columns)
        return false;
    layout[worst].hidden = layout[worst].dropped = true;
    return true;
}

#define RANKS      9
#define RANK_HOURS 6 /* hours go after the columns of this rank and above, before the others */

/* Make the table as narrow as the style's width, as far as it can be. */
static int fit(const struct table *table, const struct style *style, struct layout *layout, struct buf *scratch,
               struct error *error)
{
    if (style->width == 0)
        return 0;
    for (size_t at = 0; at < table->columns && table_width(table, layout) > style->width; at++)
        if (table->column[at].fold && !layout[at].hidden)
            layout[at].hidden = layout[at].folded = true;
    while (table_width(table, layout) > style->width && drop_one(table, layout, RANK_HOURS))
        ;
    for (size_t at = 0; at < table->columns && table_width(table, layout) > style->width; at++)
        if (table->column[at].kind == COLUMN_TIME && table->column[at].rank > 0 && !layout[at].hidden) {
            layout[at].short_time = true;
            if (width_work_out(table, style, at, &layout[at], scratch, error) != 0)
                return -1;
        }
    while (table_width(table, layout) > style->width && drop_one(table, layout, 1))
        ;
    for (int rank = 1; rank <= RANKS; rank++) /* what was left out early may have room again */
        for (size_t at = 0; at < table->columns; at++)
            if (layout[at].dropped && table->column[at].rank == rank &&
                table_width(table, layout) + layout[at].width + 2 <= style->width)
                layout[at].hidden = layout[at].dropped = false;
    return 0;
}

/* Below a row: what did not fit beside it, wrapped to the width. */
static int folded_add(const struct table *table, size_t row, const struct layout *layout, const struct style *style,
                      struct buf *scratch, struct buf *out, struct error *error)
{
    buf_reset(scratch);
    for (size_t at = 0; at < table->columns; at++) {
        const struct cell *cell = &table->cell[row * table->columns + at];
        if (!layout[at].folded || cell->empty)
            continue;
        buf_add_text(scratch, scratch->n > 0 ? "  " : "");
        table_cell_add(table, cell, &table->column[at], &layout[at], style, scratch);
    }
    if (scratch->n > 0) {
        buf_add_text(out, "    ");
        style_wrap(out, buf_str(scratch), 4, 4, style);
        buf_add_char(out, '\n');
    }
    return buf_check(scratch, error) != 0 ? -1 : buf_check(out, error);
}

static int missing_add(const struct table *table, const struct layout *layout, const struct style *style,
                       struct buf *scratch, struct buf *out, struct error *error)
{
    buf_reset(scratch);
    for (size_t at = 0; at < table->columns && table->cells > 0; at++) {
        if (!layout[at].dropped)
            continue;
        buf_add_text(scratch, scratch->n > 0 ? ", " : "not shown, too narrow: ");
        table_title_add(&table->column[at], scratch);
    }
    if (scratch->n == 0)
        return 0;
    buf_add_text(scratch, " (-O csv has all)");
    buf_add_text(out, style->color ? "\033[2m" : "");
    style_wrap(out, buf_str(scratch), 0, 4, style);
    buf_add_text(out, style->color ? "\033[0m\n" : "\n");
    return buf_check(scratch, error);
}

enum tone table_cell_tone(const struct cell *cell, const struct column *column)
{
    if (cell->tone != TONE_NONE || !column->sign || cell->empty)
        return cell->tone;
    const bool negative = column->kind == COLUMN_DEC ? cell->integer < 0 : cell->number < 0;
    const bool positive = column->kind == COLUMN_DEC ? cell->integer > 0 : cell->number > 0;
    return negative ? TONE_BAD : positive ? TONE_GOOD : TONE_NONE;
}

static void padded_add(struct buf *out, struct str text, int width, bool left, bool last, const char *paint)
{
    const int spaces = width - terminal_columns(text);
    for (int i = 0; !left && i < spaces; i++)
        buf_add_char(out, ' ');
    buf_add_text(out, paint);
    buf_add_str(out, text);
    if (paint[0] != '\0')
        buf_add_text(out, "\033[0m");
    for (int i = 0; left && !last && i < spaces; i++)
        buf_add_char(out, ' ');
    buf_add_text(out, last ? "\n" : "  ");
}

/* The heading and the rows of the columns that are not hidden. */
static int rows_add(const struct table *table, const struct style *style, const struct layout *layout,
                    struct buf *scratch, struct buf *out, struct error *error)
{
    static const char *const paint[] = {"", "\033[32m", "\033[31m", "\033[33m", "\033[2m"};
    size_t last = 0;
    int result = 0;
    for (size_t at = 0; at < table->columns; at++)
        last = layout[at].hidden ? last : at;
    for (size_t at = 0; at < table->columns && result == 0; at++) {
        const struct column *column = &table->column[at];
        if (layout[at].hidden)
            continue;
        buf_reset(scratch);
        table_title_add(column, scratch);
        result = buf_check(scratch, error);
        padded_add(out, buf_str(scratch), layout[at].width, table_is_left(column), at == last,
                   style->color ? "\033[1m" : "");
    }
    for (size_t i = 0; i < table->cells && result == 0; i++) {
        const size_t at = i % table->columns;
        const struct column *column = &table->column[at];
        if (!layout[at].hidden) {
            buf_reset(scratch);
            table_cell_add(table, &table->cell[i], column, &layout[at], style, scratch);
            result = buf_check(scratch, error);
            padded_add(out, buf_str(scratch), layout[at].width, table_is_left(column), at == last,
                       style->color ? paint[table_cell_tone(&table->cell[i], column)] : "");
        }
        if (at == table->columns - 1 && result == 0)
            result = folded_add(table, i / table->columns, layout, style, scratch, out, error);
    }
    return result;
}

/* As many columns as have room, beside the first; then the next, below them. */
static int stack_add(const struct table *table, const struct style *style, struct layout *layout, struct buf *scratch,
                     struct buf *out, struct error *error)
{
    for (size_t at = 1; at < table->columns; at++)
        layout[at].hidden = true;
    for (size_t from = 1, to; from < table->columns; from = to) {
        for (to = from; to < table->columns; to++) {
            layout[to].hidden = false;
            if (to > from && table_width(table, layout) > style->width) {
                layout[to].hidden = true;
                break;
            }
        }
        buf_add_text(out, from > 1 ? "\n" : "");
        if (rows_add(table, style, layout, scratch, out, error) != 0)
            return -1;
        for (size_t at = from; at < to; at++)
            layout[at].hidden = true;
    }
    return 0;
}

int table_render_text(const struct table *table, const struct style *style, struct buf *out, struct error *error)
{
    struct layout *layout = calloc(table->columns, sizeof *layout);
    if (layout == NULL)
        return error_memory(error);
    struct buf scratch;
    buf_init(&scratch, out->maximum);
    int result = 0;
    for (size_t at = 0; at < table->columns && result == 0; at++)
        result = layout_work_out(table, style, at, &layout[at], &scratch, error);
    if (result == 0 && table->stacked && style->width > 0 && table_width(table, layout) > style->width)
        result = stack_add(table, style, layout, &scratch, out, error);
    else if (result == 0 && fit(table, style, layout, &scratch, error) == 0)
        result = rows_add(table, style, layout, &scratch, out, error) != 0
                     ? -1
                     : missing_add(table, layout, style, &scratch, out, error);
    if (result == 0)
        result = buf_check(out, error);
    result = error_is_set(error) ? -1 : result;
    buf_clear(&scratch);
    free(layout);
    return result;
}
