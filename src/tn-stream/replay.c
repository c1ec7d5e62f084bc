/* tn-stream replay: options to a request, counts to words. */
#include "feed/replay.h"
#include "base/num.h"
#include "exchange/exchange.h"
#include "expr/expr.h"
#include "feed/input.h"
#include "tn-stream/commands.h"

static int fill_request(struct replay_request *request, struct exchange *exchange, struct expr **where,
                        const struct invocation *invocation, struct error *error)
{
    const char *bars = option_text(invocation, "bars", NULL), *text = option_text(invocation, "where", NULL);
    if (exchange_open(exchange, option_text(invocation, "calendar", "nyse"), error) != 0)
        return -1;
    if (bars != NULL && interval_parse(&request->bars, bars, strlen(bars), error) < 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (text != NULL && (*where = expr_parse(text, error)) == NULL)
        return -1;
    request->files = invocation_operand_list(invocation);
    request->calendar = &exchange->calendar;
    request->from = option_time(invocation, "from", TIME_NONE);
    request->to = option_time(invocation, "to", TIME_NONE);
    const char *speed = option_text(invocation, "speed", "0");
    if (num_parse(&request->speed, speed, strlen(speed), error) < 0 || request->speed < 0) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "--speed: a number is needed, such as 1 or 60");
    }
    request->grace = option_count(invocation, "grace", 0) * (TIME_SECOND / 1000);
    request->official = option_count(invocation, "official", 0) * TIME_SECOND;
    request->extended = option_flag(invocation, "extended");
    request->complete = option_flag(invocation, "complete");
    request->where = *where == NULL ? NULL : expr_where;
    request->where_context = *where;
    return 0;
}

static void say_count(const struct invocation *invocation, int level, uint64_t count, const char *what)
{
    if (count > 0)
        say(invocation, level, "%s: %llu", what, (unsigned long long)count);
}

static enum exit_code replay(const struct replay_request *request, const struct invocation *invocation,
                             struct error *error)
{
    const struct flow_options options = {
        .program = invocation_program(invocation),
        .invocation = invocation,
        .producer = true,
        .strict = option_flag(invocation, "strict"),
        .quiet = invocation_verbosity(invocation) < 0,
    };
    struct replay_counts counts;
    struct flow *flow = flow_open(&options, error);
    if (flow == NULL)
        return error->code;
    if (replay_run(request, flow, &counts, error) < 0)
        flow_failed(flow, invocation_program(invocation), error->code, error->text);
    const struct trade_bars_counts *bars = &counts.bars;
    if (bars->late > 0)
        flow_failed(flow, "trades", EXIT_INPUT, "some came after their bar was closed");
    if (bars->kept > 0)
        flow_failed(flow, "canceled", EXIT_INPUT, "some trades were cancelled after their bar was written");
    say_count(invocation, 0, bars->kept, "trades cancelled after their bar was written");
    say_count(invocation, 0, bars->unknown, "cancellations of unknown trades");
    say_count(invocation, 0, bars->official,
              "official closes that came after the daily bar was written with another; --official waits for them");
    say_count(invocation, 1, bars->canceled, "trades cancelled in time");
    if (request->bars.unit != INTERVAL_NONE && counts.trades == 0)
        say(invocation, 0, "--bars: no trades to build bars from; coarser bars of bars are given by tn-quote bars -i");
    say_count(invocation, 0, bars->late, "trades left out because they came after their bar was closed");
    say_count(invocation, 0, counts.unfinished,
              "last bars left out because they may be incomplete (--complete keeps them)");
    say_count(invocation, 1, bars->reordered, "trades out of order, in time for their bars");
    say_count(invocation, 1, bars->outside, "trades left out because they are outside the sessions");
    return flow_close(flow, error);
}

enum exit_code stream_replay(struct invocation *invocation, struct error *error)
{
    struct replay_request request = {.bars = {INTERVAL_NONE, 0}};
    struct exchange exchange = {.zone = NULL};
    struct expr *where = NULL;
    const int filled = fill_request(&request, &exchange, &where, invocation, error);
    const enum exit_code code = filled == 0 ? replay(&request, invocation, error) : error->code;
    where_close(invocation, where);
    exchange_close(&exchange);
    return code;
}
