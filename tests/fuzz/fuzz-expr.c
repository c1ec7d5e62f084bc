/* Any text as an expression, any line as the record it is put to: the first line of the input is the one, what follows
 * the other. An expression with a parenthesis around it must give the same answer. */
#include "expr/expr.h"
#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char bar[] = "{\"type\":\"bar\",\"time\":\"2024-01-02T14:30:00Z\",\"symbol\":\"AAPL\",\"close\":185.64,"
                          "\"sma_50\":null,\"final\":true,\"note\":\"a \\\"b\\\"\",\"tags\":[1]}";

static struct expr *parse(const char *text, struct error *error)
{
    error_clear(error);
    struct expr *expr = expr_parse(text, error);
    require((expr == NULL) == error_is_set(error));
    require(expr != NULL || error->code == EXIT_USAGE);
    return expr;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct record record;
    struct buf scratch;
    struct error error;
    const uint8_t *newline = size == 0 ? NULL : memchr(data, '\n', size);
    const size_t length = newline == NULL ? size : (size_t)(newline - data);
    char *text = malloc(length + 3);
    if (text == NULL)
        return 0;
    memcpy(text + 1, data, length);
    text[0] = '(';
    text[length + 1] = '\0';
    struct expr *expr = parse(text + 1, &error);
    if (expr != NULL) {
        buf_init(&scratch, RECORD_LINE_MAX);
        record = (struct record){.scratch = &scratch};
        error_clear(&error);
        const char *line = newline == NULL ? bar : (const char *)newline + 1;
        const size_t line_length = newline == NULL ? sizeof bar - 1 : size - length - 1;
        if (record_scan(&record, line, line_length, &error) == 0) {
            const int answer = expr_test(expr, &record, &error);
            require((answer == -1) == error_is_set(&error));
            require(answer != -1 || error.code == EXIT_INPUT);
            text[length + 1] = ')';
            text[length + 2] = '\0';
            struct expr *again = parse(text, &error); /* NULL when the parenthesis passed a limit */
            error_clear(&error);
            require(again == NULL || expr_test(again, &record, &error) == answer);
            expr_free(again);
        }
        buf_clear(&scratch);
    }
    expr_free(expr);
    free(text);
    return 0;
}
