/* The rule in the footer of a TZif file: the TZ string of POSIX.1-2017 §8.3, with the hours -167 to 167 of RFC 8536
 * §3.3.1. It says when the clock changes in the years after the file's last transition. */
#ifndef TN_BASE_ZONE_RULE_H
#define TN_BASE_ZONE_RULE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define ZONE_NAME_SIZE 16

enum rule_kind {
    RULE_MONTH,       /* Mm.w.d: weekday `day` of week `week` (5 is the last) of `month` */
    RULE_JULIAN,      /* Jn: day 1 to 365, 29 February never counted */
    RULE_DAY_OF_YEAR, /* n: day 0 to 365, 29 February counted */
};

struct rule_day {
    enum rule_kind kind;
    int month, week, day;
    int32_t time; /* seconds after midnight by the clock in force until then */
};

struct zone_rule {
    char name[2][ZONE_NAME_SIZE]; /* standard and daylight time */
    int32_t offset[2];            /* seconds east of UTC */
    bool has_daylight;
    struct rule_day start, end; /* of daylight time */
};

/* Whole text; daylight time without its two dates is refused. Errors are EXIT_INPUT. */
int zone_rule_parse(struct zone_rule *rule, const char *text, size_t length, struct error *error);
/* Seconds since 1970 at which daylight time begins (0) or ends (1) in a year. */
int64_t zone_rule_moment(const struct zone_rule *rule, int year, int end);

#endif
