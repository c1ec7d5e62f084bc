/* Accounts of a configuration: settings that fit their kind and are wrong all the same, money changed, what a person
 * does to an account by hand, and saved states that are not what their checkpoints say. */
#include "paper-account.h"

#include "broker/conversion.h"
#include "db/db.h"
#include "journal/history.h"

/* --- settings */

static void test_settings(void)
{
    static const struct {
        const char *settings, *message; /* NULL: it opens */
    } rows[] = {
        {"", NULL},
        {"fees = ibkr-tiered  carry = ibkr-carry", NULL},
        {"fees = kraken", NULL},
        {"fees = binance-spot  currency = USD", NULL}, /* in USDT, which is held to be dollars */
        {"fees = binance-spot  currency = EUR", "are in USDT, and the account is in EUR"},
        {"fees = uk", "the fees of 'uk' are in GBP, and the account is in USD"},
        {"fees = uk  currency = GBP", NULL},
        {"fees = nowhere", "fees: there is no fee schedule 'nowhere'"},
        {"fees = \"../us-free\"", "fees: there is no fee schedule"},
        {"fees = empty", "has no fee"},
        {"carry = nowhere", "carry: there is no fee schedule 'nowhere'"},
        {"carry = us-free", "has no rates for the cost of holding"},
        {"fees = ours", NULL},
        {"fees = itself", "includes itself"},
        {"fees = deep0", "deep8.fees: line 4: fee"},
        {"fees = holding", NULL},
        {"fees = holding  carry = ibkr-carry", NULL},
        {"fees = holding  cash_rate = 1%", "the cost of holding is set twice"},
        {"carry = ibkr-carry  margin_rate = 5%", "the cost of holding is set twice"},
        {"margin_rate = 1000%", NULL},
        {"margin_rate = 1000.01%", "margin_rate: a yearly rate"},
        {"borrow_rate = -1%", "must not be negative"},
        {"initial_margin = 10%", NULL},
        {"initial_margin = 9.99%", "initial_margin: a part of 10 % to 100 %"},
        {"initial_margin = 101%", "initial_margin: a part of 10 % to 100 %"},
        {"maintenance_long = 0.5%", "maintenance_long: a part of 1 % to 100 %"},
        {"maintenance_short = 101%", "maintenance_short: a part of 1 % to 100 %"},
        {"account_type = cash", NULL},
        {"entry_within = 0", "entry_within: "},
        {"entry_within = soon", "entry_within: "},
        {"sizing = \"half:1%\"", "sizing: "},
        {"day_rolls = noon", "day_rolls: 'noon' is not HH:MM ZONE"},
        {"day_rolls = \"25:00 UTC\"", "day_rolls: '25:00 UTC' is not a time of day"},
        {"currency = DOUBLOONS", "'DOUBLOONS' is not a currency"},
        {"calendar = nowhere", "nowhere"},
    };
    char name[32], text[96];
    put("fees/ours.fees", "title: ours\ncurrency: USD\nread: 2024-01-01\ninclude: us-free\n"
                          "fee x 2020-01-01: 0.01 per share\n");
    put("fees/itself.fees", "title: x\ncurrency: USD\nread: 2024-01-01\ninclude: itself\n");
    put("fees/empty.fees", "title: x\ncurrency: USD\nread: 2024-01-01\n");
    put("fees/holding.fees", "title: x\ncurrency: USD\nread: 2024-01-01\nfee x 2020-01-01: 1\ndebit 2020-01-01: 5%\n");
    for (int i = 0; i < 10; i++) {
        (void)snprintf(name, sizeof name, "fees/deep%d.fees", i);
        (void)snprintf(text, sizeof text, "title: x\ncurrency: USD\nread: 2024-01-01\ninclude: deep%d\n", i + 1);
        put(name, text);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        config = configure(rows[i].settings);
        const int got = config == NULL ? -1 : account_terms_check(config, "paper", &error);
        check(rows[i].message == NULL ? got == 0 : got == -1 && strstr(error.text, rows[i].message) != NULL, "%s: %s",
              rows[i].settings, error.text);
        check(rows[i].message == NULL || error.code == EXIT_USAGE || error.code == EXIT_INPUT, "by its code");
        error_clear(&error);
        config_free(config);
    }
    config = configure("lot_order = lifo");
    static const char *const names[] = {".paper", "", "a/b", "nämlich"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check(account_file(config, names[i], "lock", &error) == NULL && error.code == EXIT_USAGE &&
                  account_choose(config, names[i], &error) == NULL,
              "'%s' names no account", names[i]);
        error_clear(&error);
        check(account_terms_check(config, names[i], &error) == -1 && error.code == EXIT_USAGE, "nor has it terms");
        error_clear(&error);
    }
    check_text(account_choose(config, NULL, &error), "paper", "the only one");
    check(account_terms_lot_order(config, "paper") != account_terms_lot_order(config, "other"), "its lot order");
    config_free(config);
}

