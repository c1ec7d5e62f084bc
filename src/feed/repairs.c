/* Accepted repairs: written, read and applied. */
#include "feed/repairs.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/num.h"
#include "market/restate.h"
#include "record/record.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OVERLAY_MAX (64u << 20)

void repairs_init(struct repairs *repairs)
{
    *repairs = (struct repairs){.rule = NULL};
}

void repairs_clear(struct repairs *repairs)
{
    free(repairs->rule);
    free(repairs->path);
    repairs_init(repairs);
}

/* ---- as text ---- */

void repair_format(struct buf *out, const char *source, struct interval interval, const struct repair *repair)
{
    char text[INTERVAL_TEXT_MAX];
    const size_t n = interval_format(text, interval);
    buf_add_text(out, "{\"source\":");
    json_add_string(out, str_of(source));
    buf_add_text(out, ",\"interval\":");
    json_add_string(out, (struct str){text, n});
    buf_printf(out, ",\"do\":\"%s\",\"from\":", repair_kind_text(repair->kind));
    json_add_time(out, repair->from);
    buf_add_text(out, ",\"to\":");
    json_add_time(out, repair->to);
    if (repair->kind == REPAIR_SCALE) {
        buf_add_text(out, ",\"price\":");
        json_add_double(out, repair->price);
        buf_add_text(out, ",\"volume\":");
        json_add_double(out, repair->volume);
        if (repair->low_close)
            buf_add_text(out, ",\"fields\":\"low close\"");
    }
    if (repair->kind == REPAIR_SPLIT)
        buf_printf(out, ",\"new\":%lld,\"old\":%lld", (long long)repair->new_shares, (long long)repair->old_shares);
    if (repair->kind == REPAIR_CASH) {
        buf_add_text(out, ",\"cash\":");
        json_add_dec(out, repair->cash);
    }
    if (repair->kind == REPAIR_FORGET || repair->kind == REPAIR_CASH)
        buf_printf(out, ",\"action\":\"%s\"", action_kind_text(repair->action));
    buf_add_char(out, '}');
}

static struct str plain(const struct field *field)
{
    return field->kind == VALUE_STRING && !field->escaped ? (struct str){field->value.p + 1, field->value.n - 2}
                                                          : field->value;
}

static bool take_kind(struct repair *repair, struct str text)
{
    for (int kind = REPAIR_FETCH; kind <= REPAIR_FORGET; kind++)
        if (str_is(text, repair_kind_text((enum repair_kind)kind)))
            repair->kind = (enum repair_kind)kind;
    return repair->kind != REPAIR_NONE;
}

static bool take_number(double *value, struct str text)
{
    struct error ignored;
    error_clear(&ignored);
    return num_parse(value, text.p, text.n, &ignored) == 0 && isfinite(*value) && *value > 0;
}

static bool take_count(int64_t *value, struct str text)
{
    double number;
    if (!take_number(&number, text) || number != floor(number) || number > 1e9)
        return false;
    *value = (int64_t)number;
    return true;
}

static bool take_member(struct repair_rule *rule, struct str *source, const struct field *field)
{
    struct repair *repair = &rule->repair;
    const struct str text = plain(field);
    struct error ignored;
    error_clear(&ignored);
    if (str_is(field->key, "source")) {
        *source = text;
        return text.n > 0;
    }
    if (str_is(field->key, "interval"))
        return interval_parse(&rule->interval, text.p, text.n, &ignored) == 0;
    if (str_is(field->key, "do"))
        return take_kind(repair, text);
    if (str_is(field->key, "from"))
        return time_parse(&repair->from, text.p, text.n, &ignored) == 0;
    if (str_is(field->key, "to"))
        return time_parse(&repair->to, text.p, text.n, &ignored) == 0;
    if (str_is(field->key, "price"))
        return take_number(&repair->price, text);
    if (str_is(field->key, "volume"))
        return take_number(&repair->volume, text);
    if (str_is(field->key, "fields"))
        return repair->low_close = str_is(text, "low close");
    if (str_is(field->key, "new"))
        return take_count(&repair->new_shares, text);
    if (str_is(field->key, "old"))
        return take_count(&repair->old_shares, text);
    if (str_is(field->key, "cash"))
        return dec_parse(&repair->cash, text.p, text.n, &ignored) == 0 && repair->cash > 0;
    if (str_is(field->key, "action")) {
        repair->action = str_is(text, "split")      ? ACTION_SPLIT
                         : str_is(text, "dividend") ? ACTION_DIVIDEND
                                                    : ACTION_NONE;
        return repair->action != ACTION_NONE;
    }
    return false;
}

