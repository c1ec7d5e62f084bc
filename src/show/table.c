/* Tables: collecting cells, and writing them as data. Aligned text is in table_text.c. */
#include "show/table.h"

#include "base/num.h"
#include "base/terminal.h"
#include "base/time.h"
#include "record/record.h"
#include "show/table_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 30)

struct table *table_new(const char *type, const struct column *columns, int count, struct error *error)
{
    require(count > 0);
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    table->type = type;
    table->column = columns;
    table->columns = (size_t)count;
    buf_init(&table->text, TEXT_MAXIMUM);
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    buf_clear(&table->text);
    free(table->cell);
    free(table);
}

void table_stack(struct table *table)
{
    table->stacked = true;
}

int table_check(const struct table *table, struct error *error)
{
    return table->failed ? error_memory(error) : 0;
}

size_t table_rows(const struct table *table)
{
    return table->cells / table->columns;
}

static struct cell *cell_add(struct table *table)
{
    if (table->cells == table->capacity) {
        const size_t capacity = table->capacity == 0 ? 256 : table->capacity * 2;
        struct cell *cell = realloc(table->cell, capacity * sizeof *cell);
        if (cell == NULL) {
            table->failed = true;
            table->cells -= table->cells % table->columns;
            return NULL;
        }
        table->cell = cell;
        table->capacity = capacity;
    }
    struct cell *cell = &table->cell[table->cells++];
    *cell = (struct cell){.empty = true};
    return cell;
}

static const struct column *next_column(const struct table *table)
{
    return &table->column[table->cells % table->columns];
}

void table_str(struct table *table, struct str text)
{
    require(table->failed || next_column(table)->kind <= COLUMN_RAW);
    struct cell *cell = table->failed ? NULL : cell_add(table);
    if (cell == NULL)
        return;
    cell->empty = text.n == 0;
    cell->offset = table->text.n;
    cell->length = text.n;
    buf_add_str(&table->text, text);
    table->failed |= table->text.failed;
}

void table_text(struct table *table, const char *text)
{
    table_str(table, str_of(text));
}

static void integer_add(struct table *table, int64_t value, enum column_kind kind)
{
    require(table->failed || next_column(table)->kind == kind ||
            (kind == COLUMN_TIME && next_column(table)->kind == COLUMN_DATE));
    struct cell *cell = table->failed ? NULL : cell_add(table);
    if (cell == NULL)
        return;
    cell->empty = kind != COLUMN_COUNT && value == INT64_MIN; /* DEC_NONE, TIME_NONE */
    cell->integer = value;
}

void table_dec(struct table *table, dec value)
{
    integer_add(table, value, COLUMN_DEC);
}

void table_count(struct table *table, int64_t value)
{
    integer_add(table, value, COLUMN_COUNT);
}

void table_time(struct table *table, int64_t time)
{
    integer_add(table, time, COLUMN_TIME);
}

void table_double(struct table *table, double value)
{
    require(table->failed || next_column(table)->kind == COLUMN_DOUBLE || next_column(table)->kind == COLUMN_FRACTION);
    struct cell *cell = table->failed ? NULL : cell_add(table);
    if (cell == NULL)
        return;
    cell->empty = !isfinite(value);
    cell->number = value;
}

void table_none(struct table *table)
{
    if (!table->failed)
        (void)cell_add(table);
}

void table_tone(struct table *table, enum tone tone)
{
    if (table->failed || table->cells == 0)
        return;
    table->cell[table->cells - 1].tone = tone;
}

struct str table_cell_text(const struct table *table, const struct cell *cell)
{
    return (struct str){table->text.p + cell->offset, cell->length};
}

/* The text as data: as it is, but for a terminal without what it would obey. */
static struct str text_for(const struct table *table, const struct cell *cell, const struct style *style,
                           struct buf *scratch)
{
    const struct str text = table_cell_text(table, cell);
    if (!style->terminal)
        return text;
    scratch->n = 0; /* a failure stays: table_render looks for it */
    terminal_strip(scratch, text);
    return buf_str(scratch);
}

/* A number or time as data: the same in JSON (but for quotes) and CSV. */
static void data_add(struct buf *out, const struct cell *cell, enum column_kind kind)
{
    char text[TIME_TEXT_MAX > NUM_TEXT_MAX ? TIME_TEXT_MAX : NUM_TEXT_MAX];
    switch (kind) {
    case COLUMN_DEC:
        buf_add(out, text, dec_format(text, cell->integer));
        break;
    case COLUMN_COUNT:
        buf_printf(out, "%lld", (long long)cell->integer);
        break;
    case COLUMN_TIME:
    case COLUMN_DATE:
        buf_add(out, text, time_format(text, cell->integer));
        break;
    default:
        buf_add(out, text, num_format(text, cell->number));
    }
}

