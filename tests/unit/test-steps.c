/* All that a broker can say of an order, and all that can be wanted of it, one after the other in every way to a depth
 * of eight, whether it makes sense or not. A state that was reached before is not walked again. With the argument
 * "page" the table as tn-order(1) has it. */
#include "remote-world.h"

#include <stdlib.h>

#define DEPTH     8 /* at most, and in make soak; by itself it goes to … */
#define DEPTH_RUN 6
#define NODES     400000
#define TABLE     (1u << 20)

enum act {
    SEND,
    CANCEL,
    REPLACE_SMALL,
    REPLACE_LARGE,
    RESUME,
    FEWER, /* another order of the instance sells one */
    TELL_ACCEPTED,
    TELL_REJECTED,
    TELL_FILL,
    TELL_FILL_LARGE, /* … more than was ordered */
    TELL_FILL_AGAIN,
    TELL_CANCELLED,
    TELL_CANCELLED_SHORT, /* … and a fill has not come */
    TELL_CANCEL_REJECTED,
    TELL_REPLACED_SMALL,
    TELL_REPLACED_LARGE,
    TELL_REPLACE_REJECTED,
    TELL_EXPIRED,
    TELL_TRIGGERED,
    TELL_TRAILED,
    TELL_NO_ANSWER,
    TELL_STANDING,
    TELL_STANDING_SMALL,
    TELL_STANDING_LARGE,
    TELL_STANDING_SHORT,
    TELL_STANDING_OLD, /* to a question before the last */
    TELL_NOT_FOUND,
    TELL_NOT_FOUND_OLD,
    TELL_BUST,
    TELL_BUST_UNKNOWN,
    ACTS
};

enum law { STOPS, SUMS, ORDERED, OVER, DOUBT, QUIET, AWAITED, FOLDS, TABLE_SAYS, REDUCES, LAWS };
static const char *const laws[LAWS] = {
    "nothing that a venue says stops the account",
    "the fills of the events are the position",
    "no order has more filled than it says",
    "what is over stays over",
    "a doubt goes by the answer to the question alone",
    "while it is in doubt nothing is sent but a question",
    "once all is sent, what is asked or in doubt is awaited",
    "the events folded again give the same order",
    "the order stands where the table says",
    "an exit asks for no more than there is, unless the venue has refused to make it smaller",
};
static int broken[LAWS];

/* What a state is: two that agree in it behave alike. */
struct key {
    enum order_stage stage;
    enum order_request request;
    bool doubt, refused;
    int fills, busts;
    unsigned sent, silent;
    dec quantity, filled, wanted, position, stop;
    int64_t triggered;
};

struct node {
    struct key key;
    uint8_t path[DEPTH];
    int depth;
};

static struct node *nodes;
static uint32_t *seen; /* by hash: the node's number and one */
static size_t node_count;
static int depth_run = DEPTH_RUN;
static bool met[STAGES][REQUEST_CANCEL + 1][REPORTS];

static void breaks(enum law law, const struct node *from, int act)
{
    if (broken[law]++ >= 3)
        return;
    printf("# %s:", laws[law]);
    for (int i = 0; i < from->depth; i++)
        printf(" %d", from->path[i]);
    printf(" then %d%s\n", act, world.exits ? ", an exit" : "");
}

static struct key key_of(const struct ledger *ledger)
{
    const struct open_order *open_order = ledger_open_order(ledger, "o");
    struct key key;
    memset(&key, 0, sizeof key); /* the padding too: keys are compared as bytes */
    key.stage = STAGE_OVER;
    key.position = position(ledger);
    if (open_order == NULL)
        return key;
    key.stage = open_order->status == STATUS_PENDING_NEW && open_order->filled == 0 ? STAGE_NEW : STAGE_WORKING;
    key.request = open_order_request(open_order);
    key.doubt = open_order->doubt;
    key.quantity = open_order->order.quantity;
    key.filled = open_order->filled;
    key.wanted = open_order->request == REQUEST_REPLACE ? open_order->wanted.quantity : 0;
    key.stop = open_order->order.stop_price;
    key.triggered = open_order->triggered != TIME_NONE;
    return key;
}