/* What trading needs of an instrument: a point of a future is worth what somebody says, and nothing is guessed. */
static void test_instruments(void)
{
    static const struct {
        const char *symbol, *message;
        const char *multiplier, *tick, *lot, *currency;
    } rows[] = {
        {"AAPL", NULL, "1", "0.01", "1", ""},
        {"FUT", "the multiplier of FUT is unknown", NULL, NULL, NULL, NULL},
        {"OPT", "the multiplier of OPT is unknown", NULL, NULL, NULL, NULL},
        {"ES", NULL, "50", "0.25", "1", ""},
        {"SAP", NULL, "1", "0.01", "10", "EUR"},
        {"BMW", NULL, "1", "0.01", "1", "EUR"},
    };
    struct account_terms terms;
    put("instruments.ndjson",
        "{\"type\":\"instrument\",\"symbol\":\"FUT\",\"kind\":\"future\"}\n"
        "{\"type\":\"instrument\",\"symbol\":\"OPT\",\"kind\":\"option\"}\n"
        "{\"type\":\"instrument\",\"symbol\":\"ES\",\"kind\":\"future\",\"multiplier\":50,\"tick_size\":0.25,"
        "\"currency\":\"USD\",\"valid_from\":\"2020-01-01\",\"valid_to\":\"2030-01-01\",\"expiry\":\"2030-01-01\"}\n"
        "{\"type\":\"instrument\",\"symbol\":\"SAP\",\"kind\":\"stock\",\"currency\":\"EUR\",\"lot_size\":10}\n"
        "{\"type\":\"instrument\",\"symbol\":\"BMW\",\"kind\":\"stock\",\"currency\":\"EUR\"}\n");
    config = configure("");
    require(config != NULL && account_terms_open(&terms, config, "paper", MODE_PAPER, NULL, 0, &error) == 0);
    check(terms.currencies.count == 1 && strcmp(terms.currencies.name[0], "EUR") == 0, "the currencies of them");
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const struct instrument *got = account_terms_instrument(&terms, rows[i].symbol, &error);
            const struct instrument *again =
                got == NULL ? NULL : account_terms_instrument(&terms, rows[i].symbol, &error);
            check(rows[i].message != NULL
                      ? got == NULL && error.code == EXIT_USAGE && strcmp(error.text, rows[i].message) == 0
                      : got != NULL && got == again && got->multiplier == d(rows[i].multiplier) &&
                            got->tick_size == d(rows[i].tick) && got->lot_size == d(rows[i].lot) &&
                            strcmp(got->currency, rows[i].currency) == 0,
                  "%s: %s", rows[i].symbol, error.text);
            error_clear(&error);
        }
    account_terms_close(&terms);
    config_free(config);
    put("instruments.ndjson", "{\"type\":\"instrument\",\"symbol\":\n");
    config = configure("");
    check(account_terms_check(config, "paper", &error) == -1 && strstr(error.text, "instruments.ndjson") != NULL,
          "a file that is damaged: %s", error.text);
    error_clear(&error);
    config_free(config);
    put("instruments.ndjson", "");
}

