/* Secrets: reading them, and blanking them in whatever is written. */
#include "net/secret.h"

#include "base/file.h"
#include "base/list.h"
#include "base/spawn.h"
#include "base/time.h"
#include "base/words.h"
#include "net/url.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>

#define COMMAND_TIME (60 * TIME_SECOND)

void secrets_init(struct secrets *secrets)
{
    *secrets = (struct secrets){0};
}

static void wipe(struct buf *buf)
{
    if (buf->p != NULL)
        explicit_bzero(buf->p, buf->capacity);
    buf_clear(buf);
}

void secrets_clear(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++) {
        explicit_bzero(secrets->list[i].text, strlen(secrets->list[i].text));
        free(secrets->list[i].text);
    }
    free(secrets->list);
    secrets_init(secrets);
}

int secrets_add(struct secrets *secrets, const char *name, struct str text, struct error *error)
{
    if (text.n == 0)
        return error_set(error, EXIT_CREDENTIALS, "the secret '%s' is empty", name);
    if (text.n >= SECRET_SIZE)
        return error_set(error, EXIT_CREDENTIALS, "the secret '%s' is longer than %d bytes", name, SECRET_SIZE - 1);
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == '\x7f')
            return error_set(error, EXIT_CREDENTIALS, "the secret '%s' contains a control byte", name);
    if (secrets_find(secrets, name) != NULL)
        return error_set(error, EXIT_CREDENTIALS, "the secret '%s' is given twice", name);
    if (list_grow(&secrets->list, &secrets->capacity, secrets->count, sizeof *secrets->list, error) != 0)
        return -1;
    struct secret secret;
    (void)snprintf(secret.name, sizeof secret.name, "%s", name);
    if ((secret.text = strndup(text.p, text.n)) == NULL)
        return error_memory(error);
    /* The longest first: a secret that is part of another one must not break that one up before it is blanked. */
    size_t at = secrets->count++;
    for (; at > 0 && strlen(secrets->list[at - 1].text) < text.n; at--)
        secrets->list[at] = secrets->list[at - 1];
    secrets->list[at] = secret;
    return 0;
}

int secrets_set(struct secrets *secrets, const char *name, struct str text, struct error *error)
{
    for (size_t i = 0; i < secrets->count; i++) {
        if (strcmp(secrets->list[i].name, name) != 0)
            continue;
        explicit_bzero(secrets->list[i].text, strlen(secrets->list[i].text));
        free(secrets->list[i].text);
        secrets->count--;
        memmove(&secrets->list[i], &secrets->list[i + 1], (secrets->count - i) * sizeof *secrets->list);
        break;
    }
    return secrets_add(secrets, name, text, error);
}

const char *secrets_find(const struct secrets *secrets, const char *name)
{
    for (size_t i = 0; i < secrets->count; i++)
        if (strcmp(secrets->list[i].name, name) == 0)
            return secrets->list[i].text;
    return NULL;
}

static struct str trim(struct str text)
{
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text.p++;
        text.n--;
    }
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t' || text.p[text.n - 1] == '\r'))
        text.n--;
    return text;
}

/* The next of the names separated by spaces, false after the last. */
static bool next_name(const char **names, char name[static SECRET_NAME_SIZE])
{
    *names += strspn(*names, " ");
    const size_t n = strcspn(*names, " ");
    if (n == 0 || n >= SECRET_NAME_SIZE)
        return false;
    memcpy(name, *names, n);
    name[n] = '\0';
    *names += n;
    return true;
}

/* "NAME = TEXT" with one of the names: true, with both. */
static bool named_line(const char *names, struct str line, char name[static SECRET_NAME_SIZE], struct str *text)
{
    while (next_name(&names, name)) {
        const size_t n = strlen(name);
        if (line.n <= n || memcmp(line.p, name, n) != 0)
            continue;
        const struct str rest = trim((struct str){line.p + n, line.n - n});
        if (rest.n == 0 || (rest.p[0] != '=' && rest.p[0] != ':'))
            continue;
        *text = trim((struct str){rest.p + 1, rest.n - 1});
        return true;
    }
    return false;
}

int secrets_parse(struct secrets *secrets, const char *names, struct str text, struct error *error)
{
    const size_t before = secrets->count;
    bool first = true;
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        const size_t n = end == NULL ? text.n : (size_t)(end - text.p);
        const struct str line = trim((struct str){text.p, n});
        char name[SECRET_NAME_SIZE];
        struct str value = line;
        const char *all = names;
        const bool named = named_line(names, line, name, &value);
        if ((named || (first && line.n > 0 && next_name(&all, name))) && secrets_add(secrets, name, value, error) < 0)
            return -1;
        first &= line.n == 0;
        text.p += n + (end != NULL);
        text.n -= n + (end != NULL);
    }
    if (secrets->count == before)
        return error_set(error, EXIT_CREDENTIALS, "returns no secret (names: %s)", names);
    return 0;
}