static struct key full_key(void)
{
    struct key key = key_of(&world.ledger);
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    key.refused = world.refused;
    key.fills = world.fills;
    key.busts = world.busts;
    if (open_order != NULL) {
        key.sent = open_order->sent;
        key.silent = open_order->silent < 6 ? open_order->silent : 6;
    }
    return key;
}

/* All that there is to send, by the laws of sending. */
static void drain(const struct node *from, int act)
{
    struct intent intent;
    const struct ledger *ledger = &world.ledger;
    for (int sent = 0; orders_next_intent(&world.manager, &intent); sent++) {
        require(sent < 8); /* there is an end to it */
        const struct open_order *open_order = ledger_open_order(ledger, intent.order->id);
        if (open_order->doubt && !intent.ask)
            breaks(QUIET, from, act);
    }
    for (size_t i = 0; i < ledger->open_orders; i++) {
        const struct open_order *open_order = ledger->open_order[i];
        const enum order_request request = open_order_request(open_order);
        if (open_order->doubt
                ? !orders_is_awaited(ledger, open_order->order.id, REQUEST_NONE, open_order->question)
                : request != REQUEST_NONE && !orders_is_awaited(ledger, open_order->order.id, request, 0) &&
                      !orders_is_awaited(ledger, open_order->order.id, REQUEST_SUBMIT, 0) &&
                      !orders_is_awaited(ledger, open_order->order.id, REQUEST_NONE, open_order->question))
            breaks(AWAITED, from, act);
    }
}

static struct report tell(enum act act, const struct open_order *open_order, char fill_id[static ID_SIZE])
{
    static const enum report_kind kinds[ACTS] = {[TELL_ACCEPTED] = REPORT_ACCEPTED,
                                                 [TELL_REJECTED] = REPORT_REJECTED,
                                                 [TELL_CANCELLED] = REPORT_CANCELLED,
                                                 [TELL_CANCELLED_SHORT] = REPORT_CANCELLED,
                                                 [TELL_CANCEL_REJECTED] = REPORT_CANCEL_REJECTED,
                                                 [TELL_REPLACED_SMALL] = REPORT_REPLACED,
                                                 [TELL_REPLACED_LARGE] = REPORT_REPLACED,
                                                 [TELL_REPLACE_REJECTED] = REPORT_REPLACE_REJECTED,
                                                 [TELL_EXPIRED] = REPORT_EXPIRED,
                                                 [TELL_TRIGGERED] = REPORT_TRIGGERED,
                                                 [TELL_TRAILED] = REPORT_TRAILED,
                                                 [TELL_NO_ANSWER] = REPORT_NO_ANSWER,
                                                 [TELL_STANDING] = REPORT_STANDING,
                                                 [TELL_STANDING_SMALL] = REPORT_STANDING,
                                                 [TELL_STANDING_LARGE] = REPORT_STANDING,
                                                 [TELL_STANDING_SHORT] = REPORT_STANDING,
                                                 [TELL_STANDING_OLD] = REPORT_STANDING,
                                                 [TELL_NOT_FOUND] = REPORT_NOT_FOUND,
                                                 [TELL_NOT_FOUND_OLD] = REPORT_NOT_FOUND,
                                                 [TELL_FILL] = REPORT_FILL,
                                                 [TELL_FILL_LARGE] = REPORT_FILL,
                                                 [TELL_FILL_AGAIN] = REPORT_FILL,
                                                 [TELL_BUST] = REPORT_BUST,
                                                 [TELL_BUST_UNKNOWN] = REPORT_BUST};
    struct report report = report_of(kinds[act], "o");
    const dec filled = open_order == NULL ? 0 : open_order->filled;
    const int64_t question = open_order == NULL ? 1 : open_order->question;
    const bool old = act == TELL_STANDING_OLD || act == TELL_NOT_FOUND_OLD;
    const bool lacks = act == TELL_CANCELLED_SHORT || act == TELL_STANDING_SHORT;
    const bool is_new = act == TELL_FILL || act == TELL_FILL_LARGE || act == TELL_BUST_UNKNOWN;
    const int number = world.fills + is_new;
    (void)snprintf(fill_id, ID_SIZE, "o%d", number);
    report.filled = lacks ? filled + DEC_ONE : filled;
    if (report.kind == REPORT_STANDING || report.kind == REPORT_NOT_FOUND)
        report.question = question - old;
    if (report.kind == REPORT_STANDING && open_order != NULL)
        report.new_quantity = open_order->order.quantity;
    if (act == TELL_REPLACED_SMALL || act == TELL_STANDING_SMALL)
        report.new_quantity = 2 * DEC_ONE;
    if (act == TELL_REPLACED_LARGE || act == TELL_STANDING_LARGE)
        report.new_quantity = 4 * DEC_ONE;
    if (act == TELL_TRAILED)
        report.stop_price = 90 * DEC_ONE;
    if (report.kind == REPORT_FILL || report.kind == REPORT_BUST)
        report.fill_id = fill_id;
    report.fill.quantity = (act == TELL_FILL_LARGE ? 4 : 1) * DEC_ONE;
    report.fill.price = 100 * DEC_ONE;
    return report;
}

