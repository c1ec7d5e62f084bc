/* The fields of an object inside a record. The record was scanned, so its objects are known to be well formed. */
#include "show/flat.h"

#include "base/num.h"

#include <math.h>

/* The end of the JSON value at `from`: quotes and brackets are all that counts. */
static size_t value_end(struct str text, size_t from)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = from; i < text.n; i++) {
        const char c = text.p[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']' || c == ',') {
            if (depth == 0)
                return i;
            depth -= c != ',';
        }
    }
    return text.n;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_space(struct str text, size_t at)
{
    while (at < text.n && is_space(text.p[at]))
        at++;
    return at;
}

/* The next field from *at on; false at the end. */
static bool field_next(struct str object, size_t *at, struct str *name, struct str *value)
{
    size_t i = skip_space(object, *at);
    if (i >= object.n || object.p[i] != '"')
        return false;
    size_t end = i + 1;
    while (end < object.n && object.p[end] != '"')
        end += object.p[end] == '\\' ? 2 : 1;
    *name = (struct str){object.p + i + 1, end - i - 1};
    i = skip_space(object, end + 1);
    i = skip_space(object, i + 1); /* past the colon */
    if (i >= object.n)
        return false;
    end = value_end(object, i);
    *at = end + 1;
    while (end > i && is_space(object.p[end - 1]))
        end--;
    *value = (struct str){object.p + i, end - i};
    return true;
}

void flat_each(struct str object, void (*each)(void *context, struct str name, struct str value), void *context)
{
    size_t at = 1;
    struct str name, value;
    if (object.n < 2 || object.p[0] != '{')
        return;
    while (field_next(object, &at, &name, &value)) {
        if (value.n >= 2 && value.p[0] == '"')
            value = (struct str){value.p + 1, value.n - 2};
        each(context, name, value);
    }
}

double flat_number(struct str object, const char *name)
{
    size_t at = 1;
    struct str key, value;
    if (object.n < 2 || object.p[0] != '{')
        return NAN;
    while (field_next(object, &at, &key, &value)) {
        double number;
        struct error error;
        error_clear(&error);
        if (str_is(key, name))
            return num_parse(&number, value.p, value.n, &error) == 0 ? number : NAN;
    }
    return NAN;
}

struct wanted {
    const char *name;
    struct str value;
};

static void take_wanted(void *context, struct str name, struct str value)
{
    struct wanted *wanted = context;
    if (str_is(name, wanted->name))
        wanted->value = value;
}

struct str flat_text(struct str object, const char *name)
{
    struct wanted wanted = {.name = name, .value = {"", 0}};
    flat_each(object, take_wanted, &wanted);
    return wanted.value;
}
