/* Rules over records: the standard ones, those of the configuration, and what they find. */
#include "notify/rules.h"

#include "base/hash.h"
#include "expr/expr.h"
#include "notify/template.h"
#include "record/schema.h"

#include <stdlib.h>

#define TEXT_MAX 4096

const struct rule rule_table[] = {
    {.name = "fill",
     .record = "fill",
     .when = "role == null or role != 'stop'",
     .level = ALERT_INFO,
     .title = "{side} {quantity} {symbol} at {price}",
     .text = "[{role}, ][{strategy}, ]account {account}[, {mode}]"},
    {.name = "stop",
     .record = "fill",
     .when = "role == 'stop'",
     .level = ALERT_WARNING,
     .title = "stop: {side} {quantity} {symbol} at {price}",
     .text = "[{strategy}, ]account {account}[, {mode}]"},
    {.name = "rejected",
     .record = "order_update",
     .when = "status == 'rejected'",
     .level = ALERT_WARNING,
     .title = "order rejected[: {symbol}]",
     .text = "{order_id}[: {reason}], account {account}[, {mode}]"},
    {.name = "expired",
     .record = "order_update",
     .when = "status == 'expired'",
     .level = ALERT_INFO,
     .title = "order expired[: {symbol}]",
     .text = "{order_id}[: {reason}], account {account}[, {mode}]"},
    {.name = "refusal",
     .record = "refusal",
     .key = "{account}/{code}/{strategy}/{symbol}",
     .level = ALERT_WARNING,
     .repeat = 12 * 60,
     .title = "refused: [{symbol} ]{code}",
     .text = "[{message}][, limit {limit}][, observed {observed}][, {strategy}]"},
    {.name = "halt",
     .record = "halt",
     .when = "halted == true",
     .level = ALERT_CRITICAL,
     .title = "account {account} is halted",
     .text = "[{reason}]"},
    {.name = "resume",
     .record = "halt",
     .when = "halted == false",
     .level = ALERT_WARNING,
     .title = "account {account} trades again",
     .text = "[{reason}]"},
    {.name = "halted",
     .record = "account",
     .when = "halted == true",
     .key = "{account}",
     .state = true,
     .level = ALERT_WARNING,
     .repeat = 24 * 60,
     .title = "account {account} is still halted",
     .text = "equity {equity}[ {currency}]"},
    {.name = "unprotected",
     .record = "position",
     .when = "unprotected > 0",
     .key = "{account}/{strategy}/{symbol}",
     .state = true,
     .level = ALERT_CRITICAL,
     .repeat = 60,
     .title = "{symbol}: {unprotected} of {quantity} without a stop",
     .text = "[{strategy}, ]account {account}"},
    {.name = "stale",
     .record = "status",
     .when = "state == 'stale' or state == 'down'",
     .key = "{source}/{symbol}",
     .state = true,
     .level = ALERT_WARNING,
     .title = "{source}[ {symbol}] is {state}",
     .text = "[since {since}]"},
    {.name = "job",
     .record = "job",
     .when = "status != 0 and status != 6",
     .key = "{name}/{account}",
     .state = true,
     .level = ALERT_WARNING,
     .repeat = 24 * 60,
     .title = "{name} ended with {status}",
     .text = "[{text}][, account {account}][, last succeeded {succeeded}]"},
    {.name = "health",
     .record = "health",
     .when = "state == 'fail'",
     .key = "{check}/{subject}",
     .state = true,
     .level = ALERT_CRITICAL,
     .repeat = 24 * 60,
     .title = "{check}[ {subject}]: {found}",
     .text = "[{hint}]"},
    {.name = "health-warning",
     .record = "health",
     .when = "state == 'warn' and used == null",
     .key = "{check}/{subject}",
     .state = true,
     .level = ALERT_WARNING,
     .repeat = 7 * 24 * 60,
     .title = "{check}[ {subject}]: {found}",
     .text = "[{hint}]"},
    {.name = "limit-60",
     .record = "health",
     .when = "used >= 0.6",
     .key = "{subject}",
     .state = true,
     .level = ALERT_INFO,
     .repeat = 24 * 60,
     .title = "{subject}: 60 % is reached",
     .text = "{found}"},
    {.name = "limit-80",
     .record = "health",
     .when = "used >= 0.8",
     .key = "{subject}",
     .state = true,
     .level = ALERT_WARNING,
     .repeat = 24 * 60,
     .title = "{subject}: 80 % is reached",
     .text = "{found}"},
    {.name = "limit-100",
     .record = "health",
     .when = "used >= 1",
     .key = "{subject}",
     .state = true,
     .level = ALERT_CRITICAL,
     .repeat = 24 * 60,
     .title = "{subject}: 100 % is reached",
     .text = "{found}"},
    {.name = "gap", .record = "gap", .level = ALERT_INFO, .title = "data missing[: {symbol}]", .text = "[{reason}]"},
    {.name = "anomaly",
     .record = "anomaly",
     .key = "{symbol}/{check}",
     .level = ALERT_WARNING,
     .repeat = 24 * 60,
     .title = "{symbol}: {check} looks wrong",
     .text = "[observed {observed}][, expected {expected}]"},
    {.name = "big-move",
     .record = "bar",
     .when = "interval == '1d' and (roc_1 >= 5 or roc_1 <= -5)",
     .key = "{symbol}/{time}",
     .level = ALERT_WARNING,
     .title = "{symbol} moved by {roc_1:1} %",
     .text = "close {close}[, session {session}]"},
    /* For a service that rings when it hears nothing. */
    {.name = "done",
     .record = "job",
     .when = "status == 0 or status == 1 or status == 6",
     .key = "{name}/[{account}/]{time}",
     .level = ALERT_INFO,
     .title = "{name} ran",
     .text = "[{text}][, account {account}]",
     .asked = true},
    {.name = "alive",
     .record = "health",
     .when = "check == 'clock'",
     .key = "{time}",
     .level = ALERT_INFO,
     .title = "the desk is alive",
     .asked = true},
    {.name = "alert", .record = "alert", .title = "{title}", .text = "[{text}][, {symbol}][, account {account}]"},
};
const int rule_count = (int)(sizeof rule_table / sizeof *rule_table);

