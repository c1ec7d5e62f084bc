/* Calendars as data. */
#include "market/calendar_table.h"

#include "base/list.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_SIZE 64

/* The usual hours of some weekdays from a date on; bit 0 of `days` is Monday. */
struct era {
    int64_t from;
    unsigned days;
    struct calendar_hours hours;
};

/* A single date. */
struct exception {
    int64_t date;
    bool closed, based; /* of the calendar that this one is based on: it may be said again */
    struct calendar_hours hours;
    char note[NOTE_SIZE];
};

struct calendar_table {
    char name[CALENDAR_NAME_SIZE], title[CALENDAR_TITLE_SIZE], zone[64];
    int first_year, last_year, evening, sessions;
    bool based; /* its hours are those of another calendar so far */
    struct era *era;
    struct exception *exception; /* by date */
    size_t eras, era_capacity, exceptions, exception_capacity;
};

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const char *skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* HH:MM at *p, which is moved behind it; 24:00 is a day's end. */
static int take_time(const char **p, int *minutes)
{
    const char *t = *p;
    for (int i = 0; i < 5; i++)
        if (i == 2 ? t[i] != ':' : t[i] < '0' || t[i] > '9')
            return -1;
    *minutes = ((t[0] - '0') * 10 + t[1] - '0') * 60 + (t[3] - '0') * 10 + t[4] - '0';
    *p = t + 5;
    return t[3] >= '6' || *minutes > 24 * 60 ? -1 : 0;
}

/* HH:MM-HH:MM; times of the evening before are negative. */
static int take_span(const struct calendar_table *table, const char **p, int *from, int *to)
{
    if (take_time(p, from) != 0 || **p != '-')
        return -1;
    (*p)++;
    if (take_time(p, to) != 0)
        return -1;
    if (table->evening > 0 && *from >= 24 * 60 - table->evening)
        *from -= 24 * 60;
    return *from < *to ? 0 : -1;
}

/* One span, or two with a comma: between them is a pause. */
static int take_hours(const struct calendar_table *table, const char **p, struct calendar_hours *hours)
{
    if (take_span(table, p, &hours->open, &hours->close) != 0)
        return -1;
    hours->pause = hours->resume = hours->close;
    if (**p != ',')
        return 0;
    (*p)++;
    return take_span(table, p, &hours->resume, &hours->close) != 0 || hours->resume <= hours->pause ? -1 : 0;
}

static int take_date(const char **p, int64_t *date, struct error *error)
{
    struct date civil;
    const char *t = skip_blanks(*p);
    const size_t n = strcspn(t, " \t:");
    if (date_parse(&civil, t, n, error) != 0)
        return -1;
    *date = date_to_days(civil);
    *p = skip_blanks(t + n);
    return 0;
}

static int day_number(const char *p)
{
    for (int i = 0; i < 7; i++)
        if (strncmp(p, day_names[i], 3) == 0)
            return i;
    return -1;
}

/* mon-fri, or sun,mon */
static int take_days(const char **p, unsigned *days)
{
    for (*days = 0;;) {
        const int first = day_number(*p);
        if (first < 0)
            return -1;
        *p += 3;
        int last = first;
        if (**p == '-') {
            if ((last = day_number(*p + 1)) < first)
                return -1;
            *p += 4;
        }
        for (int i = first; i <= last; i++)
            *days |= 1U << i;
        if (**p != ',')
            break;
        (*p)++;
    }
    *p = skip_blanks(*p);
    return 0;
}

static int take_era(struct calendar_table *table, const char *p, struct error *error)
{
    struct era era;
    if (take_date(&p, &era.from, error) != 0)
        return -1;
    if (*p == ':')
        p = skip_blanks(p + 1);
    if (take_days(&p, &era.days) != 0 || take_hours(table, &p, &era.hours) != 0 || *skip_blanks(p) != '\0')
        return error_set(error, EXIT_USAGE, "hours are written: hours 2010-10-18: mon-fri 09:15-15:30");
    if (list_grow(&table->era, &table->era_capacity, table->eras, sizeof era, error) != 0)
        return -1;
    table->era[table->eras++] = era;
    return 0;
}

static int take_exception(struct calendar_table *table, const char *p, bool closed, struct error *error)
{
    struct exception day = {.closed = closed};
    if (take_date(&p, &day.date, error) != 0)
        return -1;
    if (*p == ':')
        p = skip_blanks(p + 1);
    if (!closed && take_hours(table, &p, &day.hours) != 0)
        return error_set(error, EXIT_USAGE, "other hours are written: on 2024-11-01: 18:00-19:00 why");
    (void)snprintf(day.note, sizeof day.note, "%s", skip_blanks(p));
    for (size_t i = 0; i < table->exceptions; i++)
        if (table->exception[i].date == day.date && table->exception[i].based) {
            table->exception[i] = day;
            return 0;
        }
    if (list_grow(&table->exception, &table->exception_capacity, table->exceptions, sizeof day, error) != 0)
        return -1;
    table->exception[table->exceptions++] = day;
    return 0;
}

