/* Bars at the speed of a market open: the same reading and writing as decode.c and encode.c do by the tables, written
 * out for the form that bars nearly always have. Whatever differs is left to those, and a test holds both to the same
 * results. */
#include "record/bar.h"

#include "record/put.h"
#include "record/take.h"

#include <assert.h>

/* Places in schema_table[RECORD_BAR]: BAR_time … */
#define BAR_PLACE(type, kind, name, ...) BAR_##name,
enum { BAR_MEMBERS(BAR_PLACE, BAR_PLACE, ) BAR_COUNT };
static_assert(BAR_COUNT == 17, "bar_take and bar_put have each member of a bar");

/* Fixed lengths of time only. */
static const int64_t unit_length[] = {
    [INTERVAL_SECOND] = TIME_SECOND, [INTERVAL_MINUTE] = TIME_MINUTE, [INTERVAL_HOUR] = TIME_HOUR,
    [INTERVAL_DAY] = TIME_DAY,       [INTERVAL_WEEK] = 7 * TIME_DAY,
};

bool bar_layout_is_plain(const struct layout *layout)
{
    static const uint64_t needed = 1u << BAR_time | 1u << BAR_symbol | 1u << BAR_interval | 1u << BAR_open |
                                   1u << BAR_high | 1u << BAR_low | 1u << BAR_close;
    uint64_t present = 0;
    for (int i = 0; i < layout->fields; i++)
        if (layout->field[i].member >= 0)
            present |= UINT64_C(1) << layout->field[i].member;
    return layout->type == RECORD_BAR && (present & needed) == needed;
}

static inline bool take_optional(const struct field *field, const uint8_t *place, int member, double *value)
{
    *value = NAN;
    return place[member] == 0 || take_double(&field[place[member]], value);
}

static inline bool take_adjusted(struct str value, enum adjusted *adjusted)
{
    if (str_equal(value, STR("\"raw\"")))
        *adjusted = ADJUSTED_RAW;
    else if (str_equal(value, STR("\"split\"")))
        *adjusted = ADJUSTED_SPLIT;
    else if (str_equal(value, STR("\"total\"")))
        *adjusted = ADJUSTED_TOTAL;
    else if (str_equal(value, STR("\"dividend\"")))
        *adjusted = ADJUSTED_DIVIDEND;
    else if (str_equal(value, STR("\"difference\"")))
        *adjusted = ADJUSTED_DIFFERENCE;
    else if (str_equal(value, STR("\"ratio\"")))
        *adjusted = ADJUSTED_RATIO;
    else
        return false;
    return true;
}

static inline bool take_closing(struct str value, enum bar_closing *closing)
{
    *closing = str_equal(value, STR("\"auction\"")) ? CLOSING_AUCTION : CLOSING_OFFICIAL;
    return *closing == CLOSING_AUCTION || str_equal(value, STR("\"official\""));
}

bool bar_take(const struct record *record, struct bar *bar)
{
    const uint8_t *const place = record->layout->place;
    const struct field *const field = record->field;
    const struct field *const symbol = &field[place[BAR_symbol]];
    if (!take_time(&field[place[BAR_time]], &bar->time) || symbol->kind != VALUE_STRING || symbol->value.p[1] == '/' ||
        !take_text(symbol, bar->symbol) || !take_interval(&field[place[BAR_interval]], &bar->interval) ||
        !take_dec(&field[place[BAR_open]], &bar->open) || !take_dec(&field[place[BAR_high]], &bar->high) ||
        !take_dec(&field[place[BAR_low]], &bar->low) || !take_dec(&field[place[BAR_close]], &bar->close))
        return false;
    /* What bar_check asks of prices, in one: the low is above zero and no price is outside of low and high. */
    const dec least = bar->open < bar->close ? bar->open : bar->close;
    const dec most = bar->open > bar->close ? bar->open : bar->close;
    if (bar->low <= 0 || bar->low > least || bar->high < most)
        return false;
    if (!take_optional(field, place, BAR_volume, &bar->volume) ||
        !take_optional(field, place, BAR_trades, &bar->trades) ||
        !take_optional(field, place, BAR_open_interest, &bar->open_interest))
        return false;
    bar->vwap = DEC_NONE;
    if (place[BAR_vwap] != 0 && (!take_dec(&field[place[BAR_vwap]], &bar->vwap) || bar->vwap <= 0))
        return false;
    bar->final = -1;
    if (place[BAR_final] != 0) {
        const enum value_kind kind = field[place[BAR_final]].kind;
        if (kind != VALUE_TRUE && kind != VALUE_FALSE)
            return false;
        bar->final = kind == VALUE_TRUE;
    }
    memset(bar->source, 0, sizeof bar->source);
    if (place[BAR_source] != 0 &&
        (field[place[BAR_source]].kind != VALUE_STRING || !take_text(&field[place[BAR_source]], bar->source)))
        return false;
    bar->end = bar->time + bar->interval.count * unit_length[bar->interval.unit];
    if (place[BAR_end] != 0 && (!take_time(&field[place[BAR_end]], &bar->end) || bar->end < bar->time))
        return false;
    bar->session = TIME_NONE;
    if (place[BAR_session] != 0 && !take_date(&field[place[BAR_session]], &bar->session))
        return false;
    bar->closing = CLOSING_NONE;
    if (place[BAR_closing] != 0 && !take_closing(field[place[BAR_closing]].value, &bar->closing))
        return false;
    bar->adjusted = ADJUSTED_NONE;
    return place[BAR_adjusted] == 0 || take_adjusted(field[place[BAR_adjusted]].value, &bar->adjusted);
}

