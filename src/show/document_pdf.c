/* A document as pages for a PDF: everything is laid out here, as drawings, and gnuplot writes them. */
#include "show/document_pages.h"

#include "base/list.h"
#include "base/terminal.h"
#include "show/table_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_WIDTH  794.0 /* A4 at 96 to the inch */
#define PAGE_HEIGHT 1123.0
#define MARGIN      48.0
#define ROWS_MOST   500 /* of a table; the rest is said */
#define LINE        1.45

struct pages {
    struct drawing *page;
    size_t pages, capacity;
    double y;
    struct error *error;
    bool failed;
};

static struct drawing *page_now(struct pages *pages)
{
    return &pages->page[pages->pages - 1];
}

static void page_begin(struct pages *pages)
{
    if (pages->failed ||
        list_grow(&pages->page, &pages->capacity, pages->pages, sizeof *pages->page, pages->error) != 0) {
        pages->failed = true;
        return;
    }
    drawing_init(&pages->page[pages->pages++], PAGE_WIDTH, PAGE_HEIGHT);
    pages->y = MARGIN;
}

/* Room for so much below, on a new page where this one is full. */
static void need(struct pages *pages, double height)
{
    if (pages->y + height > PAGE_HEIGHT - MARGIN && pages->y > MARGIN)
        page_begin(pages);
}

/* Text in words, wrapped. */
static void paragraph(struct pages *pages, enum ink ink, double size, bool bold, const struct buf *text)
{
    char line[512];
    size_t used = 0;
    for (size_t i = 0; i < text->n && !pages->failed;) {
        size_t end = i;
        while (end < text->n && text->p[end] != ' ')
            end++;
        const size_t length = end - i < 400 ? end - i : 400;
        char word[402];
        memcpy(word, text->p + i, length);
        word[length] = '\0';
        line[used] = '\0';
        const double width = drawing_text_width(line, size) + drawing_text_width(word, size) + size / 2;
        if (used > 0 && (width > PAGE_WIDTH - 2 * MARGIN || used + length + 2 > sizeof line)) {
            need(pages, size * LINE);
            drawing_text(page_now(pages), ink, MARGIN, pages->y + size / 2, size, ANCHOR_START, bold, line);
            pages->y += size * LINE;
            used = 0;
        }
        if (used > 0)
            line[used++] = ' ';
        memcpy(line + used, word, length);
        used += length;
        i = end + 1;
    }
    line[used] = '\0';
    if (used == 0 || pages->failed)
        return;
    need(pages, size * LINE);
    drawing_text(page_now(pages), ink, MARGIN, pages->y + size / 2, size, ANCHOR_START, bold, line);
    pages->y += size * LINE;
}

#define FACTS_ACROSS 4

static void facts(struct pages *pages, const struct block *block)
{
    const double width = (PAGE_WIDTH - 2 * MARGIN) / FACTS_ACROSS;
    for (size_t i = 0; i < block->facts && !pages->failed; i++) {
        const struct fact *fact = &block->fact[i];
        if (i % FACTS_ACROSS == 0)
            need(pages, 44);
        const double x = MARGIN + width * (double)(i % FACTS_ACROSS);
        const enum ink ink = fact->tone == TONE_GOOD ? INK_UP : fact->tone == TONE_BAD ? INK_DOWN : INK_TEXT;
        drawing_text(page_now(pages), INK_QUIET, x, pages->y + 5, 9.5, ANCHOR_START, false, fact->label.p);
        drawing_text(page_now(pages), ink, x, pages->y + 22, fact->large ? 16 : 13, ANCHOR_START, fact->large,
                     fact->value.p == NULL ? "" : fact->value.p);
        if (i % FACTS_ACROSS == FACTS_ACROSS - 1 || i + 1 == block->facts)
            pages->y += 42;
    }
}

struct grid {
    const struct table *table;
    struct layout *layout;
    double *width;
    double size;
    struct buf scratch;
};

static const char *text_of(struct grid *grid, size_t i, const struct style *style)
{
    const size_t at = i % grid->table->columns;
    buf_reset(&grid->scratch);
    buf_add_text(&grid->scratch, "");
    table_cell_add(grid->table, &grid->table->cell[i], &grid->table->column[at], &grid->layout[at], style,
                   &grid->scratch);
    return grid->scratch.p == NULL ? "" : grid->scratch.p;
}

static double grid_width(const struct grid *grid)
{
    double width = 0;
    for (size_t at = 0; at < grid->table->columns; at++)
        width += grid->layout[at].hidden ? 0 : grid->width[at];
    return width;
}

