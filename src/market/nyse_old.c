/* What the New York Stock Exchange did before 1990 and no rule gives: single days, spells of short days while paper was
 * caught up with, Saturdays. */
#include "market/nyse_old.h"

#include "base/time.h"

#define CLOCK(hour, minute)    ((hour)*60 + (minute))
#define DATE(year, month, day) ((year)*10000 + (month)*100 + (day))

/* Dates as YYYYMMDD. Closed all day (0, 0), or with other hours. */
static const struct spell {
    int first, last;
    int open, close;
} spells[] = {
    {DATE(1950, 6, 3), DATE(1950, 9, 30), -1, -1}, /* Saturdays alone */
    {DATE(1950, 12, 23), DATE(1950, 12, 23), 0, 0},
    {DATE(1951, 6, 2), DATE(1951, 9, 29), -1, -1},
    {DATE(1951, 12, 24), DATE(1951, 12, 24), CLOCK(10, 0), CLOCK(13, 0)},
    {DATE(1952, 5, 31), DATE(1952, 9, 27), -1, -1},
    {DATE(1954, 12, 24), DATE(1954, 12, 24), 0, 0},
    {DATE(1956, 12, 24), DATE(1956, 12, 24), 0, 0},
    {DATE(1958, 12, 26), DATE(1958, 12, 26), 0, 0},
    {DATE(1960, 12, 12), DATE(1960, 12, 12), CLOCK(11, 0), CLOCK(15, 30)}, /* snow */
    {DATE(1961, 5, 29), DATE(1961, 5, 29), 0, 0},
    {DATE(1963, 11, 22), DATE(1963, 11, 22), CLOCK(10, 0), CLOCK(14, 7)}, /* President Kennedy */
    {DATE(1963, 11, 25), DATE(1963, 11, 25), 0, 0},
    {DATE(1964, 10, 23), DATE(1964, 10, 23), CLOCK(10, 0), CLOCK(14, 0)},  /* President Hoover */
    {DATE(1965, 11, 10), DATE(1965, 11, 10), CLOCK(11, 5), CLOCK(15, 30)}, /* no power */
    {DATE(1965, 12, 24), DATE(1965, 12, 24), 0, 0},
    {DATE(1966, 1, 6), DATE(1966, 1, 14), CLOCK(10, 0), CLOCK(14, 0)}, /* transit strike */
    {DATE(1967, 2, 7), DATE(1967, 2, 7), CLOCK(10, 15), CLOCK(14, 0)}, /* snow */
    {DATE(1967, 8, 9), DATE(1967, 8, 18), CLOCK(10, 0), CLOCK(14, 0)}, /* paper, as all that follow to 1970 */
    {DATE(1968, 1, 22), DATE(1968, 3, 1), CLOCK(10, 0), CLOCK(14, 0)},
    {DATE(1968, 4, 9), DATE(1968, 4, 9), 0, 0}, /* Martin Luther King */
    {DATE(1968, 7, 5), DATE(1968, 7, 5), 0, 0},
    {DATE(1968, 11, 11), DATE(1968, 11, 11), 0, 0},
    {DATE(1969, 2, 10), DATE(1969, 2, 10), 0, 0}, /* snow */
    {DATE(1969, 2, 11), DATE(1969, 2, 11), CLOCK(11, 0), CLOCK(14, 0)},
    {DATE(1969, 3, 31), DATE(1969, 3, 31), 0, 0},                      /* President Eisenhower */
    {DATE(1969, 6, 2), DATE(1969, 6, 2), CLOCK(10, 45), CLOCK(14, 0)}, /* storm */
    {DATE(1969, 7, 21), DATE(1969, 7, 21), 0, 0},                      /* the moon */
    {DATE(1969, 1, 2), DATE(1969, 7, 3), CLOCK(10, 0), CLOCK(14, 0)},
    {DATE(1969, 7, 7), DATE(1969, 9, 26), CLOCK(10, 0), CLOCK(14, 30)},
    {DATE(1969, 9, 29), DATE(1970, 5, 1), CLOCK(10, 0), CLOCK(15, 0)},
    {DATE(1972, 12, 28), DATE(1972, 12, 28), 0, 0}, /* President Truman */
    {DATE(1973, 1, 25), DATE(1973, 1, 25), 0, 0},   /* President Johnson */
    {DATE(1973, 12, 17), DATE(1973, 12, 17), CLOCK(11, 0), CLOCK(15, 30)},
    {DATE(1974, 1, 16), DATE(1974, 1, 16), CLOCK(10, 15), CLOCK(15, 30)},
    {DATE(1974, 11, 22), DATE(1974, 11, 22), CLOCK(10, 15), CLOCK(16, 0)},
    {DATE(1974, 12, 24), DATE(1974, 12, 24), CLOCK(10, 0), CLOCK(14, 0)},
    {DATE(1975, 2, 12), DATE(1975, 2, 12), CLOCK(10, 0), CLOCK(14, 30)},
    {DATE(1975, 12, 24), DATE(1975, 12, 24), CLOCK(10, 0), CLOCK(14, 0)},
    {DATE(1976, 2, 2), DATE(1976, 2, 2), CLOCK(11, 15), CLOCK(16, 0)},
    {DATE(1976, 6, 8), DATE(1976, 6, 8), CLOCK(10, 15), CLOCK(16, 0)},
    {DATE(1976, 8, 9), DATE(1976, 8, 9), CLOCK(10, 0), CLOCK(15, 0)},
    {DATE(1977, 7, 14), DATE(1977, 7, 14), 0, 0}, /* no power */
    {DATE(1978, 1, 20), DATE(1978, 1, 20), CLOCK(12, 0), CLOCK(16, 0)},
    {DATE(1978, 2, 6), DATE(1978, 2, 6), CLOCK(10, 0), CLOCK(14, 0)},
    {DATE(1978, 2, 7), DATE(1978, 2, 7), CLOCK(11, 0), CLOCK(16, 0)},
    {DATE(1981, 3, 30), DATE(1981, 3, 30), CLOCK(10, 0), CLOCK(15, 17)}, /* President Reagan shot */
    {DATE(1981, 9, 9), DATE(1981, 9, 9), CLOCK(10, 0), CLOCK(15, 28)},
    {DATE(1985, 9, 27), DATE(1985, 9, 27), 0, 0},                         /* hurricane Gloria */
    {DATE(1987, 10, 23), DATE(1987, 10, 30), CLOCK(9, 30), CLOCK(14, 0)}, /* after the crash */
    {DATE(1987, 11, 2), DATE(1987, 11, 4), CLOCK(9, 30), CLOCK(14, 30)},
    {DATE(1987, 11, 5), DATE(1987, 11, 6), CLOCK(9, 30), CLOCK(15, 0)},
    {DATE(1987, 11, 9), DATE(1987, 11, 11), CLOCK(9, 30), CLOCK(15, 30)},
    {DATE(1989, 11, 10), DATE(1989, 11, 10), CLOCK(11, 0), CLOCK(16, 0)},
};

/* To catch up with paper the exchange closed on Wednesdays, but for weeks that had another holiday. */
static bool is_paper_wednesday(int date)
{
    static const int other[] = {703, 904, 1106, 1113, 1127};
    if (date < DATE(1968, 6, 12) || date > DATE(1968, 12, 31))
        return false;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (date % 10000 == other[i])
            return false;
    return true;
}

enum nyse_day nyse_old_day(int year, int month, int day, int weekday, int *open, int *close)
{
    const int date = DATE(year, month, day);
    if (weekday == 3 && is_paper_wednesday(date))
        return NYSE_CLOSED;
    for (size_t i = 0; i < sizeof spells / sizeof *spells; i++) {
        const struct spell *spell = &spells[i];
        if (date < spell->first || date > spell->last || (spell->open < 0 && weekday != 6))
            continue;
        if (spell->close <= 0)
            return NYSE_CLOSED;
        *open = spell->open;
        *close = spell->close;
        return NYSE_OTHER_HOURS;
    }
    return NYSE_BY_RULE;
}
