/* What a desk that runs by itself is asked every few minutes, and what was found. */
#ifndef TN_CHECKS_H
#define TN_CHECKS_H

#include "base/buf.h"
#include "base/config.h"
#include "record/types.h"

struct finding {
    enum check_state state;
    char check[32], subject[KEY_SIZE];
    char found[512], hint[256];
    double used; /* of a limit: 1 is all of it; NaN: no limit */
};

/* What the figures for tn metrics are made of, per account. */
struct account_figures {
    char account[ID_SIZE];
    double equity, cash, today;
    int64_t positions, unprotected, working;
    bool halted;
};

struct checks {
    const struct config *config;
    int64_t now;
    struct finding *finding;
    size_t findings, finding_capacity;
    struct account_figures *account;
    size_t accounts, account_capacity;
    struct job_run *job; /* the texts of jobs are not kept: `text` is empty */
    size_t jobs, job_capacity;
};

void checks_clear(struct checks *checks);
/* One finding more. `subject` and `hint` may be "". -1: out of memory. */
__attribute__((format(printf, 7, 8))) int checks_add(struct checks *checks, enum check_state state, const char *check,
                                                     const char *subject, const char *hint, struct error *error,
                                                     const char *format, ...);
/* How far a limit of an account is used: 1 is all of it. */
int checks_add_limit(struct checks *checks, const char *account, const char *name, double used, struct error *error);
/* The worst state of all. */
enum check_state checks_worst(const struct checks *checks);

/* All of them, at a moment. The configuration is the caller's to free, after the checks, also after a failure. */
int checks_run(struct checks *checks, int64_t now, struct config **config, struct error *error);

/* Disk, clock, journal and its backups. -1 only for what keeps the check itself from being made. */
int check_machine(struct checks *checks, struct error *error);
/* How the jobs of the schedule ended, and which of them should have run since (tn-config(5), schedule.jobs). */
int check_jobs(struct checks *checks, struct error *error);
/* The figures of all of it, at a moment, as a page of at most METRICS_MAX bytes for Prometheus. */
#define METRICS_MAX ((size_t)1 << 22)
int metrics_write(struct buf *out, int64_t now, struct error *error);
/* What is kept of it in service.db, for tn-report service: nothing where it was asked about a moment that is not later
 * than the last one. */
int checks_keep(const struct checks *checks, struct error *error);
struct account;
struct journal;
/* What the account may lose at its stops, and what it has lost from its highest equity, against watch_at_risk and
 * goal_drawdown; nothing where they are not set. */
int check_losses(struct checks *checks, const struct account *account, struct journal *journal, dec equity,
                 struct error *error);
/* Every account: halted, positions without a stop, prices that are old, how far limits are used. */
int check_accounts(struct checks *checks, struct error *error);

#endif
