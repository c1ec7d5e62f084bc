/* A ledger saved and loaded: the fold from the first event is the load of any state and the events after it; bytes that
 * are no state are refused; what one looks like is held by a digest. */
#include "base/hash.h"
#include "base/random.h"
#include "ledger/state.h"
#include "money.h"
#include "record/record.h"

#include <stdlib.h>

static struct error error;

static const char *const symbols[] = {"A", "SAP", "BRK.B", "EURUSD"};

struct story {
    struct random random;
    int64_t time;
    int ids;
};

/* One more event for whatever the ledger is; the same for each ledger that is told. */
struct happening {
    enum record_type type;
    union record_value value;
};

static dec amount(struct random *random, int most)
{
    return (dec)(1 + random_below(random, (uint32_t)most)) * DEC_ONE;
}

static void make_fill_of(struct happening *event, struct story *story, const struct open_order *open_order,
                         const char *id)
{
    struct fill fill = make_fill(id, story->time, open_order->order.symbol, open_order->order.side, "1", "10", "0.5");
    const dec left = open_order->order.quantity - open_order->filled;
    fill.quantity = random_below(&story->random, 2) == 0 ? left : left / 2 + 1;
    fill.price = amount(&story->random, 90);
    memcpy(fill.order_id, open_order->order.id, sizeof fill.order_id);
    memcpy(fill.strategy, open_order->order.strategy, sizeof fill.strategy);
    if (side_sign(fill.side) < 0)
        fill.settles = story->time + 2 * TIME_DAY;
    if (strcmp(fill.symbol, "SAP") == 0) /* trades in euros, whose rate is a symbol beside it */
        memcpy(fill.currency, "EUR", 4);
    event->type = RECORD_FILL;
    event->value.fill = fill;
}

static void make_new_order(struct happening *event, struct story *story, const char *id, const char *symbol)
{
    const enum side side = random_below(&story->random, 2) == 0 ? SIDE_BUY : SIDE_SELL;
    struct order order = make_order(id, story->time, symbol, side, "1", side == SIDE_BUY ? ROLE_ENTRY : ROLE_EXIT);
    order.quantity = amount(&story->random, 50);
    (void)snprintf(order.strategy, sizeof order.strategy, "s-%d", (int)random_below(&story->random, 3));
    if (random_below(&story->random, 3) == 0) {
        order.leg_count = 1;
        order.legs[0] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, 5 * DEC_ONE);
    }
    event->type = RECORD_ORDER;
    event->value.order = order;
}

static struct order_update update_of(const struct story *story, const struct open_order *open_order,
                                     enum order_status status)
{
    struct order_update update = {.time = story->time, .status = status, .account = "test", .mode = MODE_PAPER};
    memcpy(update.order_id, open_order->order.id, sizeof update.order_id);
    return update;
}

static void make_facts(struct happening *event, struct story *story, const char *symbol)
{
    struct instrument_facts *facts = &event->value.instrument;
    event->type = RECORD_INSTRUMENT;
    record_blank(event->type, facts);
    facts->kind = INSTRUMENT_KIND_STOCK;
    facts->lot_size = amount(&story->random, 9);
    facts->valid_from = 7000 + (int64_t)random_below(&story->random, 5000);
    (void)snprintf(facts->symbol, sizeof facts->symbol, "%s", symbol);
    (void)snprintf(facts->account, sizeof facts->account, "test");
    (void)snprintf(facts->sector, sizeof facts->sector, "sector %d", (int)random_below(&story->random, 9));
    (void)snprintf(facts->currency, sizeof facts->currency, "%s", strcmp(symbol, "SAP") == 0 ? "EUR" : "USD");
}

