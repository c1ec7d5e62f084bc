/* Continuous futures: which contract at each session, and what joins them. The series are written as days of letters:
 * "H100/10 M102/3" is a session in which H closed at 100 with volume (and open interest) 10, and M at 102 with 3. Each
 * expected choice is worked out beside its case. */
#include "market/continuous.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static const struct calendar *always(void)
{
    static struct calendar calendar;
    struct error error = {0};
    if (calendar.rules == NULL)
        (void)calendar_init(&calendar, "always", NULL, &error);
    return &calendar;
}

/* Runs the days, from 2026-03-01 on; `out` gets the contract taken for each session ("." none), a roll as '>', or the
 * error. */
static void trace(char *out, size_t size, enum roll_rule rule, int64_t days, const char *expiries, const char *text)
{
    static const char names[] = "HMUZ";
    struct continuous series;
    struct error error = {0};
    int index[4] = {-1, -1, -1, -1};
    const int64_t first = date_to_days((struct date){2026, 3, 1});
    int64_t day = 0;
    size_t n = 0;
    bool used = false;
    continuous_init(&series, rule, days, always());
    while (*text != '\0') {
        char *end;
        if (*text == ';' || *text == ' ') {
            if (*text == ';') {
                if (!used)
                    n += (size_t)snprintf(out + n, size - n, ".");
                used = false;
                day++;
            }
            text++;
            continue;
        }
        const int which = (int)(strchr(names, *text) - names);
        const double close = strtod(text + 1, &end), volume = *end == '/' ? strtod(end + 1, &end) : NAN;
        struct bar bar = {.time = (first + day) * TIME_DAY,
                          .session = first + day,
                          .close = (dec)(close * 1e8),
                          .volume = volume,
                          .open_interest = volume};
        struct roll roll;
        char code[8];
        text = end;
        (void)snprintf(code, sizeof code, "%c26", names[which]);
        if (index[which] < 0) {
            /* The day of March on which each expires, two digits; "--" where nobody says. */
            const char *expiry = expiries + 2 * which;
            index[which] = continuous_add(
                &series, code, contract_month(code, 2026),
                expiry[0] == '-' ? TIME_NONE : first + 10 * (expiry[0] - '0') + expiry[1] - '0' - 1, &error);
        }
        const int got = index[which] < 0 ? -1 : continuous_push(&series, index[which], &bar, &roll, &error);
        if (got < 0) {
            (void)snprintf(out, size, "%s", error.text);
            break;
        }
        if ((got & CONTINUOUS_ROLLED) != 0)
            n += (size_t)snprintf(out + n, size - n, ">");
        if ((got & CONTINUOUS_USED) != 0) {
            n += (size_t)snprintf(out + n, size - n, "%c", names[which]);
            used = true;
        }
    }
    continuous_clear(&series);
}

