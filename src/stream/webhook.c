/* tn-stream webhook: posts of others (alerts of TradingView, say) as records. Nobody knows who posts but by a secret in
 * the body; what a post may bring is what its section of the configuration allows. */
#include "stream/webhook.h"

#include "adapter/body.h"
#include "adapter/convert.h"
#include "adapter/json.h"
#include "adapter/runner.h"
#include "base/config.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/time.h"
#include "net/listener.h"
#include "net/secret.h"
#include "stream/outlet.h"

#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOOKS_MAX = 32, RECENT = 256, OVER = 1, PROGRAM_MAX = 1 << 20 };
#define BODY_LIMIT   (64u << 10)
#define REPEAT_TIME  TIME_MINUTE
#define ANSWER_TIME  (2 * TIME_SECOND)
#define REQUEST_TIME (10 * TIME_SECOND)

/* Posts that may come, refilled by the minute. */
struct bucket {
    double left;
    int64_t filled;
};

struct hook {
    const char *name, *field, *records, *strategies, *symbols;
    struct secrets secrets;
    struct runner *runner;
    int64_t rate;                   /* posts a minute */
    struct bucket known, strangers; /* those without the secret use up nothing of the others' */
    struct recent {
        uint64_t digest;
        int64_t time;
        int status;
    } recent[RECENT];
    unsigned next;
};

struct webhook {
    const struct invocation *invocation;
    struct config *config;
    struct loop *loop;
    struct outlet *outlet;
    struct listener *listener;
    struct hook hook[HOOKS_MAX];
    int hooks;
    struct buf checked, rest, output, line, scratch, again;
    struct record *record, *made;
    uint64_t posts, refused, repeated, records;
};

/* Takes as long whatever is equal. */
static bool same_secret(struct str given, const char *secret)
{
    const size_t n = strlen(secret);
    unsigned char differ = given.n != n;
    for (size_t i = 0; i < given.n; i++)
        differ |= (unsigned char)(given.p[i] ^ secret[n == 0 ? 0 : i % n]);
    return differ == 0;
}

/* Is the word one of a list of patterns, separated by blanks? */
static bool is_listed(const char *list, const char *word)
{
    char pattern[160];
    for (const char *p = list; *p != '\0';) {
        p += strspn(p, " ,");
        const size_t n = strcspn(p, " ,");
        if (n > 0 && n < sizeof pattern) {
            memcpy(pattern, p, n);
            pattern[n] = '\0';
            if (fnmatch(pattern, word, 0) == 0)
                return true;
        }
        p += n;
    }
    return false;
}

static bool within_rate(struct bucket *bucket, int64_t rate)
{
    const int64_t now = time_monotonic();
    bucket->left += (double)(now - bucket->filled) / (double)TIME_MINUTE * (double)rate;
    bucket->filled = now;
    if (bucket->left > (double)rate)
        bucket->left = (double)rate;
    if (bucket->left < 1)
        return false;
    bucket->left -= 1;
    return true;
}

/* The same content within a minute; NULL: there was none. */
static const struct recent *find_recent(const struct hook *hook, uint64_t digest)
{
    const int64_t now = time_monotonic();
    for (int i = 0; i < RECENT; i++)
        if (hook->recent[i].digest == digest && hook->recent[i].time > 0 && now - hook->recent[i].time < REPEAT_TIME)
            return &hook->recent[i];
    return NULL;
}

/* What could not be read may come again: whoever sends it is told that it was not taken. */
static void remember(struct hook *hook, uint64_t digest, int status)
{
    if (status != 200 && status != 403)
        return;
    hook->recent[hook->next] = (struct recent){digest, time_monotonic(), status};
    hook->next = (hook->next + 1) % RECENT;
}