/* Four digits at *p, which is moved behind them; 0: there are none. */
static int take_year(const char **p)
{
    int year = 0;
    for (int i = 0; i < 4; i++) {
        if ((*p)[i] < '0' || (*p)[i] > '9')
            return 0;
        year = 10 * year + (*p)[i] - '0';
    }
    *p += 4;
    return year;
}

static int take_years(struct calendar_table *table, const char *p, struct error *error)
{
    const int first = take_year(&p);
    const int last = strncmp(p, "..", 2) == 0 ? (p += 2, take_year(&p)) : 0;
    if (*p != '\0' || first < 1900 || last > 2261 || first > last)
        return error_set(error, EXIT_USAGE, "years are written: years: 2010..2026, from 1900 to 2261");
    table->first_year = first;
    table->last_year = last;
    return 0;
}

static int take_evening(struct calendar_table *table, const char *p, struct error *error)
{
    int minutes;
    if (take_time(&p, &minutes) != 0 || *p != '\0' || minutes < 12 * 60 || minutes >= 24 * 60)
        return error_set(error, EXIT_USAGE, "an evening is written: evening: 17:00, from 12:00 on");
    if (table->eras + table->exceptions > 0 && !table->based)
        return error_set(error, EXIT_USAGE, "evening stands before the hours");
    table->evening = 24 * 60 - minutes;
    return 0;
}

static int take_sessions(struct calendar_table *table, const char *p, struct error *error)
{
    const size_t digits = strspn(p, "0123456789");
    int count = 0;
    for (size_t i = 0; i < digits && digits <= 3; i++)
        count = 10 * count + p[i] - '0';
    if (p[digits] != '\0' || count < 1 || count > 366)
        return error_set(error, EXIT_USAGE, "sessions of a year are written: sessions: 252");
    table->sessions = count;
    return 0;
}

/* What stands behind "word:", or behind "word " where a date follows; NULL when it is another statement. */
static const char *after(const char *line, const char *word)
{
    const size_t n = strlen(word);
    if (strncmp(line, word, n) != 0 || (line[n] != ':' && line[n] != ' '))
        return NULL;
    return skip_blanks(line + n + 1);
}

static int take_line(struct calendar_table *table, const char *line, struct error *error)
{
    const char *rest;
    if ((rest = after(line, "title")) != NULL)
        (void)snprintf(table->title, sizeof table->title, "%s", rest);
    else if ((rest = after(line, "zone")) != NULL)
        (void)snprintf(table->zone, sizeof table->zone, "%s", rest);
    else if ((rest = after(line, "years")) != NULL)
        return take_years(table, rest, error);
    else if ((rest = after(line, "evening")) != NULL)
        return take_evening(table, rest, error);
    else if ((rest = after(line, "sessions")) != NULL)
        return take_sessions(table, rest, error);
    else if (after(line, "like") != NULL) /* read before (calendar_table_like) */
        return table->based ? 0 : error_set(error, EXIT_USAGE, "like stands first, and names another calendar");
    else if ((rest = after(line, "hours")) != NULL)
        return take_era(table, rest, error);
    else if ((rest = after(line, "closed")) != NULL)
        return take_exception(table, rest, true, error);
    else if ((rest = after(line, "on")) != NULL)
        return take_exception(table, rest, false, error);
    else {
        error_set(error, EXIT_USAGE, "'%.40s' is not a statement of a calendar", line);
        error_hint(error, "like, title, zone, years, evening, sessions, hours, closed, on: tn-calendars(5)");
        return -1;
    }
    return 0;
}

static int compare_exceptions(const void *a, const void *b)
{
    const struct exception *x = a, *y = b;
    return (x->date > y->date) - (x->date < y->date);
}

static int finish(struct calendar_table *table, const char *file, struct error *error)
{
    if (table->zone[0] == '\0' || table->first_year == 0 || table->eras == 0)
        return error_set(error, EXIT_USAGE, "%s: a calendar has zone, years and hours", file);
    if (table->exceptions > 0)
        qsort(table->exception, table->exceptions, sizeof *table->exception, compare_exceptions);
    for (size_t i = 1; i < table->exceptions; i++)
        if (table->exception[i].date == table->exception[i - 1].date) {
            char text[TIME_TEXT_MAX];
            text[date_format(text, date_from_days(table->exception[i].date))] = '\0';
            return error_set(error, EXIT_USAGE, "%s: %s is given twice", file, text);
        }
    return 0;
}

static int read_lines(struct calendar_table *table, const char *file, struct str text, struct error *error)
{
    char line[512];
    for (int number = 1; text.n > 0; number++) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end == NULL ? text.n : (size_t)(end - text.p);
        const size_t taken = n + (end != NULL);
        const char *hash = memchr(text.p, '#', n);
        if (hash != NULL)
            n = (size_t)(hash - text.p);
        while (n > 0 && (text.p[n - 1] == ' ' || text.p[n - 1] == '\t' || text.p[n - 1] == '\r'))
            n--;
        if (n >= sizeof line || memchr(text.p, '\0', n) != NULL)
            return error_set(error, EXIT_USAGE, "%s:%d: not a line of text", file, number);
        memcpy(line, text.p, n);
        line[n] = '\0';
        text = (struct str){text.p + taken, text.n - taken};
        if (n > 0 && take_line(table, line, error) != 0) {
            error_recode(error, EXIT_USAGE);
            error_prefix(error, "%s:%d", file, number);
            return -1;
        }
    }
    return finish(table, file, error);
}

