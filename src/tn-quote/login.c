/* tn-quote login: a source whose login is a person's business, in a browser. What comes of it goes into the secret
 * file. */
#include "adapter/login.h"
#include "base/file.h"
#include "net/network.h"
#include "tn-quote/commands.h"

#include <stdio.h>
#include <stdlib.h>

const struct option_spec login_options[] = {
    {"redirect", 0, OPTION_TEXT, "URL", "the registered redirect address (default https://127.0.0.1)", NULL, 0, 0},
    {0},
};

/* The secrets that are there already; what the login gives may be missing. */
static int read_secrets(struct adapter *adapter, const char *path, struct error *error)
{
    char names[sizeof adapter->credentials + sizeof adapter->login.needs];
    (void)snprintf(names, sizeof names, "%s %s", adapter->credentials, adapter->login.needs);
    return secrets_file(&adapter->secrets, names, path, error);
}

static int write_secret(const struct adapter *adapter, const char *path, struct error *error)
{
    struct buf before, after;
    buf_init(&before, 1u << 20);
    buf_init(&after, 1u << 20);
    int result = file_read(path, &before, error);
    if (result == 0) {
        login_rewrite(buf_str(&before), adapter->login.keeps, secrets_find(&adapter->secrets, adapter->login.keeps),
                      &after);
        result = buf_check(&after, error) < 0 ? -1 : file_replace(path, after.p, after.n, 0600, error);
    }
    if (before.p != NULL)
        explicit_bzero(before.p, before.capacity);
    if (after.p != NULL)
        explicit_bzero(after.p, after.capacity);
    buf_clear(&before);
    buf_clear(&after);
    return result;
}

/* One line of standard input. */
static int read_line(struct buf *line, struct error *error)
{
    int c;
    while ((c = getchar()) != EOF && c != '\n')
        buf_add_char(line, (char)c);
    if (buf_check(line, error) < 0)
        return -1;
    return line->n > 0 ? 0 : error_set(error, EXIT_INPUT, "no address on standard input");
}

static int converse(struct adapter *adapter, struct http *http, const struct invocation *invocation, const char *path,
                    struct error *error)
{
    struct buf address, sent;
    buf_init(&address, 4096);
    buf_init(&sent, 16384);
    int result = login_address(adapter, option_text(invocation, "redirect", "https://127.0.0.1"), &address, error);
    if (result == 0) {
        (void)fprintf(stderr,
                      "Open this address in a browser and log in:\n\n%s\n\n"
                      "Then give the address to which you are sent, whatever its page shows:\n",
                      address.p);
        result = read_line(&sent, error);
    }
    if (result == 0)
        result = login_take(adapter, http, buf_str(&sent), error);
    if (result == 0)
        result = write_secret(adapter, path, error);
    if (result == 0)
        say(invocation, 0, "logged in; '%s' has the new %s", path, adapter->login.keeps);
    if (sent.p != NULL)
        explicit_bzero(sent.p, sent.capacity);
    buf_clear(&address);
    buf_clear(&sent);
    return result;
}

static int check_login(const struct adapter *adapter, const char *section, const char *path, struct error *error)
{
    if (adapter->login.form.path[0] == '\0')
        return error_set(error, EXIT_USAGE, "%s needs no login", adapter->title);
    if (path != NULL)
        return 0;
    (void)error_set(error, EXIT_USAGE, "source '%s' has no file for the login", section);
    error_hint(error, "add secret_file to its source section, with the other secrets: %s %s", adapter->credentials,
               adapter->login.needs);
    return -1;
}

/* Of a section of the configuration; a name that is none is taken for an adapter's. */
static const char *kind_of(const struct config *config, const char *section)
{
    for (int i = 0; i < config_titles(config, "source"); i++)
        if (strcmp(config_title(config, "source", i), section) == 0)
            return config_text(config, "source", section, "kind", NULL);
    return section;
}

enum exit_code quote_login(struct invocation *invocation, struct error *error)
{
    const char *section = invocation_operand_list(invocation)[0];
    char folder[PATH_MAX];
    struct config *config = config_open(error);
    struct adapter *adapter = NULL;
    struct http *http = NULL;
    int result = config == NULL ? -1 : 0;
    if (result == 0) {
        const char *kind = kind_of(config, section);
        const struct adapter_settings settings = rest_settings(config, section, kind, folder);
        adapter = adapter_open(&settings, error);
        const struct http_options options = {.ca_file = config_text(config, "source", section, "ca_file", NULL)};
        if (adapter == NULL || check_login(adapter, section, settings.secret_file, error) < 0 ||
            read_secrets(adapter, settings.secret_file, error) < 0 ||
            (http = network_open(config, invocation, options, error)) == NULL ||
            converse(adapter, http, invocation, settings.secret_file, error) < 0)
            result = -1;
    }
    http_close(http);
    adapter_close(adapter);
    config_free(config);
    return result < 0 ? error->code : EXIT_DONE;
}
