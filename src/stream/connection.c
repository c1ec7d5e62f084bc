/* One source's connection, from the first attempt to the last. */
#include "stream/connection.h"

#include "base/list.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define FIRST_PAUSE (TIME_SECOND / 2)
#define LAST_PAUSE  (60 * TIME_SECOND)
#define GOOD_TIME   (60 * TIME_SECOND) /* a connection that held so long counts as good: pauses begin anew */
#define LOGIN_TIME  (10 * TIME_SECOND)
#define WATCH       (TIME_SECOND / 2)

struct connection {
    struct loop *loop;
    bool ended; /* an event was the end of all */
    const struct connection_terms *terms;
    struct connection_calls calls;
    void *context;
    struct stream stream;
    struct websocket *websocket;
    bool *followed; /* by symbol */
    size_t follow_capacity;
    struct buf *say; /* messages that wait for their turn */
    size_t says, say_capacity;
    int attempt;
    bool stopped, down, fresh;       /* fresh: symbols were subscribed on this connection */
    int64_t opened, last, last_wall; /* monotonic; of the last frame */
    int64_t wait;
    struct error why;
    int64_t retry_timer, say_timer, watch_timer;
};

static int connect_now(struct connection *connection, struct error *error);

/* ---- telling ---- */

static int tell(struct connection *connection, enum stream_state state, const struct error *failure,
                struct error *error)
{
    return connection->calls.state(connection->context, connection, state, failure, error);
}

static int go_down(struct connection *connection, const struct error *failure, struct error *error)
{
    connection->down = true;
    return tell(connection, STREAM_STATE_DOWN, failure, error);
}

/* ---- coming back ---- */

static int on_retry(void *context, int64_t now, struct error *error)
{
    struct connection *connection = context;
    (void)now;
    connection->retry_timer = 0;
    return connect_now(connection, error);
}

/* Half a second, doubled each time, at most a minute, and of that a random part: so that not all come back at once. */
static int64_t pause_of(const struct connection *connection)
{
    int64_t pause = connection->terms->first_pause == 0 ? FIRST_PAUSE : connection->terms->first_pause;
    for (int i = 1; i < connection->attempt && pause < LAST_PAUSE; i++)
        pause *= 2;
    pause = pause < LAST_PAUSE ? pause : LAST_PAUSE;
    uint32_t part = 0;
    (void)!getrandom(&part, sizeof part, 0);
    pause = pause / 1000 * (part % 1001);
    return pause > connection->wait ? pause : connection->wait;
}

static int come_back(struct connection *connection, const struct error *failure, struct error *error)
{
    connection->attempt++;
    if (tell(connection, STREAM_STATE_RECONNECTING, failure, error) != 0)
        return -1;
    connection->retry_timer =
        loop_timer(connection->loop, time_monotonic() + pause_of(connection), on_retry, connection, error);
    connection->wait = 0;
    return connection->retry_timer < 0 ? -1 : 0;
}

static void cancel(struct connection *connection, int64_t *timer)
{
    if (*timer > 0)
        loop_cancel(connection->loop, *timer);
    *timer = 0;
}

int connection_leave(struct connection *connection, const char *why, int64_t wait, struct error *error)
{
    if (connection->websocket == NULL || connection->stopped)
        return 0;
    connection->wait = wait > connection->wait ? wait : connection->wait;
    error_clear(&connection->why);
    (void)error_set(&connection->why, EXIT_UNAVAILABLE, "%s: %s", connection->terms->feed->title, why);
    return websocket_close(connection->websocket, 1000, error);
}

/* ---- saying ---- */

static int say_next(struct connection *connection, struct error *error);

static int on_say(void *context, int64_t now, struct error *error)
{
    struct connection *connection = context;
    (void)now;
    connection->say_timer = 0;
    return say_next(connection, error);
}

