/* The bars of tn-backtest diff through a backtest, and what was done by hand between them. */
#include "market/bar_times.h"
#include "tn-backtest/diff.h"

#include <stdlib.h>
#include <string.h>

static int compare_hands(const void *a, const void *b)
{
    const struct hand_event *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* By their times; of one time as they came. The list is short, and nearly sorted. */
static void sort_hands(struct comparing *comparing)
{
    for (size_t i = 1; i < comparing->hands; i++)
        for (size_t j = i; j > 0 && compare_hands(&comparing->hand[j - 1], &comparing->hand[j]) > 0; j--) {
            const struct hand_event late = comparing->hand[j];
            comparing->hand[j] = comparing->hand[j - 1];
            comparing->hand[j - 1] = late;
        }
}

/* What was done by hand before a moment. */
static int play_hands(const struct comparing *comparing, struct backtest *backtest, int64_t until, size_t *next,
                      struct error *error)
{
    for (; *next < comparing->hands && comparing->hand[*next].time < until; ++*next) {
        const struct hand_event *event = &comparing->hand[*next];
        if (backtest_by_hand(backtest, event->type, &event->order, event->time, error) != 0)
            return -1;
    }
    return 0;
}

static int warm_up(struct backtest *backtest, const struct bar *bar, const struct account_terms *account_terms,
                   struct error *error)
{
    struct candle candle = candle_of_bar(bar);
    const int series = backtest_series(backtest, bar->symbol, bar->interval, bar->adjusted, error);
    if (series < 0 || bar_opens(account_terms_calendar(account_terms, bar->symbol), bar, &candle.opens, error) != 0)
        return -1;
    const struct bars one = bars_of(&candle);
    return backtest_warm(backtest, series, &one, error);
}

static int play_record(struct comparing *comparing, struct backtest *backtest, const struct kept_record *kept,
                       const struct account_terms *account_terms, struct error *error)
{
    const struct str none = {NULL, 0};
    const bool early = kept->key.known < comparing->opened;
    switch (kept->key.type) {
    case RECORD_BAR:
        if (pairs_bar(&comparing->pairs, &kept->bar, error) != 0)
            return -1;
        return early ? warm_up(backtest, &kept->bar, account_terms, error)
                     : backtest_bar(backtest, &kept->bar, none, error);
    case RECORD_ACTION:
        return early ? backtest_warm_action(backtest, &kept->action, error)
                     : backtest_action(backtest, &kept->action, none, error);
    case RECORD_EVENT:
        return backtest_event(backtest, &kept->event, none, error);
    default:
        return backtest_anomaly(backtest, &kept->anomaly, error);
    }
}

int diff_play(struct comparing *comparing, struct backtest *backtest, const struct account_terms *account_terms,
              struct error *error)
{
    size_t bars = 0, next = 0;
    int64_t last = TIME_NONE;
    sort_hands(comparing);
    for (size_t i = 0; i < comparing->records; i++) {
        const struct kept_record *kept = &comparing->record[i];
        if (i + 1 < comparing->records && diff_is_same_thing(kept, kept + 1))
            continue;
        bars += kept->key.type == RECORD_BAR;
        last = kept->key.known;
        if (play_hands(comparing, backtest, kept->key.known, &next, error) != 0 ||
            play_record(comparing, backtest, kept, account_terms, error) != 0)
            return -1;
    }
    if (bars > 0 && last >= comparing->opened)
        return play_hands(comparing, backtest, INT64_MAX, &next, error) != 0 ? -1 : backtest_finish(backtest, error);
    if (bars > 0)
        return error_set(error, EXIT_NO, "the bars end before the account was opened");
    error_set(error, EXIT_NO, "there are no bars");
    error_hint(error, "name files, or tn-quote bars -s SOURCE SYMBOL … | tn-backtest diff …");
    return -1;
}
