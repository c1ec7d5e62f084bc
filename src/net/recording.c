/* Exchanges kept in a folder: the status and headers in the first lines of a file, an empty line, the body. */
#include "net/recording.h"

#include "base/file.h"
#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)HTTP_BODY_MAX + (1u << 20))

/* "GET /v2/bars?a=b\n" and the body, secrets blanked. */
static int add_question(struct buf *out, const struct exchange *exchange, struct error *error)
{
    buf_printf(out, "%s %s ", exchange->source, exchange->method);
    buf_add_str(out, exchange->url.rest);
    buf_add_char(out, '\n');
    buf_add_str(out, buf_str(&exchange->body));
    return secrets_blank(exchange->secrets, out, error);
}

static int file_of(char **path, const char *folder, const struct exchange *exchange, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char name[17];
    struct buf question;
    buf_init(&question, FILE_MAX);
    struct sha256 *hash = sha256_new(error);
    int result = hash == NULL || add_question(&question, exchange, error) < 0 ||
                         sha256_of(hash, question.p, question.n, digest, error) < 0
                     ? -1
                     : 0;
    sha256_free(hash);
    buf_clear(&question);
    if (result < 0)
        return -1;
    hash_base32(name, digest, 80);
    if (asprintf(path, "%s/%s.exchange", folder, name) == -1) {
        *path = NULL;
        return error_memory(error);
    }
    return 0;
}

static bool is_kept(const char *header, size_t n)
{
    static const char *const kept[] = {"content-type", "etag", "last-modified", "retry-after", "location"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const size_t length = strlen(kept[i]);
        if (n > length && header[length] == ':' && memcmp(header, kept[i], length) == 0)
            return true;
    }
    return false;
}

int recording_write(const char *folder, const struct exchange *exchange, struct error *error)
{
    struct buf text;
    char *path;
    if (file_of(&path, folder, exchange, error) < 0)
        return -1;
    buf_init(&text, FILE_MAX);
    buf_printf(&text, "%s %s ", exchange->source, exchange->method);
    buf_add_str(&text, exchange->url.rest);
    buf_printf(&text, "\nstatus: %d\n", exchange->response.status);
    for (const char *p = exchange->response.headers.p; p != NULL && *p != '\0';) {
        const size_t n = strcspn(p, "\n");
        if (is_kept(p, n))
            buf_printf(&text, "%.*s\n", (int)n, p);
        p += n + (p[n] == '\n');
    }
    buf_add_char(&text, '\n');
    buf_add_str(&text, buf_str(&exchange->response.body));
    int result = secrets_blank(exchange->secrets, &text, error);
    if (result == 0)
        result = file_replace(path, text.p, text.n, 0600, error);
    buf_clear(&text);
    free(path);
    return result;
}

/* Take a file apart. */
static int take_answer(struct exchange *exchange, struct str text, const char *path, struct error *error)
{
    struct http_response *response = &exchange->response;
    const char *line = memchr(text.p, '\n', text.n), *end;
    if (line == NULL || text.n - (size_t)(line - text.p) < 10 || memcmp(line, "\nstatus: ", 9) != 0 ||
        (end = memmem(line, text.n - (size_t)(line - text.p), "\n\n", 2)) == NULL)
        return error_set(error, EXIT_UNAVAILABLE, "'%s' is not a recorded exchange", path);
    response->status = (int)strtol(line + 9, NULL, 10);
    const char *headers = memchr(line + 1, '\n', (size_t)(end - line));
    if (headers != NULL && headers < end)
        buf_add(&response->headers, headers + 1, (size_t)(end - headers));
    buf_add(&response->body, end + 2, text.n - (size_t)(end + 2 - text.p));
    return buf_check(&response->body, error) < 0 ? -1 : buf_check(&response->headers, error);
}

int recording_read(const char *folder, struct exchange *exchange, struct error *error)
{
    struct buf text;
    struct error why;
    char *path;
    if (file_of(&path, folder, exchange, error) < 0)
        return -1;
    buf_init(&text, FILE_MAX);
    error_clear(&why);
    int result = file_read(path, &text, &why);
    if (result < 0) {
        (void)error_set(error, EXIT_UNAVAILABLE, "no recorded answer to %s " STR_FMT, exchange->method,
                        exchange->url.rest.n > 200 ? 200 : (int)exchange->url.rest.n, exchange->url.rest.p);
        error_hint(error, "it should be in '%.180s'", folder);
    } else {
        result = take_answer(exchange, buf_str(&text), path, error);
    }
    buf_clear(&text);
    free(path);
    return result;
}
