/* Answers kept with their version: the version and the kind in the first lines of a file, an empty line, the body. */
#include "net/keep.h"

#include "base/file.h"
#include "base/hash.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX  256
#define FOLDER_MAX (64 << 20)
#define BODY_MAX   (8u << 20)
#define FILE_MAX   (BODY_MAX + 65536u)

static bool is_kept(const struct exchange *exchange)
{
    return exchange->http->keep != NULL && exchange->keep && strcmp(exchange->method, "GET") == 0;
}

/* "FOLDER/HASH.answer", over who asks whom for what; NULL with `error`. */
static char *path_of(const struct exchange *exchange, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char name[17], *path = NULL;
    struct buf question;
    struct sha256 *hash = sha256_new(error);
    buf_init(&question, 1u << 20);
    buf_printf(&question, "%s %s", exchange->source, exchange->address);
    if (hash != NULL && secrets_blank(exchange->secrets, &question, error) == 0 && buf_check(&question, error) == 0 &&
        sha256_of(hash, question.p, question.n, digest, error) == 0) {
        hash_base32(name, digest, 80);
        if (asprintf(&path, "%s/%s.answer", exchange->http->keep, name) == -1) {
            path = NULL;
            error_memory(error);
        }
    }
    sha256_free(hash);
    buf_clear(&question);
    return path;
}

/* The file of an exchange; false when there is none that can be used. */
static bool read_kept(const struct exchange *exchange, struct buf *text)
{
    struct error ignored;
    error_clear(&ignored);
    char *path = path_of(exchange, &ignored);
    const bool found = path != NULL && access(path, R_OK) == 0 && file_read(path, text, &ignored) == 0 && text->n > 0 &&
                       memmem(text->p, text->n, "\n\n", 2) != NULL;
    free(path);
    return found;
}

/* The value of a line "NAME: VALUE" before the empty line, or nothing. */
static struct str line_of(struct str head, const char *name)
{
    const size_t length = strlen(name);
    for (const char *p = head.p, *end = head.p + head.n; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((stop == NULL ? end : stop) - p);
        if (n > length + 2 && memcmp(p, name, length) == 0 && p[length] == ':')
            return (struct str){p + length + 2, n - length - 2};
        p += n + 1;
    }
    return STR("");
}

static struct str head_of(const struct buf *text)
{
    const char *end = memmem(text->p, text->n, "\n\n", 2);
    return (struct str){text->p, (size_t)(end - text->p)};
}

static int add_condition(struct exchange *exchange, const char *name, struct str version, struct error *error)
{
    char *line = NULL;
    if (version.n == 0 || version.n > 400)
        return 0;
    if (asprintf(&line, "%s: " STR_FMT, name, STR_ARG(version)) == -1)
        return error_memory(error);
    struct curl_slist *headers = curl_slist_append(exchange->headers, line);
    free(line);
    if (headers == NULL)
        return error_memory(error);
    exchange->headers = headers;
    exchange->conditional = true;
    return 0;
}

int keep_ask(struct exchange *exchange, struct error *error)
{
    struct buf text;
    int result = 0;
    if (!is_kept(exchange))
        return 0;
    buf_init(&text, FILE_MAX);
    if (read_kept(exchange, &text) &&
        (add_condition(exchange, "If-None-Match", line_of(head_of(&text), "etag"), error) < 0 ||
         add_condition(exchange, "If-Modified-Since", line_of(head_of(&text), "last-modified"), error) < 0))
        result = -1;
    buf_clear(&text);
    return result;
}

/* ---- the folder's size ---- */

struct aged {
    char name[32];
    time_t time;
    off_t size;
};

static int compare(const void *a, const void *b)
{
    const struct aged *x = a, *y = b;
    return x->time < y->time ? 1 : x->time > y->time ? -1 : strcmp(x->name, y->name);
}

