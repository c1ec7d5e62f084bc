/* tn-quote quotes, chain, news, events, search: one question to a source, its records in order of the moment they
 * became known. */
#include "tn-quote/commands.h"

#include "base/list.h"

#include <stdlib.h>

struct answer {
    int64_t known;
    size_t place; /* of records of one moment, the order in which they came */
    enum record_type type;
    struct buf line;
};

struct answers {
    struct setup *setup;
    struct answer *list;
    size_t count, capacity;
};

/* What a record of a type that no table describes must have. */
static int check_news(const struct record *record, struct error *error)
{
    static const struct {
        enum record_type type;
        const char *fields[3];
    } needed[] = {{RECORD_NEWS, {"id", "headline", "first_seen"}},
                  {RECORD_EVENT, {"time", "kind", NULL}},
                  {RECORD_CONTRACT, {"time", "symbol", "underlying"}}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        for (int k = 0; needed[i].type == record->type && k < 3 && needed[i].fields[k] != NULL; k++) {
            const struct field *field = record_field(record, needed[i].fields[k]);
            if (field == NULL || field->kind != VALUE_STRING || field->value.n < 3)
                return error_set(error, EXIT_INPUT, "a %s without '%s'", record_type_text(record->type),
                                 needed[i].fields[k]);
        }
    return 0;
}

static int check_record(const struct record *record, struct error *error)
{
    union record_value value;
    const bool read = record->type == RECORD_QUOTE || record->type == RECORD_INSTRUMENT;
    return read ? record_decode(record, &value, error) : check_news(record, error);
}

static int on_record(void *context, const struct record *record, struct error *error)
{
    struct answers *answers = context;
    struct setup *setup = answers->setup;
    int64_t known;
    int wanted = 1;
    if (check_record(record, error) < 0 || record_known(record, &known, error) < 0)
        return error->code == EXIT_INPUT ? flow_bad(setup->flow, error) : -1;
    if (setup->where != NULL && (wanted = expr_test(setup->where, record, error)) < 0)
        return error->code == EXIT_INPUT ? flow_bad(setup->flow, error) : -1;
    if (wanted == 0)
        return 0;
    if (list_grow(&answers->list, &answers->capacity, answers->count, sizeof *answers->list, error) != 0)
        return -1;
    struct answer *answer = &answers->list[answers->count];
    *answer = (struct answer){.known = known, .place = answers->count, .type = record->type};
    buf_init(&answer->line, RECORD_LINE_MAX + 1);
    buf_add_str(&answer->line, record->line);
    buf_add_char(&answer->line, '\n');
    answers->count++;
    return buf_check(&answer->line, error);
}

static int on_failed(void *context, const char *const *symbol, size_t symbols, const struct error *failure,
                     struct error *error)
{
    struct setup *setup = ((struct answers *)context)->setup;
    if (setup->strict) {
        *error = *failure;
        return -1;
    }
    for (size_t i = 0; i < symbols; i++)
        flow_failed(setup->flow, symbol[i], failure->code, failure->text);
    if (symbols == 0)
        flow_failed(setup->flow, setup->rest.adapter->name, failure->code, failure->text);
    struct error named = *failure;
    if (symbols > 0)
        error_prefix(&named, "%s%s", symbol[0], symbols > 1 ? " and others" : "");
    say_error(setup->invocation, &named);
    return 0;
}

static int on_bad(void *context, struct error *error)
{
    return flow_bad(((struct answers *)context)->setup->flow, error);
}

static void on_note(void *context, const char *const *symbol, size_t symbols, const char *text)
{
    (void)symbol;
    (void)symbols;
    say(((struct answers *)context)->setup->invocation, 0, "%s", text);
}

static int compare(const void *a, const void *b)
{
    const struct answer *x = a, *y = b;
    if (x->known != y->known)
        return x->known < y->known ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int write_answers(struct answers *answers, int64_t last, struct error *error)
{
    size_t first = 0;
    if (answers->count > 0)
        qsort(answers->list, answers->count, sizeof *answers->list, compare);
    if (last > 0 && answers->count > (size_t)last)
        first = answers->count - (size_t)last;
    for (size_t i = first; i < answers->count; i++)
        if (flow_write_line(answers->setup->flow, answers->list[i].type, buf_str(&answers->list[i].line), error) < 0)
            return -1;
    return 0;
}

/* Days back when nothing is said. */
static int64_t usual_days(const char *command)
{
    return strcmp(command, "news") == 0 ? 3 : strcmp(command, "events") == 0 ? 90 : 1;
}

static int fill_query(struct setup *setup, struct fetch_query *query, struct error *error)
{
    const struct feed_request *request = &setup->request;
    const int64_t next = (request->now / TIME_SECOND + 1) * TIME_SECOND;
    const bool ahead = strcmp(query->command, "events") == 0 && request->to != TIME_NONE && request->to > next;
    query->now = request->now;
    query->to = !ahead && (request->to == TIME_NONE || request->to > request->now) ? next : request->to;
    /* What is ahead begins with this day. */
    query->from = request->from != TIME_NONE ? request->from
                  : ahead                    ? request->now
                                             : query->to - usual_days(query->command) * TIME_DAY;
    if (query->from < TIME_DAY)
        query->from = TIME_DAY;
    query->calendar = &setup->calendar;
    query->feed = setup->rest.feed;
    query->symbol = (const char *const *)setup->symbols.name;
    query->symbols = setup->symbols.count;
    for (size_t i = 0; i < query->symbols; i++)
        if (!feed_symbol_is_valid(str_of(query->symbol[i])))
            return error_set(error, EXIT_USAGE, "'%.40s' is not a symbol: 1 to 32 printable characters",
                             query->symbol[i]);
    return query->from < query->to ? 0 : error_set(error, EXIT_USAGE, "--from is in the future");
}

/* Of the last `last` answers those that say what a symbol is go into the user's file. */
static int save_answers(struct answers *answers, int64_t last, struct error *error)
{
    size_t lines = 0, saved = 0;
    const size_t first = last > 0 && answers->count > (size_t)last ? answers->count - (size_t)last : 0;
    struct str *line = calloc(answers->count + 1, sizeof *line);
    if (line == NULL)
        return error_memory(error);
    for (size_t i = first; i < answers->count; i++)
        if (answers->list[i].type == RECORD_INSTRUMENT)
            line[lines++] = (struct str){answers->list[i].line.p, answers->list[i].line.n - 1};
    const int result = save_instruments(answers->setup->config, line, lines, &saved, error);
    if (result == 0)
        say(answers->setup->invocation, 0, "%zu of %zu instruments are new or changed: saved", saved, lines);
    free(line);
    return result;
}

static int ask_all(struct setup *setup, struct fetch_query *query, int64_t last, struct error *error)
{
    struct answers answers = {.setup = setup};
    const struct fetch_sink sink = {
        .record = on_record, .failed = on_failed, .bad = on_bad, .note = on_note, .context = &answers};
    int result = fill_query(setup, query, error);
    if (result == 0)
        result = fetch_all(setup->rest.adapter, setup->rest.http, query, &sink, error);
    if (result == 0)
        result = write_answers(&answers, last, error);
    if (result == 0 && option_known(setup->invocation, "save") && option_flag(setup->invocation, "save"))
        result = save_answers(&answers, last, error);
    if (result == 0 && answers.count == 0 && flow_status(setup->flow) == EXIT_DONE)
        flow_failed(setup->flow, setup->rest.adapter->name, EXIT_NO, "nothing found");
    for (size_t i = 0; i < answers.count; i++)
        buf_clear(&answers.list[i].line);
    free(answers.list);
    return result;
}

/* `symbols`: the operands are symbols; else they are words. */
static enum exit_code ask(struct invocation *invocation, const char *command, bool symbols, struct error *error)
{
    struct setup setup;
    struct buf words;
    if (setup_open(&setup, invocation, error) < 0)
        return error->code;
    buf_init(&words, 1024);
    struct fetch_query query = {.command = command, .text = ""};
    int result = symbols ? setup_read(&setup, error) : 0;
    if (symbols && strcmp(command, "news") == 0)
        query.text = option_text(invocation, "about", "");
    for (int i = 0; !symbols && i < invocation_operands(invocation); i++)
        buf_printf(&words, "%s%s", i == 0 ? "" : " ", invocation_operand_list(invocation)[i]);
    if (words.n > 0)
        query.text = words.p;
    const bool made_up = strcmp(command, "chain") == 0 && setup.merged_feed.feed == &feed_sim;
    if (result == 0 && !made_up && (setup.rest.adapter == NULL || !adapter_can(setup.rest.adapter, command))) {
        result = error_set(error, EXIT_USAGE, "%s has no %s", setup.request.name, command);
        error_hint(error, "tn-quote sources lists what each source can deliver");
    }
    if (result == 0 && made_up)
        result = chain_of_sim(&setup, option_count(invocation, "last", 0), error);
    else if (result == 0)
        result = ask_all(&setup, &query, option_count(invocation, "last", 0), error);
    if (result < 0)
        flow_failed(setup.flow, invocation_program(invocation), error->code, error->text);
    const enum exit_code code = flow_close(setup.flow, error);
    buf_clear(&words);
    setup_close(&setup);
    return code;
}

enum exit_code quote_quotes(struct invocation *invocation, struct error *error)
{
    return ask(invocation, "quotes", true, error);
}

enum exit_code quote_chain(struct invocation *invocation, struct error *error)
{
    return ask(invocation, "chain", true, error);
}

enum exit_code quote_news(struct invocation *invocation, struct error *error)
{
    return ask(invocation, "news", true, error);
}

enum exit_code quote_events(struct invocation *invocation, struct error *error)
{
    return ask(invocation, "events", true, error);
}

enum exit_code quote_search(struct invocation *invocation, struct error *error)
{
    return ask(invocation, "search", false, error);
}
