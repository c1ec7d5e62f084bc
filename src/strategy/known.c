/* Events and figures as they were known. */
#include "strategy/known.h"

#include "base/list.h"
#include "base/names.h"
#include "base/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_DAY INT64_MIN

/* The sessions of a calendar, numbered: number[d - base] is how many there are from `base` to the day d. */
struct numbers {
    int64_t base;
    int32_t *number;
    size_t days, capacity;
};

/* The events of one symbol, or of none, for one ask; as they came. */
struct event_list {
    struct known_event *event;
    size_t count, capacity;
};

struct asked {
    struct names names; /* symbols */
    struct event_list *list;
    size_t capacity;
};

struct known {
    const struct program *program;
    const struct calendar *calendar;
    int count;
    struct asked asked[PROGRAM_KNOWN_MAX];
    struct numbers numbers;
    double *room; /* columns */
    const double *column[PROGRAM_KNOWN_MAX];
};

static int take_day(const struct record *record, const char *key, int64_t *day, struct error *error)
{
    const struct field *field = record_field(record, key);
    struct str text;
    struct date date;
    *day = NO_DAY;
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    if (field->kind != VALUE_STRING || record_text(record, field, &text, error) != 0 ||
        date_parse(&date, text.p, text.n < 10 ? text.n : 10, error) != 0) {
        error_clear(error);
        return error_set(error, EXIT_INPUT, "event with a '%s' that is not a date", key);
    }
    *day = date_to_days(date);
    return 0;
}

static int take_text(const struct record *record, const char *key, char *to, size_t size, struct error *error)
{
    const struct field *field = record_field(record, key);
    struct str text;
    to[0] = '\0';
    if (field == NULL || field->kind != VALUE_STRING)
        return 0;
    if (record_text(record, field, &text, error) != 0)
        return -1;
    const size_t n = text.n < size - 1 ? text.n : size - 1;
    memcpy(to, text.p, n);
    to[n] = '\0';
    return 0;
}

/* A number, or the text of one, as some sources write it. */
static int take_value(const struct record *record, double *value, struct error *error)
{
    const struct field *field = record_field(record, "value");
    struct str text;
    struct error ignored;
    *value = NAN;
    if (field == NULL || (field->kind != VALUE_NUMBER && field->kind != VALUE_STRING))
        return 0;
    text = field->value;
    if (field->kind == VALUE_STRING && record_text(record, field, &text, error) != 0)
        return -1;
    error_clear(&ignored);
    if (num_parse(value, text.p, text.n, &ignored) != 0)
        *value = NAN;
    return 0;
}

int known_event_read(struct known_event *event, const struct record *record, struct error *error)
{
    *event = (struct known_event){.after = TIME_NONE};
    if (record_known(record, &event->time, error) != 0 ||
        take_text(record, "symbol", event->symbol, sizeof event->symbol, error) != 0 ||
        take_text(record, "kind", event->kind, sizeof event->kind, error) != 0 ||
        take_text(record, "title", event->title, sizeof event->title, error) != 0 ||
        take_day(record, "date", &event->date, error) != 0 || take_day(record, "start", &event->start, error) != 0 ||
        take_day(record, "end", &event->end, error) != 0)
        return -1;
    return take_value(record, &event->value, error);
}

struct known *known_new(const struct program *program, const struct calendar *calendar, struct error *error)
{
    struct known *known = calloc(1, sizeof *known);
    if (known == NULL) {
        error_memory(error);
        return NULL;
    }
    known->program = program;
    known->calendar = calendar;
    known->count = program_known(program);
    for (int i = 0; i < PROGRAM_KNOWN_MAX; i++)
        names_init(&known->asked[i].names);
    known->numbers.base = NO_DAY;
    known->room = calloc((size_t)known->count + 1, COLUMNS_MAX * sizeof *known->room);
    if (known->room == NULL) {
        error_memory(error);
        known_free(known);
        return NULL;
    }
    for (int i = 0; i < known->count; i++)
        known->column[i] = known->room + (size_t)i * COLUMNS_MAX;
    return known;
}

