/* Adapters: bodies read strictly, figures exact through jq, the child that can do nothing but compute. */
#include "adapter/adapter.h"
#include "adapter/body.h"
#include "adapter/convert.h"
#include "adapter/runner.h"
#include "adapter/xml.h"

#include "tap.h"

#include <stdlib.h>

static void test_bodies(void)
{
    static const struct {
        const char *body, *out; /* NULL: refused */
    } cases[] = {
        {"{\"a\":1}", "{\"a\":\"1\"}"},
        {" [ 1 , -2.50e+3, \"x\" , true , null ] ", "[\"1\",\"-2.50e+3\",\"x\",true,null]"},
        {"0.10000000000000000555", "\"0.10000000000000000555\""},
        {"{\"t\":1795530600123456789}", "{\"t\":\"1795530600123456789\"}"},
        {"{}", "{}"},
        {"[]", "[]"},
        {"\"\\u00e9\\ud83d\\ude00\"", "\"\\u00e9\\ud83d\\ude00\""},
        {"\"\xc3\xa9\"", "\"\xc3\xa9\""},
        {"", NULL},
        {"{\"a\":1,\"a\":2}", NULL},
        {"{\"a\":1,\"\\u0061\":2}", NULL},
        {"{\"a\":{\"b\":1},\"b\":2,\"c\":{\"b\":1}}", "{\"a\":{\"b\":\"1\"},\"b\":\"2\",\"c\":{\"b\":\"1\"}}"},
        {"{\"a\":NaN}", NULL},
        {"{\"a\":Infinity}", NULL},
        {"{\"a\":01}", NULL},
        {"{\"a\":1.}", NULL},
        {"{\"a\":.5}", NULL},
        {"{\"a\":+1}", NULL},
        {"{\"a\":1e}", NULL},
        {"{\"a\":1", NULL},
        {"{\"a\":1}}", NULL},
        {"{\"a\":1,}", NULL},
        {"[1,]", NULL},
        {"{'a':1}", NULL},
        {"{a:1}", NULL},
        {"\"\\x\"", NULL},
        {"\"\\u0000\"", NULL},
        {"\"\\ud800\"", NULL},
        {"\"a\nb\"", NULL},
        {"\"\xff\"", NULL},
        {"\"\xc0\xaf\"", NULL},
        {"\"\xed\xa0\x80\"", NULL},
        {"\"open", NULL},
        {"<html>", NULL},
        {"\xef\xbb\xbf{}", NULL},
    };
    struct buf out;
    struct error error;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_reset(&out);
        error_clear(&error);
        const int result = body_take(&out, str_of(cases[i].body), &error);
        const bool fits = cases[i].out == NULL ? result == -1 && error.code == EXIT_INPUT
                                               : result == 0 && strcmp(out.p, cases[i].out) == 0;
        if (!check(fits, "fault-033: body %zu", i))
            printf("# %s: %s %s\n", cases[i].body, error.text, out.n > 0 ? out.p : "");
    }
    char deep[202];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    error_clear(&error);
    buf_reset(&out);
    check(body_take(&out, (struct str){deep, 200}, &error) == -1, "fault-080: nesting 100 deep");
    error_clear(&error);
    buf_reset(&out);
    check(body_take(&out, (struct str){deep + 37, 126}, &error) == 0, "63 deep is fine");
    /* 300 keys, and the first once more */
    struct buf many;
    buf_init(&many, 1 << 20);
    buf_add_char(&many, '{');
    for (int i = 0; i < 300; i++)
        buf_printf(&many, "\"k%d\":%d,", i, i);
    buf_add_text(&many, "\"z\":0}");
    buf_reset(&out);
    check(body_take(&out, buf_str(&many), &error) == 0, "many keys");
    many.n -= 6;
    buf_add_text(&many, "\"k0\":0}");
    buf_reset(&out);
    check(body_take(&out, buf_str(&many), &error) == -1, "fault-080: one of many keys twice");
    buf_clear(&many);
    buf_clear(&out);
}

