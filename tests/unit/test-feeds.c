/* Every adapter that comes with the programs, with answers that no documentation shows: whatever a server sends, there
 * is an error or nothing, never a bar, a quote or an end of the adapter's own program. */
#include "adapter/adapter.h"
#include "adapter/body.h"
#include "adapter/convert.h"
#include "adapter/question.h"
#include "adapter/runner.h"
#include "exchange/exchange.h"

#include "tap.h"

#define CALL_TIME (10 * TIME_SECOND)

/* As servers send them; numbers become text on the way, as always. */
static const char *const bodies[] = {
    "null",
    "true",
    "17",
    "\"Be right back\"",
    "\"\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[null,[null],{\"a\":null}]",
    "{\"results\":null,\"data\":null,\"bars\":null,\"chart\":null,\"candles\":null,\"history\":null,\"filings\":null}",
    "{\"results\":[null],\"data\":[null],\"bars\":[null],\"candles\":[null],\"articles\":[null],\"messages\":[null]}",
    "{\"results\":[{}],\"data\":{\"candles\":[[]]},\"bars\":{\"AAA\":[{}]},\"candles\":[{}],\"articles\":[{}],"
    "\"messages\":[{}]}",
    "{\"results\":17,\"data\":\"x\",\"bars\":\"x\",\"chart\":\"x\",\"candles\":\"x\",\"history\":\"x\",\"filings\":"
    "\"x\"}",
    "{\"chart\":{\"result\":[{\"timestamp\":[1],\"indicators\":{\"quote\":[{\"open\":[1],\"high\":[null]}]}}],"
    "\"error\":null}}",
    "{\"bars\":{\"AAA\":[{\"t\":\"yesterday\",\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"v\":1}]}}",
    "{\"results\":[{\"t\":\"x\",\"o\":1,\"h\":1,\"l\":1,\"c\":1,\"v\":1}]}",
    "{\"candles\":[{\"datetime\":\"\",\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volume\":1}]}",
    "[[1795478400000,\"x\",\"x\",\"x\",\"x\",\"x\",1,1,1]]",
    "[{\"date\":\"\",\"open\":-1,\"high\":1,\"low\":1,\"close\":1,\"volume\":1}]",
    "{\"error\":[],\"result\":{\"AAA\":[[0,\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",0]],\"last\":0}}",
    "{\"error\":{\"error\":{}},\"message\":{},\"errors\":{},\"fault\":{},\"detail\":{}}",
    "{\"name\":\"rss\",\"attributes\":{},\"children\":[{\"name\":\"item\",\"attributes\":{},\"children\":[],\"text\":"
    "\"\"}],\"text\":\"\"}",
    "\"Date,Open\\nnot a date,1,1,1,1,1\"",
    "\"BEGIN:VCALENDAR\\nBEGIN:VEVENT\\nDTSTART:yesterday\\nSUMMARY:x\\nEND:VEVENT\\nEND:VCALENDAR\"",
};
/* Where an adapter may be in its pages. */
static const char *const pages[] = {
    "", "{\"cik\":\"0000000001\",\"left\":[{\"id\":\"0-1-2\",\"filed\":\"2026-11-24\",\"form\":\"4\"}]}",
    "{\"conid\":\"1\",\"step\":\"history\",\"tries\":9}"};
static const int statuses[] = {200, 400, 404};

struct trying {
    struct adapter *adapter;
    struct converter converter;
    struct exchange exchange;
    struct buf input, output, line, scratch;
    size_t calls, odd, outputs;
    char first[400]; /* of what is odd */
};

static void note(struct trying *trying, const char *command, const char *body, const char *why)
{
    if (trying->odd++ == 0)
        (void)snprintf(trying->first, sizeof trying->first, "%s %.100s: %.200s", command, body, why);
}

