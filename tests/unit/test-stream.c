/* Frames of live feeds into records: values by hand from the providers' documents (the frames too), mistakes refused.
 *
 * test-stream decode FEED CHANNELS SYMBOL… reads frames, one a line ("hex:…" for a binary one), and writes what comes
 * of them, for comparison with somebody else's reading (tests/cli/stream-decoders.t). */
#include "stream/decoder.h"
#include "stream/line.h"

#include "record/record.h"

#include "tap.h"

#include <stdlib.h>

static struct buf seen;

static int on_event(void *context, const struct stream_event *event, struct error *error)
{
    static const char *const kind[] = {"trade",   "quote",   "bar",     "book",  "news", "say",  "ready",
                                       "confirm", "refused", "missing", "leave", "stop", "pulse"};
    const struct stream *stream = context;
    (void)error;
    if (stream_line_add(&seen, stream, event) != RECORD_UNKNOWN)
        return 0;
    if (event->kind == STREAM_PULSE)
        return 0;
    buf_printf(&seen, "%s%s%s %d " STR_FMT "\n", kind[event->kind], event->symbol == STREAM_NO_SYMBOL ? "" : " ",
               event->symbol == STREAM_NO_SYMBOL ? "" : stream->symbol[event->symbol].name, (int)event->channel,
               STR_ARG(event->text));
    return 0;
}

#define RECEIVED (INT64_C(1795530601) * TIME_SECOND) /* 2026-11-24T14:30:01Z */

static void begin(struct stream *stream, const char *feed, unsigned channels, struct secrets *secrets)
{
    struct error error;
    error_clear(&error);
    stream_init(stream, stream_feed_find(feed), feed);
    stream->channels = channels;
    stream->take = on_event;
    stream->context = stream;
    secrets_init(secrets);
    (void)secrets_add(secrets, "key", STR("K\"1"), &error);
    (void)secrets_add(secrets, "secret", STR("S"), &error);
    (void)secrets_add(secrets, "token", STR("a b"), &error);
    stream->secrets = secrets;
}

static void end(struct stream *stream, struct secrets *secrets)
{
    stream_clear(stream);
    secrets_clear(secrets);
}