static void next_event(struct happening *event, struct story *story, const struct ledger *ledger)
{
    struct random *random = &story->random;
    const char *const symbol = symbols[random_below(random, 4)];
    const struct open_order *open_order =
        ledger->open_orders == 0 ? NULL : ledger->open_order[random_below(random, (uint32_t)ledger->open_orders)];
    char id[32];
    story->time += (int64_t)random_below(random, 40000) * TIME_SECOND;
    (void)snprintf(id, sizeof id, "x%d", ++story->ids);
    memset(event, 0, sizeof *event);
    const uint64_t kind = random_below(random, open_order == NULL ? 6 : 10);
    if (open_order == NULL && kind > 5) /* never: it says so to the linter */
        return;
    switch (kind) {
    case 0:
    case 1:
        make_new_order(event, story, id, symbol);
        if (open_order != NULL && random_below(random, 3) == 0)
            memcpy(event->value.order.oto, open_order->order.id, sizeof event->value.order.oto);
        return;
    case 2:
        event->type = RECORD_MARK;
        event->value.mark =
            (struct mark){.time = story->time, .bar = story->time - TIME_DAY, .interval = one_day, .account = "test"};
        event->value.mark.interval.count = 1 + story->ids % 9; /* more than a few */
        event->value.mark.price = amount(random, 90);
        (void)snprintf(event->value.mark.symbol, SYMBOL_SIZE, "%s", symbol);
        return;
    case 3:
        if (random_below(random, 3) == 0) {
            make_facts(event, story, symbol);
            return;
        }
        event->type = RECORD_EQUITY;
        event->value.equity = (struct equity){.time = story->time, .account = "test", .equity = equity_of(ledger)};
        return;
    case 4:
        event->type = RECORD_ACTION;
        event->value.action = random_below(random, 2) == 0 ? make_split(id, story->time, symbol, 2, 1)
                                                           : make_dividend(id, story->time, symbol, "0.25");
        return;
    case 5:
        event->type = random_below(random, 4) == 0 ? RECORD_HALT : RECORD_CASH;
        if (event->type == RECORD_HALT)
            event->value.halt =
                (struct halt){.time = story->time, .account = "test", .halted = (int)random_below(random, 2)};
        else
            event->value.cash = (struct cash){.time = story->time,
                                              .amount = amount(random, 90),
                                              .kind = CASH_DEPOSIT,
                                              .rate = DEC_NONE,
                                              .cross_rate = DEC_NONE};
        if (event->type == RECORD_CASH)
            (void)snprintf(event->value.cash.currency, WORD_SIZE, "%s",
                           (const char *const[]){"USD", "EUR", "JPY"}[random_below(random, 3)]);
        return;
    case 6:
        event->type = RECORD_ORDER_UPDATE;
        event->value.order_update = update_of(story, open_order, STATUS_ACCEPTED);
        if (random_below(random, 2) == 0) {
            event->value.order_update.revision = open_order->revision + 1;
            event->value.order_update.quantity = event->value.order_update.limit_price = DEC_NONE;
            event->value.order_update.stop_price = amount(random, 90);
        }
        return;
    case 7:
        event->type = RECORD_ORDER_UPDATE;
        event->value.order_update = update_of(
            story, open_order, open_order->filled == open_order->order.quantity ? STATUS_FILLED : STATUS_CANCELED);
        return;
    default:
        if (open_order->filled < open_order->order.quantity)
            make_fill_of(event, story, open_order, id);
        return;
    }
}

static void save(const struct ledger *ledger, struct buf *out)
{
    buf_reset(out);
    error_clear(&error);
    if (ledger_save(ledger, out, &error) != 0)
        printf("# %s\n", error.text);
}

static void reload(struct ledger *ledger, const struct buf *state, const struct ledger_terms *terms)
{
    ledger_clear(ledger);
    error_clear(&error);
    if (ledger_load(ledger, terms, buf_str(state), &error) != 0) {
        printf("# %s\n", error.text);
        require(ledger_init(ledger, terms, &error) == 0);
    }
}