/* The object without the member that bears the secret; false when that is not the right one. */
static bool take_secret(struct webhook *webhook, const struct hook *hook, struct str object)
{
    const char *secret = secrets_find(&hook->secrets, "secret");
    struct field member;
    bool right = false, first = true;
    buf_reset(&webhook->rest);
    buf_add_char(&webhook->rest, '{');
    while (raw_next(&object, &member)) {
        if (str_is(member.key, hook->field)) {
            right = member.kind == VALUE_STRING && !member.escaped && member.value.n >= 2 && secret != NULL &&
                    same_secret((struct str){member.value.p + 1, member.value.n - 2}, secret);
            continue;
        }
        buf_printf(&webhook->rest, "%s\"" STR_FMT "\":" STR_FMT, first ? "" : ",", STR_ARG(member.key),
                   STR_ARG(member.value));
        first = false;
    }
    buf_add_char(&webhook->rest, '}');
    return right && !webhook->rest.failed;
}

static int put_line(struct webhook *webhook, struct error *error)
{
    return buf_check(&webhook->line, error) < 0
               ? -1
               : outlet_put(webhook->outlet, OUTLET_KEEP, 0, buf_str(&webhook->line), error);
}

/* What the section does not allow becomes a refusal in its place. */
static int refuse(struct webhook *webhook, const struct hook *hook, const char *why, struct error *error)
{
    struct refusal refusal;
    char message[MESSAGE_SIZE];
    record_blank(RECORD_REFUSAL, &refusal);
    refusal.time = time_now();
    (void)snprintf(refusal.code, sizeof refusal.code, "%s", "WEBHOOK");
    (void)snprintf(message, sizeof message, "webhook %s: %s", hook->name, why);
    (void)snprintf(refusal.message, sizeof refusal.message, "%s", message);
    say(webhook->invocation, 0, "%s", message);
    webhook->refused++;
    buf_reset(&webhook->line);
    record_encode(&webhook->line, RECORD_REFUSAL, &refusal);
    return put_line(webhook, error);
}

/* NULL when the section allows the record in webhook->made. */
static const char *why_not(const struct webhook *webhook, const struct hook *hook, char *text, size_t size)
{
    struct error bad = {0};
    struct signal signal;
    char type[32];
    (void)snprintf(type, sizeof type, STR_FMT, webhook->made->type_text.n > 31 ? 31 : (int)webhook->made->type_text.n,
                   webhook->made->type_text.p);
    if (!is_listed(hook->records, type)) {
        (void)snprintf(text, size, "records of type '%s' are not allowed", type);
        return text;
    }
    union record_value value;
    const bool is_signal = webhook->made->type == RECORD_SIGNAL;
    const int result =
        is_signal ? record_decode(webhook->made, &signal, &bad) : record_check_passed(webhook->made, &value, &bad);
    if (result < 0) {
        (void)snprintf(text, size, "%.190s", bad.text);
        return text;
    }
    if (!is_signal)
        return NULL;
    if (!is_listed(hook->strategies, signal.strategy)) {
        (void)snprintf(text, size, "signals of '%.60s' are not allowed", signal.strategy);
        return text;
    }
    if (!is_listed(hook->symbols, signal.symbol)) {
        (void)snprintf(text, size, "signals for %s are not allowed", signal.symbol);
        return text;
    }
    return NULL;
}

/* One object that the jq file made: 0, -1, or 1 when it was refused. */
static int take_object(struct webhook *webhook, const struct hook *hook, struct str object, struct error *error)
{
    struct converter converter;
    struct error bad = {0};
    char text[200];
    webhook->record->scratch = &webhook->scratch;
    webhook->made->scratch = &webhook->again;
    converter_init(&converter, NULL);
    buf_reset(&webhook->line);
    int result = record_scan(webhook->record, object.p, object.n, &bad);
    if (result == 0)
        result = convert_record(&converter, webhook->record, &webhook->line, &bad);
    if (result == 0)
        result = record_scan(webhook->made, webhook->line.p, webhook->line.n - 1, &bad);
    converter_clear(&converter);
    const char *why = result < 0 ? bad.text : why_not(webhook, hook, text, sizeof text);
    if (why != NULL)
        return refuse(webhook, hook, why, error) < 0 ? -1 : 1;
    webhook->records++;
    return put_line(webhook, error) < 0 ? -1 : 0;
}