/* 0; 1: it cannot be done here; -1. */
static int act_out(enum act act, const struct node *from, struct error *error)
{
    struct refusal refusal;
    struct replace replace = {.time = ++world.now, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    char fill_id[ID_SIZE];
    switch (act) {
    case SEND:
        drain(from, (int)act);
        return 0;
    case CANCEL:
        return orders_cancel(&world.manager, "o", world.now, "by hand", error) < 0 ? -1 : 0;
    case REPLACE_SMALL:
    case REPLACE_LARGE:
        memcpy(replace.order_id, "o", 2);
        replace.quantity = (act == REPLACE_SMALL ? 2 : 4) * DEC_ONE;
        return orders_replace(&world.manager, &replace, world.now, &refusal, error) < 0 ? -1 : 0;
    case RESUME:
        orders_resume(&world.manager, world.now);
        return 0;
    case FEWER:
        if (ledger_open_order(&world.ledger, "p") == NULL)
            return 1;
        (void)snprintf(fill_id, sizeof fill_id, "p%lld", (long long)world.now);
        return fill("p", fill_id, DEC_ONE, error);
    default:
        break;
    }
    if ((act == TELL_FILL && (world.fills == 5 || (world.exits && position(&world.ledger) <= 0))) ||
        (act == TELL_FILL_LARGE && (world.fills == 5 || (world.exits && position(&world.ledger) < 4 * DEC_ONE))) ||
        ((act == TELL_FILL_AGAIN || act == TELL_BUST) && (world.fills == 0 || world.busts == world.fills)) ||
        (open_order == NULL && (act == TELL_STANDING_SMALL || act == TELL_STANDING_LARGE)))
        return 1;
    if (open_order != NULL)
        met[orders_stage(open_order)][open_order_request(open_order)][tell(act, open_order, fill_id).kind] = true;
    else
        met[STAGE_OVER][REQUEST_NONE][tell(act, open_order, fill_id).kind] = true;
    struct report report = tell(act, open_order, fill_id);
    world.refused |= act == TELL_REPLACE_REJECTED || act == TELL_CANCEL_REJECTED;
    const int events = world.events;
    const int status = orders_report(&world.manager, &report, error);
    for (int i = events; i < world.events; i++) {
        world.fills += (act == TELL_FILL || act == TELL_FILL_LARGE) && world.event[i].type == RECORD_FILL;
        if (act == TELL_BUST && world.event[i].type == RECORD_FILL)
            world.busts = world.fills;
    }
    return status;
}

/* The events of the account make the same order of it that it has. */
static bool folds(void)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger folded = {0};
    struct error error = {0};
    require(ledger_init(&folded, &terms, &error) == 0);
    int status = 0;
    for (int i = 0; i < world.events && status == 0; i++)
        status = ledger_apply(&folded, world.event[i].type, &world.event[i].order, &error);
    const struct key a = key_of(&folded), b = key_of(&world.ledger);
    ledger_clear(&folded);
    return status == 0 && memcmp(&a, &b, sizeof a) == 0;
}

