/* mean.py as a program in C, for daily bars as tn-quote writes them: long while the close is above its mean of N
 * closes, flat otherwise; the stop is as far below as the mean is. Every record goes on; behind a bar comes its signal.
 *
 *     cc -O2 -o mean mean.c
 *     tn-quote bars -s sim AAPL -n 1000 | ./mean 20 | tn-backtest run --signals | tn-report summary */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_MAX 1000
#define N_MAX       1000
#define TEXT_SIZE   64

struct symbol {
    char name[TEXT_SIZE];
    double close[N_MAX];
    int count;
    char side[8], decided[TEXT_SIZE]; /* "" before the first decision */
    bool initial;
};

/* The value of a key: what stands between the quotes, or the number. "" when it is not there or too long. */
static const char *value_of(const char *line, const char *key, char out[TEXT_SIZE])
{
    char pattern[TEXT_SIZE];
    out[0] = '\0';
    snprintf(pattern, sizeof pattern, "\"%s\":", key);
    const char *at = strstr(line, pattern);
    if (at == NULL)
        return out;
    at += strlen(pattern);
    const bool quoted = *at == '"';
    at += quoted;
    const size_t length = strcspn(at, quoted ? "\"" : ",}");
    if (length < TEXT_SIZE)
        snprintf(out, TEXT_SIZE, "%.*s", (int)length, at);
    return out;
}

static struct symbol *find(const char *name)
{
    static struct symbol list[SYMBOLS_MAX];
    for (int i = 0; i < SYMBOLS_MAX; i++) {
        if (list[i].name[0] == '\0')
            snprintf(list[i].name, TEXT_SIZE, "%s", name);
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    fprintf(stderr, "mean: more than %d symbols\n", SYMBOLS_MAX);
    exit(1);
}

static void judge(const char *line, int n)
{
    char name[TEXT_SIZE], price[TEXT_SIZE], time[TEXT_SIZE], interval[TEXT_SIZE], stop[TEXT_SIZE] = "";
    struct symbol *symbol = find(value_of(line, "symbol", name));
    const double close = strtod(value_of(line, "close", price), NULL);
    if (value_of(line, "end", time)[0] == '\0') {
        fprintf(stderr, "mean: a bar without its end: daily bars are needed\n");
        exit(1);
    }
    symbol->close[symbol->count++ % n] = close;
    if (symbol->count < n)
        return;
    double mean = 0;
    for (int i = symbol->count; i < symbol->count + n; i++)
        mean += symbol->close[i % n];
    mean /= n;
    const char *side = close > mean ? "long" : "flat";
    if (strcmp(symbol->side, side) != 0) {
        symbol->initial = symbol->side[0] == '\0';
        snprintf(symbol->side, sizeof symbol->side, "%s", side);
        memcpy(symbol->decided, time, sizeof time);
    }
    if (close > mean)
        snprintf(stop, sizeof stop, ",\"stop\":%.2f", 2 * mean - close);
    printf("{\"type\":\"signal\",\"time\":\"%s\",\"symbol\":\"%s\",\"id\":\"%s.%s.%s\",\"strategy\":\"mean:n=%d\","
           "\"side\":\"%s\",\"decided\":\"%s\",\"interval\":\"%s\",\"initial\":%s,\"price\":%s%s,"
           "\"reason\":{\"mean\":%.10g}}\n",
           time, name, name, side, symbol->decided, n, side, symbol->decided, value_of(line, "interval", interval),
           symbol->initial ? "true" : "false", price, stop, mean);
}

int main(int argc, char **argv)
{
    const long given = argc > 1 ? strtol(argv[1], NULL, 10) : 20;
    char *line = NULL, name[TEXT_SIZE], kind[TEXT_SIZE];
    size_t size = 0;
    if (given < 1 || given > N_MAX) {
        fprintf(stderr, "usage: mean [N], 1 to %d\n", N_MAX);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* in a live session somebody waits for each line */
    while (getline(&line, &size, stdin) > 0) {
        fputs(line, stdout);
        if (strncmp(line, "{\"type\":\"bar\",", 14) == 0 && strstr(line, "\"final\":false") == NULL)
            judge(line, (int)given);
        else if (strncmp(line, "{\"type\":\"action\",", 17) == 0 && strcmp(value_of(line, "kind", kind), "split") == 0)
            find(value_of(line, "symbol", name))->count = 0; /* prices before it say nothing about those after it */
    }
    free(line);
    return ferror(stdin) != 0 || fflush(stdout) != 0 || ferror(stdout) != 0;
}
