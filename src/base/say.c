/* What programs tell the person at the terminal, on standard error: plain lines, or records with --log-json. */
#include "base/command.h"
#include "base/invocation.h"
#include "base/terminal.h"
#include "base/time.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

/* One write a message, so that programs of a pipeline do not cut each other's lines. Nothing can be done when
 * standard error is broken. */
static void write_message(const struct buf *line)
{
    ssize_t ignored = write(STDERR_FILENO, line->p == NULL ? "" : line->p, line->n);
    (void)ignored;
}

/* The text has been through terminal_strip: valid UTF-8 without control characters. */
static void add_json_string(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '"');
}

static void write_record(const char *program, const char *level, const struct error *error, const char *text,
                         const char *hint)
{
    struct buf line;
    char time[TIME_TEXT_MAX];
    time_format(time, time_now());
    buf_init(&line, LINE_MAX_BYTES);
    buf_printf(&line, "{\"type\":\"log\",\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"text\":", time, level,
               program);
    add_json_string(&line, text);
    if (hint[0] != '\0') {
        buf_add_text(&line, ",\"hint\":");
        add_json_string(&line, hint);
    }
    if (error != NULL)
        buf_printf(&line, ",\"code\":%d", (int)error->code);
    buf_add_text(&line, "}\n");
    write_message(&line);
    buf_clear(&line);
}

/* The message without what a terminal would obey; "" when out of memory. */
static const char *stripped(struct buf *keep, const char *text)
{
    buf_init(keep, LINE_MAX_BYTES);
    terminal_strip(keep, str_of(text));
    return keep->p == NULL ? "" : keep->p;
}

void say_error(const struct invocation *invocation, const struct error *error)
{
    struct buf text, hint;
    const char *message = stripped(&text, error->text), *advice = stripped(&hint, error->hint);
    if (invocation->log_json) {
        write_record(invocation->program->name, "error", error, message, advice);
    } else {
        struct buf line;
        buf_init(&line, LINE_MAX_BYTES);
        buf_printf(&line, "%s: %s\n", invocation->program->name, message);
        if (error->excerpt[0] != '\0') {
            buf_add_text(&line, "    ");
            terminal_strip(&line, str_of(error->excerpt));
            buf_printf(&line, "\n    %*s^\n", error->caret, "");
        }
        if (advice[0] != '\0')
            buf_printf(&line, "  hint: %s\n", advice);
        if (text.p == NULL || line.p == NULL) /* no memory for the message that there is none */
            (void)dprintf(STDERR_FILENO, "%s: out of memory\n", invocation->program->name);
        else
            write_message(&line);
        buf_clear(&line);
    }
    buf_clear(&text);
    buf_clear(&hint);
}

void say(const struct invocation *invocation, int level, const char *format, ...)
{
    if (invocation->verbosity < level)
        return;
    char raw[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    struct buf text;
    const char *message = stripped(&text, raw);
    if (invocation->log_json) {
        write_record(invocation->program->name, level > 0 ? "debug" : "info", NULL, message, "");
    } else {
        struct buf line;
        buf_init(&line, LINE_MAX_BYTES);
        buf_printf(&line, "%s: %s\n", invocation->program->name, message);
        write_message(&line);
        buf_clear(&line);
    }
    buf_clear(&text);
}

void suggest(const struct invocation *invocation, const char *format, ...)
{
    if (invocation->verbosity < 0 || invocation->log_json || !terminal_is(STDERR_FILENO))
        return;
    char raw[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    struct buf text, line;
    const char *message = stripped(&text, raw);
    buf_init(&line, LINE_MAX_BYTES);
    buf_printf(&line, "  next: %s\n", message);
    write_message(&line);
    buf_clear(&line);
    buf_clear(&text);
}
