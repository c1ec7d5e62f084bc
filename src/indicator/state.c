/* Saves and restores the state of an indicator. */
#include "indicator/state.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#define HEAD_MAX 512

/* All but the digest: "tn-indicator 1 bbands_20_2_upper 1 400 1700000000000000000". */
static int write_head(const struct indicator_use *use, int64_t last, char *head, struct error *error)
{
    char name[256];
    if (indicator_use_field(use, 0, name, sizeof name, error) != 0)
        return -1;
    return snprintf(head, HEAD_MAX, "tn-indicator 1 %s %d %zu %lld", name, use->indicator->version, indicator_size(use),
                    (long long)last);
}

static int digest_of(const char *head, int length, const void *state, size_t size, char hex[static SHA256_HEX_SIZE],
                     struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    struct sha256 *hash = sha256_new(error);
    const int failed = hash == NULL || sha256_begin(hash, error) != 0 ||
                       sha256_add(hash, head, (size_t)length, error) != 0 ||
                       sha256_add(hash, state, size, error) != 0 || sha256_end(hash, digest, error) != 0;
    sha256_free(hash);
    if (failed)
        return -1;
    hash_hex(hex, digest, sizeof digest);
    return 0;
}

int indicator_save(const struct indicator_use *use, const void *state, int64_t last, struct buf *out,
                   struct error *error)
{
    char head[HEAD_MAX], hex[SHA256_HEX_SIZE];
    const size_t size = indicator_size(use);
    const int length = write_head(use, last, head, error);
    if (length < 0 || digest_of(head, length, state, size, hex, error) != 0)
        return -1;
    buf_printf(out, "%s %s\n", head, hex);
    buf_add(out, state, size);
    return buf_check(out, error);
}

/* The last number of a head of `length` bytes, false when there is none. */
static bool read_last(const char *head, size_t length, int64_t *last)
{
    char text[32], written[32];
    size_t at = length;
    long long value;
    while (at > 0 && head[at - 1] != ' ')
        at--;
    if (length - at >= sizeof text)
        return false;
    memcpy(text, head + at, length - at);
    text[length - at] = '\0';
    if (sscanf(text, "%lld", &value) != 1)
        return false;
    (void)snprintf(written, sizeof written, "%lld", value);
    *last = value;
    return strcmp(text, written) == 0;
}

int indicator_load(const struct indicator_use *use, void *state, int64_t *last, struct str saved, struct error *error)
{
    char head[HEAD_MAX], hex[SHA256_HEX_SIZE];
    int64_t time;
    const size_t size = indicator_size(use), digest = SHA256_HEX_SIZE - 1;
    const char *line = saved.n > 0 ? memchr(saved.p, '\n', saved.n < HEAD_MAX ? saved.n : HEAD_MAX) : NULL;
    if (line == NULL || (size_t)(line - saved.p) < digest + 2 || saved.n - (size_t)(line + 1 - saved.p) != size)
        return 0;
    const size_t before = (size_t)(line - saved.p) - digest - 1;
    if (!read_last(saved.p, before, &time))
        return 0;
    const int length = write_head(use, time, head, error);
    if (length < 0)
        return -1;
    if ((size_t)length != before || memcmp(head, saved.p, before) != 0 || saved.p[before] != ' ')
        return 0;
    if (digest_of(head, length, line + 1, size, hex, error) != 0)
        return -1;
    if (memcmp(hex, saved.p + before + 1, digest) != 0)
        return 0;
    memcpy(state, line + 1, size);
    *last = time;
    return 1;
}
