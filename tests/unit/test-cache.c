/* The cache: what is known of the time line, corrections, a change of basis, two writers. */
#include "feed/cache.h"
#include "record/record.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define DAY(n) ((int64_t)(20000 + (n)) * TIME_DAY)

static struct error error;
static struct calendar calendar;
static const struct cache_key key = {.source = "alpaca:iex",
                                     .origin = "https://a",
                                     .calendar = "always",
                                     .interval = {INTERVAL_DAY, 1},
                                     .adjusted = ADJUSTED_SPLIT};

/* The days first … last, with the closes factor × (100 + day). */
static size_t make(struct bar *bar, int first, int last, double factor)
{
    size_t count = 0;
    for (int day = first; day <= last; day++) {
        record_blank(RECORD_BAR, &bar[count]);
        bar[count].time = DAY(day);
        bar[count].end = DAY(day + 1);
        bar[count].session = 20000 + day;
        bar[count].volume = 1000;
        if (dec_from_double(&bar[count].close, factor * (100 + day), ROUND_HALF_EVEN) < 0)
            abort();
        bar[count].open = bar[count].high = bar[count].low = bar[count].close;
        count++;
    }
    return count;
}

/* Keep an answer for the days first … last, known as far as the day after `last`. */
static struct cache_change keep(struct cache *cache, const char *symbol, int first, int last, double factor,
                                int64_t clock, const struct bar *instead, size_t count)
{
    struct bar bar[64];
    struct cache_series series;
    struct cache_change change = {.added = 0};
    const size_t made = make(bar, first, last, factor);
    const struct cache_answer answer = {
        .asked = {DAY(first), DAY(last + 1)},
        .known_to = DAY(last + 1),
        .now = DAY(last + 1),
        .clock = clock,
        .at_end = true,
        .bar = instead != NULL ? instead : bar,
        .bars = instead != NULL ? count : made,
    };
    if (cache_begin(cache, true, &error) < 0 || cache_make(cache, &key, symbol, clock, &series, &error) < 0 ||
        cache_keep(cache, &key, &series, &answer, &change, &error) < 0 || cache_commit(cache, &error) < 0) {
        printf("# %s\n", error.text);
        abort();
    }
    return change;
}

/* "first-last" of each stretch that is missing within the days first … last. */
static void missing(struct cache *cache, const char *symbol, int first, int last, char *text, size_t size)
{
    struct cache_series series;
    struct cache_range *range = NULL;
    size_t count = 0, capacity = 0, n = 0;
    if (cache_find(cache, &key, symbol, &series, &error) < 0 ||
        cache_missing(cache, series.id, (struct cache_range){DAY(first), DAY(last + 1)}, &range, &count, &capacity,
                      &error) < 0)
        abort();
    text[0] = '\0';
    for (size_t i = 0; i < count && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%d-%d", i == 0 ? "" : " ", (int)(range[i].from / TIME_DAY) - 20000,
                              (int)(range[i].to / TIME_DAY) - 20001);
    free(range);
}