/* The jq file's program on {"webhook":…, "received":…, "body":…}; each object that it gives is a record. */
static int convert(struct webhook *webhook, struct hook *hook, char *answer, struct error *error)
{
    struct error bad = {0};
    bool refused = false;
    buf_reset(&webhook->output);
    buf_reset(&webhook->line);
    buf_printf(&webhook->line, "{\"webhook\":\"%s\",\"received\":", hook->name);
    json_add_time(&webhook->line, time_now());
    buf_printf(&webhook->line, ",\"body\":" STR_FMT "}", STR_ARG(buf_str(&webhook->rest)));
    if (buf_check(&webhook->line, error) < 0)
        return -1;
    if (runner_call(hook->runner, buf_str(&webhook->line), ANSWER_TIME, &webhook->output, &bad) < 0) {
        (void)snprintf(answer, 200, "cannot be read\n");
        return refuse(webhook, hook, bad.text, error) < 0 ? -1 : 422;
    }
    for (const char *p = webhook->output.p; p != NULL && p < webhook->output.p + webhook->output.n;) {
        const char *stop = memchr(p, '\n', (size_t)(webhook->output.p + webhook->output.n - p));
        if (stop == NULL)
            stop = webhook->output.p + webhook->output.n;
        const int result = stop == p ? 0 : take_object(webhook, hook, (struct str){p, (size_t)(stop - p)}, error);
        if (result < 0)
            return -1;
        refused |= result == 1;
        p = stop + 1;
    }
    (void)snprintf(answer, 200, refused ? "not allowed\n" : "taken\n");
    return refused ? 403 : 200;
}

static int on_post(void *context, const char *path, struct str body, char *answer, struct error *error)
{
    struct webhook *webhook = context;
    struct hook *hook = NULL;
    struct error bad = {0};
    webhook->posts++;
    for (int i = 0; i < webhook->hooks; i++)
        if (path[0] == '/' && strcmp(path + 1, webhook->hook[i].name) == 0)
            hook = &webhook->hook[i];
    if (hook == NULL)
        return (void)snprintf(answer, 200, "nobody here\n"), 404;
    buf_reset(&webhook->checked);
    const bool object = body_take(&webhook->checked, body, &bad) == 0 && webhook->checked.p[0] == '{';
    const bool right = object && take_secret(webhook, hook, buf_str(&webhook->checked));
    if (webhook->checked.p != NULL)
        explicit_bzero(webhook->checked.p, webhook->checked.n);
    if (!within_rate(right ? &hook->known : &hook->strangers, hook->rate))
        return (void)snprintf(answer, 200, "too many\n"), 429;
    if (!object)
        return (void)snprintf(answer, 200, "no object of JSON\n"), 400;
    if (!right) {
        say(webhook->invocation, 0, "webhook %s: a post with a missing or wrong secret", hook->name);
        return (void)snprintf(answer, 200, "who are you?\n"), 401;
    }
    if (secrets_blank(&hook->secrets, &webhook->rest, error) < 0) /* it may stand in a text too */
        return -1;
    const uint64_t digest = hash_fnv1a(webhook->rest.p, webhook->rest.n);
    const struct recent *same = find_recent(hook, digest);
    if (same != NULL) {
        webhook->repeated++;
        (void)snprintf(answer, 200, same->status == 200 ? "taken already\n" : "not allowed\n");
        return same->status;
    }
    const int status = convert(webhook, hook, answer, error);
    if (status > 0 && outlet_push(webhook->outlet, error) < 0) /* what nobody reads has not been taken */
        return -1;
    if (status > 0)
        remember(hook, digest, status);
    return status;
}

/* ---- the configuration ---- */