/* Newest first, those beyond the limits go. */
static void prune(const char *folder)
{
    static const size_t most = 4 * FILES_MAX;
    DIR *directory = opendir(folder);
    struct aged *list = calloc(most, sizeof *list);
    const struct dirent *file;
    size_t count = 0;
    off_t total = 0;
    while (directory != NULL && list != NULL && count < most && (file = readdir(directory)) != NULL) {
        struct stat status;
        const size_t n = strlen(file->d_name);
        if (n <= 7 || n >= sizeof list->name || strcmp(file->d_name + n - 7, ".answer") != 0 ||
            fstatat(dirfd(directory), file->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        memcpy(list[count].name, file->d_name, n + 1);
        list[count].time = status.st_mtime;
        list[count++].size = status.st_size;
    }
    if (count > 0)
        qsort(list, count, sizeof *list, compare);
    for (size_t i = 0; i < count; i++)
        if ((total += list[i].size) > FOLDER_MAX || i >= FILES_MAX)
            (void)unlinkat(dirfd(directory), list[i].name, 0);
    free(list);
    if (directory != NULL)
        (void)closedir(directory);
}

/* ---- answers ---- */

static bool forbids_keeping(struct str control)
{
    for (size_t i = 0; i + 8 <= control.n; i++)
        if (strncasecmp(control.p + i, "no-store", 8) == 0)
            return true;
    return false;
}

/* Is it known where the body ends? One that ends with its connection may be half, and would be "not changed" for ever.
 */
static bool is_measured(const struct exchange *exchange)
{
    const struct http_response *response = &exchange->response;
    return exchange->framed || http_header_find(response, "content-length").n > 0 ||
           http_header_find(response, "transfer-encoding").n > 0;
}

static void write_kept(const struct exchange *exchange)
{
    const struct http_response *response = &exchange->response;
    const struct str etag = http_header_find(response, "etag"), modified = http_header_find(response, "last-modified"),
                     control = http_header_find(response, "cache-control");
    struct buf text, blanked;
    struct error ignored;
    error_clear(&ignored);
    if ((etag.n == 0 && modified.n == 0) || response->body.n > BODY_MAX || !is_measured(exchange) ||
        forbids_keeping(control))
        return;
    buf_init(&text, FILE_MAX);
    buf_init(&blanked, FILE_MAX);
    buf_printf(&text, "etag: " STR_FMT "\nlast-modified: " STR_FMT "\n\n", STR_ARG(etag), STR_ARG(modified));
    buf_add_str(&text, buf_str(&response->body));
    buf_add_str(&blanked, buf_str(&text));
    char *path = path_of(exchange, &ignored);
    if (path != NULL && buf_check(&text, &ignored) == 0 && secrets_blank(exchange->secrets, &blanked, &ignored) == 0 &&
        str_equal(buf_str(&text), buf_str(&blanked)) && folder_make(exchange->http->keep, &ignored) == 0 &&
        file_replace(path, text.p, text.n, 0600, &ignored) == 0)
        prune(exchange->http->keep);
    free(path);
    buf_clear(&text);
    buf_clear(&blanked);
}

int keep_answer(struct exchange *exchange, struct error *failure)
{
    struct http_response *response = &exchange->response;
    struct buf text;
    int result = 0;
    if (response->status == 200 && is_kept(exchange))
        write_kept(exchange);
    if (response->status != 304)
        return 0;
    buf_init(&text, FILE_MAX);
    if (exchange->conditional && read_kept(exchange, &text)) {
        const struct str head = head_of(&text);
        response->status = 200;
        buf_reset(&response->body);
        buf_add(&response->body, text.p + head.n + 2, text.n - head.n - 2);
        result = buf_check(&response->body, failure);
    } else {
        result = error_set(failure, EXIT_UNAVAILABLE, "%s answers 304 (not changed), but nothing is cached",
                           exchange->url.host);
    }
    buf_clear(&text);
    return result;
}
