/* The statements of a rule file that say how a position is entered, added to and left:
 *
 *     enter long at stop: highest(20) for 3 bars
 *     add: every 0.5 * atr(20) up to 4
 *     exits: half at 1 R, rest at entry + 3 * atr(14), break even after target, trail 5 % after 1 R, after 10 bars */
#include "strategy/rule_set.h"
#include "strategy/rule_text.h"
#include "strategy/rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int rule_take_number_root(struct rule_set *set, enum rule_root root, const char *text, struct error *error)
{
    if (set->root[root] != NULL)
        return error_set(error, EXIT_USAGE, "it is given twice");
    if ((set->root[root] = rule_parse(set, text, false, error)) == NULL)
        return -1;
    return series_is_question(set->root[root]) ? error_set(error, EXIT_USAGE, "a number is needed, not a condition")
                                               : 0;
}

static int take_constant(const struct rule_set *set, const char *text, double *value, struct error *error)
{
    const struct scope scope = {set->scope, set->names};
    return series_parse_constant(rule_skip_blanks(text), &scope, value, error);
}

static int take_count(const struct rule_set *set, const char *text, int most, const char *what, int *count,
                      struct error *error)
{
    double value;
    if (take_constant(set, text, &value, error) != 0)
        return -1;
    if (!(value >= 1 && value <= most && value == floor(value)))
        return error_set(error, EXIT_USAGE, "%s: a whole number from 1 to %d is needed", what, most);
    *count = (int)value;
    return 0;
}

int rule_take_bars(const struct rule_set *set, char *text, const char *statement, int *bars, struct error *error)
{
    if (!rule_cut_unit(text, "bar"))
        return error_set(error, EXIT_USAGE, "%s is a number of bars: %s: 10 bars", statement, statement);
    return take_count(set, text, RULE_BARS_MAX, statement, bars, error);
}

int rule_take_at(struct rule_set *set, enum rule_root root, enum order_type type, char *text, struct error *error)
{
    const int side = root == AT_SHORT;
    const char *bars = rule_cut_bars(text, "for");
    if (set->at[side] != ORDER_NONE)
        return error_set(error, EXIT_USAGE, "one price for each side: a stop or a limit");
    set->at[side] = type;
    set->at_bars[side] = 1;
    if (bars != NULL && take_count(set, bars, RULE_BARS_MAX, "for … bars", &set->at_bars[side], error) != 0)
        return -1;
    return rule_take_number_root(set, root, text, error);
}

int rule_take_add(struct rule_set *set, char *text, struct error *error)
{
    const char *rest;
    char *up = rule_find_word(text, "up"), *to = up == NULL ? NULL : text + (rule_skip_blanks(up + 2) - text);
    const char *most;
    if (!rule_begins(text, "every", &rest) || to == NULL || !rule_begins(to, "to", &most))
        return error_set(error, EXIT_USAGE, "distance and number are needed: add: every 0.5 * atr(20) up to 4");
    *up = '\0';
    if (take_count(set, most, RULE_UNITS_MAX, "up to", &set->units, error) != 0)
        return -1;
    if (set->units < 2)
        return error_set(error, EXIT_USAGE, "up to 1: nothing is added");
    return rule_take_number_root(set, ADD, rest, error);
}

/* "1.5 R". *multiple stays NaN where the text is another amount. */
static int take_multiple(const struct rule_set *set, char *text, double *multiple, struct error *error)
{
    const size_t n = rule_trim(text);
    const bool is_one = n > 1 && text[n - 1] == 'R' && !rule_is_letter(text[n - 2]);
    if (!is_one)
        return 0;
    text[n - 1] = '\0';
    if (take_constant(set, text, multiple, error) != 0)
        return -1;
    return *multiple > 0 && *multiple <= 1000 ? 0
                                              : error_set(error, EXIT_USAGE, "above 0 and at most 1000 R are needed");
}

/* The figure of an exit: an amount of price. */
static int take_figure(struct rule_set *set, const char *text, struct error *error)
{
    return rule_take_number_root(set, (enum rule_root)(EXIT_FIGURE + set->exits), text, error);
}

/* "entry + X" or, for a stop, "entry - X". */
static int take_distance(struct rule_set *set, const char *text, char sign, struct error *error)
{
    const char *rest;
    if (!rule_begins(rule_skip_blanks(text), "entry", &rest) || *(rest = rule_skip_blanks(rest)) != sign)
        return error_set(error, EXIT_USAGE, "where, from the price of the entry: entry %c 2 * atr(14)%s", sign,
                         sign == '+' ? ", or 2 R" : "");
    return take_figure(set, rest + 1, error);
}