static int say_next(struct connection *connection, struct error *error)
{
    if (connection->says == 0 || connection->say_timer != 0 || connection->websocket == NULL)
        return 0;
    struct buf text = connection->say[0];
    memmove(connection->say, connection->say + 1, --connection->says * sizeof *connection->say);
    const int result = websocket_send(connection->websocket, buf_str(&text), error);
    explicit_bzero(text.p, text.n);
    buf_clear(&text);
    if (result < 0) {
        if (error->code != EXIT_UNAVAILABLE)
            return -1;
        error_clear(error); /* it is closing: `ended` follows */
        return 0;
    }
    const int64_t every = connection->stream.feed->say_every;
    if (every == 0)
        return say_next(connection, error);
    connection->say_timer = loop_timer(connection->loop, time_monotonic() + every, on_say, connection, error);
    return connection->say_timer < 0 ? -1 : 0;
}

static int say(struct connection *connection, struct str text, struct error *error)
{
    if (list_grow(&connection->say, &connection->say_capacity, connection->says, sizeof *connection->say, error) < 0)
        return -1;
    struct buf *copy = &connection->say[connection->says];
    buf_init(copy, 4u << 20);
    buf_add_str(copy, text);
    if (buf_check(copy, error) < 0)
        return -1;
    connection->says++;
    return say_next(connection, error);
}

static void forget_says(struct connection *connection)
{
    for (size_t i = 0; i < connection->says; i++)
        buf_clear(&connection->say[i]);
    connection->says = 0;
    cancel(connection, &connection->say_timer);
}

/* ---- what the decoder brings ---- */

static int subscribe_all(struct connection *connection, struct error *error)
{
    struct stream *stream = &connection->stream;
    uint32_t *list = malloc((stream->symbols + 1) * sizeof *list);
    size_t count = 0;
    if (list == NULL)
        return error_memory(error);
    for (uint32_t i = 0; i < stream->symbols; i++)
        if (connection->followed[i])
            list[count++] = i;
    const int result = stream_subscribe(stream, list, count, true, error);
    free(list);
    connection->fresh = true;
    return result != 0 ? result : tell(connection, STREAM_STATE_CONNECTED, NULL, error);
}

static int on_event(void *context, const struct stream_event *event, struct error *error)
{
    struct connection *connection = context;
    char text[256];
    struct error failure = {0};
    switch (event->kind) {
    case STREAM_SAY:
        return say(connection, event->text, error);
    case STREAM_READY:
        return subscribe_all(connection, error);
    case STREAM_LEAVE:
        (void)snprintf(text, sizeof text, STR_FMT, event->text.n > 200 ? 200 : (int)event->text.n, event->text.p);
        return connection_leave(connection, text, event->wait, error);
    case STREAM_STOP:
        (void)error_set(&failure, event->code, "%s: " STR_FMT, connection->terms->feed->title,
                        event->text.n > 200 ? 200 : (int)event->text.n, event->text.p);
        if (connection->down)
            return 0;
        connection->stopped = true;
        if (websocket_close(connection->websocket, 1000, error) < 0)
            return -1;
        return go_down(connection, &failure, error);
    default:
        connection->ended = connection->calls.event(connection->context, connection, event, error) != 0;
        return connection->ended ? -1 : 0;
    }
}

static int on_opened(void *context, struct error *error)
{
    struct connection *connection = context;
    connection->opened = connection->last = time_monotonic();
    stream_reset(&connection->stream);
    return connection->stream.feed->greet(&connection->stream, error);
}

static int on_message(void *context, bool binary, struct str payload, int64_t received, struct error *error)
{
    struct connection *connection = context;
    connection->last = time_monotonic();
    connection->last_wall = received;
    if (connection->stopped)
        return 0;
    const int result = stream_frame(&connection->stream, binary, payload, received, error);
    if (result >= 0 || error->code != EXIT_INPUT)
        return result;
    connection->calls.bad(connection->context, connection, error);
    error_clear(error);
    return 0;
}

