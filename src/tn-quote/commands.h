/* The commands of tn-quote, and what they share. */
#ifndef TN_QUOTE_COMMANDS_H
#define TN_QUOTE_COMMANDS_H

#include "base/command.h"
#include "base/config.h"
#include "exchange/exchange.h"
#include "expr/expr.h"
#include "feed/agree.h"
#include "feed/merged_feed.h"
#include "feed/repairs.h"
#include "feed/rest.h"
#include "record/flow.h"
#include "tn-quote/instruments.h"
#include "tn-quote/sessions.h"

enum exit_code quote_bars(struct invocation *invocation, struct error *error);
enum exit_code quote_quotes(struct invocation *invocation, struct error *error);
enum exit_code quote_chain(struct invocation *invocation, struct error *error);
enum exit_code quote_news(struct invocation *invocation, struct error *error);
enum exit_code quote_events(struct invocation *invocation, struct error *error);
enum exit_code quote_search(struct invocation *invocation, struct error *error);
enum exit_code quote_continuous(struct invocation *invocation, struct error *error);
enum exit_code quote_sources(struct invocation *invocation, struct error *error);
enum exit_code quote_watch(struct invocation *invocation, struct error *error);
/* The options of a command are beside it. */
extern const struct option_spec login_options[], watch_options[];
enum exit_code quote_login(struct invocation *invocation, struct error *error);
enum exit_code quote_check(struct invocation *invocation, struct error *error);
enum exit_code quote_cache(struct invocation *invocation, struct error *error);
enum exit_code quote_doctor(struct invocation *invocation, struct error *error);
enum exit_code quote_actions(struct invocation *invocation, struct error *error);

/* What the options, the configuration and the files they name come to. */
struct setup {
    const struct invocation *invocation;
    const char *named; /* the source, where it is no option; NULL */
    bool replays;      /* recorded answers: they say nothing of a source's health */
    bool silent;       /* writes no records: there is no flow */
    struct config *config;
    struct exchange exchange; /* what the calendar points into */
    struct zone *csv_zone;
    struct calendar calendar;
    const char *source; /* the section of the configuration; "" when the command line says all */
    struct names symbols;
    struct action_set actions;
    struct feed_request request;
    struct merged_feed_request merged_feed;
    struct rest rest;                 /* of a source that is asked over the network; its adapter is NULL for others */
    struct agree_sources agree;       /* of several sources, which are compared; none for one */
    struct rest part[AGREE_PARTS];    /* of each of them; its adapter is NULL where it needs none */
    const char *section[AGREE_PARTS]; /* of each, in the configuration */
    char names[AGREE_PARTS][ID_SIZE];
    struct repairs repairs[AGREE_PARTS];   /* of each, or of the only one in [0] */
    struct action_set splits[AGREE_PARTS]; /* that they name, where there are several */
    size_t failures;                       /* symbols that could not be had, likewise */
    size_t bad;                            /* lines that made no sense, when there is no flow to count them */
    struct flow *flow;
    struct expr *where; /* NULL: all */
    bool strict;
};

/* Everything that is not read from files beside the configuration; -1 leaves everything freed. */
int setup_open(struct setup *setup, const struct invocation *invocation, struct error *error);
/* The same for a command that names the source as an operand and writes no records. */
int setup_open_named(struct setup *setup, const struct invocation *invocation, const char *source, struct error *error);
/* The same for one that may write no records. */
int setup_open_as(struct setup *setup, const struct invocation *invocation, bool silent, struct error *error);
/* And with the interval and the number of bars that are asked for. */
int quote_setup(struct setup *setup, const struct invocation *invocation, bool silent, struct error *error);
/* Frees all but the flow, which flow_close ends. */
void setup_close(struct setup *setup);
/* Symbols and corporate actions. */
int setup_read(struct setup *setup, struct error *error);

/* The feed of --source and its request's name and argument. */
int setup_source(struct setup *setup, struct error *error);
/* The same for a source by its name. */
int setup_find(struct setup *setup, const char *text, struct error *error);
/* What --source names, when it is several with commas between: 1; 0: it is one; -1. */
int setup_sources(struct setup *setup, struct error *error);
/* The requests of each of them, when that of the first is filled. */
int setup_parts(struct setup *setup, struct error *error);
/* What the section of the source says of files, seeds and the like, into the request. */
int setup_request(struct setup *setup, struct error *error);
/* The source that an adapter describes: `section` is that of the configuration ("" for none), `kind` the adapter's
 * name, `feed` what follows the colon. */
int rest_setup(struct setup *setup, const char *section, const char *kind, const char *feed, struct error *error);
void rest_clear(struct rest *rest);
/* The present moment: of --now, of the recording that is replayed, or of the clock. A recording keeps it. */
int rest_now(const struct setup *setup, int64_t *now, struct error *error);
/* The file of the cache, in the user's folder, which is made when it is to be written. */
int cache_path(const struct config *config, bool make, char path[static PATH_MAX], struct error *error);
/* The folder of the user's own adapters. */
const char *rest_folder(const struct config *config, char path[static PATH_MAX]);
/* What a section of the configuration says of an adapter. */
struct adapter_settings rest_settings(const struct config *config, const char *section, const char *kind,
                                      char folder[static PATH_MAX]);
/* The value of an option, else of the source's section of the configuration, else `standard`. */
const char *setup_text(const struct setup *setup, const char *option, const char *setting, const char *standard);
/* The name under which a source's repairs are kept: "csv:/data/daily", "alpaca:iex". */
int repairs_source(char name[static PATH_MAX], const struct feed *feed, const struct feed_request *request,
                   struct error *error);
/* Keep how the sources of a run did; that this fails does no harm. */
void account_sources(const struct setup *setup);
/* The folder of the overlays. */
int overlay_folder(const struct config *config, char path[static PATH_MAX], struct error *error);
/* The options of the made-up market, of which only the last `last` are written (0: all). */
int chain_of_sim(struct setup *setup, int64_t last, struct error *error);
/* Read the overlays of what is asked. */
int setup_repairs(struct setup *setup, struct error *error);

#endif
