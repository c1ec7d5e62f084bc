/* Frames of feeds as JSON, read once and in place: a decoder names the members it wants, the rest is passed over,
 * checked all the same. Nothing is copied and nothing is converted that nobody asks for.
 *
 * Strict RFC 8259 but for three things: names that nobody asks for may be there twice, and text is taken to be UTF-8
 * (a text frame has been checked by net/websocket.h, others by who passes them) and to hold no NUL. */
#ifndef TN_STREAM_JSON_H
#define TN_STREAM_JSON_H

#include "base/dec.h"
#include "base/str.h"

#define JSON_DEPTH_MAX 32

enum json_kind { JSON_ABSENT, JSON_STRING, JSON_NUMBER, JSON_OBJECT, JSON_ARRAY, JSON_TRUE, JSON_FALSE, JSON_NULL };

struct json {
    struct str text; /* a string without its quotes, escapes as they stand; anything else as it stands */
    enum json_kind kind;
    bool escaped; /* a string with escapes */
};

/* What is left to read. `wrong` is set at the first mistake, and nothing is read after it. */
struct json_reader {
    const char *p, *end;
    const char *wrong; /* NULL: nothing so far */
    int depth;
};

#define JSON_NAME(text)                                                                                                \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }

static inline struct json_reader json_reader_of(struct str text)
{
    const char *const p = text.p == NULL ? "" : text.p;
    return (struct json_reader){p, p + text.n, NULL, 0};
}

/* Nothing but blanks is left, or something was wrong. */
bool json_done(struct json_reader *reader);
/* The next value, whatever it is. False at a mistake. */
bool json_value(struct json_reader *reader, struct json *value);
/* The next value must be an object: value[i] is its member name[i], JSON_ABSENT where it has none. False when it is no
 * object, at a mistake, or when one of the names is there twice. */
bool json_object(struct json_reader *reader, const struct str *name, int names, struct json *value);
/* Into an array ('[' is read), then each value before its end: while (json_more(&reader, &first)) … */
bool json_array(struct json_reader *reader);
bool json_more(struct json_reader *reader, bool *first);
/* The byte that comes next, blanks passed over; 0 at the end. */
char json_peek(struct json_reader *reader);

/* A number, or a string that is one, as feeds write either. Digits behind the eighth place are rounded half-even and
 * *rounded is set; `places` (NULL allowed) gets how many the text has. */
bool json_dec(const struct json *value, dec *result, int *places, bool *rounded);
/* A whole number ("12", 12, 12.0), within int64. */
bool json_integer(const struct json *value, int64_t *result);
bool json_is(const struct json *value, const char *text);

#endif
