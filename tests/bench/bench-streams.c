/* How many messages of each feed a core decodes, and as a yardstick how long it takes to look at their bytes once. With
 * a file of frames ("TIME FRAME" a line), Binance's are read from there too. */
#include "stream/decoder.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t events;

static int on_event(void *context, const struct stream_event *event, struct error *error)
{
    (void)context, (void)error;
    events += event->kind <= STREAM_LEVELS;
    return 0;
}

static const struct {
    const char *feed, *symbol, *frame;
} frames[] = {
    {"binance", "BTC/USDT",
     "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":5123107839020,\"s\":\"BTCUSDT\",\"b\":"
     "\"61800.20\",\"B\":\"2.507\",\"a\":\"61800.30\",\"A\":\"2.510\",\"T\":1723161256313,\"E\":1723161256313}}"},
    {"alpaca", "AAPL",
     "[{\"T\":\"q\",\"S\":\"AAPL\",\"bx\":\"U\",\"bp\":87.66,\"bs\":1,\"ax\":\"Q\",\"ap\":87.68,\"as\":4,\"t\":"
     "\"2021-02-22T15:51:45.335689322Z\",\"c\":[\"R\"],\"z\":\"C\"}]"},
    {"massive", "MSFT",
     "[{\"ev\":\"T\",\"sym\":\"MSFT\",\"x\":4,\"i\":\"90817\",\"z\":3,\"p\":502.31,\"s\":40,\"ds\":\"40.0\",\"c\":[37],"
     "\"t\":"
     "1795530600512,\"q\":771204,\"pt\":1795530600509}]"},
    {"kraken", "BTC/USD",
     "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/"
     "USD\",\"side\":\"buy\",\"price\":45285.2,\"qty\":"
     "0.00100000,\"ord_type\":\"limit\",\"trade_id\":4665846,\"timestamp\":\"2023-09-25T07:48:36.925533Z\"}]}"},
    {"coinbase", "ETH/USD",
     "{\"channel\":\"market_trades\",\"client_id\":\"\",\"timestamp\":\"2023-02-09T20:19:35.39625135Z\",\"sequence_"
     "num\":0,"
     "\"events\":[{\"type\":\"update\",\"trades\":[{\"trade_id\":\"12\",\"product_id\":\"ETH-USD\",\"price\":\"1260."
     "02\","
     "\"size\":\"0.2\",\"side\":\"SELL\",\"time\":\"2019-08-14T20:42:28Z\"}]}]}"},
    {"tradier", "SPY",
     "{\"type\":\"timesale\",\"symbol\":\"SPY\",\"exch\":\"Q\",\"bid\":\"282.08\",\"ask\":\"282.09\",\"last\":\"282."
     "09\","
     "\"size\":\"100\",\"date\":\"1557758874355\",\"seq\":352342,\"flag\":\"\",\"cancel\":false,\"correction\":false,"
     "\"session\":\"normal\"}"},
};

static void report(const char *name, double seconds, uint64_t messages, size_t bytes)
{
    printf("%-22s %6.2f M messages/s  %5.0f ns each  %4.0f MB/s\n", name, (double)messages / seconds / 1e6,
           seconds / (double)messages * 1e9, (double)bytes / seconds / 1e6);
}

static double run(struct stream *stream, const struct str *frame, size_t count, int rounds)
{
    struct error error;
    const int64_t before = time_monotonic();
    for (int i = 0; i < rounds; i++)
        for (size_t j = 0; j < count; j++) {
            error_clear(&error);
            if (stream_frame(stream, false, frame[j], 1, &error) != 0) {
                (void)fprintf(stderr, "refused: %s\n", error.text);
                exit(1);
            }
        }
    return (double)(time_monotonic() - before) / 1e9;
}

static void begin(struct stream *stream, const char *feed, const char *symbol)
{
    struct error error;
    error_clear(&error);
    stream_init(stream, stream_feed_find(feed), feed);
    stream->take = on_event;
    stream->channels = 15;
    (void)stream_symbol(stream, symbol, &error);
}

/* Recorded frames, of which several come after each other as they did. */
static void recorded(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0, count = 0, bytes = 0;
    static struct str frame[10000];
    struct stream stream;
    ssize_t n;
    if (file == NULL)
        return;
    while (count < 10000 && (n = getline(&line, &size, file)) > 0) {
        const char *space = strchr(line, ' ');
        if (space == NULL || space[1] != '{')
            continue;
        frame[count].n = strcspn(space + 1, "\n");
        frame[count].p = strndup(space + 1, frame[count].n);
        bytes += frame[count++].n;
    }
    (void)fclose(file);
    free(line);
    begin(&stream, "binance", "BTC/USDT");
    (void)run(&stream, frame, count, 1);
    report("binance, recorded", run(&stream, frame, count, 200), 200 * count, 200 * bytes);
    stream_clear(&stream);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct stream stream;
        const struct str frame = str_of(frames[i].frame);
        begin(&stream, frames[i].feed, frames[i].symbol);
        (void)run(&stream, &frame, 1, 10000);
        report(frames[i].feed, run(&stream, &frame, 1, 500000), 500000, 500000 * frame.n);
        stream_clear(&stream);
    }
    if (argc > 1)
        recorded(argv[1]);
    volatile unsigned sum = 0; /* the yardstick */
    const struct str frame = str_of(frames[0].frame);
    const int64_t before = time_monotonic();
    for (int i = 0; i < 500000; i++)
        for (size_t j = 0; j < frame.n; j++)
            sum += (unsigned char)frame.p[j];
    report("bytes looked at", (double)(time_monotonic() - before) / 1e9, 500000, 500000 * frame.n);
    return events == 0;
}
