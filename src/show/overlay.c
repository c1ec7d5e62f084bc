/* What a user draws on his charts. */
#include "show/overlay.h"

#include "base/command.h"
#include "base/file.h"
#include "base/list.h"
#include "base/num.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void overlay_clear(struct overlay *overlay)
{
    free(overlay->item);
    *overlay = (struct overlay){.items = 0};
}

int64_t overlay_time(struct overlay_moment moment, const struct zone *zone)
{
    return !moment.local || zone == NULL ? moment.time : zone_to_utc(zone, moment.time);
}

#define YEAR_FIRST 1700 /* what nanoseconds since 1970 can tell, and a day beside it */
#define YEAR_LAST  2260

static struct str next_word(struct str *rest)
{
    size_t from = 0;
    while (from < rest->n && (rest->p[from] == ' ' || rest->p[from] == '\t'))
        from++;
    size_t end = from;
    while (end < rest->n && rest->p[end] != ' ' && rest->p[end] != '\t')
        end++;
    const struct str word = {rest->p + from, end - from};
    *rest = (struct str){rest->p + end, rest->n - end};
    return word;
}

static int read_price(struct str word, double *price, struct error *error)
{
    struct error why;
    error_clear(&why);
    if (word.n > 0 && num_parse(price, word.p, word.n, &why) == 0 && *price > 0)
        return 0;
    return error_set(error, EXIT_USAGE, "'%.*s' is not a price", (int)(word.n < 40 ? word.n : 40), word.p);
}

static int read_moment(struct str word, struct overlay_moment *moment, struct error *error)
{
    struct error why;
    struct date date;
    error_clear(&why);
    *moment = (struct overlay_moment){.local = true};
    if (date_parse(&date, word.p, word.n, &why) == 0 && date.year >= YEAR_FIRST && date.year <= YEAR_LAST) {
        moment->time = date_to_days(date) * TIME_DAY;
        return 0;
    }
    error_clear(&why);
    moment->local = false;
    if (time_parse(&moment->time, word.p, word.n, &why) == 0)
        return 0;
    return error_set(error, EXIT_USAGE, "'%.*s' is not a date: YYYY-MM-DD", (int)(word.n < 40 ? word.n : 40), word.p);
}

/* How each kind goes on after its symbol: p a price into low and high in turn, t a moment into from and to. */
static const struct {
    const char *word, *fields;
} kinds[] = {{"level", "p"}, {"zone", "pp"}, {"line", "tptp"}, {"fib", "tptp"}, {"note", "t"}};
#define KINDS (sizeof kinds / sizeof *kinds)

static int read_kind(struct str word, struct overlay_item *item, struct error *error)
{
    const char *words[KINDS];
    char text[32];
    for (size_t i = 0; i < KINDS; i++) {
        words[i] = kinds[i].word;
        item->kind = (enum overlay_kind)i;
        if (str_is(word, kinds[i].word))
            return 0;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)(word.n < 31 ? word.n : 31), word.p);
    (void)error_set(error, EXIT_USAGE, "'%s' is not one of: level zone line fib note", text);
    const char *near = nearest_word(text, words, KINDS);
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    return -1;
}

static int read_item(struct str line, struct overlay_item *item, struct error *error)
{
    *item = (struct overlay_item){.kind = OVERLAY_LEVEL};
    if (read_kind(next_word(&line), item, error) != 0)
        return -1;
    const struct str symbol = next_word(&line);
    if (symbol.n == 0 || symbol.n >= sizeof item->symbol)
        return error_set(error, EXIT_USAGE, "a symbol is missing after '%s'", kinds[item->kind].word);
    memcpy(item->symbol, symbol.p, symbol.n);
    int prices = 0, moments = 0;
    for (const char *field = kinds[item->kind].fields; *field != '\0'; field++) {
        const struct str word = next_word(&line);
        if (*field == 'p' ? read_price(word, prices++ == 0 ? &item->low : &item->high, error) != 0
                          : read_moment(word, moments++ == 0 ? &item->from : &item->to, error) != 0)
            return -1;
    }
    while (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
        line = (struct str){line.p + 1, line.n - 1};
    (void)snprintf(item->words, sizeof item->words, "%.*s", (int)(line.n < 79 ? line.n : 79), line.p);
    if (item->kind == OVERLAY_ZONE && item->low > item->high) {
        const double other = item->low;
        item->low = item->high;
        item->high = other;
    }
    return 0;
}

int overlay_parse(struct overlay *overlay, struct str text, const char *name, struct error *error)
{
    size_t number = 0;
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        struct str line = {text.p, end == NULL ? text.n : (size_t)(end - text.p)};
        text = (struct str){text.p + line.n + (end != NULL), text.n - line.n - (end != NULL)};
        number++;
        while (line.n > 0 && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' '))
            line.n--;
        struct str rest = line;
        const struct str first = next_word(&rest);
        if (first.n == 0 || first.p[0] == '#')
            continue;
        if (memchr(line.p, '\0', line.n) != NULL)
            return error_set(error, EXIT_USAGE, "%s: line %zu: the text is missing", name, number);
        if (list_grow(&overlay->item, &overlay->capacity, overlay->items, sizeof *overlay->item, error) != 0)
            return -1;
        if (read_item(line, &overlay->item[overlay->items], error) != 0) {
            error_prefix(error, "%s: line %zu", name, number);
            return -1;
        }
        overlay->items++;
    }
    return 0;
}

int overlay_read(struct overlay *overlay, const char *file, struct error *error)
{
    struct buf text;
    buf_init(&text, OVERLAY_BYTES_MAX);
    int result = file_read_any(file, &text, error);
    if (result == 0)
        result = overlay_parse(overlay, buf_str(&text), file, error);
    buf_clear(&text);
    return result;
}
