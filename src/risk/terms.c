/* The limits' defaults and the text of a sizing rule. */
#include "risk/risk.h"

#include <string.h>

struct risk_terms risk_defaults(void)
{
    return (struct risk_terms){.sizing = SIZING_RISK,
                               .sizing_value = DEC_ONE / 100,
                               .sizing_fraction = true,
                               .max_position = DEC_ONE / 20,
                               .daily_loss = DEC_ONE / 50,
                               .max_positions = 10,
                               .entry_within = 1,
                               .maintenance = {DEC_ONE / 4, DEC_ONE * 3 / 10},
                               .long_only = true,
                               .fractional = false};
}

int risk_parse_within(struct risk_terms *terms, const char *text, struct error *error)
{
    int64_t bars = 0;
    const size_t digits = strspn(text, "0123456789");
    if (strcmp(text, "any") != 0) {
        for (size_t i = 0; i < digits && digits < 8; i++)
            bars = 10 * bars + (text[i] - '0');
        if (text[digits] != '\0' || bars == 0)
            return error_set(error, EXIT_USAGE, "'%s' is not a number of bars, 1 to 9999999, or 'any'", text);
    }
    terms->entry_within = bars;
    return 0;
}

int risk_parse_sizing(struct risk_terms *terms, const char *text, struct error *error)
{
    static const char *const names[] = {"risk", "notional", "quantity"};
    const char *colon = strchr(text, ':');
    size_t kind = 0;
    while (colon != NULL && kind < 3 &&
           (strlen(names[kind]) != (size_t)(colon - text) || memcmp(names[kind], text, strlen(names[kind])) != 0))
        kind++;
    if (colon == NULL || kind == 3) {
        error_set(error, EXIT_USAGE, "'%s' is not a sizing rule", text);
        error_hint(error, "risk:1%%  notional:10000  notional:5%%  quantity:100");
        return -1;
    }
    const char *number = colon + 1;
    size_t length = strlen(number);
    const bool percent = length > 1 && number[length - 1] == '%';
    dec value;
    struct error cause = {0};
    if (dec_parse(&value, number, length - percent, &cause) != 0)
        return error_set(error, EXIT_USAGE, "sizing rule '%s': %s", text, cause.text);
    if (value <= 0 || (percent && (kind == SIZING_QUANTITY || value > 100 * DEC_ONE)))
        return error_set(error, EXIT_USAGE, "sizing rule '%s': the value is out of range", text);
    if (percent && dec_divide(&value, value, 100 * DEC_ONE, ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_USAGE, "sizing rule '%s': the value is out of range", text);
    terms->sizing = (enum sizing)kind;
    terms->sizing_value = value;
    terms->sizing_fraction = percent;
    return 0;
}