/* Widths of the columns; letters get smaller, then columns of a rank are left out, until the page holds it. */
static void grid_fit(struct grid *grid, size_t from, const struct style *style)
{
    const struct table *table = grid->table;
    for (size_t at = 0; at < table->columns; at++) {
        table_layout_of(table, at, &grid->layout[at]);
        buf_reset(&grid->scratch);
        table_title_add(&table->column[at], &grid->scratch);
        double width = grid->scratch.n == 0 ? 0 : drawing_text_width(grid->scratch.p, 1) * 1.08;
        for (size_t i = from + at; i < table->cells && !grid->layout[at].hidden; i += table->columns)
            width = fmax(width, drawing_text_width(text_of(grid, i, style), 1));
        grid->width[at] = width + 1.2;
    }
    grid->size = 10;
    while (grid->size > 7.5 && grid_width(grid) * grid->size > PAGE_WIDTH - 2 * MARGIN)
        grid->size -= 0.5;
    for (int rank = 9; rank > 0; rank--)
        for (size_t at = table->columns; at-- > 0 && grid_width(grid) * grid->size > PAGE_WIDTH - 2 * MARGIN;)
            if (table->column[at].rank == rank)
                grid->layout[at].hidden = true;
}

static void cell_draw(struct pages *pages, const struct grid *grid, size_t at, double x, enum ink ink, bool bold,
                      const char *text)
{
    const bool left = table_is_left(&grid->table->column[at]);
    drawing_text(page_now(pages), ink, left ? x : x + (grid->width[at] - 1.2) * grid->size, pages->y + grid->size / 2,
                 grid->size, left ? ANCHOR_START : ANCHOR_END, bold, text);
}

static void grid_head(struct pages *pages, struct grid *grid)
{
    double x = MARGIN;
    for (size_t at = 0; at < grid->table->columns; at++) {
        if (grid->layout[at].hidden)
            continue;
        buf_reset(&grid->scratch);
        table_title_add(&grid->table->column[at], &grid->scratch);
        if (grid->scratch.n > 0)
            cell_draw(pages, grid, at, x, INK_TEXT, true, grid->scratch.p);
        x += grid->width[at] * grid->size;
    }
    pages->y += grid->size * LINE;
    drawing_segment(page_now(pages), (struct pen){.ink = INK_QUIET, .width = 0.7}, MARGIN, pages->y - 2,
                    fmin(x, PAGE_WIDTH - MARGIN), pages->y - 2);
}

static int grid_draw(struct pages *pages, const struct block *block, const struct style *style)
{
    const struct table *table = block->table;
    struct grid grid = {.table = table,
                        .layout = calloc(table->columns, sizeof *grid.layout),
                        .width = calloc(table->columns, sizeof *grid.width)};
    buf_init(&grid.scratch, 65536);
    const size_t rows = table_rows(table), from = rows > ROWS_MOST ? (rows - ROWS_MOST) * table->columns : 0;
    if (grid.layout == NULL || grid.width == NULL) {
        pages->failed = true;
        (void)error_memory(pages->error);
        goto out;
    }
    grid_fit(&grid, from, style);
    need(pages, grid.size * LINE * 3);
    if (!pages->failed)
        grid_head(pages, &grid);
    double x = MARGIN;
    for (size_t i = from; i < table->cells && !pages->failed; i++) {
        const size_t at = i % table->columns;
        if (at == 0) {
            x = MARGIN;
            if (pages->y + grid.size * LINE > PAGE_HEIGHT - MARGIN) {
                page_begin(pages);
                if (pages->failed)
                    break;
                grid_head(pages, &grid);
            }
        }
        if (!grid.layout[at].hidden) {
            const enum tone tone = table_cell_tone(&table->cell[i], &table->column[at]);
            cell_draw(pages, &grid, at, x,
                      tone == TONE_GOOD  ? INK_UP
                      : tone == TONE_BAD ? INK_DOWN
                                         : INK_TEXT,
                      false, text_of(&grid, i, style));
            x += grid.width[at] * grid.size;
        }
        if (at + 1 == table->columns)
            pages->y += grid.size * LINE;
    }
    if (from > 0 && !pages->failed) {
        buf_reset(&grid.scratch);
        buf_printf(&grid.scratch, "the last %d of %zu rows; an .xlsx or .html file has more", ROWS_MOST, rows);
        paragraph(pages, INK_QUIET, 9.5, false, &grid.scratch);
    }
    pages->failed |= grid.scratch.failed;
    pages->y += 8;
out:
    buf_clear(&grid.scratch);
    free(grid.layout);
    free(grid.width);
    return pages->failed ? -1 : 0;
}

static bool is_small(const struct block *block)
{
    return block->kind == BLOCK_FIGURE && block->room == ROOM_ANY && block->figure->drawing.width <= 600;
}