/* A line of output: is it a record that a program would take for a price? */
static void look_at(struct trying *trying, const char *command, const char *body, struct str text)
{
    struct record record = {.scratch = &trying->scratch};
    struct error error;
    struct bar bar;
    struct quote quote;
    error_clear(&error);
    trying->outputs++;
    if (text.n < 2 || text.p[0] != '{') {
        note(trying, command, body, "an output that is not an object");
        return;
    }
    (void)record_scan(&record, text.p, text.n, &error);
    error_clear(&error);
    buf_reset(&trying->line);
    if ((record.type != RECORD_BAR && record.type != RECORD_QUOTE) ||
        convert_record(&trying->converter, &record, &trying->line, &error) < 0 ||
        record_scan(&record, trying->line.p, trying->line.n - 1, &error) < 0)
        return;
    if (record.type == RECORD_BAR && record_decode(&record, &bar, &error) == 0)
        note(trying, command, body, trying->line.p);
    if (record.type == RECORD_QUOTE && record_decode(&record, &quote, &error) == 0 && quote.bid != DEC_NONE &&
        quote.ask != DEC_NONE)
        note(trying, command, body, trying->line.p);
}

static void try_body(struct trying *trying, const char *command, const char *page, int status, const char *body)
{
    static const char *const symbol[] = {"AAA"};
    const struct fetch_query query = {
        .command = command,
        .symbol = symbol,
        .symbols = 1,
        .interval = strcmp(command, "bars") == 0 ? trying->adapter->interval[0] : (struct interval){INTERVAL_NONE, 0},
        .from = 1795000000 * TIME_SECOND,
        .to = 1795600000 * TIME_SECOND,
        .now = 1795600000 * TIME_SECOND,
        .feed = "",
        .text = "x",
        .calendar = &trying->exchange.calendar,
    };
    struct question question;
    struct error error;
    question_init(&question);
    buf_add_text(&question.page, page);
    buf_reset(&trying->input);
    question_add(&trying->input, "response", &query, trying->adapter, symbol, 1, &question);
    buf_printf(&trying->input, ",\"status\":%d,\"body\":", status);
    error_clear(&error);
    (void)body_take(&trying->input, str_of(body), &error);
    buf_add_char(&trying->input, '}');
    trying->calls++;
    if (runner_call(trying->adapter->runner, buf_str(&trying->input), CALL_TIME, &trying->output, &error) < 0) {
        if (strstr(error.text, "was ended") != NULL || strstr(error.text, "ended with") != NULL)
            note(trying, command, body, error.text);
    } else {
        for (const char *p = trying->output.p; p != NULL && *p != '\0'; p += strcspn(p, "\n") + 1)
            look_at(trying, command, body, (struct str){p, strcspn(p, "\n")});
    }
    question_clear(&question);
}

static void try_adapter(struct trying *trying, const char *name)
{
    struct error error;
    error_clear(&error);
    trying->adapter = adapter_open(&(struct adapter_settings){.name = name}, &error);
    if (!check(trying->adapter != NULL, "%s is an adapter: %s", name, error.text))
        return;
    trying->odd = 0;
    for (int c = 0; c < trying->adapter->commands; c++)
        for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++)
            for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
                for (size_t p = 0; p < (statuses[i] == 200 ? sizeof pages / sizeof *pages : 1); p++)
                    try_body(trying, trying->adapter->command[c], pages[p], statuses[i], bodies[b]);
    check(trying->odd == 0, "fault-033: %s makes no prices of odd answers, nor dies of them", name);
    if (trying->odd > 0)
        printf("# %zu, the first: %s\n", trying->odd, trying->first);
    adapter_close(trying->adapter);
}

int main(void)
{
    struct trying trying = {.calls = 0};
    struct names names;
    struct error error;
    error_clear(&error);
    names_init(&names);
    converter_init(&trying.converter, "test");
    buf_init(&trying.input, 1u << 20);
    buf_init(&trying.output, 1u << 24);
    buf_init(&trying.line, RECORD_LINE_MAX);
    buf_init(&trying.scratch, RECORD_LINE_MAX);
    check(adapter_names(&names, NULL, &error) == 0 && names.count > 20, "the adapters are found: %s", error.text);
    check(exchange_open(&trying.exchange, "nyse", &error) == 0, "a calendar");
    for (size_t i = 0; i < names.count; i++)
        try_adapter(&trying, names.name[i]);
    check(trying.outputs > trying.calls / 4, "%zu outputs of %zu calls were looked at", trying.outputs, trying.calls);
    exchange_close(&trying.exchange);
    converter_clear(&trying.converter);
    buf_clear(&trying.input);
    buf_clear(&trying.output);
    buf_clear(&trying.line);
    buf_clear(&trying.scratch);
    names_clear(&names);
    return done();
}