static void test_xml(void)
{
    static const struct {
        const char *body, *out; /* NULL: refused */
    } cases[] = {
        {"<a/>", "{\"name\":\"a\",\"attributes\":{},\"children\":[],\"text\":\"\"}"},
        {"<?xml version=\"1.0\"?>\n<!-- c --><!DOCTYPE a><a b='1' c=\"x&amp;y\"> t </a>\n",
         "{\"name\":\"a\",\"attributes\":{\"b\":\"1\",\"c\":\"x&y\"},\"children\":[],\"text\":\"t\"}"},
        {"<a>x<b>&#233;&#x1F600;</b>&nbsp;<![CDATA[<&>]]></a>",
         "{\"name\":\"a\",\"attributes\":{},\"children\":[{\"name\":\"b\",\"attributes\":{},\"children\":[],\"text\":"
         "\"\xc3\xa9"
         "\xf0\x9f\x98\x80\"}],\"text\":\"x&nbsp;<&>\"}"},
        {"<n:a xmlns:n=\"u\"></n:a >",
         "{\"name\":\"n:a\",\"attributes\":{\"xmlns:n\":\"u\"},\"children\":[],\"text\":\"\"}"},
        {"<a>&#0;&#xD800;&bad</a>", "{\"name\":\"a\",\"attributes\":{},\"children\":[],\"text\":\"&#0;&#xD800;&bad\"}"},
        {"", NULL},
        {"text", NULL},
        {"<a>", NULL},
        {"<a></b>", NULL},
        {"<a><b></a></b>", NULL},
        {"<a b></a>", NULL},
        {"<a b=1></a>", NULL},
        {"<a b=\"1></a>", NULL},
        {"<a/><b/>", NULL},
        {"<!-- <a/>", NULL},
        {"<a><![CDATA[x</a>", NULL},
        {"<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", NULL},
        {"<a>\xff</a>", NULL},
        {"<1/>x", NULL},
        {"< a/>", NULL},
    };
    struct buf out, deep;
    struct error error;
    buf_init(&out, 1 << 20);
    buf_init(&deep, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_reset(&out);
        error_clear(&error);
        const int result = xml_take(&out, str_of(cases[i].body), &error);
        const bool fits = cases[i].out == NULL ? result == -1 && error.code == EXIT_INPUT
                                               : result == 0 && strcmp(out.p, cases[i].out) == 0;
        if (!check(fits, "fault-033: XML %zu", i))
            printf("# %s: %s %s\n", cases[i].body, error.text, out.n > 0 ? out.p : "");
    }
    for (int i = 0; i < 100000; i++)
        buf_add_text(&deep, "<a>");
    buf_reset(&out);
    error_clear(&error);
    check(xml_take(&out, buf_str(&deep), &error) == -1, "fault-080: XML nested 100000 deep: %s", error.text);
    buf_clear(&out);
    buf_clear(&deep);
}

