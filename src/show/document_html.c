/* A document as one page of HTML that needs nothing beside it. */
#include "show/document.h"

#include "base/hash.h"
#include "show/drawing_render.h"
#include "show/html_assets.h"
#include "show/table_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_LONG 60 /* bytes of a cell that may be broken into lines */

static void markup_buf(struct buf *out, const struct buf *text)
{
    if (text->n > 0)
        markup_add(out, buf_str(text));
}

/* 'sha256-…' of a style or script, for the content security policy. */
static int source_add(struct buf *out, struct sha256 *hash, const char *text, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char base64[HASH_BASE64_SIZE(SHA256_SIZE)];
    if (sha256_of(hash, text, strlen(text), digest, error) != 0)
        return -1;
    hash_base64(base64, digest, sizeof digest);
    buf_printf(out, " 'sha256-%s'", base64);
    return 0;
}

static int head_add(const struct document *document, struct buf *out, struct error *error)
{
    struct sha256 *hash = sha256_new(error);
    if (hash == NULL)
        return -1;
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
                      "form-action 'none'; style-src");
    int result = source_add(out, hash, html_style, error);
    buf_add_text(out, "; script-src");
    if (result == 0)
        result = source_add(out, hash, html_script, error);
    sha256_free(hash);
    buf_add_text(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    markup_buf(out, &document->title);
    buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<header><div><h1>", html_style);
    markup_buf(out, &document->title);
    buf_add_text(out, "</h1><p>");
    markup_buf(out, &document->subtitle);
    buf_add_text(out, "</p></div><span class=\"js\"><button data-do=\"theme\" type=\"button\">light or dark</button> "
                      "<button data-do=\"help\" type=\"button\">keys</button></span></header>\n<main>\n");
    return result;
}

static void foot_add(struct buf *out)
{
    buf_printf(
        out,
        "</main>\n<footer><p>True North " TN_VERSION "</p></footer>\n"
        "<div id=\"note\" role=\"tooltip\" hidden></div>\n<dialog id=\"help\"><h2>Keys</h2>"
        "<p><kbd>d</kbd> light or dark, <kbd>1</kbd> to <kbd>9</kbd> cards, <kbd>/</kbd> filter, <kbd>?</kbd> this "
        "help.</p><p>Charts: point or arrow keys for values; wheel with <kbd>Ctrl</kbd> or <kbd>Shift</kbd>, "
        "<kbd>+</kbd> and <kbd>-</kbd>, or a double click to zoom; drag to move; <kbd>Esc</kbd> for all of it.</p>"
        "<form method=\"dialog\"><button>close</button></form></dialog>\n<script>%s</script>\n</body>\n</html>\n",
        html_script);
}

static const char *tone_class(enum tone tone)
{
    static const char *const classes[] = {"", "good", "bad", "alert", "faint"};
    return classes[tone];
}

static void facts_add(const struct block *block, struct buf *out)
{
    buf_add_text(out, "<dl>\n");
    for (size_t i = 0; i < block->facts; i++) {
        const struct fact *fact = &block->fact[i];
        buf_printf(out, "<div%s><dt>", fact->large ? " class=\"large\"" : "");
        if (fact->note.n > 0) {
            buf_add_text(out, "<span tabindex=\"0\" data-note=\"");
            markup_buf(out, &fact->note);
            buf_add_text(out, "\">");
        }
        markup_buf(out, &fact->label);
        buf_printf(out, "%s</dt><dd class=\"%s\">", fact->note.n > 0 ? "</span>" : "", tone_class(fact->tone));
        markup_buf(out, &fact->value);
        buf_add_text(out, "</dd></div>\n");
    }
    buf_add_text(out, "</dl>\n");
}

/* Four steps of colour by size: 1, 2, 5 per cent and above. */
static void heat_add(double value, struct buf *out)
{
    const double size = fabs(value);
    if (size < 0.0005)
        return;
    buf_printf(out, " %c%d", value < 0 ? 'd' : 'u', size < 0.01 ? 1 : size < 0.02 ? 2 : size < 0.05 ? 3 : 4);
}