/* Limits of the files and of the environment: the narrower of each holds. */
static void test_gate(void)
{
    static const char *const files = "max_position = 20%  max_sector = 0%  daily_loss = 3%  max_positions = 5  "
                                     "entry_within = 2  long_only = yes  fractional = no";
    static const struct {
        const char *name, *wider, *narrower;
    } rows[] = {{"TN_MAX_POSITION", "50%", "10%"}, {"TN_MAX_SECTOR", "0%", "30%"},  {"TN_DAILY_LOSS", "10%", "1%"},
                {"TN_MAX_POSITIONS", "50", "1"},   {"TN_ENTRY_WITHIN", "any", "1"}, {"TN_LONG_ONLY", "no", "yes"},
                {"TN_FRACTIONAL", "yes", "no"}};
    for (int narrow = 0; narrow < 2; narrow++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            require(setenv(rows[i].name, narrow ? rows[i].narrower : rows[i].wider, 1) == 0);
        config = configure(files);
        struct risk_terms gate;
        check(config != NULL && account_terms_gate(&gate, config, "paper", &error) == 0, "a gate %s", error.text);
        check_dec(gate.max_position, narrow ? "0.1" : "0.2", "position");
        check_dec(gate.max_sector, narrow ? "0.3" : "0", "sector: no limit is the widest");
        check_dec(gate.daily_loss, narrow ? "0.01" : "0.03", "loss");
        check(gate.max_positions == (narrow ? 1 : 5) && gate.entry_within == (narrow ? 1 : 2) && gate.long_only &&
                  !gate.fractional,
              "positions, bars, shorts, fractions");
        config_free(config);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        require(unsetenv(rows[i].name) == 0);
    check(desk_is_wider(0, 3) && desk_is_wider(4, 3) && !desk_is_wider(3, 3) && !desk_is_wider(2, 3) &&
              !desk_is_wider(0, 0) && !desk_is_wider(5, 0),
          "0 bars: any");
}

/* --- an account with money */

/* 1000 dollars are 900 of them at 1.10 …: bought at the last rate, half to even, to the cent of each. */
static void test_conversions(void)
{
    static const struct {
        const char *from, *to, *paid, *received;
        const char *message, *result; /* what comes of it, where it is made: paid, or received */
    } rows[] = {
        {"USD", "EUR", "110", NULL, NULL, "100"},
        {"USD", "EUR", NULL, "10", NULL, "11"},
        {"USD", "EUR", "11", "9.5", NULL, "9.5"},
        {"EUR", "USD", "1", NULL, NULL, "1.1"},
        {"USD", "EUR", "110", NULL, "is already in the journal", NULL},
        {"USD", "QQX", "1", NULL, "unknown currency 'QQX'", NULL},
        {"", "USD", "1", NULL, "unknown currency ''", NULL},
        {"DOUBLOONS", "USD", "1", NULL, "unknown currency", NULL},
        {"USD", "USD", "1", NULL, "USD to USD is no conversion", NULL},
        {"USD", "JPY", "1", NULL, "no rate of JPY", NULL},
        {"JPY", "USD", "1", NULL, "no rate of JPY", NULL},
        {"USD", "EUR", "1.001", "1", "more decimals than its currency", NULL},
        {"USD", "EUR", "1", "1.001", "more decimals than its currency", NULL},
        {"USD", "JPY", "1", "100.5", "more decimals than its currency", NULL},
        {"USD", "EUR", "0.001", NULL, "below the smallest unit of EUR", NULL},
        {"USD", "EUR", "99999999", NULL, "the account has ", NULL},
        {"JPY", "USD", "1", "1", "the account has 0 JPY", NULL},
    };
    /* Euros first: a pair says something once there are any. */
    struct conversion asked = {
        .time = at("2024-03-04T00:00:00Z"), .from = "USD", .to = "EUR", .paid = 22 * DEC_ONE, .received = 20 * DEC_ONE};
    require(conversion_make(paper, &asked, &error) == 0);
    take_bar("EURUSD", "04", "1.1");
    require(paper_keep_rates(paper, &error) == 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct ledger *ledger = paper_ledger(paper);
        const int from = ledger_find_currency(ledger, rows[i].from);
        const int to = ledger_find_currency(ledger, rows[i].to);
        const dec before_from = from == 0 ? ledger->cash : from < 0 ? 0 : ledger->money[from - 1].cash;
        const dec before_to = to == 0 ? ledger->cash : to < 0 ? 0 : ledger->money[to - 1].cash;
        asked = (struct conversion){.time = at("2024-03-05T00:00:00Z"),
                                    .from = rows[i].from,
                                    .to = rows[i].to,
                                    .paid = rows[i].paid == NULL ? DEC_NONE : d(rows[i].paid),
                                    .received = rows[i].received == NULL ? DEC_NONE : d(rows[i].received)};
        const int got = conversion_make(paper, &asked, &error);
        if (rows[i].message != NULL) {
            check(got == -1 && (error.code == EXIT_USAGE || error.code == EXIT_NO) &&
                      strstr(error.text, rows[i].message) != NULL,
                  "%s %s to %s: %s", rows[i].paid, rows[i].from, rows[i].to, error.text);
            error_clear(&error);
            continue;
        }
        check(got == 0, "%s to %s: %s", rows[i].from, rows[i].to, error.text);
        const int now_from = ledger_find_currency(ledger, rows[i].from),
                  now_to = ledger_find_currency(ledger, rows[i].to);
        const dec after_from = now_from == 0 ? ledger->cash : ledger->money[now_from - 1].cash;
        const dec after_to = now_to == 0 ? ledger->cash : ledger->money[now_to - 1].cash;
        check_dec(before_from - after_from, rows[i].paid == NULL ? rows[i].result : rows[i].paid, "paid");
        check_dec(after_to - before_to, rows[i].paid == NULL ? rows[i].received : rows[i].result, "received");
    }
    require(paper_commit(paper, &error) == 0);
}

/* By hand: an entry again, where that makes sense; and what a cancel leaves. */
static void test_by_hand(void)
{
    static const struct {
        const char *id, *message;
    } rows[] = {
        {"nobody", "no order nobody in account 'paper'"},
        {"elsewhere", "no order elsewhere in account 'paper'"},
        {"works", "order works is still working"},
        {"filled", "order filled has filled: another entry needs a new decision"},
        {"out", "order out is not an entry"},
        {"second", "its strategy has a position in AAA"},
        {"before", "BBB has split since"},
    };
    const int64_t now = at("2024-03-09T00:00:00Z");
    int left = 0;
    check(order_at("works", "06", "AAA", ROLE_ENTRY, "50") == 1 &&
              order_at("filled", "06", "AAA", ROLE_ENTRY, NULL) == 1 &&
              order_at("second", "06", "AAA", ROLE_ENTRY, "51") == 1 &&
              order_at("before", "06", "BBB", ROLE_ENTRY, "51") == 1 &&
              order_at("again", "06", "CCC", ROLE_ENTRY, "51") == 1,
          "five entries: %s", error.text);
    require(paper_commit(paper, &error) == 0);
    take_bar("AAA", "06", "100");
    check(order_at("out", "07", "AAA", ROLE_EXIT, "200") == 1, "one is held, and an exit works");
    check(paper_cancel(paper, "second", now, "by hand", &error) == 0 &&
              paper_cancel(paper, "before", now, "by hand", &error) == 1 &&
              paper_cancel(paper, "again", now, "by hand", &error) == 1 &&
              paper_cancel(paper, "nobody", now, "by hand", &error) == 0,
          "the other entry of its strategy is gone, two are cancelled");
    /* BBB splits after its entry was decided. */
    const struct ledger *ledger = paper_ledger(paper);
    require(ledger_find_slot(ledger, "BBB") >= 0);
    struct action split = make_split("sp", at("2024-03-07T12:00:00Z"), "BBB", 2, 1);
    memcpy(split.account, "paper", 6);
    require(paper_event(paper, RECORD_ACTION, &split, &error) == 0);
    struct journal *journal = paper_journal(paper);
    struct order other = make_order("elsewhere", now, "AAA", SIDE_BUY, "1", ROLE_ENTRY);
    memcpy(other.account, "other", 6);
    require(journal_put(journal, MODE_PAPER, RECORD_ORDER, &other, &error) == 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(paper_again(paper, rows[i].id, now, &error) == -1 && error.code == EXIT_NO &&
                  strstr(error.text, rows[i].message) != NULL,
              "again: %s", error.text);
        error_clear(&error);
    }
    check(paper_again(paper, "CCC", now, &error) == 1, "once more, by its symbol: %s", error.text);
    check(paper_again(paper, "again", now, &error) == -1 && strstr(error.text, "already repeated") != NULL,
          "but not twice");
    error_clear(&error);
    /* One that a person gave, good till a date: it keeps that date. An exit given so is cancelled with the entries. */
    struct order hand = make_order("hand", now, "DDD", SIDE_BUY, "1", ROLE_ENTRY);
    memcpy(hand.account, "paper", 6);
    hand.signal[0] = '\0';
    hand.strategy[0] = '\0';
    hand.reference_price = d("100");
    hand.order_type = ORDER_LIMIT;
    hand.limit_price = d("50");
    hand.time_in_force = TIF_GTD;
    hand.expires = at("2024-03-12T00:00:00Z") / TIME_DAY;
    check(paper_submit(paper, &hand, TIME_NONE, &error) == 1 &&
              paper_cancel(paper, "hand", now, "by hand", &error) == 1 && paper_again(paper, "hand", now, &error) == 1,
          "an order by hand: %s", error.text);
    const struct open_order *open_order = ledger->open_order[ledger->open_orders - 1];
    check(strcmp(open_order->order.symbol, "DDD") == 0 && open_order->order.attempt == 2 &&
              open_order->order.expires == hand.expires && open_order->order.valid_until == at("2024-03-13T00:00:00Z"),
          "is good to the end of its date");
    check(paper_cancel_symbol(paper, "DDD", false, now, &left, &error) == 1 && left == 0, "and is cancelled");
    check(paper_cancel_symbol(paper, "AAA", false, now, &left, &error) == 1 && left == 1 &&
              ledger_open_order(ledger, "out") != NULL && ledger_open_order(ledger, "works") == NULL,
          "the entries of a symbol; its exit stays");
    check(paper_cancel_symbol(paper, "", true, now, &left, &error) == 2 && left == 0 && ledger->open_orders == 0,
          "all of all");
    check(paper_cancel_symbol(paper, "", true, now, &left, &error) == 0, "again: none");
    require(paper_commit(paper, &error) == 0);
}

/* --- saved states */

static int change(const char *path, const char *sql)
{
    static const char *const nothing[] = {""};
    static const struct db_schema any = {"journal", 0x544e6a31, nothing, 2, "", ""};
    struct db *db = db_open(path, DB_WRITE, &any, &error);
    const int result = db == NULL ? -1 : db_execute(db, sql, &error);
    db_close(db);
    return result;
}

static void save_state(int *made, int count)
{
    open_paper();
    require(paper_begin(paper, &error) == 0);
    for (int i = 0; i < count; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "small-%d", ++*made);
        const struct cash cash = deposit_of("paper", id, "1");
        require(paper_event(paper, RECORD_CASH, &cash, &error) == 0);
    }
    require(paper_commit(paper, &error) == 0);
    paper_close(paper);
}