bool calendar_table_like(struct str text, char name[static CALENDAR_NAME_SIZE])
{
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        const size_t n = end == NULL ? text.n : (size_t)(end - text.p), taken = n + (end != NULL);
        char line[CALENDAR_NAME_SIZE + 16];
        (void)snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), text.p);
        const char *said = skip_blanks(line), *rest = after(said, "like");
        if (rest != NULL) {
            (void)snprintf(name, CALENDAR_NAME_SIZE, "%.*s", (int)strcspn(rest, " \t\r#"), rest);
            return true;
        }
        if (said[0] != '#' && said[0] != '\0' && said[0] != '\r')
            return false;
        text = (struct str){text.p + taken, text.n - taken};
    }
    return false;
}

/* Begin with what another calendar says. */
static int copy_base(struct calendar_table *table, const struct calendar_table *base, struct error *error)
{
    *table = *base;
    table->based = true;
    table->era = calloc(base->eras + 1, sizeof *table->era);
    table->exception = calloc(base->exceptions + 1, sizeof *table->exception);
    if (table->era == NULL || table->exception == NULL)
        return error_memory(error);
    memcpy(table->era, base->era, base->eras * sizeof *table->era);
    memcpy(table->exception, base->exception, base->exceptions * sizeof *table->exception);
    table->era_capacity = base->eras + 1;
    table->exception_capacity = base->exceptions + 1;
    for (size_t i = 0; i < table->exceptions; i++)
        table->exception[i].based = true;
    return 0;
}

struct calendar_table *calendar_table_read(const char *name, const struct calendar_table *base, const char *file,
                                           struct str text, struct error *error)
{
    struct calendar_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        error_memory(error);
        return NULL;
    }
    if (base != NULL && copy_base(table, base, error) != 0) {
        calendar_table_free(table);
        return NULL;
    }
    (void)snprintf(table->name, sizeof table->name, "%s", name);
    if (read_lines(table, file, text, error) == 0)
        return table;
    calendar_table_free(table);
    return NULL;
}

void calendar_table_free(struct calendar_table *table)
{
    if (table == NULL)
        return;
    free(table->era);
    free(table->exception);
    free(table);
}

const char *calendar_table_name(const struct calendar_table *table)
{
    return table->name;
}

const char *calendar_table_title(const struct calendar_table *table)
{
    return table->title;
}

const char *calendar_table_zone(const struct calendar_table *table)
{
    return table->zone;
}

int calendar_table_first_year(const struct calendar_table *table)
{
    return table->first_year;
}

int calendar_table_last_year(const struct calendar_table *table)
{
    return table->last_year;
}

int calendar_table_evening(const struct calendar_table *table)
{
    return table->evening;
}

static const struct exception *find_exception(const struct calendar_table *table, int64_t date)
{
    size_t low = 0, high = table->exceptions;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table->exception[middle].date < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->exceptions && table->exception[low].date == date ? &table->exception[low] : NULL;
}

bool calendar_table_hours(const struct calendar_table *table, int64_t date, struct calendar_hours *hours,
                          bool *shortened)
{
    const struct exception *day = find_exception(table, date);
    const struct era *usual = NULL;
    const unsigned bit = 1U << ((date_weekday(date) + 6) % 7);
    int64_t from = INT64_MIN; /* an era ends the one before, whichever days it names */
    for (size_t i = 0; i < table->eras; i++)
        if (table->era[i].from <= date && table->era[i].from > from)
            from = table->era[i].from;
    for (size_t i = 0; i < table->eras; i++)
        if (table->era[i].from == from && (table->era[i].days & bit) != 0)
            usual = &table->era[i];
    if (day != NULL && day->closed)
        return false;
    if (day == NULL && usual == NULL)
        return false;
    *hours = day != NULL ? day->hours : usual->hours;
    *shortened = day != NULL &&
                 (usual == NULL || day->hours.open != usual->hours.open || day->hours.close != usual->hours.close);
    return true;
}

int calendar_table_sessions(const struct calendar_table *table)
{
    if (table->sessions > 0)
        return table->sessions;
    const int years = table->last_year - table->first_year + 1 < 10 ? table->last_year - table->first_year + 1 : 10;
    const int64_t from = date_to_days((struct date){table->last_year - years + 1, 1, 1});
    const int64_t to = date_to_days((struct date){table->last_year + 1, 1, 1});
    int64_t count = 0;
    for (int64_t date = from; date < to; date++) {
        struct calendar_hours hours;
        bool shortened;
        count += calendar_table_hours(table, date, &hours, &shortened);
    }
    const int64_t mean = (count + years / 2) / years;
    return mean < 1 ? 1 : (int)mean;
}

const char *calendar_table_note(const struct calendar_table *table, int64_t date)
{
    const struct exception *day = find_exception(table, date);
    return day == NULL ? "" : day->note;
}
