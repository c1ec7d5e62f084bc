/* XML answers as JSON. One pass, with a bounded depth; the text of an element is gathered while its children are
 * written, so children go to a buffer of their own. */
#include "adapter/xml.h"

#include "adapter/body.h"
#include "record/record.h"

#define TEXT_MAX ((size_t)16 << 20)

struct xml {
    const char *begin, *p, *end;
    struct error *error;
};

static int refuse(const struct xml *xml, const char *what)
{
    return error_set(xml->error, EXIT_INPUT, "not XML: %s at byte %zu", what, (size_t)(xml->p - xml->begin) + 1);
}

static bool at(const struct xml *xml, const char *text)
{
    const size_t n = strlen(text);
    return (size_t)(xml->end - xml->p) >= n && memcmp(xml->p, text, n) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct xml *xml)
{
    while (xml->p < xml->end && is_blank(*xml->p))
        xml->p++;
}

/* Past the next `text`; -1 when there is none. */
static int skip_past(struct xml *xml, const char *text, const char *what)
{
    const char *found = memmem(xml->p, (size_t)(xml->end - xml->p), text, strlen(text));
    if (found == NULL)
        return refuse(xml, what);
    xml->p = found + strlen(text);
    return 0;
}

/* Comments, processing instructions, blanks, and before the root a document type without declarations. */
static int skip_aside(struct xml *xml, bool prolog)
{
    for (;;) {
        if (prolog)
            skip_blanks(xml);
        if (at(xml, "<!--")) {
            if (skip_past(xml, "-->", "a comment that does not end") < 0)
                return -1;
        } else if (at(xml, "<?")) {
            if (skip_past(xml, "?>", "an instruction that does not end") < 0)
                return -1;
        } else if (prolog && at(xml, "<!DOCTYPE")) {
            const char *close = memchr(xml->p, '>', (size_t)(xml->end - xml->p));
            if (close == NULL || memchr(xml->p, '[', (size_t)(close - xml->p)) != NULL)
                return refuse(xml, "a document type with declarations");
            xml->p = close + 1;
        } else {
            return 0;
        }
    }
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
           c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static int take_name(struct xml *xml, struct str *name)
{
    const char *start = xml->p;
    while (xml->p < xml->end && is_name_char(*xml->p))
        xml->p++;
    *name = (struct str){start, (size_t)(xml->p - start)};
    return name->n == 0 || name->n > 256 ? refuse(xml, "no name") : 0;
}

static void add_character(struct buf *out, uint32_t code)
{
    if (code < 0x80) {
        buf_add_char(out, (char)code);
    } else if (code < 0x800) {
        buf_add_char(out, (char)(0xc0 | code >> 6));
        buf_add_char(out, (char)(0x80 | (code & 63)));
    } else if (code < 0x10000) {
        buf_add_char(out, (char)(0xe0 | code >> 12));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 63)));
        buf_add_char(out, (char)(0x80 | (code & 63)));
    } else {
        buf_add_char(out, (char)(0xf0 | code >> 18));
        buf_add_char(out, (char)(0x80 | (code >> 12 & 63)));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 63)));
        buf_add_char(out, (char)(0x80 | (code & 63)));
    }
}

/* "#233" or "#xe9": the character, or 0. */
static uint32_t character_of(struct str text)
{
    uint32_t code = 0;
    const bool hex = text.n > 1 && (text.p[1] == 'x' || text.p[1] == 'X');
    for (size_t i = hex ? 2 : 1; i < text.n; i++) {
        const char c = text.p[i];
        const uint32_t digit = c >= '0' && c <= '9'          ? (uint32_t)(c - '0')
                               : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                               : hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                             : 99;
        code = code * (hex ? 16 : 10) + digit;
        if (digit == 99 || code > 0x10ffff)
            return 0;
    }
    return code >= 0xd800 && code < 0xe000 ? 0 : code < ' ' && code != '\t' && code != '\n' ? 0 : code;
}

/* The reference at p (its ampersand): what it stands for, or as it is written. */
static void take_reference(struct xml *xml, struct buf *out)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    const size_t left = (size_t)(xml->end - xml->p);
    const char *semicolon = memchr(xml->p, ';', left < 12 ? left : 12);
    const struct str name = {xml->p + 1, semicolon == NULL ? 0 : (size_t)(semicolon - xml->p) - 1};
    uint32_t code = name.n > 1 && name.p[0] == '#' ? character_of(name) : 0;
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_is(name, entities[i].name))
            code = (uint32_t)entities[i].c;
    if (code == 0) {
        buf_add_char(out, *xml->p++);
        return;
    }
    add_character(out, code);
    xml->p = semicolon + 1;
}

/* Text up to a character of `stop`, references replaced. */
static void take_text(struct xml *xml, struct buf *out, const char *stop)
{
    while (xml->p < xml->end && strchr(stop, *xml->p) == NULL) {
        if (*xml->p == '&') {
            take_reference(xml, out);
            continue;
        }
        buf_add_char(out, (unsigned char)*xml->p < ' ' ? ' ' : *xml->p);
        xml->p++;
    }
}

