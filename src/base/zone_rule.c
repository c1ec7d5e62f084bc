/* Reads a POSIX TZ rule and computes its moments. */
#include "base/zone_rule.h"

#include "base/time.h"

#include <string.h>

struct cursor {
    const char *p, *end;
};

static bool take(struct cursor *at, char c)
{
    if (at->p == at->end || *at->p != c)
        return false;
    at->p++;
    return true;
}

static bool take_number(struct cursor *at, int low, int high, int *result)
{
    const char *start = at->p;
    int value = 0;
    while (at->p < at->end && *at->p >= '0' && *at->p <= '9' && at->p - start < 4)
        value = value * 10 + (*at->p++ - '0');
    *result = value;
    return at->p > start && value >= low && value <= high;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Letters, or letters, digits and signs in angle brackets. */
static bool take_name(struct cursor *at, char name[static ZONE_NAME_SIZE])
{
    bool quoted = take(at, '<');
    size_t length = 0;
    while (at->p < at->end && length < ZONE_NAME_SIZE - 1) {
        char c = *at->p;
        if (!is_letter(c) && !(quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-')))
            break;
        name[length++] = c;
        at->p++;
    }
    name[length] = '\0';
    return length >= 3 && (!quoted || take(at, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool take_clock(struct cursor *at, int hours, int32_t *seconds)
{
    int hour, minute = 0, second = 0;
    bool negative = take(at, '-');
    if (!negative)
        (void)take(at, '+');
    if (!take_number(at, 0, hours, &hour))
        return false;
    if (take(at, ':')) {
        if (!take_number(at, 0, 59, &minute))
            return false;
        if (take(at, ':') && !take_number(at, 0, 59, &second))
            return false;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    if (negative)
        *seconds = -*seconds;
    return true;
}

static bool take_day(struct cursor *at, struct rule_day *day)
{
    *day = (struct rule_day){RULE_DAY_OF_YEAR, 0, 0, 0, 2 * 3600};
    if (take(at, 'M')) {
        day->kind = RULE_MONTH;
        if (!take_number(at, 1, 12, &day->month) || !take(at, '.') || !take_number(at, 1, 5, &day->week) ||
            !take(at, '.') || !take_number(at, 0, 6, &day->day))
            return false;
    } else if (take(at, 'J')) {
        day->kind = RULE_JULIAN;
        if (!take_number(at, 1, 365, &day->day))
            return false;
    } else if (!take_number(at, 0, 365, &day->day)) {
        return false;
    }
    return !take(at, '/') || take_clock(at, 167, &day->time);
}

static bool take_rule(struct cursor *at, struct zone_rule *rule)
{
    int32_t west;
    if (!take_name(at, rule->name[0]) || !take_clock(at, 24, &west))
        return false;
    rule->offset[0] = -west;
    if (at->p == at->end)
        return true;
    rule->has_daylight = true;
    rule->offset[1] = rule->offset[0] + 3600;
    if (!take_name(at, rule->name[1]))
        return false;
    if (!take(at, ',')) {
        if (!take_clock(at, 24, &west) || !take(at, ','))
            return false;
        rule->offset[1] = -west;
    }
    return take_day(at, &rule->start) && take(at, ',') && take_day(at, &rule->end) && at->p == at->end;
}

int zone_rule_parse(struct zone_rule *rule, const char *text, size_t length, struct error *error)
{
    struct cursor at = {text, text + length};
    *rule = (struct zone_rule){0};
    if (take_rule(&at, rule))
        return 0;
    return error_set(error, EXIT_INPUT, "'%.*s' is not a time zone rule", (int)(length < 60 ? length : 60), text);
}

static int64_t rule_days(const struct rule_day *rule, int year)
{
    int64_t january = date_to_days((struct date){year, 1, 1});
    if (rule->kind == RULE_DAY_OF_YEAR)
        return january + rule->day;
    if (rule->kind == RULE_JULIAN)
        return january + rule->day - 1 + (rule->day >= 60 && date_days_in_month(year, 2) == 29);
    int64_t first = date_to_days((struct date){year, rule->month, 1});
    int day = (rule->day - date_weekday(first) + 7) % 7 + (rule->week - 1) * 7;
    if (day >= date_days_in_month(year, rule->month))
        day -= 7;
    return first + day;
}

int64_t zone_rule_moment(const struct zone_rule *rule, int year, int end)
{
    const struct rule_day *day = end ? &rule->end : &rule->start;
    return rule_days(day, year) * 86400 + day->time - rule->offset[end ? 1 : 0];
}
