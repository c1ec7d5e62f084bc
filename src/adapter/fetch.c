/* Asking a source: groups of symbols, pages, and what the adapter makes of the answers. */
#include "adapter/fetch.h"

#include "adapter/auth.h"
#include "adapter/body.h"
#include "adapter/convert.h"
#include "adapter/exec.h"
#include "adapter/question.h"
#include "adapter/runner.h"
#include "adapter/xml.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGES_MAX    10000
#define ANSWER_TIME  (20 * TIME_SECOND)
#define PROGRAM_TIME TIME_MINUTE
#define OUTPUT_MAX   (64u << 20)

struct fetch {
    struct adapter *adapter;
    struct http *http;
    const struct fetch_query *query;
    const struct fetch_sink *sink;
    struct converter converter;
    struct buf input, output, line, scratch;
    struct group *groups; /* that are not finished */
    bool *answered;       /* by the query's symbols: something was said of it. NULL: silence is an answer */
};

/* The symbols of one request, through all its pages. */
struct group {
    struct fetch *fetch;
    struct group *next;
    const char *const *symbol;
    size_t symbols;
    struct question question;
    struct names pages; /* seen: a page that comes again is a circle */
};

static void group_clear(struct group *group)
{
    question_clear(&group->question);
    names_clear(&group->pages);
    free(group);
}

static void group_free(struct group *group)
{
    struct group **at = &group->fetch->groups;
    while (*at != group)
        at = &(*at)->next;
    *at = group->next;
    group_clear(group);
}

/* Symbols are those of the query, or part of them. */
static void mark_answered(struct fetch *fetch, const char *const *symbol, size_t symbols)
{
    for (size_t i = 0; i < symbols && fetch->answered != NULL; i++)
        fetch->answered[symbol - fetch->query->symbol + (ptrdiff_t)i] = true;
}

/* A failure as it is told. Servers repeat what they do not understand, secrets too. */
static struct error name_failure(const struct fetch *fetch, const struct error *failure)
{
    struct error named = *failure;
    error_prefix(&named, "%s", fetch->adapter->name);
    secrets_blank_error(&fetch->adapter->secrets, &named);
    return named;
}

/* Ends a group: its symbols cannot be had. */
static int group_failed(struct group *group, const struct error *failure, struct error *error)
{
    const struct fetch_sink *sink = group->fetch->sink;
    const struct error named = name_failure(group->fetch, failure);
    mark_answered(group->fetch, group->symbol, group->symbols);
    const int result = sink->failed(sink->context, group->symbol, group->symbols, &named, error);
    group_free(group);
    return result;
}

static int group_start(struct fetch *fetch, const char *const *symbol, size_t symbols, struct error *error);

static int on_answer(void *context, const struct http_response *response, const struct error *failure,
                     struct error *error);

/* Let the adapter make a request of the group's question, unless the server said where the next page is. */
static int group_prepare(struct group *group, struct error *failure)
{
    struct fetch *fetch = group->fetch;
    if (group->question.direct)
        return 0;
    buf_reset(&fetch->input);
    question_add(&fetch->input, "request", fetch->query, fetch->adapter, group->symbol, group->symbols,
                 &group->question);
    buf_add_char(&fetch->input, '}');
    if (buf_check(&fetch->input, failure) < 0 ||
        runner_call(fetch->adapter->runner, buf_str(&fetch->input), ANSWER_TIME, &fetch->output, failure) < 0)
        return -1;
    return question_read(&group->question, buf_str(&fetch->output), &fetch->scratch, failure);
}

/* Send the group's question. What is wrong with it ends the group, not the rest. */
static int group_ask(struct group *group, struct error *error)
{
    struct fetch *fetch = group->fetch;
    struct error failure;
    error_clear(&failure);
    const int result = group_prepare(group, &failure);
    if (result == 0 && group->question.nothing) {
        group_free(group);
        return 0;
    }
    if (result == 0 && question_send(&group->question, fetch->adapter, fetch->http, on_answer, group, &failure) == 0)
        return 0;
    if (failure.code == EXIT_SYSTEM) {
        *error = failure;
        group_free(group);
        return -1;
    }
    return group_failed(group, &failure, error);
}

