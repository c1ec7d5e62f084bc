/* What an account goes on from when it is opened again: fees that remember, actions that are corrected later, what was
 * told and not kept. */
#include "paper-account.h"

#include "broker/correction.h"
#include "order/manager.h"

/* --- what fees remember, read from the journal at each opening: as if the account had never been closed */

static dec fee_of(const char *id)
{
    struct event event;
    static union record_value value;
    struct buf scratch;
    struct record record = {.scratch = &scratch};
    char fill_id[ID_SIZE];
    dec fee = DEC_NONE;
    buf_init(&scratch, RECORD_LINE_MAX);
    orders_fill_id(fill_id, id, 1);
    if (journal_find(paper_journal(paper), RECORD_FILL, fill_id, &event, &error) == 1 &&
        record_scan(&record, event.record.p, event.record.n, &error) == 0 &&
        record_decode(&record, &value, &error) == 0)
        fee = (value.fill.commission == DEC_NONE ? 0 : value.fill.commission) +
              (value.fill.fees == DEC_NONE ? 0 : value.fill.fees);
    buf_clear(&scratch);
    return fee;
}

/* An entry of ten at 100, filled by the bar of its day. */
static void trade(const char *id, const char *day, const char *symbol, const char *want)
{
    open_paper();
    check(order_at(id, day, symbol, ROLE_ENTRY, NULL) == 1, "an order of the %s", day);
    take_bar(symbol, day, "100");
    require(paper_finish_moment(paper, &error) == 0 && paper_commit(paper, &error) == 0);
    check_dec(fee_of(id), want, "its fee");
    paper_close(paper);
}

static void begin_again(const char *path, const char *fees)
{
    char text[600], settings[160];
    struct cash cash = deposit_of("paper", "open", "100000");
    (void)snprintf(text, sizeof text, "title: x\ncurrency: USD\nread: 2024-01-01\n%s", fees);
    put("fees/ours.fees", text);
    (void)snprintf(settings, sizeof settings, "%s  fees = ours", TERMS);
    config_free(config);
    config = configure(settings);
    (void)unlink(path);
    static const char *const suffixes[] = {"-wal", "-shm", "-head"};
    for (int i = 0; i < 3; i++) {
        char name[PATH_MAX];
        (void)snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
    struct journal *journal = journal_open(path, JOURNAL_CREATE, &error);
    require(config != NULL && journal != NULL && journal_begin(journal, &error) == 0 &&
            journal_put(journal, MODE_PAPER, RECORD_CASH, &cash, &error) == 1 && journal_commit(journal, &error) == 0);
    journal_close(journal);
}

static void test_fees(const char *path)
{
    /* 1 % of 1000; from 1000 in the 30 days before on 0.5 %. */
    begin_again(path, "fee x 2020-01-01: 1%\nfee x 2020-01-01: volume>=1000 0.5%\n");
    trade("o1", "04", "AAA", "10");
    trade("o2", "05", "BBB", "5");
    /* The same of an import: one order in two parts of 500. */
    begin_again(path, "fee x 2020-01-01: 1%\nfee x 2020-01-01: volume>=1000 0.5%\n");
    struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
    require(journal_begin(journal, &error) == 0);
    for (int i = 0; i < 2; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "f%d", i);
        struct fill fill = make_fill(id, at("2024-03-04T10:00:00Z"), "BBB", SIDE_BUY, "5", "100", "0");
        memcpy(fill.account, "paper", 6);
        memcpy(fill.order_id, "import", 7);
        fill.multiplier = i == 0 ? DEC_NONE : DEC_ONE;
        require(journal_put(journal, MODE_PAPER, RECORD_FILL, &fill, &error) == 1);
    }
    require(journal_commit(journal, &error) == 0);
    journal_close(journal);
    trade("o2", "05", "AAA", "5");
    /* 15 shares of a month at 1, those beyond at 0.1: 10; 5 x 1 + 5 x 0.1. */
    begin_again(path, "fee commission 2020-01-01: 1 per share, 0.1 beyond 15 a month\n");
    trade("o1", "04", "AAA", "10");
    trade("o2", "05", "BBB", "5.5");
    trade("o3", "06", "CCC", "1");
    /* 7 once a day and symbol. */
    begin_again(path, "fee x 2020-01-01: 7, a day and symbol\n");
    trade("o1", "04", "AAA", "7");
    trade("o2", "05", "AAA", "7");
    /* 0.04 a share and day, up to a whole: 0.4 is 1. */
    begin_again(path, "fee x 2020-01-01: 0.04 per share, a day, up 1\n");
    trade("o1", "04", "AAA", "1");
    trade("o2", "05", "AAA", "1");
    /* What the schedule has no rate for was charged by another, BBB being free then; it was traded all the same. */
    begin_again(path, "fee x 2020-01-01: for AAA 1%\nfee x 2020-01-01: for AAA volume>=1000 0.5%\n"
                      "fee x 2020-01-01: for BBB 0\n");
    trade("o1", "04", "BBB", "0");
    put("fees/ours.fees", "title: x\ncurrency: USD\nread: 2024-01-01\nfee x 2020-01-01: for AAA 1%\n"
                          "fee x 2020-01-01: for AAA volume>=1000 0.5%\n");
    trade("o2", "05", "AAA", "5");
    trade("o3", "06", "AAA", "5");
}

