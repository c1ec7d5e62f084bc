/* Puts an expression to a record: a walk over the tree, without memory of its own. */
#include "expr/tree.h"

#include "record/record.h"

enum truth { TRUTH_ERROR = -1, TRUTH_NO = 0, TRUTH_YES = 1, TRUTH_UNKNOWN = 2 };

struct run {
    const struct expr *expr;
    const struct record *record;
    struct error *error;
};

/* The value of a node: a constant where it is, anything else made in `room`; NULL for an error. */
static const struct value *evaluate(const struct run *run, struct node *node, struct value *room);
static enum truth judge(const struct run *run, struct node *node);

static int shown_length(const struct node *node)
{
    return node->end - node->at > 40 ? 40 : (int)(node->end - node->at);
}

static int wrong_type(const struct run *run, const struct node *node, enum value_type type, const char *wanted)
{
    return error_set(run->error, EXIT_INPUT, "'%.*s' is %s; %s is needed", shown_length(node),
                     run->expr->text + node->at, value_type_words(type), wanted);
}

/* Lines of one type have their fields in the same places: look first where the field was last time. */
static const struct field *find_field(const struct record *record, struct node *node)
{
    if ((unsigned)node->seen < (unsigned)record->fields && str_equal(record->field[node->seen].key, node->name))
        return &record->field[node->seen];
    const struct field *field = record_field(record, node->name.p);
    if (field != NULL)
        node->seen = (int)(field - record->field);
    else if (node->seen == SEEN_NEVER_ASKED)
        node->seen = SEEN_NOWHERE;
    return field;
}

static int read_field(const struct run *run, struct node *node, struct value *value)
{
    const struct field *field = find_field(run->record, node);
    if (field == NULL) {
        value->type = TYPE_NULL;
        return 0;
    }
    switch (field->kind) {
    case VALUE_NUMBER:
        if (value_read_number(value, field->value, run->error) == 0)
            return 0;
        error_prefix(run->error, "field '%s'", node->name.p);
        return -1;
    case VALUE_STRING:
        value->type = TYPE_TEXT;
        value->moment = MOMENT_UNREAD;
        if (field->escaped)
            return record_text(run->record, field, &value->text, run->error);
        value->text = (struct str){field->value.p + 1, field->value.n - 2};
        return 0;
    case VALUE_TRUE:
    case VALUE_FALSE:
        value->type = TYPE_TRUTH;
        value->truth = field->kind == VALUE_TRUE;
        return 0;
    case VALUE_NULL:
        value->type = TYPE_NULL;
        return 0;
    case VALUE_OBJECT:
        value->type = TYPE_OBJECT;
        return 0;
    default:
        require(field->kind == VALUE_ARRAY);
        value->type = TYPE_ARRAY;
        return 0;
    }
}

/* A number or null. */
static const struct value *evaluate_number(const struct run *run, struct node *node, struct value *room)
{
    const struct value *value = evaluate(run, node, room);
    if (value == NULL || value->type == TYPE_NUMBER || value->type == TYPE_NULL)
        return value;
    (void)wrong_type(run, node, value->type, "a number");
    return NULL;
}

static int call(const struct run *run, struct node *node, struct value *result)
{
    struct value argument[EXPR_ARGUMENTS_MAX], room;
    bool known = true;
    int count = 0;
    for (struct node *at = node->first; count < node->arguments; at = at->next, count++) {
        const struct value *value = evaluate_number(run, at, &room);
        if (value == NULL)
            return -1;
        argument[count] = *value;
        known = known && value->type != TYPE_NULL;
    }
    result->type = TYPE_NULL;
    if (known)
        node->function->call(result, argument, count);
    return 0;
}

static int calculate(const struct run *run, struct node *node, struct value *result)
{
    struct value room[2];
    const struct value *a = evaluate_number(run, node->first, &room[0]), *b = a;
    if (a != NULL && node->op != OP_NEGATE)
        b = evaluate_number(run, node->first->next, &room[1]);
    if (a == NULL || b == NULL)
        return -1;
    result->type = TYPE_NULL;
    if (a->type == TYPE_NULL || b->type == TYPE_NULL)
        return 0;
    switch (node->op) {
    case OP_ADD:
        value_add(result, a, b);
        break;
    case OP_SUBTRACT:
        value_subtract(result, a, b);
        break;
    case OP_MULTIPLY:
        value_multiply(result, a, b);
        break;
    case OP_DIVIDE:
        value_divide(result, a, b);
        break;
    case OP_REMAINDER:
        value_remainder(result, a, b);
        break;
    default:
        require(node->op == OP_NEGATE);
        value_negate(result, a);
    }
    return 0;
}

