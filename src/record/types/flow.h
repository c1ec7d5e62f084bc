/* Records of the stream itself: whether it goes on, how far it is, how it ended, what somebody should know; and of the
 * desk: how its jobs ended, what a check-up found. */
#ifndef TN_RECORD_TYPES_FLOW_H
#define TN_RECORD_TYPES_FLOW_H

#include "record/types/member.h"

/* clang-format off */
#define ALERT_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, id, 0, ID_SIZE)                                                                                         \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, WORD, level, 0, alert_level)                                                                                  \
    M(T, STR, title, 0)                                                                                                \
    M(T, STR, text, 0)                                                                                                 \
    M(T, TEXT, cause, 0, KEY_SIZE)                                                                                     \
    M(T, WORD, mode, 0, mode)

#define NOTE_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, id, 0, ID_SIZE)                                                                                         \
    M(T, TEXT, about, 0, KEY_SIZE)                                                                                     \
    M(T, ARRAY, tags, ROW)                                                                                             \
    M(T, STR, text, 0)

#define HEARTBEAT_MEMBERS(M, AS, T)                                                                                    \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, TIME, last, 0)

#define SYNC_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, TEXT, token, NEED, ID_SIZE)                                                                                   \
    M(T, INTEGER, n, ALWAYS | NATURAL)

/* Somebody stands for the records before it, back to the last one of these or the beginning. */
#define SIGNATURE_MEMBERS(M, AS, T)                                                                                    \
    M(T, TIME, time, 0) /* the latest of theirs */                                                                     \
    M(T, TEXT, algorithm, NEED, WORD_SIZE)                                                                             \
    M(T, TEXT, key, NEED, ID_SIZE) /* the public one, 32 bytes in hex */                                               \
    M(T, INTEGER, records, NEED | NATURAL | ALWAYS)                                                                    \
    M(T, TEXT, digest, NEED, ID_SIZE) /* SHA-256 of their lines, line feeds included, in hex */                        \
    M(T, TEXT, signature, NEED, KEY_SIZE) /* 64 bytes in hex */

#define END_MEMBERS(M, AS, T)                                                                                          \
    M(T, TIME, time, 0)                                                                                                \
    M(T, INTEGER, status, NEED | NATURAL | ALWAYS)                                                                     \
    M(T, FLAG, complete, NEED)                                                                                         \
    M(T, OBJECT, failed, 0)                                                                                            \
    M(T, OBJECT, counts, 0)

#define JOB_MEMBERS(M, AS, T)                                                                                          \
    M(T, TIME, time, NEED) /* when it ended */                                                                         \
    M(T, TEXT, name, NEED, ID_SIZE)                                                                                    \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TIME, started, 0)                                                                                             \
    M(T, DATE, session, 0) /* the last one that it has handled */                                                      \
    M(T, TIME, succeeded, 0) /* when it last did all it should */                                                      \
    M(T, INTEGER, status, NEED | NATURAL | ALWAYS)                                                                     \
    M(T, INTEGER, runs, NATURAL)     /* since its first one */                                                         \
    M(T, INTEGER, failures, NATURAL) /* of these */                                                                    \
    M(T, STR, text, 0)

#define HEALTH_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, 0)                                                                                                \
    M(T, WORD, state, NEED, check_state)                                                                               \
    M(T, TEXT, check, NEED, ID_SIZE)                                                                                   \
    M(T, TEXT, subject, 0, KEY_SIZE)                                                                                   \
    M(T, STR, found, 0)                                                                                                \
    M(T, STR, hint, 0)                                                                                                 \
    M(T, DOUBLE, used, NATURAL) /* of a limit: 1 is all of it */

/* R and NAME as in market.h. */
#define FLOW_RECORDS(R, NAME)                                                                                          \
    R(ALERT, alert, alert, ALERT_MEMBERS, .control = true,                                                             \
      .event = EVENT | EVENT_BYTES | EVENT_COMMON | EVENT_REPEATS, .summary = "{text|title}")                          \
    R(NOTE, note, note, NOTE_MEMBERS, .event = EVENT | EVENT_BYTES | EVENT_COMMON,                                     \
      .summary = "{text}", .table = "notes", .index = "about")                                                         \
    R(HEARTBEAT, heartbeat, heartbeat, HEARTBEAT_MEMBERS, .control = true)                                             \
    R(SYNC, sync, sync, SYNC_MEMBERS, .control = true)                                                                 \
    R(SIGNATURE, signature, signature, SIGNATURE_MEMBERS, .summary = "{records} records by {key}")                     \
    R(JOB, job, job_run, JOB_MEMBERS, .summary = "{text}")                                                             \
    R(HEALTH, health, health, HEALTH_MEMBERS, .summary = "{found}")                                                    \
    R(END, end, end, END_MEMBERS)
/* clang-format on */

FLOW_RECORDS(RECORD_STRUCT, RECORD_NO_STRUCT)

#endif