/* ---- what an answer's outputs say ---- */

struct outcome {
    bool more;            /* another page follows */
    struct error failure; /* the adapter's word on the answer */
};

static enum exit_code code_of(const char *word)
{
    static const struct {
        const char *word;
        enum exit_code code;
    } codes[] = {{"credentials", EXIT_CREDENTIALS}, {"unsupported", EXIT_USAGE}, {"input", EXIT_INPUT}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].word, word) == 0)
            return codes[i].code;
    return EXIT_UNAVAILABLE; /* "missing", "limit", "unavailable" */
}

static bool is_asked(const struct group *group, struct str symbol)
{
    for (size_t i = 0; i < group->symbols; i++)
        if (str_is(symbol, group->symbol[i])) {
            mark_answered(group->fetch, &group->symbol[i], 1);
            return true;
        }
    return false;
}

/* One record out of the adapter, converted and read as any record is. */
static int take_record(struct group *group, struct record *record, struct error *error)
{
    struct fetch *fetch = group->fetch;
    const struct fetch_sink *sink = fetch->sink;
    struct str symbol;
    buf_reset(&fetch->line);
    if (record->type == RECORD_CONTRACT)
        mark_answered(fetch, group->symbol, group->symbols);
    const struct field *name = record_field(record, "symbol");
    if (record->type == RECORD_UNKNOWN)
        (void)error_set(error, EXIT_INPUT, "a record of the unknown type '" STR_FMT "'",
                        record->type_text.n > 40 ? 40 : (int)record->type_text.n, record->type_text.p);
    else if ((record->type == RECORD_BAR || record->type == RECORD_QUOTE || record->type == RECORD_ACTION) &&
             (name == NULL || name->kind != VALUE_STRING || record_text(record, name, &symbol, error) < 0 ||
              !is_asked(group, symbol)))
        (void)error_set(error, EXIT_INPUT, "a %s of a symbol that was not requested", record_type_text(record->type));
    else if (convert_record(&fetch->converter, record, &fetch->line, error) == 0 &&
             record_scan(record, fetch->line.p, fetch->line.n - 1, error) == 0)
        return sink->record(sink->context, record, error);
    if (error->code != EXIT_INPUT)
        return -1;
    *error = name_failure(fetch, error);
    return sink->bad(sink->context, error);
}

/* {"error": TEXT, "code": WORD}, of all symbols, or with "symbol" of that one. */
static int take_failure(struct group *group, struct outcome *outcome, const struct record *record,
                        const struct field *field, struct error *error)
{
    const struct fetch_sink *sink = group->fetch->sink;
    struct str text, code = STR(""), symbol;
    char word[24] = "";
    struct error ignored;
    error_clear(&ignored);
    const struct field *named = record_field(record, "code");
    if (field->kind != VALUE_STRING || record_text(record, field, &text, &ignored) < 0)
        text = STR("it says that something is wrong");
    (void)error_set(&outcome->failure, EXIT_UNAVAILABLE, STR_FMT, text.n > 300 ? 300 : (int)text.n, text.p);
    if (named != NULL && named->kind == VALUE_STRING && record_text(record, named, &code, &ignored) == 0 &&
        code.n < sizeof word) {
        memcpy(word, code.p, code.n);
        word[code.n] = '\0';
        outcome->failure.code = code_of(word);
    }
    if ((named = record_field(record, "symbol")) == NULL || named->kind != VALUE_STRING ||
        record_text(record, named, &symbol, &ignored) < 0)
        return 0;
    for (size_t i = 0; i < group->symbols; i++) {
        if (!str_is(symbol, group->symbol[i]))
            continue;
        const struct error failure = name_failure(group->fetch, &outcome->failure);
        error_clear(&outcome->failure);
        mark_answered(group->fetch, &group->symbol[i], 1);
        return sink->failed(sink->context, &group->symbol[i], 1, &failure, error);
    }
    return 0;
}

