/* Day first or month first: decided for the whole file, never row by row. */
#include "feed/csv_dates.h"

#include "base/time.h"

#define ALL (DATES_MDY | DATES_DMY | DATES_YMD)

static const enum csv_dates order[] = {DATES_MDY, DATES_DMY, DATES_YMD};

void csv_date_evidence_init(struct csv_date_evidence *evidence)
{
    *evidence = (struct csv_date_evidence){.possible = ALL};
}

void csv_date_evidence_add(struct csv_date_evidence *evidence, const struct csv_time *time, uint64_t line)
{
    if (time->orders == 0)
        return;
    evidence->seen = true;
    evidence->dotted |= time->dotted;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if ((time->orders & order[i]) == 0 && evidence->against[order[i]] == 0)
            evidence->against[order[i]] = line;
    evidence->possible &= time->orders;
}

/* How many dates are no session, and how often their direction changes. */
static int count_misfits(const struct csv_date_list *list, enum csv_dates dates, const struct calendar *calendar,
                         const struct zone *zone)
{
    struct csv_time time;
    struct error ignored = {0};
    struct session session;
    int64_t before = 0;
    int misfits = 0, direction = 0, count = 0;
    list->rewind(list->context);
    while (list->next(list->context, dates, &time) == 1) {
        const int64_t date = csv_time_date(&time, zone);
        misfits += calendar_session(calendar, date, &session, &ignored) != 1;
        error_clear(&ignored);
        const int step = count++ == 0 || date == before ? 0 : date > before ? 1 : -1;
        if (step != 0) {
            misfits += direction != 0 && step != direction;
            direction = step;
        }
        before = date;
    }
    return misfits;
}

static int contradiction(const struct csv_date_evidence *evidence, struct error *error)
{
    (void)error_set(error, EXIT_INPUT, "the date of line %llu cannot be %s, that of line %llu cannot be %s",
                    (unsigned long long)evidence->against[DATES_MDY], csv_dates_text(DATES_MDY),
                    (unsigned long long)evidence->against[DATES_DMY], csv_dates_text(DATES_DMY));
    error_hint(error, "choose one order, --dates dmy or --dates mdy, to see the bad lines");
    return -1;
}

static int undecided(unsigned possible, struct error *error)
{
    (void)error_set(error, EXIT_INPUT, "dates may be %s or %s",
                    csv_dates_text((possible & DATES_DMY) != 0 ? DATES_DMY : DATES_YMD),
                    csv_dates_text((possible & DATES_MDY) != 0 ? DATES_MDY : DATES_YMD));
    error_hint(error, "--dates dmy or --dates mdy%s", (possible & DATES_YMD) != 0 ? " or --dates ymd" : "");
    return -1;
}

int csv_dates_decide(enum csv_dates *dates, bool *by_sessions, const struct csv_date_evidence *evidence,
                     bool month_first, const struct csv_date_list *list, const struct calendar *calendar,
                     const struct zone *zone, struct error *error)
{
    const unsigned possible = evidence->possible;
    *by_sessions = false;
    *dates = DATES_ANY;
    if (!evidence->seen)
        return 0;
    if (possible == 0)
        return contradiction(evidence, error);
    if ((possible & (possible - 1)) == 0) {
        *dates = (enum csv_dates)possible;
        return 0;
    }
    if ((evidence->dotted && (possible & DATES_DMY) != 0) || (month_first && (possible & DATES_MDY) != 0)) {
        *dates = evidence->dotted ? DATES_DMY : DATES_MDY;
        return 0;
    }
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if ((possible & order[i]) == 0 || count_misfits(list, order[i], calendar, zone) > 0)
            continue;
        if (*dates != DATES_ANY)
            return undecided(possible, error);
        *dates = order[i];
    }
    *by_sessions = true;
    return *dates != DATES_ANY ? 0 : undecided(possible, error);
}
