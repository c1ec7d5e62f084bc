/* The codes of currencies, their minor units, and conversion by the price of a pair. */
#include "market/currency.h"

#include <string.h>

/* Is a code among words that stand between spaces? */
static bool is_among(const char *codes, const char *code)
{
    char word[CURRENCY_SIZE + 2];
    const size_t length = strlen(code);
    if (length == 0 || length >= CURRENCY_SIZE)
        return false;
    word[0] = ' ';
    memcpy(word + 1, code, length);
    memcpy(word + 1 + length, " ", 2);
    return strstr(codes, word) != NULL;
}

/* SIX Financial Information, maintenance agency of ISO 4217, list one; coins by the units of their chains. */
static const struct {
    const char *codes;
    dec unit;
} minor_units[] = {
    {" BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ", DEC_ONE},
    {" BHD IQD JOD KWD LYD OMR TND ", DEC_ONE / 1000},
    {" CLF UYW ", DEC_ONE / 10000},
    {" USDC USDT ", DEC_ONE / 1000000},
    {" BTC ETH LTC SOL XBT ", 1},
    {" AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNH CNY "
     "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
     "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
     "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
     "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG ",
     DEC_ONE / 100},
};

dec currency_unit(const char *code)
{
    for (size_t i = 0; i < sizeof minor_units / sizeof *minor_units; i++)
        if (is_among(minor_units[i].codes, code))
            return minor_units[i].unit;
    return DEC_ONE / 100;
}

bool currency_is_known(const char *code)
{
    for (size_t i = 0; i < sizeof minor_units / sizeof *minor_units; i++)
        if (is_among(minor_units[i].codes, code))
            return true;
    return false;
}

void currency_pair(char symbol[static CURRENCY_PAIR_SIZE], const char *base, const char *quote, int spelling)
{
    static const char between[CURRENCY_SPELLINGS][2] = {"", "/", "-", ".", "_", ""};
    require(strlen(base) < CURRENCY_SIZE && strlen(quote) < CURRENCY_SIZE);
    const size_t first = strlen(base), middle = strlen(between[spelling]), last = strlen(quote);
    memcpy(symbol, base, first);
    memcpy(symbol + first, between[spelling], middle);
    memcpy(symbol + first + middle, quote, last + 1);
    if (spelling == CURRENCY_SPELLINGS - 1)
        memcpy(symbol + first + middle + last, "=X", 3);
}

int currency_pair_way(const char *symbol, const char *base, const char *quote)
{
    char pair[CURRENCY_PAIR_SIZE];
    for (int spelling = 0; spelling < CURRENCY_SPELLINGS; spelling++) {
        currency_pair(pair, base, quote, spelling);
        if (strcmp(symbol, pair) == 0)
            return 1;
        currency_pair(pair, quote, base, spelling);
        if (strcmp(symbol, pair) == 0)
            return -1;
    }
    return 0;
}

/* What is left of a symbol beside a code, and beside what may stand between two. */
static bool take_other(const char *rest, size_t length, bool behind, char other[static CURRENCY_SIZE])
{
    if (length > 1 && strchr("/-._", rest[behind ? 0 : length - 1]) != NULL) {
        rest += behind;
        length--;
    }
    if (length >= CURRENCY_SIZE)
        return false;
    memcpy(other, rest, length);
    other[length] = '\0';
    return currency_is_known(other);
}

bool currency_pair_other(const char *symbol, const char *code, char other[static CURRENCY_SIZE])
{
    size_t length = strlen(symbol);
    const size_t own = strlen(code);
    if (length > 2 && strcmp(symbol + length - 2, "=X") == 0)
        length -= 2;
    if (own == 0 || length <= own)
        return false;
    const bool found =
        (strncmp(symbol, code, own) == 0 && take_other(symbol + own, length - own, true, other)) ||
        (strncmp(symbol + length - own, code, own) == 0 && take_other(symbol, length - own, false, other));
    return found && strcmp(other, code) != 0 && currency_pair_way(symbol, code, other) != 0;
}

