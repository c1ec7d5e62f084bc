/* The inside of a program. */
#ifndef TN_EXPR_PROGRAM_PARTS_H
#define TN_EXPR_PROGRAM_PARTS_H

#include "expr/program.h"
#include "expr/steps.h"
#include "expr/tree.h"
#include "record/types.h"

/* Which step a node became: shared trees are compiled once, and figures are found again. */
struct place {
    const struct node *node;
    int step;
};

struct figure {
    int root, step;
    struct str name;
};

/* A program over other bars than the series' own. */
struct inner {
    struct program *program;  /* owned */
    char symbol[SYMBOL_SIZE]; /* whose bars; "": coarser ones of the series itself */
};

struct program {
    struct step *step;
    size_t steps, step_capacity;
    struct place *place;
    size_t places, place_capacity;
    struct figure *figure;
    size_t figures, figure_capacity;
    int root[PROGRAM_ROOTS_MAX];
    const struct expr *expr[PROGRAM_ROOTS_MAX];
    int roots;
    struct inner *inner;
    size_t inners, inner_capacity;
    struct known_ask known[PROGRAM_KNOWN_MAX];
    int knowns;
    unsigned inputs;
    int lookback;
    size_t size;
    double *room; /* a column for each step */
};

/* The step's number: of one that is there already, or of this one, added. */
int program_add_step(struct program *program, const struct step *step, struct error *error);
/* A program of a single part, which has one root and nothing to be asked about. */
struct program *program_of_node(const struct node *node, struct error *error);
/* program_other.c: the numbers of their steps, or -1. */
int program_compile_at(struct program *program, const struct node *node, struct error *error);
int program_compile_of(struct program *program, const struct node *node, struct error *error);
int program_compile_known(struct program *program, const struct node *node, struct error *error);

/* The step that a node became. */
int program_step(const struct program *program, const struct node *node);

static inline double *program_column(const struct program *program, int step)
{
    return program->room + (size_t)step * COLUMNS_MAX;
}

static inline bool node_is_comparison(const struct node *node)
{
    return (node->op >= OP_EQUAL && node->op <= OP_AT_LEAST) || node->op == OP_CROSSES;
}

#endif
