/* A source as data: finding its file, what it says of itself, its secrets. */
#include "adapter/adapter.h"

#include "adapter/exec.h"
#include "adapter/json.h"
#include "adapter/runner.h"
#include "base/file.h"
#include "base/install.h"
#include "base/num.h"
#include "base/words.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX      ((size_t)1 << 20)
#define DESCRIBE_TIME (5 * TIME_SECOND)

/* What is put behind the file: which of its three functions is meant. */
static const char dispatcher[] = "\nif .call == \"describe\" then describe elif .call == \"request\" then request "
                                 "else response end";

/* ---- finding the file ---- */

static bool name_is_valid(const char *name)
{
    const size_t n = strlen(name);
    return n > 0 && n < ID_SIZE && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n && name[0] != '-';
}

bool adapter_path(char path[static PATH_MAX], const char *name, const char *folder)
{
    char relative[ID_SIZE + 16];
    struct error ignored;
    error_clear(&ignored);
    if (!name_is_valid(name))
        return false;
    if (folder != NULL && (size_t)snprintf(path, PATH_MAX, "%s/%s.jq", folder, name) < PATH_MAX &&
        access(path, F_OK) == 0)
        return true;
    (void)snprintf(relative, sizeof relative, "feeds/%s.jq", name);
    return install_path(path, INSTALL_SHARE, relative, &ignored) == 0;
}

static int add_names(struct names *names, const char *folder, struct error *error)
{
    DIR *directory = folder == NULL ? NULL : opendir(folder);
    const struct dirent *file;
    int result = 0;
    if (directory == NULL)
        return 0;
    while (result == 0 && (file = readdir(directory)) != NULL) {
        char name[ID_SIZE];
        const size_t n = strlen(file->d_name);
        if (n <= 3 || n - 3 >= sizeof name || strcmp(file->d_name + n - 3, ".jq") != 0)
            continue;
        memcpy(name, file->d_name, n - 3);
        name[n - 3] = '\0';
        if (name_is_valid(name) && names_add(names, str_of(name), error) < 0)
            result = -1;
    }
    (void)closedir(directory);
    return result;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int adapter_names(struct names *names, const char *folder, struct error *error)
{
    char path[PATH_MAX];
    struct error ignored;
    struct names found;
    int result;
    error_clear(&ignored);
    names_init(&found);
    result = add_names(&found, folder, error);
    if (result == 0 && install_path(path, INSTALL_SHARE, "feeds", &ignored) == 0)
        result = add_names(&found, path, error);
    if (found.count > 0)
        qsort(found.name, found.count, sizeof *found.name, compare_names);
    for (size_t i = 0; result == 0 && i < found.count; i++)
        if (names_add(names, str_of(found.name[i]), error) < 0)
            result = -1;
    names_clear(&found);
    return result;
}

/* ---- what it says of itself ---- */

static int unfit(struct error *error, const char *member, const char *why)
{
    return error_set(error, EXIT_USAGE, "describe: '%s' %s", member, why);
}

/* "https://host" and no more, in its shortest form. */
static int take_origin(char origin[static 512], const char *text, const char *member, struct error *error)
{
    struct url url;
    struct buf shortest;
    if (url_parse(&url, text, error) < 0)
        return -1;
    if (!url.secure || !str_is(url.rest, "/"))
        return unfit(error, member, "must be https://HOST and no more");
    buf_init(&shortest, 511);
    url_add_origin(&shortest, &url);
    (void)snprintf(origin, 512, "%s", shortest.n == 0 ? "" : shortest.p);
    const int result = buf_check(&shortest, error);
    buf_clear(&shortest);
    return result;
}

static int read_origin(struct adapter *adapter, struct str said, struct error *error)
{
    char text[sizeof adapter->origin];
    struct field list, member;
    if (!json_text(said, "origin", text, sizeof text)) /* one that the configuration has to name */
        return adapter->takes_path ? 0 : unfit(error, "origin", "is missing");
    if (take_origin(adapter->origin, text, "origin", error) < 0)
        return -1;
    if (!json_find(said, "others", &list))
        return 0;
    struct str rest = list.value;
    while (raw_next(&rest, &member)) {
        struct adapter_server *other = &adapter->other[adapter->others];
        if (adapter->others == ADAPTER_SERVERS_MAX || member.kind != VALUE_STRING || member.escaped ||
            member.key.n >= sizeof other->name || member.value.n - 2 >= sizeof text)
            return unfit(error, "others", "has too many members, or one that is no plain text");
        memcpy(other->name, member.key.p, member.key.n);
        other->name[member.key.n] = '\0';
        memcpy(text, member.value.p + 1, member.value.n - 2);
        text[member.value.n - 2] = '\0';
        if (take_origin(other->origin, text, "others", error) < 0)
            return -1;
        adapter->others++;
    }
    return 0;
}

/* Each string of an array member, through a function. */
static int read_words(struct str said, const char *key, int (*take)(struct adapter *, const char *, struct error *),
                      struct adapter *adapter, struct error *error)
{
    struct field list, word;
    if (!json_find(said, key, &list))
        return 0;
    if (list.kind != VALUE_ARRAY)
        return unfit(error, key, "is no array");
    struct str rest = list.value;
    while (raw_next(&rest, &word)) {
        char text[64];
        if (word.kind != VALUE_STRING || word.escaped || word.value.n - 2 >= sizeof text)
            return unfit(error, key, "holds something that is no plain word");
        memcpy(text, word.value.p + 1, word.value.n - 2);
        text[word.value.n - 2] = '\0';
        if (take(adapter, text, error) < 0)
            return -1;
    }
    return 0;
}

static int take_command(struct adapter *adapter, const char *word, struct error *error)
{
    static const char *const known[] = {"bars", "actions", "quotes", "chain", "news", "events", "search"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], word) == 0 && adapter->commands < ADAPTER_COMMANDS_MAX) {
            (void)snprintf(adapter->command[adapter->commands++], sizeof adapter->command[0], "%s", word);
            return 0;
        }
    return error_set(error, EXIT_USAGE, "describe: there is no command '%s'", word);
}

