/* A rule file that was read: what rule_read.c makes and rules.c runs. */
#ifndef TN_STRATEGY_RULE_SET_H
#define TN_STRATEGY_RULE_SET_H

#include "expr/program.h"
#include "strategy/strategy.h"

#define RULE_LETS_MAX  32
#define RULE_NAME_SIZE 32
#define RULE_AMONG_MAX 64

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
    ROOTS
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

#endif