struct rate rate_of_pairs(const char *code, const char *own, const char *pair, dec price, const char *cross_pair,
                          dec cross_price)
{
    char third[CURRENCY_SIZE];
    if (price <= 0)
        return RATE_NONE;
    if (cross_pair[0] == '\0')
        return (struct rate){.price = price, .inverse = currency_pair_way(pair, code, own) < 0};
    if (cross_price <= 0 || !currency_pair_other(cross_pair, own, third))
        return RATE_NONE;
    return (struct rate){.price = price,
                         .inverse = currency_pair_way(pair, code, third) < 0,
                         .cross = cross_price,
                         .cross_inverse = currency_pair_way(cross_pair, third, own) < 0};
}

/* n ÷ d, both at least 0, d > 0. */
static unsigned __int128 divide(unsigned __int128 n, unsigned __int128 d, bool away, bool even)
{
    const unsigned __int128 quotient = n / d, rest = n % d;
    if (even)
        return quotient + (rest > d - rest || (rest == d - rest && (quotient & 1) != 0));
    return quotient + (away && rest != 0);
}

/* n ÷ (a × b), both divisors above 0: their product may be beyond 128 bits. */
static unsigned __int128 divide_twice(unsigned __int128 n, unsigned __int128 a, unsigned __int128 b, bool away,
                                      bool even)
{
    const unsigned __int128 first = n / a, low = n % a, quotient = first / b, high = first % b;
    if (!even)
        return quotient + (away && (low != 0 || high != 0));
    /* The rest is high × a + low, low < a: more than half of a × b, or just that? */
    const unsigned __int128 half = b / 2;
    const bool odd = (b & 1) != 0;
    const bool more = high > half || (high == half && (odd ? low > a - low : low > 0));
    const bool tie = high == half && (odd ? low == a - low : low == 0);
    return quotient + (more || (tie && (quotient & 1) != 0));
}

/* An amount by a cross rate, in units, as far as that fits: each pair multiplies or divides. What is more than 128 bits
 * wide is beyond a dec, too. */
static int convert_cross(const struct rate *rate, unsigned __int128 size, unsigned __int128 unit, bool away, bool even,
                         unsigned __int128 *units)
{
    const unsigned __int128 price = (unsigned __int128)rate->price, cross = (unsigned __int128)rate->cross;
    const unsigned __int128 one = (unsigned __int128)DEC_ONE;
    unsigned __int128 n;
    if (rate->inverse && rate->cross_inverse) {
        *units = divide_twice(size * one * one, price * unit, cross, away, even);
    } else if (rate->inverse || rate->cross_inverse) {
        const unsigned __int128 up = rate->inverse ? cross : price, down = rate->inverse ? price : cross;
        *units = divide(size * up, down * unit, away, even);
    } else {
        if (__builtin_mul_overflow(size * price, cross, &n))
            return -1;
        *units = divide_twice(n, one * one, unit, away, even);
    }
    return 0;
}

int rate_convert(const struct rate *rate, dec amount, dec unit, enum rounding rounding, dec *converted)
{
    if (amount == DEC_NONE || rate->price == DEC_NONE) {
        *converted = DEC_NONE;
        return 0;
    }
    if (rate->price <= 0 || unit <= 0)
        return -1;
    if (rate->price == DEC_ONE && unit == 1 &&
        rate->cross == 0) { /* the account's own currency: each fill asks several times */
        *converted = amount;
        return 0;
    }
    const bool negative = amount < 0;
    const unsigned __int128 size = (unsigned __int128)(negative ? -amount : amount);
    /* In units: amount × price ÷ (1e8 × unit), or amount × 1e8 ÷ (price × unit). Both stay below 2^127. */
    const unsigned __int128 n = size * (unsigned __int128)(rate->inverse ? DEC_ONE : rate->price);
    const unsigned __int128 d = (unsigned __int128)(rate->inverse ? rate->price : DEC_ONE) * (unsigned __int128)unit;
    const bool away =
        rounding == ROUND_UP || (rounding == ROUND_CEILING && !negative) || (rounding == ROUND_FLOOR && negative);
    const bool even = rounding == ROUND_HALF_EVEN;
    unsigned __int128 units;
    if (rate->cross == 0)
        units = divide(n, d, away, even);
    else if (rate->cross < 0 || convert_cross(rate, size, (unsigned __int128)unit, away, even, &units) != 0)
        return -1;
    if (units > (unsigned __int128)(DEC_MAX / unit))
        return -1;
    const dec result = (dec)units * unit;
    *converted = negative ? -result : result;
    return 0;
}