/* The closes kept of the days first … last, in whole units. */
static void closes(struct cache *cache, const char *symbol, int first, int last, char *text, size_t size)
{
    struct cache_series series;
    struct bar *bar = NULL;
    size_t count = 0, capacity = 0, n = 0;
    if (cache_find(cache, &key, symbol, &series, &error) < 0 ||
        cache_load(cache, &key, symbol, series.id, (struct cache_range){DAY(first), DAY(last + 1)}, &bar, &count,
                   &capacity, &error) < 0)
        abort();
    text[0] = '\0';
    for (size_t i = 0; i < count && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s%lld", i == 0 ? "" : " ", (long long)(bar[i].close / DEC_ONE));
    free(bar);
}

static void check_ranges(struct cache *cache)
{
    char text[200];
    missing(cache, "A", 0, 9, text, sizeof text);
    check_text(text, "0-9", "of an unknown symbol all is missing");
    check(keep(cache, "A", 3, 5, 1, 1, NULL, 0).added == 3, "three bars are kept");
    missing(cache, "A", 0, 9, text, sizeof text);
    check_text(text, "0-2 6-9", "what is missing is before and behind");
    (void)keep(cache, "A", 8, 9, 1, 2, NULL, 0);
    missing(cache, "A", 0, 12, text, sizeof text);
    check_text(text, "0-2 6-7 10-12", "a hole is missing too");
    (void)keep(cache, "A", 5, 8, 1, 3, NULL, 0);
    missing(cache, "A", 3, 9, text, sizeof text);
    check_text(text, "", "and then it is not");
    closes(cache, "A", 0, 20, text, sizeof text);
    check_text(text, "103 104 105 106 107 108 109", "each bar once");
    missing(cache, "B", 3, 5, text, sizeof text);
    check_text(text, "3-5", "another symbol has nothing of it");
}

static void check_corrections(struct cache *cache)
{
    char text[200];
    struct bar bar[8];
    (void)keep(cache, "C", 0, 4, 1, 1, NULL, 0);
    size_t count = make(bar, 2, 6, 1);
    bar[1].close += DEC_ONE;
    bar[1].high = bar[1].close;
    struct cache_change change = keep(cache, "C", 2, 6, 1, 2, bar, count);
    check(change.added == 2 && change.corrected == 1 && change.withdrawn == 0 && !change.rebased &&
              change.before.time == DAY(3) && change.after.close == change.before.close + DEC_ONE,
          "a corrected bar is found beside two new ones");
    closes(cache, "C", 0, 9, text, sizeof text);
    check_text(text, "100 101 102 104 104 105 106", "and replaced");
    count = make(bar, 2, 6, 1);
    bar[1].close += DEC_ONE;
    bar[1].high = bar[1].close;
    memmove(&bar[2], &bar[3], 2 * sizeof *bar);
    change = keep(cache, "C", 2, 6, 1, 3, bar, count - 1);
    check(change.withdrawn == 1 && change.corrected == 0, "one that is gone is withdrawn");
    for (size_t i = 0; i < 2; i++)
        bar[i].close += 10; /* a ten-millionth: the source's own rounding */
    change = keep(cache, "C", 2, 3, 1, 4, bar, 2);
    check(change.corrected == 0 && !change.rebased, "a rounding is no correction");
    change = keep(cache, "C", 2, 6, 1, 5, bar, 0);
    check(change.empty, "an answer without a bar is not believed where some are kept");
    closes(cache, "C", 0, 9, text, sizeof text);
    check_text(text, "100 101 102 104 105 106", "nothing of it is lost");
}

static void check_basis(struct cache *cache)
{
    char text[200];
    struct cache_change change;
    (void)keep(cache, "D", 0, 9, 1, 10, NULL, 0);
    change = keep(cache, "D", 7, 11, 0.5, 20, NULL, 0);
    check(change.rebased && change.corrected == 3, "half the price at the first bar that both have: another basis");
    closes(cache, "D", 0, 20, text, sizeof text);
    check_text(text, "53 54 54 55 55", "only what is on the new one is kept");
    missing(cache, "D", 0, 11, text, sizeof text);
    check_text(text, "0-6", "the rest is missing");
    /* An older answer of a slower program, on the old basis. */
    change = keep(cache, "D", 5, 9, 1, 15, NULL, 0);
    check(change.outdated && !change.rebased, "an older answer on another basis is not kept");
    closes(cache, "D", 0, 20, text, sizeof text);
    check_text(text, "53 54 54 55 55", "and changes nothing");
    /* A whole answer cannot be on another basis than itself. */
    change = keep(cache, "D", 0, 11, 0.25, 30, NULL, 0);
    check(!change.rebased && change.corrected == 5 && change.added == 7, "an answer about all of it is a correction");
}

static void check_actions(struct cache *cache)
{
    struct action_set actions, loaded;
    struct action action;
    struct cache_series series;
    record_blank(RECORD_ACTION, &action);
    memcpy(action.symbol, "E", 2);
    action.kind = ACTION_DIVIDEND;
    action.cash = DEC_ONE / 4;
    action.pay_date = STR("2024-11-01");
    action_set_init(&actions);
    action_set_init(&loaded);
    if (action_set_add(&actions, &action, 20003, &calendar, &error) < 0 ||
        action_set_add(&actions, &action, 20008, &calendar, &error) < 0 || cache_begin(cache, true, &error) < 0 ||
        cache_make(cache, &key, "E", 1, &series, &error) < 0 ||
        cache_keep_actions(cache, &series, (struct cache_range){DAY(0), DAY(10)}, DAY(10), &calendar, &actions,
                           &error) < 0)
        abort();
    action_set_clear(&actions);
    action.cash = DEC_ONE / 2;
    if (action_set_add(&actions, &action, 20008, &calendar, &error) < 0 ||
        cache_keep_actions(cache, &series, (struct cache_range){DAY(5), DAY(12)}, DAY(12), &calendar, &actions,
                           &error) < 0 ||
        cache_commit(cache, &error) < 0 ||
        cache_load_actions(cache, "E", series.id, (struct cache_range){DAY(0), DAY(20)}, &calendar, &loaded, &error) <
            0)
        abort();
    check(loaded.count == 2 && action_set_get(&loaded, 0)->cash == DEC_ONE / 4 &&
              action_set_get(&loaded, 1)->cash == DEC_ONE / 2 && action_set_get(&loaded, 1)->time == DAY(8) &&
              str_is(action_set_get(&loaded, 1)->pay_date, "2024-11-01"),
          "actions of the dates asked for are replaced, others stay");
    check(series.actions_from == DAY(0) && series.actions_asked == DAY(12), "how far they are known is kept");
    action_set_clear(&actions);
    action_set_clear(&loaded);
}

static void check_moment(struct cache *cache)
{
    struct cache_series series;
    struct bar bar[4];
    const size_t count = make(bar, 0, 2, 1);
    const struct cache_answer answer = {.asked = {DAY(0), DAY(900)},
                                        .known_to = DAY(3),
                                        .now = DAY(900),
                                        .clock = DAY(4),
                                        .at_end = true,
                                        .bar = bar,
                                        .bars = count};
    struct cache_change change;
    char text[80];
    if (cache_begin(cache, true, &error) < 0 || cache_make(cache, &key, "F", DAY(4), &series, &error) < 0 ||
        cache_keep(cache, &key, &series, &answer, &change, &error) < 0 || cache_commit(cache, &error) < 0)
        abort();
    check(series.asked == DAY(4), "a present moment that has not come yet is not when it was asked");
    missing(cache, "F", 0, 10, text, sizeof text);
    check_text(text, "3-10", "nor is a bar that has not come one that does not exist");
}

int main(void)
{
    char folder[] = "/tmp/test-cache-XXXXXX", path[64], text[80];
    if (mkdtemp(folder) == NULL || calendar_init(&calendar, "always", NULL, &error) < 0)
        return 1;
    (void)snprintf(path, sizeof path, "%s/bars.db", folder);
    check(cache_open(path, CACHE_READ, &error) == NULL && error.code == EXIT_USAGE,
          "--offline needs a cache that is there");
    error_clear(&error);
    struct cache *cache = cache_open(path, CACHE_WRITE, &error), *other = cache_open(path, CACHE_WRITE, &error);
    if (!check(cache != NULL && other != NULL, "two programs have it open"))
        return done();
    check_ranges(cache);
    closes(other, "A", 3, 4, text, sizeof text);
    check_text(text, "103 104", "what one has kept the other sees");
    check_corrections(cache);
    check_basis(cache);
    check_actions(cache);
    check_moment(cache);
    int64_t forgotten = 0;
    check(cache_forget(other, "alpaca:sip", NULL, TIME_NONE, &forgotten, &error) == 0 && forgotten == 0,
          "another feed is another source");
    check(cache_forget(other, "alpaca:iex", "A", TIME_NONE, &forgotten, &error) == 0 && forgotten == 1,
          "a symbol is forgotten");
    missing(cache, "A", 3, 5, text, sizeof text);
    check_text(text, "3-5", "and is asked for again");
    cache_close(cache);
    cache_close(other);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/bars.db-wal", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/bars.db-shm", folder);
    (void)unlink(path);
    (void)rmdir(folder);
    return done();
}