static int take_interval(struct adapter *adapter, const char *word, struct error *error)
{
    if (adapter->intervals == ADAPTER_INTERVALS_MAX)
        return unfit(error, "intervals", "are too many");
    return interval_parse(&adapter->interval[adapter->intervals++], word, strlen(word), error);
}

static int take_feed(struct adapter *adapter, const char *word, struct error *error)
{
    if (adapter->feeds == ADAPTER_FEEDS_MAX || strlen(word) >= sizeof adapter->feed[0])
        return unfit(error, "feeds", "are too many or too long");
    (void)snprintf(adapter->feed[adapter->feeds++], sizeof adapter->feed[0], "%s", word);
    return 0;
}

static int take_credential(struct adapter *adapter, const char *word, struct error *error)
{
    const size_t n = strlen(adapter->credentials);
    if (strlen(word) >= SECRET_NAME_SIZE || strspn(word, "abcdefghijklmnopqrstuvwxyz_") != strlen(word) ||
        n + strlen(word) + 2 > sizeof adapter->credentials)
        return unfit(error, "credentials", "are too many, or no lower-case names");
    (void)snprintf(adapter->credentials + n, sizeof adapter->credentials - n, "%s%s", n == 0 ? "" : " ", word);
    return 0;
}

/* {NAME: TEXT}, as members of a list. */
static int read_texts(struct adapter_auth *list, int *count, struct str object, bool query, const char *where,
                      struct error *error)
{
    struct field member;
    struct str rest = object;
    while (raw_next(&rest, &member)) {
        struct adapter_auth *one = &list[*count];
        if (*count == ADAPTER_AUTH_MAX || member.kind != VALUE_STRING || member.escaped ||
            member.key.n >= sizeof one->name || member.value.n - 2 >= sizeof one->text)
            return unfit(error, where, "has too many members, or one that is no plain text");
        one->query = query;
        memcpy(one->name, member.key.p, member.key.n);
        one->name[member.key.n] = '\0';
        memcpy(one->text, member.value.p + 1, member.value.n - 2);
        one->text[member.value.n - 2] = '\0';
        (*count)++;
    }
    return 0;
}

