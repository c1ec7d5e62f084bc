/* Texts with holes that the fields of a record fill. */
#include "notify/template.h"

#include "base/num.h"

int template_check(const char *text, struct error *error)
{
    bool inside = false;
    for (const char *p = text; *p != '\0'; p++) {
        if ((*p == '{' || *p == '[') && p[1] == *p) {
            p++;
        } else if (*p == '[') {
            if (inside)
                return error_set(error, EXIT_USAGE, "'[' inside brackets");
            inside = true;
        } else if (*p == ']') {
            inside = false;
        } else if (*p == '{') {
            const char *end = strchr(p, '}');
            if (end == NULL || end == p + 1)
                return error_set(error, EXIT_USAGE, "'{' without a field and '}'");
            p = end;
        }
    }
    return inside ? error_set(error, EXIT_USAGE, "'[' without ']'") : 0;
}

static void add_line(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_add_char(out, (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f ? ' ' : text.p[i]);
}

/* 1: there; 0: absent or null. */
static int add_field(struct buf *out, struct str name, const struct record *record, struct error *error)
{
    char key[64];
    if (name.n >= sizeof key)
        return 0;
    memcpy(key, name.p, name.n);
    key[name.n] = '\0';
    char *digits = strrchr(key, ':');
    if (digits != NULL && digits[1] >= '0' && digits[1] <= '9' && digits[2] == '\0')
        *digits++ = '\0';
    else
        digits = NULL;
    const struct field *field = record_field(record, key);
    struct str text;
    double value;
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    text = field->value;
    if (digits != NULL && field->kind == VALUE_NUMBER) {
        if (num_parse(&value, text.p, text.n, error) != 0)
            return -1;
        buf_printf(out, "%.*f", *digits - '0', value);
        return 1;
    }
    if (field->kind == VALUE_STRING && record_text(record, field, &text, error) != 0)
        return -1;
    add_line(out, text);
    return 1;
}

int template_fill(struct buf *out, const char *text, const struct record *record, struct error *error)
{
    size_t start = 0;
    bool inside = false, whole = true;
    for (const char *p = text; *p != '\0'; p++) {
        if ((*p == '{' || *p == '[') && p[1] == *p) {
            buf_add_char(out, *p++);
        } else if (*p == '[') {
            start = out->n;
            inside = whole = true;
        } else if (*p == ']' && inside) {
            if (!whole && out->n > start)
                out->p[out->n = start] = '\0';
            inside = false;
        } else if (*p == '{') {
            const char *end = strchr(p, '}');
            require(end != NULL);
            const int got = add_field(out, (struct str){p + 1, (size_t)(end - p - 1)}, record, error);
            if (got < 0)
                return -1;
            if (got == 0 && inside)
                whole = false;
            else if (got == 0)
                buf_add_text(out, "–");
            p = end;
        } else {
            buf_add_char(out, *p);
        }
    }
    return 0;
}
