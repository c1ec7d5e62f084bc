/* The data doctor on corporate actions, and on the time line: splits, dividends, gaps, hours, symbols used again. */
#include "base/math.h"
#include "market/bar_times.h"
#include "market/doctor_parts.h"
#include "market/holes.h"
#include "market/jump.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { REUSE_SESSIONS = 60, AGAIN_DAYS = 10, HOURS_MAX = 12 };

/* The first bar at or after a moment. */
static size_t bar_at(const struct doctor_series *series, int64_t time)
{
    size_t low = 0, high = series->bars;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (series->bar[middle].time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the named splits of an action's moment do to prices. */
static double splits_at(const struct doctor_series *series, int64_t time)
{
    double factor = 1;
    for (size_t k = 0; k < series->actions; k++) {
        const struct action *action = series->action[k];
        if (action->time == time && action->kind == ACTION_SPLIT && action->new_shares > 0 && action->old_shares > 0 &&
            series->adjusted == ADJUSTED_RAW)
            factor *= (double)action->old_shares / (double)action->new_shares;
    }
    return factor;
}

/* ---- splits ---- */

/* A split that is named, and that the prices of its day do not show. */
static int check_named(struct doctor *doctor, const struct action *action, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    const size_t at = bar_at(series, action->time);
    char date[TIME_TEXT_MAX];
    if (at == 0 || at == series->bars || action->new_shares <= 0 || action->old_shares <= 0)
        return 0;
    const double expected = math_log((double)action->old_shares / (double)action->new_shares);
    const double seen = math_log(dec_to_double(series->bar[at].open) / dec_to_double(series->bar[at - 1].close));
    const double others = math_log(splits_at(series, action->time)) - expected;
    if (fabs(expected) < 0.18 ||
        fabs(seen - others) > fabs(seen - others - expected)) /* less than 6:5 drowns in noise */
        return 0;
    struct finding finding = doctor_finding(doctor, ANOMALY_SPLIT, at);
    doctor_date(doctor, at, date);
    finding.observed = series->bar[at].open;
    finding.expected = series->bar[at - 1].close;
    finding.repair.kind = REPAIR_FORGET;
    finding.repair.action = ACTION_SPLIT;
    (void)snprintf(finding.message, sizeof finding.message,
                   "the prices do not show the %lld:%lld split of %s: they are already adjusted, or it is named twice",
                   (long long)action->new_shares, (long long)action->old_shares, date);
    doctor->odd[at] = true;
    return doctor_tell(doctor, &finding, error);
}

/* Is what follows on the new level? Else it is a block, which doctor_levels tells. */
static bool stays(const struct doctor *doctor, size_t i)
{
    const double jump = math_log(doctor->close[i] / doctor->close[i - 1]);
    for (size_t k = i + 1; k < doctor->series->bars && k <= i + 60; k++)
        if (fabs(math_log(doctor->close[k] / doctor->close[i - 1])) < fabs(jump) / 4)
            return false;
    return true;
}

static int check_unnamed(struct doctor *doctor, size_t i, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    struct jump jump;
    dec before;
    char date[TIME_TEXT_MAX];
    const double close = doctor->close[i - 1] / doctor->factor[i];
    if (doctor->odd[i] || doctor->odd[i - 1] || dec_from_double(&before, close, ROUND_HALF_EVEN) < 0 ||
        !jump_find(&jump, before, series->bar[i].open) || !stays(doctor, i))
        return 0;
    struct finding finding = doctor_finding(doctor, jump.check, i);
    doctor_date(doctor, i, date);
    finding.observed = series->bar[i].open;
    finding.expected = before;
    finding.repair.new_shares = jump.new_shares;
    finding.repair.old_shares = jump.old_shares;
    if (jump.check == ANOMALY_SPLIT && series->adjusted == ADJUSTED_RAW) {
        finding.repair.kind = REPAIR_SPLIT;
    } else {
        finding.repair.kind = REPAIR_SCALE; /* what was before is put on the unit that is in force */
        finding.repair.from = TIME_FIRST;
        finding.repair.to = series->bar[i].time;
        finding.repair.price = (double)jump.old_shares / (double)jump.new_shares;
        if (jump.check == ANOMALY_SPLIT)
            finding.repair.volume = 1 / finding.repair.price;
    }
    (void)snprintf(finding.message, sizeof finding.message, "%s opens at %.10g after %.10g, as %s (%lld:%lld)", date,
                   dec_to_double(series->bar[i].open), close,
                   jump.check == ANOMALY_SPLIT ? "after a split that nobody names" : "in another unit from here on",
                   (long long)jump.new_shares, (long long)jump.old_shares);
    doctor->odd[i] = true;
    return doctor_tell(doctor, &finding, error);
}

int doctor_named(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    for (size_t k = 0; k < series->actions && series->adjusted == ADJUSTED_RAW; k++)
        if (series->action[k]->kind == ACTION_SPLIT && check_named(doctor, series->action[k], error) < 0)
            return -1;
    return 0;
}

int doctor_splits(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    for (size_t i = 1; i < series->bars; i++)
        if (check_unnamed(doctor, i, error) < 0)
            return -1;
    return 0;
}

/* ---- dividends ---- */

static bool is_dividend(const struct action *action)
{
    return action->kind == ACTION_DIVIDEND && action->cash != DEC_NONE && action->cash > 0;
}

/* The median of the other dividends; NaN when they are fewer than two. */
static double usual_cash(const struct doctor_series *series, size_t own, double *scratch)
{
    size_t count = 0;
    for (size_t k = 0; k < series->actions; k++)
        if (k != own && is_dividend(series->action[k]))
            scratch[count++] = dec_to_double(series->action[k]->cash);
    return count < 2 ? NAN : doctor_median(scratch, count);
}

/* Is there another of about its size? Then it is not the odd one. */
static bool has_like(const struct doctor_series *series, size_t own)
{
    for (size_t k = 0; k < series->actions; k++)
        if (k != own && is_dividend(series->action[k]) &&
            fabs(math_log((double)series->action[own]->cash / (double)series->action[k]->cash)) < 0.92) /* 2.5 times */
            return true;
    return false;
}

/* What is wrong with a dividend, as a word, and what its cash should be (NaN: there is none, DEC_NONE of it). */
static const char *judge_dividend(const struct doctor_series *series, size_t own, size_t at, double usual,
                                  double *should)
{
    const double cash = dec_to_double(series->action[own]->cash);
    const double close = dec_to_double(series->bar[at - 1].close) * splits_at(series, series->action[own]->time);
    const double yield = cash / close, fall = 1 - dec_to_double(series->bar[at].low) / close;
    const bool unseen = fall < yield / 2;
    const double times = has_like(series, own) ? 1 : cash / usual;
    *should = NAN;
    for (size_t k = 0; k < own; k++)
        if (is_dividend(series->action[k]) &&
            series->action[own]->time - series->action[k]->time <= AGAIN_DAYS * TIME_DAY &&
            fabs(cash / dec_to_double(series->action[k]->cash) - 1) < 0.25)
            return "comes again within ten days";
    if (yield >= 0.25 && unseen) {
        *should = cash / 100;
        return *should / close < 0.25 ? "is in another unit" : "is no dividend";
    }
    if ((times >= 20 && unseen) || times <= 0.05) {
        *should = times > 1 ? cash / 100 : cash * 100;
        return fabs(math_log(*should / usual)) < 1.2 ? "is in another unit" : "is unlike the others";
    }
    if (times >= 2.5 && yield > 0.03 && unseen) {
        *should = usual;
        return "is unlike the others";
    }
    return NULL;
}

int doctor_dividends(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    double *scratch = calloc(series->actions + 1, sizeof *scratch);
    int result = scratch == NULL ? error_memory(error) : 0;
    for (size_t k = 0; k < series->actions && result == 0; k++) {
        const struct action *action = series->action[k];
        const size_t at = bar_at(series, action->time);
        double should;
        char date[TIME_TEXT_MAX];
        if (!is_dividend(action) || at == 0 || at == series->bars)
            continue;
        const double usual = usual_cash(series, k, scratch);
        const char *wrong = judge_dividend(series, k, at, usual, &should);
        if (wrong == NULL)
            continue;
        struct finding finding = doctor_finding(doctor, ANOMALY_DIVIDEND, at);
        (void)date_format(date, date_from_days(calendar_date(series->calendar, action->time)));
        const double close = dec_to_double(series->bar[at - 1].close);
        finding.observed = action->cash;
        finding.repair.action = ACTION_DIVIDEND;
        finding.repair.from = action->time;
        finding.repair.to = action->time + 1;
        finding.repair.kind = isnan(should) ? REPAIR_FORGET : REPAIR_CASH;
        /* Half even to a hundred-millionth takes the binary noise of a hundredfold away. */
        if (!isnan(should) && dec_from_double(&finding.repair.cash, should, ROUND_HALF_EVEN) < 0)
            finding.repair.kind = REPAIR_FORGET;
        finding.expected = finding.repair.cash;
        const int n = snprintf(finding.message, sizeof finding.message,
                               "the dividend of %s %s: %.10g on a close of %.10g, the price falls to %.10g", date,
                               wrong, dec_to_double(action->cash), close, dec_to_double(series->bar[at].low));
        if (!isnan(usual) && n > 0 && (size_t)n < sizeof finding.message)
            (void)snprintf(finding.message + n, sizeof finding.message - (size_t)n, ", the usual one is %.10g", usual);
        doctor->bad[k] = true;
        result = doctor_tell(doctor, &finding, error);
    }
    free(scratch);
    return result;
}

/* ---- the time line ---- */

/* Sessions without a bar between two bars: how many, with the first and the last. */
static int missing_sessions(const struct doctor *doctor, size_t i, size_t *count, int64_t *first, int64_t *last,
                            struct error *error)
{
    const struct calendar *calendar = doctor->series->calendar;
    const int64_t from = bar_session_date(calendar, &doctor->series->bar[i - 1]);
    const int64_t to = bar_session_date(calendar, &doctor->series->bar[i]);
    struct session session = {.date = from};
    *count = 0;
    if (to - from <= 1)
        return 0;
    while (calendar_next(calendar, session.date, &session, error) == 0 && session.date < to) {
        if ((*count)++ == 0)
            *first = session.date;
        *last = session.date;
    }
    return error_is_set(error) ? -1 : 0;
}

int doctor_gaps(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    const bool each_day =
        interval_equal(series->interval, (struct interval){INTERVAL_DAY, 1}) || !interval_is_daily(series->interval);
    if (!each_day || series->bars < 2)
        return 0;
    /* Of a calendar without holidays nothing can be said about a market that has some. */
    const double days = (double)(series->bar[series->bars - 1].time - series->bar[0].time) / (double)TIME_DAY + 1;
    if (strcmp(calendar_name(series->calendar), "always") == 0 &&
        (!interval_is_daily(series->interval) || (double)series->bars < days * 0.9))
        return 0;
    for (size_t i = 1; i < series->bars; i++) {
        size_t count;
        int64_t first = 0, last = 0;
        char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];
        if (missing_sessions(doctor, i, &count, &first, &last, error) < 0)
            return -1;
        if (count == 0)
            continue;
        const double level = fabs(math_log(doctor->close[i] / doctor->close[i - 1]));
        const double volume = fabs(math_log(series->bar[i].volume / series->bar[i - 1].volume));
        const bool reuse = count >= REUSE_SESSIONS && (level > 0.69 || volume > 2.3);
        struct finding finding = doctor_finding(doctor, reuse ? ANOMALY_REUSE : ANOMALY_GAP, i);
        (void)date_format(from, date_from_days(first));
        (void)date_format(to, date_from_days(last));
        finding.observed = series->bar[i].close;
        finding.expected = series->bar[i - 1].close;
        doctor->odd[i] |= reuse;
        finding.repair.kind = reuse ? REPAIR_DROP : REPAIR_FETCH;
        finding.repair.from = reuse ? TIME_FIRST : calendar_midnight(series->calendar, first);
        finding.repair.to = reuse ? series->bar[i].time : calendar_midnight(series->calendar, last + 1);
        if (count == 1)
            (void)snprintf(finding.message, sizeof finding.message, "the session of %s has no bar", from);
        else
            (void)snprintf(finding.message, sizeof finding.message, "%zu sessions have no bar, %s to %s%s", count, from,
                           to, reuse ? ", and then it trades as another company: the symbol was used again" : "");
        if (doctor_tell(doctor, &finding, error) < 0)
            return -1;
    }
    return 0;
}

int doctor_holes(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    struct holes holes;
    if (interval_is_daily(series->interval))
        return 0;
    holes_init(&holes, series->calendar);
    for (size_t i = 0; i < series->bars; i++) {
        struct hole hole[2];
        const int count = holes_push(&holes, &series->bar[i], hole, error);
        for (int k = 0; k < count; k++) {
            char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];
            if (hole[k].edge) /* times of another zone leave such: doctor_hours */
                continue;
            struct finding finding = doctor_finding(doctor, ANOMALY_GAP, i);
            from[time_format(from, hole[k].from)] = '\0';
            to[time_format(to, hole[k].to)] = '\0';
            finding.repair.kind = REPAIR_FETCH;
            finding.repair.from = hole[k].from;
            finding.repair.to = hole[k].to;
            (void)snprintf(finding.message, sizeof finding.message, "no bars from %s to %s, within the session", from,
                           to);
            if (doctor_tell(doctor, &finding, error) < 0)
                return -1;
        }
        if (count < 0)
            return -1;
    }
    return 0;
}