/* "auth": {"headers": {NAME: TEXT}, "query": {NAME: TEXT}} */
static int read_auth(struct adapter *adapter, struct str said, const char *place, bool query, struct error *error)
{
    struct field auth, list;
    if (!json_find(said, "auth", &auth) || !json_find(auth.value, place, &list))
        return 0;
    return read_texts(adapter->auth, &adapter->auths, list.value, query, "auth", error);
}

/* {"server": NAME, "path": TEXT, "basic": TEXT, "headers": {…}, "form": {NAME: TEXT}} */
static int read_form(const struct adapter *adapter, struct adapter_form *form, struct str object, const char *where,
                     struct error *error)
{
    struct field members, headers;
    (void)json_text(object, "server", form->server, sizeof form->server);
    (void)json_text(object, "basic", form->basic, sizeof form->basic);
    if (!json_text(object, "path", form->path, sizeof form->path) || form->path[0] != '/')
        return unfit(error, where, "needs a path that begins with '/'");
    if (!json_find(object, "form", &members) || members.kind != VALUE_OBJECT)
        return unfit(error, where, "needs a form");
    if (adapter_server(adapter, form->server) == NULL)
        return unfit(error, where, "names a server that is none of others");
    if (json_find(object, "headers", &headers) &&
        read_texts(form->header, &form->headers, headers.value, false, where, error) < 0)
        return -1;
    return read_texts(form->member, &form->members, members.value, false, where, error);
}

static int read_token(struct adapter *adapter, struct str said, struct error *error)
{
    struct field found;
    return !json_find(said, "token", &found) ? 0
                                             : read_form(adapter, &adapter->token.form, found.value, "token", error);
}

static int add_need(struct adapter *adapter, const char *word, struct error *error)
{
    char *needs = adapter->login.needs;
    const size_t n = strlen(needs), size = sizeof adapter->login.needs;
    if (n + strlen(word) + 2 > size || strlen(word) >= SECRET_NAME_SIZE)
        return unfit(error, "login", "needs too much");
    (void)snprintf(needs + n, size - n, "%s%s", n == 0 ? "" : " ", word);
    return 0;
}

/* A form, with "address", "parameter", "answer", "keeps" and "needs" beside it. */
static int read_login(struct adapter *adapter, struct str said, struct error *error)
{
    struct adapter_login *login = &adapter->login;
    struct field found;
    if (!json_find(said, "login", &found))
        return 0;
    if (!json_text(found.value, "address", login->address, sizeof login->address) ||
        strncmp(login->address, "https://", 8) != 0 ||
        !json_text(found.value, "parameter", login->parameter, sizeof login->parameter) ||
        !json_text(found.value, "answer", login->answer, sizeof login->answer) ||
        !json_text(found.value, "keeps", login->keeps, sizeof login->keeps))
        return unfit(error, "login", "needs an address (https://), parameter, answer and keeps");
    return read_words(found.value, "needs", add_need, adapter, error) < 0
               ? -1
               : read_form(adapter, &login->form, found.value, "login", error);
}

static int read_figures(struct adapter *adapter, struct str said, struct error *error)
{
    struct field pace;
    double requests = 0, seconds = 0, burst = 1, symbols = 1, timeout = 0, parallel = 0, hold = 0;
    if (json_find(said, "pace", &pace)) {
        if (!json_number(pace.value, "requests", &requests) || !json_number(pace.value, "seconds", &seconds) ||
            !(requests >= 1 && requests <= 1e6 && seconds > 0 && seconds <= 86400))
            return unfit(error, "pace", "needs requests (1 or more) and seconds (up to 86400)");
        (void)json_number(pace.value, "burst", &burst);
        (void)json_number(pace.value, "hold", &hold);
        if (!(burst >= 1 && burst <= 10000))
            return unfit(error, "pace", "has a burst below 1 or above 10000");
        if (!(hold >= 0 && hold <= 21600))
            return unfit(error, "pace", "has a hold that is not 0 to 21600 seconds");
        adapter->hold = (int64_t)(hold * 1e9);
        adapter->pace = (struct pace){(int64_t)(seconds / requests * 1e9), (int)burst};
    }
    (void)json_number(said, "symbols", &symbols);
    (void)json_number(said, "timeout", &timeout);
    (void)json_number(said, "parallel", &parallel);
    if (!(symbols >= 1 && symbols <= 10000))
        return unfit(error, "symbols", "is not 1 to 10000");
    if (!(timeout >= 0 && timeout <= 120))
        return unfit(error, "timeout", "is not 0 to 120 seconds");
    if (!(parallel >= 0 && parallel <= 64))
        return unfit(error, "parallel", "is not 1 to 64");
    adapter->symbols = (int64_t)symbols;
    adapter->timeout = (int64_t)(timeout * 1e9);
    adapter->parallel = (int)parallel;
    return 0;
}

