/* tn-journal query: a user's SQL, answered as a table, NDJSON, CSV or TSV. */
#include "tn-journal/commands.h"

#include "base/list.h"
#include "base/num.h"
#include "base/out.h"
#include "journal/history.h"
#include "record/record.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ROW_MAX    4194304u          /* bytes of one row as text: a few of the longest records */
#define ANSWER_MAX ((size_t)1 << 30) /* bytes of an answer that is shown as a table */

struct answer {
    struct statement *rows;
    int columns;
    struct column *column; /* keys owned, each used once */
};

static void answer_clear(struct answer *answer)
{
    for (int i = 0; answer->column != NULL && i < answer->columns; i++)
        free((char *)(uintptr_t)answer->column[i].key);
    free(answer->column);
}

static bool key_is_used(const struct answer *answer, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(answer->column[i].key, key) == 0)
            return true;
    return false;
}

/* Columns that go below their row where the table is wider than the terminal. */
static bool is_long(const char *key)
{
    static const char *const names[] = {"id", "message", "reason", "record", "strategy", "text"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(key, names[i]) == 0)
            return true;
    return false;
}

/* Two columns may have one name in SQL, two keys of an object may not: the second "n" is "n_2". */
static int name_columns(struct answer *answer, struct error *error)
{
    answer->columns = statement_columns(answer->rows);
    answer->column = calloc((size_t)answer->columns, sizeof *answer->column);
    if (answer->column == NULL)
        return error_memory(error);
    for (int i = 0; i < answer->columns; i++) {
        const char *name = statement_column_name(answer->rows, i);
        char *key = strdup(name == NULL ? "" : name);
        for (int n = 2; key != NULL && key_is_used(answer, i, key); n++) {
            free(key);
            if (asprintf(&key, "%s_%d", name, n) < 0)
                key = NULL;
        }
        if (key == NULL)
            return error_memory(error);
        answer->column[i] =
            (struct column){.key = key, .title = key, .kind = COLUMN_TEXT, .fold = i > 0 && is_long(key)};
    }
    return 0;
}

static void add_blob(struct buf *out, struct str bytes)
{
    char hex[3];
    for (size_t i = 0; i < bytes.n; i++) {
        hash_hex(hex, (const uint8_t *)bytes.p + i, 1);
        buf_add_text(out, hex);
    }
}

/* A cell as text; NULL is "". */
static void add_cell(struct buf *out, struct statement *rows, int column)
{
    char text[NUM_TEXT_MAX];
    switch (statement_kind(rows, column)) {
    case SQL_NULL:
        break;
    case SQL_INT:
        buf_printf(out, "%lld", (long long)statement_int(rows, column));
        break;
    case SQL_REAL:
        if (isfinite(statement_real(rows, column)))
            buf_add(out, text, num_format(text, statement_real(rows, column)));
        break;
    case SQL_TEXT:
        buf_add_str(out, statement_bytes(rows, column));
        break;
    case SQL_BLOB:
        add_blob(out, statement_bytes(rows, column));
        break;
    }
}

static int add_json_cell(struct buf *out, struct buf *text, struct statement *rows, int column, struct error *error)
{
    const enum sql_kind kind = statement_kind(rows, column);
    buf_reset(text);
    add_cell(text, rows, column);
    if (buf_check(text, error) != 0)
        return -1;
    if (kind == SQL_TEXT || kind == SQL_BLOB)
        json_add_string(out, buf_str(text));
    else if (kind == SQL_NULL || text->n == 0)
        buf_add_text(out, "null");
    else
        buf_add_str(out, buf_str(text));
    return 0;
}

/* What failed, failed for a row; rows count from 1. */
static int refuse_row(size_t row, struct error *error)
{
    error_prefix(error, "row %zu", row);
    return -1;
}

static int make_line(const struct answer *answer, struct buf *line, struct buf *text, struct error *error)
{
    buf_reset(line);
    for (int i = 0; i < answer->columns; i++) {
        require(answer->column[i].key != NULL);
        buf_add_char(line, i == 0 ? '{' : ',');
        json_add_string(line, str_of(answer->column[i].key));
        buf_add_char(line, ':');
        if (add_json_cell(line, text, answer->rows, i, error) != 0)
            return -1;
    }
    buf_add_text(line, "}\n");
    return buf_check(line, error);
}

static int write_lines(const struct answer *answer, struct error *error)
{
    struct buf line, text;
    struct out *out = out_open(NULL, error);
    if (out == NULL)
        return -1;
    buf_init(&line, ROW_MAX);
    buf_init(&text, ROW_MAX);
    int got = 1;
    for (size_t row = 1; got == 1 && (got = statement_step(answer->rows, error)) == 1; row++) {
        if (make_line(answer, &line, &text, error) != 0)
            got = refuse_row(row, error);
        else
            out_str(out, buf_str(&line));
    }
    buf_clear(&line);
    buf_clear(&text);
    return out_close(out, error) != 0 ? -1 : got;
}

