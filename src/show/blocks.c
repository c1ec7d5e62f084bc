/* Reads a report's file of blocks. */
#include "show/blocks.h"

#include "base/command.h"
#include "base/file.h"
#include "base/list.h"
#include "base/time.h"
#include "expr/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum takes { TAKES_NOTHING, TAKES_WHERE = 1, TAKES_SYMBOL = 2, TAKES_BENCHMARK = 4 };

static const struct kind {
    const char *first, *second; /* "table", "trades"; second NULL: the word stands alone */
    enum page_what what;
    enum takes takes;
} kinds[] = {
    {"verdict", NULL, PAGE_VERDICT, TAKES_NOTHING},        {"goals", NULL, PAGE_GOALS, TAKES_NOTHING},
    {"figures", NULL, PAGE_FIGURES, TAKES_NOTHING},        {"assumptions", NULL, PAGE_ASSUMPTIONS, TAKES_NOTHING},
    {"table", "trades", PAGE_TRADES, TAKES_WHERE},         {"table", "orders", PAGE_ORDERS, TAKES_WHERE},
    {"table", "positions", PAGE_POSITIONS, TAKES_NOTHING}, {"table", "drawdowns", PAGE_DRAWDOWNS, TAKES_NOTHING},
    {"chart", "equity", PAGE_EQUITY, TAKES_BENCHMARK},     {"chart", "months", PAGE_MONTHS, TAKES_NOTHING},
    {"chart", "rolling", PAGE_ROLLING, TAKES_NOTHING},     {"chart", "distribution", PAGE_DISTRIBUTION, TAKES_NOTHING},
    {"chart", "groups", PAGE_GROUPS, TAKES_NOTHING},       {"chart", "allocation", PAGE_ALLOCATION, TAKES_NOTHING},
    {"chart", "costs", PAGE_COSTS, TAKES_NOTHING},         {"chart", "calendar", PAGE_CALENDAR, TAKES_NOTHING},
    {"chart", "candles", PAGE_CANDLES, TAKES_SYMBOL},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(struct str *text)
{
    while (text->n > 0 && is_blank(text->p[0]))
        text->p++, text->n--;
    while (text->n > 0 && (is_blank(text->p[text->n - 1]) || text->p[text->n - 1] == '\r'))
        text->n--;
}

static struct str next_word(struct str *rest)
{
    trim(rest);
    size_t n = 0;
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    const struct str word = {rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    trim(rest);
    return word;
}

static char *copy_text(struct str text, struct error *error)
{
    char *copy = strndup(text.n == 0 ? "" : text.p, text.n);
    if (copy == NULL)
        (void)error_memory(error);
    return copy;
}

static int read_date(struct str text, int64_t *day, struct error *error)
{
    struct date date;
    if (date_parse(&date, text.p, text.n, error) != 0)
        return error_recode(error, EXIT_USAGE), -1;
    *day = date_to_days(date);
    return 0;
}

/* A word that is none of the file's: the nearest one is named. `first`: only those that follow it. */
static int refuse(struct str word, const char *first, struct error *error)
{
    const char *words[KINDS + 5];
    char text[64];
    int count = 0;
    for (size_t i = 0; i < KINDS; i++)
        if (first == NULL)
            words[count++] = kinds[i].first;
        else if (kinds[i].second != NULL && strcmp(kinds[i].first, first) == 0)
            words[count++] = kinds[i].second;
    for (size_t i = 0; i < 5 && first == NULL; i++)
        words[count++] = (const char *const[]){"title", "period", "from", "to", "note"}[i];
    (void)snprintf(text, sizeof text, STR_FMT, (int)(word.n < 60 ? word.n : 60), word.n == 0 ? "" : word.p);
    const char *nearest = nearest_word(text, words, count);
    if (word.n == 0)
        return error_set(error, EXIT_USAGE, "a %s of what?", first);
    (void)error_set(error, EXIT_USAGE, "%s%s'%s' is not known", first == NULL ? "" : first, first == NULL ? "" : " ",
                    text);
    if (nearest != NULL)
        error_hint(error, "nearest: '%s'", nearest);
    return -1;
}

static int read_symbol(struct str word, char symbol[static SYMBOL_SIZE], struct error *error)
{
    if (word.n == 0 || word.n >= SYMBOL_SIZE)
        return error_set(error, EXIT_USAGE, "a symbol is needed");
    memcpy(symbol, word.p, word.n);
    symbol[word.n] = '\0';
    return 0;
}

/* What stands behind the words of a block. */
static int read_rest(struct page_block *block, const struct kind *kind, struct str rest, struct error *error)
{
    if (rest.n == 0)
        return 0;
    if (kind->takes == TAKES_SYMBOL) {
        if (read_symbol(next_word(&rest), block->symbol, error) != 0)
            return -1;
    } else if (kind->takes == TAKES_BENCHMARK && str_is(next_word(&rest), "vs")) {
        if (read_symbol(next_word(&rest), block->symbol, error) != 0)
            return -1;
    } else if (kind->takes == TAKES_WHERE && str_is(next_word(&rest), "where")) {
        if ((block->where = copy_text(rest, error)) == NULL)
            return -1;
        struct expr *where = expr_parse(block->where, error); /* now, so that its line is named */
        expr_free(where);
        return where == NULL ? -1 : 0;
    } else {
        return error_set(error, EXIT_USAGE, "%s%s%s takes %s", kind->first, kind->second == NULL ? "" : " ",
                         kind->second == NULL ? "" : kind->second,
                         kind->takes == TAKES_WHERE       ? "only 'where EXPR'"
                         : kind->takes == TAKES_BENCHMARK ? "only 'vs SYMBOL'"
                                                          : "nothing more");
    }
    return rest.n == 0 ? 0 : error_set(error, EXIT_USAGE, "more than one symbol");
}

static struct page_block *add_block(struct page *page, enum page_what what, size_t line, struct error *error)
{
    if (page->blocks == BLOCKS_MAX) {
        (void)error_set(error, EXIT_USAGE, "more than %d blocks", BLOCKS_MAX);
        return NULL;
    }
    if (list_grow(&page->block, &page->capacity, page->blocks, sizeof *page->block, error) != 0)
        return NULL;
    struct page_block *block = &page->block[page->blocks++];
    *block = (struct page_block){.what = what, .line = line};
    return block;
}

static int read_period(struct page *page, struct str word, struct error *error)
{
    static const char *const words[] = {"", "all", "day", "week", "month", "year"};
    for (int i = PAGE_SPAN_ALL; i <= PAGE_SPAN_YEAR; i++)
        if (str_is(word, words[i])) {
            page->span = (enum page_span)i;
            return 0;
        }
    return error_set(error, EXIT_USAGE, "period is all, day, week, month or year");
}

static int read_block(struct page *page, struct str line, size_t number, struct error *error)
{
    struct str rest = line;
    const struct str first = next_word(&rest);
    if (str_is(first, "title")) {
        (void)snprintf(page->title, sizeof page->title, STR_FMT, (int)(rest.n < 159 ? rest.n : 159),
                       rest.n == 0 ? "" : rest.p);
        return 0;
    }
    if (str_is(first, "period"))
        return read_period(page, rest, error);
    if (str_is(first, "from"))
        return read_date(rest, &page->from, error);
    if (str_is(first, "to"))
        return read_date(rest, &page->to, error);
    if (str_is(first, "note")) {
        struct page_block *block = add_block(page, PAGE_NOTE, number, error);
        return block == NULL || (block->text = copy_text(rest, error)) == NULL ? -1 : 0;
    }
    const bool pair = str_is(first, "table") || str_is(first, "chart");
    const struct str second = pair ? next_word(&rest) : STR("");
    for (size_t i = 0; i < KINDS; i++) {
        if (!str_is(first, kinds[i].first) || (pair && !str_is(second, kinds[i].second)))
            continue;
        struct page_block *block = add_block(page, kinds[i].what, number, error);
        return block == NULL ? -1 : read_rest(block, &kinds[i], rest, error);
    }
    return pair ? refuse(second, str_is(first, "table") ? "table" : "chart", error) : refuse(first, NULL, error);
}

/* A line that begins with a blank: the note above goes on. */
static int go_on(struct page *page, struct str line, struct error *error)
{
    struct page_block *block = page->blocks == 0 ? NULL : &page->block[page->blocks - 1];
    if (block == NULL || block->what != PAGE_NOTE)
        return error_set(error, EXIT_USAGE, "only the lines of a note begin with a blank");
    char *whole = NULL;
    trim(&line);
    if (asprintf(&whole, "%s%s" STR_FMT, block->text, block->text[0] == '\0' ? "" : " ", STR_ARG(line)) < 0)
        return error_memory(error);
    free(block->text);
    block->text = whole;
    return 0;
}

int page_parse(struct page *page, struct str text, const char *name, struct error *error)
{
    *page = (struct page){.from = INT64_MIN, .to = INT64_MAX};
    for (size_t number = 1; text.n > 0; number++) {
        const char *end = memchr(text.p, '\n', text.n);
        struct str line = {text.p, end == NULL ? text.n : (size_t)(end - text.p)};
        text = (struct str){text.p + line.n + (end != NULL), text.n - line.n - (end != NULL)};
        const bool more = line.n > 0 && is_blank(line.p[0]);
        struct str words = line;
        trim(&words);
        if (words.n == 0 || words.p[0] == '#')
            continue;
        int result = memchr(words.p, '\0', words.n) != NULL ? error_set(error, EXIT_USAGE, "no text")
                     : more                                 ? go_on(page, words, error)
                                                            : read_block(page, words, number, error);
        if (result == 0 && page->from > page->to)
            result = error_set(error, EXIT_USAGE, "from is after to");
        if (result != 0) {
            error_prefix(error, "%s: line %zu", name, number);
            return -1;
        }
    }
    if (page->blocks == 0)
        return error_set(error, EXIT_USAGE, "%s: there is no block: 'chart equity', 'table trades' …", name);
    return 0;
}

int page_read(struct page *page, const char *file, struct error *error)
{
    struct buf text;
    *page = (struct page){.blocks = 0};
    buf_init(&text, BLOCKS_BYTES_MAX);
    int result = file_read_any(file, &text, error);
    if (result == 0)
        result = page_parse(page, text.n == 0 ? STR("") : buf_str(&text), file, error);
    buf_clear(&text);
    return result;
}

void page_clear(struct page *page)
{
    for (size_t i = 0; i < page->blocks; i++) {
        free(page->block[i].where);
        free(page->block[i].text);
    }
    free(page->block);
    *page = (struct page){.blocks = 0};
}