static void test_choice(void)
{
    static const struct {
        const char *name;
        enum roll_rule rule;
        int64_t days;
        const char *expiries, *days_text, *want;
    } cases[] = {
        {"volume: the session after the one whose volume crossed", ROLL_VOLUME, 0, "--------",
         "H100/10 M102/3;H101/10 M103/5;H102/4 M104/6;H103/1 M105/9;M106/5 U111/8;M107/1 U112/9;", ".HH>MM>U"},
        {"an equal volume is no reason", ROLL_VOLUME, 0, "--------", "H1/5 M1/4;H1/5 M1/5;H1/5 M1/6;M1/1;", ".HH>M"},
        {"never back", ROLL_VOLUME, 0, "--------", "H1/5 M1/4;H1/5 M1/6;H1/9 M1/1;H1/9 M1/1;", ".H>MM"},
        {"to the largest of the later ones, over one between", ROLL_VOLUME, 0, "--------",
         "H1/5 M1/1 U1/1;H1/5 M1/6 U1/7;H1/1 M1/9 U1/9;", ".H>U"},
        {"the largest is chosen first, not the nearest", ROLL_VOLUME, 0, "--------", "H1/1 M1/5;H1/1 M1/5;", ".M"},
        {"of equal ones the nearest", ROLL_VOLUME, 0, "--------", "M1/5 H1/5;M1/5 H1/5;", ".H"},
        {"a contract that stops trading is left", ROLL_VOLUME, 0, "--------", "H1/9 M1/1;H1/9 M1/1;M1/1;M1/1;",
         ".H.>M"},
        {"and one that has expired, whatever its volume", ROLL_VOLUME, 0, "03------",
         "H1/9 M1/1;H1/9 M1/1;H1/9 M1/1;H1/9 M1/1;", ".HH>M"},
        {"interest", ROLL_INTEREST, 0, "--------", "H1/9 M1/1;H1/9 M1/8;H1/7 M1/8;H1/7 M1/8;", ".HH>M"},
        {"date: the second session before the fifth", ROLL_DATE, 2, "0520----", "H1 M1;H1 M1;H1 M1;H1 M1;H1 M1;H1 M1;",
         ".HH>MMM"},
        {"date: the day of expiry itself", ROLL_DATE, 0, "0320----", "H1 M1;H1 M1;H1 M1;H1 M1;", ".HH>M"},
        {"date: later when the next does not trade yet", ROLL_DATE, 0, "0220----", "H1;H1;H1 M1;H1 M1;", ".HH>M"},
        {"date: no expiry", ROLL_DATE, 0, "--20----", "H1 M1;", "the expiry of H26 is unknown"},
        {"no volume", ROLL_VOLUME, 0, "--------", "H1 M1;", "it has no 'volume', which decides the roll"},
        {"no open interest", ROLL_INTEREST, 0, "--------", "H1 M1;",
         "it has no 'open_interest', which decides the roll"},
        {"never in one session", ROLL_VOLUME, 0, "--------", "H1/5;H1/5;M1/5;M1/5;",
         "H26 and M26 never traded in one session: there are no closes to join them by"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[512] = "";
        trace(got, sizeof got, cases[i].rule, cases[i].days, cases[i].expiries, cases[i].days_text);
        check_text(got, cases[i].want, cases[i].name);
    }
    /* What the first days show is the beginning of what all show: every day is cut off in turn. */
    const char *whole = cases[0].days_text;
    char all[64], part[64], text[256];
    trace(all, sizeof all, ROLL_VOLUME, 0, "--------", whole);
    bool same = true;
    for (const char *end = strchr(whole, ';'); end != NULL; end = strchr(end + 1, ';')) {
        (void)snprintf(text, sizeof text, "%.*s", (int)(end + 1 - whole), whole);
        part[0] = '\0';
        trace(part, sizeof part, ROLL_VOLUME, 0, "--------", text);
        same = same && strncmp(part, all, strlen(part)) == 0;
    }
    check(same, "nothing looks ahead");
}

static void test_months(void)
{
    static const struct {
        const char *code;
        int year;
        int64_t want;
    } cases[] = {{"H2026", 2020, 12 * 2026 + 2},
                 {"Z26", 2020, 12 * 2026 + 11},
                 {"F99", 2020, 12 * 1999},
                 {"M6", 2026, 12 * 2026 + 5},
                 {"M5", 2026, 12 * 2035 + 5},
                 {"A26", 2020, -1},
                 {"H026", 2020, -1},
                 {"H", 2020, -1},
                 {"", 2020, -1},
                 {"H26x", 2020, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(contract_month(cases[i].code, cases[i].year) == cases[i].want, "the month of '%s'", cases[i].code);
}

/* Rolls 102 -> 104.5 and 106 -> 111. On the last basis the first stretch gets +7.5 and the second +5; on the first the
 * second gets -2.5 and the third -7.5. As ratios 104.5/102 × 111/106 and 111/106, or 102/104.5 and that × 106/111. */
static void test_steps(void)
{
    const struct roll roll[] = {{.old_close = 102 * DEC_ONE, .new_close = 1045 * DEC_ONE / 10},
                                {.old_close = 106 * DEC_ONE, .new_close = 111 * DEC_ONE}};
    struct join_step step[3];
    struct error error = {0};
    check(continuous_steps(step, roll, 2, JOIN_DIFFERENCE, false) == 0 && step[0].add == 75 * DEC_ONE / 10 &&
              step[1].add == 5 * DEC_ONE && step[2].add == 0,
          "differences, back from the last");
    check(continuous_steps(step, roll, 2, JOIN_DIFFERENCE, true) == 0 && step[0].add == 0 &&
              step[1].add == -25 * DEC_ONE / 10 && step[2].add == -75 * DEC_ONE / 10,
          "differences, on from the first");
    check(continuous_steps(step, roll, 2, JOIN_RATIO, false) == 0 &&
              fabs(step[0].multiply - 104.5 / 102 * 111 / 106) < 1e-15 &&
              fabs(step[1].multiply - 111.0 / 106) < 1e-15 && step[2].multiply == 1,
          "ratios, back from the last");
    check(continuous_steps(step, roll, 2, JOIN_RATIO, true) == 0 && step[0].multiply == 1 &&
              fabs(step[1].multiply - 102 / 104.5) < 1e-15 && fabs(step[2].multiply - 102 / 104.5 * 106 / 111) < 1e-15,
          "ratios, on from the first");
    struct bar bar = {.open = DEC_ONE, .high = 2 * DEC_ONE, .low = DEC_ONE, .close = DEC_ONE, .vwap = DEC_NONE};
    check(continuous_join(&bar, &(struct join_step){-DEC_ONE, 1}, &error) == -1 && error.code == EXIT_INPUT,
          "a price of zero is refused");
}

int main(void)
{
    test_choice();
    test_months();
    test_steps();
    return done();
}