static struct str trimmed(const struct buf *text)
{
    struct str all = buf_str(text);
    while (all.n > 0 && is_blank(all.p[0])) {
        all.p++;
        all.n--;
    }
    while (all.n > 0 && is_blank(all.p[all.n - 1]))
        all.n--;
    return all;
}

/* NAME="TEXT" …, as members of an object. */
static int take_attributes(struct xml *xml, struct buf *out)
{
    struct buf text;
    struct str name;
    int result = 0;
    bool first = true;
    buf_init(&text, TEXT_MAX);
    for (;;) {
        skip_blanks(xml);
        if (xml->p == xml->end || *xml->p == '>' || *xml->p == '/')
            break;
        if ((result = take_name(xml, &name)) < 0)
            break;
        skip_blanks(xml);
        if (!at(xml, "=")) {
            result = refuse(xml, "an attribute without a value");
            break;
        }
        xml->p++;
        skip_blanks(xml);
        const char quote[] = {xml->p < xml->end ? *xml->p : '\0', '\0'};
        if (quote[0] != '"' && quote[0] != '\'') {
            result = refuse(xml, "an attribute without quotes");
            break;
        }
        xml->p++;
        buf_reset(&text);
        take_text(xml, &text, quote);
        if (xml->p == xml->end) {
            result = refuse(xml, "an attribute that does not end");
            break;
        }
        xml->p++;
        if (!first)
            buf_add_char(out, ',');
        first = false;
        json_add_string(out, name);
        buf_add_char(out, ':');
        json_add_string(out, buf_str(&text));
    }
    buf_clear(&text);
    return result;
}

static int take_element(struct xml *xml, struct buf *out, int depth);

/* What stands in an element, up to its end tag: children to `out`, text to `text`. */
static int take_content(struct xml *xml, struct buf *out, struct buf *text, struct str name, int depth)
{
    bool first = true;
    xml->p++; /* the bracket that ends the tag */
    for (;;) {
        take_text(xml, text, "<");
        if (xml->p == xml->end)
            return refuse(xml, "an element that does not end");
        if (at(xml, "<![CDATA[")) {
            const char *start = xml->p + 9;
            if (skip_past(xml, "]]>", "a CDATA section that does not end") < 0)
                return -1;
            for (const char *p = start; p < xml->p - 3; p++)
                buf_add_char(text, (unsigned char)*p < ' ' ? ' ' : *p);
        } else if (at(xml, "<!--") || at(xml, "<?")) {
            if (skip_aside(xml, false) < 0)
                return -1;
        } else if (at(xml, "</")) {
            struct str end;
            xml->p += 2;
            if (take_name(xml, &end) < 0)
                return -1;
            skip_blanks(xml);
            if (!str_equal(end, name) || !at(xml, ">"))
                return refuse(xml, "an end tag that does not match");
            xml->p++;
            return 0;
        } else {
            if (!first)
                buf_add_char(out, ',');
            first = false;
            if (take_element(xml, out, depth + 1) < 0)
                return -1;
        }
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): the depth is bounded */
static int take_element(struct xml *xml, struct buf *out, int depth)
{
    struct str name;
    struct buf text;
    if (depth == XML_DEPTH_MAX)
        return refuse(xml, "deeper nesting than 60 levels");
    if (!at(xml, "<"))
        return refuse(xml, "no element");
    xml->p++;
    if (take_name(xml, &name) < 0)
        return -1;
    buf_add_text(out, "{\"name\":");
    json_add_string(out, name);
    buf_add_text(out, ",\"attributes\":{");
    if (take_attributes(xml, out) < 0)
        return -1;
    buf_add_text(out, "},\"children\":[");
    buf_init(&text, TEXT_MAX);
    int result = 0;
    if (at(xml, "/>"))
        xml->p += 2;
    else if (at(xml, ">"))
        result = take_content(xml, out, &text, name, depth);
    else
        result = refuse(xml, "a tag that does not end");
    buf_add_text(out, "],\"text\":");
    json_add_string(out, trimmed(&text));
    buf_add_char(out, '}');
    if (result == 0)
        result = buf_check(&text, xml->error);
    buf_clear(&text);
    return result;
}

int xml_take(struct buf *out, struct str body, struct error *error)
{
    struct xml xml = {.begin = body.p, .p = body.p, .end = body.p + body.n, .error = error};
    if (body_check_text(body, error) < 0)
        return -1;
    if (at(&xml, "\xef\xbb\xbf"))
        xml.p += 3;
    if (skip_aside(&xml, true) < 0 || take_element(&xml, out, 0) < 0 || skip_aside(&xml, true) < 0)
        return -1;
    return xml.p == xml.end ? buf_check(out, error) : refuse(&xml, "something after the element");
}