static double scale_of(const struct block *block, bool halved)
{
    const double room = PAGE_WIDTH - 2 * MARGIN;
    return (halved ? 0.48 * room : is_small(block) ? 0.62 * room : room) / block->figure->drawing.width;
}

/* A figure, and beside it the second, where there is one. */
static void figure_draw(struct pages *pages, const struct block *block, const struct block *second)
{
    const double scale = scale_of(block, second != NULL), room = PAGE_WIDTH - 2 * MARGIN;
    double height = scale * block->figure->drawing.height;
    if (second != NULL)
        height = fmax(height, scale_of(second, true) * second->figure->drawing.height);
    need(pages, height + 20);
    if (pages->failed)
        return;
    drawing_place(page_now(pages), &block->figure->drawing, MARGIN, pages->y, scale);
    if (second != NULL)
        drawing_place(page_now(pages), &second->figure->drawing, MARGIN + 0.52 * room, pages->y,
                      scale_of(second, true));
    pages->y += height + 6;
    if (second != NULL && second->figure->words.n > 0)
        drawing_text(page_now(pages), INK_QUIET, MARGIN + 0.52 * room, pages->y + 5, 9.5, ANCHOR_START, false,
                     second->figure->words.p);
    if (block->figure->words.n > 0 && second != NULL)
        drawing_text(page_now(pages), INK_QUIET, MARGIN, pages->y + 5, 9.5, ANCHOR_START, false,
                     block->figure->words.p);
    if (second != NULL)
        pages->y += 14;
    else if (block->figure->words.n > 0)
        paragraph(pages, INK_QUIET, 9.5, false, &block->figure->words);
    pages->y += 8;
}

/* A heading does not stand alone at the foot of a page. */
static void heading(struct pages *pages, const struct block *block, const struct block *next)
{
    pages->y += 12;
    need(pages,
         next != NULL && next->kind == BLOCK_FIGURE ? 60 + scale_of(next, false) * next->figure->drawing.height : 150);
    if (!pages->failed)
        paragraph(pages, INK_TEXT, 14, true, &block->text);
    pages->y += 4;
}

static void numbers(struct pages *pages)
{
    for (size_t i = 0; i < pages->pages; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%zu / %zu", i + 1, pages->pages);
        drawing_text(&pages->page[i], INK_QUIET, PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 26, 9, ANCHOR_END, false, text);
    }
}

/* Is the caption of a table that of the figure above it? */
static bool is_said(const struct document *document, size_t at)
{
    if (at == 0 || document->block[at - 1].kind != BLOCK_FIGURE)
        return false;
    const struct buf *said = &document->block[at - 1].figure->words, *text = &document->block[at].text;
    return said->n == text->n && memcmp(said->p, text->p, text->n) == 0;
}

int document_to_pages(const struct document *document, const struct style *style, struct drawing **page, size_t *count,
                      struct error *error)
{
    struct style rich = *style;
    rich.ascii = false;
    rich.terminal = true;
    struct pages pages = {.error = error};
    page_begin(&pages);
    if (!pages.failed) {
        paragraph(&pages, INK_TEXT, 20, true, &document->title);
        paragraph(&pages, INK_QUIET, 11, false, &document->subtitle);
    }
    for (size_t i = 0; i < document->blocks && !pages.failed; i++) {
        const struct block *block = &document->block[i], *next = i + 1 < document->blocks ? block + 1 : NULL;
        switch (block->kind) {
        case BLOCK_CARD:
            heading(&pages, block, next);
            break;
        case BLOCK_TEXT:
        case BLOCK_WARNING:
            paragraph(&pages, block->kind == BLOCK_TEXT ? INK_TEXT : INK_WARNING, 11, false, &block->text);
            break;
        case BLOCK_FACTS:
            facts(&pages, block);
            break;
        case BLOCK_TABLE:
            if ((block->traits & TABLE_CURVE) != 0)
                break;
            if (block->text.n > 0 && !is_said(document, i))
                paragraph(&pages, INK_QUIET, 10, false, &block->text);
            (void)grid_draw(&pages, block, &rich);
            break;
        case BLOCK_FIGURE:
            if (is_small(block) && next != NULL && is_small(next)) {
                figure_draw(&pages, block, next);
                i++;
            } else if (block->room != ROOM_NARROW) {
                figure_draw(&pages, block, NULL);
            }
            break;
        }
    }
    numbers(&pages);
    *page = pages.page;
    *count = pages.pages;
    for (size_t i = 0; i < pages.pages; i++)
        if (drawing_check(&pages.page[i], error) != 0)
            return -1;
    return pages.failed ? -1 : 0;
}