static int read_description(struct adapter *adapter, struct str said, struct error *error)
{
    static const char *const how[] = {"", "raw", "split", "total"};
    struct field flag;
    char adjusted[16];
    if (!json_text(said, "title", adapter->title, sizeof adapter->title))
        return unfit(error, "title", "is missing or too long");
    if (!json_text(said, "calendar", adapter->calendar, sizeof adapter->calendar))
        (void)snprintf(adapter->calendar, sizeof adapter->calendar, "nyse");
    if (json_text(said, "adjusted", adjusted, sizeof adjusted))
        for (int i = 1; i < 4; i++)
            if (strcmp(how[i], adjusted) == 0)
                adapter->adjusted = (enum adjusted)i;
    adapter->credentials_optional = json_find(said, "credentials_optional", &flag) && flag.kind == VALUE_TRUE;
    adapter->takes_path = json_find(said, "takes_path", &flag) && flag.kind == VALUE_TRUE;
    adapter->actions_in_bars = json_find(said, "actions_in_bars", &flag) && flag.kind == VALUE_TRUE;
    if ((adapter->argv == NULL && read_origin(adapter, said, error) < 0) || read_figures(adapter, said, error) < 0 ||
        read_words(said, "commands", take_command, adapter, error) < 0 ||
        read_words(said, "intervals", take_interval, adapter, error) < 0 ||
        read_words(said, "feeds", take_feed, adapter, error) < 0 ||
        read_words(said, "credentials", take_credential, adapter, error) < 0 ||
        read_auth(adapter, said, "headers", false, error) < 0 || read_auth(adapter, said, "query", true, error) < 0 ||
        read_token(adapter, said, error) < 0 || read_login(adapter, said, error) < 0)
        return -1;
    if (adapter->commands == 0)
        return unfit(error, "commands", "is missing");
    if (adapter_can(adapter, "bars") && adapter->intervals == 0)
        return unfit(error, "intervals", "is missing");
    if (adapter_can(adapter, "bars") && adapter->adjusted == ADJUSTED_NONE)
        return unfit(error, "adjusted", "is none of raw, split, total");
    return 0;
}

static int describe(struct adapter *adapter, struct error *error)
{
    struct buf text, line, scratch;
    struct record record = {.scratch = &scratch};
    buf_init(&text, 65536);
    buf_init(&line, 65536);
    buf_init(&scratch, 65536);
    const struct str question = STR("{\"call\":\"describe\"}\n");
    int result = adapter->argv == NULL ? runner_call(adapter->runner, question, DESCRIBE_TIME, &text, error)
                                       : exec_call((const char *const *)adapter->argv, &adapter->secrets, question,
                                                   DESCRIBE_TIME, &text, error);
    if (result < 0)
        error_recode(error, EXIT_USAGE);
    /* Scanned as a record, which checks it strictly: a type is all it lacks. */
    if (result == 0 && (text.n < 3 || text.p[0] != '{' || strcspn(text.p, "\n") != text.n - 1))
        result = error_set(error, EXIT_USAGE, "describe must return one object");
    if (result == 0) {
        buf_printf(&line, "{\"type\":\"source\"%s%.*s", text.p[1] == '}' ? "" : ",", (int)text.n - 2, text.p + 1);
        result = buf_check(&line, error);
    }
    if (result == 0 && (result = record_scan(&record, line.p, line.n, error)) < 0)
        error_recode(error, EXIT_USAGE);
    if (result == 0)
        result = read_description(adapter, (struct str){text.p, text.n - 1}, error);
    buf_clear(&text);
    buf_clear(&line);
    buf_clear(&scratch);
    return result;
}