static int open_hook(struct webhook *webhook, const char *name, struct error *error)
{
    const struct config *config = webhook->config;
    struct hook *hook = &webhook->hook[webhook->hooks];
    const char *file = config_text(config, "webhook", name, "adapter", NULL);
    const char *command = config_text(config, "webhook", name, "secret_command", NULL);
    const char *secret = config_text(config, "webhook", name, "secret_file", NULL);
    struct buf program;
    *hook = (struct hook){
        .name = name,
        .field = config_text(config, "webhook", name, "field", NULL),
        .records = config_text(config, "webhook", name, "records", NULL),
        .strategies = config_text(config, "webhook", name, "strategies", NULL),
        .symbols = config_text(config, "webhook", name, "symbols", NULL),
        .rate = config_integer(config, "webhook", name, "rate"),
    };
    hook->known = hook->strangers = (struct bucket){(double)hook->rate, time_monotonic()};
    hook->strategies = hook->strategies == NULL ? "" : hook->strategies;
    hook->symbols = hook->symbols == NULL ? "" : hook->symbols;
    secrets_init(&hook->secrets);
    webhook->hooks++;
    if (file == NULL)
        return error_set(error, EXIT_USAGE, "webhook '%s' needs an adapter: a jq file", name);
    if (command == NULL && secret == NULL)
        return error_set(error, EXIT_CREDENTIALS, "webhook '%s' needs a secret: secret_file or secret_command", name);
    if ((command != NULL ? secrets_command(&hook->secrets, "secret", command, error)
                         : secrets_file(&hook->secrets, "secret", secret, error)) < 0)
        return -1;
    buf_init(&program, PROGRAM_MAX);
    int result = file_read(file, &program, error);
    if (result == 0 && (hook->runner = runner_open(name, buf_str(&program), error)) == NULL)
        result = -1;
    buf_clear(&program);
    return result;
}

static int on_stop(void *context, int number, struct error *error)
{
    (void)context, (void)number, (void)error;
    return OVER;
}

/* The certificate and key of the configuration, if any: both or none. */
static int read_certificate(struct webhook *webhook, struct buf *certificates, struct buf *key, struct error *error)
{
    const char *file = config_text(webhook->config, "network", "", "certificate", NULL);
    const char *private = config_text(webhook->config, "network", "", "certificate_key", NULL);
    if (file == NULL && private == NULL)
        return 0;
    if (file == NULL || private == NULL)
        return error_set(error, EXIT_USAGE, "network: certificate and certificate_key must be set together");
    if (file_check_private(private, error) < 0 || file_read(file, certificates, error) < 0 ||
        file_read(private, key, error) < 0)
        return -1;
    buf_add_char(certificates, '\0');
    buf_add_char(key, '\0');
    return buf_check(certificates, error) < 0 || buf_check(key, error) < 0 ? -1 : 0;
}

static int open_listener(struct webhook *webhook, struct error *error)
{
    const struct invocation *invocation = webhook->invocation;
    struct buf certificates, key;
    buf_init(&certificates, 1u << 20);
    buf_init(&key, 1u << 20);
    if (read_certificate(webhook, &certificates, &key, error) == 0) {
        const struct listener_options options = {
            .address = option_text(invocation, "address", "127.0.0.1"),
            .port = (int)option_count(invocation, "port", 8787),
            .limit = BODY_LIMIT,
            .connections = 64,
            .time = REQUEST_TIME,
            .certificates = key.n > 0 ? certificates.p : NULL,
            .key = key.p,
        };
        webhook->listener = listener_open(webhook->loop, &options, on_post, webhook, error);
        if (webhook->listener != NULL) {
            say(invocation, 0, "listening on %s, port %d", options.address, listener_port(webhook->listener));
            if (key.n == 0 && strncmp(options.address, "127.", 4) != 0)
                say(invocation, 0, "secrets are sent unencrypted: set network certificate to use TLS");
        }
    }
    if (key.p != NULL)
        explicit_bzero(key.p, key.n);
    buf_clear(&certificates);
    buf_clear(&key);
    return webhook->listener == NULL ? -1 : 0;
}