static dec sum_of_fills(void)
{
    dec sum = 0;
    for (int i = 0; i < world.events; i++)
        if (world.event[i].type == RECORD_FILL)
            sum += side_sign(world.event[i].fill.side) * world.event[i].fill.quantity;
    return sum;
}

static bool is_answer(enum act act)
{
    return act == TELL_STANDING || act == TELL_STANDING_SMALL || act == TELL_STANDING_LARGE || act == TELL_NOT_FOUND;
}

/* Where does the table say that an order is after a report? One that says nothing new leaves it where it is, fills and
 * terms may end it. */
static bool table_says(const struct key *before, const struct key *after, enum act act, bool answers)
{
    char fill_id[ID_SIZE];
    const enum report_kind kind = tell(act, NULL, fill_id).kind;
    const struct order_step *step = order_step(before->stage, before->request, kind);
    const bool old = act == TELL_STANDING_OLD || act == TELL_NOT_FOUND_OLD || (is_answer(act) && !answers) ||
                     act == TELL_FILL_AGAIN || act == TELL_CANCELLED_SHORT || act == TELL_STANDING_SHORT;
    const bool fills = kind == REPORT_FILL || kind == REPORT_REPLACED || kind == REPORT_STANDING;
    return after->stage == step->stage || (old && after->stage == before->stage) ||
           (fills && after->stage == STAGE_OVER);
}

static void check_laws(const struct node *from, enum act act, int status, int events, bool doubted, bool answers)
{
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    const struct key after = full_key();
    if (status < 0)
        breaks(STOPS, from, (int)act);
    if (sum_of_fills() != position(&world.ledger))
        breaks(SUMS, from, (int)act);
    if (open_order != NULL && open_order->filled > open_order->order.quantity)
        breaks(ORDERED, from, (int)act);
    if (from->key.stage == STAGE_OVER && open_order != NULL)
        breaks(OVER, from, (int)act);
    if (doubted && open_order != NULL && !orders_in_doubt(open_order) && !(is_answer(act) && answers))
        breaks(DOUBT, from, (int)act);
    if (world.events != events && !folds())
        breaks(FOLDS, from, (int)act);
    if (act >= TELL_ACCEPTED && !table_says(&from->key, &after, act, answers))
        breaks(TABLE_SAYS, from, (int)act);
    if (world.exits && open_order != NULL && !world.refused && open_order_rest(open_order) > position(&world.ledger))
        breaks(REDUCES, from, (int)act);
}

/* The number of a state; a new one is kept, until the depth is reached. */
static void note(const struct node *from, enum act act)
{
    const struct key key = full_key();
    const unsigned char *bytes = (const unsigned char *)&key;
    uint64_t mix = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof key; i++)
        mix = (mix ^ bytes[i]) * UINT64_C(0x100000001b3);
    uint32_t at = (uint32_t)(mix >> 20) % TABLE;
    while (seen[at] != 0) {
        if (memcmp(&nodes[seen[at] - 1].key, &key, sizeof key) == 0)
            return;
        at = (at + 1) % TABLE;
    }
    require(node_count < NODES);
    struct node *node = &nodes[node_count++];
    seen[at] = (uint32_t)node_count;
    node->key = key;
    node->depth = from == NULL ? 0 : from->depth + 1;
    if (from != NULL)
        memcpy(node->path, from->path, sizeof node->path);
    if (from != NULL && from->depth < DEPTH)
        node->path[from->depth] = (uint8_t)act;
}

static void go_to(const struct node *node, bool exits)
{
    struct error error = {0};
    begin(exits);
    for (int k = 0; k < node->depth; k++)
        (void)act_out(node->path[k], node, &error);
}

static void walk(bool exits)
{
    memset(seen, 0, TABLE * sizeof *seen);
    node_count = 0;
    begin(exits);
    note(NULL, SEND);
    for (size_t i = 0; i < node_count; i++) {
        const struct node from = nodes[i];
        bool there = false;
        for (enum act act = 0; from.depth < depth_run && act < ACTS; act++) {
            struct error error = {0};
            if (!there)
                go_to(&from, exits);
            const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
            const bool doubted = open_order != NULL && orders_in_doubt(open_order);
            const bool answers =
                open_order != NULL && orders_is_awaited(&world.ledger, "o", REQUEST_NONE, open_order->question);
            const int events = world.events;
            const int status = act_out(act, &from, &error);
            if (status < 0)
                printf("# %s\n", error.text);
            if (status != 1)
                check_laws(&from, act, status, events, doubted, answers);
            const struct key key = full_key();
            there = status >= 0 && world.events == events && memcmp(&key, &from.key, sizeof key) == 0;
            if (status == 0)
                note(&from, act);
        }
    }
    printf("# %zu states of an %s\n", node_count, exits ? "exit" : "entry");
    check(node_count > 500, "many states");
}

