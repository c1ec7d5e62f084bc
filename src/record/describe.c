/* Records in a few words: the text of a member, and the templates of the types. */
#include "record/record.h"
#include "record/schema.h"

#include "base/num.h"

#include <math.h>

/* A figure as people read it: of those with more digits than money has, two behind the point, or four that count. */
static void figure_add(struct buf *out, struct str number)
{
    size_t digits = 0;
    double value;
    struct error error;
    error_clear(&error);
    for (size_t i = 0; i < number.n; i++)
        digits += number.p[i] >= '0' && number.p[i] <= '9';
    if (digits <= 9 || num_parse(&value, number.p, number.n, &error) != 0)
        buf_add_str(out, number);
    else if (fabs(value) >= 1)
        buf_printf(out, "%.2f", value);
    else
        buf_printf(out, "%.4g", value);
}

static void value_add(struct buf *out, const struct field *member)
{
    if (member->kind == VALUE_OBJECT)
        object_add_words(out, member->value);
    else if (member->kind == VALUE_STRING && !member->escaped)
        buf_add(out, member->value.p + 1, member->value.n - 2);
    else if (member->kind == VALUE_NUMBER)
        figure_add(out, member->value);
    else
        buf_add_str(out, member->value);
}

static bool member_find(struct str object, const char *name, struct field *member)
{
    while (raw_next(&object, member))
        if (str_is(member->key, name))
            return true;
    return false;
}

/* "return +7.05 % (26.67 → 28.55)"; the prices where the object has them. */
static void return_add(struct buf *out, struct str object, const struct field *member)
{
    double value = 0;
    struct error error;
    struct field from, to;
    error_clear(&error);
    (void)num_parse(&value, member->value.p, member->value.n, &error);
    buf_printf(out, "return %+.2f %%", 100 * value);
    if (!member_find(object, "from", &from) || !member_find(object, "to", &to))
        return;
    buf_add_text(out, " (");
    figure_add(out, from.value);
    buf_add_text(out, " → ");
    figure_add(out, to.value);
    buf_add_char(out, ')');
}

/* The date of a time, which comes as text with its quotes. */
static void day_add(struct buf *out, const struct field *member)
{
    if (member->kind == VALUE_STRING && member->value.n >= 12)
        buf_add(out, member->value.p + 1, 10);
    else
        buf_add_str(out, member->value);
}

void bar_add_words(struct buf *out, struct str object)
{
    static const char *const names[] = {"open", "high", "low"};
    struct field member;
    if (member_find(object, "interval", &member) && !str_is(member.value, "\"1d\"")) {
        value_add(out, &member);
        buf_add_char(out, ' ');
    }
    if (member_find(object, "close", &member)) {
        buf_add_text(out, "close ");
        figure_add(out, member.value);
    }
    if (member_find(object, "time", &member)) {
        buf_add_text(out, " on ");
        day_add(out, &member);
    }
    bool any = false;
    for (int i = 0; i < 3; i++)
        if (member_find(object, names[i], &member)) {
            buf_printf(out, "%s%s ", any ? ", " : " (", names[i]);
            figure_add(out, member.value);
            any = true;
        }
    buf_add_text(out, any ? ")" : "");
}

/* A reason names its bar, which is told beside it; the prices of a return stand with it; since when comes last. */
static bool is_told_elsewhere(struct str object, const struct field *member)
{
    struct field other;
    const bool of_return = str_is(member->key, "from") || str_is(member->key, "to");
    return str_is(member->key, "bar") || str_is(member->key, "decided") ||
           (of_return && member_find(object, "return", &other) && other.kind == VALUE_NUMBER);
}

void object_add_words(struct buf *out, struct str object)
{
    struct str rest = object;
    struct field member;
    bool first = true;
    while (raw_next(&rest, &member)) {
        if (is_told_elsewhere(object, &member))
            continue;
        const bool is_side = str_is(member.key, "side"), is_price = str_is(member.key, "price");
        buf_add_text(out, first ? "" : is_price ? " " : ", ");
        first = false;
        if (str_is(member.key, "return") && member.kind == VALUE_NUMBER) {
            return_add(out, object, &member);
            continue;
        }
        const bool is_reason = str_is(member.key, "reason"), nested = member.kind == VALUE_OBJECT && !is_reason;
        if (is_price)
            buf_add_text(out, "at ");
        else if (!is_side && !is_reason && member.key.n > 0) {
            buf_add_str(out, member.key);
            buf_add_char(out, ' ');
        }
        buf_add_text(out, nested ? "(" : "");
        value_add(out, &member);
        buf_add_text(out, nested ? ")" : "");
    }
    if (member_find(object, "decided", &member)) {
        buf_add_text(out, first ? "wanted since " : ", wanted since ");
        day_add(out, &member);
    }
}

static void add_number(struct buf *out, const struct member *member, const char *at)
{
    int64_t whole;
    double real;
    char text[DEC_TEXT_MAX > NUM_TEXT_MAX ? DEC_TEXT_MAX : NUM_TEXT_MAX];
    if (member->kind == MEMBER_DOUBLE) {
        memcpy(&real, at, sizeof real);
        if (isfinite(real))
            buf_add(out, text, num_format(text, real));
        return;
    }
    memcpy(&whole, at, sizeof whole);
    if (member->kind == MEMBER_DEC && whole != DEC_NONE)
        buf_add(out, text, dec_format(text, whole));
    if (member->kind == MEMBER_INTEGER && (whole != 0 || (member->flags & ALWAYS) != 0))
        buf_printf(out, "%lld", (long long)whole);
}

