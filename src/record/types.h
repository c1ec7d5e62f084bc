/* The records as C values: what tn-records(5) says, field by field.
 *
 * A type is one list of members and one line of traits in its family's file (types/market.h, decision.h, account.h,
 * flow.h). Its struct, its number, the tables that read and write it (schema.h), its key and event rules and its words
 * in tn-journal show come from there.
 *
 * In every struct: a time is nanoseconds UTC, TIME_NONE when absent; a `dec` is DEC_NONE when absent; a double is NaN
 * when absent; text is "" when absent; an enum is its 0 (…_NONE) when absent; a flag is -1 when absent, else 0 or 1.
 * `struct str` members point into the line the record was read from and live until the next line is read: an OBJECT or
 * ARRAY is JSON text, carried unread; any other is decoded text. */
#ifndef TN_RECORD_TYPES_H
#define TN_RECORD_TYPES_H

#include "record/types/account.h"
#include "record/types/decision.h"
#include "record/types/flow.h"
#include "record/types/market.h"

#define RECORDS(R, NAME)                                                                                               \
    MARKET_RECORDS(R, NAME) DECISION_RECORDS(R, NAME) ACCOUNT_RECORDS(R, NAME) FLOW_RECORDS(R, NAME)

/* NOLINTBEGIN(bugprone-macro-parentheses): names take none */
#define RECORD_ID(id, ...)                RECORD_##id,
#define RECORD_VALUE(id, name, type, ...) struct type name;
/* RECORD_UNKNOWN: a type this program does not know, which passes under --pass. */
enum record_type { RECORD_UNKNOWN, RECORDS(RECORD_ID, RECORD_ID) RECORD_TYPES };

/* Any record, by its type. */
union record_value {
    RECORDS(RECORD_VALUE, RECORD_NO_STRUCT)
};
#undef RECORD_VALUE
#undef RECORD_ID
/* NOLINTEND(bugprone-macro-parentheses) */

const char *record_type_text(enum record_type type);

#endif