/* The table as tn-order(1) has it: of what is the same for all that may be asked of an order one line. */
struct pair {
    enum order_stage stage;
    enum order_request request;
};

static const struct pair pairs[] = {{STAGE_NEW, REQUEST_SUBMIT},      {STAGE_NEW, REQUEST_REPLACE},
                                    {STAGE_NEW, REQUEST_CANCEL},      {STAGE_WORKING, REQUEST_NONE},
                                    {STAGE_WORKING, REQUEST_REPLACE}, {STAGE_WORKING, REQUEST_CANCEL},
                                    {STAGE_OVER, REQUEST_NONE}};
#define PAIRS (sizeof pairs / sizeof *pairs)

static void add_pair(struct buf *out, enum order_stage stage, enum order_request request)
{
    buf_add_text(out, order_stage_text(stage));
    if (request == REQUEST_REPLACE || request == REQUEST_CANCEL)
        buf_printf(out, ", %s", order_request_text(request));
}

static void add_line(struct buf *out, enum report_kind kind, const char *order, const struct pair *pair)
{
    const struct order_step *step = order_step(pair->stage, pair->request, kind);
    if (step->flags == 0)
        return;
    buf_printf(out, ".It %s Ta ", report_kind_text(kind));
    if (order != NULL)
        buf_printf(out, "%s Ta %s", order, order_stage_text(step->stage));
    else {
        add_pair(out, pair->stage, pair->request);
        buf_add_text(out, " Ta ");
        add_pair(out, step->stage, step->request);
    }
    buf_add_text(out, " Ta ");
    order_step_text(step, out);
    buf_add_text(out, "\n");
}

/* Is it the same for the pairs from one to another, whatever is asked, and is that asked still or the order over? */
static bool is_same(enum report_kind kind, size_t from, size_t until)
{
    const struct order_step *first = order_step(pairs[from].stage, pairs[from].request, kind);
    for (size_t i = from; i < until; i++) {
        const struct order_step *step = order_step(pairs[i].stage, pairs[i].request, kind);
        const bool asked =
            step->request == pairs[i].request || (pairs[i].request == REQUEST_SUBMIT && step->request == REQUEST_NONE);
        if (step->flags != first->flags || step->stage != first->stage || (step->stage != STAGE_OVER && !asked))
            return false;
    }
    return true;
}

static int print_page(void)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (enum report_kind kind = 0; kind < REPORTS; kind++) {
        if (is_same(kind, 0, 6)) {
            add_line(&out, kind, "any that is not over", &pairs[0]);
        } else {
            for (size_t from = 0; from < 6; from += 3)
                if (is_same(kind, from, from + 3))
                    add_line(&out, kind, from == 0 ? "any that is new" : "any that works", &pairs[from]);
                else
                    for (size_t i = from; i < from + 3; i++)
                        add_line(&out, kind, NULL, &pairs[i]);
        }
        add_line(&out, kind, NULL, &pairs[6]);
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    buf_clear(&out);
    return 0;
}

/* A replace that is refused gives up what was sent, not what was asked since. */
static void check_more(void)
{
    struct error error = {0};
    struct node from = {0};
    struct intent intent;
    static const enum act path[] = {SEND, TELL_ACCEPTED, REPLACE_LARGE, SEND, REPLACE_SMALL};
    begin(false);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        require(act_out(path[i], &from, &error) == 0);
    check(!orders_next_intent(&world.manager, &intent), "of one order one replace is under way at a time");
    require(act_out(TELL_REPLACE_REJECTED, &from, &error) == 0);
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    check(open_order->request == REQUEST_REPLACE && open_order->wanted.quantity == 2 * DEC_ONE && open_order->doubt,
          "what was asked since is asked still");
    (void)act_out(SEND, &from, &error);
    (void)act_out(TELL_STANDING, &from, &error);
    check(orders_next_intent(&world.manager, &intent) && intent.request == REQUEST_REPLACE &&
              intent.wanted.quantity == 2 * DEC_ONE,
          "and sent when the answer has come");
}