static void test_states(const char *path)
{
    static const struct {
        const char *what, *sql, *why;
        bool older; /* than the one that is not used there is another */
    } rows[] = {
        {"a changed state", "UPDATE state SET state = zeroblob(9) WHERE n = (SELECT max(n) FROM state)",
         "it does not match its checkpoint", true},
        {"one of another event", "UPDATE state SET n = n + 1 WHERE n = (SELECT max(n) FROM state)",
         "no event refers to it", true},
        {"both changed", "UPDATE state SET state = x'00'", "it does not match its checkpoint", false},
    };
    struct journal_check verified;
    struct error dropped;
    bool older;
    int made = 0;
    save_state(&made, 700);
    save_state(&made, 700);
    dec cash = read_cash(&dropped, &older);
    check(cash > 0 && dropped.code == EXIT_DONE && older, "read from a saved state");
    check(journal_verify(path, &verified, &error) == 0 && verified.checkpoints >= 2, "%lld checkpoints hold: %s",
          (long long)verified.checkpoints, error.text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        require(change(path, rows[i].sql) == 0);
        check(read_cash(&dropped, &older) == cash && strstr(dropped.text, rows[i].why) != NULL &&
                  older == rows[i].older,
              "%s is not used: %s", rows[i].what, dropped.text);
        check(journal_verify(path, &verified, &error) == -1 && error.code == EXIT_STATE &&
                  strstr(error.text, rows[i].why) != NULL && strstr(error.hint, "tn-journal rebuild") != NULL,
              "nor verified: %s", error.text);
        error_clear(&error);
        struct journal *journal = journal_open(path, JOURNAL_WRITE, &error);
        check(journal_rebuild(journal, &error) == 0, "rebuilt");
        journal_close(journal);
        check(journal_verify(path, &verified, &error) == 0 && read_cash(&dropped, &older) == cash &&
                  dropped.code == EXIT_DONE,
              "and sound: %s", error.text);
        save_state(&made, 700); /* so that there are two again */
        cash += 700 * DEC_ONE;
    }
    /* Days that are counted another way: a state says how it counted, and is not used for others. */
    struct config *before = config;
    config = configure(TERMS "  day_rolls = \"12:00 UTC\"");
    check(read_cash(&dropped, &older) == cash && !older && strstr(dropped.text, "other terms") != NULL,
          "other terms: %s", dropped.text);
    config_free(config);
    config = before;
    /* Whoever reads without the terms of a configuration takes them from the state: a query, a record from outside. */
    struct journal *journal = journal_open(path, JOURNAL_READ, &error);
    struct statement *row = journal_query(journal, "SELECT cash FROM accounts WHERE account = 'paper'", &error);
    check(row != NULL && statement_step(row, &error) == 1 && statement_int(row, 0) == cash / DEC_ONE,
          "a query reads it: %s", error.text);
    statement_close(row);
    journal_close(journal);
    const struct cash more = deposit_of("paper", "more", "1");
    struct buf line;
    buf_init(&line, RECORD_LINE_MAX + 1);
    record_encode(&line, RECORD_CASH, &more);
    journal = journal_open(path, JOURNAL_WRITE, &error);
    check(journal_begin(journal, &error) == 0 && journal_append(journal, MODE_PAPER, buf_str(&line), &error) == 1 &&
              journal_commit(journal, &error) == 0 && read_cash(&dropped, &older) == cash + DEC_ONE,
          "a record from outside is checked against it: %s", error.text);
    journal_close(journal);
    buf_clear(&line);
}

