/* Work on many processes: results in order, errors of a piece, workers that die. */
#include "base/pool.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct squares {
    uint64_t next, sum;
    uint64_t fails, dies, large; /* pieces; UINT64_MAX: none */
    bool ordered;
};

static int square(void *context, uint64_t piece, struct buf *out, struct error *error)
{
    const struct squares *squares = context;
    if (piece == squares->fails) {
        buf_printf(out, "half of it");
        return error_set(error, EXIT_STATE, "piece %d does not work", (int)piece);
    }
    if (piece == squares->dies)
        (void)raise(SIGKILL);
    if (piece == squares->large)
        for (int i = 0; i < 300000; i++)
            buf_add_text(out, "12345678");
    buf_printf(out, "%d", (int)(piece * piece));
    return 0;
}

static int add(void *context, uint64_t piece, struct str result, struct error *error)
{
    struct squares *squares = context;
    (void)error;
    squares->ordered = squares->ordered && piece == squares->next;
    squares->next = piece + 1;
    if (piece == squares->large) {
        squares->sum += result.n;
        return 0;
    }
    char text[32] = "";
    memcpy(text, result.p, result.n < 31 ? result.n : 31);
    squares->sum += strtoull(text, NULL, 10);
    return 0;
}

static int stop(void *context, uint64_t piece, struct str result, struct error *error)
{
    (void)context, (void)result;
    return piece < 5 ? 0 : error_set(error, EXIT_NO, "enough");
}

static struct squares run(int workers, uint64_t count, struct squares squares, int *status, struct error *error)
{
    squares.ordered = true;
    error_clear(error);
    const struct pool_work work = {
        .workers = workers, .count = count, .work = square, .take = add, .context = &squares};
    *status = pool_run(&work, error);
    return squares;
}

int main(void)
{
    struct error error = {0};
    const struct squares plain = {.fails = UINT64_MAX, .dies = UINT64_MAX, .large = UINT64_MAX};
    int status;
    for (int workers = 1; workers <= 9; workers += 4) {
        /* 0² + … + 999² = 999 · 1000 · 1999 ÷ 6 */
        struct squares all = run(workers, 1000, plain, &status, &error);
        check(status == 0 && all.ordered && all.sum == 332833500, "%d workers: every result, in order", workers);
        struct squares failing = plain;
        failing.fails = 500;
        all = run(workers, 1000, failing, &status, &error);
        check(status == -1 && all.next == 500 && error.code == EXIT_STATE &&
                  strcmp(error.text, "piece 500 does not work") == 0,
              "%d workers: the error of a piece comes behind the results before it", workers);
        struct squares large = plain;
        large.large = 3;
        all = run(workers, 8, large, &status, &error);
        check(status == 0 && all.sum == 2400001 + 0 + 1 + 4 + 16 + 25 + 36 + 49,
              "%d workers: a result larger than a pipe", workers);
    }
    struct squares dying = plain;
    dying.dies = 11;
    const struct squares all = run(4, 1000, dying, &status, &error);
    check(status == -1 && error.code == EXIT_SYSTEM && all.ordered && all.next <= 12,
          "a worker that dies ends the run");
    (void)run(4, 0, plain, &status, &error);
    check(status == 0, "no pieces, no work");
    (void)run(8, 3, plain, &status, &error);
    check(status == 0, "more workers than pieces");
    const struct pool_work work = {
        .workers = 3, .count = 1000, .work = square, .take = stop, .context = (void *)(uintptr_t)&plain};
    error_clear(&error);
    check(pool_run(&work, &error) == -1 && error.code == EXIT_NO, "who takes the results may stop the work");
    check(pool_cores() >= 1 && pool_cores() <= POOL_WORKERS_MAX, "cores are counted");
    return done();
}