void known_free(struct known *known)
{
    if (known == NULL)
        return;
    for (int i = 0; i < PROGRAM_KNOWN_MAX; i++) {
        struct asked *asked = &known->asked[i];
        for (size_t k = 0; k < asked->names.count; k++)
            free(asked->list[k].event);
        free(asked->list);
        names_clear(&asked->names);
    }
    free(known->numbers.number);
    free(known->room);
    free(known);
}

/* "NetIncomeLoss" is meant by "us-gaap:NetIncomeLoss" too. */
static bool is_title(const char *title, const char *name)
{
    const char *colon = strchr(title, ':');
    return strcmp(title, name) == 0 || (colon != NULL && strcmp(colon + 1, name) == 0);
}

/* A period of about so long; one moment is of any length. */
static bool is_period(const struct known_event *event, enum known_period period)
{
    if (period == KNOWN_ANY || event->start == NO_DAY || event->end == NO_DAY)
        return true;
    const int64_t days = event->end - event->start + 1;
    return period == KNOWN_QUARTER ? days >= 80 && days <= 100 : days >= 350 && days <= 380;
}

static bool is_asked(const struct known_ask *ask, const struct known_event *event)
{
    switch (ask->what) {
    case KNOWN_FACT:
        return strcmp(event->kind, "fact") == 0 && is_title(event->title, ask->name) && is_period(event, ask->period);
    case KNOWN_OBSERVATION:
        return strcmp(event->kind, "observation") == 0 && strcmp(event->symbol, ask->name) == 0;
    default:
        return strcmp(event->kind, ask->name) == 0;
    }
}

static int add_to(struct asked *asked, const char *symbol, const struct known_event *event, struct error *error)
{
    const int64_t found = names_find(&asked->names, str_of(symbol));
    if (found < 0 && (list_grow(&asked->list, &asked->capacity, asked->names.count, sizeof *asked->list, error) != 0 ||
                      names_add(&asked->names, str_of(symbol), error) < 0))
        return -1;
    const size_t index = found < 0 ? asked->names.count - 1 : (size_t)found;
    struct event_list *list = &asked->list[index];
    if (found < 0)
        *list = (struct event_list){.count = 0};
    if (list_grow(&list->event, &list->capacity, list->count, sizeof *list->event, error) != 0)
        return -1;
    list->event[list->count++] = *event;
    return 0;
}

int known_add(struct known *known, const struct known_event *event, struct error *error)
{
    for (int i = 0; i < known->count; i++) {
        const struct known_ask *ask = program_known_at(known->program, i);
        const char *symbol = ask->what == KNOWN_OBSERVATION ? "" : event->symbol;
        if (is_asked(ask, event) && add_to(&known->asked[i], symbol, event, error) != 0)
            return -1;
    }
    return 0;
}

static bool has_session(const struct known *known, int64_t day)
{
    struct session session;
    struct error ignored;
    error_clear(&ignored);
    return known->calendar == NULL || calendar_session(known->calendar, day, &session, &ignored) == 1;
}

/* Makes the numbers reach a day. */
static int reach(struct known *known, int64_t day, struct error *error)
{
    enum { SLACK = 1024, DAYS_MAX = 400000 };
    struct numbers *numbers = &known->numbers;
    if (numbers->base == NO_DAY)
        numbers->base = day - SLACK;
    if (day < numbers->base) { /* anew, from further back */
        numbers->base = day - SLACK;
        numbers->days = 0;
    }
    if (day - numbers->base > DAYS_MAX)
        return error_set(error, EXIT_INPUT, "events and bars that lie more than a thousand years apart");
    while (numbers->base + (int64_t)numbers->days <= day) {
        if (list_grow(&numbers->number, &numbers->capacity, numbers->days, sizeof *numbers->number, error) != 0)
            return -1;
        const int32_t before = numbers->days == 0 ? 0 : numbers->number[numbers->days - 1];
        numbers->number[numbers->days] = before + has_session(known, numbers->base + (int64_t)numbers->days);
        numbers->days++;
    }
    return 0;
}

