/* A wall clock that is moved. It may have been wrong before, or be wrong now; the market knows: what a trade took to
 * get here before the step, it takes after it. */
#include "stream/live_parts.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>

#define PATIENCE TIME_MINUTE
#define BEHIND   (2 * TIME_SECOND) /* nothing comes so long before it happens */

int live_clock_moved(void *context, int64_t step, struct error *error)
{
    struct live *live = context;
    char text[120];
    live->step = step;
    live->stepped = time_monotonic();
    (void)snprintf(text, sizeof text, "the clock of this machine was moved by %.1f s; the one before counts",
                   (double)step / 1e9);
    live_say(live, 0, "%s", text);
    for (int i = 0; i < live->request->sources; i++)
        if (live->part[i].state != STREAM_STATE_NONE &&
            live_status(&live->part[i], STREAM_NO_SYMBOL, live->part[i].state, text, error) < 0)
            return -1;
    return 0;
}

/* What is remembered by the old clock, by the new one. */
static void move(int64_t *moment, int64_t step)
{
    if (*moment != 0 && *moment != INT64_MAX && *moment != TIME_NONE)
        *moment += step;
}

static void move_gap(struct live_gap *gap, int64_t step)
{
    int64_t *const moment[] = {&gap->from, &gap->to, &gap->lost_from, &gap->lost_to, &gap->bars_from, &gap->bars_to};
    for (size_t i = 0; i < sizeof moment / sizeof *moment; i++)
        move(moment[i], step);
}

static void take_clock(struct live *live)
{
    for (int i = 0; i < live->request->sources; i++) {
        move_gap(&live->part[i].gap, live->step - live->part[i].behind);
        live->part[i].behind = 0;
    }
    loop_clock_take(live->loop);
}

/* What is delayed on purpose is by a quarter of an hour. */
static bool is_plausible(int64_t lag)
{
    return lag > -BEHIND && lag < 20 * TIME_MINUTE;
}

void live_clock_witness(struct live_part *part, int64_t received, int64_t time)
{
    struct live *live = part->live;
    const int64_t lag = received - time, usual = part->lag != TIME_NONE && is_plausible(part->lag) ? part->lag : 0;
    if (live->step == 0) {
        if (part->lag == TIME_NONE && lag < -BEHIND) { /* the stream began when the market says that it did */
            live_say(live, 0, "%s: the clock of this machine is %.1f s behind its trades", part->source->terms.source,
                     (double)-lag / 1e9);
            part->behind = -lag;
            move_gap(&part->gap, part->behind);
            /* by what the trade took to get here, that is too early: what came before the trade is not known */
            if (part->gap.lost_to != 0 && part->gap.lost_to < time)
                part->gap.lost_to = time;
        }
        part->lag = lag;
        return;
    }
    const bool right = llabs(lag + live->step - usual) < llabs(lag - usual);
    if (right)
        take_clock(live);
    live_say(live, 0, right ? "trades show that the new clock is right" : "trades show that the new clock is wrong");
    live->step = 0;
}

void live_clock_look(struct live *live, int64_t now)
{
    if (live->step == 0 || now - live->stepped < PATIENCE)
        return;
    take_clock(live);
    live_say(live, 0, "no trade shows which clock is right; the new one is used");
    live->step = 0;
}