static void test_words(void)
{
    static const struct {
        const char *program;
        bool good;
    } cases[] = {
        {"def describe: {};", true},
        {"# env is a word of a comment\n.", true},
        {".env", true},
        {"\"env\"", true},
        {"\"a \\(.b) env\"", true},
        {"env", false},
        {"$ENV", false},
        {"$ENV.PATH", false},
        {"$now", true},
        {"$__loc__", false},
        {"env.PATH", false},
        {"\"\\(env)\"", false},
        {"\"\\(\"\\(input)\")\"", false},
        {"import \"a\" as a; .", false},
        {"include \"a\"; .", false},
        {"input_filename", false},
        {"[inputs]", false},
        {"now", false},
        {"\"\\\"\" | env", false},
        {"\"\\\\\" | env", false},
        {"environment", true},
        {"(.a) | \"\\((.b))\" | (.c)", true},
        {"debug", false},
        {"halt_error", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        error_clear(&error);
        check((runner_check(str_of(cases[i].program), &error) == 0) == cases[i].good, "%s: %s",
              cases[i].good ? "allowed" : "refused", cases[i].program);
    }
}

static int call(struct runner *runner, const char *input, struct buf *output, struct error *error)
{
    error_clear(error);
    return runner_call(runner, str_of(input), 10 * TIME_SECOND, output, error);
}

static void test_runner(void)
{
    static const char program[] =
        "if .do == \"echo\" then .value "
        "elif .do == \"loop\" then (def f: f; f) "
        "elif .do == \"range\" then [range(1e9)] "
        "elif .do == \"big\" then ((\"0123456789\" * 1e6) * 1e4 | length) "
        "elif .do == \"deep\" then (def f: 1 + f; f) "
        "elif .do == \"flood\" then (range(1e9) | \"0123456789012345678901234567890123456789\") "
        "elif .do == \"many\" then (1, 2, 3) "
        "elif .do == \"error\" then error(\"as it should\") else empty end";
    struct error error;
    struct buf output;
    error_clear(&error);
    buf_init(&output, 64u << 20);
    struct runner *runner = runner_open("test", str_of(program), &error);
    if (!check(runner != NULL, "a program starts: %s", error.text))
        return;
    check(call(runner, "{\"do\":\"echo\",\"value\":\"0.10\"}", &output, &error) == 0 &&
              strcmp(output.p, "\"0.10\"\n") == 0,
          "figures come back as they went");
    check(call(runner, "{\"do\":\"many\"}", &output, &error) == 0 && strcmp(output.p, "1\n2\n3\n") == 0,
          "several outputs, one a line");
    check(call(runner, "{\"do\":\"none\"}", &output, &error) == 0 && output.n == 0, "no output");
    check(call(runner, "{\"do\":\"error\"}", &output, &error) == -1 && strcmp(error.text, "test: as it should") == 0,
          "its own error: %s", error.text);
    static const struct {
        const char *input, *says, *name;
    } runaways[] = {
        {"{\"do\":\"loop\"}", "took too long", "one that loops is killed"},
        {"{\"do\":\"range\"}", "", "one that eats memory"},
        {"{\"do\":\"big\"}", "", "one that eats it faster"},
        {"{\"do\":\"deep\"}", "", "one that recurses for ever"},
        {"{\"do\":\"flood\"}", "", "one that writes for ever"},
    };
    for (size_t i = 0; i < sizeof runaways / sizeof *runaways; i++) {
        const int64_t before = time_monotonic();
        error_clear(&error);
        const int result = runner_call(runner, str_of(runaways[i].input), TIME_SECOND / 2, &output, &error);
        check(result == -1 && error.code == EXIT_UNAVAILABLE && strstr(error.text, runaways[i].says) != NULL &&
                  time_monotonic() - before < 8 * TIME_SECOND,
              "fault-038: %s: %s", runaways[i].name, error.text);
        check(call(runner, "{\"do\":\"echo\",\"value\":1}", &output, &error) == 0, "and the next call works");
    }
    runner_close(runner);
    error_clear(&error);
    check(runner_open("bad", STR("def x: ;"), &error) == NULL && error.code == EXIT_USAGE, "no jq: %s", error.text);
    error_clear(&error);
    check(runner_open("bad", STR("$nothing"), &error) == NULL && error.code == EXIT_USAGE, "an unknown name: %s",
          error.text);
    error_clear(&error);
    (void)setenv("TN_CANARY", "canary", 1);
    runner = runner_open("all", STR("[paths] | length"), &error);
    check(runner != NULL && call(runner, "{}", &output, &error) == 0, "fault-084: with an empty environment");
    runner_close(runner);
    buf_clear(&output);
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t time; /* TIME_NONE: refused */
    } cases[] = {
        /* 2026-11-24T14:30:00Z is 1795530600 s (date -u -d @1795530600) */
        {"2026-11-24T14:30:00Z", 1795530600 * TIME_SECOND},
        {"s:1795530600", 1795530600 * TIME_SECOND},
        {"s:1795530600.25", 1795530600 * TIME_SECOND + TIME_SECOND / 4},
        {"ms:1795530600123", 1795530600123 * INT64_C(1000000)},
        {"us:1795530600123456", 1795530600123456 * INT64_C(1000)},
        {"ns:1795530600123456789", 1795530600123456789},
        {"local:America/New_York:2026-11-24 09:30:00", 1795530600 * TIME_SECOND},
        {"local:America/New_York:2026-11-24T09:30:00", 1795530600 * TIME_SECOND},
        {"local:America/New_York:2026-11-24", 1795496400 * TIME_SECOND}, /* 05:00Z */
        {"2026-11-24", 1795478400 * TIME_SECOND},
        {"s:", TIME_NONE},
        {"s:x", TIME_NONE},
        {"s:-1", TIME_NONE},
        {"s:1e9", TIME_NONE},
        {"s:99999999999999999999", TIME_NONE},
        {"ms:9999999999999999", TIME_NONE},
        {"local:2026-11-24", TIME_NONE},
        {"local:No/Where:2026-11-24", TIME_NONE},
        {"local:../../etc:2026-11-24", TIME_NONE},
        {"local:UTC:2026-02-30", TIME_NONE},
        {"yesterday", TIME_NONE},
        {"", TIME_NONE},
    };
    struct converter converter;
    converter_init(&converter, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        int64_t time = TIME_NONE;
        error_clear(&error);
        const int result = convert_time(&converter, str_of(cases[i].text), &time, &error);
        check(cases[i].time == TIME_NONE ? result == -1 && error.code == EXIT_INPUT
                                         : result == 0 && time == cases[i].time,
              "time '%s' %s", cases[i].text, error.text);
    }
    converter_clear(&converter);
}

