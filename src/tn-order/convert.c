/* tn-order convert: money of one currency into another. */
#include "tn-order/commands.h"

#include "broker/conversion.h"
#include "broker/paper.h"

#include <string.h>

static int tell(void *context, enum record_type type, struct str line, struct error *error)
{
    return flow_write_line(context, type, line, error);
}

/* An amount above 0 of a text. */
static int read_amount(const char *text, dec *amount, struct error *error)
{
    if (dec_parse(amount, text, strlen(text), error) != 0)
        return error_recode(error, EXIT_USAGE), -1;
    return *amount > 0 ? 0 : error_set(error, EXIT_USAGE, "convert: an amount must be above 0");
}

static int convert(struct invocation *invocation, struct paper *paper, struct error *error)
{
    const int count = invocation_operands(invocation);
    char *const *operand = invocation_operand_list(invocation);
    struct conversion conversion = {.time = option_time(invocation, "now", time_now()),
                                    .from = operand[count - 2],
                                    .to = operand[count - 1],
                                    .paid = DEC_NONE,
                                    .received = option_decimal(invocation, "for", DEC_NONE)};
    if (conversion.received != DEC_NONE && conversion.received <= 0)
        return error_set(error, EXIT_USAGE, "--for must be positive");
    if (count == 3 && read_amount(operand[0], &conversion.paid, error) != 0)
        return -1;
    if (count == 2 && conversion.received == DEC_NONE) {
        error_set(error, EXIT_USAGE, "convert: an amount is missing");
        error_hint(error, "tn-order convert 1000 %s %s, or the amount received with --for", conversion.from,
                   conversion.to);
        return -1;
    }
    return conversion_make(paper, &conversion, error);
}

enum exit_code order_convert(struct invocation *invocation, struct error *error)
{
    const struct flow_options flow = {.program = invocation_program(invocation), .producer = true, .no_end = true};
    struct config *config = config_open(error);
    const char *account =
        config == NULL ? NULL : account_choose(config, option_text(invocation, "account", NULL), error);
    struct flow *out = account == NULL ? NULL : flow_open(&flow, error);
    enum exit_code code = EXIT_DONE;
    if (out != NULL) {
        const struct paper_options options = {
            .config = config, .account = account, .wait = LOCK_WAIT, .say = tell, .context = out};
        struct paper *paper = paper_open(&options, error);
        if (paper != NULL && convert(invocation, paper, error) == 0)
            (void)paper_commit(paper, error);
        paper_close(paper);
        code = flow_close(out, error);
    }
    config_free(config);
    return code;
}