static void cell_add(const struct block *block, size_t i, const struct layout *layout, const struct style *style,
                     struct buf *scratch, struct buf *out)
{
    const struct table *table = block->table;
    const size_t at = i % table->columns;
    const struct column *column = &table->column[at];
    const struct cell *cell = &table->cell[i];
    const enum tone tone = table_cell_tone(cell, column);
    const bool first = at == 0;
    buf_add_text(out, first ? "<th scope=\"row\"" : "<td");
    const bool hot = (block->traits & TABLE_HEAT) != 0 && column->kind == COLUMN_FRACTION && !cell->empty;
    if (hot || tone != TONE_NONE || (table_is_left(column) && !first)) {
        const bool left = table_is_left(column) && !first;
        buf_printf(out, " class=\"%s%s%s",
                   !left            ? ""
                   : layout->broken ? "l long"
                                    : "l",
                   left && tone != TONE_NONE ? " " : "", hot ? "" : tone_class(tone));
        if (hot)
            heat_add(cell->number, out);
        buf_add_char(out, '"');
    }
    buf_add_char(out, '>');
    buf_reset(scratch);
    table_cell_add(table, cell, column, layout, style, scratch);
    markup_buf(out, scratch);
    out->failed |= scratch->failed;
}

static int rows_add(const struct block *block, const struct style *style, struct buf *out, struct error *error)
{
    const struct table *table = block->table;
    struct layout *layout = calloc(table->columns, sizeof *layout);
    if (layout == NULL)
        return error_memory(error);
    struct buf scratch;
    buf_init(&scratch, out->maximum);
    buf_add_text(out, "<thead><tr>");
    for (size_t at = 0; at < table->columns; at++) {
        table_layout_of(table, at, &layout[at]);
        if (layout[at].hidden)
            continue;
        for (size_t i = at; i < table->cells && table->column[at].kind == COLUMN_TEXT; i += table->columns)
            layout[at].broken |= table->cell[i].length > TEXT_LONG;
        buf_printf(out, "<th scope=\"col\"%s>", table_is_left(&table->column[at]) ? " class=\"l\"" : "");
        buf_reset(&scratch);
        table_title_add(&table->column[at], &scratch);
        markup_buf(out, &scratch);
        buf_add_text(out, "</th>");
    }
    buf_add_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < table->cells; i++) {
        const size_t at = i % table->columns;
        buf_add_text(out, at == 0 ? "<tr>" : "");
        if (!layout[at].hidden)
            cell_add(block, i, &layout[at], style, &scratch, out);
        buf_add_text(out, at + 1 == table->columns ? "\n" : "");
    }
    buf_add_text(out, "</tbody>");
    buf_clear(&scratch);
    free(layout);
    return 0;
}

static int table_add(const struct block *block, size_t number, const struct style *style, struct buf *out,
                     struct error *error)
{
    const bool folded = (block->traits & TABLE_FOLDED) != 0;
    if (folded) {
        buf_add_text(out, "<details><summary>");
        markup_buf(out, &block->text);
        buf_add_text(out, "</summary>\n");
    }
    if ((block->traits & TABLE_LONG) != 0 && table_rows(block->table) > 10)
        buf_printf(out,
                   "<input class=\"js\" type=\"search\" placeholder=\"filter\" aria-label=\"filter rows\" "
                   "data-filter=\"t%zu\">\n",
                   number);
    buf_printf(out, "<div class=\"scroll\" tabindex=\"0\"><table id=\"t%zu\">", number);
    if (!folded && block->text.n > 0) {
        buf_add_text(out, "<caption>");
        markup_buf(out, &block->text);
        buf_add_text(out, "</caption>");
    }
    const int result = rows_add(block, style, out, error);
    buf_printf(out, "</table></div>%s\n", folded ? "</details>" : "");
    return result;
}

