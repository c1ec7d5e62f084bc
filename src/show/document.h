/* A report as a list of blocks: cards with texts, facts, tables and figures, before anyone knows whether it becomes a
 * page of HTML, Markdown, PDF, a workbook or text.
 *
 *     document_card(document, "drawdowns", "The five worst drawdowns", false, error);
 *     struct table *table = document_table(document, columns, count, "…", 0, error);     … cell by cell
 *     struct figure *figure = document_figure(document, 560, 300, ROOM_ANY, error);                  … draw into
 * figure->drawing document_write(document, file, &style, error);
 *
 * Foreign text is welcome everywhere: those who write clean and escape it. */
#ifndef TN_SHOW_DOCUMENT_H
#define TN_SHOW_DOCUMENT_H

#include "show/drawing.h"
#include "show/style.h"
#include "show/table.h"

enum block_kind {
    BLOCK_CARD, /* begins one */
    BLOCK_TEXT,
    BLOCK_WARNING,
    BLOCK_FACTS,
    BLOCK_TABLE,
    BLOCK_FIGURE
};

enum table_trait {
    TABLE_HEAT = 1,   /* fractions coloured by sign and size */
    TABLE_FOLDED = 2, /* behind a fold where there are folds */
    TABLE_LONG = 4,   /* many rows: scrolls, can be filtered */
    TABLE_CURVE = 8,  /* dates, then a curve a column: a workbook draws them; pages and text have the figure */
};

struct fact {
    struct buf label, value, note; /* note: the formula, said on hover and focus */
    enum tone tone;
    bool large;
};

/* A figure for every page, or one of a pair: the narrow one where there is little room, and only on screens. */
enum figure_room { ROOM_ANY, ROOM_WIDE, ROOM_NARROW };

/* Of figures that stand beside others, and of all of them on a telephone. */
#define FIGURE_SMALL        400.0
#define FIGURE_SMALL_HEIGHT 220.0

/* What a reader may read off at a place across: x in the drawing's pixels. */
struct figure {
    struct drawing drawing;
    struct buf title, words;
    struct buf values; /* members of a JSON array, comma-separated: [x,"text"] */
};

struct block {
    enum block_kind kind;
    struct buf text; /* of a text or warning; the title of a card; the caption of a table */
    char id[32];     /* of a card; ours */
    bool wide;       /* a card as wide as the page */
    bool spread;     /* its figures stand beside each other where there is room */
    int traits;
    struct table *table;
    struct column *columns; /* of the table, when they were made for it */
    struct fact *fact;
    size_t facts, capacity;
    struct figure *figure;
    enum figure_room room;
};

struct document {
    struct buf title, subtitle;
    struct block *block;
    size_t blocks, capacity;
};

void document_init(struct document *document);
void document_clear(struct document *document);
/* The returned text, table or figure is the document's, and moves with the next block: fill it first. NULL or -1: out
 * of memory. */
int document_card(struct document *document, const char *id, const char *title, bool wide, struct error *error);
/* A wide card of several figures, each with the table that follows it: beside each other where there is room. */
int document_card_spread(struct document *document, const char *id, const char *title, struct error *error);
struct buf *document_text(struct document *document, enum block_kind kind, struct error *error);
/* The columns are copied; their texts must outlive the document. */
struct table *document_table(struct document *document, const struct column *columns, int count, const char *caption,
                             int traits, struct error *error);
struct figure *document_figure(struct document *document, double width, double height, enum figure_room room,
                               struct error *error);
/* A figure reads off: `text` at x. */
void figure_value(struct figure *figure, double x, const char *text);
/* Facts that follow each other stand together. Label and note must be ours, the value is copied. */
int document_fact(struct document *document, const char *label, const char *value, const char *note, enum tone tone,
                  bool large, struct error *error);
/* 0, or -1 when some text or drawing ran out of memory. */
int document_check(const struct document *document, struct error *error);

enum document_kind { DOCUMENT_HTML, DOCUMENT_PDF, DOCUMENT_MARKDOWN, DOCUMENT_WORKBOOK };
/* By the suffix: .html .pdf .md .xlsx; EXIT_USAGE for others. */
int document_kind_of(const char *file, enum document_kind *kind, struct error *error);
/* Whole or not at all. */
int document_write(const struct document *document, enum document_kind kind, const char *file,
                   const struct style *style, struct error *error);
/* Append it in the form of a terminal / of a page / of Markdown. */
int document_to_text(const struct document *document, const struct style *style, struct buf *out, struct error *error);
int document_to_html(const struct document *document, const struct style *style, struct buf *out, struct error *error);
int document_to_markdown(const struct document *document, const struct style *style, struct buf *out,
                         struct error *error);

#endif