/* {"note": TEXT} */
static int take_note(struct group *group, const struct record *record, const struct field *field)
{
    const struct fetch_sink *sink = group->fetch->sink;
    struct error ignored, note;
    struct str text;
    error_clear(&ignored);
    error_clear(&note);
    if (sink->note == NULL || field->kind != VALUE_STRING || record_text(record, field, &text, &ignored) < 0)
        return 0;
    (void)error_set(&note, EXIT_INPUT, STR_FMT, text.n > 150 ? 150 : (int)text.n, text.p);
    note = name_failure(group->fetch, &note);
    sink->note(sink->context, group->symbol, group->symbols, note.text);
    return 0;
}

static int take_output(struct group *group, struct outcome *outcome, struct str text, struct error *error)
{
    struct fetch *fetch = group->fetch;
    struct record record = {.scratch = &fetch->scratch};
    struct error failure;
    error_clear(&failure);
    /* What is no record lacks a type: it gets one to be scanned. */
    const bool object = text.n >= 2 && text.p[0] == '{';
    if (!object || (record_scan(&record, text.p, text.n, &failure) < 0 && failure.code == EXIT_SYSTEM))
        return object ? (*error = failure, -1)
                      : error_set(&outcome->failure, EXIT_UNAVAILABLE,
                                  "its adapter returns something other than an object");
    const struct field *field;
    if ((field = record_field(&record, "error")) != NULL)
        return take_failure(group, outcome, &record, field, error);
    if ((field = record_field(&record, "note")) != NULL && record.type == RECORD_UNKNOWN)
        return take_note(group, &record, field);
    if ((field = record_field(&record, "next")) != NULL || (field = record_field(&record, "next_url")) != NULL) {
        if (field->kind == VALUE_NULL)
            return 0;
        outcome->more = true;
        return question_next(&group->question, fetch->adapter, &record, field, &outcome->failure);
    }
    if (error_is_set(&failure))
        return error_set(&outcome->failure, EXIT_UNAVAILABLE, "its adapter returns an object that is not a record: %s",
                         failure.text);
    return take_record(group, &record, error);
}

static int take_outputs(struct group *group, struct outcome *outcome, struct error *error)
{
    const struct buf *output = &group->fetch->output;
    for (const char *p = output->p; p != NULL && *p != '\0';) {
        const size_t n = strcspn(p, "\n");
        if (take_output(group, outcome, (struct str){p, n}, error) < 0 && error_is_set(error))
            return -1;
        if (error_is_set(&outcome->failure))
            return 0;
        p += n + (p[n] == '\n');
    }
    return 0;
}

/* ---- answers ---- */

static enum exit_code code_of_status(int status)
{
    return status == 401 || status == 403 ? EXIT_CREDENTIALS : EXIT_UNAVAILABLE;
}

/* Put the body into the question for the adapter; -1 with the failure. */
static int take_body(struct group *group, const struct http_response *response, struct error *failure)
{
    struct fetch *fetch = group->fetch;
    const struct str body = buf_str(&response->body);
    buf_printf(&fetch->input, ",\"status\":%d,\"body\":", response->status);
    if (group->question.expect == EXPECT_TEXT) {
        if (body_check_text(body, failure) == 0)
            json_add_string(&fetch->input, body);
    } else if (body.n == 0 && response->status >= 400) {
        buf_add_text(&fetch->input, "null");
    } else {
        const size_t before = fetch->input.n;
        struct error why;
        error_clear(&why);
        const bool xml = group->question.expect == EXPECT_XML;
        if ((xml ? xml_take(&fetch->input, body, &why) : body_take(&fetch->input, body, &why)) < 0) {
            if (response->status < 400) {
                *failure = why;
                error_prefix(failure, "the answer cannot be used");
                error_recode(failure, EXIT_UNAVAILABLE);
                return -1;
            }
            fetch->input.n = before;
            buf_add_text(&fetch->input, "null");
        }
    }
    buf_add_char(&fetch->input, '}');
    if (error_is_set(failure)) {
        error_recode(failure, EXIT_UNAVAILABLE);
        return -1;
    }
    return buf_check(&fetch->input, failure);
}

