/* Holes in the bars of a session. Sessions are those of New York in June 2026: 09:30 to 16:00, 13:30 to 20:00 UTC. */
#include "market/holes.h"
#include "tap.h"

static struct calendar calendar;

/* A minute's bar of each minute of a day but of those in [from, to), minutes after the open. */
static int run_day(struct holes *holes, int day, int minutes, int from, int to, struct hole *last)
{
    struct error error = {0};
    struct hole out[2];
    int count = 0;
    const int64_t open = date_to_days((struct date){2026, 6, day}) * TIME_DAY + 13 * TIME_HOUR + 30 * TIME_MINUTE;
    for (int i = 0; i < 390; i += minutes) {
        const struct bar bar = {.time = open + i * TIME_MINUTE, .end = open + (i + minutes) * TIME_MINUTE};
        if (i >= from && i < to)
            continue;
        const int found = holes_push(holes, &bar, out, &error);
        if (found > 0)
            *last = out[found - 1];
        count += found;
    }
    return count;
}

/* One minute in forty: nine stretches of 39 minutes between ten bars, and 29 at the end. */
static int run_seldom(struct holes *holes, int day)
{
    struct error error = {0};
    struct hole out[2];
    int count = 0;
    const int64_t open = date_to_days((struct date){2026, 6, day}) * TIME_DAY + 13 * TIME_HOUR + 30 * TIME_MINUTE;
    for (int i = 0; i < 390; i += 40) {
        const struct bar bar = {.time = open + i * TIME_MINUTE, .end = open + (i + 1) * TIME_MINUTE};
        count += holes_push(holes, &bar, out, &error);
    }
    return count;
}

static int64_t minute_of(int64_t time)
{
    return (time % TIME_DAY - 13 * TIME_HOUR - 30 * TIME_MINUTE) / TIME_MINUTE;
}

int main(void)
{
    struct error error = {0};
    struct zone *zone = zone_open("America/New_York", &error);
    struct holes holes;
    struct hole hole = {.from = 0};
    if (zone == NULL || calendar_init(&calendar, "nyse", zone, &error) != 0)
        return 1;
    holes_init(&holes, &calendar);
    check(run_day(&holes, 1, 1, 0, 0, &hole) == 0, "a whole day has none");
    check(run_day(&holes, 2, 1, 100, 129, &hole) == 0, "29 minutes are none");
    check(run_day(&holes, 3, 1, 0, 0, &hole) == 0, "nor is a night");
    /* The longest of the second was 29 minutes and counts half now: more than 3 × 14.5 are needed. */
    check(run_day(&holes, 4, 1, 100, 143, &hole) == 0, "43 minutes are none after 29 two days before");
    holes_init(&holes, &calendar);
    (void)run_day(&holes, 1, 1, 0, 0, &hole);
    check(run_day(&holes, 2, 1, 100, 160, &hole) == 1 && minute_of(hole.from) == 100 && minute_of(hole.to) == 160,
          "an hour in the middle");
    (void)run_day(&holes, 3, 1, 0, 0, &hole);
    (void)run_day(&holes, 4, 1, 0, 0, &hole);
    (void)run_day(&holes, 5, 1, 0, 0, &hole);
    check(run_day(&holes, 8, 1, 0, 60, &hole) == 1 && minute_of(hole.from) == 0 && minute_of(hole.to) == 60,
          "the first hour, once the other has faded");
    holes_init(&holes, &calendar);
    check(run_day(&holes, 1, 1, 330, 390, &hole) == 0 && run_day(&holes, 2, 1, 0, 0, &hole) == 1 &&
              minute_of(hole.from) == 330 && minute_of(hole.to) == 390 &&
              hole.date == date_to_days((struct date){2026, 6, 1}),
          "the last hour, known on the next day");
    holes_init(&holes, &calendar);
    check(run_day(&holes, 1, 1, 0, 200, &hole) == 0, "bars that begin in the middle of a session");
    holes_init(&holes, &calendar);
    (void)run_day(&holes, 1, 30, 0, 0, &hole);
    check(run_day(&holes, 2, 30, 60, 90, &hole) == 1, "one bar of half an hour");
    holes_init(&holes, &calendar);
    check(run_seldom(&holes, 1) == 9 && run_seldom(&holes, 2) + run_seldom(&holes, 3) == 0,
          "a minute in forty: nine holes in the first session, then it is usual");
    zone_free(zone);
    return done();
}
