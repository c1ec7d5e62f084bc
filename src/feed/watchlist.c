/* Watchlists: symbols one a line or with commas between, as TradingView and other programs save them; blank lines and
 * what follows a # left out. */
#include "feed/watchlist.h"

#include "base/file.h"
#include "feed/csv_text.h"
#include "feed/feed.h"

#define WATCHLIST_MAX (4 * 1024 * 1024)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '"';
}

static struct str trim(const char *begin, const char *end)
{
    while (begin < end && is_blank(*begin))
        begin++;
    while (begin < end && is_blank(end[-1]))
        end--;
    return (struct str){begin, (size_t)(end - begin)};
}

/* "NASDAQ:AAPL" is AAPL: the exchanges of the United States share their symbols. Others are part of the symbol. */
static struct str without_exchange(struct str word)
{
    static const char *const exchange[] = {"NASDAQ",       "NYSE", "AMEX", "ARCA", "NYSEARCA",
                                           "NYSEAMERICAN", "BATS", "CBOE", "OTC"};
    const char *colon = memchr(word.p, ':', word.n);
    if (colon == NULL || colon + 1 == word.p + word.n)
        return word;
    const struct str name = {word.p, (size_t)(colon - word.p)};
    for (size_t i = 0; i < sizeof exchange / sizeof *exchange; i++)
        if (str_is(name, exchange[i]))
            return (struct str){colon + 1, word.n - name.n - 1};
    return word;
}

static int refuse(struct str word, struct error *error)
{
    for (size_t i = 0; i < word.n; i++)
        if (is_blank(word.p[i]))
            return error_set(error, EXIT_INPUT,
                             "more than one word: write one symbol per line, or commas between them");
    if (word.n >= 3 && memcmp(word.p, "\xef\xbb\xbf", 3) == 0)
        return error_set(error, EXIT_INPUT, "a byte order mark within the file");
    return error_set(error, EXIT_INPUT, "'%.*s' is not a symbol", word.n > 40 ? 40 : (int)word.n, word.p);
}

struct reading {
    struct names *symbols;
    const char *path;
    int (*bad)(void *context, const char *path, uint64_t line, struct error *error);
    void *context;
};

/* "###Tech" between commas: TradingView's title of a section, in the one line that it writes. A remark has a blank. */
static bool is_title(struct str word)
{
    return word.n > 3 && memcmp(word.p, "###", 3) == 0 && word.p[3] != '#' && !is_blank(word.p[3]);
}

/* One line, without its end. */
static int add_line(const struct reading *reading, uint64_t number, struct str line, struct error *error)
{
    const char *end = line.p + line.n;
    for (const char *p = line.p; p <= end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma == NULL ? end : comma;
        struct str word = trim(p, stop);
        const char *hash = word.n == 0 || is_title(word) ? NULL : memchr(word.p, '#', word.n);
        p = stop + 1;
        if (hash != NULL) { /* a remark, to the end of the line */
            word = trim(word.p, hash);
            p = end + 1;
        }
        word = without_exchange(word);
        if (word.n == 0 || is_title(word))
            continue;
        if (feed_symbol_is_valid(word)) {
            if (names_add(reading->symbols, word, error) < 0)
                return -1;
            continue;
        }
        (void)refuse(word, error);
        if (reading->bad(reading->context, reading->path, number, error) < 0)
            return -1;
    }
    return 0;
}

static int add_lines(const struct reading *reading, struct str text, struct error *error)
{
    uint64_t number = 0;
    for (const char *p = text.p, *end = text.p + text.n; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        if (line_end == NULL)
            line_end = end;
        if (add_line(reading, ++number, (struct str){p, (size_t)(line_end - p)}, error) < 0)
            return -1;
        p = line_end + 1;
    }
    return 0;
}

int watchlist_read(struct names *symbols, const char *path,
                   int (*bad)(void *context, const char *path, uint64_t line, struct error *error), void *context,
                   struct error *error)
{
    const struct reading reading = {symbols, path, bad, context};
    struct buf text;
    buf_init(&text, WATCHLIST_MAX);
    int result = file_read_any(path, &text, error);
    if (result == 0)
        result = csv_text_decode(&text, error);
    if (result == 0)
        result = add_lines(&reading, buf_str(&text), error);
    if (result == 0 && symbols->count == 0)
        result = error_set(error, EXIT_INPUT, "%s: no symbols", path);
    buf_clear(&text);
    return result;
}
