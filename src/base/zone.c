/* Time zones: reads TZif files of versions 1 to 4 (RFC 8536, RFC 9636) and looks moments up in them.
 *
 * The footer's rule is expanded into steps up to 2262 when the zone is read, so that every look-up is one binary
 * search. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/time.h"
#include "base/zone_rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX    ((size_t)1024 * 1024)
#define HEADER_SIZE 44
#define TYPE_SIZE   ((size_t)6) /* offset, daylight flag, place of the name */
#define NAMES_SIZE  (256 + 2 * ZONE_NAME_SIZE)
#define YEAR_LAST   2262
#define OFFSET_LOW  (-89999) /* RFC 9636 §3.2: -25 h < offset < 26 h */
#define OFFSET_HIGH 93599
#define STEP_MAX    (INT64_C(1) << 60) /* seconds; RFC 8536 §3.2 wants none before -2^59 */

/* From `at` (seconds since 1970) on, the clock is `offset` seconds east of UTC and is called names + abbreviation. */
struct step {
    int64_t at;
    int32_t offset;
    int32_t abbreviation;
};

/* 97 days, of which a zone has one or two steps at most; 1900 to 2262 have 1364 of them. */
#define SPAN_BITS  23
#define SPANS      1400
#define SPAN_FIRST (TIME_FIRST / TIME_SECOND)

struct zone {
    char name[65];
    char names[NAMES_SIZE];
    size_t count; /* steps, at least one: the first holds since ever */
    /* The step in force when each span of 2^SPAN_BITS seconds begins, from 1900 on: where to begin to look. */
    uint16_t hint[SPANS];
    struct step step[];
};

struct header {
    char version;
    uint32_t utc_flags, standard_flags, leaps, times, types, characters;
};

static int64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t value = (p[0] & 0x80) ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return (int64_t)value;
}

