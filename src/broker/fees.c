/* Finds and reads schedules of fees. */
#include "broker/fees.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAXIMUM 64
#define TEXT_MAXIMUM ((size_t)1 << 20)
#define DEPTH_MAX    8

struct loading {
    struct fee_schedule *schedule;
    const struct loading *outer;
    char name[NAME_MAXIMUM];
    struct buf *all; /* every text, for the digest */
    int depth;
};

static const struct shelf shelf = {.folder = "fees", .suffix = ".fees", .name_size = NAME_MAXIMUM};

int fee_schedule_each(int (*each)(void *context, const char *name, struct error *error), void *context,
                      struct error *error)
{
    return shelf_each(&shelf, each, context, error);
}

static int refuse_name(struct str name, struct error *error)
{
    struct buf text;
    struct error ignored = {0};
    buf_init(&text, 8192);
    error_set(error, EXIT_USAGE, "there is no fee schedule '%.*s'", (int)(name.n < 60 ? name.n : 60), name.p);
    if (shelf_each(&shelf, shelf_add_name, &text, &ignored) == 0)
        error_hint(error, "none, or one of: %.*s; to write one, see tn-fees(5)", (int)text.n, text.p);
    buf_clear(&text);
    return -1;
}

static int load(struct loading *loading, struct str name, struct error *error);

/* What the inner file says of itself is not said of the outer. */
static int include(void *context, struct str name, struct error *error)
{
    const struct loading *outer = context;
    struct fee_schedule *schedule = outer->schedule;
    const struct fee_schedule before = *schedule;
    struct loading loading = {.schedule = schedule, .outer = outer, .all = outer->all, .depth = outer->depth + 1};
    if (loading.depth > DEPTH_MAX)
        return error_set(error, EXIT_INPUT, "fee schedules include each other more than %d deep", DEPTH_MAX);
    if (load(&loading, name, error) != 0)
        return -1;
    memcpy(schedule->title, before.title, sizeof schedule->title);
    memcpy(schedule->currency, before.currency, sizeof schedule->currency);
    schedule->read = before.read;
    schedule->total = before.total;
    return 0;
}

static int load(struct loading *loading, struct str name, struct error *error)
{
    char path[PATH_MAX], *const word = loading->name;
    struct buf text;
    if (!shelf_is_name(&shelf, name))
        return refuse_name(name, error);
    memcpy(word, name.p, name.n);
    word[name.n] = '\0';
    for (const struct loading *at = loading->outer; at != NULL; at = at->outer)
        if (strcmp(at->name, word) == 0)
            return error_set(error, EXIT_INPUT, "the fee schedule '%s' includes itself", word);
    if (!shelf_find(&shelf, word, path))
        return refuse_name(name, error);
    buf_init(&text, TEXT_MAXIMUM);
    int status = file_read_any(path, &text, error);
    if (status == 0) {
        buf_add_str(loading->all, buf_str(&text));
        buf_add_char(loading->all, '\0');
        status = fee_schedule_read(loading->schedule, path, buf_str(&text), include, loading, error);
    }
    buf_clear(&text);
    return status;
}

static int digest_of(const struct buf *all, char *digest, struct error *error)
{
    uint8_t bytes[SHA256_SIZE];
    struct sha256 *hash = sha256_new(error);
    const int status = hash == NULL ? -1 : sha256_of(hash, all->p, all->n, bytes, error);
    if (status == 0)
        hash_hex(digest, bytes, SHA256_SIZE);
    sha256_free(hash);
    return status;
}

int fee_schedule_open(struct fee_schedule *schedule, const char *name, int64_t level, struct error *error)
{
    struct buf all;
    struct loading loading = {.schedule = schedule, .all = &all};
    fee_schedule_init(schedule);
    schedule->level = level;
    buf_init(&all, DEPTH_MAX * 4 * TEXT_MAXIMUM);
    int status = load(&loading, str_of(name), error);
    if (status == 0)
        status = buf_check(&all, error);
    if (status == 0 && schedule->rules == 0 && schedule->carries == 0)
        status = error_set(error, EXIT_INPUT, "the fee schedule '%s' has no fee", name);
    if (status == 0) {
        (void)snprintf(schedule->label, sizeof schedule->label, "%s", name);
        status = digest_of(&all, schedule->digest, error);
    }
    buf_clear(&all);
    if (status != 0)
        fee_schedule_clear(schedule);
    return status;
}
