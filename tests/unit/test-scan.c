/* The scanner: every path accepts and refuses the same lines, with the same fields and messages.
 *
 *     test-scan                  TAP: generated lines, byte by byte against the layouts with each instruction set
 *     test-scan PATH FILE        one line per line of FILE: "+" and the record put together again, or "-" and why */
#include "record/layout.h"
#include "record/reader.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static uint64_t state = 1;
static int by_shape; /* lines that read_all got by a shape */

static unsigned random_below(unsigned limit)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % limit;
}

static void dump(struct buf *out, const struct record *record)
{
    buf_printf(out, "+ %d %s {", (int)record->type, record_type_text(record->type));
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        buf_printf(out, "%s\"%.*s\":%.*s", i == 0 ? "" : ",", STR_ARG(field->key), STR_ARG(field->value));
        buf_printf(out, "|%d%d%d", (int)field->kind, field->escaped, field->whole);
    }
    buf_add_text(out, "}\n");
}

/* What a path makes of a file, line by line. */
static void read_all(struct buf *out, int path, const char *file)
{
    struct error error = {0};
    struct reader *reader = reader_open(file, NULL, NULL, &error);
    const struct record *record;
    require(reader != NULL);
    reader_path(reader, path);
    by_shape = 0;
    for (;;) {
        const int got = reader_next(reader, &record, &error);
        if (got == 0)
            break;
        if (got < 0) {
            buf_printf(out, "- %s\n", error.text);
            require(error.code == EXIT_INPUT);
            error_clear(&error);
        } else {
            dump(out, record);
            by_shape += record->layout != NULL;
            int64_t known;
            if (record_known(record, &known, &error) == 0)
                buf_printf(out, "known %lld\n", (long long)known);
            else
                buf_printf(out, "unknown %s\n", error.text);
            error_clear(&error);
            if (record->type == RECORD_BAR) {
                struct bar bar;
                if (record_decode(record, &bar, &error) == 0)
                    record_encode(out, RECORD_BAR, &bar);
                else
                    buf_printf(out, "= %s\n", error.text);
                error_clear(&error);
            }
        }
    }
    reader_close(reader);
}

static const char *const numbers[] = {"1",
                                      "0",
                                      "0.5",
                                      "185.12",
                                      "99999999",
                                      "12345678.87654321",
                                      "1e3",
                                      "-1",
                                      "1.",
                                      "01",
                                      ".5",
                                      "1.123456789",
                                      "100000000",
                                      "1e400",
                                      "185.10",
                                      "null",
                                      "true",
                                      "\"1\"",
                                      "1234567890123456789",
                                      "0.000000001",
                                      "-0"};