struct compiled {
    struct rule rule;
    bool type[RECORD_TYPES];
    struct expr *when;
};

struct rules {
    struct compiled *list;
    int count;
    struct sha256 *hash;
    struct buf key, title, text;
    const struct record *record;
    int next;
};

static const char *setting(const struct config *config, const char *title, const char *name, const char *standard)
{
    const char *text = config_text(config, "alert", title, name, NULL);
    return text == NULL ? standard : text;
}

/* The rule as the configuration has it: what it does not say stays. */
static int configure(struct rule *rule, const struct config *config, struct error *error)
{
    static const char *const levels[] = {"", "info", "warning", "critical"};
    const char *level = config_text(config, "alert", rule->name, "level", NULL);
    const char *state = config_text(config, "alert", rule->name, "state", NULL);
    const int64_t repeat = config_integer(config, "alert", rule->name, "repeat_minutes");
    rule->record = setting(config, rule->name, "record", rule->record);
    rule->when = setting(config, rule->name, "when", rule->when);
    rule->key = setting(config, rule->name, "key", rule->key);
    rule->title = setting(config, rule->name, "title", rule->title);
    rule->text = setting(config, rule->name, "text", rule->text == NULL ? "" : rule->text);
    if (state != NULL)
        rule->state = config_flag(config, "alert", rule->name, "state");
    for (int i = 1; level != NULL && i < 4; i++)
        if (strcmp(level, levels[i]) == 0)
            rule->level = (enum alert_level)i;
    if (repeat >= 0)
        rule->repeat = repeat > 1000000 ? 1000000 : (int)repeat;
    if (rule->record == NULL || rule->title == NULL)
        return error_set(error, EXIT_USAGE, "alert '%s': a rule needs record and title", rule->name);
    if (rule->state && rule->key == NULL)
        return error_set(error, EXIT_USAGE, "alert '%s': a state needs a key", rule->name);
    return 0;
}

static int compile(struct compiled *compiled, struct error *error)
{
    const struct rule *rule = &compiled->rule;
    for (const char *p = rule->record; *p != '\0';) {
        const size_t n = strcspn(p, " ,");
        const enum record_type type = schema_type((struct str){p, n});
        if (n > 0 && type == RECORD_UNKNOWN)
            return error_set(error, EXIT_USAGE, "there is no record '%.*s'", (int)n, p);
        if (n > 0)
            compiled->type[type] = true;
        p += n + (p[n] != '\0');
    }
    if (rule->when != NULL && (compiled->when = expr_parse(rule->when, error)) == NULL)
        return -1;
    if ((rule->key != NULL && template_check(rule->key, error) != 0) || template_check(rule->title, error) != 0)
        return -1;
    return template_check(rule->text, error);
}

static int add_rule(struct rules *rules, const struct rule *rule, const struct config *config, struct error *error)
{
    struct compiled *compiled = &rules->list[rules->count++];
    compiled->rule = *rule;
    if (configure(&compiled->rule, config, error) != 0)
        return -1;
    if (compile(compiled, error) == 0)
        return 0;
    error_recode(error, EXIT_USAGE);
    error_prefix(error, "alert '%s'", rule->name);
    return -1;
}