int secrets_command(struct secrets *secrets, const char *names, const char *command, struct error *error)
{
    struct buf output;
    int status = 0;
    char **words = words_split(command, error);
    if (words == NULL) {
        error_prefix(error, "secret_command");
        return -1;
    }
    buf_init(&output, SECRET_SIZE * 4);
    /* Room for all of it at once, so that no copy is left behind by growing. */
    int result = buf_reserve(&output, SECRET_SIZE * 2) == NULL ? buf_check(&output, error) : 0;
    if (result == 0)
        result =
            spawn_run((const char *const *)words, (struct str){NULL, 0}, COMMAND_TIME, &output, NULL, &status, error);
    if (result == 0 && status != 0)
        result = error_set(error, EXIT_CREDENTIALS, "'%s' ended with %d", words[0], status);
    if (result == 0)
        result = secrets_parse(secrets, names, buf_str(&output), error);
    if (result != 0) {
        error_recode(error, EXIT_CREDENTIALS);
        error_prefix(error, "secret_command");
    }
    wipe(&output);
    words_free(words);
    return result;
}

int secrets_file(struct secrets *secrets, const char *names, const char *path, struct error *error)
{
    struct buf text;
    buf_init(&text, SECRET_SIZE * 4);
    int result = buf_reserve(&text, SECRET_SIZE * 2) == NULL ? buf_check(&text, error) : 0;
    if (result == 0)
        result = file_check_private(path, error);
    if (result == 0 && (result = file_read(path, &text, error)) < 0)
        error_recode(error, EXIT_CREDENTIALS);
    if (result == 0 && (result = secrets_parse(secrets, names, buf_str(&text), error)) < 0)
        error_prefix(error, "%s", path);
    wipe(&text);
    return result;
}

/* Replace `what` in `text` by stars; `out` is the room for the result. */
static void replace(struct buf *text, struct str what, struct buf *out)
{
    const char *p = text->p, *const end = text->p + text->n, *found;
    if (what.n == 0 || text->n < what.n || (found = memmem(p, text->n, what.p, what.n)) == NULL)
        return;
    buf_reset(out);
    do {
        buf_add(out, p, (size_t)(found - p));
        buf_add_text(out, "***");
        p = found + what.n;
    } while ((found = memmem(p, (size_t)(end - p), what.p, what.n)) != NULL);
    buf_add(out, p, (size_t)(end - p));
    const struct buf other = *text;
    *text = *out;
    *out = other;
}

int secrets_blank(const struct secrets *secrets, struct buf *text, struct error *error)
{
    struct buf out, form;
    if (secrets == NULL || secrets->count == 0 || text->n == 0)
        return buf_check(text, error);
    buf_init(&out, text->maximum);
    buf_init(&form, SECRET_SIZE * 6);
    for (size_t i = 0; i < secrets->count; i++) {
        const struct str secret = str_of(secrets->list[i].text);
        replace(text, secret, &out);
        buf_reset(&form);
        url_add_encoded(&form, secret);
        replace(text, buf_str(&form), &out);
        buf_reset(&form);
        json_add_string(&form, secret);
        if (form.n > 2)
            replace(text, (struct str){form.p + 1, form.n - 2}, &out);
    }
    const int result = buf_check(&form, error) < 0 || buf_check(&out, error) < 0 ? -1 : buf_check(text, error);
    wipe(&form);
    wipe(&out);
    return result;
}

static void blank_text(const struct secrets *secrets, char *text, size_t size)
{
    struct buf buf;
    struct error ignored;
    error_clear(&ignored);
    buf_init(&buf, size * 8);
    buf_add_text(&buf, text);
    if (secrets_blank(secrets, &buf, &ignored) < 0)
        (void)snprintf(text, size, "(not shown: out of memory)");
    else
        (void)snprintf(text, size, "%s", buf.n > 0 ? buf.p : "");
    wipe(&buf);
}

void secrets_blank_error(const struct secrets *secrets, struct error *error)
{
    if (secrets == NULL || secrets->count == 0)
        return;
    blank_text(secrets, error->text, sizeof error->text);
    blank_text(secrets, error->hint, sizeof error->hint);
}
