/* base/zone: TZif files and the footer's rule. Expected values: python3's zoneinfo over the same files
 * (zone-reference.py), dates of clock changes as the law had them, and TZif bytes written by hand. */
#include "base/time.h"
#include "base/zone.h"
#include "base/zone_rule.h"
#include "stat/day.h"

#include "tap.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t moment(const char *text)
{
    struct error error = {0};
    int64_t result = TIME_NONE;
    if (time_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

/* Reads `python3 tests/unit/zone-reference.py` and compares line by line. */
static void test_reference(void)
{
    int ends[2];
    if (pipe(ends))
        return;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execlp("python3", "python3", "tests/unit/zone-reference.py", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *lines = fdopen(ends[0], "r");
    struct error error = {0};
    struct zone *zone = NULL;
    char line[256], name[64], abbreviation[32], current[64] = "";
    int wrong = 0, moments = 0, locals = 0, zones = 0;
    long long a, b;
    while (lines && fgets(line, sizeof line, lines)) {
        bool is_moment = sscanf(line, "o %63s %lld %lld %31s", name, &a, &b, abbreviation) == 4;
        if (!is_moment && sscanf(line, "l %63s %lld %lld", name, &a, &b) != 3)
            continue;
        if (strcmp(name, current) != 0) {
            zone_free(zone);
            zone = zone_open(name, &error);
            snprintf(current, sizeof current, "%s", name);
            zones++;
        }
        if (!zone)
            break;
        const char *called = "";
        bool same = is_moment ? zone_offset(zone, a * TIME_SECOND, &called) == b && strcmp(called, abbreviation) == 0 &&
                                    zone_to_local(zone, a * TIME_SECOND + 7) == (a + b) * TIME_SECOND + 7
                              : zone_to_utc(zone, a * TIME_SECOND + 7) == b * TIME_SECOND + 7;
        moments += is_moment;
        locals += !is_moment;
        if (!same && wrong++ < 5)
            printf("# differs: %s", line);
    }
    zone_free(zone);
    if (lines)
        fclose(lines);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        check(true, "# SKIP python3 is not here");
        return;
    }
    check(status == 0 && zones == 14 && moments > 20000 && locals > 20000 && wrong == 0,
          "14 zones as python3 has them, 1970 to 2100: %d moments, %d local times", moments, locals);
}

/* What a span says is what the look-ups say, in every quarter of an hour of 25 years: with changes by an hour and by
 * half of one (Lord Howe), over a skipped day (Apia, 30 December 2011), and with none. */
static void test_span(void)
{
    static const char *const names[] = {"America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"};
    const int64_t from = moment("2005-01-01T00:00:00Z"), until = moment("2030-01-01T00:00:00Z");
    for (int i = 0; i < 4; i++) {
        struct error error = {0};
        struct zone *zone = zone_open(names[i], &error);
        struct zone_span span = {0}, days = {0};
        int64_t held = 0, asked = 0, wrong = 0;
        for (int64_t time = from; zone != NULL && time < until; time += 15 * TIME_MINUTE, asked++) {
            if (!zone_span_holds(&span, time))
                zone_span_at(zone, time, &span);
            const bool holds = zone_span_holds(&span, time);
            held += holds;
            wrong += holds &&
                     (zone_to_local(zone, time) != time + span.offset || zone_to_utc(zone, time + span.offset) != time);
            wrong += day_end_of(zone, &days, time) != day_end(zone, day_of(zone, time));
        }
        check(zone != NULL && wrong == 0 && held > asked * 9 / 10, "%s: %lld of %lld moments at once", names[i],
              (long long)held, (long long)asked);
        zone_free(zone);
    }
}

/* Changes that are history, and so in every edition of the database. */
static void test_history(void)
{
    static const struct {
        const char *zone, *utc;
        int offset;
        const char *name;
    } facts[] = {
        {"America/New_York", "2024-03-10T06:59:59Z", -18000, "EST"},
        {"America/New_York", "2024-03-10T07:00:00Z", -14400, "EDT"},
        {"America/New_York", "2024-11-03T05:59:59Z", -14400, "EDT"},
        {"America/New_York", "2024-11-03T06:00:00Z", -18000, "EST"},
        {"America/New_York", "1974-01-06T07:00:00Z", -14400, "EDT"}, /* the oil crisis: in January */
        {"America/New_York", "2006-03-26T12:00:00Z", -18000, "EST"}, /* before the Energy Policy Act of 2005 */
        {"Europe/London", "1970-01-15T12:00:00Z", 3600, "BST"},      /* British Standard Time 1968–1971 */
        {"Europe/London", "2024-03-31T01:00:00Z", 3600, "BST"},
        {"Asia/Kolkata", "2024-06-01T00:00:00Z", 19800, "IST"},
        {"Asia/Tokyo", "2024-06-01T00:00:00Z", 32400, "JST"},
        {"Australia/Lord_Howe", "2024-01-01T00:00:00Z", 39600, "+11"},
        {"Australia/Lord_Howe", "2024-07-01T00:00:00Z", 37800, "+1030"},
        {"America/Sao_Paulo", "2018-12-01T00:00:00Z", -7200, "-02"},
        {"America/Sao_Paulo", "2019-12-01T00:00:00Z", -10800, "-03"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct error error = {0};
        struct zone *zone = zone_open(facts[i].zone, &error);
        const char *name = "";
        check(zone && zone_offset(zone, moment(facts[i].utc), &name) == facts[i].offset && !strcmp(name, facts[i].name),
              "%s at %s is %s", facts[i].zone, facts[i].utc, facts[i].name);
        zone_free(zone);
    }
}

/* 2024-03-10 02:00–03:00 New York did not exist, 2024-11-03 01:00–02:00 came twice. */
static void test_gap_and_overlap(void)
{
    struct error error = {0};
    struct zone *zone = zone_open("America/New_York", &error);
    if (!check(zone != NULL, "New York is there"))
        return;
    check(zone_to_utc(zone, moment("2024-03-10T01:59:59Z")) == moment("2024-03-10T06:59:59Z"), "before the gap");
    check(zone_to_utc(zone, moment("2024-03-10T02:30:00Z")) == moment("2024-03-10T07:30:00Z"),
          "in the gap: an hour later");
    check(zone_to_utc(zone, moment("2024-03-10T03:00:00Z")) == moment("2024-03-10T07:00:00Z"), "after the gap");
    check(zone_to_utc(zone, moment("2024-11-03T01:30:00Z")) == moment("2024-11-03T05:30:00Z"),
          "in the overlap: the earlier one");
    check(zone_to_utc(zone, moment("2024-11-03T02:00:00Z")) == moment("2024-11-03T07:00:00Z"), "after the overlap");
    check(zone_to_local(zone, moment("2024-11-03T06:30:00Z")) == moment("2024-11-03T01:30:00Z"), "its second half");
    check(zone_to_utc(zone, moment("2200-07-01T12:00:00Z")) == moment("2200-07-01T16:00:00Z"),
          "fault-027: the footer's rule holds in 2200");
    check(zone_offset(zone, moment("2038-01-19T03:14:08Z"), NULL) == -18000, "fault-027: after 2038-01-19");
    check(zone_to_local(zone, INT64_MAX) < INT64_MAX && zone_to_utc(zone, INT64_MAX) == INT64_MAX,
          "fault-027: the end of time is held, not wrapped");
    zone_free(zone);
}

static void test_tz(void)
{
    static const char *const values[] = {"Asia/Tokyo", "nonsense:::", "", ":/dev/null"};
    bool same = true;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        setenv("TZ", values[i], 1);
        tzset();
        struct error error = {0};
        struct zone *zone = zone_open("America/New_York", &error);
        same &= zone && zone_offset(zone, moment("2024-07-01T12:00:00Z"), NULL) == -14400;
        zone_free(zone);
    }
    unsetenv("TZ");
    check(same, "fault-028: TZ has no effect on a zone");
}

static void test_names(void)
{
    static const char *const bad[] = {"",
                                      "/etc/passwd",
                                      "../../etc/passwd",
                                      "America/../UTC",
                                      "America/New York",
                                      "a\nb",
                                      "America/Nowhere",
                                      "America",
                                      ".",
                                      "zone.tab",
                                      "A;true",
                                      "utc\\x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error error = {0};
        struct zone *zone = zone_open(bad[i], &error);
        check(!zone && error.code == EXIT_USAGE && error.hint[0], "name %zu is refused", i);
        zone_free(zone);
    }
    struct error error = {0};
    setenv("TN_ZONEINFO", "/nowhere", 1);
    struct zone *zone = zone_open("UTC", &error);
    const char *name = "";
    check(zone && zone_offset(zone, moment("2026-01-01"), &name) == 0 && !strcmp(name, "UTC") &&
              !strcmp(zone_name(zone), "UTC"),
          "UTC needs no file");
    zone_free(zone);
    check(!zone_open("Asia/Tokyo", &error) && error.code == EXIT_USAGE, "TN_ZONEINFO is where files are looked for");
    unsetenv("TN_ZONEINFO");
}

/* Version 2 without transitions, one type "AAA" at 0, and this footer. */
static size_t make_file(unsigned char *file, const char *footer)
{
    static const unsigned char block[] = {'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0,   0,   0,   0, 0,
                                          0,   0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 0, 0,   0,   0,   0, 0,
                                          0,   0,   0,   1,   0,   0, 0, 4, 0, 0, 0, 0, 0, 'A', 'A', 'A', 0};
    /* The type is 6 bytes (offset 4, daylight 1, name 1), then the 4 of its name. */
    memcpy(file, block, 44);
    memset(file + 44, 0, 6);
    memcpy(file + 50, "AAA", 4);
    memcpy(file + 54, file, 54);
    int length = snprintf((char *)file + 108, 100, "\n%s\n", footer);
    return 108 + (size_t)length;
}

static void test_bytes(void)
{
    unsigned char file[256];
    size_t length = make_file(file, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
    struct error error = {0};
    struct zone *zone = zone_from_bytes("test", file, length, &error);
    /* Greenland's rule: the last Sunday of March is 2025-03-30; -1 h is 2025-03-29 23:00 local, -02: 01:00Z the 30th.
     */
    const char *name = "";
    check(zone && zone_offset(zone, moment("2025-03-30T00:59:59Z"), &name) == -7200 && !strcmp(name, "-02"),
          "a footer with a negative hour: before");
    check(zone && zone_offset(zone, moment("2025-03-30T01:00:00Z"), &name) == -3600 && !strcmp(name, "-01"),
          "and after");
    zone_free(zone);

    length = make_file(file, "EST5EDT,0/0,J365/25"); /* RFC 8536 §3.3.1's way to say daylight time all year */
    zone = zone_from_bytes("test", file, length, &error);
    check(zone && zone_offset(zone, moment("2024-12-31T12:00:00Z"), NULL) == -14400 &&
              zone_offset(zone, moment("2025-01-01T05:00:00Z"), NULL) == -14400 &&
              zone_offset(zone, moment("2025-06-01T05:00:00Z"), NULL) == -14400,
          "daylight time all year");
    zone_free(zone);

    length = make_file(file, "AAA-1BBB,J60/0,J300/0"); /* J60 is 1 March, in leap years too; offsets east of UTC */
    zone = zone_from_bytes("test", file, length, &error);
    check(zone && zone_offset(zone, moment("2024-02-29T22:59:59Z"), NULL) == 3600 &&
              zone_offset(zone, moment("2024-02-29T23:00:00Z"), NULL) == 7200 &&
              zone_offset(zone, moment("2025-02-28T23:00:00Z"), NULL) == 7200,
          "fault-027: a Julian day after 29 February");
    zone_free(zone);

    length = make_file(file, "");
    zone = zone_from_bytes("test", file, length, &error);
    check(zone && zone_offset(zone, moment("2025-03-30T01:00:00Z"), &name) == 0 && !strcmp(name, "AAA"),
          "an empty footer: the only type holds");
    zone_free(zone);
    file[4] = 0; /* version 1 reads only the first block */
    zone = zone_from_bytes("test", file, 54, &error);
    check(zone != NULL, "version 1");
    zone_free(zone);

    static const char *const rules[] = {"E",
                                        "EST",
                                        "EST5EDT",
                                        "EST5EDT,M3.2.0",
                                        "EST5,M3.2.0",
                                        "5",
                                        "EST5EDT,M13.2.0,M11.1.0",
                                        "EST25",
                                        "EST5EDT,M3.2.0/168,M11.1.0",
                                        "EST5EDT,M3.2.0,M11.1.0x",
                                        "<E>5",
                                        "<EST5",
                                        "EST5EDT,J0,J5",
                                        "EST5:60",
                                        "EST5EDT,366,1"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        error_clear(&error);
        length = make_file(file, rules[i]);
        zone = zone_from_bytes("test", file, length, &error);
        check(!zone && error.code == EXIT_INPUT, "footer '%s' is refused", rules[i]);
        zone_free(zone);
    }
    length = make_file(file, "EST5");
    bool refused = true;
    for (size_t cut = 0; cut < length; cut++) {
        /* A copy of its own size lets ASan see any read behind the end. */
        unsigned char *part = malloc(cut ? cut : 1);
        if (!part)
            return;
        memcpy(part, file, cut);
        error_clear(&error);
        zone = zone_from_bytes("test", part, cut, &error);
        refused &= !zone && error.code == EXIT_INPUT;
        zone_free(zone);
        free(part);
    }
    check(refused, "a file cut off anywhere is refused");
    /* One change in the second block, at the last second an int64 can count: local time would be past it. */
    length = make_file(file, "");
    static const unsigned char late[] = {0x7f, 255, 255, 255, 255, 255, 255, 255, 0};
    memmove(file + 98 + sizeof late, file + 98, length - 98);
    memcpy(file + 98, late, sizeof late);
    file[54 + 35] = 1;
    error_clear(&error);
    zone = zone_from_bytes("test", file, length + sizeof late, &error);
    check(!zone && error.code == EXIT_INPUT, "a change beyond the end of time is refused");
    zone_free(zone);
    file[98] = 0x0f;
    error_clear(&error);
    zone = zone_from_bytes("test", file, length + sizeof late, &error);
    check(zone && zone_to_utc(zone, INT64_MAX) == INT64_MAX, "one in a far future is not");
    zone_free(zone);
    length = make_file(file, "EST5");
    bool survived = true;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        unsigned char copy[256];
        memcpy(copy, file, length);
        for (int j = 0; j < 3; j++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            copy[(seed >> 33) % length] = (unsigned char)(seed >> 56);
        }
        error_clear(&error);
        zone = zone_from_bytes("test", copy, length, &error);
        if (zone)
            survived &= zone_offset(zone, moment("2025-01-01"), &name) > -90000;
        zone_free(zone);
    }
    check(survived, "20 000 damaged files are read or refused");
}

int main(void)
{
    test_reference();
    test_span();
    test_history();
    test_gap_and_overlap();
    test_tz();
    test_names();
    test_bytes();
    return done();
}
