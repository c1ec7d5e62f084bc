/* The read–filter–write loop every filter runs: lines in from files or standard input, records out to standard output.
 *
 *     while ((got = flow_next(flow, &record, error)) == 1) {
 *         … flow_write(flow, RECORD_SIGNAL, &signal, error) …
 *         … flow_pass(flow, record, error) …
 *     }
 *     code = flow_close(flow, error);
 *
 * The loop reports bad lines on stderr with file and line number, counts them and goes on (--strict: stops at the
 * first); takes the `end` records of its input for itself and writes one of its own at the close; flushes whenever
 * input would block, and waits in an event loop (base/loop.h): timers, sockets, signals and children of the program run
 * while input is silent, at least as often as it is waited for. It never makes a descriptor non-blocking. */
#ifndef TN_RECORD_FLOW_H
#define TN_RECORD_FLOW_H

#include "base/command.h"
#include "record/record.h"

struct flow;

/* Turns: from the first record after a wait for input (or of the run) until all that follows from it is written, at the
 * next wait or the close. All times in ns; a turn of more than `limit` is late. */
struct flow_times {
    int64_t limit;
    int64_t turns, late, total, worst;
};

struct flow_options {
    const char *program;                 /* for messages: "tn-signal" */
    const struct invocation *invocation; /* so that messages obey --log-json, and there is progress; NULL for neither */
    char *const *files;                  /* NULL-terminated; NULL or empty for standard input; "-" is standard input */
    bool pass;                           /* --pass: market records and unknown types go on to the output */
    bool strict;                         /* --strict */
    bool quiet;                          /* bad lines are counted, not printed */
    bool no_end;                         /* a report, not a stream: writes no `end` record */
    bool producer; /* a source, not a filter: reads nothing (files are ignored, flow_next gives 0); its `end` is
                      complete, with status and failures from flow_failed and flow_bad */
    /* --where: keeps a record when it returns 1, drops it on 0; on -1 counts it as bad (EXIT_INPUT) or ends the flow
     * (any other code); NULL keeps all. Control records are always kept. */
    int (*where)(void *context, const struct record *record, struct error *error);
    void *where_context;
    /* Called before a wait for input, ahead of the flush: for work that must not lie about, such as a transaction. */
    int (*on_wait)(void *context, struct error *error);
    void *wait_context;
    struct flow_times *times; /* turns are measured into it; NULL: they are not */
};

struct loop;
struct flow *flow_open(const struct flow_options *options, struct error *error);
/* The loop in which it waits: the flow's own, until it is closed. NULL: out of memory. A callback that ends the loop
 * with more than 0 ends the input there (it is not whole), with -1 the run. */
struct loop *flow_loop(struct flow *flow, struct error *error);
/* 1: *record is the next one (valid until the next call); 0: end of input; -1: cannot go on (system error, or the first
 * bad line under --strict). `end` records are not returned. */
int flow_next(struct flow *flow, const struct record **record, struct error *error);
/* Count the current line as bad after all, with this error (it is cleared): for values a program refuses. -1 under
 * --strict. */
int flow_bad(struct flow *flow, struct error *error);
/* Write the record on when it is a control record, or market or unknown under --pass: untouched, byte for byte. */
int flow_pass(struct flow *flow, const struct record *record, struct error *error);
/* The same of a record that is wanted whatever it is, and has been looked at. */
int flow_copy(struct flow *flow, const struct record *record, struct error *error);
/* Write a record / one ready line (LF included) of a type. */
int flow_write(struct flow *flow, enum record_type type, const void *value, struct error *error);
int flow_write_line(struct flow *flow, enum record_type type, struct str line, struct error *error);
struct progress;
/* The input has been read, and the work begins: progress counts so many of these from now on. NULL where none is shown;
 * the flow's, until it is closed. */
struct progress *flow_progress(struct flow *flow, const char *what, int64_t total);
int flow_flush(struct flow *flow, struct error *error);
/* Something failed that is no line: named in `failed` of our end record ("AAPL": "no such file"), and its exit code
 * counts. */
void flow_failed(struct flow *flow, const char *what, enum exit_code code, const char *reason);
/* Say on standard error what the user should know of an input; nothing for NULL. */
void flow_note(struct flow *flow, const char *text);
/* The worst status so far: input's end records, bad lines (3), failures. */
enum exit_code flow_status(const struct flow *flow);
/* For a producer that reads its input itself: it did not come to its `end`. Our own `end` then says complete: false. */
void flow_cut(struct flow *flow);
/* True when the input's `end` came with status 0, complete and nothing failed: what tn-order submit asks. */
bool flow_input_is_whole(const struct flow *flow);
/* The weaker question of --allow-failed: every input came to its `end`, whatever failed on the way, and no line was
 * bad. */
bool flow_input_is_complete(const struct flow *flow);
/* The weakest: every input came to its `end`, bad lines or not. */
bool flow_input_has_ended(const struct flow *flow);
/* The worst status that the input's `end` records told. */
enum exit_code flow_input_status(const struct flow *flow);
/* Writes our `end`, flushes, frees; the exit code of the run, in which an error that is set already counts too. */
#define FLOW_TEXT_MAX 160
/* What the input's `end` records say went wrong: "AAPL and 2 more failed, 1 bad line"; "" when they say nothing. */
void flow_input_describe(const struct flow *flow, char text[static FLOW_TEXT_MAX]);
enum exit_code flow_close(struct flow *flow, struct error *error);

#endif
