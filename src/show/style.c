/* How answers look. */
#include "show/style.h"

#include "base/terminal.h"
#include "base/time.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define ZONE_STANDARD "America/New_York"

const struct option_spec style_options[] = {
    {.name = "output",
     .letter = 'O',
     .kind = OPTION_WORD,
     .argument = "FORMAT",
     .summary = "table, json, csv or tsv (default: table on a terminal, else json)",
     .words = "table json csv tsv"},
    {.name = "tz",
     .kind = OPTION_TEXT,
     .argument = "ZONE",
     .summary = "time zone in tables and charts (default: the exchange's); data stay UTC"},
    {.name = "ascii",
     .kind = OPTION_FLAG,
     .summary = "use only ASCII characters in tables and charts (default: by the locale)"},
    {.name = NULL},
};

static bool locale_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0')
            return strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL;
    }
    return false;
}

/* The console of Linux has no Braille and few other characters. */
static bool is_plain_console(void)
{
    const char *term = getenv("TERM");
    return term != NULL && strcmp(term, "linux") == 0;
}

static enum format format_of(const char *word)
{
    static const char *const words[] = {"table", "json", "csv", "tsv"};
    for (int i = 0; i < 4; i++)
        if (strcmp(word, words[i]) == 0)
            return (enum format)i;
    require(!"a format that the option table does not have");
    return FORMAT_TABLE;
}

int style_init(struct style *style, const struct invocation *invocation, const char *zone, struct error *error)
{
    const bool terminal = terminal_is(STDOUT_FILENO);
    *style = (struct style){
        .format = format_of(option_text(invocation, "output", terminal ? "table" : "json")),
        .terminal = terminal,
        .color = invocation_color(invocation),
        .ascii = option_flag(invocation, "ascii") || !locale_is_utf8() || is_plain_console(),
        .width = terminal_width(STDOUT_FILENO),
    };
    const char *wanted = option_text(invocation, "tz", zone == NULL ? ZONE_STANDARD : zone);
    style->zone = zone_open(wanted, error);
    if (style->zone == NULL && option_given(invocation, "tz"))
        return error_set(error, EXIT_USAGE, "unknown time zone '%s'", wanted);
    return style->zone == NULL ? -1 : 0;
}

void style_clear(struct style *style)
{
    zone_free(style->zone);
    style->zone = NULL;
}

/* What ASCII has instead of a character, never longer than it; "?" for others. */
static const char *ascii_for(const char *p)
{
    static const char *const pairs[][2] = {{"→", "->"}, {"−", "-"},      {"–", "-"},  {"…", "..."},
                                           {"×", "x"},  {"\u202f", " "}, {"±", "+-"}, {"·", "."}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strncmp(p, pairs[i][0], strlen(pairs[i][0])) == 0)
            return pairs[i][1];
    return "?";
}

static void ascii_only(struct buf *out, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < out->n; i++) {
        const unsigned char byte = (unsigned char)out->p[i];
        if (byte < 0x80)
            out->p[kept++] = out->p[i];
        else if (byte >= 0xc0) /* the first byte of a character */
            for (const char *p = ascii_for(out->p + i); *p != '\0'; p++)
                out->p[kept++] = *p;
    }
    if (kept < out->n) /* else there may be no room behind it */
        out->p[out->n = kept] = '\0';
}

void style_add(struct buf *out, struct str text, const struct style *style)
{
    const size_t from = out->n;
    terminal_strip(out, text);
    if (style->ascii && !out->failed)
        ascii_only(out, from);
}

void style_add_date(struct buf *out, int64_t time, const struct zone *zone)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    char text[TIME_TEXT_MAX];
    buf_add(out, text, date_format(text, date_from_days(local / TIME_DAY - (local % TIME_DAY < 0))));
}

void style_add_day(struct buf *out, int64_t time, const struct zone *zone)
{
    style_add_date(out, time - 1, zone);
}

void style_wrap(struct buf *out, struct str text, int used, int indent, const struct style *style)
{
    const int most = style->width == 0 ? INT_MAX : style->width > indent + 20 ? style->width : indent + 20;
    bool first = true;
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        while (end < text.n && text.p[end] != ' ')
            end++;
        const struct str word = {text.p + i, end - i};
        const int cells = terminal_columns(word);
        i = end + 1;
        if (cells == 0)
            continue;
        if (!first && used + 1 + cells > most) {
            buf_printf(out, "\n%*s", indent, "");
            used = indent;
            first = true;
        }
        buf_add_text(out, first ? "" : " ");
        style_add(out, word, style);
        used += cells + !first;
        first = false;
    }
}

int style_write(const struct buf *text, struct error *error)
{
    if (buf_check(text, error) != 0)
        return -1;
    if (text->n > 0 && fwrite(text->p, 1, text->n, stdout) != text->n)
        return error_system(error, "cannot write to standard output");
    return 0;
}