int repair_parse(struct str text, struct str *source, struct repair_rule *rule, struct error *error)
{
    struct str rest = text;
    struct field member;
    struct repair *repair = &rule->repair;
    *source = (struct str){NULL, 0};
    rule->interval = (struct interval){INTERVAL_NONE, 0};
    *repair = (struct repair){.from = TIME_NONE, .to = TIME_NONE, .price = 1, .volume = 1, .cash = DEC_NONE};
    while (raw_next(&rest, &member))
        if (!take_member(rule, source, &member))
            return error_set(error, EXIT_INPUT, "repair: '" STR_FMT "' is invalid",
                             member.key.n > 40 ? 40 : (int)member.key.n, member.key.p);
    if (source->n == 0 || repair->kind == REPAIR_NONE || rule->interval.unit == INTERVAL_NONE ||
        repair->from == TIME_NONE || repair->to == TIME_NONE || repair->from >= repair->to)
        return error_set(error, EXIT_INPUT, "repair: source, interval, do, from and to are needed, from before to");
    if ((repair->kind == REPAIR_SPLIT && (repair->new_shares == 0 || repair->old_shares == 0)) ||
        (repair->kind == REPAIR_CASH && repair->cash == DEC_NONE) ||
        ((repair->kind == REPAIR_CASH || repair->kind == REPAIR_FORGET) && repair->action == ACTION_NONE))
        return error_set(error, EXIT_INPUT, "repair: '%s' is incomplete", repair_kind_text(repair->kind));
    return 0;
}

/* ---- files ---- */

int repairs_path(char **path, const char *folder, const char *source, struct error *error)
{
    char name[80], text[9];
    uint8_t digest[SHA256_SIZE];
    size_t n = 0;
    struct sha256 *hash = sha256_new(error);
    const int hashed = hash == NULL ? -1 : sha256_of(hash, source, strlen(source), digest, error);
    sha256_free(hash);
    if (hashed < 0)
        return -1;
    hash_hex(text, digest, 4);
    for (const char *p = source; *p != '\0' && n < sizeof name - 1; p++)
        name[n++] = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ? *p : '-';
    name[n] = '\0';
    return asprintf(path, "%s/%s-%s.ndjson", folder, name, text) < 0 ? error_memory(error) : 0;
}

struct overlay_reader {
    struct record record;
    struct buf scratch;
    struct anomaly anomaly;
    struct repair_rule rule;
    struct str source;
};

/* 1: the line has a repair; 0: it has none; -1. */
static int read_line(struct overlay_reader *reader, struct str line, struct error *error)
{
    reader->record.scratch = &reader->scratch;
    if (record_scan(&reader->record, line.p, line.n, error) < 0)
        return -1;
    if (reader->record.type != RECORD_ANOMALY)
        return 0;
    if (record_decode(&reader->record, &reader->anomaly, error) < 0)
        return -1;
    if (reader->anomaly.repair.n == 0)
        return 0;
    memcpy(reader->rule.symbol, reader->anomaly.symbol, sizeof reader->rule.symbol);
    return repair_parse(reader->anomaly.repair, &reader->source, &reader->rule, error) < 0 ? -1 : 1;
}