static const struct value *evaluate(const struct run *run, struct node *node, struct value *room)
{
    if (node->op == OP_CONSTANT)
        return &node->constant;
    if (node->op == OP_FIELD)
        return read_field(run, node, room) == 0 ? room : NULL;
    if (node->op == OP_CALL)
        return call(run, node, room) == 0 ? room : NULL;
    if (node->op > OP_IS_KNOWN)
        return calculate(run, node, room) == 0 ? room : NULL;
    const enum truth truth = judge(run, node);
    room->type = truth == TRUTH_UNKNOWN ? TYPE_NULL : TYPE_TRUTH;
    room->truth = truth == TRUTH_YES;
    return truth == TRUTH_ERROR ? NULL : room;
}

static bool holds(enum operation operation, int order)
{
    switch (operation) {
    case OP_EQUAL:
        return order == 0;
    case OP_DIFFERENT:
        return order != 0;
    case OP_LESS:
        return order < 0;
    case OP_AT_MOST:
        return order <= 0;
    case OP_MORE:
        return order > 0;
    default:
        require(operation == OP_AT_LEAST);
        return order >= 0;
    }
}

static enum truth compare(const struct run *run, struct node *node)
{
    struct node *first = node->first, *second = first->next;
    struct value room[2];
    const struct value *a = evaluate(run, first, &room[0]);
    const struct value *b = a == NULL ? NULL : evaluate(run, second, &room[1]);
    if (b == NULL)
        return TRUTH_ERROR;
    if (a->type == TYPE_NULL || b->type == TYPE_NULL)
        return TRUTH_UNKNOWN;
    if (a->type == b->type && a->type == TYPE_NUMBER)
        return holds(node->op, value_compare_numbers(a, b)) ? TRUTH_YES : TRUTH_NO;
    if (a->type == b->type && a->type == TYPE_TEXT)
        return holds(node->op, value_compare_texts(a, b)) ? TRUTH_YES : TRUTH_NO;
    if (a->type == b->type && a->type == TYPE_TRUTH && (node->op == OP_EQUAL || node->op == OP_DIFFERENT))
        return holds(node->op, a->truth != b->truth) ? TRUTH_YES : TRUTH_NO;
    const char *text = run->expr->text;
    (void)error_set(run->error, EXIT_INPUT, "'%.*s' is %s and '%.*s' is %s: they cannot be compared",
                    shown_length(first), text + first->at, value_type_words(a->type), shown_length(second),
                    text + second->at, value_type_words(b->type));
    return TRUTH_ERROR;
}

/* Yes, no, or not known: Kleene's three-valued logic, the second side left alone when the first decides. */
static enum truth judge(const struct run *run, struct node *node)
{
    struct value room;
    const struct value *value;
    enum truth first, second;
    switch (node->op) {
    case OP_AND:
        first = judge(run, node->first);
        if (first == TRUTH_ERROR || first == TRUTH_NO)
            return first;
        second = judge(run, node->first->next);
        return second == TRUTH_YES ? first : second;
    case OP_OR:
        first = judge(run, node->first);
        if (first == TRUTH_ERROR || first == TRUTH_YES)
            return first;
        second = judge(run, node->first->next);
        return second == TRUTH_NO ? first : second;
    case OP_NOT:
        first = judge(run, node->first);
        return first == TRUTH_YES ? TRUTH_NO : first == TRUTH_NO ? TRUTH_YES : first;
    case OP_EQUAL:
    case OP_DIFFERENT:
    case OP_LESS:
    case OP_AT_MOST:
    case OP_MORE:
    case OP_AT_LEAST:
        return compare(run, node);
    case OP_IS_NULL:
    case OP_IS_KNOWN:
        value = evaluate(run, node->first, &room);
        if (value == NULL)
            return TRUTH_ERROR;
        return (value->type == TYPE_NULL) == (node->op == OP_IS_NULL) ? TRUTH_YES : TRUTH_NO;
    default:
        value = evaluate(run, node, &room);
        if (value == NULL)
            return TRUTH_ERROR;
        if (value->type == TYPE_NULL)
            return TRUTH_UNKNOWN;
        if (value->type == TYPE_TRUTH)
            return value->truth ? TRUTH_YES : TRUTH_NO;
        (void)wrong_type(run, node, value->type, "true or false");
        return TRUTH_ERROR;
    }
}

int expr_test(struct expr *expr, const struct record *record, struct error *error)
{
    const struct run run = {expr, record, error};
    const enum truth truth = judge(&run, expr->root);
    return truth == TRUTH_UNKNOWN ? 0 : (int)truth;
}

const char *expr_missing_field(const struct expr *expr)
{
    for (int i = 0; i < expr->nodes; i++) {
        const struct node *node = &expr->node[i];
        if (node->op == OP_FIELD && node->seen == SEEN_NOWHERE && !node->may_be_absent)
            return node->name.p;
    }
    return NULL;
}

int expr_where(void *expr, const struct record *record, struct error *error)
{
    return expr_test(expr, record, error);
}
