/* The made-up option chain allows no arbitrage: whoever buys at the ask and sells at the bid gains nothing for sure.
 * Put-call parity, bounds, slopes and convexity are those of J. Hull, "Options, Futures, and Other Derivatives", 10th
 * ed., chapter 11 (and 11.4 for the butterfly); the Black-Scholes price is worked out again with the C library's erfc.
 */
#include "feed/sim_chain.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

enum { OPTIONS_MAX = 1024 };

struct book {
    struct sim_option option[OPTIONS_MAX];
    size_t count;
};

static double money(dec value)
{
    return (double)value / (double)DEC_ONE;
}

static int keep(void *context, const struct sim_option *option, struct error *error)
{
    struct book *book = context;
    if (book->count == OPTIONS_MAX)
        return error_set(error, EXIT_INPUT, "too many");
    book->option[book->count++] = *option;
    return 0;
}

static double probability(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

/* The close of the expiry's session, 16:00 New York: 20:00 UTC in summer, 21:00 in winter. */
static double years_of(const struct sim_chain *chain, const struct sim_option *option)
{
    struct session session;
    struct error error = {0};
    (void)calendar_session(chain->calendar, option->expiry, &session, &error);
    return (double)(session.close - chain->now) / (double)TIME_DAY / 365;
}

/* How many of the conditions between a call, its put and its neighbours do not hold; `name` says the last of them. */
static int faults(const struct sim_chain *chain, const struct book *book, const char **name)
{
    int count = 0;
#define MUST(condition, text) (void)((condition) || (count++, *name = (text)))
    for (size_t i = 0; i + 1 < book->count; i += 2) {
        const struct sim_option *call = &book->option[i], *put = &book->option[i + 1];
        const double years = years_of(chain, call), strike = money(call->strike), discount = exp(-call->rate * years);
        const double forward = chain->spot - strike * discount;
        MUST(call->call && !put->call && call->strike == put->strike && call->expiry == put->expiry, "pairs");
        MUST(call->bid <= call->ask && put->bid <= put->ask && call->bid >= 0 && put->bid >= 0, "bid and ask");
        MUST(money(call->bid) - money(put->ask) <= forward && forward <= money(call->ask) - money(put->bid), "parity");
        MUST(money(call->bid) <= chain->spot && money(call->ask) >= forward, "bounds");
        MUST(fabs(call->delta - put->delta - 1) < 1e-9 && fabs(call->gamma - put->gamma) < 1e-12, "greeks");
        if (isfinite(call->implied_volatility)) {
            const double deviation = call->implied_volatility * sqrt(years);
            const double d1 = log(chain->spot / discount / strike) / deviation + deviation / 2;
            const double price = chain->spot * probability(d1) - strike * discount * probability(d1 - deviation);
            MUST(money(call->bid) <= price && price <= money(call->ask), "the volatility gives the price");
        }
        if (i + 3 >= book->count || book->option[i + 2].expiry != call->expiry)
            continue;
        const struct sim_option *call2 = &book->option[i + 2], *put2 = &book->option[i + 3];
        MUST(call2->strike > call->strike, "strikes");
        MUST(call2->bid <= call->ask && put->bid <= put2->ask, "monotone");
        MUST(money(call->bid) - money(call2->ask) <= money(call2->strike) - strike, "slope");
        if (i + 5 >= book->count || book->option[i + 4].expiry != call->expiry)
            continue;
        const struct sim_option *call3 = &book->option[i + 4], *put3 = &book->option[i + 5];
        MUST(2 * money(call2->bid) <= money(call->ask) + money(call3->ask), "convex calls");
        MUST(2 * money(put2->bid) <= money(put->ask) + money(put3->ask), "convex puts");
    }
    /* A later expiry of the same strike is worth no less: no dividends, interest above 0. */
    for (size_t i = 0; i < book->count; i++)
        for (size_t k = i + 1; k < book->count; k++)
            if (book->option[i].call && book->option[k].call && book->option[i].strike == book->option[k].strike)
                MUST(book->option[i].bid <= book->option[k].ask, "calendar");
#undef MUST
    return count;
}

int main(void)
{
    static const double spots[] = {0.8, 4.2, 23, 187.5, 512.13, 5400};
    static struct book book, again;
    struct error error = {0};
    struct calendar calendar;
    struct zone *zone = zone_open("America/New_York", &error);
    if (zone == NULL || calendar_init(&calendar, "nyse", zone, &error) != 0)
        return 1;
    /* Monday 2026-06-01 at 15:00 New York; Friday June 19 is a holiday, its options expire on the 18th. */
    const int64_t now = date_to_days((struct date){2026, 6, 1}) * TIME_DAY + 19 * TIME_HOUR;
    int bad = 0, chains = 0;
    const char *name = "";
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
            struct sim_chain chain = {
                .underlying = "BRK.B", .spot = spots[i], .now = now, .seed = seed, .calendar = &calendar};
            book.count = 0;
            if (sim_chain_each(&chain, keep, &book, &error) != 0 || book.count < 100)
                bad++;
            bad += faults(&chain, &book, &name);
            chains++;
        }
    check(bad == 0 && chains == 120, "no arbitrage in %d chains (%d faults, the last: %s)", chains, bad, name);
    const struct sim_chain chain = {.underlying = "BRK.B", .spot = 187.5, .now = now, .seed = 1, .calendar = &calendar};
    book.count = again.count = 0;
    (void)sim_chain_each(&chain, keep, &book, &error);
    (void)sim_chain_each(&chain, keep, &again, &error);
    check(book.count == again.count && memcmp(&book, &again, sizeof book) == 0, "the same seed gives the same chain");
    const struct sim_option *first = &book.option[0];
    check_text(first->symbol, "BRKB260605C00157500", "named as the OCC does: 12 steps of 2.5 below 187.5");
    int64_t expiry[16];
    size_t expiries = 0;
    for (size_t i = 0; i < book.count; i++)
        if (expiries == 0 || expiry[expiries - 1] != book.option[i].expiry)
            expiry[expiries++] = book.option[i].expiry;
    static const struct date want[] = {{2026, 6, 5},  {2026, 6, 12}, {2026, 6, 18},  {2026, 6, 26}, {2026, 7, 17},
                                       {2026, 8, 21}, {2026, 9, 18}, {2026, 10, 16}, {2026, 11, 20}};
    bool same = expiries == sizeof want / sizeof *want;
    for (size_t i = 0; same && i < expiries; i++)
        same = expiry[i] == date_to_days(want[i]);
    check(same, "four Fridays and the third Fridays of six months, June's on the Thursday before a holiday");
    zone_free(zone);
    return done();
}