/* "half", "25 %", "rest", "all". */
static int take_share(const struct rule_set *set, char *text, double *share, struct error *error)
{
    static const struct {
        const char *word;
        double share;
    } words[] = {{"half", 0.5}, {"third", 1.0 / 3}, {"quarter", 0.25}, {"rest", NAN}, {"all", NAN}};
    const size_t n = rule_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *share = words[i].share;
            return 0;
        }
    if (n < 2 || text[n - 1] != '%')
        return error_set(error, EXIT_USAGE, "'%s' is not a part: half, third, quarter, 20 %%, rest or all", text);
    text[n - 1] = '\0';
    if (take_constant(set, text, share, error) != 0)
        return -1;
    *share /= 100;
    return *share > 0 && *share <= 1 ? 0 : error_set(error, EXIT_USAGE, "a part is above 0 and at most 100 %%");
}

/* SHARE at AMOUNT [falling X R a bar] */
static int take_part(struct rule_set *set, struct rule_exit *exit, char *text, char *at, struct error *error)
{
    char *falling = rule_find_word(at, "falling");
    exit->kind = RULE_PART;
    *at = '\0';
    at += 2;
    if (falling != NULL) {
        char *unit = strstr(falling, " a bar");
        *falling = '\0';
        if (unit == NULL || *rule_skip_blanks(unit + 6) != '\0')
            return error_set(error, EXIT_USAGE, "the rate is needed: all at 3 R falling 0.1 R a bar");
        *unit = '\0';
        if (take_multiple(set, falling + 7, &exit->fall, error) != 0)
            return -1;
        if (isnan(exit->fall))
            return error_set(error, EXIT_USAGE, "the rate is needed: all at 3 R falling 0.1 R a bar");
    }
    if (take_share(set, text, &exit->share, error) != 0 || take_multiple(set, at, &exit->r, error) != 0)
        return -1;
    if (!isnan(exit->r))
        return 0;
    if (!isnan(exit->fall))
        return error_set(error, EXIT_USAGE, "'falling' needs a multiple of R");
    return take_distance(set, at, '+', error);
}

/* Cuts " after 1 R" off, where the text ends so. */
static int cut_after(const struct rule_set *set, char *text, double *r, struct error *error)
{
    char *after = rule_find_word(text, "after");
    if (after == NULL)
        return 0;
    *after = '\0';
    if (take_multiple(set, after + 5, r, error) != 0)
        return -1;
    return isnan(*r) ? error_set(error, EXIT_USAGE, "the start is needed: trail 2 * atr(14) after 1 R") : 0;
}

static int take_trail(struct rule_set *set, struct rule_exit *exit, char *text, struct error *error)
{
    exit->kind = RULE_TRAIL;
    if (cut_after(set, text, &exit->r, error) != 0)
        return -1;
    const size_t n = rule_trim(text);
    if (n == 0 || text[n - 1] != '%')
        return take_figure(set, text, error);
    text[n - 1] = '\0';
    if (take_constant(set, text, &exit->percent, error) != 0)
        return -1;
    return exit->percent > 0 && exit->percent < 100
               ? 0
               : error_set(error, EXIT_USAGE, "a trail is above 0 and below 100 %%");
}

static int take_even(struct rule_set *set, struct rule_exit *exit, char *text, struct error *error)
{
    const char *rest;
    text = (char *)rule_skip_blanks(text);
    exit->kind = RULE_EVEN;
    if (rule_begins(text, "after", &rest) && rule_begins(rule_skip_blanks(rest), "target", &rest) &&
        *rule_skip_blanks(rest) == '\0')
        return 0;
    if (rule_begins(text, "at", &rest) && take_multiple(set, text + (rest - text), &exit->r, error) != 0)
        return -1;
    return isnan(exit->r)
               ? error_set(error, EXIT_USAGE, "the trigger is needed: break even at 1 R, or break even after target")
               : 0;
}

/* "after 10 bars", "after 2 sessions" */
static int take_time(struct rule_set *set, struct rule_exit *exit, char *text, struct error *error)
{
    exit->kind = RULE_BARS;
    if (rule_cut_unit(text, "bar"))
        return take_count(set, text, RULE_BARS_MAX, "after … bars", &exit->count, error);
    exit->kind = RULE_SESSIONS;
    if (rule_cut_unit(text, "session"))
        return take_count(set, text, 10000, "after … sessions", &exit->count, error);
    return error_set(error, EXIT_USAGE, "a time in bars or sessions: after 10 bars");
}

