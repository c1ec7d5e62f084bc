/* A document as text for a terminal, and as Markdown. Figures are left to pages that can show them. */
#include "show/document.h"

#include "base/terminal.h"
#include "show/table_cells.h"

#include <stdlib.h>
#include <string.h>

static void words_add(struct buf *out, const struct buf *text, int indent, const struct style *style)
{
    buf_printf(out, "%*s", indent, "");
    if (text->n > 0)
        style_wrap(out, buf_str(text), indent, indent, style);
    buf_add_char(out, '\n');
}

/* "  maximum drawdown   12.0 %", values under each other. */
static void facts_text(const struct block *block, const struct style *style, struct buf *out)
{
    int width = 0;
    for (size_t i = 0; i < block->facts; i++) {
        const int cells = terminal_columns(buf_str(&block->fact[i].label));
        width = cells > width ? cells : width;
    }
    for (size_t i = 0; i < block->facts; i++) {
        const struct fact *fact = &block->fact[i];
        const bool painted = style->color && (fact->tone == TONE_GOOD || fact->tone == TONE_BAD);
        buf_add_text(out, "  ");
        style_add(out, buf_str(&fact->label), style);
        buf_printf(out, "%*s", width + 2 - terminal_columns(buf_str(&fact->label)), "");
        buf_add_text(out, !painted ? "" : fact->tone == TONE_GOOD ? "\033[32m" : "\033[31m");
        style_add(out, buf_str(&fact->value), style);
        buf_add_text(out, painted ? "\033[0m\n" : "\n");
    }
}

/* A card that holds nothing but figures has nothing to say here. */
static bool has_words(const struct document *document, size_t card)
{
    for (size_t i = card + 1; i < document->blocks && document->block[i].kind != BLOCK_CARD; i++)
        if (document->block[i].kind != BLOCK_FIGURE && (document->block[i].traits & TABLE_CURVE) == 0)
            return true;
    return false;
}

int document_to_text(const struct document *document, const struct style *style, struct buf *out, struct error *error)
{
    buf_add_text(out, style->color ? "\033[1m" : "");
    words_add(out, &document->title, 0, style);
    buf_add_text(out, style->color ? "\033[0m" : "");
    words_add(out, &document->subtitle, 0, style);
    for (size_t i = 0; i < document->blocks; i++) {
        const struct block *block = &document->block[i];
        if (block->kind == BLOCK_CARD && has_words(document, i)) {
            buf_add_text(out, style->color ? "\n\033[1m" : "\n");
            words_add(out, &block->text, 0, style);
            buf_add_text(out, style->color ? "\033[0m" : "");
        } else if (block->kind == BLOCK_TEXT) {
            words_add(out, &block->text, 0, style);
        } else if (block->kind == BLOCK_WARNING) {
            buf_add_text(out, style->color ? "\033[33m" : "");
            buf_add_text(out, "! ");
            style_wrap(out, buf_str(&block->text), 2, 2, style);
            buf_add_text(out, style->color ? "\033[0m\n" : "\n");
        } else if (block->kind == BLOCK_FACTS) {
            facts_text(block, style, out);
        } else if (block->kind == BLOCK_TABLE && (block->traits & TABLE_CURVE) == 0) {
            if (block->text.n > 0)
                words_add(out, &block->text, 0, style);
            struct style table = *style;
            table.format = FORMAT_TABLE;
            if (table_render(block->table, &table, out, error) != 0)
                return -1;
        }
    }
    return buf_check(out, error);
}

/* Text as Markdown shows it as it is: what has a meaning there is escaped, as is what HTML would read. */
static void markdown_add(struct buf *out, struct str text)
{
    struct buf clean;
    buf_init(&clean, out->maximum);
    terminal_strip(&clean, text);
    for (size_t i = 0; i < clean.n; i++) {
        if (strchr("\\`*_[]<>|#~&$", clean.p[i]) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, clean.p[i]);
    }
    out->failed |= clean.failed;
    buf_clear(&clean);
}

static int table_markdown(const struct table *table, const struct style *style, struct buf *out, struct error *error)
{
    struct layout *layout = calloc(table->columns, sizeof *layout);
    if (layout == NULL)
        return error_memory(error);
    struct buf scratch;
    buf_init(&scratch, out->maximum);
    for (size_t at = 0; at < table->columns; at++) {
        table_layout_of(table, at, &layout[at]);
        if (layout[at].hidden)
            continue;
        buf_reset(&scratch);
        table_title_add(&table->column[at], &scratch);
        buf_add_text(out, "| ");
        markdown_add(out, buf_str(&scratch));
        buf_add_char(out, ' ');
    }
    buf_add_text(out, "|\n");
    for (size_t at = 0; at < table->columns; at++)
        if (!layout[at].hidden)
            buf_add_text(out, table_is_left(&table->column[at]) ? "| --- " : "| ---: ");
    buf_add_text(out, "|\n");
    for (size_t i = 0; i < table->cells; i++) {
        const size_t at = i % table->columns;
        if (!layout[at].hidden) {
            buf_reset(&scratch);
            table_cell_add(table, &table->cell[i], &table->column[at], &layout[at], style, &scratch);
            buf_add_text(out, "| ");
            markdown_add(out, buf_str(&scratch));
            buf_add_char(out, ' ');
        }
        buf_add_text(out, at + 1 == table->columns ? "|\n" : "");
    }
    out->failed |= scratch.failed;
    buf_clear(&scratch);
    free(layout);
    return 0;
}

int document_to_markdown(const struct document *document, const struct style *style, struct buf *out,
                         struct error *error)
{
    struct style rich = *style;
    rich.ascii = false;
    rich.terminal = true;
    buf_add_text(out, "# ");
    markdown_add(out, buf_str(&document->title));
    buf_add_text(out, "\n\n");
    if (document->subtitle.n > 0)
        markdown_add(out, buf_str(&document->subtitle));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < document->blocks; i++) {
        const struct block *block = &document->block[i];
        if (block->kind == BLOCK_CARD && !has_words(document, i))
            continue;
        if (block->kind == BLOCK_FACTS) {
            buf_add_char(out, '\n');
            for (size_t k = 0; k < block->facts; k++) {
                buf_add_text(out, "- ");
                markdown_add(out, buf_str(&block->fact[k].label));
                buf_add_text(out, ": ");
                markdown_add(out, buf_str(&block->fact[k].value));
                buf_add_char(out, '\n');
            }
            continue;
        }
        if (block->kind == BLOCK_FIGURE || (block->traits & TABLE_CURVE) != 0 ||
            (block->kind != BLOCK_TABLE && block->text.n == 0))
            continue;
        static const char *const before[] = {"\n## ", "\n", "\n**Note:** ", "", "\n"};
        if (block->text.n > 0) {
            buf_add_text(out, before[block->kind]);
            markdown_add(out, buf_str(&block->text));
            buf_add_char(out, '\n');
        }
        if (block->kind != BLOCK_TABLE)
            continue;
        buf_add_char(out, '\n');
        if (table_markdown(block->table, &rich, out, error) != 0)
            return -1;
    }
    return buf_check(out, error);
}
