/* tn-journal query: a user's SQL, answered as a table, NDJSON, CSV or TSV. */
#include "tn-journal/commands.h"

#include "base/num.h"
#include "base/out.h"
#include "journal/history.h"
#include "record/record.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ROW_MAX 4194304u /* bytes of one row as text: a few of the longest records */

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
        answer->column[i] = (struct column){.key = key, .title = key, .kind = COLUMN_TEXT};
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
    while (got == 1 && (got = statement_step(answer->rows, error)) == 1) {
        if (make_line(answer, &line, &text, error) != 0)
            got = -1;
        else
            out_str(out, buf_str(&line));
    }
    buf_clear(&line);
    buf_clear(&text);
    return out_close(out, error) != 0 ? -1 : got;
}

/* Columns of whole numbers stand at the right, and so do those of decimals: whether they are is only known after a look
 * at every row. */
static int find_kinds(const struct answer *answer, struct error *error)
{
    struct looks {
        bool other, fraction; /* some cell is no number, or no whole one */
    } *looks = calloc((size_t)answer->columns, sizeof *looks);
    if (looks == NULL)
        return error_memory(error);
    int got;
    int64_t rows = 0;
    while ((got = statement_step(answer->rows, error)) == 1) {
        rows++;
        for (int i = 0; i < answer->columns; i++) {
            const enum sql_kind kind = statement_kind(answer->rows, i);
            dec fits;
            looks[i].fraction |= kind != SQL_INT && kind != SQL_NULL;
            looks[i].other |=
                kind == SQL_TEXT || kind == SQL_BLOB ||
                (kind != SQL_NULL && dec_from_double(&fits, statement_real(answer->rows, i), ROUND_HALF_EVEN) != 0);
        }
    }
    for (int i = 0; i < answer->columns && rows > 0; i++)
        answer->column[i].kind = !looks[i].fraction ? COLUMN_COUNT : !looks[i].other ? COLUMN_DEC : COLUMN_TEXT;
    free(looks);
    return got;
}

static int add_table_cell(struct table *table, const struct answer *answer, int column, struct buf *text,
                          struct error *error)
{
    const enum sql_kind kind = statement_kind(answer->rows, column);
    dec value;
    if (kind == SQL_NULL) {
        table_none(table);
    } else if (answer->column[column].kind == COLUMN_COUNT) {
        table_count(table, statement_int(answer->rows, column));
    } else if (answer->column[column].kind == COLUMN_DEC) {
        require(dec_from_double(&value, statement_real(answer->rows, column), ROUND_HALF_EVEN) == 0);
        table_dec(table, value);
    } else {
        buf_reset(text);
        add_cell(text, answer->rows, column);
        table_str(table, buf_str(text));
        return buf_check(text, error);
    }
    return 0;
}

static int write_table(const struct answer *answer, const struct style *style, struct error *error)
{
    if (style->format == FORMAT_TABLE && find_kinds(answer, error) != 0)
        return -1;
    struct table *table = table_new(NULL, answer->column, answer->columns, error);
    if (table == NULL)
        return -1;
    struct buf text;
    buf_init(&text, ROW_MAX);
    int got = 1;
    while (got == 1 && (got = statement_step(answer->rows, error)) == 1)
        for (int i = 0; i < answer->columns && got == 1; i++)
            if (add_table_cell(table, answer, i, &text, error) != 0)
                got = -1;
    if (got == 0)
        got = table_show(table, style, error);
    buf_clear(&text);
    table_free(table);
    return got;
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
    answer_clear(&answer);
    statement_close(answer.rows);
    style_clear(&style);
    home_close(&home);
    return error->code;
}