bool bar_take_known(const struct record *record, int64_t *known)
{
    const uint8_t *const place = record->layout->place;
    const struct field *const field = record->field;
    struct interval interval;
    int64_t time;
    if (place[BAR_end] != 0)
        return take_time(&field[place[BAR_end]], known);
    if (!take_time(&field[place[BAR_time]], &time) || !take_interval(&field[place[BAR_interval]], &interval))
        return false;
    *known = time + interval.count * unit_length[interval.unit];
    return true;
}

#define PUT(p, literal) (memcpy(p, literal, sizeof(literal) - 1), (p) + sizeof(literal) - 1)

char *bar_put(char *p, const struct bar *bar)
{
    if (bar->interval.unit == INTERVAL_NONE || bar->interval.unit > INTERVAL_WEEK || bar->interval.count <= 0 ||
        bar->interval.count >= 60 || bar->time < 0 || bar->end < bar->time ||
        (bar->session != TIME_NONE && (bar->session < 0 || bar->session >= PUT_DAYS)) || bar->open < 0 ||
        bar->high < 0 || bar->low < 0 || bar->close < 0)
        return NULL;
    p = PUT(p, "{\"type\":\"bar\",\"time\":");
    p = put_time(p, bar->time);
    p = PUT(p, ",\"symbol\":");
    if ((p = put_text(p, bar->symbol, sizeof bar->symbol)) == NULL)
        return NULL;
    p = PUT(p, ",\"interval\":");
    p = put_interval(p, bar->interval);
    if (bar->session != TIME_NONE) {
        p = PUT(p, ",\"session\":\"");
        p = put_days(p, (uint32_t)bar->session);
        *p++ = '"';
    }
    if (bar->end != bar->time + bar->interval.count * unit_length[bar->interval.unit]) {
        p = PUT(p, ",\"end\":");
        p = put_time(p, bar->end);
    }
    p = PUT(p, ",\"open\":");
    p = put_dec(p, bar->open);
    p = PUT(p, ",\"high\":");
    p = put_dec(p, bar->high);
    p = PUT(p, ",\"low\":");
    p = put_dec(p, bar->low);
    p = PUT(p, ",\"close\":");
    p = put_dec(p, bar->close);
    if (isfinite(bar->volume)) {
        p = PUT(p, ",\"volume\":");
        p = put_double(p, bar->volume);
    }
    if (bar->vwap != DEC_NONE) {
        p = PUT(p, ",\"vwap\":");
        p = put_dec(p, bar->vwap);
    }
    if (isfinite(bar->trades)) {
        p = PUT(p, ",\"trades\":");
        p = put_double(p, bar->trades);
    }
    if (isfinite(bar->open_interest)) {
        p = PUT(p, ",\"open_interest\":");
        p = put_double(p, bar->open_interest);
    }
    if (bar->adjusted != ADJUSTED_NONE) {
        static const char *const word[] = {
            [ADJUSTED_RAW] = "raw\"",           [ADJUSTED_SPLIT] = "split\"",           [ADJUSTED_TOTAL] = "total\"",
            [ADJUSTED_DIVIDEND] = "dividend\"", [ADJUSTED_DIFFERENCE] = "difference\"", [ADJUSTED_RATIO] = "ratio\""};
        p = PUT(p, ",\"adjusted\":\"");
        p = stpcpy(p, word[bar->adjusted]);
    }
    if (bar->source[0] != '\0') {
        p = PUT(p, ",\"source\":");
        if ((p = put_text(p, bar->source, sizeof bar->source)) == NULL)
            return NULL;
    }
    if (bar->closing != CLOSING_NONE)
        p = bar->closing == CLOSING_AUCTION ? PUT(p, ",\"closing\":\"auction\"") : PUT(p, ",\"closing\":\"official\"");
    if (bar->final >= 0)
        p = bar->final != 0 ? PUT(p, ",\"final\":true") : PUT(p, ",\"final\":false");
    return PUT(p, "}\n");
}