static int take_exit(struct rule_set *set, char *text, struct error *error)
{
    const char *rest;
    struct rule_exit *exit = &set->exit[set->exits];
    char *at;
    if (set->exits == RULE_EXITS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d exits", RULE_EXITS_MAX);
    *exit = (struct rule_exit){.share = NAN, .r = NAN, .percent = NAN, .fall = NAN};
    int result;
    if (rule_begins(text, "at", &rest) && rule_begins(rule_skip_blanks(rest), "close", &rest) &&
        *rule_skip_blanks(rest) == '\0') {
        exit->kind = RULE_CLOSE;
        result = 0;
    } else if (rule_begins(text, "after", &rest)) {
        result = take_time(set, exit, text + (rest - text), error);
    } else if (rule_begins(text, "trail", &rest)) {
        result = take_trail(set, exit, text + (rest - text), error);
    } else if (rule_begins(text, "break", &rest) && rule_begins(rule_skip_blanks(rest), "even", &rest)) {
        result = take_even(set, exit, text + (rest - text), error);
    } else if (rule_begins(text, "stop", &rest) && rule_begins(rule_skip_blanks(rest), "at", &rest)) {
        exit->kind = RULE_STOP;
        result = take_distance(set, rest, '-', error);
    } else if ((at = rule_find_word(text, "at")) != NULL) {
        result = take_part(set, exit, text, at, error);
    } else {
        error_set(error, EXIT_USAGE, "'%.40s' is not an exit", text);
        error_hint(error, "half at 1 R, rest at entry + 2 * atr(14), stop at entry - …, trail 5 %%, break even at 1 R, "
                          "after 10 bars, at close");
        result = -1;
    }
    if (result == 0)
        set->exits++;
    return result;
}

int rule_take_exits(struct rule_set *set, char *text, struct error *error)
{
    int depth = 0;
    char *from = text;
    for (char *p = text;; p++) {
        depth += *p == '(' || *p == '[';
        depth -= *p == ')' || *p == ']';
        if (*p != '\0' && (*p != ',' || depth > 0))
            continue;
        const bool last = *p == '\0';
        *p = '\0';
        if (take_exit(set, (char *)rule_skip_blanks(from), error) != 0)
            return -1;
        if (last)
            return 0;
        from = p + 1;
    }
}

static int count_kind(const struct rule_set *set, enum rule_exit_kind kind)
{
    int count = 0;
    for (int i = 0; i < set->exits; i++)
        count += set->exit[i].kind == kind;
    return count;
}

bool rule_exits_count_sessions(const struct rule_set *set)
{
    return count_kind(set, RULE_SESSIONS) + count_kind(set, RULE_CLOSE) > 0;
}

/* A stop that does not trail, else a trail that begins at once: R is the distance to it. */
bool rule_exits_need_stop(const struct rule_set *set)
{
    bool needs = false, trails = false;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        needs |= !isnan(exit->r) || exit->kind == RULE_EVEN;
        trails |= exit->kind == RULE_TRAIL && isnan(exit->r);
    }
    return needs && count_kind(set, RULE_STOP) == 0 && (!trails || count_kind(set, RULE_EVEN) > 0);
}

static int check_distances(const struct rule_set *set, const char *file, struct error *error)
{
    for (int i = 0; i < set->exits; i++) {
        int price, volume;
        if (set->root[EXIT_FIGURE + i] != NULL && program_powers(set->program, EXIT_FIGURE + i, &price, &volume) &&
            (price != 1 || volume != 0))
            return error_set(error, EXIT_USAGE,
                             "%s: the distance of an exit is not an amount of money: 2 * atr(14) is one", file);
    }
    return 0;
}

int rule_check_exits(const struct rule_set *set, const char *file, struct error *error)
{
    int wholes = set->root[TARGET] != NULL || set->root[TARGET_SHORT] != NULL;
    double shares = 0;
    for (int i = 0; i < set->exits; i++)
        if (set->exit[i].kind == RULE_PART && isnan(set->exit[i].share))
            wholes++;
        else if (set->exit[i].kind == RULE_PART)
            shares += set->exit[i].share;
    const bool stop = set->root[STOP] != NULL || set->root[STOP_SHORT] != NULL;
    for (enum rule_exit_kind kind = RULE_STOP; kind <= RULE_CLOSE; kind++)
        if (count_kind(set, kind) > 1)
            return error_set(error, EXIT_USAGE, "%s: exits: only parts may be repeated", file);
    if (count_kind(set, RULE_STOP) == 1 && stop)
        return error_set(error, EXIT_USAGE, "%s: two stops: stop: is one, exits: stop at … another", file);
    if (wholes > 1 || shares > 1 + 1e-9)
        return error_set(error, EXIT_USAGE, "%s: exits: the parts are more than the position", file);
    if (rule_exits_need_stop(set) && !stop)
        return error_set(error, EXIT_USAGE, "%s: exits: R and break even need the first stop: stop: is missing", file);
    return check_distances(set, file, error);
}
