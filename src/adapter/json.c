/* Reading the small JSON objects that adapters answer. */
#include "adapter/json.h"

#include "base/num.h"
#include "record/scan.h"

bool json_find(struct str object, const char *key, struct field *member)
{
    if (object.n == 0 || object.p[0] != '{')
        return false;
    while (raw_next(&object, member))
        if (str_is(member->key, key))
            return true;
    return false;
}

bool json_text(struct str object, const char *key, char *text, size_t size)
{
    struct field member;
    size_t n = 0;
    text[0] = '\0';
    if (!json_find(object, key, &member) || member.kind != VALUE_STRING)
        return false;
    const char *p = member.value.p + 1, *const end = member.value.p + member.value.n - 1;
    while (p < end) {
        char unit[4];
        const size_t length = text_unit(&p, unit);
        if (n + length >= size) {
            text[0] = '\0';
            return false;
        }
        memcpy(text + n, unit, length);
        n += length;
    }
    text[n] = '\0';
    return true;
}

bool json_number(struct str object, const char *key, double *number)
{
    struct field member;
    struct error ignored;
    error_clear(&ignored);
    if (!json_find(object, key, &member))
        return false;
    struct str text = member.value;
    if (member.kind == VALUE_STRING)
        text = (struct str){text.p + 1, text.n - 2};
    else if (member.kind != VALUE_NUMBER)
        return false;
    return num_parse(number, text.p, text.n, &ignored) == 0;
}
