/* A rule over a universe: the answer of every symbol's last bar, or of each bar as it comes.
 *
 * Bars come in any order of symbols, each series in its own order. A series is a symbol in an interval. What is kept of
 * one is the state of the rule and the answers at its last bar. */
#ifndef TN_STRATEGY_SCAN_H
#define TN_STRATEGY_SCAN_H

#include "expr/program.h"
#include "market/symbol_calendars.h"
#include "record/types.h"

#define SCAN_FIGURES_MAX 16
#define SCAN_STAGES_MAX  16

struct scan;

/* `question`: the rule is one; else its number is of interest. EXIT_USAGE when it cannot be read. */
struct scan *scan_new(const char *rule, bool question, struct error *error);
void scan_free(struct scan *scan);
/* As of a runner (strategy.h): the calendar, and moments of rules that look at other symbols. scan_note for each closed
 * bar of a moment, then scan_bar for each. */
int scan_set_calendar(struct scan *scan, const struct calendar *calendar, const struct symbol_calendars *calendars,
                      struct error *error);
bool scan_wants_calendar(const struct scan *scan);
bool scan_waits(const struct scan *scan);
/* As runner_missing. */
const char *scan_missing(const struct scan *scan);
/* As of a runner: what the rule knows beside bars. */
struct known_event;
bool scan_hears(const struct scan *scan);
int scan_event(struct scan *scan, const struct known_event *event, struct error *error);
const char *scan_unheard(const struct scan *scan);
int scan_note(struct scan *scan, const struct bar *bar, struct error *error);
int scan_lookback(const struct scan *scan);
/* The names of figures and stages; at most …_MAX of them are kept. */
int scan_figures(const struct scan *scan);
struct str scan_figure_name(const struct scan *scan, int index);
int scan_stages(const struct scan *scan);
struct str scan_stage_name(const struct scan *scan, int index);

/* What is known of a series after its last bar. */
struct scan_result {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    int64_t time, end;
    dec close;
    uint64_t bars;
    double before, value; /* the answer (1, 0, NaN) or number on the bar before, and on the last one */
    double figure[SCAN_FIGURES_MAX], stage[SCAN_STAGES_MAX];
    uint64_t quiet; /* for whoever wants it: bars since it last spoke; 0 at first */
    int64_t period; /* likewise: in which it last spoke; 0 at first */
};

/* The next bar: NULL on error (EXIT_INPUT: the bar), else its series' result, which lives until the next action. */
struct scan_result *scan_bar(struct scan *scan, const struct bar *bar, struct error *error);
int scan_action(struct scan *scan, const struct action *action, struct error *error);
/* All results, by symbol and interval. An array for the caller to free; NULL with an error, or when there are none. */
const struct scan_result **scan_results(struct scan *scan, size_t *count, struct error *error);
/* Each question of the rule at the bar that came last. */
int scan_explain(const struct scan *scan, program_visit *visit, void *context, struct error *error);

#endif
