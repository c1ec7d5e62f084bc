/* Watchlists: one symbol a line, blank lines and what follows a # left out. */
#include "base/file.h"
#include "tn-quote/commands.h"

#define WATCHLIST_MAX (4 * 1024 * 1024)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What a line says, without the blanks around it. */
static struct str content(const char *line, const char *end)
{
    const char *stop = line;
    while (stop < end && *stop != '#')
        stop++;
    while (line < stop && is_blank(*line))
        line++;
    while (line < stop && is_blank(stop[-1]))
        stop--;
    return (struct str){line, (size_t)(stop - line)};
}

static int refuse(struct str word, struct error *error)
{
    if (word.n >= 3 && memcmp(word.p, "\xef\xbb\xbf", 3) == 0)
        return error_set(error, EXIT_INPUT, "a byte order mark before the symbol");
    for (size_t i = 0; i < word.n; i++)
        if (is_blank(word.p[i]))
            return error_set(error, EXIT_INPUT, "more than one word: one symbol a line");
    return error_set(error, EXIT_INPUT, "'%.*s' is no symbol", word.n > 40 ? 40 : (int)word.n, word.p);
}

static int add_lines(struct setup *setup, const char *path, struct str text, struct error *error)
{
    uint64_t number = 0;
    for (const char *p = text.p, *end = text.p + text.n; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        if (line_end == NULL)
            line_end = end;
        const struct str word = content(p, line_end);
        number++;
        p = line_end + 1;
        if (word.n == 0)
            continue;
        if (feed_symbol_is_valid(word) && memchr(word.p, ' ', word.n) == NULL) {
            if (names_add(&setup->symbols, word, error) < 0)
                return -1;
            continue;
        }
        (void)refuse(word, error);
        if (setup->request.bad(setup, path, number, error) < 0)
            return -1;
    }
    return 0;
}

int watchlist_read(struct setup *setup, const char *path, struct error *error)
{
    struct buf text;
    buf_init(&text, WATCHLIST_MAX);
    int result = file_read_any(path, &text, error);
    if (result == 0)
        result = add_lines(setup, path, buf_str(&text), error);
    if (result == 0 && setup->symbols.count == 0)
        result = error_set(error, EXIT_INPUT, "%s: no symbols", path);
    buf_clear(&text);
    return result;
}
