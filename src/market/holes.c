/* Stretches of a session without bars. */
#include "market/holes.h"

#define LEAST (30 * TIME_MINUTE)
#define TIMES 3

void holes_init(struct holes *holes, const struct calendar *calendar)
{
    *holes = (struct holes){.calendar = calendar};
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Is [from, to) a hole? 1, and it is noted. */
static int judge(struct holes *holes, int64_t from, int64_t to, int64_t interval, struct hole *hole)
{
    const struct session *session = &holes->session;
    const int64_t paused = earlier(to, session->resume) - later(from, session->pause);
    const int64_t length = to - from - (paused > 0 ? paused : 0);
    if (length <= 0)
        return 0;
    holes->longest = later(holes->longest, length);
    if (length < LEAST || length < interval || length <= TIMES * holes->usual)
        return 0;
    *hole = (struct hole){
        .from = from, .to = to, .date = session->date, .edge = from == session->open || to == session->close};
    return 1;
}

int holes_push(struct holes *holes, const struct bar *bar, struct hole out[static 2], struct error *error)
{
    const int64_t date = calendar_date(holes->calendar, bar->time), interval = bar->end - bar->time;
    int count = 0;
    if (!holes->began || date != holes->date) {
        if (holes->within) {
            count += judge(holes, holes->covered, holes->session.close, interval, &out[count]);
            holes->usual = later(holes->longest, holes->usual / 2);
            holes->longest = 0;
        }
        const int found = calendar_session(holes->calendar, date, &holes->session, error);
        if (found < 0)
            return -1;
        holes->within = found == 1;
        holes->covered = holes->session.open;
        if (found == 1 && !holes->began)
            holes->covered = later(earlier(bar->time, holes->session.close), holes->session.open);
        holes->began = true;
        holes->date = date;
    }
    if (!holes->within)
        return count;
    const int64_t begins = earlier(bar->time, holes->session.close);
    if (begins > holes->covered)
        count += judge(holes, holes->covered, begins, interval, &out[count]);
    holes->covered = later(holes->covered, earlier(bar->end, holes->session.close));
    return count;
}