static void test_records(void)
{
    static const struct {
        const char *from, *line; /* NULL: refused */
    } cases[] = {
        {"{\"type\":\"quote\",\"symbol\":\"A\",\"time\":\"s:1795530600\",\"bid\":\"190.290\",\"bid_size\":\"1e2\"}",
         "{\"type\":\"quote\",\"symbol\":\"A\",\"time\":\"2026-11-24T14:30:00Z\",\"bid\":190.29,\"bid_size\":100,"
         "\"source\":\"x\"}\n"},
        {"{\"symbol\":\"A\",\"type\":\"quote\",\"time\":\"2026-11-24T14:30:00Z\",\"bid\":240.00000000000003,\"ask\":"
         "null}",
         "{\"type\":\"quote\",\"symbol\":\"A\",\"time\":\"2026-11-24T14:30:00Z\",\"bid\":240,\"source\":\"x\"}\n"},
        {"{\"type\":\"action\",\"new\":\"4.0\",\"old\":\"1\",\"kind\":\"split\",\"ex_date\":\"2020-08-31\"}",
         "{\"type\":\"action\",\"kind\":\"split\",\"ex_date\":\"2020-08-31\",\"new\":4,\"old\":1,"
         "\"time\":\"2020-08-31\",\"id\":\"none\",\"source\":\"x\"}\n"},
        /* a stock dividend of 5 %: 1.05 for 1 is 21 for 20 */
        {"{\"type\":\"action\",\"new\":1.05,\"old\":\"1\",\"kind\":\"split\",\"id\":\"7\",\"time\":\"s:86400\"}",
         "{\"type\":\"action\",\"kind\":\"split\",\"id\":\"7\",\"time\":\"1970-01-02T00:00:00Z\",\"new\":21,\"old\":20,"
         "\"source\":\"x\"}\n"},
        {"{\"type\":\"contract\",\"strike\":\"190.0\",\"right\":\"call\",\"delta\":\"-0.25\"}",
         "{\"type\":\"contract\",\"strike\":190,\"right\":\"call\",\"delta\":-0.25,\"source\":\"x\"}\n"},
        {"{\"type\":\"action\",\"new\":\"x\",\"old\":\"1\"}", NULL},
        {"{\"type\":\"quote\",\"bid\":\"\"}", NULL},
        {"{\"type\":\"quote\",\"bid\":\"NaN\"}", NULL},
        {"{\"type\":\"quote\",\"bid\":\"1e308\"}", NULL},
        {"{\"type\":\"quote\",\"time\":\"ms:\"}", NULL},
    };
    struct converter converter;
    struct buf line, scratch;
    buf_init(&line, RECORD_LINE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX);
    converter_init(&converter, "x");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {.scratch = &scratch};
        struct error error;
        error_clear(&error);
        buf_reset(&line);
        const int result = record_scan(&record, cases[i].from, strlen(cases[i].from), &error) < 0
                               ? -2
                               : convert_record(&converter, &record, &line, &error);
        if (cases[i].line == NULL)
            check(result == -1 && error.code == EXIT_INPUT, "fault-054: refused: %s", error.text);
        else
            check_text(line.p, cases[i].line, "a record");
    }
    check(converter.rounded == 1, "the price with 14 digits was rounded");
    converter_clear(&converter);
    buf_clear(&line);
    buf_clear(&scratch);
}

/* Every source we ship says of itself what C can use. */
static void test_shipped(void)
{
    struct names names;
    struct error error;
    error_clear(&error);
    names_init(&names);
    check(adapter_names(&names, NULL, &error) == 0 && names.count >= 1, "%zu sources", names.count);
    for (size_t i = 0; i < names.count; i++) {
        const struct adapter_settings settings = {.name = names.name[i]};
        struct adapter *adapter = adapter_open(&settings, &error);
        check(adapter != NULL, "%s: %s", names.name[i], error.text);
        adapter_close(adapter);
        error_clear(&error);
    }
    names_clear(&names);
    check(adapter_open(&(struct adapter_settings){.name = "../../etc/passwd"}, &error) == NULL &&
              error.code == EXIT_USAGE,
          "fault-081: a path is no name");
}

int main(void)
{
    test_bodies();
    test_xml();
    test_words();
    test_times();
    test_records();
    test_runner();
    test_shipped();
    return done();
}