static void add_moment(struct buf *out, const struct member *member, const char *at)
{
    int64_t value;
    char text[TIME_TEXT_MAX];
    memcpy(&value, at, sizeof value);
    if (value == TIME_NONE)
        return;
    if (member->kind == MEMBER_TIME)
        buf_add(out, text, time_format(text, value));
    else
        buf_add(out, text, date_format(text, date_from_days(value)));
}

static void add_legs(struct buf *out, const struct leg *legs, int count)
{
    for (int i = 0; i < count; i++) {
        const struct leg *leg = &legs[i];
        const dec price = leg->stop_price != DEC_NONE ? leg->stop_price : leg->limit_price;
        char text[DEC_TEXT_MAX];
        if (i > 0)
            buf_add_text(out, ", ");
        buf_add_text(out, role_text(leg->role));
        if (price != DEC_NONE) {
            buf_add_char(out, ' ');
            buf_add(out, text, dec_format(text, price));
        }
    }
}

void member_add_text(struct buf *out, const struct member *member, const void *value)
{
    const char *const at = (const char *)value + member->offset;
    char text[INTERVAL_TEXT_MAX];
    struct interval interval;
    struct str str;
    int choice;
    switch ((enum member_kind)member->kind) {
    case MEMBER_SYMBOL:
    case MEMBER_TEXT:
        buf_add(out, at, strnlen(at, member->size));
        break;
    case MEMBER_STR:
    case MEMBER_DATE:
        memcpy(&str, at, sizeof str);
        buf_add_str(out, str);
        break;
    case MEMBER_OBJECT:
    case MEMBER_ARRAY:
        memcpy(&str, at, sizeof str);
        object_add_words(out, str);
        break;
    case MEMBER_DEC:
    case MEMBER_DOUBLE:
    case MEMBER_INTEGER:
        add_number(out, member, at);
        break;
    case MEMBER_TIME:
    case MEMBER_DAY:
        add_moment(out, member, at);
        break;
    case MEMBER_INTERVAL:
        memcpy(&interval, at, sizeof interval);
        if (interval.unit != INTERVAL_NONE)
            buf_add(out, text, interval_format(text, interval));
        break;
    case MEMBER_WORD:
        memcpy(&choice, at, sizeof choice);
        if (choice > 0 && choice < member->words->count)
            buf_add_text(out, member->words->word[choice]);
        break;
    case MEMBER_FLAG:
        memcpy(&choice, at, sizeof choice);
        if (choice >= 0)
            buf_add_text(out, choice != 0 ? "true" : "false");
        break;
    case MEMBER_LEGS:
        add_legs(out, (const struct leg *)(const void *)at,
                 *(const int *)(const void *)(at + LEGS_MAX * sizeof(struct leg)));
        break;
    }
}

static void cut(struct buf *out, size_t length)
{
    if (out->n > length)
        out->p[out->n = length] = '\0';
}

/* The text up to a character of `stops`, taken off the front. */
static struct str take_until(struct str *rest, const char *stops)
{
    struct str taken = {rest->p, 0};
    while (taken.n < rest->n && strchr(stops, rest->p[taken.n]) == NULL)
        taken.n++;
    *rest = (struct str){rest->p + taken.n, rest->n - taken.n};
    return taken;
}

static const struct member *find_member(const struct schema *schema, struct str name)
{
    const int index = schema_member(schema, name);
    require(index >= 0); /* templates are ours */
    return &schema->member[index];
}

/* One {…}, without its braces; true when it said something. */
static bool add_part(struct buf *out, const struct schema *schema, struct str part, const void *value)
{
    const size_t before = out->n;
    const struct member *member = find_member(schema, take_until(&part, "|?-"));
    if (part.n > 0 && *part.p == '?') {
        int flag;
        memcpy(&flag, (const char *)value + member->offset, sizeof flag);
        part = (struct str){part.p + 1, part.n - 1};
        const struct str yes = take_until(&part, ":");
        if (flag >= 0)
            buf_add_str(out, flag != 0 ? yes : (struct str){part.p + 1, part.n - 1});
        return flag >= 0;
    }
    member_add_text(out, member, value);
    while (part.n > 0 && out->n > before && *part.p == '-') {
        part = (struct str){part.p + 1, part.n - 1};
        if (str_equal(take_until(&part, "-"), (struct str){out->p + before, out->n - before}))
            cut(out, before);
    }
    if (part.n > 0 && out->n == before && *part.p == '|')
        member_add_text(out, find_member(schema, (struct str){part.p + 1, part.n - 1}), value);
    return out->n > before;
}

bool record_describe(struct buf *out, enum record_type type, const void *value)
{
    const struct schema *schema = &schema_table[type];
    if (schema->traits.summary == NULL)
        return false;
    struct str rest = str_of(schema->traits.summary);
    size_t group = 0;
    bool whole = true; /* nothing of the group is absent so far */
    while (rest.n > 0) {
        buf_add_str(out, take_until(&rest, "[]{"));
        if (rest.n == 0)
            break;
        const char mark = *rest.p;
        rest = (struct str){rest.p + 1, rest.n - 1};
        if (mark == '[') {
            group = out->n;
            whole = true;
        } else if (mark == ']') {
            if (!whole)
                cut(out, group);
        } else {
            whole = add_part(out, schema, take_until(&rest, "}"), value) && whole;
            rest = (struct str){rest.p + 1, rest.n - 1};
        }
    }
    return true;
}