static int on_ended(void *context, const struct websocket_end *end, struct error *error)
{
    struct connection *connection = context;
    struct error failure = error_is_set(&end->failure) ? end->failure : connection->why;
    websocket_free(connection->websocket);
    connection->websocket = NULL;
    connection->fresh = false;
    cancel(connection, &connection->watch_timer);
    forget_says(connection);
    if (connection->stopped)
        return 0;
    if (end->status == 401 || end->status == 403)
        return go_down(connection, &failure, error);
    if (end->retry_after > connection->wait)
        connection->wait = end->retry_after;
    if (connection->opened > 0 && time_monotonic() - connection->opened > GOOD_TIME)
        connection->attempt = 0;
    return come_back(connection, &failure, error);
}

/* A connection that answers pings can be dead all the same: no login, or nothing of what comes each second. */
static int on_watch(void *context, int64_t now, struct error *error)
{
    struct connection *connection = context;
    const int64_t silence =
        connection->terms->silence != 0 ? connection->terms->silence : connection->stream.feed->silence;
    connection->watch_timer = loop_timer(connection->loop, now + WATCH, on_watch, connection, error);
    if (connection->watch_timer < 0)
        return -1;
    if (connection->opened == 0)
        return 0;
    if (!connection->stream.ready && now - connection->opened > LOGIN_TIME)
        return connection_leave(connection, "no answer to the login", 0, error);
    if (silence > 0 && now - connection->last > silence)
        return connection_leave(connection, "nothing comes any more", 0, error);
    return 0;
}

/* ---- connecting ---- */

static int ask_first(struct connection *connection, struct error *error)
{
    struct stream_question question = {.method = "GET"};
    struct buf body;
    if (connection->stream.feed->question == NULL)
        return 0;
    buf_init(&question.path, 1u << 20);
    buf_init(&body, 4u << 20);
    int result = connection->stream.feed->question(&connection->stream, &question, error);
    if (result == 0)
        result = connection->terms->ask == NULL
                     ? error_set(error, EXIT_USAGE, "%s needs a source that tn-quote can use",
                                 connection->terms->feed->title)
                     : connection->terms->ask(connection->terms->ask_context, &question, &body, error);
    if (result == 0)
        result = connection->stream.feed->answer(&connection->stream, buf_str(&body), error);
    buf_clear(&question.path);
    buf_clear(&body);
    return result;
}

static int connect_now(struct connection *connection, struct error *error)
{
    static const struct websocket_calls calls = {on_opened, on_message, on_ended};
    const struct connection_terms *terms = connection->terms;
    struct buf url;
    struct error failure = {0};
    connection->opened = 0;
    connection->stream.received = loop_now(connection->loop);
    error_clear(&connection->why);
    if (ask_first(connection, &failure) < 0) {
        if (failure.code == EXIT_SYSTEM || connection->ended)
            return *error = failure, -1;
        return failure.code == EXIT_CREDENTIALS || failure.code == EXIT_USAGE ? go_down(connection, &failure, error)
                                                                              : come_back(connection, &failure, error);
    }
    buf_init(&url, 8192);
    buf_add_text(&url, terms->url != NULL ? terms->url : terms->feed->url);
    int result =
        terms->feed->address == NULL ? buf_check(&url, error) : terms->feed->address(&connection->stream, &url, error);
    if (result == 0) {
        const struct websocket_terms websocket = {
            .url = url.p,
            .secrets = terms->secrets,
            .configured = terms->configured,
            .agent = terms->agent,
            .proxy = terms->proxy,
            .ca_file = terms->ca_file,
            .ping = terms->ping != 0 ? terms->ping : terms->feed->ping,
            .limit = 16u << 20,
        };
        connection->websocket = websocket_open(connection->loop, &websocket, &calls, connection, &failure);
    }
    if (url.p != NULL)
        explicit_bzero(url.p, url.n);
    buf_clear(&url);
    if (result < 0)
        return -1;
    if (connection->websocket == NULL)
        return go_down(connection, &failure, error);
    connection->watch_timer = loop_timer(connection->loop, time_monotonic() + WATCH, on_watch, connection, error);
    return connection->watch_timer < 0 ? -1 : 0;
}