/* ---- opening ---- */

/* "100/60": the first at once, the others as they fall due. */
static int configure_pace(struct adapter *adapter, const char *text, struct error *error)
{
    const char *slash = strchr(text, '/');
    double requests = 0, seconds = 0;
    struct error ignored;
    error_clear(&ignored);
    if (slash == NULL || num_parse(&requests, text, (size_t)(slash - text), &ignored) < 0 ||
        num_parse(&seconds, slash + 1, strlen(slash + 1), &ignored) < 0 ||
        !(requests > 0 && requests <= 1e6 && seconds > 0 && seconds <= 86400))
        return error_set(error, EXIT_USAGE, "pace = '%.40s': must be REQUESTS/SECONDS, such as 200/60", text);
    adapter->pace.interval = (int64_t)(seconds / requests * 1e9);
    return 0;
}

static int configure(struct adapter *adapter, const struct adapter_settings *settings, struct error *error)
{
    struct url url;
    if (settings->pace != NULL && configure_pace(adapter, settings->pace, error) < 0)
        return -1;
    if (settings->url == NULL)
        return 0;
    if (url_parse(&url, settings->url, error) < 0)
        return -1;
    if (!adapter->takes_path && !str_is(url.rest, "/"))
        return error_set(error, EXIT_USAGE, "url = '%s': must be scheme, host and port only", settings->url);
    if (url.rest.n >= sizeof adapter->path)
        return error_set(error, EXIT_USAGE, "url = '%.60s…': too long", settings->url);
    memcpy(adapter->path, url.rest.p, url.rest.n);
    adapter->path[url.rest.n] = '\0';
    struct buf origin;
    buf_init(&origin, sizeof adapter->origin - 1);
    url_add_origin(&origin, &url);
    adapter->moved = origin.n == 0 || strcmp(origin.p, adapter->origin) != 0;
    (void)snprintf(adapter->origin, sizeof adapter->origin, "%s", origin.n == 0 ? "" : origin.p);
    const int result = buf_check(&origin, error);
    buf_clear(&origin);
    adapter->configured = true;
    return result;
}

static int load_program(struct adapter *adapter, const struct adapter_settings *settings, struct error *error)
{
    if ((adapter->argv = words_split(settings->command, error)) == NULL) {
        error_prefix(error, "command");
        return -1;
    }
    if (describe(adapter, error) == 0)
        return 0;
    error_prefix(error, "%s", adapter->argv[0]);
    return -1;
}

static int load(struct adapter *adapter, const struct adapter_settings *settings, struct error *error)
{
    char path[PATH_MAX];
    struct buf program;
    if (!adapter_path(path, settings->name, settings->folder))
        return error_set(error, EXIT_USAGE, "no source '%.40s'", settings->name);
    buf_init(&program, FILE_MAX);
    int result = file_read(path, &program, error);
    if (result == 0) {
        buf_add_text(&program, dispatcher);
        result = buf_check(&program, error);
    }
    if (result == 0 && (adapter->runner = runner_open(path, buf_str(&program), error)) == NULL)
        result = -1;
    buf_clear(&program);
    if (result == 0 && (result = describe(adapter, error)) < 0)
        error_prefix(error, "%s", path);
    return result;
}

struct adapter *adapter_open(const struct adapter_settings *settings, struct error *error)
{
    struct adapter *adapter = calloc(1, sizeof *adapter);
    if (adapter == NULL) {
        error_memory(error);
        return NULL;
    }
    secrets_init(&adapter->secrets);
    (void)snprintf(adapter->name, sizeof adapter->name, "%s", settings->name);
    if ((settings->command != NULL ? load_program(adapter, settings, error) : load(adapter, settings, error)) == 0 &&
        configure(adapter, settings, error) == 0)
        return adapter;
    adapter_close(adapter);
    return NULL;
}

