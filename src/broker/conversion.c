/* Works out and books conversions. */
#include "broker/conversion.h"

#include <stdio.h>
#include <string.h>

static int check_currency(const struct ledger *ledger, const char *code, struct error *error)
{
    if (strlen(code) < CURRENCY_SIZE && code[0] != '\0' &&
        (currency_is_known(code) || ledger_find_currency(ledger, code) >= 0))
        return 0;
    error_set(error, EXIT_USAGE, "convert: unknown currency '%s'", code);
    error_hint(error, "use a code of ISO 4217 such as EUR, or a coin such as BTC");
    return -1;
}

static int say_no_rate(const struct ledger *ledger, const char *code, struct error *error)
{
    char pairs[LEDGER_PAIRS_SIZE];
    ledger_name_pairs(ledger, code, pairs);
    error_set(error, EXIT_NO, "convert: no rate of %s from the last 4 days", code);
    const struct names *listed = ledger->terms.currencies;
    /* Bars of its pairs would be passed over. */
    if (ledger_find_currency(ledger, code) < 0 && (listed == NULL || names_find(listed, str_of(code)) < 0))
        error_hint(error,
                   "the account has no %s, and no instrument trades in it: give the amounts of the bank with --for",
                   code);
    else
        error_hint(error, "settle bars of %s, or give the amount received with --for", pairs);
    return -1;
}

/* An amount of a currency in another by the last rates, through the account's own. */
static int price(const struct ledger *ledger, dec amount, const char *from, const char *to, bool up, int64_t time,
                 dec *result, struct error *error)
{
    const int64_t moment = ledger->now > time ? ledger->now : time;
    const struct rate first = ledger_rate(ledger, from, moment).rate;
    const struct rate last = ledger_rate(ledger, to, moment).rate, back = rate_back(&last);
    const enum rounding rounding = up ? ROUND_UP : ROUND_HALF_EVEN;
    dec own;
    if (first.price == DEC_NONE || last.price == DEC_NONE)
        return say_no_rate(ledger, first.price == DEC_NONE ? from : to, error);
    if (rate_convert(&first, amount, 1, rounding, &own) != 0 ||
        rate_convert(&back, own, currency_unit(to), rounding, result) != 0 || *result <= 0)
        return error_set(error, EXIT_NO, "convert: the amount is out of range, or below the smallest unit of %s", to);
    return 0;
}

static dec cash_in(const struct ledger *ledger, const char *code)
{
    const int currency = ledger_find_currency(ledger, code);
    return currency == 0 ? ledger->cash : currency < 0 ? 0 : ledger->money[currency - 1].cash;
}

/* An id that says what is converted and when: the same again is the same. */
static int name(const struct ledger *ledger, const struct conversion *conversion, const char *side,
                char id[static ID_SIZE], struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char text[4 * ID_SIZE];
    struct sha256 *hash = sha256_new(error);
    const int length =
        snprintf(text, sizeof text, "%s %lld %s %s %lld %lld %s", ledger->terms.account, (long long)conversion->time,
                 conversion->from, conversion->to, (long long)conversion->paid, (long long)conversion->received, side);
    const int result = hash == NULL ? -1 : sha256_of(hash, text, (size_t)length, digest, error);
    sha256_free(hash);
    memcpy(id, "fx", 2);
    if (result == 0)
        hash_base32(id + 2, digest, 80);
    return result;
}

static int book(struct paper *paper, const struct conversion *conversion, const char *code, dec amount,
                const char *side, struct error *error)
{
    const struct ledger *ledger = paper_ledger(paper);
    struct cash cash = {.time = conversion->time,
                        .amount = amount,
                        .kind = CASH_FX,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .settlement_unit = DEC_NONE};
    char text[64];
    struct event event;
    if (name(ledger, conversion, side, cash.id, error) != 0)
        return -1;
    (void)snprintf(cash.account, sizeof cash.account, "%s", ledger->terms.account);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s", code);
    (void)snprintf(text, sizeof text, "%s to %s", conversion->from, conversion->to);
    cash.reference = str_of(text);
    const struct money_rate rate = ledger_rate(ledger, code, TIME_NONE);
    ledger_say_rate(ledger, &rate, cash.pair, &cash.rate, cash.cross_pair, &cash.cross_rate);
    const int known = journal_find(paper_journal(paper), RECORD_CASH, cash.id, &event, error);
    if (known != 0)
        return known < 0 ? -1 : error_set(error, EXIT_NO, "convert: this conversion is already in the journal");
    return paper_event(paper, RECORD_CASH, &cash, error);
}

int conversion_make(struct paper *paper, const struct conversion *asked, struct error *error)
{
    const struct ledger *ledger = paper_ledger(paper);
    struct conversion made = *asked;
    char text[DEC_TEXT_MAX];
    if (paper_begin(paper, error) != 0)
        return -1;
    if (check_currency(ledger, made.from, error) != 0 || check_currency(ledger, made.to, error) != 0)
        return -1;
    if (strcmp(made.from, made.to) == 0)
        return error_set(error, EXIT_USAGE, "convert: %s to %s is no conversion", made.from, made.to);
    if (made.received == DEC_NONE &&
        price(ledger, made.paid, made.from, made.to, false, made.time, &made.received, error) != 0)
        return -1;
    if (made.paid == DEC_NONE &&
        price(ledger, made.received, made.to, made.from, true, made.time, &made.paid, error) != 0)
        return -1;
    if (made.paid % currency_unit(made.from) != 0 || made.received % currency_unit(made.to) != 0)
        return error_set(error, EXIT_USAGE, "convert: an amount has more decimals than its currency");
    const dec there = cash_in(ledger, made.from);
    if (made.paid > there) {
        text[dec_format(text, there > 0 ? there : 0)] = '\0';
        return error_set(error, EXIT_NO, "convert: the account has %s %s", text, made.from);
    }
    return book(paper, &made, made.from, -made.paid, "out", error) == 0
               ? book(paper, &made, made.to, made.received, "in", error)
               : -1;
}
