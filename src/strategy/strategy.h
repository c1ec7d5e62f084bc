/* Strategies: closed bars in, the wanted position after each of them out. They step, they never look ahead, they never
 * see fills. */
#ifndef TN_STRATEGY_STRATEGY_H
#define TN_STRATEGY_STRATEGY_H

#include "indicator/series.h"
#include "record/types.h"

#define STRATEGY_PARAMS_MAX  12
#define STRATEGY_REASONS_MAX 6

#define STRATEGY_NEEDS_MAX   6
#define STRATEGY_COLUMNS_MAX 16 /* outputs of all of them */

#define LEVELS_MAX        COLUMNS_MAX /* bars of one step */
#define LEVEL_FIGURES_MAX 6           /* amounts that exits of rules name */

/* What a strategy wants after each of some bars, in columns: row i is of bar i. Prices are in the basis and the unit of
 * the columns, counts of 1e-8. A column a strategy has no use for it leaves alone: NaN. All 0 is one without room. */
struct levels {
    size_t count, capacity;
    enum want *side; /* WANT_NONE while warming up: the rest of the row means nothing then */
    double *strength, *units, *stop, *target;
    /* Of rules: where a position is entered (NaN: at the market), and the amounts of its exits. */
    double *entry, *figure[LEVEL_FIGURES_MAX];
    bool renews; /* a row may be decided anew though its side is that of the row before: */
    bool *anew;
    double *reason[STRATEGY_REASONS_MAX]; /* in the order of the strategy's table; NaN: not said */
    /* The runner's: which answer of another program it is; and the stretches of rows of a series with one side. */
    size_t *answer;
    struct stretch {
        size_t from;     /* row */
        int64_t decided; /* the end of the bar since which this side is wanted */
        int64_t age;     /* closed bars between that one and the row's */
    } * stretch;
    size_t stretches;
    void *memory; /* of all the columns */
};

/* Room for so many rows: there are none then, and NaN wherever nobody will write. A strategy instance must have its
 * own. */
int levels_reserve(struct levels *levels, size_t rows, struct error *error);
void levels_free(struct levels *levels);

static inline void levels_clear(struct levels *levels)
{
    levels->count = levels->stretches = 0;
}

/* The stretch that holds a row. */
const struct stretch *levels_stretch(const struct levels *levels, size_t row);

struct reason {
    const char *name;
    int price_power; /* as in struct output */
};

/* An indicator whose figures a strategy goes by: "atr:14". */
struct need {
    char indicator[64];
};

struct strategy {
    const char *name;
    const char *title;
    const char *source;
    struct parameter parameter[STRATEGY_PARAMS_MAX];
    int parameters;
    struct reason reason[STRATEGY_REASONS_MAX];
    int reasons;
    /* -1 with a message when parameters do not fit each other (fast >= slow). May be NULL. */
    int (*check)(const double *parameter, struct error *error);
    /* Which indicators it needs, with these parameters: writes at most STRATEGY_NEEDS_MAX of them, gives their number.
     * It keeps no average of its own. */
    int (*needs)(const double *parameter, struct need *need);
    unsigned inputs; /* what it reads of the bars beside them */
    /* Bars before the first that can be judged, beyond what its needs wait for. NULL: none. */
    int (*lookback)(const double *parameter);
    size_t (*size)(const double *parameter);
    void (*init)(void *state, const double *parameter); /* the state comes zeroed */
    /* Adds a row behind levels->count for each of the bars, for which there is room; counting them is the caller's.
     * `needed` has a column for each output of each need, in their order. The rows are the same however the bars are
     * split into steps. */
    void (*run)(void *state, const struct columns *in, const double *const *needed, struct levels *levels);
};

extern const struct strategy *const strategy_table[];
extern const int strategy_count;

/* A strategy with its parameters: "sma-cross:fast=10,slow=30". */
struct strategy_use {
    const struct strategy *strategy;
    double parameter[STRATEGY_PARAMS_MAX];
    char instance[STRATEGY_SIZE]; /* canonical: every parameter that differs from its default, in table order; the bare
                                     name when none does */
    struct indicator_use need[STRATEGY_NEEDS_MAX];
    int needs;
    unsigned inputs;         /* the columns it and its needs read */
    struct rule_set *rules;  /* of a rule file (rules.h), else NULL; owned by the first copy of the instance */
    int unit;                /* of a position that rules add to: 0 the first, which alone owns the rules */
    struct foreign *foreign; /* of another program (foreign.h), likewise */
};

/* Does the text begin with the name of a strategy, or of a rule file? */
bool strategy_is_named(const char *text);
int strategy_use_parse(struct strategy_use *use, const char *text, struct error *error);
/* Of how many units a position is made at most; each is an instance of its own, with a position of its own. */
int strategy_units(const struct strategy_use *use);
/* A unit of it, from 1 on, which shares what the first owns and must not outlive it. */
int strategy_use_unit(struct strategy_use *unit, const struct strategy_use *use, int number, struct error *error);
/* Frees what a rule file or a program took; harmless on a zeroed instance, and to be called for one of its copies only.
 */
void strategy_use_clear(struct strategy_use *use);
/* The canonical spelling, from strategy and parameters. */
int strategy_name_instance(struct strategy_use *use, struct error *error);