static const char *const pieces[] = {
    "\"",   "\\",      "{",   "}",         "[",    "]",   ",",          ":",           " ",
    "\t",   "\r",      "0",   "-",         ".",    "e",   "\x01",       "\x7f",        "\xc3\xa9",
    "\xff", "\\u0041", "\\n", "\"type\":", "null", "NaN", "\"open\":1", ",\"open\":2", "{\"a\":{\"b\":[1,2]}}"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *number(void)
{
    return random_below(8) > 0 ? numbers[random_below(4)] : numbers[random_below(COUNT(numbers))];
}

static void make_line(struct buf *line)
{
    const unsigned layout = random_below(12);
    const char *const space = layout == 5 ? " " : "", *const type = layout < 8 ? "bar" : layout < 10 ? "trade" : "tick";
    buf_printf(line, "{\"type\":%s\"%s\",%s\"time\":%s\"2026-%02u-%02uT%02u:%02u:00%s\",%s\"symbol\":%s\"%s\"", space,
               type, space, space, random_below(13), random_below(32), random_below(25), random_below(61),
               random_below(9) > 0 ? "Z" : ".5Z", space, space,
               random_below(5) > 0   ? "AAPL"
               : random_below(3) > 0 ? "BRK.B"
                                     : "");
    if (layout < 8)
        buf_printf(line, ",%s\"interval\":%s\"%s\"", space, space,
                   random_below(5) > 0   ? "1m"
                   : random_below(3) > 0 ? "1d"
                                         : "tick:500");
    if (layout == 2 || layout == 3)
        buf_printf(line, ",\"session\":\"2026-%02u-%02u\",\"end\":\"2026-%02u-20T%02u:00:00Z\"", random_below(13),
                   random_below(32), random_below(13), random_below(25));
    if (layout == 3)
        buf_printf(line, ",\"adjusted\":\"%s\"", (const char *const[]){"raw", "split", "total", "x"}[random_below(4)]);
    static const char *const names[] = {"open", "high", "low", "close", "volume", "vwap", "trades", "x"};
    for (unsigned i = 0; i < 4 + layout % 4; i++)
        buf_printf(line, ",%s\"%s\":%s%s", space, names[i], space, number());
    if (layout % 3 == 0)
        buf_printf(line, ",\"source\":\"%s\"", random_below(3) > 0 ? "sim" : "a \\\"b\\\" \xe2\x82\xac");
    if (layout % 4 == 1)
        buf_printf(line, ",\"final\":%s", random_below(3) > 0 ? "true" : "false");
    if (layout == 7)
        buf_add_text(line, ",\"reason\":{\"a\":[1,{\"b\":null}],\"c\":\"\\u00e9\"}");
    buf_add_char(line, '}');
}

/* A few bytes of a line changed. */
static void spoil(struct buf *line, struct buf *result)
{
    const size_t at = random_below((unsigned)line->n);
    buf_add(result, line->p, at);
    switch (random_below(4)) {
    case 0: /* a byte less */
        buf_add(result, line->p + at + 1, line->n - at - 1);
        break;
    case 1: /* something more */
        buf_add_text(result, pieces[random_below(COUNT(pieces))]);
        buf_add(result, line->p + at, line->n - at);
        break;
    case 2: /* another byte */
        buf_add_char(result, (char)random_below(256));
        buf_add(result, line->p + at + 1, line->n - at - 1);
        break;
    default: /* cut off */
        break;
    }
}

static void test_paths(void)
{
    static char file[] = "/tmp/test-scan.XXXXXX";
    struct buf lines, line, spoilt, want, got;
    buf_init(&lines, 1 << 28);
    buf_init(&line, 1 << 16);
    buf_init(&spoilt, 1 << 16);
    buf_init(&want, 1 << 28);
    buf_init(&got, 1 << 28);
    for (int i = 0; i < 40000; i++) {
        buf_reset(&line);
        buf_reset(&spoilt);
        make_line(&line);
        if (random_below(3) == 0)
            spoil(&line, &spoilt);
        buf_add_str(&lines, random_below(2) == 0 && spoilt.n > 0 ? buf_str(&spoilt) : buf_str(&line));
        buf_add_char(&lines, '\n');
    }
    const int fd = mkstemp(file);
    require(fd >= 0 && write(fd, lines.p, lines.n) == (ssize_t)lines.n && close(fd) == 0);
    read_all(&want, SCAN_PORTABLE, file);
    for (int path = SCAN_SSE2; path <= (int)scan_path_best(); path++) {
        buf_reset(&got);
        read_all(&got, path, file);
        check(want.n > 1000000 && str_equal(buf_str(&want), buf_str(&got)),
              "path %d reads 40 000 good and bad lines as the portable one does", path);
        check(by_shape > 10000, "path %d knew %d lines by their shape", path, by_shape);
        size_t same = 0;
        while (same < want.n && same < got.n && want.p[same] == got.p[same])
            same++;
        if (same < want.n || same < got.n) {
            while (same > 0 && want.p[same - 1] != '\n')
                same--;
            printf("# want %.400s\n# got %.400s\n", want.p + same, got.p + same);
        }
    }
    (void)unlink(file);
    buf_clear(&lines);
    buf_clear(&line);
    buf_clear(&spoilt);
    buf_clear(&want);
    buf_clear(&got);
}

/* A line whose quotes stand earlier than those of the shape it is tried against: nothing before the block may be read
 * (seen by ASan). The second lead has 45 bytes up to its key, and the line's seventh quote is its 17th byte. */
static void test_early_quote(void)
{
    static const char known[] = "{\"type\":\"t\",\"k\":1,                                           \"j\":2}";
    static const char early[] = "{\"type\":\"t\",\"k\":\"j\":2}\n\n\n\n";
    static struct record record;
    static struct layouts layouts;
    struct buf scratch;
    struct error error = {0};
    buf_init(&scratch, RECORD_LINE_MAX);
    record.scratch = &scratch;
    const int scanned = record_scan(&record, known, strlen(known), &error);
    layouts_learn(&layouts, &record);
    char *const block = calloc(1, sizeof early + LAYOUT_PADDING);
    uint32_t position[sizeof early + 8];
    require(block != NULL);
    memcpy(block, early, sizeof early);
    const size_t count = index_block(scan_path_best(), block, 0, sizeof early - 1, position);
    size_t length;
    check(scanned == 0 && layouts.layout[0].fields == 2 && count > layouts.layout[0].quotes &&
              !layouts_scan(&layouts, &record, block, 0, position, count, &length),
          "a line whose quotes come too early is left to the portable scanner");
    free(block);
    buf_clear(&scratch);
}

/* How a line's refusal reads, through record_scan. */
static const char *refusal(const char *line, size_t length)
{
    static struct record record;
    static struct error error;
    static struct buf scratch = {.maximum = RECORD_LINE_MAX + 64};
    record.scratch = &scratch;
    error_clear(&error);
    return record_scan(&record, line, length, &error) == 0 ? "accepted" : error.text;
}

static void refuses(const char *line, const char *message, const char *description)
{
    check_text(refusal(line, strlen(line)), message, description);
}

static void test_messages(void)
{
    refuses("{\"type\":\"bar\"", "not JSON: the line ends where ',' or '}' should be", "a line cut off");
    refuses("{\"type\":\"bar\"}x", "not JSON: 'x' where the end of the line should be, at byte 15",
            "text behind the record");
    refuses("[1]", "not JSON: '[' where '{' should be, at byte 1", "an array");
    refuses("", "an empty line", "an empty line");
    refuses("{\"a\":1}", "no field 'type'", "no type");
    refuses("{\"type\":\"x\",\"a\":NaN}", "not JSON: 'N' where a value should be, at byte 17", "fault-054 NaN");
    refuses("{\"type\":\"x\",\"a\":Infinity}", "not JSON: 'I' where a value should be, at byte 17",
            "fault-054 Infinity");
    refuses("{\"type\":\"x\",\"a\":01}", "not JSON: a number with a leading zero at byte 17", "a leading zero");
    refuses("\xef\xbb\xbf{\"type\":\"x\"}", "starts with a byte order mark", "fault-078 a byte order mark");
    refuses("{\"type\":\"x\",\"a\":\"\xc3\x28\"}", "not UTF-8 at byte 18", "fault-078 a broken UTF-8 sequence");
    refuses("{\"type\":\"x\",\"a\":\"\xed\xa0\x80\"}", "not UTF-8 at byte 18", "fault-078 a surrogate in UTF-8");
    refuses("{\"type\":\"x\",\"a\":\"\xc0\x80\"}", "not UTF-8 at byte 18", "fault-078 an overlong NUL");
    refuses("{\"type\":\"x\",\"a\":\"\\ud800\"}", "half of a surrogate pair at byte 18", "half of a surrogate pair");
    refuses("{\"type\":\"x\",\"a\":\"\\u0000\"}", "the escape \\u0000, a NUL at byte 18", "fault-079 \\u0000");
    check_text(refusal("{\"type\":\"x\",\"a\":\"\0\"}", 20), "a NUL byte at byte 18",
               "fault-079 a NUL byte in a string");
    check_text(refusal("{\"type\":\"x\"}\0", 13), "a NUL byte at byte 13", "fault-079 a NUL byte behind the record");
    refuses("{\"type\":\"x\",\"a\":1,\"a\":2}", "key 'a' twice, at byte 19", "fault-080 a key twice");
    refuses("{\"type\":\"x\",\"\xc3\xa9\":1,\"\\u00e9\":2}", "key '\\u00e9' twice, at byte 20",
            "fault-080 a key twice, once in an escape");
    refuses("{\"type\":\"x\",\"a\":{\"b\":[{\"c\":1,\"c\":2}]}}", "key 'c' twice, at byte 30",
            "fault-080 a key twice in a nested object");
    refuses("{\"type\":\"x\",\"a\":{\"b\":1},\"c\":{\"b\":1}}", "accepted", "the same key in two nested objects");
    refuses("{\"type\":\"x\",\"clos\\u0065\":1}", "key 'clos\\u0065' is written with unnecessary escapes",
            "a key that hides a field's name in escapes");
    refuses("{\"type\":\"\\u0062ar\"}", "field 'type' is not a word", "a type that hides in escapes");
}

static void test_limits(void)
{
    struct buf line;
    buf_init(&line, 4 * RECORD_LINE_MAX);
    for (int depth = 64; depth <= 100000; depth = depth == 64 ? 65 : depth + 99935) {
        buf_reset(&line);
        buf_add_text(&line, "{\"type\":\"x\",\"a\":");
        for (int i = 1; i < depth; i++)
            buf_add_char(&line, '[');
        for (int i = 1; i < depth; i++)
            buf_add_char(&line, ']');
        buf_add_char(&line, '}');
        check_text(refusal(line.p, line.n), depth == 64 ? "accepted" : "nested deeper than 64 at byte 80",
                   depth == 64   ? "depth 64"
                   : depth == 65 ? "fault-080 depth 65"
                                 : "fault-080 depth 100 000");
    }
    for (int fields = 256; fields <= 257; fields++) {
        buf_reset(&line);
        buf_add_text(&line, "{\"type\":\"x\"");
        for (int i = 1; i < fields; i++)
            buf_printf(&line, ",\"a%d\":%d", i, i);
        buf_add_char(&line, '}');
        check_text(refusal(line.p, line.n), fields == 256 ? "accepted" : "more than 256 fields", "256 fields, no more");
    }
    buf_reset(&line);
    buf_add_text(&line, "{\"type\":\"x\",\"a\":{");
    for (int i = 0; i < 20000; i++)
        buf_printf(&line, "%s\"key %d\":0", i == 0 ? "" : ",", i);
    const size_t whole = line.n;
    buf_add_text(&line, "}}");
    check_text(refusal(line.p, line.n), "accepted", "a nested object of 20 000 keys");
    line.n = whole;
    buf_add_text(&line, ",\"key 77\":1}}");
    char message[64];
    (void)snprintf(message, sizeof message, "key 'key 77' twice, at byte %zu", whole + 2);
    check_text(refusal(line.p, line.n), message, "fault-080 one of 20 000 keys twice");
    for (int more = 0; more <= 1; more++) {
        buf_reset(&line);
        buf_add_text(&line, "{\"type\":\"x\",\"a\":\"");
        while (line.n < RECORD_LINE_MAX - 2 + (size_t)more)
            buf_add_char(&line, 'a');
        buf_add_text(&line, "\"}");
        check_text(refusal(line.p, line.n), more == 0 ? "accepted" : "longer than 1048576 bytes",
                   "fault-077 1 MiB, no more");
    }
    buf_clear(&line);
}

static void show_lines(int path, const char *file)
{
    struct error error = {0};
    struct reader *reader = reader_open(file, NULL, NULL, &error);
    const struct record *record;
    require(reader != NULL);
    reader_path(reader, path);
    for (int got; (got = reader_next(reader, &record, &error)) != 0;) {
        if (got < 0) {
            printf("- %s\n", error.text);
            error_clear(&error);
            continue;
        }
        printf("+ {");
        for (int i = 0; i < record->fields; i++)
            printf("%s\"%.*s\":%.*s", i == 0 ? "" : ",", STR_ARG(record->field[i].key),
                   STR_ARG(record->field[i].value));
        printf("}\n");
    }
    reader_close(reader);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        show_lines((int)strtol(argv[1], NULL, 10), argv[2]);
        return 0;
    }
    test_paths();
    test_early_quote();
    test_messages();
    test_limits();
    return done();
}
