/* A rule file that was read: what rule_read.c makes and rules.c runs. */
#ifndef TN_STRATEGY_RULE_SET_H
#define TN_STRATEGY_RULE_SET_H

#include "expr/program.h"
#include "strategy/strategy.h"

#define RULE_LETS_MAX  32
#define RULE_NAME_SIZE 32
#define RULE_AMONG_MAX 64
#define RULE_EXITS_MAX 6

enum rule_root {
    ENTER_LONG,
    EXIT_LONG,
    ENTER_SHORT,
    EXIT_SHORT,
    STOP,
    STOP_SHORT,
    TARGET,
    TARGET_SHORT,
    WHEN,
    CONFIRM,
    STRENGTH,
    RANK,
    WEIGHT,
    AT_LONG, /* the price of an entry at a stop or limit */
    AT_SHORT,
    SIZE,
    ADD,          /* how far apart units are */
    SESSION_ENDS, /* asked by exits that count sessions */
    EXIT_FIGURE,  /* amounts that exits name, in the order of set->exit */
    ROOTS = EXIT_FIGURE + RULE_EXITS_MAX
};

enum rule_exit_kind {
    RULE_PART,     /* a target, for a part or for what is left */
    RULE_STOP,     /* a stop that lies so far from the fill */
    RULE_EVEN,     /* the stop goes to break-even at so many R, or when a target has filled (r absent) */
    RULE_TRAIL,    /* a stop that follows the price */
    RULE_BARS,     /* at the open after so many bars … */
    RULE_SESSIONS, /* … or sessions */
    RULE_CLOSE     /* at the close of the session */
};

/* One of the exits of a position. Its amount, where it has one, is of the root EXIT_FIGURE + its place. */
struct rule_exit {
    enum rule_exit_kind kind;
    double share;   /* of a part; NaN: what is left */
    double r;       /* where it is, or from where on it works, in multiples of R; NaN: not said so */
    double percent; /* of a trail; NaN: it is an amount */
    double fall;    /* of a part: so many R nearer with each bar; NaN: it stays */
    int count;
};

/* When a ranking chooses anew. */
enum rebalance { REBALANCE_NEVER, REBALANCE_SESSION, REBALANCE_WEEK, REBALANCE_MONTH, REBALANCE_QUARTER };

/* How many of the ranked: a number, or a share of them in percent. */
struct picks {
    double count;
    bool percent;
};

struct rule_set {
    struct strategy strategy; /* what the others see of it */
    const char *statement;    /* while it is read: what the expression in it is part of, … */
    const char *whole;        /* … and the same with all its lines */
    char name[RULE_NAME_SIZE], title[128], source[128];
    char parameter_name[STRATEGY_PARAMS_MAX][RULE_NAME_SIZE];
    struct scope_name scope[STRATEGY_PARAMS_MAX + RULE_LETS_MAX];
    char let_name[RULE_LETS_MAX][RULE_NAME_SIZE];
    int names; /* of the scope: parameters first */
    struct expr *let[RULE_LETS_MAX];
    int lets;
    struct expr *root[ROOTS];
    struct program *program;
    int confirm_within; /* bars; 0: no confirmation */
    int hold;           /* bars; 0: for ever */
    enum order_type
        at[2]; /* how a long and a short position are entered: ORDER_NONE at the market, else at the price of AT_… */
    int at_bars[2]; /* … in so many bars */
    struct rule_exit exit[RULE_EXITS_MAX];
    int exits;
    bool priced;     /* something is said of a position beside its side */
    bool needs_stop; /* exits are measured by the one of stop: */
    int units;       /* the most of a position; 1: nothing is added */
    enum rebalance rebalance;
    struct picks top, bottom;                /* bought, sold short */
    char among[RULE_AMONG_MAX][SYMBOL_SIZE]; /* the symbols it goes by; none: all */
    int amongs;
    char otherwise[SYMBOL_SIZE]; /* long while the ranking chooses none; "": nothing is */
    bool mirrored[2];            /* stop, target of a short is that of a long on the other side of the close */
    char reason_name[STRATEGY_REASONS_MAX][64];
    struct {
        int root, figure;
    } reason[STRATEGY_REASONS_MAX];
};

/* What a position that rules want becomes, as far as bars can tell: bars are all that they see. Prices are in the basis
 * of the columns; `entry` NaN: it has not been filled yet. */
struct rule_trade {
    double entry, stop, target, trail;
    double distance; /* R */
    double lift; /* what dividends have left where it was in prices of the day has moved by so much since the fill */
    double figure[RULE_EXITS_MAX];
    double left;            /* of the position: 1, less the parts that have been sold */
    unsigned taken;         /* which parts, by place */
    int64_t bars, sessions; /* closed since the fill, its own bar counted */
    bool due;               /* it is left at the next open */
};

struct rule_bar {
    double open, high, low, close;
    bool session_ends;
};

/* rule_trade.c. A position at a stop or limit is there from the bar that reached its price. */
void rule_trade_begin(const struct rule_set *set, struct rule_trade *trade, int sign, double entry);
/* A dividend before the next bar: the columns are lifted by a factor, and what it does not lower goes with them. */
void rule_trade_lift(struct rule_trade *trade, int sign, double factor);
/* A bar of the position's life. True when it is over: the bar has brought the last of its exits. `course`: it was
 * entered in the course of this bar; `first`: in this bar at all. */
bool rule_trade_bar(const struct rule_set *set, struct rule_trade *trade, int sign, const struct rule_bar *bar,
                    bool first, bool course);

/* rule_read.c. An expression in the statement that is being read; messages name its place there. */
struct expr *rule_parse(const struct rule_set *set, const char *text, bool question, struct error *error);

/* rule_exits.c: statements. */
int rule_take_exits(struct rule_set *set, char *text, struct error *error);
int rule_take_at(struct rule_set *set, enum rule_root root, enum order_type type, char *text, struct error *error);
int rule_take_add(struct rule_set *set, char *text, struct error *error);
/* "N bars", of a statement that says no more. */
int rule_take_bars(const struct rule_set *set, char *text, const char *statement, int *bars, struct error *error);
/* Are they measured by the stop of `stop:`? Do they ask when a session ends? */
bool rule_exits_need_stop(const struct rule_set *set);
bool rule_exits_count_sessions(const struct rule_set *set);
/* What the exits need is there. */
int rule_check_exits(const struct rule_set *set, const char *file, struct error *error);
/* The root of an expression that gives a number; EXIT_USAGE where it was said before. */
int rule_take_number_root(struct rule_set *set, enum rule_root root, const char *text, struct error *error);

#endif