/* Bars before the first that can be judged. */
int strategy_lookback(const struct strategy_use *use);
/* The state of one series: its own and those of its needs. It comes zeroed. */
size_t strategy_size(const struct strategy_use *use);
void strategy_init(const struct strategy_use *use, void *state);
/* The next bars, in counts of 1e-8, with the columns of use->inputs: their rows behind levels->count. */
void strategy_run(const struct strategy_use *use, void *state, const struct columns *in, struct levels *levels);

/* One instance over many symbols: keeps a state and the adjustment factor of each (symbol, interval), turns bars into
 * signals. The same code serves tn-signal and tn-backtest. */
struct runner;

struct runner *runner_new(const struct strategy_use *use, struct error *error);
void runner_free(struct runner *runner);
/* Whose dates the sessions of bars are; before the first bar, and it must live as long. NULL: days of UTC. */
int runner_set_calendar(struct runner *runner, const struct calendar *calendar,
                        const struct symbol_calendars *calendars, struct error *error);
/* Does it ask when sessions are? */
bool runner_wants_calendar(const struct runner *runner);
/* Rules that look beyond their own series (`of SPY`, a ranking), and other programs, judge the bars of a moment, those
 * that ended together, when all of them have come: each is noted first, then runner_moment says that these were all,
 * and then each is stepped over, alone. A runner that does not wait need not be told, and takes many bars in one step.
 */
bool runner_waits(const struct runner *runner);
/* EXIT_INPUT for a bar that cannot be used. One that is not final is passed over. After an error of runner_moment,
 * whatever its code, the run cannot go on. */
int runner_note(struct runner *runner, const struct bar *bar, struct error *error);
int runner_moment(struct runner *runner, struct error *error);
/* The same in two: a runner that can ask ahead takes the bars of later moments before it has heard the answer to an
 * earlier one, of which RUNNER_AHEAD_MAX may be missing. Then the bars of the moment that was heard can be stepped
 * over. Answers are kept while any is missing, and until the next bar. */
#define RUNNER_AHEAD_MAX 64
bool runner_asks_ahead(const struct runner *runner);
int runner_ask(struct runner *runner, struct error *error);
int runner_hear(struct runner *runner, struct error *error);
/* No more bars: another program must end now, and well. EXIT_UNAVAILABLE when it does not. Others are done anyway. */
int runner_finish(struct runner *runner, struct error *error);
/* A symbol that its rules ask for and of which no bar came, NULL when there is none. */
const char *runner_missing(const struct runner *runner);
/* What rules know beside bars (known.h), before the bars that may know it. Does it hear of such things at all, and what
 * did it ask for and never heard of? */
struct known_event;
bool runner_hears(const struct runner *runner);
int runner_event(struct runner *runner, const struct known_event *event, struct error *error);
const char *runner_unheard(const struct runner *runner);
/* Signals get plain ids, of at most 40 characters and unique among runners of other numbers, instead of hashes: for
 * runs whose records nobody reads. */
void runner_use_plain_ids(struct runner *runner, int number);
/* Corporate actions adjust what the strategy sees from the next bar on; ignored for symbols whose bars say they are
 * adjusted already. */
int runner_action(struct runner *runner, const struct action *action, struct error *error);
/* The series that never had bars enough for a signal: how many they are, and the symbol and bars of the one that had
 * most. It takes lookback + 1. */
struct runner_waiting {
    size_t series;
    char symbol[SYMBOL_SIZE];
    uint64_t bars;
};
void runner_waiting(const struct runner *runner, struct runner_waiting *waiting);
/* One series of bars, looked up once: good until a rename among the actions, then ask again. */
struct series *runner_series(struct runner *runner, const char *symbol, struct interval interval, struct error *error);
/* Steps the strategy over the next closed bars of a series and adds their rows to `levels`, of the runner alone, which
 * has room for them. Between them there must be no action. */
int runner_step(struct runner *runner, struct series *series, const struct bars *bars, enum adjusted adjusted,
                const char *symbol, struct levels *levels, struct error *error);
/* A row as a record that nothing explains, until an action comes; only when its side is not WANT_NONE. `end` and
 * `close` are those of its bar. Prices are raw, rounded half-even to 1e-8. */
int runner_signal(struct runner *runner, const struct series *series, const struct levels *levels, size_t row,
                  int64_t end, dec close, struct signal *signal, struct error *error);
/* Does a row, whose side is not WANT_NONE, move the exits of what is held? */
bool runner_moves(const struct runner *runner, const struct levels *levels, size_t row);
/* Adds what explains it: reason and basis, which point into the runner until the next call, and the bar's key as its
 * cause. */
int runner_explain(struct runner *runner, const struct series *series, const struct levels *levels, size_t row,
                   const struct bar *bar, struct signal *signal, struct error *error);
/* All in one: 1: *signal is the level; 0: still warming up, or a bar that is not final; -1: error. */
int runner_bar(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error);

/* The same in two steps, for whoever wants few of many levels as records: the level as a row, and later, as long as no
 * other bar and no action has come for the symbol, the record of that row. Of strategies that wait for their moment
 * the record must be made within it. */
struct level_row {
    enum want side;
    double strength, units, stop, target, entry, figure[LEVEL_FIGURES_MAX], reason[STRATEGY_REASONS_MAX];
    bool anew;
    size_t answer;
    int64_t decided, age;
};
int runner_bar_row(struct runner *runner, const struct bar *bar, struct level_row *row, struct error *error);
int runner_row_signal(struct runner *runner, const struct level_row *row, const struct bar *bar, struct signal *signal,
                      struct error *error);

#endif