static int open_all(struct webhook *webhook, struct error *error)
{
    webhook->config = config_open(error);
    webhook->record = calloc(1, sizeof *webhook->record);
    webhook->made = calloc(1, sizeof *webhook->made);
    if (webhook->config == NULL || webhook->record == NULL || webhook->made == NULL)
        return error_is_set(error) ? -1 : error_memory(error);
    const int count = config_titles(webhook->config, "webhook");
    if (count == 0) {
        (void)error_set(error, EXIT_USAGE, "no webhook is configured");
        error_hint(error, "webhook tv { secret_file = …  adapter = FILE.jq }, see tn-config(5)");
        return -1;
    }
    if (count > HOOKS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d webhooks", HOOKS_MAX);
    for (int i = 0; i < count; i++)
        if (open_hook(webhook, config_title(webhook->config, "webhook", i), error) < 0)
            return -1;
    webhook->loop = loop_new(error);
    if (webhook->loop == NULL || (webhook->outlet = outlet_open(webhook->loop, 4u << 20, false, error)) == NULL)
        return -1;
    if (open_listener(webhook, error) < 0 || loop_signal(webhook->loop, SIGINT, on_stop, webhook, error) < 0 ||
        loop_signal(webhook->loop, SIGTERM, on_stop, webhook, error) < 0)
        return -1;
    return 0;
}

static int write_end(struct webhook *webhook, enum exit_code status, struct error *error)
{
    buf_reset(&webhook->line);
    buf_printf(&webhook->line,
               "{\"type\":\"end\",\"status\":%d,\"complete\":true,\"failed\":{},\"counts\":{\"records\":%llu}}\n",
               (int)status, (unsigned long long)webhook->records);
    if (put_line(webhook, error) < 0)
        return -1;
    return outlet_drain(webhook->outlet, time_monotonic() + 5 * TIME_SECOND, error);
}

static void clear(struct webhook *webhook)
{
    listener_close(webhook->listener);
    outlet_free(webhook->outlet);
    loop_free(webhook->loop);
    for (int i = 0; i < webhook->hooks; i++) {
        runner_close(webhook->hook[i].runner);
        secrets_clear(&webhook->hook[i].secrets);
    }
    config_free(webhook->config);
    buf_clear(&webhook->checked);
    buf_clear(&webhook->rest);
    buf_clear(&webhook->output);
    buf_clear(&webhook->line);
    buf_clear(&webhook->scratch);
    buf_clear(&webhook->again);
    free(webhook->record);
    free(webhook->made);
    free(webhook);
}

enum exit_code webhook_run(struct invocation *invocation, struct error *error)
{
    struct webhook *webhook = calloc(1, sizeof *webhook);
    if (webhook == NULL)
        return error_memory(error), error->code;
    webhook->invocation = invocation;
    buf_init(&webhook->checked, 1u << 20);
    buf_init(&webhook->rest, 1u << 20);
    buf_init(&webhook->output, 1u << 20);
    buf_init(&webhook->line, RECORD_LINE_MAX + 1);
    buf_init(&webhook->scratch, RECORD_LINE_MAX);
    buf_init(&webhook->again, RECORD_LINE_MAX);
    const bool opened = open_all(webhook, error) == 0;
    if (opened)
        (void)loop_run(webhook->loop, error); /* what went wrong is in `error` */
    const enum exit_code code = exit_worst(error->code, webhook->refused > 0 ? EXIT_REFUSED : EXIT_DONE);
    if (opened && !error_is_set(error))
        (void)write_end(webhook, code, error);
    if (webhook->repeated > 0)
        say(invocation, 1, "duplicate posts dropped: %llu", (unsigned long long)webhook->repeated);
    clear(webhook);
    return exit_worst(code, error->code);
}
