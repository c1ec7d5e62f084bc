/* tn-stream live: what its files share. */
#ifndef TN_STREAM_COMMAND_LIVE_H
#define TN_STREAM_COMMAND_LIVE_H

#include "adapter/question.h"
#include "exchange/exchange.h"
#include "expr/expr.h"
#include "net/network.h"
#include "stream/live.h"
#include "tn-stream/commands.h"

enum { SOURCES_MAX = 16 };

/* A source as it was named: "alpaca:iex". */
struct named {
    char *text; /* owned */
    char name[ID_SIZE], kind[ID_SIZE], variant[64];
    const char *section; /* of the configuration, "" for none */
    struct adapter *adapter;
    struct http *http;
    bool around_the_clock;
};

struct setup {
    struct invocation *invocation;
    struct config *config;
    struct http *http;
    struct exchange exchange;
    struct expr *where;
    struct named named[SOURCES_MAX];
    struct live_source source[SOURCES_MAX];
    int sources;
    char agent[160];
    struct live_request request;
};

/* The sources of --source: their feeds, servers and keys. */
int open_sources(struct setup *setup, unsigned channels, struct error *error);

#endif