/* A cancel that the venue refuses since it has never heard of the order is not given up: the order may come yet. */
static void check_early_cancel(void)
{
    struct error error = {0};
    struct node from = {0};
    struct intent intent;
    static const enum act path[] = {SEND, CANCEL, SEND, TELL_CANCEL_REJECTED};
    begin(false);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        require(act_out(path[i], &from, &error) == 0);
    check(orders_next_intent(&world.manager, &intent) && intent.ask, "what became of it is asked");
    require(act_out(TELL_STANDING, &from, &error) == 0);
    check(orders_next_intent(&world.manager, &intent) && intent.request == REQUEST_CANCEL, "it works: it is cancelled");
}

/* A cancel that the venue refuses is given up, but not before it has said how the order stands. */
static void check_refused_cancel(void)
{
    struct error error = {0};
    struct node from = {0};
    struct intent intent;
    static const enum act path[] = {SEND, TELL_ACCEPTED, CANCEL, SEND, TELL_CANCEL_REJECTED};
    begin(false);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        require(act_out(path[i], &from, &error) == 0);
    check(orders_next_intent(&world.manager, &intent) && intent.ask, "why it refuses is asked");
    require(act_out(TELL_STANDING, &from, &error) == 0);
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    check(!orders_next_intent(&world.manager, &intent) && open_order->request == REQUEST_NONE && !open_order->doubt,
          "it works on");
}

/* A split while a replace is under way: the venue is asked, and what was asked of it is asked in the shares of now. */
static void check_split(void)
{
    struct error error = {0};
    struct node from = {0};
    struct intent intent;
    static const enum act path[] = {SEND, TELL_ACCEPTED, REPLACE_SMALL, SEND};
    begin(false);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        require(act_out(path[i], &from, &error) == 0);
    const struct action split = make_split("split", ++world.now, "AAA", 2, 1);
    const struct open_order *open_order = ledger_open_order(&world.ledger, "o");
    check(orders_action(&world.manager, &split, &error) == 0 && open_order->order.quantity == 6 * DEC_ONE &&
              open_order->doubt,
          "a split is in doubt until the venue says what it has made of it");
    check(orders_next_intent(&world.manager, &intent) && intent.ask, "it is asked");
    require(act_out(TELL_STANDING, &from, &error) == 0);
    check(orders_next_intent(&world.manager, &intent) && intent.request == REQUEST_REPLACE &&
              intent.wanted.quantity == 4 * DEC_ONE,
          "two of before are four of now");
}

static void check_met(void)
{
    int missed = 0;
    for (size_t i = 0; i < PAIRS; i++)
        for (int kind = 0; kind < REPORTS; kind++)
            if (!met[pairs[i].stage][pairs[i].request][kind]) {
                printf("# %s %s %s\n", order_stage_text(pairs[i].stage), order_request_text(pairs[i].request),
                       report_kind_text((enum report_kind)kind));
                missed++;
            }
    check(missed == 0, "every report met every pair");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "page") == 0)
        return print_page();
    if (argc > 1)
        depth_run = (int)strtol(argv[1], NULL, 10);
    require(depth_run > 0 && depth_run <= DEPTH);
    struct error error = {0};
    hash = sha256_new(&error);
    nodes = malloc(NODES * sizeof *nodes);
    seen = malloc(TABLE * sizeof *seen);
    require(hash != NULL && nodes != NULL && seen != NULL);
    walk(false);
    walk(true);
    for (int law = 0; law < LAWS; law++)
        check(broken[law] == 0, "%s", laws[law]);
    check_met();
    check_more();
    check_early_cancel();
    check_refused_cancel();
    check_split();
    ledger_clear(&world.ledger);
    free(nodes);
    free(seen);
    sha256_free(hash);
    return done();
}
