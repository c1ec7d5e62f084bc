/* A document as a workbook of libxlsxwriter, which alone this file knows. */
#include "show/document_pages.h"

#include "base/file.h"
#include "base/terminal.h"
#include "base/time.h"
#include "show/table_cells.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#define SHEET_NAME_MAX 28 /* of 31 that a sheet's name may have, so that a number has room */

struct account_report_out {
    lxw_workbook *workbook;
    lxw_format *bold, *large, *percent, *money, *time, *date, *number;
    lxw_format *price[9]; /* by digits after the point, from 3 on */
    const struct style *style;
    struct buf text;
    int sheets;
};

static const char *clean(struct account_report_out *out, struct str text)
{
    buf_reset(&out->text);
    buf_add_text(&out->text, "");
    terminal_strip(&out->text, text);
    return out->text.p == NULL ? "" : out->text.p;
}

/* A sheet with a name of its own: [ ] : * ? / \ and quotes may not stand in one. */
static lxw_worksheet *sheet_new(struct account_report_out *out, struct str title)
{
    char name[SHEET_NAME_MAX + 8];
    size_t n = 0;
    for (size_t i = 0; i < title.n && n < SHEET_NAME_MAX; i++) {
        const unsigned char c = (unsigned char)title.p[i];
        if (isalnum(c) || c == ' ' || c == '-' || c == '&')
            name[n++] = (char)c;
    }
    name[n] = '\0';
    if (n == 0)
        (void)snprintf(name, sizeof name, "Sheet");
    if (workbook_validate_sheet_name(out->workbook, name) != LXW_NO_ERROR)
        (void)snprintf(name + strlen(name), sizeof name - strlen(name), " %d", out->sheets);
    out->sheets++;
    return workbook_add_worksheet(out->workbook, name);
}

/* Days since 1899-12-30 of local time, as workbooks count them. */
static double serial(int64_t time, const struct zone *zone)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    return (double)local / (double)TIME_DAY + 25569;
}

/* A column of prices has the digits of its longest, as in the other kinds of reports. */
static lxw_format *price_format(struct account_report_out *out, const struct column *column, int digits)
{
    if (digits <= 2 || digits > 8)
        return column->digits == 2 ? out->money : NULL;
    if (out->price[digits] == NULL) {
        char code[32];
        (void)snprintf(code, sizeof code, "#,##0.%.*s", digits, "00000000");
        out->price[digits] = workbook_add_format(out->workbook);
        format_set_num_format(out->price[digits], code);
    }
    return out->price[digits];
}

static void cell_write(struct account_report_out *out, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t at,
                       const struct table *table, const struct layout *layout, size_t i)
{
    const struct column *column = &table->column[i % table->columns];
    const struct cell *cell = &table->cell[i];
    if (cell->empty)
        return;
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_RAW:
        (void)worksheet_write_string(sheet, row, at, clean(out, table_cell_text(table, cell)), NULL);
        return;
    case COLUMN_DEC:
        (void)worksheet_write_number(sheet, row, at, dec_to_double(cell->integer),
                                     price_format(out, column, layout->digits));
        return;
    case COLUMN_COUNT:
        (void)worksheet_write_number(sheet, row, at, (double)cell->integer, NULL);
        return;
    case COLUMN_FRACTION:
        (void)worksheet_write_number(sheet, row, at, cell->number, out->percent);
        return;
    case COLUMN_DOUBLE:
        (void)worksheet_write_number(sheet, row, at, cell->number, column->digits > 0 ? out->number : NULL);
        return;
    case COLUMN_TIME:
    case COLUMN_DATE:
        (void)worksheet_write_number(sheet, row, at, serial(cell->integer, out->style->zone),
                                     column->kind == COLUMN_DATE ? out->date : out->time);
        return;
    }
}

static void table_write(struct account_report_out *out, const struct block *block, struct str title)
{
    const struct table *table = block->table;
    lxw_worksheet *sheet =
        sheet_new(out, block->text.n > 0 && (block->traits & TABLE_FOLDED) != 0 ? buf_str(&block->text) : title);
    if (sheet == NULL)
        return;
    lxw_col_t place = 0;
    for (size_t at = 0; at < table->columns; at++) {
        struct layout layout;
        table_layout_of(table, at, &layout);
        if (layout.hidden)
            continue;
        buf_reset(&out->text);
        buf_add_text(&out->text, "");
        table_title_add(&table->column[at], &out->text);
        (void)worksheet_write_string(sheet, 0, place, out->text.p == NULL ? "" : out->text.p, out->bold);
        (void)worksheet_set_column(sheet, place, place, table->column[at].kind <= COLUMN_RAW ? 20 : 16, NULL);
        for (size_t i = at; i < table->cells; i += table->columns)
            cell_write(out, sheet, (lxw_row_t)(1 + i / table->columns), place, table, &layout, i);
        place++;
    }
    worksheet_freeze_panes(sheet, 1, 0);
    if (place > 1 && (block->traits & TABLE_CURVE) != 0 && table_rows(table) > 1) {
        char range[2][128];
        lxw_chart *chart = workbook_add_chart(out->workbook, LXW_CHART_LINE);
        for (lxw_col_t k = 1; chart != NULL && k < place && k < 20; k++) {
            (void)snprintf(range[0], sizeof range[0], "='%s'!$A$2:$A$%zu", sheet->name, table_rows(table) + 1);
            (void)snprintf(range[1], sizeof range[1], "='%s'!$%c$2:$%c$%zu", sheet->name, 'A' + k, 'A' + k,
                           table_rows(table) + 1);
            lxw_chart_series *series = chart_add_series(chart, range[0], range[1]);
            (void)snprintf(range[0], sizeof range[0], "='%s'!$%c$1", sheet->name, 'A' + k);
            if (series != NULL)
                chart_series_set_name(series, range[0]);
        }
        if (chart != NULL)
            (void)worksheet_insert_chart(sheet, 1, (lxw_col_t)(place + 1), chart);
    }
}