static int judge(struct group *group, const struct http_response *response, struct outcome *outcome,
                 struct error *error)
{
    struct fetch *fetch = group->fetch;
    buf_reset(&fetch->input);
    question_add(&fetch->input, "response", fetch->query, fetch->adapter, group->symbol, group->symbols,
                 &group->question);
    if (take_body(group, response, &outcome->failure) < 0 ||
        runner_call(fetch->adapter->runner, buf_str(&fetch->input), ANSWER_TIME, &fetch->output, &outcome->failure) < 0)
        return 0;
    if (take_outputs(group, outcome, error) < 0)
        return -1;
    if (response->status >= 400 && !error_is_set(&outcome->failure))
        (void)error_set(&outcome->failure, code_of_status(response->status), "the server answers %d", response->status);
    return 0;
}

/* One bad symbol spoils a request for many: ask for the halves. */
static int split(struct group *group, struct error *error)
{
    struct fetch *fetch = group->fetch;
    const char *const *symbol = group->symbol;
    const size_t symbols = group->symbols, half = symbols / 2;
    group_free(group);
    return group_start(fetch, symbol, half, error) < 0 ? -1 : group_start(fetch, symbol + half, symbols - half, error);
}

static int next_page(struct group *group, struct error *error)
{
    struct error failure;
    const size_t seen = group->pages.count;
    error_clear(&failure);
    if (names_add(&group->pages, buf_str(&group->question.page), error) < 0) {
        group_free(group);
        return -1;
    }
    if (group->pages.count == seen || seen >= PAGES_MAX) {
        (void)error_set(&failure, EXIT_UNAVAILABLE, "the server's pages %s",
                        group->pages.count == seen ? "repeat" : "do not end");
        return group_failed(group, &failure, error);
    }
    return group_ask(group, error);
}

static void count_answer(struct adapter_tally *tally, const struct http_response *response, const struct error *failure)
{
    tally->requests++;
    tally->attempts += response == NULL || response->attempts < 1 ? 1 : response->attempts;
    if (response != NULL) {
        tally->bytes += (int64_t)response->body.n;
        tally->took += response->took;
    }
    if (failure == NULL && response != NULL && response->status < 400)
        return;
    tally->failures++;
    if (failure != NULL)
        (void)snprintf(tally->failure, sizeof tally->failure, "%.150s", failure->text);
    else
        (void)snprintf(tally->failure, sizeof tally->failure, "the server answers %d",
                       response == NULL ? 0 : response->status);
}

static int on_answer(void *context, const struct http_response *response, const struct error *failure,
                     struct error *error)
{
    struct group *group = context;
    struct outcome outcome = {.more = false};
    count_answer(&group->fetch->adapter->tally, response, failure);
    if (failure != NULL)
        return group_failed(group, failure, error);
    if (judge(group, response, &outcome, error) < 0) {
        group_free(group);
        return -1;
    }
    if (error_is_set(&outcome.failure)) {
        const int status = response->status;
        if (group->symbols > 1 && status >= 400 && status < 500 && status != 401 && status != 403 && status != 429)
            return split(group, error);
        return group_failed(group, &outcome.failure, error);
    }
    if (outcome.more)
        return next_page(group, error);
    group_free(group);
    return 0;
}

/* ---- all of it ---- */

static int group_start(struct fetch *fetch, const char *const *symbol, size_t symbols, struct error *error)
{
    struct group *group = calloc(1, sizeof *group);
    if (group == NULL)
        return error_memory(error);
    group->fetch = fetch;
    group->symbol = symbol;
    group->symbols = symbols;
    group->next = fetch->groups;
    fetch->groups = group;
    question_init(&group->question);
    names_init(&group->pages);
    return group_ask(group, error);
}

