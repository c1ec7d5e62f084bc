/* The queue before standard output: a ring of bytes in which lines stand one behind the other, each behind its head. */
#include "stream/outlet.h"

#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define SIZE_LEAST (64u << 10)
#define KEPT_PART  8    /* one eighth of the queue is for what must not be lost */
#define PIECE      4096 /* bytes that a pipe takes without waiting when poll(2) says so (PIPE_BUF) */
#define PIECES_MAX 64   /* in one go, before others have their turn */
#define NOWHERE    SIZE_MAX

struct head {
    uint32_t length; /* of the line behind it; UINT32_MAX: the rest of the ring is not used */
    uint32_t mark;   /* PLAIN, DEAD (a later one stands for it), else its key + 1 */
};

enum { PLAIN = 0 };
#define DEAD UINT32_MAX

struct outlet {
    struct loop *loop;
    char *ring;
    size_t size, begin, end; /* of the ring; begin == end and used == 0: empty */
    size_t used;             /* bytes, heads included */
    size_t done;             /* bytes of the first line that are written */
    size_t *latest;          /* by key: where the newest of OUTLET_LATEST stands, NOWHERE: none waits */
    size_t keys;
    bool conflate, watched;
    struct outlet_counts counts;
};

struct outlet *outlet_open(struct loop *loop, size_t size, bool conflate, struct error *error)
{
    struct outlet *outlet = calloc(1, sizeof *outlet);
    if (outlet == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    outlet->loop = loop;
    outlet->size = (size < SIZE_LEAST ? SIZE_LEAST : size) / sizeof(struct head) * sizeof(struct head);
    outlet->conflate = conflate;
    outlet->ring = malloc(outlet->size);
    if (outlet->ring == NULL) {
        (void)error_memory(error);
        outlet_free(outlet);
        return NULL;
    }
    return outlet;
}

void outlet_free(struct outlet *outlet)
{
    if (outlet == NULL)
        return;
    if (outlet->watched)
        loop_unwatch(outlet->loop, STDOUT_FILENO);
    free(outlet->ring);
    free(outlet->latest);
    free(outlet);
}

void outlet_count(const struct outlet *outlet, struct outlet_counts *counts)
{
    *counts = outlet->counts;
    counts->waiting = outlet->used;
}

static struct head head_at(const struct outlet *outlet, size_t at)
{
    struct head head;
    memcpy(&head, outlet->ring + at, sizeof head);
    return head;
}

static size_t room_of(size_t length)
{
    return sizeof(struct head) + (length + sizeof(struct head) - 1) / sizeof(struct head) * sizeof(struct head);
}

/* ---- writing ---- */

/* The first line that is still wanted; false when none waits. */
static bool first_line(struct outlet *outlet, struct head *head)
{
    while (outlet->used > 0) {
        *head = head_at(outlet, outlet->begin);
        if (head->length == UINT32_MAX) {
            outlet->used -= outlet->size - outlet->begin;
            outlet->begin = 0;
        } else if (head->mark == DEAD && outlet->done == 0) {
            outlet->begin += room_of(head->length);
            outlet->used -= room_of(head->length);
            outlet->begin = outlet->begin == outlet->size ? 0 : outlet->begin;
        } else {
            return true;
        }
    }
    return false;
}

static void next_line(struct outlet *outlet, const struct head *head)
{
    if (head->mark != PLAIN && head->mark != DEAD && outlet->latest[head->mark - 1] == outlet->begin)
        outlet->latest[head->mark - 1] = NOWHERE;
    outlet->begin += room_of(head->length);
    outlet->used -= room_of(head->length);
    outlet->begin = outlet->begin == outlet->size ? 0 : outlet->begin;
    outlet->done = 0;
    outlet->counts.written++;
}

/* Up to PIECE bytes, of several lines: how many were written, or -1. */
static int write_piece(struct outlet *outlet, struct error *error)
{
    char piece[PIECE];
    struct head head;
    size_t n = 0;
    const size_t begin = outlet->begin, used = outlet->used, done = outlet->done;
    /* what is put together is taken off the ring only when it is written: look ahead on a copy of the places */
    size_t at = begin, left = used, skip = done;
    while (n < PIECE && left > 0) {
        head = head_at(outlet, at);
        if (head.length == UINT32_MAX) {
            left -= outlet->size - at;
            at = 0;
            continue;
        }
        if (head.mark != DEAD || skip > 0) {
            const size_t count = head.length - skip < PIECE - n ? head.length - skip : PIECE - n;
            memcpy(piece + n, outlet->ring + at + sizeof head + skip, count);
            n += count;
            if (skip + count < head.length)
                break;
        }
        skip = 0;
        left -= room_of(head.length);
        at += room_of(head.length);
        at = at == outlet->size ? 0 : at;
    }
    const ssize_t count = n == 0 ? 0 : write(STDOUT_FILENO, piece, n);
    if (count < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : error_system(error, "cannot write standard output");
    size_t taken = (size_t)count;
    while (first_line(outlet, &head) && taken > 0) {
        const size_t rest = head.length - outlet->done;
        if (taken < rest) {
            outlet->done += taken;
            break;
        }
        taken -= rest;
        next_line(outlet, &head);
    }
    return 0;
}

static bool takes_more(int wait)
{
    struct pollfd one = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&one, 1, wait) == 1 && (one.revents & (POLLOUT | POLLERR | POLLHUP)) != 0;
}

static int on_ready(void *context, int fd, int ready, struct error *error)
{
    (void)fd, (void)ready;
    return outlet_push(context, error);
}

int outlet_push(struct outlet *outlet, struct error *error)
{
    struct head head;
    for (int i = 0; i < PIECES_MAX && first_line(outlet, &head) && takes_more(0); i++)
        if (write_piece(outlet, error) < 0)
            return -1;
    const bool waits = first_line(outlet, &head);
    if (waits == outlet->watched)
        return 0;
    outlet->watched = waits;
    if (!waits) {
        loop_unwatch(outlet->loop, STDOUT_FILENO);
        return 0;
    }
    return loop_watch(outlet->loop, STDOUT_FILENO, LOOP_WRITE, on_ready, outlet, error);
}

int outlet_drain(struct outlet *outlet, int64_t deadline, struct error *error)
{
    struct head head;
    while (first_line(outlet, &head)) {
        const int64_t left = deadline - time_monotonic();
        if (left <= 0)
            return error_set(error, EXIT_UNAVAILABLE, "the reader did not read the last %zu bytes", outlet->used);
        if (takes_more((int)(left / 1000000 + 1)) && write_piece(outlet, error) < 0)
            return -1;
    }
    return 0;
}

/* ---- putting in ---- */

static int note_latest(struct outlet *outlet, uint32_t key, size_t at, struct error *error)
{
    while (key >= outlet->keys) {
        const size_t keys = outlet->keys == 0 ? 64 : 2 * outlet->keys;
        size_t *latest = reallocarray(outlet->latest, keys, sizeof *latest);
        if (latest == NULL)
            return error_memory(error);
        for (size_t i = outlet->keys; i < keys; i++)
            latest[i] = NOWHERE;
        outlet->latest = latest;
        outlet->keys = keys;
    }
    const size_t old = outlet->latest[key];
    if (old != NOWHERE && !(old == outlet->begin && outlet->done > 0)) {
        struct head head = head_at(outlet, old);
        head.mark = DEAD;
        memcpy(outlet->ring + old, &head, sizeof head);
        outlet->counts.conflated++;
    }
    outlet->latest[key] = at;
    return 0;
}

int outlet_put(struct outlet *outlet, enum outlet_kind kind, uint32_t key, struct str line, struct error *error)
{
    const size_t room = room_of(line.n),
                 limit = kind == OUTLET_KEEP ? outlet->size : outlet->size - outlet->size / KEPT_PART;
    size_t lost = 0; /* behind the last line, when the next does not fit there */
    if (outlet->used == 0)
        outlet->begin = outlet->end = 0;
    if (outlet->end + room > outlet->size)
        lost = outlet->size - outlet->end;
    if (outlet->used + lost + room > limit) {
        if (kind == OUTLET_KEEP)
            return error_set(error, EXIT_UNAVAILABLE, "nobody is reading: %zu bytes are waiting", outlet->used);
        outlet->counts.dropped++;
        return 1;
    }
    if (lost > 0) {
        const struct head gap = {UINT32_MAX, DEAD};
        memcpy(outlet->ring + outlet->end, &gap, sizeof gap);
        outlet->used += lost;
        outlet->end = 0;
    }
    const size_t at = outlet->end;
    const bool latest = kind == OUTLET_LATEST && outlet->conflate;
    const struct head head = {(uint32_t)line.n, latest ? key + 1 : PLAIN};
    memcpy(outlet->ring + at, &head, sizeof head);
    memcpy(outlet->ring + at + sizeof head, line.p, line.n);
    outlet->end = at + room == outlet->size ? 0 : at + room;
    outlet->used += room;
    if (outlet->used > outlet->counts.most)
        outlet->counts.most = outlet->used;
    if (latest && note_latest(outlet, key, at, error) < 0)
        return -1;
    if (outlet->watched)
        return 0;
    outlet->watched = true;
    return loop_watch(outlet->loop, STDOUT_FILENO, LOOP_WRITE, on_ready, outlet, error);
}
