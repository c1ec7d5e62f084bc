/* A source as data: a jq file that turns questions into requests and answers into records (tn-adapters(5)). C does the
 * rest: connections, secrets, pace, paging, strict reading. An adapter never sees a secret, never opens anything, and
 * is asked to `describe` itself once. */
#ifndef TN_ADAPTER_ADAPTER_H
#define TN_ADAPTER_ADAPTER_H

#include "base/names.h"
#include "net/http.h"
#include "net/url.h"
#include "record/interval.h"
#include "record/types.h"

#include <limits.h>

enum {
    ADAPTER_COMMANDS_MAX = 16,
    ADAPTER_INTERVALS_MAX = 24,
    ADAPTER_AUTH_MAX = 8,
    ADAPTER_FEEDS_MAX = 16,
    ADAPTER_SERVERS_MAX = 4
};

/* Another server of the same source, which requests name: {server: "www"}. */
struct adapter_server {
    char name[16], origin[512];
};

/* A header or query parameter that C adds: "{key}" in the text is replaced by the secret of that name. */
struct adapter_auth {
    bool query; /* else a header */
    char name[64], text[256];
};

/* A form that is posted for a token (OAuth 2.0). */
struct adapter_form {
    char server[16], path[128]; /* path "": there is none */
    char basic[128];            /* "{key}:{secret}", for Basic authentication; "" for none */
    struct adapter_auth header[ADAPTER_AUTH_MAX], member[ADAPTER_AUTH_MAX];
    int headers, members;
};

/* How an access token is had for the secrets. */
struct adapter_token {
    struct adapter_form form;
    int64_t ends; /* monotonic: when the one that we have runs out */
};

/* How a person who logs in with a browser gets a secret that is good for a while. */
struct adapter_login {
    char address[256];                /* to be opened in the browser, with secrets and {redirect} in their places */
    char parameter[32];               /* of the address to which the browser is sent then: the {code} of the form */
    struct adapter_form form;         /* path "": nobody logs in */
    char answer[32];                  /* member of the answer, or of its `data` */
    char keeps[SECRET_NAME_SIZE];     /* the secret that it is */
    char needs[4 * SECRET_NAME_SIZE]; /* more secrets, for the login only; separated by spaces */
};

/* How it did since it was opened. */
struct adapter_tally {
    int64_t requests, attempts, failures, bytes, took; /* took: ns of all requests */
    int64_t symbols, failed, bars, corrected;          /* asked for bars, not had; bars had, and corrected since */
    int64_t newest;                                    /* the end of its newest bar; 0: none */
    char failure[160];                                 /* the last one, in words */
};

struct adapter {
    char name[ID_SIZE];
    char title[128];
    char calendar[16];     /* the usual one of its symbols */
    char credentials[128]; /* names of secrets, separated by spaces; "" for none */
    bool credentials_optional;
    char origin[512]; /* https://host[:port], as described or as configured */
    char path[512];   /* of the configured url; "" for none */
    bool takes_path;
    struct adapter_server other[ADAPTER_SERVERS_MAX];
    int others;
    bool configured; /* the configuration names the server */
    bool moved;      /* and it is another one than is described: it stands for `other` too */
    struct adapter_auth auth[ADAPTER_AUTH_MAX];
    int auths;
    struct adapter_token token;
    struct adapter_login login;
    struct pace pace;
    int64_t hold;    /* ns to leave it alone after a 429 */
    int64_t timeout; /* ns of one attempt; 0: the client's */
    int parallel;    /* requests under way; 0: the client's */
    int64_t symbols; /* most of one request */
    char command[ADAPTER_COMMANDS_MAX][16];
    int commands;
    struct interval interval[ADAPTER_INTERVALS_MAX];
    int intervals;
    char feed[ADAPTER_FEEDS_MAX][32];
    int feeds;
    enum adjusted adjusted; /* its bars' prices */
    bool actions_in_bars;   /* what it answers for bars holds the actions too */
    struct runner *runner;  /* of a jq file */
    char **argv;            /* of a program; NULL for a jq file */
    struct secrets secrets;
    struct adapter_tally tally;
};

/* What the configuration says of a source; NULL and "" where it says nothing. */
struct adapter_settings {
    const char *name;    /* the file: NAME.jq */
    const char *command; /* a program instead of a file; `name` is then for messages */
    const char *folder;  /* the user's own feeds, looked at first; NULL for none */
    const char *url;     /* another server than the described one */
    const char *pace;    /* "REQUESTS/SECONDS" instead of the described one */
    const char *secret_command, *secret_file;
};

/* The path of NAME.jq; false when there is none. A name is lower-case letters, digits and '-'. */
bool adapter_path(char path[static PATH_MAX], const char *name, const char *folder);
/* All names, the user's and ours, sorted. */
int adapter_names(struct names *names, const char *folder, struct error *error);

/* Read, check, start and describe. EXIT_USAGE: what is wrong with the file. Secrets are not read yet. */
struct adapter *adapter_open(const struct adapter_settings *settings, struct error *error);
/* Read the secrets it needs; EXIT_CREDENTIALS when they are missing. */
int adapter_unlock(struct adapter *adapter, const struct adapter_settings *settings, struct error *error);
/* Put stars in their place, for answers that were recorded. */
int adapter_feign(struct adapter *adapter, struct error *error);
void adapter_close(struct adapter *adapter); /* NULL is allowed */

/* The origin of one of its servers, "" for the first; NULL when it has no such. A configured url stands for all. */
const char *adapter_server(const struct adapter *adapter, const char *name);
bool adapter_can(const struct adapter *adapter, const char *command);
/* The coarsest of its intervals of which bars of `wanted` can be made: 1; 0: none. */
int adapter_interval(const struct adapter *adapter, struct interval wanted, struct interval *use);

#endif