/* One ledger is told everything, the other is saved and loaded after each event. */
static void check_story(uint64_t seed, int events, struct buf *last)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct story story = {.time = INT64_C(1795185000) * TIME_SECOND};
    struct ledger whole, pieces;
    struct buf a, b;
    int different = 0, refused = 0;
    random_init(&story.random, seed);
    buf_init(&a, LEDGER_STATE_MAX);
    buf_init(&b, LEDGER_STATE_MAX);
    require(ledger_init(&whole, &terms, &error) == 0 && ledger_init(&pieces, &terms, &error) == 0);
    for (int i = 0; i < events; i++) {
        static struct happening event;
        next_event(&event, &story, &whole);
        error_clear(&error);
        const int first = ledger_apply(&whole, event.type, &event.value, &error);
        error_clear(&error);
        const int second = ledger_apply(&pieces, event.type, &event.value, &error);
        refused += first != second;
        save(&whole, &a);
        reload(&pieces, &a, &terms);
        save(&pieces, &b);
        different += !str_equal(buf_str(&a), buf_str(&b)) || pieces.value != whole.value ||
                     pieces.gross != whole.gross || pieces.exposed != whole.exposed ||
                     equity_of(&pieces) != equity_of(&whole);
    }
    check(different == 0 && refused == 0, "seed %d: load and tail are the fold at each of %d events", (int)seed,
          events);
    check(whole.slots > 1 && whole.holdings > 1, "of %zu symbols, %zu holdings, %zu orders", whole.slots,
          whole.holdings, whole.open_orders);
    buf_reset(last);
    buf_add_str(last, buf_str(&a));
    ledger_clear(&whole);
    ledger_clear(&pieces);
    buf_clear(&a);
    buf_clear(&b);
}

static bool is_refused(struct str state)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    error_clear(&error);
    if (ledger_load(&ledger, &terms, state, &error) != 0)
        return error.code == EXIT_STATE && error.text[0] != '\0';
    ledger_clear(&ledger);
    return false;
}

/* The state of a busy account: it is refused wherever it ends early. Of each byte one bit is changed; what loads then
 * is saved as it is. */
static void check_busy(struct buf *state)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    struct buf again;
    size_t refused = 0;
    int wrong = 0;
    buf_init(&again, LEDGER_STATE_MAX);
    for (size_t n = 0; n < state->n; n++)
        refused += is_refused((struct str){state->p, n});
    check(refused == state->n, "the state of a busy account is refused at each of its %zu ends", state->n);
    for (size_t n = 0; n < state->n; n++) {
        state->p[n] = (char)((unsigned char)state->p[n] ^ 1U << n % 8);
        error_clear(&error);
        if (ledger_load(&ledger, &terms, buf_str(state), &error) == 0) {
            save(&ledger, &again);
            wrong += !str_equal(buf_str(&again), buf_str(state));
            ledger_clear(&ledger);
        } else {
            wrong += error.code != EXIT_STATE;
        }
        state->p[n] = (char)((unsigned char)state->p[n] ^ 1U << n % 8);
    }
    check(wrong == 0, "a bit of each byte changed: refused, or another state that is saved as it is");
    buf_clear(&again);
}