/* --- corrections of corporate actions: ten shares from the 4th on */

static int accept(const char *id, struct correction *correction)
{
    struct account_terms terms;
    open_paper();
    int result = account_terms_open(&terms, config, "paper", MODE_PAPER, NULL, 0, &error);
    if (result == 0)
        result = correction_accept(paper_journal(paper), &terms, id, at("2024-03-20T00:00:00Z"), "by hand", correction,
                                   &error);
    account_terms_close(&terms);
    paper_close(paper);
    return result;
}

/* In a run of its own, as a later download would bring it. */
static void act(const char *id, const char *day, const char *cash, int new_shares, int old_shares)
{
    char time[32];
    (void)snprintf(time, sizeof time, "2024-03-%sT00:00:00Z", day);
    struct action action = cash != NULL ? make_dividend(id, at(time), "AAA", cash)
                                        : make_split(id, at(time), "AAA", new_shares, old_shares);
    action.account[0] = '\0';
    open_paper();
    check(paper_action(paper, &action, &error) == 0 && paper_finish_moment(paper, &error) == 0 &&
              paper_commit(paper, &error) == 0,
          "action %s: %s", id, error.text);
    paper_close(paper);
}

static void test_corrections(const char *path)
{
    struct correction correction;
    struct error dropped;
    bool older;
    begin_again(path, "fee x 2020-01-01: 0\n");
    trade("o1", "04", "AAA", "0"); /* 10 at 100: 99000 are left */
    act("dv1", "06", "0.5", 0, 0);
    check_dec(read_cash(&dropped, &older), "99005", "a dividend of 0.50");
    act("dv2", "07", "0.8", 0, 0);
    check_dec(read_cash(&dropped, &older), "99005", "another beside it is held back");
    act("dv2", "07", "0.8", 0, 0);
    check(accept("dv2", &correction) == 0 && strcmp(correction.symbol, "AAA") == 0, "accepted: %s", error.text);
    check_dec(correction.booked, "3", "the difference of ten shares");
    check_dec(correction.from, "0.5", "from");
    check_dec(correction.to, "0.8", "to");
    check_dec(read_cash(&dropped, &older), "99008", "is booked");
    static const struct {
        const char *id, *message;
    } rows[] = {{"dv2", "already"},
                {"dv1", "dv1: it has already been applied"},
                {"dv9", "dv9: no action with this id is held back"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(accept(rows[i].id, &correction) == -1 && strstr(error.text, rows[i].message) != NULL, "%s: %s",
              rows[i].id, error.text);
        error_clear(&error);
    }
    check_dec(read_cash(&dropped, &older), "99008", "and none of these books anything");
    /* Months later it is a dividend like any other: 10 x 0.8. */
    begin_again(path, "fee x 2020-01-01: 0\n");
    trade("o1", "04", "AAA", "0");
    act("dv1", "06", "0.5", 0, 0);
    act("dv2", "30", "0.8", 0, 0);
    check_dec(read_cash(&dropped, &older), "99013", "far away it is another dividend");
    /* The same one a day later, after ten more: 20 x 0.5 are due, 10 x 0.5 were paid. And once more, as it was. */
    begin_again(path, "fee x 2020-01-01: 0\n");
    trade("o1", "04", "AAA", "0");
    act("dv1", "06", "0.5", 0, 0);
    trade("o2", "06", "AAA", "0");
    act("dv2", "07", "0.5", 0, 0);
    check(accept("dv2", &correction) == 0, "a dividend is moved: %s", error.text);
    check_dec(correction.booked, "5", "what was bought in between gets it, too");
    act("dv3", "08", "0.5", 0, 0);
    check(accept("dv3", &correction) == 0 && correction.booked == 0, "the same again: nothing is booked: %s",
          error.text);
    act("dv4", "08", "90000000000", 0, 0);
    check(accept("dv4", &correction) == -1 && error.code == EXIT_STATE && error.text[0] != '\0', "more than can be: %s",
          error.text);
    error_clear(&error);
    check_dec(read_cash(&dropped, &older), "98010", "100000 - 2000 + 5 + 5");
    /* A split that is moved: nothing is left to do, but where there were trades or the ratio is another. */
    begin_again(path, "fee x 2020-01-01: 0\n");
    trade("o1", "04", "AAA", "0");
    act("sp1", "06", NULL, 2, 1);
    act("sp2", "07", NULL, 2, 1);
    act("sp3", "08", NULL, 3, 1);
    check(accept("sp2", &correction) == 0 && correction.booked == 0 && correction.from == DEC_NONE,
          "a split is moved: %s", error.text);
    check(accept("sp3", &correction) == -1 && error.code == EXIT_NO && strstr(error.text, "another ratio") != NULL,
          "another ratio is not booked: %s", error.text);
    error_clear(&error);
    trade("o2", "09", "AAA", "0");
    act("sp4", "10", NULL, 2, 1);
    check(accept("sp4", &correction) == -1 && error.code == EXIT_NO && strstr(error.text, "trades between") != NULL,
          "nor one with trades between: %s", error.text);
    error_clear(&error);
}

/* --- what comes to an account and changes nothing, and what is told and not kept */

static int refuse(void *context, enum record_type type, struct str line, struct error *e)
{
    (void)type, (void)line;
    return --*(int *)context == 0 ? error_set(e, EXIT_SYSTEM, "a closed pipe") : 0;
}

static void test_nothing(const char *path)
{
    int told = 2;
    begin_again(path, "fee x 2020-01-01: 0\n");
    const struct paper_options dry = {.config = config, .account = "paper", .dry_run = true};
    const struct paper_options deaf = {.config = config, .account = "paper", .say = refuse, .context = &told};
    struct error dropped;
    bool older;
    paper = paper_open(&dry, &error);
    require(paper != NULL && order_at("o1", "04", "AAA", ROLE_ENTRY, NULL) == 1);
    take_bar("AAA", "04", "100");
    check(paper_commit(paper, &error) == 0 && paper_ledger(paper)->cash == d("99000"), "a dry run fills");
    paper_close(paper);
    check_dec(read_cash(&dropped, &older), "100000", "and keeps nothing");
    /* Whoever listens goes away: what was told before is durable, and it says so. */
    paper = paper_open(&deaf, &error);
    require(paper != NULL && order_at("o1", "04", "AAA", ROLE_ENTRY, NULL) == 1);
    check(paper_commit_done(paper, &error) == 0 && told == 2, "an order that is not dealt with is not committed");
    paper_record_done(paper);
    check(paper_commit_done(paper, &error) == -1 && error.code == EXIT_SYSTEM && told == 0, "the second line fails");
    error_clear(&error);
    paper_close(paper);
    open_paper();
    check(ledger_open_order(paper_ledger(paper), "o1") != NULL, "the order is there");
    take_bar("AAA", "04", "100");
    require(paper_finish_moment(paper, &error) == 0);
    const dec cash = paper_ledger(paper)->cash;
    check(paper_heartbeat(paper, at("2024-03-01T00:00:00Z"), &error) == 0 &&
              paper_heartbeat(paper, at("2024-03-06T00:00:00Z"), &error) == 0,
          "heartbeats, old and new");
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    bar.final = 0;
    check(paper_bar(paper, &bar, &error) == 0, "a bar that is not final");
    struct action action = make_dividend("dv", at("2024-03-06T00:00:00Z"), "ZZZ", "1");
    check(paper_action(paper, &action, &error) == 0 && ledger_find_slot(paper_ledger(paper), "ZZZ") < 0,
          "a dividend of a symbol that the account never had");
    action.time = at("2024-03-05T12:00:00Z");
    check(paper_action(paper, &action, &error) == -1 && error.code == EXIT_INPUT &&
              strstr(error.text, "ZZZ: a corporate action is earlier than the one before") != NULL,
          "one from before it: %s", error.text);
    error_clear(&error);
    check(paper_ledger(paper)->cash == cash && paper_commit(paper, &error) == 0, "nothing has changed");
    struct order order = make_order("o2", at("2024-03-06T00:00:00Z"), "AAA", SIDE_BUY, "1", ROLE_ENTRY);
    memcpy(order.account, "other", 6);
    check(paper_check(paper, &order, &error) == -1 && strstr(error.text, "is for account 'other'") != NULL,
          "an order of another account");
    error_clear(&error);
    memcpy(order.account, "paper", 6);
    order.mode = MODE_LIVE;
    check(paper_submit(paper, &order, TIME_NONE, &error) == -1 && strstr(error.text, "is for live trading") != NULL,
          "one for live trading");
    error_clear(&error);
    paper_close(paper);
}

int main(void)
{
    char path[PATH_MAX];
    open_home(path);
    test_fees(path);
    test_corrections(path);
    test_nothing(path);
    config_free(config);
    remove_home();
    return done();
}
