/* Calendars as data: the text of a file, and the hours of a date from it (tn-calendars(5)).
 *
 *     title: National Stock Exchange of India
 *     zone: Asia/Kolkata
 *     years: 2010..2026
 *     hours 2010-10-18: mon-fri 09:15-15:30           two spans with a comma: a pause between them
 *     closed 2024-01-26: Republic Day
 *     on 2024-11-01: 18:00-19:00 Diwali
 */
#ifndef TN_MARKET_CALENDAR_TABLE_H
#define TN_MARKET_CALENDAR_TABLE_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_FILE_MAX   (1 << 20) /* bytes */
#define CALENDAR_NAME_SIZE  32
#define CALENDAR_TITLE_SIZE 96

struct calendar_table;

/* Of a session, in minutes after the midnight of its date; the opening is negative on the evening before. From `pause`
 * to `resume` there is no trade; both are the close where there is no pause. */
struct calendar_hours {
    int open, close, pause, resume;
};

/* Does a file begin with "like: NAME", the calendar it is based on? */
bool calendar_table_like(struct str text, char name[static CALENDAR_NAME_SIZE]);
/* `base` (or NULL) says what the file leaves unsaid; `file` is for messages (EXIT_USAGE, with the line).
 * calendar_table_free gives back what it takes. */
struct calendar_table *calendar_table_read(const char *name, const struct calendar_table *base, const char *file,
                                           struct str text, struct error *error);
void calendar_table_free(struct calendar_table *table); /* NULL is allowed */

const char *calendar_table_name(const struct calendar_table *table);
const char *calendar_table_title(const struct calendar_table *table);
const char *calendar_table_zone(const struct calendar_table *table);
int calendar_table_first_year(const struct calendar_table *table);
int calendar_table_last_year(const struct calendar_table *table);
/* Minutes before midnight at which the trading of the next date begins, 0 where days begin at midnight. */
int calendar_table_evening(const struct calendar_table *table);
/* The hours of a date, and whether they are other than usual. False when there is no session. */
bool calendar_table_hours(const struct calendar_table *table, int64_t date, struct calendar_hours *hours,
                          bool *shortened);
/* Sessions of a year: as the file says it, else the mean of its last ten years, rounded. */
int calendar_table_sessions(const struct calendar_table *table);
/* Why a date is closed or has other hours, "" when nothing is said. */
const char *calendar_table_note(const struct calendar_table *table, int64_t date);

#endif