/* What loads is what would be saved; everything else is refused. */
static void check_bytes(struct buf *state)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    struct buf again;
    int wrong = 0, loaded = 0;
    buf_init(&again, LEDGER_STATE_MAX);
    for (size_t n = 0; n < state->n; n++) {
        error_clear(&error);
        wrong += ledger_load(&ledger, &terms, (struct str){state->p, n}, &error) == 0 || error.code != EXIT_STATE;
    }
    check(wrong == 0, "a state that ends early is refused, at each of %zu bytes", state->n);
    for (size_t n = 0; n < state->n; n++) {
        for (unsigned bit = 1; bit < 256; bit = bit << 1 | (bit == 128)) {
            if (bit > 128)
                break;
            state->p[n] = (char)((unsigned char)state->p[n] ^ bit);
            error_clear(&error);
            if (ledger_load(&ledger, &terms, buf_str(state), &error) == 0) {
                save(&ledger, &again);
                wrong += !str_equal(buf_str(&again), buf_str(state));
                loaded++;
                ledger_clear(&ledger);
            } else {
                wrong += error.code != EXIT_STATE;
            }
            state->p[n] = (char)((unsigned char)state->p[n] ^ bit);
        }
    }
    check(wrong == 0, "each bit changed: refused, or another state that is saved as it is (%d)", loaded);
    buf_add_char(state, 'x');
    error_clear(&error);
    check(ledger_load(&ledger, &terms, buf_str(state), &error) != 0 && strstr(error.text, "trailing bytes") != NULL,
          "bytes behind the end are refused");
    state->n--;
    buf_clear(&again);
}

static void check_terms(const struct buf *state)
{
    struct ledger_terms terms[5];
    struct ledger ledger;
    for (int i = 0; i < 5; i++)
        terms[i] = money_terms(NULL);
    (void)snprintf(terms[0].account, sizeof terms[0].account, "other");
    (void)snprintf(terms[1].currency, sizeof terms[1].currency, "EUR");
    terms[2].mode = MODE_LIVE;
    terms[3].day_rolls = 0;
    terms[4].lot_order = LOTS_LIFO;
    for (int i = 0; i < 5; i++) {
        error_clear(&error);
        (void)ledger_load(&ledger, &terms[i], buf_str(state), &error);
        check_text(error.text, "the state of the account: the account had other terms", "other terms are refused");
    }
}

/* The bytes of one small ledger. When this fails, a struct or the meaning of a member has changed: raise LEDGER_FORMAT
 * and put the new digest here. */
static void check_golden(void)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    struct buf state;
    uint8_t digest[SHA256_SIZE];
    char text[SHA256_HEX_SIZE];
    buf_init(&state, LEDGER_STATE_MAX);
    require(ledger_init(&ledger, &terms, &error) == 0);
    apply_cash(&ledger, at("2026-01-02T14:00:00Z"), CASH_DEPOSIT, "1000", &error);
    const struct order order = make_order("o1", at("2026-01-02T21:00:00Z"), "AAPL", SIDE_BUY, "2", ROLE_ENTRY);
    const struct fill fill = make_fill("f1", at("2026-01-05T14:30:00Z"), "MSFT", SIDE_BUY, "3", "10", "0.5");
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              apply_mark(&ledger, "MSFT", at("2026-01-05T05:00:00Z"), at("2026-01-05T21:00:00Z"), "11", &error) == 0,
          "a small ledger");
    save(&ledger, &state);
    struct sha256 *sha256 = sha256_new(&error);
    check(sha256_of(sha256, state.p, state.n, digest, &error) == 0, "%zu bytes", state.n);
    hash_hex(text, digest, SHA256_SIZE);
    check_text(text, "321618950553724af0adf224c3e3612706011b5241b5fadde0b4145d82a7c525",
               "its digest (LEDGER_FORMAT 16)");
    sha256_free(sha256);
    ledger_clear(&ledger);
    buf_clear(&state);
}

int main(int argc, char **argv)
{
    struct buf state;
    buf_init(&state, LEDGER_STATE_MAX);
    if (argc == 2) { /* a seed for fuzz-state */
        check_story((uint64_t)strtoul(argv[1], NULL, 10), 40, &state);
        return fwrite(state.p, 1, state.n, stderr) == state.n ? 0 : 1;
    }
    for (uint64_t seed = 1; seed <= 11; seed++)
        check_story(seed, seed == 11 ? 60 : 300, &state);
    check_busy(&state);
    check_story(12, 12, &state);
    check_bytes(&state);
    check_terms(&state);
    check_golden();
    buf_clear(&state);
    return done();
}