/* The next of the names separated by spaces; false after the last. */
static bool next_credential(const char **names, char name[static SECRET_NAME_SIZE])
{
    const size_t n = strcspn(*names, " ");
    (void)snprintf(name, SECRET_NAME_SIZE, "%.*s", (int)n, *names);
    *names += n + ((*names)[n] == ' ');
    return n > 0;
}

int adapter_feign(struct adapter *adapter, struct error *error)
{
    char name[SECRET_NAME_SIZE];
    const char *names = adapter->credentials;
    while (next_credential(&names, name))
        if (secrets_add(&adapter->secrets, name, STR("***"), error) < 0)
            return -1;
    if (adapter->token.form.path[0] == '\0')
        return 0;
    adapter->token.ends = INT64_MAX;
    return secrets_add(&adapter->secrets, "access_token", STR("***"), error);
}

int adapter_unlock(struct adapter *adapter, const struct adapter_settings *settings, struct error *error)
{
    const char *names = adapter->credentials;
    if (names[0] == '\0' || adapter->secrets.count > 0)
        return 0;
    if (settings->secret_command == NULL && settings->secret_file == NULL) {
        if (adapter->credentials_optional)
            return 0;
        (void)error_set(error, EXIT_CREDENTIALS, "%s needs credentials: %s", adapter->title, names);
        error_hint(error, "secret_command or secret_file in a source section with kind = %s, see tn-config(5)",
                   adapter->name);
        return -1;
    }
    if ((settings->secret_command != NULL ? secrets_command(&adapter->secrets, names, settings->secret_command, error)
                                          : secrets_file(&adapter->secrets, names, settings->secret_file, error)) < 0)
        return -1;
    char name[SECRET_NAME_SIZE];
    while (next_credential(&names, name))
        if (secrets_find(&adapter->secrets, name) == NULL)
            return error_set(error, EXIT_CREDENTIALS, "%s also needs '%s': a line '%s = …'", adapter->title, name,
                             name);
    return 0;
}

void adapter_close(struct adapter *adapter)
{
    if (adapter == NULL)
        return;
    runner_close(adapter->runner);
    words_free(adapter->argv);
    secrets_clear(&adapter->secrets);
    free(adapter);
}

const char *adapter_server(const struct adapter *adapter, const char *name)
{
    if (name[0] == '\0')
        return adapter->origin;
    for (int i = 0; i < adapter->others; i++)
        if (strcmp(adapter->other[i].name, name) == 0)
            return adapter->moved ? adapter->origin : adapter->other[i].origin;
    return NULL;
}

bool adapter_can(const struct adapter *adapter, const char *command)
{
    for (int i = 0; i < adapter->commands; i++)
        if (strcmp(adapter->command[i], command) == 0)
            return true;
    return false;
}

/* Seconds of an interval within the day, 0 for longer ones. */
static int64_t seconds_of(struct interval interval)
{
    static const int64_t unit[] = {[INTERVAL_SECOND] = 1, [INTERVAL_MINUTE] = 60, [INTERVAL_HOUR] = 3600};
    return interval.unit > INTERVAL_HOUR ? 0 : interval.count * unit[interval.unit];
}

static bool can_make(struct interval fine, struct interval wanted)
{
    const int64_t seconds = seconds_of(fine), of = seconds_of(wanted);
    if (interval_equal(fine, wanted))
        return true;
    if (of > 0)
        return seconds > 0 && of % seconds == 0;
    return seconds > 0 || (fine.unit == INTERVAL_DAY && fine.count == 1);
}

int adapter_interval(const struct adapter *adapter, struct interval wanted, struct interval *use)
{
    int best = -1;
    for (int i = 0; i < adapter->intervals; i++)
        if (can_make(adapter->interval[i], wanted) &&
            (best < 0 || interval_compare(adapter->interval[i], adapter->interval[best]) > 0))
            best = i;
    if (best < 0)
        return 0;
    *use = adapter->interval[best];
    return 1;
}