bool rule_is_asked(const char *name)
{
    for (int i = 0; i < rule_count; i++)
        if (strcmp(rule_table[i].name, name) == 0)
            return rule_table[i].asked;
    return false;
}

static bool is_standard(const char *name)
{
    for (int i = 0; i < rule_count; i++)
        if (strcmp(rule_table[i].name, name) == 0)
            return true;
    return false;
}

struct rules *rules_open(const struct config *config, struct error *error)
{
    const int titles = config_titles(config, "alert");
    struct rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL || (rules->list = calloc((size_t)rule_count + (size_t)titles, sizeof *rules->list)) == NULL) {
        free(rules);
        error_memory(error);
        return NULL;
    }
    buf_init(&rules->key, TEXT_MAX);
    buf_init(&rules->title, TEXT_MAX);
    buf_init(&rules->text, TEXT_MAX);
    int result = (rules->hash = sha256_new(error)) == NULL ? -1 : 0;
    for (int i = 0; i < rule_count && result == 0; i++)
        result = add_rule(rules, &rule_table[i], config, error);
    for (int i = 0; i < titles && result == 0; i++) {
        const struct rule rule = {.name = config_title(config, "alert", i)};
        if (!is_standard(rule.name))
            result = add_rule(rules, &rule, config, error);
    }
    if (result == 0)
        return rules;
    rules_close(rules);
    return NULL;
}

void rules_close(struct rules *rules)
{
    if (rules == NULL)
        return;
    for (int i = 0; i < rules->count; i++)
        expr_free(rules->list[i].when);
    free(rules->list);
    sha256_free(rules->hash);
    buf_clear(&rules->key);
    buf_clear(&rules->title);
    buf_clear(&rules->text);
    free(rules);
}

int rules_count(const struct rules *rules)
{
    return rules->count;
}

const struct rule *rules_at(const struct rules *rules, int index)
{
    return &rules->list[index].rule;
}

void rules_begin(struct rules *rules, const struct record *record)
{
    rules->record = record;
    rules->next = 0;
}

/* What tells one event from another: its key, its id, or all of its bytes. */
static int make_key(struct rules *rules, const struct rule *rule, struct error *error)
{
    const struct record *record = rules->record;
    uint8_t digest[SHA256_SIZE];
    char name[32];
    buf_reset(&rules->key);
    if (rule->key != NULL)
        return template_fill(&rules->key, rule->key, record, error);
    const struct field *id = record_field(record, "id");
    struct str text;
    if (id != NULL && id->kind == VALUE_STRING && id->value.n > 2) {
        if (record_text(record, id, &text, error) != 0)
            return -1;
        buf_add_str(&rules->key, record->type_text);
        buf_add_char(&rules->key, '/');
        buf_add_str(&rules->key, text);
        return 0;
    }
    if (sha256_of(rules->hash, record->line.p, record->line.n, digest, error) != 0)
        return -1;
    hash_base32(name, digest, 100);
    buf_add_text(&rules->key, name);
    return 0;
}

static enum alert_level level_of(const struct rule *rule, const struct record *record)
{
    const struct field *level = record_field(record, "level");
    if (rule->level != ALERT_NONE)
        return rule->level;
    if (level != NULL && str_is(level->value, "\"info\""))
        return ALERT_INFO;
    return level != NULL && str_is(level->value, "\"critical\"") ? ALERT_CRITICAL : ALERT_WARNING;
}

static int find(struct rules *rules, struct compiled *compiled, struct finding *finding, struct error *error)
{
    const struct rule *rule = &compiled->rule;
    const int yes = compiled->when == NULL ? 1 : expr_test(compiled->when, rules->record, error);
    if (yes < 0) {
        error_prefix(error, "alert '%s'", rule->name);
        return -1;
    }
    if (yes == 0 && !rule->state)
        return 0;
    buf_reset(&rules->title);
    buf_reset(&rules->text);
    if (make_key(rules, rule, error) != 0 || template_fill(&rules->title, rule->title, rules->record, error) != 0 ||
        template_fill(&rules->text, rule->text, rules->record, error) != 0 || buf_check(&rules->key, error) != 0 ||
        buf_check(&rules->title, error) != 0 || buf_check(&rules->text, error) != 0)
        return -1;
    *finding = (struct finding){.rule = rule,
                                .key = buf_str(&rules->key),
                                .title = buf_str(&rules->title),
                                .text = buf_str(&rules->text),
                                .level = level_of(rule, rules->record),
                                .holds = yes == 1};
    return 1;
}

int rules_next(struct rules *rules, struct finding *finding, struct error *error)
{
    while (rules->next < rules->count) {
        struct compiled *compiled = &rules->list[rules->next++];
        if (!compiled->type[rules->record->type])
            continue;
        const int got = find(rules, compiled, finding, error);
        if (got != 0)
            return got;
    }
    return 0;
}