static void first_sheet(struct account_report_out *out, const struct document *document)
{
    lxw_worksheet *sheet = sheet_new(out, STR("Report"));
    lxw_row_t row = 0;
    if (sheet == NULL)
        return;
    (void)worksheet_set_column(sheet, 0, 0, 28, NULL);
    (void)worksheet_set_column(sheet, 1, 1, 24, NULL);
    (void)worksheet_write_string(sheet, row++, 0, clean(out, buf_str(&document->title)), out->large);
    (void)worksheet_write_string(sheet, row++, 0, clean(out, buf_str(&document->subtitle)), NULL);
    row++;
    for (size_t i = 0; i < document->blocks; i++) {
        const struct block *block = &document->block[i];
        if (block->kind == BLOCK_TEXT || block->kind == BLOCK_WARNING)
            (void)worksheet_write_string(sheet, row++, 0, clean(out, buf_str(&block->text)), NULL);
        for (size_t k = 0; k < block->facts; k++) {
            (void)worksheet_write_string(sheet, row, 0, clean(out, buf_str(&block->fact[k].label)), NULL);
            (void)worksheet_write_string(sheet, row, 1, clean(out, buf_str(&block->fact[k].value)), NULL);
            (void)worksheet_write_string(sheet, row++, 2, clean(out, buf_str(&block->fact[k].note)), NULL);
        }
    }
}

static void formats_add(struct account_report_out *out)
{
    static const char *const codes[] = {"0.00%", "#,##0.00", "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "0.00"};
    lxw_format **const formats[] = {&out->percent, &out->money, &out->time, &out->date, &out->number};
    for (int i = 0; i < 5; i++) {
        *formats[i] = workbook_add_format(out->workbook);
        format_set_num_format(*formats[i], codes[i]);
    }
    out->bold = workbook_add_format(out->workbook);
    format_set_bold(out->bold);
    out->large = workbook_add_format(out->workbook);
    format_set_bold(out->large);
    format_set_font_size(out->large, 16);
}

static int workbook_fill(const struct document *document, const char *path, const struct style *style, const char *file,
                         struct error *error)
{
    struct account_report_out out = {.workbook = workbook_new(path), .style = style};
    if (out.workbook == NULL)
        return error_memory(error);
    buf_init(&out.text, (size_t)1 << 20);
    lxw_doc_properties properties = {.created = 946684800}; /* 2000-01-01: the same input gives the same bytes */
    (void)workbook_set_properties(out.workbook, &properties);
    formats_add(&out);
    first_sheet(&out, document);
    struct str title = STR("Table");
    for (size_t i = 0; i < document->blocks; i++) {
        const struct block *block = &document->block[i];
        if (block->kind == BLOCK_CARD)
            title = buf_str(&block->text);
        else if (block->kind == BLOCK_TABLE)
            table_write(&out, block, title);
    }
    const bool failed = out.text.failed;
    buf_clear(&out.text);
    const lxw_error code = workbook_close(out.workbook);
    if (code != LXW_NO_ERROR)
        return error_set(error, EXIT_SYSTEM, "cannot write '%s': %s", file, lxw_strerror(code));
    return failed ? error_memory(error) : 0;
}

/* libxlsxwriter wants a path: that of the draft, which takes the file's name when all is there. */
int document_to_workbook(const struct document *document, const char *file, const struct style *style,
                         struct error *error)
{
    struct draft draft;
    if (draft_open(&draft, file, 0666, error) != 0)
        return -1;
    if (draft.direct) {
        draft_close(&draft);
        return error_set(error, EXIT_USAGE, "cannot write '%s': a workbook needs a regular file", file);
    }
    if (workbook_fill(document, draft.temporary, style, file, error) != 0) {
        draft_close(&draft);
        return -1;
    }
    return draft_commit(&draft, error);
}
