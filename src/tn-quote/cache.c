/* tn-quote cache: show or delete cached answers of sources. */
#include "tn-quote/commands.h"

#include "tn-quote/listing.h"

#include <unistd.h>

static const char *const keys[] = {"source",  "?symbol", "interval", "adjusted", "-session",     "-calendar",
                                   "-origin", "#series", "#bars",    "#actions", "#corrections", "@first",
                                   "@last",   "@asked",  "@used",    NULL};

static int add_line(void *context, const struct cache_line *line, struct error *error)
{
    struct listing *list = context;
    const struct str text[] = {line->source,  line->symbol,   line->interval, line->adjusted,
                               line->session, line->calendar, line->origin};
    const int64_t count[] = {line->series, line->bars, line->actions, line->corrections};
    const int64_t time[] = {line->first, line->last, line->asked, line->used};
    (void)error;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        listing_str(list, text[i]);
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        listing_count(list, count[i]);
    for (size_t i = 0; i < sizeof time / sizeof *time; i++)
        listing_time(list, time[i]);
    return 0;
}

static int show(struct cache *cache, const char *source, const char *symbol, const struct invocation *invocation,
                struct error *error)
{
    struct listing *list = listing_open(keys, invocation, error);
    int result = list == NULL ? -1 : 0;
    if (result == 0 && cache != NULL)
        result = cache_list(cache, source, symbol, add_line, list, error);
    if (result == 0)
        result = listing_show(list, error);
    listing_close(list);
    return result;
}

static int forget(struct cache *cache, const char *source, const char *symbol, const struct invocation *invocation,
                  struct error *error)
{
    const int64_t days = option_count(invocation, "prune", 0);
    int64_t forgotten = 0;
    if (days == 0 && source == NULL && symbol == NULL) {
        (void)error_set(error, EXIT_USAGE, "what should be forgotten?");
        error_hint(error, "-s SOURCE, a symbol, or --prune DAYS; all of it is the file bars.db");
        return -1;
    }
    if (cache != NULL && cache_forget(cache, source, symbol, days == 0 ? TIME_NONE : time_now() - days * TIME_DAY,
                                      &forgotten, error) < 0)
        return -1;
    say(invocation, 0, "%lld series forgotten", (long long)forgotten);
    return 0;
}

enum exit_code quote_cache(struct invocation *invocation, struct error *error)
{
    char path[PATH_MAX];
    const char *source = option_text(invocation, "source", NULL);
    const char *symbol = invocation_operands(invocation) == 0 ? NULL : invocation_operand_list(invocation)[0];
    const bool forgets = option_flag(invocation, "forget") || option_given(invocation, "prune");
    struct cache *cache = NULL;
    struct config *config = config_open(error);
    bool ready = config != NULL && cache_path(config, false, path, error) == 0;
    /* None was made yet: it is empty. */
    if (ready && access(path, F_OK) == 0)
        ready = (cache = cache_open(path, forgets ? CACHE_WRITE : CACHE_READ, error)) != NULL;
    if (ready && forgets)
        (void)forget(cache, source, symbol, invocation, error);
    else if (ready)
        (void)show(cache, source, symbol, invocation, error);
    cache_close(cache);
    config_free(config);
    return error->code;
}