static void json_render(const struct table *table, const struct style *style, struct buf *scratch, struct buf *out)
{
    for (size_t i = 0; i < table->cells; i++) {
        const size_t at = i % table->columns;
        const struct column *column = &table->column[at];
        const struct cell *cell = &table->cell[i];
        if (at == 0 && table->type != NULL)
            buf_printf(out, "{\"type\":\"%s\",", table->type);
        else
            buf_add_char(out, at == 0 ? '{' : ',');
        buf_printf(out, "\"%s\":", column->key);
        const bool quoted = column->kind == COLUMN_TIME || column->kind == COLUMN_DATE;
        if (cell->empty) {
            buf_add_text(out, "null");
        } else if (column->kind == COLUMN_TEXT) {
            json_add_string(out, text_for(table, cell, style, scratch));
        } else if (column->kind == COLUMN_RAW) {
            buf_add_str(out, text_for(table, cell, style, scratch));
        } else {
            buf_add_text(out, quoted ? "\"" : "");
            data_add(out, cell, column->kind);
            buf_add_text(out, quoted ? "\"" : "");
        }
        if (at == table->columns - 1)
            buf_add_text(out, "}\n");
    }
}

static bool is_number(struct str text)
{
    double value;
    struct error error;
    error_clear(&error);
    const size_t plus = text.n > 1 && text.p[0] == '+';
    return num_parse(&value, text.p + plus, text.n - plus, &error) == 0;
}

static bool begins_formula(char c)
{
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

/* RFC 4180 §2, rules 5 to 7. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
static void separated_text_add(struct buf *out, struct str text, char separator)
{
    const bool formula = text.n > 0 && begins_formula(text.p[0]) && !is_number(text);
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++)
        quoted |= text.p[i] == separator || text.p[i] == '"' || text.p[i] == '\n' || text.p[i] == '\r';
    if (quoted)
        buf_add_char(out, '"');
    if (formula)
        buf_add_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (quoted && text.p[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text.p[i]);
    }
    if (quoted)
        buf_add_char(out, '"');
}

static void separated_render(const struct table *table, const struct style *style, struct buf *scratch, struct buf *out,
                             const char *separator)
{
    for (size_t i = 0; i < table->columns; i++) {
        buf_add_text(out, table->column[i].key);
        buf_add_text(out, i + 1 < table->columns ? separator : "\n");
    }
    for (size_t i = 0; i < table->cells; i++) {
        const size_t at = i % table->columns;
        const struct cell *cell = &table->cell[i];
        if (!cell->empty && table->column[at].kind <= COLUMN_RAW)
            separated_text_add(out, text_for(table, cell, style, scratch), separator[0]);
        else if (!cell->empty)
            data_add(out, cell, table->column[at].kind);
        buf_add_text(out, at + 1 < table->columns ? separator : "\n");
    }
}

int table_render(const struct table *table, const struct style *style, struct buf *out, struct error *error)
{
    if (table_check(table, error) != 0)
        return -1;
    require(table->cells % table->columns == 0);
    if (style->format == FORMAT_TABLE)
        return table_render_text(table, style, out, error);
    struct buf scratch;
    buf_init(&scratch, TEXT_MAXIMUM);
    if (style->format == FORMAT_JSON)
        json_render(table, style, &scratch, out);
    else
        separated_render(table, style, &scratch, out, style->format == FORMAT_CSV ? "," : "\t");
    const bool failed = scratch.failed;
    buf_clear(&scratch);
    return failed ? error_memory(error) : buf_check(out, error);
}

int table_show_or(const struct table *table, const char *nothing, const struct style *style, struct error *error)
{
    struct buf out;
    int result = table_check(table, error); /* rows that got no memory are not none */
    buf_init(&out, TEXT_MAXIMUM);
    if (result == 0 && nothing != NULL && table_rows(table) == 0 && style->format == FORMAT_TABLE)
        buf_printf(&out, "%s\n", nothing);
    else if (result == 0)
        result = table_render(table, style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    return result;
}

int table_show(const struct table *table, const struct style *style, struct error *error)
{
    return table_show_or(table, NULL, style, error);
}
