/* tn-order run and settle, and what submit (submit.c) shares with them: orders and bars to the paper account. */
#include "tn-order/trade.h"

#include "base/watchdog.h"
#include "feed/service_log.h"

static int tell(void *context, enum record_type type, struct str line, struct error *error)
{
    struct trade_session *session = context;
    return flow_write_line(input_flow(session->input), type, line, error);
}

/* Work is not kept back while we wait for more. */
static int before_wait(void *context, struct error *error)
{
    struct trade_session *session = context;
    watchdog_alive(); /* of tn-live: the heartbeats of its stream come through all of the chain to here */
    return session->paper == NULL ? 0 : paper_commit(session->paper, error);
}

int trade_session_open(struct trade_session *session, struct invocation *invocation, bool dry_run, struct error *error)
{
    session->config = config_open(error);
    if (session->config == NULL)
        return -1;
    session->account = account_choose(session->config, option_text(invocation, "account", NULL), error);
    if (session->account == NULL)
        return -1;
    const struct input_plan plan = {
        .on_wait = before_wait,
        .context = session,
        .measure = option_known(invocation, "keep-times") ? SERVICE_ORDERS : NULL,
    };
    session->input = input_open_plan(invocation, &plan, error);
    if (session->input == NULL)
        return -1;
    const struct paper_options options = {.config = session->config,
                                          .account = session->account,
                                          .wait = LOCK_WAIT,
                                          .dry_run = dry_run,
                                          .say = tell,
                                          .context = session};
    session->paper = paper_open(&options, error);
    return session->paper == NULL ? -1 : 0;
}

enum exit_code trade_session_close(struct trade_session *session, struct error *error)
{
    enum exit_code code = session->worst;
    if (session->paper != NULL && !error_is_set(error)) {
        (void)paper_commit(session->paper, error);
    } else if (session->paper != NULL && session->stream && (error->code == EXIT_INPUT || error->code == EXIT_STATE)) {
        struct error lost;
        error_clear(&lost);
        if (paper_commit_done(session->paper, &lost) != 0)
            code = exit_worst(code, lost.code);
    }
    if (session->input != NULL)
        code = exit_worst(code, input_close(session->input, error));
    paper_close(session->paper);
    config_free(session->config);
    return code;
}

static int note_submitted(struct trade_session *session, int submitted)
{
    if (submitted == 0)
        session->worst = exit_worst(session->worst, paper_clock_is_off(session->paper) ? EXIT_STATE : EXIT_REFUSED);
    return submitted < 0 ? -1 : 0;
}

int take_order(struct trade_session *session, const struct record *record, struct error *error)
{
    struct order order;
    if (record_decode(record, &order, error) != 0)
        return -1;
    return note_submitted(session, paper_submit(session->paper, &order, session->now, error));
}

/* A cancel or replace is of this account or says none. */
static int check_account(const struct trade_session *session, const char *what, const char *id, const char *account,
                         struct error *error)
{
    return account[0] == '\0' || strcmp(account, session->account) == 0
               ? 0
               : error_set(error, EXIT_INPUT, "%s of %s is for account '%s'", what, id, account);
}

int read_change(const struct trade_session *session, const struct record *record, union record_value *value,
                struct error *error)
{
    if (record_decode(record, value, error) != 0)
        return -1;
    return record->type == RECORD_CANCEL
               ? check_account(session, "cancel", value->cancel.order_id, value->cancel.account, error)
               : check_account(session, "replace", value->replace.order_id, value->replace.account, error);
}

int take_change(struct trade_session *session, const struct record *record, struct error *error)
{
    union record_value value;
    if (read_change(session, record, &value, error) != 0 ||
        (session->now == TIME_NONE && paper_finish_moment(session->paper, error) != 0))
        return -1;
    if (record->type == RECORD_REPLACE)
        return note_submitted(session,
                              paper_replace(session->paper, &value.replace,
                                            session->now == TIME_NONE ? value.replace.time : session->now, error));
    const struct cancel *cancel = &value.cancel;
    const int64_t now = session->now == TIME_NONE ? cancel->time : session->now;
    return paper_cancel(session->paper, cancel->order_id, now, cancel->reason, error) < 0 ? -1 : 0;
}

static int take_market(struct trade_session *session, const struct record *record, struct error *error)
{
    if (record->type == RECORD_BAR) {
        struct bar bar;
        return record_decode(record, &bar, error) != 0 ? -1 : paper_bar(session->paper, &bar, error);
    }
    if (record->type == RECORD_ACTION) {
        struct action action;
        return record_decode(record, &action, error) != 0 ? -1 : paper_action(session->paper, &action, error);
    }
    if (record->type == RECORD_HEARTBEAT) {
        struct heartbeat heartbeat;
        if (record_decode(record, &heartbeat, error) != 0 ||
            paper_heartbeat(session->paper, heartbeat.time, error) != 0)
            return -1;
    }
    return flow_pass(input_flow(session->input), record, error);
}

static int take_sync(struct trade_session *session, const struct record *record, struct error *error)
{
    struct sync sync;
    if (record_decode(record, &sync, error) != 0)
        return -1;
    if (strcmp(sync.account, session->account) != 0)
        return 0;
    return paper_confirm(session->paper, &sync, error);
}

static int take_any(struct trade_session *session, const struct record *record, struct error *error)
{
    switch ((int)record->type) {
    case RECORD_ORDER:
        return take_order(session, record, error);
    case RECORD_CANCEL:
    case RECORD_REPLACE:
        return take_change(session, record, error);
    case RECORD_SYNC:
        return take_sync(session, record, error);
    default:
        return take_market(session, record, error);
    }
}

static enum exit_code trade_stream(struct invocation *invocation,
                                   int (*take)(struct trade_session *session, const struct record *record,
                                               struct error *error),
                                   struct error *error)
{
    struct trade_session session = {.now = TIME_NONE, .stream = true};
    const struct record *record;
    int got = -1;
    if (trade_session_open(&session, invocation, false, error) == 0)
        while ((got = flow_next(input_flow(session.input), &record, error)) == 1) {
            if (take(&session, record, error) != 0 && input_refused(session.input, error) != 0)
                break;
            paper_record_done(session.paper);
        }
    if (got == 0 && paper_keep_last_rates(session.paper, error) == 0)
        (void)paper_finish_moment(session.paper, error);
    return trade_session_close(&session, error);
}

enum exit_code order_run(struct invocation *invocation, struct error *error)
{
    return trade_stream(invocation, take_any, error);
}

enum exit_code order_settle(struct invocation *invocation, struct error *error)
{
    return trade_stream(invocation, take_market, error);
}
