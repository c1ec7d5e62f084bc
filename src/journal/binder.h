/* Binding a row's values one after the other, with room for the text of its times. */
#ifndef TN_JOURNAL_BINDER_H
#define TN_JOURNAL_BINDER_H

#include "base/dec.h"
#include "base/time.h"
#include "db/db.h"

#define BINDER_TIMES 8

struct binder {
    struct statement *statement;
    int at;
    char time[BINDER_TIMES][TIME_TEXT_MAX];
    int times;
};

static inline struct binder binder_of(struct statement *statement)
{
    return (struct binder){.statement = statement};
}

static inline void bind_str(struct binder *binder, struct str text)
{
    if (text.n == 0)
        statement_bind_null(binder->statement, ++binder->at);
    else
        statement_bind_text(binder->statement, ++binder->at, text);
}

/* "" is NULL. */
static inline void bind_text(struct binder *binder, const char *text)
{
    bind_str(binder, str_of(text));
}

/* "" is "": for the columns of a primary key. */
static inline void bind_key(struct binder *binder, const char *text)
{
    statement_bind_text(binder->statement, ++binder->at, str_of(text));
}

static inline void bind_int(struct binder *binder, int64_t value)
{
    statement_bind_int(binder->statement, ++binder->at, value);
}

static inline void bind_dec(struct binder *binder, dec value)
{
    statement_bind_real(binder->statement, ++binder->at, dec_to_double(value)); /* DEC_NONE is NaN is NULL */
}

static inline void bind_time(struct binder *binder, int64_t time)
{
    if (time == TIME_NONE) {
        statement_bind_null(binder->statement, ++binder->at);
        return;
    }
    require(binder->times < BINDER_TIMES);
    char *text = binder->time[binder->times++];
    const size_t length = time_format(text, time);
    statement_bind_text(binder->statement, ++binder->at, (struct str){text, length});
}

/* A text that does not stay: kept here. Nothing is NULL. */
static inline void bind_copy(struct binder *binder, const char *text, size_t length)
{
    if (length == 0) {
        statement_bind_null(binder->statement, ++binder->at);
        return;
    }
    require(binder->times < BINDER_TIMES && length < TIME_TEXT_MAX);
    char *copy = binder->time[binder->times++];
    memcpy(copy, text, length);
    statement_bind_text(binder->statement, ++binder->at, (struct str){copy, length});
}

static inline void bind_day(struct binder *binder, int64_t day)
{
    char text[TIME_TEXT_MAX];
    bind_copy(binder, text, day == TIME_NONE ? 0 : date_format(text, date_from_days(day)));
}

#endif
