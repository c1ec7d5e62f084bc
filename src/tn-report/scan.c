/* tn-report scan: what a scan, a ranking, a regime or the tracking of signals found, as a table. */
#include "tn-report/commands.h"

#include "base/list.h"
#include "base/num.h"
#include "feed/input.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST 64
#define BYTES_MOST   ((size_t)256 << 20) /* of all lines */
#define NAME_SIZE    128

/* A column: a member of the type, or a name within one of its objects. */
struct found_column {
    const struct member *member;
    char name[NAME_SIZE]; /* within the object; "" for the member itself */
    char key[NAME_SIZE + 40];
    bool number; /* of an object: all its values are numbers */
    bool seen;
};

struct found {
    struct input *input;
    const struct schema *schema; /* of the type that came first; NULL before */
    enum record_type type;
    char **line;
    size_t lines, capacity, bytes, others;
    struct found_column column[COLUMNS_MOST];
    int columns;
    bool dropped; /* more columns than there is room for */
    char *rule;   /* of all of them; NULL where they differ, or there is none */
    bool rules_differ;
    struct buf scratch;
};

static bool is_shown(enum record_type type)
{
    return type == RECORD_MATCH || type == RECORD_OUTCOME || type == RECORD_LEADER || type == RECORD_REGIME ||
           type == RECORD_ROTATION;
}

/* NULL where there is no room. */
static struct found_column *find_column(struct found *found, const struct member *member, struct str name)
{
    for (int i = 0; i < found->columns; i++)
        if (found->column[i].member == member && str_is(name, found->column[i].name))
            return &found->column[i];
    if (found->columns == COLUMNS_MOST || name.n >= NAME_SIZE) {
        found->dropped = true;
        return NULL;
    }
    struct found_column *column = &found->column[found->columns++];
    *column = (struct found_column){.member = member, .number = true};
    memcpy(column->name, name.p, name.n);
    column->name[name.n] = '\0';
    const bool plain = name.n == 0 || strcmp(member->name, "figures") == 0;
    const char *prefix = plain && name.n > 0 ? "" : member->name, *between = plain ? "" : "_";
    (void)snprintf(column->key, sizeof column->key, "%s%s" STR_FMT, prefix, between, STR_ARG(name));
    return column;
}

/* The columns in the order of the type, an object's names where the object stands. */
static void note_columns(struct found *found, const struct record *record)
{
    for (int i = 0; i < found->schema->members; i++) {
        const struct member *member = &found->schema->member[i];
        const struct field *field = record_field(record, member->name);
        if (member->kind != MEMBER_OBJECT) {
            struct found_column *column = find_column(found, member, STR(""));
            if (column != NULL)
                column->seen |= field != NULL && field->kind != VALUE_NULL;
            continue;
        }
        struct str rest = field == NULL ? STR("") : field->value;
        struct field part;
        while (raw_next(&rest, &part)) {
            struct found_column *column = find_column(found, member, part.key);
            if (column == NULL)
                continue;
            column->seen |= part.kind != VALUE_NULL;
            column->number &= part.kind == VALUE_NUMBER || part.kind == VALUE_NULL;
        }
    }
}

static int note_rule(struct found *found, const struct record *record, struct error *error)
{
    const struct field *field = record_field(record, "rule");
    struct str text;
    if (field == NULL || found->rules_differ)
        return 0;
    if (record_text(record, field, &text, error) != 0)
        return -1;
    if (found->rule == NULL) {
        found->rule = strndup(text.p, text.n);
        return found->rule == NULL ? error_memory(error) : 0;
    }
    found->rules_differ = !str_is(text, found->rule);
    return 0;
}

static int keep_line(struct found *found, const struct record *record, struct error *error)
{
    if (found->bytes + record->line.n > BYTES_MOST)
        return error_set(error, EXIT_USAGE, "more than %zu MiB of records: select some with --where", BYTES_MOST >> 20);
    if (list_grow(&found->line, &found->capacity, found->lines, sizeof *found->line, error) != 0)
        return -1;
    char *line = strndup(record->line.p, record->line.n);
    if (line == NULL)
        return error_memory(error);
    found->line[found->lines++] = line;
    found->bytes += record->line.n;
    return 0;
}

static int take_record(struct found *found, const struct record *record, struct error *error)
{
    union record_value value;
    if (!is_shown(record->type))
        return 0;
    if (record_decode(record, &value, error) != 0)
        return input_refused(found->input, error);
    if (found->schema == NULL) {
        found->type = record->type;
        found->schema = &schema_table[record->type];
    }
    if (record->type != found->type) {
        found->others++;
        return 0;
    }
    note_columns(found, record);
    return note_rule(found, record, error) == 0 ? keep_line(found, record, error) : -1;
}

static enum column_kind kind_of(const struct found_column *column)
{
    const int kind = column->member->kind;
    if (kind == MEMBER_OBJECT)
        return column->number ? COLUMN_DOUBLE : COLUMN_TEXT;
    return kind == MEMBER_DEC       ? COLUMN_DEC
           : kind == MEMBER_DOUBLE  ? COLUMN_DOUBLE
           : kind == MEMBER_INTEGER ? COLUMN_COUNT
           : kind == MEMBER_TIME    ? COLUMN_TIME
                                    : COLUMN_TEXT;
}

static const struct field *value_of(const struct record *record, const struct found_column *column, struct field *part)
{
    const struct field *field = record_field(record, column->member->name);
    if (field == NULL || column->name[0] == '\0')
        return field;
    struct str rest = field->value;
    while (raw_next(&rest, part))
        if (str_is(part->key, column->name))
            return part;
    return NULL;
}

