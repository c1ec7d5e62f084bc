/* Counting what decided a run, and saying it. */
#include "stat/outcome.h"

#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void tally_add(struct tally *tally, const char *code, uint64_t count)
{
    int i = 0;
    while (i < tally->count && strcmp(tally->of[i].code, code) != 0)
        i++;
    if (i == TALLY_MAX) {
        i = TALLY_MAX - 1;
        (void)snprintf(tally->of[i].code, sizeof tally->of[i].code, "OTHER");
    } else if (i == tally->count) {
        tally->count++;
        (void)snprintf(tally->of[i].code, sizeof tally->of[i].code, "%s", code);
        tally->of[i].count = 0;
    }
    tally->of[i].count += count;
}

uint64_t tally_sum(const struct tally *tally)
{
    uint64_t sum = 0;
    for (int i = 0; i < tally->count; i++)
        sum += tally->of[i].count;
    return sum;
}

static void add_count(struct buf *out, const char *name, uint64_t count)
{
    buf_printf(out, "\"%s\":%llu,", name, (unsigned long long)count);
}

static void add_tally(struct buf *out, const char *name, const struct tally *tally)
{
    buf_printf(out, "\"%s\":{", name);
    for (int i = 0; i < tally->count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(tally->of[i].code));
        buf_printf(out, ":%llu", (unsigned long long)tally->of[i].count);
    }
    buf_add_text(out, "},");
}

void outcome_json(const struct outcome *outcome, uint64_t fills, struct buf *out)
{
    buf_add_char(out, '{');
    add_count(out, "entries", outcome->entries);
    add_tally(out, "cut", &outcome->cut);
    add_tally(out, "refused", &outcome->refused);
    add_tally(out, "rejected", &outcome->rejected);
    add_count(out, "expired", outcome->expired);
    add_count(out, "canceled", outcome->canceled);
    add_tally(out, "exits", &outcome->exits);
    add_tally(out, "waiting", &outcome->waiting);
    if (outcome->trades_met + outcome->late_trades > 0) {
        add_count(out, "trades_met", outcome->trades_met);
        add_count(out, "late_trades", outcome->late_trades);
    }
    add_count(out, "large", outcome->large);
    buf_add_text(out, "\"largest\":");
    json_add_double(out, outcome->largest > 0 ? outcome->largest : NAN);
    buf_add_text(out, ",\"traded\":");
    json_add_double(out, outcome->traded);
    buf_add_text(out, ",\"no_trades\":");
    if (fills == 0) {
        struct buf reason;
        buf_init(&reason, 4096);
        outcome_add_reason(outcome, &reason);
        json_add_string(out, buf_str(&reason));
        buf_clear(&reason);
    } else {
        buf_add_text(out, "null");
    }
    buf_add_char(out, '}');
}

/* "BUYING_POWER 3, BEYOND_STOP 1" */
static void list_tally(struct buf *out, const struct tally *tally)
{
    for (int i = 0; i < tally->count; i++)
        buf_printf(out, "%s%s %llu", i == 0 ? "" : ", ", tally->of[i].code, (unsigned long long)tally->of[i].count);
}

static void add_waiting(const struct outcome *outcome, struct buf *out)
{
    const struct tally *waiting = &outcome->waiting;
    const char *parting = "";
    for (int i = 0; i < waiting->count; i++)
        if (waiting->of[i].count > outcome->longest) {
            buf_printf(out, "%s%s needs %llu", parting, waiting->of[i].code, (unsigned long long)waiting->of[i].count);
            parting = ", ";
        }
    if (parting[0] != '\0') {
        buf_printf(out, " bars of a symbol, but there are at most %llu", (unsigned long long)outcome->longest);
        parting = "; ";
    }
    for (int i = 0; i < waiting->count; i++)
        if (waiting->of[i].count <= outcome->longest) {
            buf_printf(out, "%s%s: a value in its rules was never known", parting, waiting->of[i].code);
            parting = "; ";
        }
}

static void add_entries(const struct outcome *outcome, struct buf *out)
{
    uint64_t working = outcome->entries - outcome->expired - outcome->canceled - tally_sum(&outcome->rejected);
    buf_printf(out, "none of %llu %s filled:", (unsigned long long)outcome->entries,
               outcome->entries == 1 ? "entry" : "entries");
    const char *parting = " ";
    if (outcome->rejected.count > 0) {
        buf_add_text(out, " rejected ");
        list_tally(out, &outcome->rejected);
        parting = "; ";
    }
    const uint64_t count[] = {outcome->expired, outcome->canceled, working};
    static const char *const what[] = {"not filled in their session", "cancelled", "waiting for the next bar"};
    for (int i = 0; i < 3; i++) {
        if (count[i] == 0)
            continue;
        buf_printf(out, "%s%llu %s", parting, (unsigned long long)count[i], what[i]);
        parting = "; ";
    }
}

void outcome_add_reason(const struct outcome *outcome, struct buf *out)
{
    const uint64_t refused = tally_sum(&outcome->refused);
    if (outcome->entries > 0)
        add_entries(outcome, out);
    else if (refused > 0)
        buf_printf(out, "nothing was ordered: %llu %s, the first %s", (unsigned long long)refused,
                   refused == 1 ? "refusal" : "refusals", outcome->first_refusal);
    else if (!outcome->run)
        buf_add_text(out, "nothing was ordered");
    else if (outcome->bars == 0)
        buf_add_text(out, "there are no bars");
    else if (outcome->by_signals && outcome->signals == 0)
        buf_printf(out, "there is no signal among the %llu bars", (unsigned long long)outcome->bars);
    else if (outcome->waiting.count > 0 && !outcome->wanted)
        add_waiting(outcome, out);
    else
        buf_printf(out, "no position was wanted after any of %llu %s", (unsigned long long)outcome->bars,
                   outcome->bars == 1 ? "bar" : "bars");
    if (outcome->missing[0] != '\0')
        buf_printf(out, "; no bar of %s, which the rules use", outcome->missing);
    if (outcome->unheard[0] != '\0')
        buf_printf(out, "; no event for %s, which the rules use", outcome->unheard);
}
