/* The functions an expression can call: one line of the table each. */
#include "expr/tree.h"

static void call_abs(struct value *result, const struct value *argument, int arguments)
{
    (void)arguments;
    *result = *argument;
    if (argument->exact ? argument->decimal < 0 : argument->number < 0)
        value_negate(result, argument);
}

static void call_max(struct value *result, const struct value *argument, int arguments)
{
    *result = argument[0];
    for (int i = 1; i < arguments; i++)
        if (value_compare_numbers(&argument[i], result) > 0)
            *result = argument[i];
}

static void call_min(struct value *result, const struct value *argument, int arguments)
{
    *result = argument[0];
    for (int i = 1; i < arguments; i++)
        if (value_compare_numbers(&argument[i], result) < 0)
            *result = argument[i];
}

const struct function function_table[] = {
    {"abs", 1, 1, call_abs},
    {"max", 2, EXPR_ARGUMENTS_MAX, call_max},
    {"min", 2, EXPR_ARGUMENTS_MAX, call_min},
};
const int function_count = sizeof function_table / sizeof *function_table;