/* Calls `take` for each line of a text that has a repair. */
static int each_line(struct str text, const char *path,
                     int (*take)(void *context, const struct overlay_reader *reader, struct str line,
                                 struct error *error),
                     void *context, struct error *error)
{
    unsigned long long number = 0;
    int result = 0;
    struct overlay_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_memory(error);
    buf_init(&reader->scratch, RECORD_LINE_MAX);
    while (text.n > 0 && result == 0) {
        const char *end = memchr(text.p, '\n', text.n);
        const struct str line = {text.p, end == NULL ? text.n : (size_t)(end - text.p)};
        const size_t used = line.n + (end != NULL);
        number++;
        result = line.n == 0 ? 0 : read_line(reader, line, error);
        if (result == 1)
            result = take(context, reader, line, error);
        if (result < 0)
            error_prefix(error, "%s: line %llu", path, number);
        text.p += used;
        text.n -= used;
    }
    buf_clear(&reader->scratch);
    free(reader);
    return result;
}

static int add_rule(void *context, const struct overlay_reader *reader, struct str line, struct error *error)
{
    struct repairs *repairs = context;
    (void)line;
    if (list_grow(&repairs->rule, &repairs->capacity, repairs->count, sizeof *repairs->rule, error) != 0)
        return -1;
    repairs->rule[repairs->count++] = reader->rule;
    return 0;
}

int repairs_read(struct repairs *repairs, const char *folder, const char *source, struct error *error)
{
    struct buf text;
    if (repairs_path(&repairs->path, folder, source, error) < 0)
        return -1;
    if (access(repairs->path, F_OK) != 0)
        return 0;
    buf_init(&text, OVERLAY_MAX);
    int result = file_read(repairs->path, &text, error);
    if (result == 0)
        result = each_line(buf_str(&text), repairs->path, add_rule, repairs, error);
    buf_clear(&text);
    return result;
}

/* The overlays that are written to, each with its whole new text. */
struct keeping {
    const char *folder;
    struct names paths;
    struct buf *text;
    size_t capacity, kept, fetch;
};

static struct buf *overlay_of(struct keeping *keeping, struct str source, struct error *error)
{
    char *path = NULL, name[PATH_MAX];
    if (source.n >= sizeof name) {
        (void)error_set(error, EXIT_INPUT, "repair: the source's name is too long");
        return NULL;
    }
    memcpy(name, source.n == 0 ? "" : source.p, source.n);
    name[source.n] = '\0';
    const size_t known = keeping->paths.count;
    if (repairs_path(&path, keeping->folder, name, error) < 0 ||
        list_grow(&keeping->text, &keeping->capacity, known, sizeof *keeping->text, error) != 0)
        goto failed;
    const int64_t index = names_add(&keeping->paths, str_of(path), error);
    if (index < 0)
        goto failed;
    if (keeping->paths.count > known) {
        buf_init(&keeping->text[index], OVERLAY_MAX);
        if (access(path, F_OK) == 0 && file_read(path, &keeping->text[index], error) < 0)
            goto failed;
    }
    free(path);
    return &keeping->text[index];
failed:
    free(path);
    return NULL;
}

static bool has_line(const struct buf *text, struct str line)
{
    for (const char *p = text->p; p != NULL && *p != '\0';) {
        const size_t n = strcspn(p, "\n");
        if (n == line.n && memcmp(p, line.p, n) == 0)
            return true;
        p += n + (p[n] == '\n');
    }
    return false;
}

static int keep_line(void *context, const struct overlay_reader *reader, struct str line, struct error *error)
{
    struct keeping *keeping = context;
    if (reader->rule.repair.kind == REPAIR_FETCH) {
        keeping->fetch++;
        return 0;
    }
    struct buf *text = overlay_of(keeping, reader->source, error);
    if (text == NULL)
        return -1;
    if (has_line(text, line))
        return 0;
    keeping->kept++;
    buf_add_str(text, line);
    buf_add_char(text, '\n');
    return buf_check(text, error);
}