static void test_accounts(const char *path)
{
    const struct paper_options other = {.config = config, .account = "nobody"},
                               same = {.config = config, .account = "paper"};
    const struct account_options read = {.config = config, .name = "nobody"};
    struct account account;
    struct journal *journal = journal_open(path, JOURNAL_CREATE, &error);
    const struct cash cash = deposit_of("paper", "open", "100000");
    require(journal != NULL && journal_begin(journal, &error) == 0 &&
            journal_put(journal, MODE_PAPER, RECORD_CASH, &cash, &error) == 1 && journal_commit(journal, &error) == 0);
    journal_close(journal);
    check(paper_open(&other, &error) == NULL && error.code == EXIT_USAGE &&
              strcmp(error.text, "account 'nobody' is not open") == 0,
          "an account that was never opened");
    error_clear(&error);
    check(account_open(&account, &read, ACCOUNT_READ, &error) == -1 && error.code == EXIT_USAGE, "nor is it read");
    account_close(&account);
    error_clear(&error);
    open_paper();
    check(paper_open(&same, &error) == NULL && error.code == EXIT_UNAVAILABLE, "one is traded once at a time");
    error_clear(&error);
}

int main(void)
{
    char path[PATH_MAX];
    open_home(path);
    test_settings();
    test_instruments();
    test_gate();
    config = configure(TERMS);
    require(config != NULL);
    test_accounts(path);
    test_conversions();
    test_by_hand();
    paper_close(paper);
    test_states(path);
    config_free(config);
    remove_home();
    return done();
}