static const struct frame {
    const char *feed;
    unsigned channels;
    const char *symbol;
    const char *frame;
    const char *text;  /* what comes of it */
    const char *error; /* part of the message, NULL: none */
} frames[] = {
    /* Binance, binance-spot-api-docs web-socket-streams.md: the example of a trade, in its envelope */
    {"binance", 15, "BNB/BTC",
     "{\"stream\":\"bnbbtc@trade\",\"data\":{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"t\":12345,"
     "\"p\":\"0.00100000\",\"q\":\"100\",\"T\":1672515782136,\"m\":true,\"M\":true}}",
     "{\"type\":\"trade\",\"time\":\"2022-12-31T19:43:02.136Z\",\"symbol\":\"BNB/"
     "BTC\",\"price\":0.001,\"quantity\":100,"
     "\"side\":\"sell\",\"source\":\"binance\",\"id\":\"12345\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"binance", 15, "BNBUSDT",
     "{\"stream\":\"bnbusdt@bookTicker\",\"data\":{\"u\":400900217,\"s\":\"BNBUSDT\",\"b\":\"25.35190000\",\"B\":"
     "\"31.21000000\",\"a\":\"25.36520000\",\"A\":\"40.66000000\"}}",
     "{\"type\":\"quote\",\"time\":\"2026-11-24T14:30:01Z\",\"symbol\":\"BNBUSDT\",\"bid\":25.3519,\"bid_size\":31.21,"
     "\"ask\":25.3652,\"ask_size\":40.66,\"source\":\"binance\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"binance", 15, "BNB/BTC",
     "{\"stream\":\"bnbbtc@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1672515782136,\"s\":\"BNBBTC\",\"U\":157,"
     "\"u\":160,\"b\":[[\"0.0024\",\"10\"]],\"a\":[[\"0.0026\",\"100\"],[\"0.0027\",\"0\"]]}}",
     "{\"type\":\"book\",\"time\":\"2022-12-31T19:43:02.136Z\",\"symbol\":\"BNB/BTC\",\"bids\":[[0.0024,10]],\"asks\":"
     "[[0.0026,100],[0.0027,0]],\"snapshot\":false,\"source\":\"binance\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"binance", 15, "BTCUSDT", "{\"result\":null,\"id\":1}", "", NULL},
    {"binance", 15, "BTCUSDT", "{\"error\":{\"code\":2,\"msg\":\"Invalid request: unknown variant\"},\"id\":1}",
     "refused 0 {\"code\":2,\"msg\":\"Invalid request: unknown variant\"}\n", NULL},
    {"binance", 15, "BTCUSDT", "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}",
     "leave 0 the server is about to close\n", NULL},
    {"binance", 1, "A",
     "{\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\",\"E\":1,\"s\":\"A\",\"t\":1,\"p\":\"NaN\",\"q\":\"1\",\"T\":1}"
     "}",
     "", "field 'p'"},
    {"binance", 1, "A",
     "{\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\",\"E\":1,\"s\":\"A\",\"t\":1,\"p\":\"-1\",\"q\":\"1\",\"T\":1}}",
     "", "field 'p'"},
    {"binance", 1, "A",
     "{\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\",\"E\":1,\"s\":\"A\",\"t\":1,\"p\":\"1\",\"p\":\"2\",\"q\":"
     "\"1\","
     "\"T\":1}}",
     "", "duplicate member"},
    {"binance", 1, "A", "{\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\",\"E\":1", "", "no comma"},
    {"binance", 1, "A", "", "", "no object"},
    {"binance", 8, "A",
     "{\"stream\":\"a@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"A\",\"U\":-7,\"u\":-5,\"b\":[],\"a\":[]}"
     "}",
     "", "field 'U or u'"}, /* a change without a number would be taken whatever is missing */
    {"binance", 8, "A",
     "{\"stream\":\"a@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"A\",\"U\":9,\"u\":5,\"b\":[],\"a\":[]}}",
     "", "field 'U or u'"},
    /* news written over several lines is one record of one line */
    {"alpaca", 16, "AAPL",
     "[{\"T\":\"n\",\"id\":1,\"headline\":\"h\",\"created_at\":\"2022-01-05T22:00:37Z\",\"symbols\":[\n\"AAPL\","
     "\n\"X\"\n]}]",
     "{\"type\":\"news\",\"time\":\"2022-01-05T22:00:37Z\",\"id\":\"1\",\"source\":\"alpaca\",\"published\":\"2022-01-"
     "05T22:00:37Z\","
     "\"first_seen\":\"2026-11-24T14:30:01Z\",\"headline\":\"h\",\"symbols\":[\"AAPL\",\"X\"]}\n",
     NULL},
    {"alpaca", 16, "AAPL",
     "[{\"T\":\"n\",\"id\":1,\"headline\":\"h\",\"created_at\":\"2022-01-05T22:00:37Z\",\"symbols\":[{}]}]", "",
     "symbols"},
    {"binance", 1, "A", "{\"stream\":\"a@trade\",\"data\":{}}x", "", "trailing bytes"},
    /* Alpaca, docs.alpaca.markets real-time-stock-pricing-data: the examples there */
    {"alpaca", 31, "AAPL", "[{\"T\":\"success\",\"msg\":\"connected\"}]",
     "say 0 {\"action\":\"auth\",\"key\":\"K\\\"1\",\"secret\":\"S\"}\n", NULL},
    {"alpaca", 31, "AAPL", "[{\"T\":\"success\",\"msg\":\"authenticated\"}]", "ready 0 \n", NULL},
    {"alpaca", 31, "AAPL", "[{\"T\":\"error\",\"code\":402,\"msg\":\"auth failed\"}]", "stop 0 auth failed\n", NULL},
    {"alpaca", 31, "AAPL", "[{\"T\":\"error\",\"code\":406,\"msg\":\"connection limit exceeded\"}]",
     "leave 0 connection limit exceeded\n", NULL},
    {"alpaca", 1, "AAPL",
     "[{\"T\":\"subscription\",\"trades\":[\"AAPL\"],\"quotes\":[],\"bars\":[],\"corrections\":[\"AAPL\"]}]",
     "confirm AAPL 1 \n", NULL},
    {"alpaca", 31, "AAPL",
     "[{\"T\":\"t\",\"i\":96921,\"S\":\"AAPL\",\"x\":\"D\",\"p\":126.55,\"s\":1,\"t\":\"2021-02-22T15:51:44.208Z\","
     "\"c\":"
     "[\"@\",\"I\"],\"z\":\"C\"}]",
     "{\"type\":\"trade\",\"time\":\"2021-02-22T15:51:44.208Z\",\"symbol\":\"AAPL\",\"price\":126.55,\"quantity\":1,"
     "\"conditions\":\"@ "
     "I\",\"effect\":\"volume\",\"source\":\"alpaca\",\"id\":\"96921\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    /* the closing auction at Arca lists SPY there; Cboe's own close is none, Arca's is the official one */
    {"alpaca", 1, "SPY",
     "[{\"T\":\"t\",\"S\":\"SPY\",\"i\":1,\"x\":\"P\",\"p\":500,\"s\":9,\"t\":\"2026-11-24T21:00:01Z\",\"c\":[\" \","
     "\"6\"],\"z\":\"B\"},{\"T\":\"t\",\"S\":\"SPY\",\"i\":2,\"x\":\"Z\",\"p\":501,\"s\":1,\"t\":\"2026-11-24T21:00:"
     "02Z\","
     "\"c\":[\"M\"],\"z\":\"B\"},{\"T\":\"t\",\"S\":\"SPY\",\"i\":3,\"x\":\"P\",\"p\":500,\"s\":9,\"t\":"
     "\"2026-11-24T21:00:03Z\",\"c\":[\"M\"],\"z\":\"B\"}]",
     "{\"type\":\"trade\",\"time\":\"2026-11-24T21:00:01Z\",\"symbol\":\"SPY\",\"price\":500,\"quantity\":9,"
     "\"conditions\":\"  6\",\"effect\":\"auction\",\"source\":\"alpaca\",\"id\":\"1\",\"received\":"
     "\"2026-11-24T14:30:01Z\"}\n{\"type\":\"trade\",\"time\":\"2026-11-24T21:00:02Z\",\"symbol\":\"SPY\",\"price\":"
     "501,"
     "\"quantity\":1,\"conditions\":\"M\",\"effect\":\"nothing\",\"source\":\"alpaca\",\"id\":\"2\",\"received\":"
     "\"2026-11-24T14:30:01Z\"}\n{\"type\":\"trade\",\"time\":\"2026-11-24T21:00:03Z\",\"symbol\":\"SPY\",\"price\":"
     "500,"
     "\"quantity\":9,\"conditions\":\"M\",\"effect\":\"close\",\"source\":\"alpaca\",\"id\":\"3\",\"received\":"
     "\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 31, "AMD",
     "[{\"T\":\"q\",\"S\":\"AMD\",\"bx\":\"U\",\"bp\":87.66,\"bs\":1,\"ax\":\"Q\",\"ap\":87.68,\"as\":4,\"t\":"
     "\"2021-02-22T15:51:45.335689322Z\",\"c\":[\"R\"],\"z\":\"C\"}]",
     "{\"type\":\"quote\",\"time\":\"2021-02-22T15:51:45.335689322Z\",\"symbol\":\"AMD\",\"bid\":87.66,\"bid_size\":1,"
     "\"ask\":87.68,\"ask_size\":4,\"source\":\"alpaca\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 31, "SPY",
     "[{\"T\":\"b\",\"S\":\"SPY\",\"o\":388.985,\"h\":389.13,\"l\":388.975,\"c\":389.12,\"v\":49378,\"n\":461,\"vw\":"
     "389.062639,\"t\":\"2021-02-22T19:15:00Z\"}]",
     "{\"type\":\"bar\",\"time\":\"2021-02-22T19:15:00Z\",\"symbol\":\"SPY\",\"interval\":\"1m\",\"open\":388.985,"
     "\"high\":"
     "389.13,\"low\":388.975,\"close\":389.12,\"volume\":49378,\"vwap\":389.062639,\"trades\":461,\"source\":"
     "\"alpaca\"}\n",
     NULL},
    {"alpaca", 31, "EEM",
     "[{\"T\":\"c\",\"S\":\"EEM\",\"x\":\"M\",\"oi\":52983525033527,\"op\":39.1582,\"os\":440000,\"oc\":[\" \"],\"ci\":"
     "52983525034326,\"cp\":39.1809,\"cs\":440000,\"cc\":[\" "
     "\"],\"z\":\"B\",\"t\":\"2023-04-06T14:25:06.542305024Z\"}]",
     "{\"type\":\"trade\",\"time\":\"2023-04-06T14:25:06.542305024Z\",\"symbol\":\"EEM\",\"price\":39.1582,"
     "\"quantity\":"
     "440000,\"source\":\"alpaca\",\"id\":\"52983525033527\",\"canceled\":true,\"received\":\"2026-11-24T14:30:01Z\"}\n"
     "{\"type\":\"trade\",\"time\":\"2023-04-06T14:25:06.542305024Z\",\"symbol\":\"EEM\",\"price\":39.1809,"
     "\"quantity\":"
     "440000,\"conditions\":\" "
     "\",\"source\":\"alpaca\",\"id\":\"52983525034326\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 31, "GOOGL",
     "[{\"T\":\"x\",\"S\":\"GOOGL\",\"i\":465,\"x\":\"D\",\"p\":105.31,\"s\":300,\"a\":\"C\",\"z\":\"C\",\"t\":"
     "\"2023-04-06T13:15:42.83540958Z\"}]",
     "{\"type\":\"trade\",\"time\":\"2023-04-06T13:15:42.83540958Z\",\"symbol\":\"GOOGL\",\"price\":105.31,"
     "\"quantity\":300,"
     "\"source\":\"alpaca\",\"id\":\"465\",\"canceled\":true,\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 31, "AAPL",
     "[{\"T\":\"n\",\"id\":24918784,\"headline\":\"Corsair "
     "\\\"Reports\\\"\",\"summary\":\"\",\"author\":\"B\",\"created_at\":"
     "\"2022-01-05T22:00:37Z\",\"updated_at\":\"2022-01-05T22:00:38Z\",\"url\":\"https://x/"
     "\",\"content\":\"\",\"symbols\":"
     "[\"CRSR\"],\"source\":\"benzinga\"}]",
     "{\"type\":\"news\",\"time\":\"2022-01-05T22:00:38Z\",\"id\":\"24918784\",\"source\":\"alpaca\",\"published\":"
     "\"2022-01-05T22:00:37Z\",\"first_seen\":\"2026-11-24T14:30:01Z\",\"headline\":\"Corsair "
     "\\\"Reports\\\"\",\"url\":"
     "\"https://x/\",\"symbols\":[\"CRSR\"]}\n",
     NULL},
    {"alpaca", 31, "BTC/USD",
     "[{\"T\":\"o\",\"S\":\"BTC/"
     "USD\",\"t\":\"2022-02-22T18:00:00Z\",\"b\":[{\"p\":38000.5,\"s\":0.25}],\"a\":[],\"r\":true}]",
     "{\"type\":\"book\",\"time\":\"2022-02-22T18:00:00Z\",\"symbol\":\"BTC/"
     "USD\",\"bids\":[[38000.5,0.25]],\"asks\":[],"
     "\"snapshot\":true,\"source\":\"alpaca\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 1, "A",
     "[{\"S\":\"A\",\"T\":\"t\",\"i\":1,\"p\":1,\"s\":2,\"t\":\"2021-02-22T15:51:44Z\"}] "
     "[{\"T\":\"t\",\"S\":\"B\"},{\"T\":\"new\"}]",
     "{\"type\":\"trade\",\"time\":\"2021-02-22T15:51:44Z\",\"symbol\":\"A\",\"price\":1,\"quantity\":2,\"source\":"
     "\"alpaca\",\"id\":\"1\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"alpaca", 1, "A", "[{\"T\":\"t\",\"S\":\"A\",\"i\":1,\"p\":null,\"s\":2,\"t\":\"2021-02-22T15:51:44Z\"}]", "",
     "field 'p'"},
    {"alpaca", 1, "A", "[{\"T\":\"t\",\"S\":\"A\",\"i\":1,\"p\":1e999,\"s\":2,\"t\":\"2021-02-22T15:51:44Z\"}]", "",
     "field 'p'"},
    {"alpaca", 1, "A", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "", "no object"},
    /* Massive, the two examples of protocols/massive-polygon.md §4, and statuses */
    {"massive", 7, "MSFT", "[{\"ev\":\"status\",\"status\":\"connected\",\"message\":\"Connected Successfully\"}]",
     "say 0 {\"action\":\"auth\",\"params\":\"K\\\"1\"}\n", NULL},
    {"massive", 7, "MSFT",
     "[{\"ev\":\"status\",\"status\":\"auth_success\",\"message\":\"authenticated\"},{\"ev\":\"status\",\"status\":"
     "\"success\",\"message\":\"subscribed to: T.MSFT\"},{\"ev\":\"status\",\"status\":\"error\",\"message\":"
     "\"not authorized to subscribe to: Q.MSFT\"}]",
     "ready 0 \nconfirm MSFT 1 \nrefused MSFT 2 not authorized to subscribe to: Q.MSFT\n", NULL},
    {"massive", 7, "MSFT", "[{\"ev\":\"status\",\"status\":\"auth_failed\",\"message\":\"bad key\"}]",
     "stop 0 bad key\n", NULL},
    {"massive", 7, "MSFT", "[{\"ev\":\"status\",\"status\":\"max_connections\",\"message\":\"Maximum number\"}]",
     "leave 0 another program uses the same key\n", NULL},
    {"massive", 7, "ESZ6",
     "[{\"ev\":\"AM\",\"sym\":\"ESZ6\",\"v\":812,\"dv\":271856000.5,\"o\":6695.25,\"c\":6696.0,\"h\":6697.5,\"l\":6694."
     "75,"
     "\"n\":301,\"s\":1795530600000,\"e\":1795530660000}]",
     "{\"type\":\"bar\",\"time\":\"2026-11-24T14:30:00Z\",\"symbol\":\"ESZ6\",\"interval\":\"1m\",\"open\":6695.25,"
     "\"high\":"
     "6697.5,\"low\":6694.75,\"close\":6696,\"volume\":812,\"trades\":301,\"source\":\"massive\"}\n",
     NULL},
    {"massive", 7, "MSFT",
     "[{\"ev\":\"T\",\"sym\":\"MSFT\",\"x\":4,\"i\":\"90817\",\"z\":3,\"p\":502.31,\"s\":40,\"ds\":\"40.5\",\"c\":[37,"
     "12],"
     "\"t\":1795530600512,\"q\":771204,\"pt\":1795530600509}]",
     "{\"type\":\"trade\",\"time\":\"2026-11-24T14:30:00.512Z\",\"symbol\":\"MSFT\",\"price\":502.31,\"quantity\":40.5,"
     "\"conditions\":\"37 "
     "12\",\"effect\":\"volume\",\"source\":\"massive\",\"id\":\"90817\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"massive", 7, "MSFT",
     "[{\"ev\":\"Q\",\"sym\":\"MSFT\",\"bx\":4,\"bp\":502.3,\"bs\":100,\"ax\":7,\"as\":160,\"c\":0,\"t\":1795530600512,"
     "\"q\":1,\"z\":3}]",
     "{\"type\":\"quote\",\"time\":\"2026-11-24T14:30:00.512Z\",\"symbol\":\"MSFT\",\"bid\":502.3,\"bid_size\":100,"
     "\"ask_size\":160,\"source\":\"massive\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"massive", 7, "BTC/USD",
     "[{\"ev\":\"XT\",\"pair\":\"BTC-USD\",\"p\":33021.9,\"t\":1610462411115,\"s\":0.01616617,\"c\":[2],\"i\":14272084,"
     "\"x\":"
     "3,\"r\":1610462411128}]",
     "{\"type\":\"trade\",\"time\":\"2021-01-12T14:40:11.115Z\",\"symbol\":\"BTC/USD\",\"price\":33021.9,\"quantity\":"
     "0.01616617,\"conditions\":\"2\",\"source\":\"massive\",\"id\":\"14272084\",\"received\":\"2026-11-24T14:30:01Z\"}"
     "\n",
     NULL},
    {"massive", 7, "A", "[{\"ev\":\"T\",\"sym\":\"A\",\"p\":\"\",\"s\":1,\"t\":1}]", "", "field 'p'"},
    /* times that no int64 of ns holds: 9,999,999,999,999 ms and µs of 16 digits (it ends at 9,223,372,036,854 ms) */
    {"massive", 7, "A", "[{\"ev\":\"T\",\"sym\":\"A\",\"p\":1,\"s\":1,\"t\":9999999999999}]", "", "field 't'"},
    {"massive", 7, "A", "[{\"ev\":\"T\",\"sym\":\"A\",\"p\":1,\"s\":1,\"t\":9999999999999999}]", "", "field 't'"},
    /* Kraken, docs.kraken.com websocket-v2 trade, book (its checksum is tested with the book) and ticker */
    {"kraken", 15, "MATIC/USD",
     "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\",\"side\":\"buy\",\"price\":0.5147,"
     "\"qty\":6423.46326,\"ord_type\":\"limit\",\"trade_id\":4665846,\"timestamp\":\"2023-09-25T07:48:36.925533Z\"}]}",
     "{\"type\":\"trade\",\"time\":\"2023-09-25T07:48:36.925533Z\",\"symbol\":\"MATIC/"
     "USD\",\"price\":0.5147,\"quantity\":"
     "6423.46326,\"side\":\"buy\",\"source\":\"kraken\",\"id\":\"4665846\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"kraken", 15, "BTC/USD", "{\"channel\":\"heartbeat\"}", "", NULL},
    {"kraken", 15, "BTC/USD",
     "{\"method\":\"subscribe\",\"result\":{\"channel\":\"book\",\"depth\":10,\"snapshot\":true,\"symbol\":\"BTC/"
     "USD\"},"
     "\"success\":true,\"time_in\":\"x\",\"time_out\":\"y\"}",
     "confirm BTC/USD 8 \n", NULL},
    {"kraken", 15, "FOO/BAR",
     "{\"error\":\"Currency pair not supported "
     "FOO/BAR\",\"method\":\"subscribe\",\"success\":false,\"symbol\":\"FOO/BAR\"}",
     "refused FOO/BAR 0 Currency pair not supported FOO/BAR\n", NULL},
    {"kraken", 15, "ALGO/USD",
     "{\"channel\":\"ticker\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"ALGO/"
     "USD\",\"bid\":0.10025,\"bid_qty\":740.0,"
     "\"ask\":0.10036,\"ask_qty\":1361.44813783,\"last\":0.10035,\"timestamp\":\"2023-09-25T09:04:31.742648Z\"}]}",
     "{\"type\":\"quote\",\"time\":\"2023-09-25T09:04:31.742648Z\",\"symbol\":\"ALGO/"
     "USD\",\"bid\":0.10025,\"bid_size\":740,"
     "\"ask\":0.10036,\"ask_size\":1361.44813783,\"source\":\"kraken\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"kraken", 15, "MATIC/USD",
     "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/"
     "USD\",\"bids\":[{\"price\":0.5657,\"qty\":"
     "1098.3947558}],\"asks\":[],\"checksum\":2114181697,\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}",
     "{\"type\":\"book\",\"time\":\"2023-10-06T17:35:55.440295Z\",\"symbol\":\"MATIC/"
     "USD\",\"bids\":[[0.5657,1098.3947558]],"
     "\"asks\":[],\"snapshot\":false,\"source\":\"kraken\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"kraken", 8, "PEPE/USD",
     "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"PEPE/"
     "USD\",\"bids\":[{\"price\":0.000012344,\"qty\":1.0},"
     "{\"price\":0.000012343,\"qty\":2.0}],\"asks\":[],\"checksum\":1}]}",
     "", "more than 8 decimals"}, /* rounded they would be one level */
    {"kraken", 1, "A",
     "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"A\",\"price\":1,\"qty\":0}]}", "", "field"},
    /* Coinbase, docs.cdp.coinbase.com advanced-trade websocket channels; BUY is the maker's side */
    {"coinbase", 15, "BTC/USD",
     "{\"channel\":\"subscriptions\",\"sequence_num\":0,\"events\":[{\"subscriptions\":{\"market_trades\":[\"BTC-USD\"]"
     "}}]}",
     "confirm BTC/USD 1 \n", NULL},
    {"coinbase", 15, "ETH/USD",
     "{\"channel\":\"market_trades\",\"client_id\":\"\",\"timestamp\":\"2023-02-09T20:19:35.39625135Z\",\"sequence_"
     "num\":0,"
     "\"events\":[{\"type\":\"update\",\"trades\":[{\"trade_id\":\"12\",\"product_id\":\"ETH-USD\",\"price\":\"1260."
     "02\","
     "\"size\":\"0.2\",\"side\":\"SELL\",\"time\":\"2019-08-14T20:42:28Z\"},{\"trade_id\":\"11\",\"product_id\":\"ETH-"
     "USD\","
     "\"price\":\"1260.01\",\"size\":\"0.3\",\"side\":\"BUY\",\"time\":\"2019-08-14T20:42:27.265Z\"}]}]}",
     "{\"type\":\"trade\",\"time\":\"2019-08-14T20:42:27.265Z\",\"symbol\":\"ETH/"
     "USD\",\"price\":1260.01,\"quantity\":0.3,"
     "\"side\":\"sell\",\"source\":\"coinbase\",\"id\":\"11\",\"received\":\"2026-11-24T14:30:01Z\"}\n"
     "{\"type\":\"trade\",\"time\":\"2019-08-14T20:42:28Z\",\"symbol\":\"ETH/USD\",\"price\":1260.02,\"quantity\":0.2,"
     "\"side\":\"buy\",\"source\":\"coinbase\",\"id\":\"12\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"coinbase", 15, "BTC/USD",
     "{\"channel\":\"l2_data\",\"client_id\":\"\",\"timestamp\":\"2023-02-09T20:32:50.714964855Z\",\"sequence_num\":0,"
     "\"events\":[{\"type\":\"snapshot\",\"product_id\":\"BTC-USD\",\"updates\":[{\"side\":\"bid\",\"event_time\":"
     "\"1970-01-01T00:00:00Z\",\"price_level\":\"21921.73\",\"new_quantity\":\"0.06317902\"},{\"side\":\"offer\","
     "\"event_time\":\"1970-01-01T00:00:00Z\",\"price_level\":\"21921.9\",\"new_quantity\":\"0.01\"},{\"side\":\"bid\","
     "\"event_time\":\"1970-01-01T00:00:00Z\",\"price_level\":\"21921.3\",\"new_quantity\":\"0.02\"}]}]}",
     "{\"type\":\"book\",\"time\":\"2023-02-09T20:32:50.714964855Z\",\"symbol\":\"BTC/"
     "USD\",\"bids\":[[21921.73,0.06317902],"
     "[21921.3,0.02]],\"asks\":[[21921.9,0.01]],\"snapshot\":true,\"source\":\"coinbase\",\"received\":"
     "\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"coinbase", 15, "BTC/USD",
     "{\"channel\":\"ticker\",\"timestamp\":\"2023-02-09T20:30:37.167359596Z\",\"sequence_num\":0,\"events\":[{"
     "\"type\":"
     "\"update\",\"tickers\":[{\"type\":\"ticker\",\"product_id\":\"BTC-USD\",\"price\":\"21932.98\",\"best_bid\":"
     "\"21931.98\",\"best_bid_quantity\":\"8000.21\",\"best_ask\":\"21933.98\",\"best_ask_quantity\":\"8038.07\"}]}]}",
     "{\"type\":\"quote\",\"time\":\"2023-02-09T20:30:37.167359596Z\",\"symbol\":\"BTC/"
     "USD\",\"bid\":21931.98,\"bid_size\":"
     "8000.21,\"ask\":21933.98,\"ask_size\":8038.07,\"source\":\"coinbase\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"coinbase", 15, "BTC/USD", "{\"type\":\"error\",\"message\":\"no such channel\"}", "refused 0 no such channel\n",
     NULL},
    /* Tradier, documentation.tradier.com markets/events: figures are text or numbers */
    {"tradier", 3, "SPY",
     "{\"type\":\"timesale\",\"symbol\":\"SPY\",\"exch\":\"Q\",\"bid\":\"282.08\",\"ask\":\"282.09\",\"last\":\"282."
     "09\","
     "\"size\":\"100\",\"date\":\"1557758874355\",\"seq\":352342,\"flag\":\"\",\"cancel\":false,\"correction\":false,"
     "\"session\":\"normal\"}\n{\"type\":\"quote\",\"symbol\":\"SPY\",\"bid\":281.84,\"bidsz\":60,\"bidexch\":\"M\","
     "\"biddate\":\"1557757189000\",\"ask\":281.85,\"asksz\":6,\"askexch\":\"Z\",\"askdate\":\"1557757190000\"}\n",
     "{\"type\":\"trade\",\"time\":\"2019-05-13T14:47:54.355Z\",\"symbol\":\"SPY\",\"price\":282.09,\"quantity\":100,"
     "\"source\":\"tradier\",\"id\":\"352342\",\"received\":\"2026-11-24T14:30:01Z\"}\n"
     "{\"type\":\"quote\",\"time\":\"2019-05-13T14:19:50Z\",\"symbol\":\"SPY\",\"bid\":281.84,\"bid_size\":6000,"
     "\"ask\":"
     "281.85,\"ask_size\":600,\"source\":\"tradier\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
     NULL},
    {"tradier", 3, "SPY", "{\"error\":\"session not found\"}", "leave 0 session not found\n", NULL},
    {"tradier", 3, "SPY",
     "{\"type\":\"timesale\",\"symbol\":\"SPY\",\"last\":\"1\",\"size\":\"0\",\"date\":\"1557758874355\"}", "", NULL},
};

static void test_frames(void)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        const struct frame *frame = &frames[i];
        struct stream stream;
        struct secrets secrets;
        struct error error;
        error_clear(&error);
        buf_reset(&seen);
        begin(&stream, frame->feed, frame->channels, &secrets);
        (void)stream_symbol(&stream, frame->symbol, &error);
        const int result = stream_frame(&stream, false, str_of(frame->frame), RECEIVED, &error);
        const char *text = seen.n == 0 ? "" : seen.p;
        if (frame->error == NULL) {
            check(result == 0, "%s: taken: %.40s: %s", frame->feed, frame->frame, error.text);
            check_text(text, frame->text, "with this result");
        } else {
            check(result == -1 && error.code == EXIT_INPUT && strstr(error.text, frame->error) != NULL &&
                      text[0] == '\0',
                  "%s: refused: %.40s: %s %s", frame->feed, frame->frame, error.text, text);
        }
        end(&stream, &secrets);
    }
}

/* What is said to subscribe two symbols, and the address. */
static void test_asking(void)
{
    static const struct {
        const char *feed, *variant;
        unsigned channels;
        const char *address, *text;
    } cases[] = {
        {"binance", "", STREAM_TRADES | STREAM_BOOK, "wss://stream.binance.com:443/stream",
         "ready 0 \nsay 0 "
         "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusd@trade\",\"btcusd@depth@100ms\",\"ethusd@trade\","
         "\"ethusd@depth@100ms\"],\"id\":1}\n"},
        {"alpaca", "iex", STREAM_TRADES | STREAM_BARS, "wss://stream.data.alpaca.markets/v2/iex",
         "say 0 "
         "{\"action\":\"subscribe\",\"trades\":[\"BTC/USD\",\"ETH/USD\"],\"bars\":[\"BTC/USD\",\"ETH/"
         "USD\"],\"updatedBars\":[\"BTC/USD\",\"ETH/USD\"]}\n"},
        {"alpaca", "crypto", STREAM_BOOK, "wss://stream.data.alpaca.markets/v1beta3/crypto/us",
         "say 0 {\"action\":\"subscribe\",\"orderbooks\":[\"BTC/USD\",\"ETH/USD\"]}\n"},
        {"massive", "crypto", STREAM_TRADES, "wss://socket.massive.com/crypto",
         "say 0 {\"action\":\"subscribe\",\"params\":\"XT.BTC-USD,XT.ETH-USD\"}\n"},
        {"kraken", "", STREAM_BOOK, "wss://ws.kraken.com/v2",
         "ready 0 \nsay 0 "
         "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\",\"ETH/USD\"],"
         "\"depth\":10},\"req_id\":1}\n"},
        {"coinbase", "", STREAM_QUOTES, "wss://advanced-trade-ws.coinbase.com",
         "say 0 {\"type\":\"subscribe\",\"channel\":\"heartbeats\"}\nready 0 \nsay 0 "
         "{\"type\":\"subscribe\",\"product_ids\":"
         "[\"BTC-USD\",\"ETH-USD\"],\"channel\":\"ticker\"}\n"},
        {"tradier", "", STREAM_QUOTES | STREAM_TRADES, "wss://ws.tradier.com/v1/markets/events",
         "ready 0 \nsay 0 "
         "{\"symbols\":[\"BTC/USD\",\"ETH/USD\"],\"sessionid\":\"\",\"filter\":[\"timesale\",\"quote\"],"
         "\"linebreak\":true,\"validOnly\":true}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stream stream;
        struct secrets secrets;
        struct error error;
        struct buf url;
        const uint32_t both[] = {0, 1};
        error_clear(&error);
        buf_reset(&seen);
        buf_init(&url, 1024);
        begin(&stream, cases[i].feed, cases[i].channels, &secrets);
        stream.variant = cases[i].variant;
        buf_add_text(&url, stream.feed->url);
        if (stream.feed->address != NULL)
            (void)stream.feed->address(&stream, &url, &error);
        check_text(url.p, cases[i].address, "the address");
        check(stream_symbol(&stream, "BTC/USD", &error) == 0 && stream_symbol(&stream, "ETH/USD", &error) == 1 &&
                  stream_symbol(&stream, "BTC/USD", &error) == 0 && stream.feed->greet(&stream, &error) == 0 &&
                  stream_subscribe(&stream, both, 2, true, &error) == 0,
              "%s: subscribes: %s", cases[i].feed, error.text);
        check_text(seen.p, cases[i].text, "and says");
        buf_clear(&url);
        end(&stream, &secrets);
    }
}

static void test_alpaca_refusal(void)
{
    struct stream stream;
    struct secrets secrets;
    struct error error;
    const uint32_t both[] = {0, 1};
    error_clear(&error);
    begin(&stream, "alpaca", STREAM_TRADES, &secrets);
    (void)stream_symbol(&stream, "AAPL", &error);
    (void)stream_symbol(&stream, "NOPE", &error);
    (void)stream_subscribe(&stream, both, 2, true, &error);
    buf_reset(&seen);
    (void)stream_frame(&stream, true, STR("[{\"T\":\"subscription\",\"trades\":[\"AAPL\"],\"quotes\":[]}]"), RECEIVED,
                       &error);
    check_text(seen.p, "confirm AAPL 1 \nrefused NOPE 1 unknown to the server\n",
               "fault-058: what is unknown to the server was refused");
    end(&stream, &secrets);
}

static void test_coinbase_sequence(void)
{
    static const char *const lines[] = {"{\"channel\":\"heartbeats\",\"sequence_num\":0,\"events\":[]}",
                                        "{\"channel\":\"heartbeats\",\"sequence_num\":1,\"events\":[]}",
                                        "{\"channel\":\"heartbeats\",\"sequence_num\":3,\"events\":[]}"};
    struct stream stream;
    struct secrets secrets;
    struct error error;
    error_clear(&error);
    begin(&stream, "coinbase", STREAM_TRADES, &secrets);
    buf_reset(&seen);
    for (int i = 0; i < 3; i++)
        (void)stream_frame(&stream, false, str_of(lines[i]), RECEIVED, &error);
    check_text(seen.n == 0 ? "" : seen.p, "missing 0 messages are missing\n", "fault-050: a number is left out");
    /* A change of the book, and the same again behind a newer one: 1.5 has 2, then 3, and 3 it stays. */
    static const char change[] =
        "{\"channel\":\"l2_data\",\"sequence_num\":%d,\"events\":[{\"type\":\"update\",\"product_id\":"
        "\"BTC-USD\",\"updates\":[{\"side\":\"bid\",\"price_level\":\"1.5\",\"new_quantity\":\"%d\"}]}]}";
    static const int numbers[][2] = {{4, 2}, {5, 3}, {4, 2}, {6, 4}};
    char text[400];
    (void)stream_symbol(&stream, "BTC/USD", &error);
    stream.channels = STREAM_BOOK;
    buf_reset(&seen);
    for (int i = 0; i < 4; i++) {
        (void)snprintf(text, sizeof text, change, numbers[i][0], numbers[i][1]);
        (void)stream_frame(&stream, false, str_of(text), RECEIVED, &error);
    }
    int books = 0;
    for (const char *p = seen.p; p != NULL && (p = strstr(p, "\"bids\"")) != NULL; p++)
        books++;
    check(books == 3 && strstr(seen.p, "missing") == NULL, "a message that comes again is not taken again: %d", books);
    (void)snprintf(text, sizeof text, change, 5000, 1);
    (void)stream_frame(&stream, false, str_of(text), RECEIVED, &error);
    buf_reset(&seen);
    (void)snprintf(text, sizeof text, change, 0, 1);
    (void)stream_frame(&stream, false, str_of(text), RECEIVED, &error);
    check(seen.n > 0 && strncmp(seen.p, "missing", 7) == 0, "numbers that begin anew are not passed over in silence");
    end(&stream, &secrets);
}

/* ---- Kite ---- */

static void put(struct buf *out, int bytes, uint32_t value)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_add_char(out, (char)(value >> (8 * i)));
}

/* A full packet of 184 bytes, by the layout of kite.trade/docs/connect/v3/websocket. */
static void put_full(struct buf *out, uint32_t token, uint32_t last, uint32_t volume, uint32_t time)
{
    put(out, 2, 184);
    put(out, 4, token);
    put(out, 4, last);
    put(out, 4, 5);    /* quantity of the last */
    put(out, 4, last); /* average */
    put(out, 4, volume);
    for (int i = 0; i < 6; i++) /* buy, sell, open, high, low, close */
        put(out, 4, last);
    put(out, 4, time);
    for (int i = 0; i < 3; i++)
        put(out, 4, 0);
    put(out, 4, time);
    for (uint32_t i = 0; i < 10; i++) {
        put(out, 4, 100 + i);
        put(out, 4, i < 5 ? last - 5 - 5 * i : last + 5 * (i - 4));
        put(out, 2, 3);
        put(out, 2, 0);
    }
}

static void test_kite(void)
{
    struct stream stream;
    struct secrets secrets;
    struct error error;
    struct buf frame;
    const uint32_t one = 0;
    error_clear(&error);
    buf_init(&frame, 4096);
    begin(&stream, "kite", STREAM_TRADES | STREAM_QUOTES, &secrets);
    check(stream_symbol(&stream, "INFY", &error) == -1, "kite: a symbol without its exchange: %s", error.text);
    error_clear(&error);
    (void)stream_symbol(&stream, "NSE:INFY", &error);
    (void)stream_symbol(&stream, "NSE:NOPE", &error);
    struct stream_question question = {.method = ""};
    buf_init(&question.path, 1024);
    (void)stream.feed->question(&stream, &question, &error);
    check_text(question.path.p, "/quote/ltp?i=NSE%3AINFY&i=NSE%3ANOPE", "kite: asks for the tokens");
    buf_reset(&seen);
    check(stream.feed->answer(&stream,
                              STR("{\"status\":\"success\",\"data\":{\"NSE:INFY\":{\"instrument_token\":408065,"
                                  "\"last_price\":1412.95}}}"),
                              &error) == 0,
          "kite: takes the answer");
    (void)stream_subscribe(&stream, &one, 1, true, &error);
    check_text(
        seen.p,
        "refused NSE:NOPE 0 no such instrument\nsay 0 {\"a\":\"subscribe\",\"v\":[408065]}\nsay 0 {\"a\":\"mode\","
        "\"v\":[\"full\",[408065]]}\n",
        "kite: names what is unknown, subscribes the rest");
    buf_add_text(&frame, "wss://x");
    (void)stream.feed->address(&stream, &frame, &error);
    check_text(frame.p, "wss://x/?api_key=K%221&access_token=a%20b", "kite: keys in the address, encoded");
    buf_reset(&frame);
    /* The vector of protocols/kite.md: one price alone, 1412.95 */
    (void)stream_frame(&stream, true, STR("\0\1\0\10\0\6\72\1\0\2\47\357"), RECEIVED, &error);
    buf_reset(&seen);
    put(&frame, 2, 1);
    put_full(&frame, 408065, 141295, 1000, 1795530600);
    check(stream_frame(&stream, true, buf_str(&frame), RECEIVED, &error) == 0, "kite: a full packet: %s", error.text);
    check_text(
        seen.p,
        "{\"type\":\"quote\",\"time\":\"2026-11-24T14:30:00Z\",\"symbol\":\"NSE:INFY\",\"bid\":1412.9,\"bid_size\":100,"
        "\"ask\":1413,\"ask_size\":105,\"source\":\"kite\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
        "kite: the first volume is where it begins; the best of the depth");
    buf_reset(&frame);
    buf_reset(&seen);
    put(&frame, 2, 1);
    put_full(&frame, 408065, 141300, 1250, 1795530601);
    stream.channels = STREAM_TRADES;
    (void)stream_frame(&stream, true, buf_str(&frame), RECEIVED, &error);
    check_text(
        seen.p,
        "{\"type\":\"trade\",\"time\":\"2026-11-24T14:30:01Z\",\"symbol\":\"NSE:INFY\",\"price\":1413,\"quantity\":250,"
        "\"conditions\":\"conflated\",\"source\":\"kite\",\"received\":\"2026-11-24T14:30:01Z\"}\n",
        "kite: what was traded since");
    static const struct {
        const char *bytes;
        size_t n;
    } bad[] = {{"\0\2\0\10\0\6\72\1\0\2\47\357", 12},
               {"\0\1\0\377\0\6\72\1", 8},
               {"\0\1\0\2\0\0", 6},
               {"\377\377", 2},
               {"\0\1\0\10\0\6\72\1\0\2\47\357x", 13}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(stream_frame(&stream, true, (struct str){bad[i].bytes, bad[i].n}, RECEIVED, &error) == -1 &&
                  error.code == EXIT_INPUT,
              "kite: a frame that does not fit: %s", error.text);
    }
    error_clear(&error);
    check(stream_frame(&stream, true, STR("\0"), RECEIVED, &error) == 0, "kite: a heartbeat");
    buf_clear(&question.path);
    buf_clear(&frame);
    end(&stream, &secrets);
}

static int decode(int argc, char **argv)
{
    struct stream stream;
    struct secrets secrets;
    struct error error;
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    begin(&stream, argv[2], (unsigned)strtoul(argv[3], NULL, 10), &secrets);
    for (int i = 4; i < argc; i++) {
        error_clear(&error);
        if (stream_symbol(&stream, argv[i], &error) < 0)
            return 2;
        const char *colon = strchr(argv[i], ':'); /* NSE:408065: a token stands for the name */
        if (colon != NULL)
            (void)stream_alias(&stream, str_of(colon + 1), (uint32_t)(i - 4), &error);
    }
    while ((n = getline(&line, &size, stdin)) > 0) {
        struct str frame = {line, (size_t)n - (line[n - 1] == '\n')};
        bool binary = false;
        error_clear(&error);
        if (frame.n > 4 && memcmp(frame.p, "hex:", 4) == 0) {
            size_t bytes = 0;
            for (size_t i = 4; i + 1 < frame.n; i += 2) {
                const char pair[3] = {frame.p[i], frame.p[i + 1], '\0'};
                line[bytes++] = (char)strtoul(pair, NULL, 16);
            }
            frame.n = bytes;
            binary = true;
        }
        if (stream_frame(&stream, binary, frame, RECEIVED, &error) < 0)
            buf_printf(&seen, "bad %s\n", error.text);
        if (seen.n > 0)
            (void)fwrite(seen.p, 1, seen.n, stdout);
        buf_reset(&seen);
    }
    free(line);
    buf_clear(&seen);
    end(&stream, &secrets);
    return 0;
}

int main(int argc, char **argv)
{
    buf_init(&seen, 1u << 20);
    if (argc > 4 && strcmp(argv[1], "decode") == 0)
        return decode(argc, argv);
    test_frames();
    test_asking();
    test_alpaca_refusal();
    test_coinbase_sequence();
    test_kite();
    buf_clear(&seen);
    return done();
}