static bool read_header(struct header *header, const unsigned char *p, size_t length)
{
    if (length < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
        return false;
    uint32_t count[6];
    for (size_t i = 0; i < 6; i++) {
        count[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
        if (count[i] > FILE_MAX)
            return false;
    }
    *header = (struct header){(char)p[4], count[0], count[1], count[2], count[3], count[4], count[5]};
    return true;
}

static size_t body_size(const struct header *header, size_t time_size)
{
    return header->times * (time_size + 1) + header->types * TYPE_SIZE + header->characters +
           header->leaps * (time_size + 4) + header->standard_flags + header->utc_flags;
}

static bool add_step(struct zone *zone, size_t maximum, struct step step)
{
    if (zone->count > 0 && step.at <= zone->step[zone->count - 1].at)
        return false;
    require(zone->count < maximum);
    zone->step[zone->count++] = step;
    return true;
}

/* The steps of one data block. */
static bool read_body(struct zone *zone, size_t maximum, const struct header *header, const unsigned char *p,
                      size_t time_size)
{
    const unsigned char *index = p + header->times * time_size;
    const unsigned char *types = index + header->times;
    const unsigned char *names = types + header->types * TYPE_SIZE;
    if (header->types == 0 || header->types > 256 || header->characters == 0 || header->characters > 256 ||
        header->leaps != 0 || names[header->characters - 1] != '\0')
        return false;
    memcpy(zone->names, names, header->characters);
    for (size_t i = 0; i <= header->times; i++) {
        size_t type = i == 0 ? 0 : index[i - 1];
        if (type >= header->types || types[TYPE_SIZE * type + 5] >= header->characters)
            return false;
        int64_t offset = big_endian(types + TYPE_SIZE * type, 4);
        int64_t at = i == 0 ? INT64_MIN : big_endian(p + (i - 1) * time_size, (int)time_size);
        /* Some writers begin with a step at the start of time, which says the same as type 0 does. */
        if (i == 1 && at == INT64_MIN)
            zone->count = 0;
        if (offset < OFFSET_LOW || offset > OFFSET_HIGH || at > STEP_MAX || (at < -STEP_MAX && at != INT64_MIN) ||
            !add_step(zone, maximum, (struct step){at, (int32_t)offset, types[TYPE_SIZE * type + 5]}))
            return false;
    }
    return true;
}

/* The footer's rule as steps after the last one of the file. */
static void add_rule(struct zone *zone, size_t maximum, const struct zone_rule *rule)
{
    int32_t names[2] = {NAMES_SIZE - 2 * ZONE_NAME_SIZE, NAMES_SIZE - ZONE_NAME_SIZE};
    for (int i = 0; i < 2; i++)
        memcpy(zone->names + names[i], rule->name[i], ZONE_NAME_SIZE);
    if (!rule->has_daylight) {
        if (zone->count == 1)
            zone->step[0] = (struct step){INT64_MIN, rule->offset[0], names[0]};
        return;
    }
    int64_t last = zone->step[zone->count - 1].at;
    for (int year = 1970; year <= YEAR_LAST; year++) {
        int64_t start = zone_rule_moment(rule, year, 0), end = zone_rule_moment(rule, year, 1);
        bool daylight_first = start < end;
        for (int i = 0; i < 2; i++) {
            bool daylight = daylight_first == (i == 0);
            struct step step = {daylight ? start : end, rule->offset[daylight], names[daylight]};
            struct step *before = &zone->step[zone->count - 1];
            /* Daylight time all year: it ends and begins in the same second, and goes on. */
            if (step.at == before->at && step.at > last && daylight)
                *before = step;
            else if (step.at > last)
                (void)add_step(zone, maximum, step);
        }
    }
}

static bool read_zone(struct zone *zone, size_t maximum, const unsigned char *p, size_t length)
{
    struct header header;
    if (!read_header(&header, p, length))
        return false;
    size_t size = body_size(&header, 4);
    if (length - HEADER_SIZE < size)
        return false;
    if (header.version < '2')
        return read_body(zone, maximum, &header, p + HEADER_SIZE, 4);

    p += HEADER_SIZE + size;
    length -= HEADER_SIZE + size;
    if (!read_header(&header, p, length))
        return false;
    size = body_size(&header, 8);
    if (length - HEADER_SIZE < size || !read_body(zone, maximum, &header, p + HEADER_SIZE, 8))
        return false;
    const char *footer = (const char *)p + HEADER_SIZE + size;
    length -= HEADER_SIZE + size;
    if (length < 2 || footer[0] != '\n')
        return false;
    const char *end = memchr(footer + 1, '\n', length - 1);
    if (!end)
        return false;
    if (end == footer + 1)
        return true;
    struct zone_rule rule;
    struct error error = {0};
    if (zone_rule_parse(&rule, footer + 1, (size_t)(end - footer - 1), &error))
        return false;
    add_rule(zone, maximum, &rule);
    return true;
}

/* A zone with room for every step that `length` bytes and a rule can make. */
static struct zone *zone_new(const char *name, size_t length, size_t *maximum, struct error *error)
{
    *maximum = length / 5 + 1 + (size_t)2 * (YEAR_LAST - 1970 + 1);
    struct zone *zone = calloc(1, sizeof *zone + *maximum * sizeof *zone->step);
    if (!zone) {
        error_memory(error);
        return NULL;
    }
    (void)snprintf(zone->name, sizeof zone->name, "%s", name);
    return zone;
}

/* Where to begin to look for the step of each span; beyond 65,535 steps that is earlier than need be. */
static void index_steps(struct zone *zone)
{
    size_t i = 0;
    for (int64_t span = 0; span < SPANS; span++) {
        const int64_t begins = SPAN_FIRST + (span << SPAN_BITS);
        while (i + 1 < zone->count && zone->step[i + 1].at <= begins)
            i++;
        zone->hint[span] = i < UINT16_MAX ? (uint16_t)i : UINT16_MAX;
    }
}

struct zone *zone_from_bytes(const char *name, const void *bytes, size_t length, struct error *error)
{
    size_t maximum;
    if (length > FILE_MAX) {
        error_set(error, EXIT_INPUT, "time zone '%s': the file is too large", name);
        return NULL;
    }
    struct zone *zone = zone_new(name, length, &maximum, error);
    if (!zone)
        return NULL;
    if (read_zone(zone, maximum, bytes, length)) {
        index_steps(zone);
        return zone;
    }
    error_set(error, EXIT_INPUT, "time zone '%s': the file is damaged, or counts leap seconds", name);
    zone_free(zone);
    return NULL;
}

static bool name_is_safe(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof((struct zone *)0)->name || name[0] == '/')
        return false;
    for (const char *p = name; *p; p++)
        if (!((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || strchr("_+-/", *p)))
            return false;
    return true;
}

static int read_file(struct buf *bytes, const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return -1;
    int status = 0;
    for (;;) {
        char block[4096];
        size_t got = fread(block, 1, sizeof block, file);
        buf_add(bytes, block, got);
        if (got < sizeof block) {
            status = ferror(file) ? -1 : 0;
            break;
        }
        if (bytes->failed)
            break;
    }
    int cause = errno;
    (void)fclose(file);
    errno = cause;
    return status;
}

struct zone *zone_open(const char *name, struct error *error)
{
    size_t maximum;
    if (strcmp(name, "UTC") == 0) {
        struct zone *zone = zone_new(name, 0, &maximum, error);
        if (zone) {
            (void)snprintf(zone->names, sizeof zone->names, "UTC");
            (void)add_step(zone, maximum, (struct step){INT64_MIN, 0, 0});
            index_steps(zone);
        }
        return zone;
    }
    if (!name_is_safe(name)) {
        error_set(error, EXIT_USAGE, "'%s' is not the name of a time zone", name);
        error_hint(error, "names look like America/New_York");
        return NULL;
    }
    const char *folder = getenv("TN_ZONEINFO");
    struct zone *zone = NULL;
    struct buf path, bytes;
    buf_init(&path, 4096);
    buf_init(&bytes, FILE_MAX);
    buf_printf(&path, "%s/%s", folder && *folder ? folder : "/usr/share/zoneinfo", name);
    if (buf_check(&path, error))
        goto out;
    if (read_file(&bytes, path.p)) {
        if (errno == ENOENT || errno == EISDIR || errno == ENOTDIR) {
            error_set(error, EXIT_USAGE, "there is no time zone '%s'", name);
            error_hint(error, "names look like America/New_York; the files are in the package tzdata");
        } else {
            error_system(error, "cannot read '%s'", path.p);
        }
        goto out;
    }
    if (buf_check(&bytes, error))
        goto out;
    zone = zone_from_bytes(name, bytes.p, bytes.n, error);
out:
    buf_clear(&path);
    buf_clear(&bytes);
    return zone;
}

void zone_free(struct zone *zone)
{
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

static size_t search_step(const struct zone *zone, int64_t seconds)
{
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->step[middle].at <= seconds)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The step in force at `seconds`. */
static size_t find_step(const struct zone *zone, int64_t seconds)
{
    const int64_t span = seconds < SPAN_FIRST ? -1 : (seconds - SPAN_FIRST) >> SPAN_BITS;
    if (span < 0 || span >= SPANS)
        return search_step(zone, seconds);
    size_t i = zone->hint[span];
    while (i + 1 < zone->count && zone->step[i + 1].at <= seconds)
        i++;
    return i;
}

static int64_t floor_seconds(int64_t time)
{
    return time / TIME_SECOND - (time % TIME_SECOND < 0);
}

int zone_offset(const struct zone *zone, int64_t time, const char **abbreviation)
{
    const struct step *step = &zone->step[find_step(zone, floor_seconds(time))];
    if (abbreviation)
        *abbreviation = zone->names + step->abbreviation;
    return step->offset;
}

/* time + seconds, held at the ends of what an int64 can say. */
static int64_t shift(int64_t time, int64_t seconds)
{
    int64_t result;
    if (__builtin_add_overflow(time, seconds * TIME_SECOND, &result))
        return seconds > 0 ? INT64_MAX : INT64_MIN + 1;
    return result;
}

int64_t zone_to_utc(const struct zone *zone, int64_t local)
{
    int64_t seconds = floor_seconds(local);
    size_t i = find_step(zone, seconds - OFFSET_HIGH);
    /* A step counts from the local time that both clocks have passed: in a gap and in an overlap the clock before it
     * decides. */
    while (i + 1 < zone->count) {
        int32_t before = zone->step[i].offset, after = zone->step[i + 1].offset;
        if (seconds < zone->step[i + 1].at + (before > after ? before : after))
            break;
        i++;
    }
    return shift(local, -zone->step[i].offset);
}

int64_t zone_to_local(const struct zone *zone, int64_t time)
{
    return shift(time, zone_offset(zone, time, NULL));
}

/* Longer than any change of a clock: local times of a moment so long after it were not shown before. */
#define SPAN_MARGIN (3 * TIME_DAY)

void zone_span_at(const struct zone *zone, int64_t time, struct zone_span *span)
{
    const int64_t first = TIME_FIRST, last = INT64_MAX - SPAN_MARGIN; /* nobody asks beyond them */
    *span = (struct zone_span){.from = first, .until = last};
    if (zone != NULL) {
        const size_t i = find_step(zone, floor_seconds(time));
        span->offset = zone->step[i].offset * TIME_SECOND;
        if (zone->step[i].at > first / TIME_SECOND)
            span->from = zone->step[i].at * TIME_SECOND + SPAN_MARGIN;
        if (i + 1 < zone->count && zone->step[i + 1].at < last / TIME_SECOND)
            span->until = zone->step[i + 1].at * TIME_SECOND;
    }
    if (!zone_span_holds(span, time))
        *span = (struct zone_span){.from = 0};
}
