/* A report as a list of blocks: building it. */
#include "show/document.h"

#include "base/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAXIMUM ((size_t)1 << 26)

void document_init(struct document *document)
{
    *document = (struct document){.block = NULL};
    buf_init(&document->title, TEXT_MAXIMUM);
    buf_init(&document->subtitle, TEXT_MAXIMUM);
}

static void block_clear(struct block *block)
{
    buf_clear(&block->text);
    table_free(block->table);
    free(block->columns);
    for (size_t i = 0; i < block->facts; i++) {
        buf_clear(&block->fact[i].label);
        buf_clear(&block->fact[i].value);
        buf_clear(&block->fact[i].note);
    }
    free(block->fact);
    if (block->figure != NULL) {
        drawing_clear(&block->figure->drawing);
        buf_clear(&block->figure->title);
        buf_clear(&block->figure->words);
        buf_clear(&block->figure->values);
    }
    free(block->figure);
}

void document_clear(struct document *document)
{
    for (size_t i = 0; i < document->blocks; i++)
        block_clear(&document->block[i]);
    free(document->block);
    buf_clear(&document->title);
    buf_clear(&document->subtitle);
    document_init(document);
}

static struct block *block_add(struct document *document, enum block_kind kind, struct error *error)
{
    if (list_grow(&document->block, &document->capacity, document->blocks, sizeof *document->block, error) != 0)
        return NULL;
    require(document->block != NULL);
    struct block *block = &document->block[document->blocks++];
    *block = (struct block){.kind = kind};
    buf_init(&block->text, TEXT_MAXIMUM);
    return block;
}

int document_card(struct document *document, const char *id, const char *title, bool wide, struct error *error)
{
    struct block *block = block_add(document, BLOCK_CARD, error);
    if (block == NULL)
        return -1;
    buf_add_text(&block->text, title);
    (void)snprintf(block->id, sizeof block->id, "%s", id);
    block->wide = wide;
    return buf_check(&block->text, error);
}

int document_card_spread(struct document *document, const char *id, const char *title, struct error *error)
{
    if (document_card(document, id, title, true, error) != 0)
        return -1;
    document->block[document->blocks - 1].spread = true;
    return 0;
}

struct buf *document_text(struct document *document, enum block_kind kind, struct error *error)
{
    struct block *block = block_add(document, kind, error);
    return block == NULL ? NULL : &block->text;
}

struct table *document_table(struct document *document, const struct column *columns, int count, const char *caption,
                             int traits, struct error *error)
{
    struct block *block = block_add(document, BLOCK_TABLE, error);
    if (block == NULL)
        return NULL;
    buf_add_text(&block->text, caption);
    block->traits = traits;
    block->columns = calloc((size_t)count, sizeof *columns);
    if (block->columns == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    memcpy(block->columns, columns, (size_t)count * sizeof *columns);
    block->table = table_new(NULL, block->columns, count, error);
    return block->table;
}

struct figure *document_figure(struct document *document, double width, double height, enum figure_room room,
                               struct error *error)
{
    struct block *block = block_add(document, BLOCK_FIGURE, error);
    struct figure *figure = block == NULL ? NULL : calloc(1, sizeof *figure);
    if (figure == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    block->figure = figure;
    block->room = room;
    drawing_init(&figure->drawing, width, height);
    buf_init(&figure->title, TEXT_MAXIMUM);
    buf_init(&figure->words, TEXT_MAXIMUM);
    buf_init(&figure->values, TEXT_MAXIMUM);
    return figure;
}

/* For JSON inside a script of HTML: what could end the script is escaped too. */
void figure_value(struct figure *figure, double x, const char *text)
{
    struct buf *out = &figure->values;
    buf_printf(out, "%s[%.1f,\"", out->n > 0 ? "," : "", x);
    for (const char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || strchr("\"\\<>&", *p) != NULL)
            buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*p);
        else
            buf_add_char(out, *p);
    buf_add_text(out, "\"]");
}

int document_fact(struct document *document, const char *label, const char *value, const char *note, enum tone tone,
                  bool large, struct error *error)
{
    struct block *block = document->blocks > 0 ? &document->block[document->blocks - 1] : NULL;
    if (block == NULL || block->kind != BLOCK_FACTS)
        block = block_add(document, BLOCK_FACTS, error);
    if (block == NULL || list_grow(&block->fact, &block->capacity, block->facts, sizeof *block->fact, error) != 0)
        return -1;
    struct fact *fact = &block->fact[block->facts++];
    *fact = (struct fact){.tone = tone, .large = large};
    buf_init(&fact->label, TEXT_MAXIMUM);
    buf_init(&fact->value, TEXT_MAXIMUM);
    buf_init(&fact->note, TEXT_MAXIMUM);
    buf_add_text(&fact->label, label);
    buf_add_text(&fact->value, value);
    buf_add_text(&fact->note, note);
    return buf_check(&fact->value, error);
}

int document_check(const struct document *document, struct error *error)
{
    bool failed = document->title.failed || document->subtitle.failed;
    for (size_t i = 0; i < document->blocks; i++) {
        const struct block *block = &document->block[i];
        failed |= block->text.failed;
        for (size_t k = 0; k < block->facts; k++)
            failed |= block->fact[k].label.failed || block->fact[k].value.failed || block->fact[k].note.failed;
        if (block->figure != NULL &&
            (block->figure->title.failed || block->figure->words.failed || block->figure->values.failed ||
             drawing_check(&block->figure->drawing, error) != 0))
            failed = true;
        if (block->table != NULL && table_check(block->table, error) != 0)
            return -1;
    }
    return failed ? error_memory(error) : 0;
}
