/* The feeds: adding one is its file and a line here. */
#include "base/command.h"
#include "feed/feed.h"

const struct feed *const feed_table[] = {&feed_csv, &feed_sim};
const int feed_count = sizeof feed_table / sizeof *feed_table;

bool feed_symbol_is_valid(struct str symbol)
{
    if (symbol.n == 0 || symbol.n >= SYMBOL_SIZE || symbol.p[0] == '/')
        return false;
    for (size_t i = 0; i < symbol.n; i++)
        if (symbol.p[i] <= ' ' || symbol.p[i] > '~')
            return false;
    return true;
}

const struct feed *feed_find(const char *text, const char **argument, struct error *error)
{
    const char *colon = strchr(text, ':');
    const struct str name = {text, colon == NULL ? strlen(text) : (size_t)(colon - text)};
    const char *names[sizeof feed_table / sizeof *feed_table];
    *argument = colon == NULL ? "" : colon + 1;
    for (int i = 0; i < feed_count; i++) {
        if (str_is(name, feed_table[i]->name))
            return feed_table[i];
        names[i] = feed_table[i]->name;
    }
    char word[ID_SIZE] = "";
    if (name.n < sizeof word)
        memcpy(word, name.p, name.n);
    (void)error_set(error, EXIT_USAGE, "no source '" STR_FMT "'", name.n > 40 ? 40 : (int)name.n, name.p);
    const char *near = nearest_word(word, names, feed_count);
    if (near != NULL)
        error_hint(error, "nearest: '%s'", near);
    else
        error_hint(error, "csv:PATH, sim, or a source section of the configuration");
    return NULL;
}
