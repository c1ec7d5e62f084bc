/* What can be asked of a program after a run: figures, stages, answers. */
#include "expr/program_parts.h"

static const struct figure *figure_at(const struct program *program, int root, int index)
{
    for (size_t i = 0; i < program->figures; i++)
        if (program->figure[i].root == root && index-- == 0)
            return &program->figure[i];
    return NULL;
}

int program_figures(const struct program *program, int root)
{
    int count = 0;
    while (figure_at(program, root, count) != NULL)
        count++;
    return count;
}

struct str program_figure_name(const struct program *program, int root, int index)
{
    return figure_at(program, root, index)->name;
}

/* In units of the day. */
static double value_at(const struct program *program, int step, const struct columns *in, size_t row)
{
    return program_column(program, step)[row] / step_scale(program->step[step].price, program->step[step].volume, in);
}

double program_figure(const struct program *program, int root, int index, const struct columns *in, size_t row)
{
    return value_at(program, figure_at(program, root, index)->step, in, row);
}

void program_figure_column(const struct program *program, int root, int index, const struct columns *in, double *out)
{
    const int step = figure_at(program, root, index)->step;
    const double scale = step_scale(program->step[step].price, program->step[step].volume, in);
    const double *column = program_column(program, step);
    for (size_t i = 0; i < in->n; i++)
        out[i] = column[i] / scale;
}

/* Visits the stages from left to right: the index-th, or NULL with what is left of the index. */
static const struct node *stage_at(const struct node *node, int *index)
{
    while (node->op == OP_SAME)
        node = node->same;
    if (node->op != OP_AND)
        return (*index)-- == 0 ? node : NULL;
    const struct node *found = stage_at(node->first, index);
    return found != NULL ? found : stage_at(node->first->next, index);
}

int program_stages(const struct program *program, int root)
{
    int count = 0, index = 0;
    while (stage_at(program->expr[root]->root, &index) != NULL)
        index = ++count;
    return count;
}

struct str program_stage_name(const struct program *program, int root, int index)
{
    return node_text(stage_at(program->expr[root]->root, &index));
}

double program_stage(const struct program *program, int root, int index, size_t row)
{
    return program_column(program, program_step(program, stage_at(program->expr[root]->root, &index)))[row];
}

struct explaining {
    const struct program *program;
    int root;
    const struct columns *in;
    size_t row;
    program_visit *visit;
    void *context;
};

static int explain(const struct explaining *how, const struct node *node, int depth, struct error *error)
{
    while (node->op == OP_SAME)
        node = node->same;
    if (node->type != TYPE_TRUTH)
        return 0;
    struct program_answer answer = {.depth = depth,
                                    .text = node_text(node),
                                    .answer = program_column(how->program, program_step(how->program, node))[how->row],
                                    .sides = node_is_comparison(node) && node->first->type != TYPE_TRUTH};
    if (answer.sides) {
        answer.left = value_at(how->program, program_step(how->program, node->first), how->in, how->row);
        answer.right = value_at(how->program, program_step(how->program, node->first->next), how->in, how->row);
    }
    if (how->visit(how->context, &answer, error) != 0)
        return -1;
    if (node->op == OP_AT || node->op == OP_OF) /* its parts are another program's */
        return 0;
    for (const struct node *part = node->first; part != NULL; part = part->next)
        if (explain(how, part, depth + 1, error) != 0)
            return -1;
    return 0;
}

int program_explain(const struct program *program, int root, const struct columns *in, size_t row, program_visit *visit,
                    void *context, struct error *error)
{
    const struct explaining how = {program, root, in, row, visit, context};
    return program->root[root] < 0 ? 0 : explain(&how, program->expr[root]->root, 0, error);
}