/* Sessions from one day to another; a day without one belongs to the next that has one. */
static int count_sessions(struct known *known, int64_t from, int64_t to, double *count, struct error *error)
{
    struct numbers *numbers = &known->numbers;
    if (reach(known, from < to ? from - 1 : to - 1, error) != 0 || reach(known, from < to ? to : from, error) != 0)
        return -1;
    *count = numbers->number[to - 1 - numbers->base] - numbers->number[from - 1 - numbers->base];
    return 0;
}

static int64_t date_of(const struct known *known, int64_t time)
{
    if (known->calendar != NULL)
        return calendar_date(known->calendar, time);
    return time >= 0 ? time / TIME_DAY : -((-time + TIME_DAY - 1) / TIME_DAY);
}

/* A bar that asks. */
struct moment {
    int64_t end, session;
};

/* Events: how many sessions it is to the next one, or since the last one. */
static int count_event(struct known *known, const struct known_ask *ask, const struct known_event *event,
                       const struct moment *now, double *figure, struct error *error)
{
    const int64_t day = date_of(known, event->time);
    const bool dated = event->date != NO_DAY && event->date != day; /* else its time is the moment itself */
    const int64_t date = dated ? event->date : day;
    const bool ahead = dated ? date >= now->session : event->time > now->end;
    double count;
    if ((dated && event->time > now->end) || ahead != (ask->what == KNOWN_NEXT))
        return 0;
    if (count_sessions(known, ahead ? now->session : date, ahead ? date : now->session, &count, error) != 0)
        return -1;
    *figure = isnan(*figure) || count < *figure ? count : *figure;
    return 0;
}

/* Figures: that of the newest period, and of one period the one that was known last. */
static bool is_newer(const struct known_event *event, const struct known_event *than)
{
    const int64_t own = event->end != NO_DAY ? event->end : event->date;
    const int64_t other = than->end != NO_DAY ? than->end : than->date;
    return own != other ? own > other : event->time >= than->time;
}

/* What the events of a symbol, or of none, say at a moment. */
struct finding {
    double count;
    const struct known_event *newest;
};

static int look_through(struct known *known, int index, const char *symbol, const struct moment *now,
                        struct finding *finding, struct error *error)
{
    const struct known_ask *ask = program_known_at(known->program, index);
    const struct asked *asked = &known->asked[index];
    const int64_t found = names_find(&asked->names, str_of(symbol));
    const struct event_list *list = found < 0 ? NULL : &asked->list[found];
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct known_event *event = &list->event[i];
        if (event->after != TIME_NONE && event->after >= now->end)
            continue;
        if (ask->what == KNOWN_NEXT || ask->what == KNOWN_LAST) {
            if (count_event(known, ask, event, now, &finding->count, error) != 0)
                return -1;
        } else if (event->time <= now->end && !isnan(event->value) &&
                   (finding->newest == NULL || is_newer(event, finding->newest))) {
            finding->newest = event;
        }
    }
    return 0;
}

int known_columns(struct known *known, const char *symbol, struct columns *columns, struct error *error)
{
    for (int k = 0; k < known->count; k++)
        for (size_t i = 0; i < columns->n; i++) {
            const struct moment now = {columns->end[i], columns->session != NULL ? columns->session[i]
                                                                                 : date_of(known, columns->end[i] - 1)};
            struct finding finding = {NAN, NULL};
            if (look_through(known, k, "", &now, &finding, error) != 0 ||
                (symbol[0] != '\0' && look_through(known, k, symbol, &now, &finding, error) != 0))
                return -1;
            known->room[(size_t)k * COLUMNS_MAX + i] = finding.newest != NULL ? finding.newest->value : finding.count;
        }
    columns->known = known->column;
    return 0;
}

const char *known_missing(const struct known *known)
{
    for (int i = 0; i < known->count; i++)
        if (known->asked[i].names.count == 0)
            return program_known_at(known->program, i)->text;
    return NULL;
}
