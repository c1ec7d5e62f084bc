/* A program's turn at a paper account: its input, the account, where what happens is told. */
#ifndef TN_ORDER_TRADE_H
#define TN_ORDER_TRADE_H

#include "tn-order/commands.h"

struct trade_session {
    struct config *config;
    struct input *input;
    struct paper *paper;
    const char *account;
    int64_t now; /* TIME_NONE: the stream's */
    bool stream; /* each record counts by itself */
    enum exit_code worst;
};

int trade_session_open(struct trade_session *session, struct invocation *invocation, bool dry_run, struct error *error);
/* Ends everything; the exit code. What a stream decided before a record that ended it stays decided: it is committed
 * and told first. Of a batch nothing stays. */
enum exit_code trade_session_close(struct trade_session *session, struct error *error);

/* An order of the input, or the cancel or replace of one. -1 with EXIT_INPUT: the record is to blame. */
int take_order(struct trade_session *session, const struct record *record, struct error *error);
int take_change(struct trade_session *session, const struct record *record, struct error *error);
int read_change(const struct trade_session *session, const struct record *record, union record_value *value,
                struct error *error);

#endif