/* ---- for the owner ---- */

struct connection *connection_open(struct loop *loop, const struct connection_terms *terms,
                                   const struct connection_calls *calls, void *context, struct error *error)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    connection->loop = loop;
    connection->terms = terms;
    connection->calls = *calls;
    connection->context = context;
    connection->last_wall = TIME_NONE;
    stream_init(&connection->stream, terms->feed, terms->source);
    connection->stream.variant = terms->variant;
    connection->stream.channels = terms->channels & terms->feed->channels;
    connection->stream.depth = terms->depth;
    connection->stream.secrets = terms->secrets;
    connection->stream.take = on_event;
    connection->stream.context = connection;
    return connection;
}

void connection_free(struct connection *connection)
{
    if (connection == NULL)
        return;
    websocket_free(connection->websocket);
    cancel(connection, &connection->retry_timer);
    cancel(connection, &connection->watch_timer);
    forget_says(connection);
    stream_clear(&connection->stream);
    free(connection->followed);
    free(connection->say);
    free(connection);
}

int connection_start(struct connection *connection, struct error *error)
{
    return connect_now(connection, error);
}

int connection_stop(struct connection *connection, struct error *error)
{
    connection->stopped = true;
    cancel(connection, &connection->retry_timer);
    return connection->websocket == NULL ? 0 : websocket_close(connection->websocket, 1000, error);
}

int64_t connection_follow(struct connection *connection, const char *symbol, struct error *error)
{
    const int64_t index = stream_symbol(&connection->stream, symbol, error);
    if (index < 0)
        return -1;
    while ((size_t)index >= connection->follow_capacity) {
        const size_t capacity = connection->follow_capacity == 0 ? 16 : 2 * connection->follow_capacity;
        bool *followed = reallocarray(connection->followed, capacity, sizeof *followed);
        if (followed == NULL)
            return error_memory(error);
        memset(followed + connection->follow_capacity, 0, capacity - connection->follow_capacity);
        connection->followed = followed;
        connection->follow_capacity = capacity;
    }
    const uint32_t one = (uint32_t)index;
    if (connection->followed[one])
        return index;
    connection->followed[one] = true;
    if (connection->fresh && stream_subscribe(&connection->stream, &one, 1, true, error) != 0)
        return -1;
    return index;
}

int connection_unfollow(struct connection *connection, uint32_t symbol, struct error *error)
{
    if (!connection_follows(connection, symbol))
        return 0;
    connection->followed[symbol] = false;
    return connection->fresh ? stream_subscribe(&connection->stream, &symbol, 1, false, error) : 0;
}

int connection_again(struct connection *connection, uint32_t symbol, unsigned channels, struct error *error)
{
    struct stream *stream = &connection->stream;
    if (!connection->fresh || !connection_follows(connection, symbol))
        return 0;
    const int result = stream_subscribe_channels(stream, symbol, channels, false, error);
    return result != 0 ? result : stream_subscribe_channels(stream, symbol, channels, true, error);
}

bool connection_follows(const struct connection *connection, uint32_t symbol)
{
    return symbol < connection->follow_capacity && connection->followed[symbol];
}

struct stream *connection_stream(struct connection *connection)
{
    return &connection->stream;
}

const struct connection_terms *connection_terms(const struct connection *connection)
{
    return connection->terms;
}

int connection_attempt(const struct connection *connection)
{
    return connection->attempt;
}

int connection_alive(struct connection *connection, int64_t moment, int64_t *alive, struct error *error)
{
    *alive = connection->last_wall;
    if (connection->websocket == NULL || !connection->fresh)
        return 0;
    const int64_t received = websocket_received(connection->websocket);
    if (received > *alive)
        *alive = received;
    return *alive < moment ? websocket_prove(connection->websocket, error) : 0;
}

int64_t connection_last(const struct connection *connection)
{
    return connection->last_wall;
}
