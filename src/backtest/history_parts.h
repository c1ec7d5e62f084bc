/* The inside of a history, for the files that make one: from records (history.c), from a file of columns (pack.c). */
#ifndef TN_BACKTEST_HISTORY_PARTS_H
#define TN_BACKTEST_HISTORY_PARTS_H

#include "backtest/history.h"
#include "base/arena.h"
#include "strategy/known.h"

struct history_series {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    enum adjusted adjusted;
};

/* Some bars of one series in a row, or one action, anomaly or event. */
struct record_run {
    enum record_type type;
    uint32_t series;
    size_t from, count;
};

struct bar_columns {
    int64_t *time, *opens, *end, *session;
    dec *open, *high, *low, *close;
    double *volume;
    size_t count, capacity;
};

struct history {
    struct backtest *probe; /* refuses what a run would refuse */
    const struct calendar *calendar;
    const struct symbol_calendars *calendars;
    struct session_close *closes;
    struct history_series *series;
    size_t series_count, series_capacity, last_series;
    struct record_run *run;
    size_t runs, run_capacity;
    struct bar_columns bars;
    struct action *action;
    size_t actions, action_capacity;
    struct anomaly *anomaly;
    size_t anomalies, anomaly_capacity;
    struct history_event {
        struct known_event event;
        struct str line; /* without LF, in `texts` */
    } * event;
    size_t events, event_capacity;
    struct arena texts;
    int64_t first, last;
    char input[SHA256_HEX_SIZE];
    struct buf assumptions;
    const char *map; /* a file: the columns but `opens` lie in it; NULL: they are owned */
    size_t map_size;
    bool own_opens;
};

/* Keeps an action, anomaly or event behind the records there are, as the caller has checked it. */
int history_keep_action(struct history *history, const struct action *action, struct error *error);
int history_keep_anomaly(struct history *history, const struct anomaly *anomaly, struct error *error);
int history_keep_event(struct history *history, const struct known_event *event, struct str line, struct error *error);

#endif