/* Bars of a day that begin, or end, whole hours after or before the session: their times are of another zone. */
static int check_day(struct doctor *doctor, size_t first, size_t end, size_t *shifted, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    const struct bar *bar = series->bar;
    struct session session;
    const int64_t date = calendar_date(series->calendar, bar[first].time);
    const int found = calendar_session(series->calendar, date, &session, error);
    if (found < 0)
        return -1;
    const int64_t late = bar[first].time - session.open, early = session.close - bar[end - 1].end;
    const bool later = late > 0 && late % TIME_HOUR == 0 && late <= HOURS_MAX * TIME_HOUR && early <= 0;
    const bool earlier = early > 0 && early % TIME_HOUR == 0 && early <= HOURS_MAX * TIME_HOUR && late <= 0;
    if (found == 0 || !(later || earlier)) {
        *shifted = 0;
        return 0;
    }
    if ((*shifted)++ > 0) /* one finding for a run of days */
        return 0;
    struct finding finding = doctor_finding(doctor, ANOMALY_ZONE, first);
    char text[TIME_TEXT_MAX];
    (void)date_format(text, date_from_days(date));
    finding.repair.kind = REPAIR_FETCH;
    finding.repair.from = calendar_midnight(series->calendar, date);
    finding.repair.to = calendar_midnight(series->calendar, date + 1);
    (void)snprintf(finding.message, sizeof finding.message,
                   "the bars of %s %s %lld h %s: their times are of another zone", text, later ? "begin" : "end",
                   (long long)((later ? late : early) / TIME_HOUR), later ? "after the open" : "before the close");
    return doctor_tell(doctor, &finding, error);
}

int doctor_hours(struct doctor *doctor, struct error *error)
{
    const struct doctor_series *series = doctor->series;
    size_t shifted = 0, days = 0, whole = 0;
    if (interval_is_daily(series->interval) || strcmp(calendar_name(series->calendar), "always") == 0)
        return 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t first = 0, end; first < series->bars; first = end) {
            const int64_t date = calendar_date(series->calendar, series->bar[first].time);
            struct session session;
            for (end = first + 1; end < series->bars && calendar_date(series->calendar, series->bar[end].time) == date;
                 end++)
                ;
            if (pass == 0) {
                days++;
                whole += calendar_session(series->calendar, date, &session, error) == 1 &&
                                 series->bar[first].time <= session.open && series->bar[end - 1].end >= session.close
                             ? 1
                             : 0;
                continue;
            }
            if (whole * 2 < days) /* a symbol that trades too seldom to say */
                return error_is_set(error) ? -1 : 0;
            if (check_day(doctor, first, end, &shifted, error) < 0)
                return -1;
        }
    return error_is_set(error) ? -1 : 0;
}