static void figure_add(const struct block *block, size_t number, struct buf *out)
{
    const struct figure *figure = block->figure;
    static const char *const rooms[] = {"", " class=\"roomy\"", " class=\"narrow\"", " class=\"small\""};
    const bool small = block->room == ROOM_ANY && figure->drawing.width <= 600;
    const char *room = rooms[small ? 3 : block->room];
    char id[32];
    (void)snprintf(id, sizeof id, "f%zu", number);
    if (figure->values.n > 0)
        buf_printf(out, "<figure%s data-from=\"%.0f\" data-to=\"%.0f\">\n", room, figure->drawing.from,
                   figure->drawing.to);
    else
        buf_printf(out, "<figure%s>\n", room);
    if (figure->words.n > 0) {
        buf_add_text(out, "<figcaption>");
        markup_buf(out, &figure->words);
        buf_add_text(out, "</figcaption>\n");
    }
    drawing_svg(&figure->drawing, false, id, out);
    if (figure->values.n > 0) {
        buf_add_text(out, "<output class=\"js\"></output>\n<script type=\"application/json\">[");
        buf_add_str(out, buf_str(&figure->values));
        buf_add_text(out, "]</script>\n");
    }
    buf_add_text(out, "</figure>\n");
}

/* Cards of one name are told apart by a number. */
static void card_begin(const struct document *document, size_t at, bool is_long, struct buf *out)
{
    const struct block *block = &document->block[at];
    char number[24] = "";
    int earlier = 0;
    for (size_t i = 0; i < at; i++)
        earlier += document->block[i].kind == BLOCK_CARD && strcmp(document->block[i].id, block->id) == 0;
    if (earlier > 0)
        (void)snprintf(number, sizeof number, "-%d", earlier + 1);
    buf_printf(out, "<section class=\"card%s%s%s\" id=\"%s%s\" tabindex=\"-1\">\n<h2>", block->wide ? " wide" : "",
               block->spread ? " spread" : "", is_long ? " long" : "", block->id, number);
    markup_buf(out, &block->text);
    buf_add_text(out, "</h2>\n");
}

/* May a card be cut between pages? One with a long table may. */
static bool is_long_card(const struct document *document, size_t from)
{
    for (size_t i = from + 1; i < document->blocks && document->block[i].kind != BLOCK_CARD; i++)
        if ((document->block[i].traits & TABLE_LONG) != 0)
            return true;
    return false;
}

int document_to_html(const struct document *document, const struct style *style, struct buf *out, struct error *error)
{
    struct style rich = *style;
    rich.ascii = false;
    rich.terminal = true; /* a true minus */
    rich.width = 0;
    bool open = false, spread = false, beside = false;
    int result = head_add(document, out, error);
    for (size_t i = 0; i < document->blocks && result == 0; i++) {
        const struct block *block = &document->block[i];
        switch (block->kind) {
        case BLOCK_CARD:
            buf_add_text(out, beside ? "</div>\n" : "");
            buf_add_text(out, open ? "</section>\n" : "");
            card_begin(document, i, is_long_card(document, i), out);
            open = true;
            spread = block->spread;
            beside = false;
            break;
        case BLOCK_TEXT:
        case BLOCK_WARNING:
            buf_add_text(out, block->kind == BLOCK_TEXT ? "<p>" : "<p class=\"warning\">");
            markup_buf(out, &block->text);
            buf_add_text(out, "</p>\n");
            break;
        case BLOCK_FACTS:
            facts_add(block, out);
            break;
        case BLOCK_TABLE:
            result = table_add(block, i, &rich, out, error);
            break;
        case BLOCK_FIGURE:
            if (spread) {
                buf_add_text(out, beside ? "</div>\n<div>\n" : "<div>\n");
                beside = true;
            }
            figure_add(block, i, out);
            break;
        }
    }
    buf_add_text(out, beside ? "</div>\n" : "");
    buf_add_text(out, open ? "</section>\n" : "");
    foot_add(out);
    return result != 0 ? -1 : buf_check(out, error);
}