int repairs_keep(const char *folder, const char *file, size_t *kept, size_t *fetch, struct error *error)
{
    struct keeping keeping = {.folder = folder};
    struct buf text;
    buf_init(&text, OVERLAY_MAX);
    names_init(&keeping.paths);
    int result = file_read_any(file, &text, error);
    if (result == 0)
        result = each_line(buf_str(&text), file, keep_line, &keeping, error);
    for (size_t i = 0; i < keeping.paths.count && result == 0; i++)
        result = file_replace(keeping.paths.name[i], keeping.text[i].p, keeping.text[i].n, 0600, error);
    for (size_t i = 0; i < keeping.paths.count; i++)
        buf_clear(&keeping.text[i]);
    free(keeping.text);
    names_clear(&keeping.paths);
    buf_clear(&text);
    *kept = keeping.kept;
    *fetch = keeping.fetch;
    return result;
}

/* ---- applying ---- */

static bool fits(const struct repair_rule *rule, const char *symbol, int64_t time)
{
    return strcmp(rule->symbol, symbol) == 0 && time >= rule->repair.from && time < rule->repair.to;
}

static void scale(struct bar *bar, const struct repair *repair)
{
    struct bar whole = *bar;
    if (!restate_bar(&whole, repair->price, repair->volume))
        return; /* out of range: the bar stays, and is seen */
    if (!repair->low_close) {
        *bar = whole;
        return;
    }
    bar->low = whole.low;
    bar->close = whole.close;
    const dec high = bar->open > bar->close ? bar->open : bar->close,
              low = bar->open < bar->close ? bar->open : bar->close;
    bar->high = bar->high < high ? high : bar->high;
    bar->low = bar->low > low ? low : bar->low;
}

int repairs_bar(const struct repairs *repairs, struct bar *bar, bool *changed)
{
    for (size_t i = 0; i < repairs->count; i++) {
        const struct repair_rule *rule = &repairs->rule[i];
        if (!interval_equal(rule->interval, bar->interval) || !fits(rule, bar->symbol, bar->time))
            continue;
        *changed |= rule->repair.kind == REPAIR_DROP || rule->repair.kind == REPAIR_SCALE;
        if (rule->repair.kind == REPAIR_DROP)
            return 0;
        if (rule->repair.kind == REPAIR_SCALE)
            scale(bar, &rule->repair);
    }
    return 1;
}

int repairs_action(const struct repairs *repairs, struct action *action, bool *changed)
{
    for (size_t i = 0; i < repairs->count; i++) {
        const struct repair *repair = &repairs->rule[i].repair;
        if (!fits(&repairs->rule[i], action->symbol, action->time) || repair->action != action->kind)
            continue;
        *changed = true;
        if (repair->kind == REPAIR_FORGET)
            return 0;
        if (repair->kind == REPAIR_CASH)
            action->cash = repair->cash;
    }
    return 1;
}

int repairs_add_splits(const struct repairs *repairs, const struct calendar *calendar, struct action_set *actions,
                       struct error *error)
{
    for (size_t i = 0; i < repairs->count; i++) {
        const struct repair_rule *rule = &repairs->rule[i];
        struct action action;
        if (rule->repair.kind != REPAIR_SPLIT)
            continue;
        record_blank(RECORD_ACTION, &action);
        memcpy(action.symbol, rule->symbol, sizeof action.symbol);
        action.kind = ACTION_SPLIT;
        action.new_shares = rule->repair.new_shares;
        action.old_shares = rule->repair.old_shares;
        if (action_set_add(actions, &action, calendar_date(calendar, rule->repair.from), calendar, error) < 0)
            return -1;
    }
    return 0;
}

size_t repairs_of(const struct repairs *repairs, const char *symbol)
{
    size_t count = 0;
    for (size_t i = 0; i < repairs->count; i++)
        count += strcmp(repairs->rule[i].symbol, symbol) == 0 ? 1 : 0;
    return count;
}