/* An answer that is shown as a table. What kind its columns are is only known after a look at every row, and a query
 * that is run twice may answer twice. */
struct cell {
    enum sql_kind kind;
    int64_t integer;
    double real;
    size_t at, length; /* of its text */
};

struct cells {
    struct cell *cell;
    size_t count, capacity;
    struct buf text;
};

static int add_row(struct cells *cells, const struct answer *answer, struct error *error)
{
    for (int i = 0; i < answer->columns; i++) {
        if (list_grow(&cells->cell, &cells->capacity, cells->count, sizeof *cells->cell, error) != 0)
            return -1;
        struct cell *cell = &cells->cell[cells->count++];
        const enum sql_kind kind = statement_kind(answer->rows, i);
        *cell = (struct cell){.kind = kind, .at = cells->text.n};
        if (kind == SQL_INT)
            cell->integer = statement_int(answer->rows, i);
        if (kind == SQL_INT || kind == SQL_REAL)
            cell->real = statement_real(answer->rows, i);
        add_cell(&cells->text, answer->rows, i);
        cell->length = cells->text.n - cell->at;
    }
    return buf_check(&cells->text, error);
}

static int read_cells(struct cells *cells, const struct answer *answer, struct error *error)
{
    int got = 1;
    while (got == 1 && (got = statement_step(answer->rows, error)) == 1)
        if (add_row(cells, answer, error) != 0)
            got = refuse_row(cells->count / (size_t)answer->columns, error);
    return got;
}

/* Columns of whole numbers stand at the right, and so do those of decimals. */
static enum column_kind find_kind(const struct cells *cells, size_t column, size_t columns)
{
    bool other = false, fraction = false; /* some cell is no number, or no whole one */
    for (size_t i = column; i < cells->count; i += columns) {
        const struct cell *cell = &cells->cell[i];
        dec fits;
        if (cell->kind == SQL_NULL)
            continue;
        fraction |= cell->kind != SQL_INT;
        other |= (cell->kind != SQL_INT && cell->kind != SQL_REAL) ||
                 dec_from_double(&fits, cell->real, ROUND_HALF_EVEN) != 0;
    }
    return cells->count == 0 ? COLUMN_TEXT : !fraction ? COLUMN_COUNT : !other ? COLUMN_DEC : COLUMN_TEXT;
}

static void add_table_cell(struct table *table, const struct cells *cells, const struct cell *cell,
                           enum column_kind kind)
{
    dec value = 0;
    if (cell->kind == SQL_NULL) {
        table_none(table);
    } else if (kind == COLUMN_COUNT) {
        table_count(table, cell->integer);
    } else if (kind == COLUMN_DEC) {
        require(dec_from_double(&value, cell->real, ROUND_HALF_EVEN) == 0);
        table_dec(table, value);
    } else {
        table_str(table, (struct str){cells->text.p + cell->at, cell->length});
    }
}

static int write_table(const struct answer *answer, const struct style *style, struct error *error)
{
    const size_t columns = (size_t)answer->columns;
    struct table *table = NULL;
    struct cells cells = {.count = 0};
    buf_init(&cells.text, ANSWER_MAX);
    int result = read_cells(&cells, answer, error);
    for (size_t i = 0; style->format == FORMAT_TABLE && i < columns; i++)
        answer->column[i].kind = find_kind(&cells, i, columns);
    if (result == 0 && (table = table_new(NULL, answer->column, answer->columns, error)) == NULL)
        result = -1;
    for (size_t i = 0; result == 0 && i < cells.count; i++)
        add_table_cell(table, &cells, &cells.cell[i], answer->column[i % columns].kind);
    if (result == 0)
        result = table_show(table, style, error);
    table_free(table);
    free(cells.cell);
    buf_clear(&cells.text);
    return result;
}

enum exit_code journal_answer(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct style style;
    if (home_open(&home, JOURNAL_READ, error) != 0)
        return error->code;
    if (style_init(&style, invocation, NULL, error) != 0) {
        home_close(&home);
        return error->code;
    }
    struct answer answer = {.rows = journal_query(home.journal, invocation_operand_list(invocation)[0], error)};
    if (answer.rows != NULL && name_columns(&answer, error) == 0 && answer.columns > 0)
        (void)(style.format == FORMAT_JSON ? write_lines(&answer, error) : write_table(&answer, &style, error));
    if (error_is_set(error) && error->hint[0] == '\0' && strstr(error->text, "no such table") != NULL)
        error_hint(error, "the tables: accounts orders order_updates fills positions lots cash equity notes event");
    answer_clear(&answer);
    statement_close(answer.rows);
    style_clear(&style);
    home_close(&home);
    return error->code;
}