/* A program is asked once, for all symbols. */
static int ask_program(struct fetch *fetch, struct error *error)
{
    const struct adapter *adapter = fetch->adapter;
    const struct fetch_query *query = fetch->query;
    struct group group = {.fetch = fetch, .symbol = query->symbol, .symbols = query->symbols};
    struct outcome outcome = {.more = false};
    question_init(&group.question);
    question_add(&fetch->input, "fetch", query, adapter, query->symbol, query->symbols, &group.question);
    buf_add_text(&fetch->input, "}\n");
    int result = buf_check(&fetch->input, error);
    const int64_t timeout = adapter->timeout > 0 ? adapter->timeout : PROGRAM_TIME;
    if (result == 0 && exec_call((const char *const *)adapter->argv, &adapter->secrets, buf_str(&fetch->input), timeout,
                                 &fetch->output, &outcome.failure) == 0)
        result = take_outputs(&group, &outcome, error);
    if (result == 0 && outcome.more && !error_is_set(&outcome.failure))
        (void)error_set(&outcome.failure, EXIT_UNAVAILABLE, "a program has no pages: 'next' is for jq files");
    if (result == 0 && error_is_set(&outcome.failure)) {
        const struct error failure = name_failure(fetch, &outcome.failure);
        mark_answered(fetch, query->symbol, query->symbols);
        result = fetch->sink->failed(fetch->sink->context, query->symbol, query->symbols, &failure, error);
    }
    question_clear(&group.question);
    return result;
}

static int ask_server(struct fetch *fetch, struct error *error)
{
    const struct fetch_query *query = fetch->query;
    const size_t most = (size_t)fetch->adapter->symbols;
    size_t at = 0;
    struct error failure;
    error_clear(&failure);
    if (auth_renew(fetch->adapter, fetch->http, &failure) < 0) {
        if (failure.code == EXIT_SYSTEM) {
            *error = failure;
            return -1;
        }
        mark_answered(fetch, query->symbol, query->symbols);
        return fetch->sink->failed(fetch->sink->context, query->symbol, query->symbols, &failure, error);
    }
    do {
        const size_t left = query->symbols - at, symbols = left < most ? left : most;
        if (group_start(fetch, query->symbol + at, symbols, error) < 0)
            return -1;
        at += symbols;
    } while (at < query->symbols);
    return http_run(fetch->http, error);
}

/* A symbol that an answer passes over in silence has failed. */
static int fail_unanswered(struct fetch *fetch, struct error *error)
{
    const struct fetch_query *query = fetch->query;
    for (size_t i = 0; i < query->symbols && fetch->answered != NULL; i++) {
        struct error failure;
        if (fetch->answered[i])
            continue;
        error_clear(&failure);
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s: the answer has no data for it", fetch->adapter->name);
        if (fetch->sink->failed(fetch->sink->context, &query->symbol[i], 1, &failure, error) < 0)
            return -1;
    }
    return 0;
}

int fetch_all(struct adapter *adapter, struct http *http, const struct fetch_query *query,
              const struct fetch_sink *sink, struct error *error)
{
    struct fetch fetch = {.adapter = adapter, .http = http, .query = query, .sink = sink};
    int result = 0;
    converter_init(&fetch.converter, NULL);
    buf_init(&fetch.input, OUTPUT_MAX);
    buf_init(&fetch.output, OUTPUT_MAX);
    buf_init(&fetch.line, RECORD_LINE_MAX);
    buf_init(&fetch.scratch, RECORD_LINE_MAX);
    if ((strcmp(query->command, "quotes") == 0 || strcmp(query->command, "chain") == 0) && query->symbols > 0 &&
        (fetch.answered = calloc(query->symbols, sizeof *fetch.answered)) == NULL)
        result = error_memory(error);
    if (result == 0)
        result = adapter->argv != NULL ? ask_program(&fetch, error) : ask_server(&fetch, error);
    if (result == 0)
        result = fail_unanswered(&fetch, error);
    free(fetch.answered);
    converter_clear(&fetch.converter);
    buf_clear(&fetch.input);
    buf_clear(&fetch.output);
    buf_clear(&fetch.line);
    buf_clear(&fetch.scratch);
    for (struct group *group = fetch.groups, *next; group != NULL; group = next) {
        next = group->next;
        group_clear(group);
    }
    return result;
}