static int add_cell(struct table *table, const struct record *record, const struct found_column *column,
                    struct error *error)
{
    struct field part;
    struct str text;
    const struct field *field = value_of(record, column, &part);
    const enum column_kind kind = kind_of(column);
    dec price;
    double number;
    int64_t time;
    if (field == NULL || field->kind == VALUE_NULL) {
        table_none(table);
        return 0;
    }
    switch (kind) {
    case COLUMN_DEC:
        if (dec_parse(&price, field->value.p, field->value.n, error) != 0)
            return -1;
        table_dec(table, price);
        return 0;
    case COLUMN_DOUBLE:
    case COLUMN_COUNT:
        if (num_parse(&number, field->value.p, field->value.n, error) != 0)
            return -1;
        kind == COLUMN_COUNT ? table_count(table, (int64_t)number) : table_double(table, number);
        return 0;
    case COLUMN_TIME:
        if (record_text(record, field, &text, error) != 0 || time_parse(&time, text.p, text.n, error) != 0)
            return -1;
        table_time(table, time);
        return 0;
    default:
        if (field->kind != VALUE_STRING)
            text = field->value;
        else if (record_text(record, field, &text, error) != 0)
            return -1;
        table_str(table, text);
        return 0;
    }
}

static int add_rows(struct found *found, struct table *table, struct error *error)
{
    struct record *record = calloc(1, sizeof *record);
    int result = 0;
    if (record == NULL)
        return error_memory(error);
    for (size_t i = 0; i < found->lines && result == 0; i++) {
        record->scratch = &found->scratch;
        result = record_scan(record, found->line[i], strlen(found->line[i]), error);
        for (int k = 0; k < found->columns && result == 0; k++)
            if (found->column[k].seen)
                result = add_cell(table, record, &found->column[k], error);
    }
    free(record);
    return result;
}

/* What people need not see: the key of the bar, and a rule that stands above. */
static bool is_for_data(const struct found *found, const struct found_column *column)
{
    return strcmp(column->member->name, "cause") == 0 || strcmp(column->member->name, "signal") == 0 ||
           (strcmp(column->member->name, "rule") == 0 && !found->rules_differ);
}

/* Figures of a ranking that are whole: "2 of 40". */
static bool is_count(const struct found_column *column)
{
    return strcmp(column->name, "rank") == 0 || strcmp(column->name, "of") == 0;
}

/* What a narrow terminal can do without first. */
static bool is_detail(const struct found_column *column)
{
    static const char names[] =
        " interval against of confidence enough with_r hit_low hit_high decided both age missed "
        "return_low return_high mfe mae after after_return risk open bars entered left target ";
    char word[40];
    (void)snprintf(word, sizeof word, " %s ", column->member->name);
    return strstr(names, word) != NULL;
}

static int show_table(struct found *found, const struct style *style, struct error *error)
{
    struct column columns[COLUMNS_MOST];
    char type[64];
    int count = 0;
    for (int i = 0; i < found->columns; i++) {
        const struct found_column *column = &found->column[i];
        if (!column->seen)
            continue;
        columns[count] = (struct column){.key = column->key, .kind = kind_of(column), .digits = 2};
        if (columns[count].kind == COLUMN_DOUBLE)
            columns[count].digits = is_count(column) ? 0 : 4;
        columns[count].data_only = is_for_data(found, column);
        /* Then it loses those on the right. */
        columns[count].rank = is_detail(column) ? 9 : count < 4 ? 0 : 1 + (count < 14 ? count / 2 : 7);
        count++;
    }
    (void)snprintf(type, sizeof type, "%s_line", found->schema->name);
    struct table *table = table_new(type, columns, count, error);
    int result = table == NULL ? -1 : add_rows(found, table, error);
    struct buf out;
    buf_init(&out, (size_t)1 << 30);
    if (result == 0 && style->format == FORMAT_TABLE && found->rule != NULL && !found->rules_differ) {
        style_add(&out, str_of(found->rule), style);
        buf_add_text(&out, "\n\n");
    }
    if (result == 0)
        result = table_render(table, style, &out, error);
    if (result == 0)
        result = style_write(&out, error);
    buf_clear(&out);
    table_free(table);
    return result;
}

static int read_all(struct found *found, struct error *error)
{
    const struct record *record;
    int got;
    while ((got = flow_next(input_flow(found->input), &record, error)) == 1)
        if (take_record(found, record, error) != 0)
            return -1;
    return got;
}

static void found_clear(struct found *found)
{
    for (size_t i = 0; i < found->lines; i++)
        free(found->line[i]);
    free(found->line);
    free(found->rule);
    buf_clear(&found->scratch);
    free(found);
}

enum exit_code report_scan(struct invocation *invocation, struct error *error)
{
    const struct input_plan plan = {.sink = true};
    struct found *found = calloc(1, sizeof *found);
    struct style style;
    enum exit_code code = EXIT_DONE;
    if (found == NULL) {
        error_memory(error);
        return EXIT_DONE;
    }
    buf_init(&found->scratch, RECORD_LINE_MAX);
    if (style_init(&style, invocation, NULL, error) == 0) {
        found->input = input_open_plan(invocation, &plan, error);
        if (found->input != NULL && read_all(found, error) == 0) {
            if (found->lines == 0) {
                say(invocation, 0, "no match, outcome, leader, regime or rotation records: tn-signal writes them");
                code = EXIT_NO;
            } else if (show_table(found, &style, error) == 0) {
                if (found->others > 0)
                    say(invocation, 0, "%zu records of other types are left out: select with --where", found->others);
                if (found->dropped)
                    say(invocation, 0, "only the first %d columns are shown", COLUMNS_MOST);
            }
        }
        if (found->input != NULL)
            code = exit_worst(code, input_close(found->input, error));
    }
    style_clear(&style);
    found_clear(found);
    return code;
}
