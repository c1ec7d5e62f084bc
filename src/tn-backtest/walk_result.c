/* The result of walking forward. */
#include "record/record.h"
#include "tn-backtest/walk.h"

#include <math.h>
#include <stdio.h>

void walk_add_params(const struct walk *walk, struct buf *out)
{
    const struct invocation *invocation = walk->study.invocation;
    static const char *const names[] = {"train", "test", "purge", "embargo", "least-trades"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buf_printf(out, "%c\"%s\":%lld", i == 0 ? '{' : ',', i == 4 ? "least_trades" : names[i],
                   (long long)option_count(invocation, names[i], i == 4 ? 30 : 0));
    buf_printf(out,
               ",\"anchored\":%s,\"by\":\"%s\",\"ranges\":", option_flag(invocation, "anchored") ? "true" : "false",
               metric_table[walk->objective.metric].name);
    grid_json(&walk->study.grid, out);
    buf_printf(out, ",\"cells\":%zu,\"folds\":%zu,\"efficiency\":", walk->cells, walk->windows);
    json_add_double(out, walk->compared > 0 && walk->train_sum > 0 ? walk->test_sum / walk->train_sum : NAN);
    buf_add_char(out, '}');
}

/* By all that decides its output. */
int walk_name(struct walk *walk, struct str params, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    const struct study *study = &walk->study;
    struct sha256 *hash = study->account_terms.hash;
    const char *where = option_text(study->invocation, "where", "");
    const struct str parts[] = {str_of(history_input(study->history)),
                                history_assumptions(study->history),
                                params,
                                str_of(study->subject.use.instance),
                                buf_str(&study->subject.rules),
                                str_of(where),
                                STR(TN_VERSION)};
    char seed[32];
    const int n = snprintf(seed, sizeof seed, "%llu", (unsigned long long)study->grid.seed);
    if (sha256_begin(hash, error) != 0 || sha256_add(hash, seed, (size_t)n, error) != 0)
        return -1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (sha256_add(hash, "\n", 1, error) != 0 ||
            (parts[i].n > 0 && sha256_add(hash, parts[i].p, parts[i].n, error) != 0))
            return -1;
    if (sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(walk->id, "wf", 2);
    hash_base32(walk->id + 2, digest, 80);
    return 0;
}

int walk_write_result(struct walk *walk, struct error *error)
{
    struct study *study = &walk->study;
    struct buf params, metrics;
    buf_init(&params, 65536);
    buf_init(&metrics, 65536);
    struct result result = {.time = history_last(study->history),
                            .seed = (int64_t)study->grid.seed,
                            .input = str_of(history_input(study->history)),
                            .assumptions = history_assumptions(study->history)};
    memcpy(result.run, walk->id, sizeof result.run);
    (void)snprintf(result.strategy, sizeof result.strategy, "%s", study->subject.use.strategy->name);
    (void)snprintf(result.version, sizeof result.version, "%s", TN_VERSION);
    walk_add_params(walk, &params);
    int status = metrics_finish(&walk->metrics, error);
    if (status == 0) {
        metrics_json(&walk->metrics, &metrics);
        status = buf_check(&params, error) != 0 || buf_check(&metrics, error) != 0 ? -1 : 0;
    }
    result.params = buf_str(&params);
    result.metrics = buf_str(&metrics);
    if (status == 0)
        status = flow_write(input_flow(study->input), RECORD_RESULT, &result, error);
    buf_clear(&params);
    buf_clear(&metrics);
    return status;
}

void walk_tell(const struct walk *walk)
{
    size_t chosen = 0;
    char efficiency[64] = "", ratio[64] = "no Sharpe ratio";
    const char *by = metric_table[walk->objective.metric].title;
    const unsigned long long least = walk->objective.least_trades;
    const double sharpe = metric_find("sharpe")->figure(&walk->metrics);
    for (size_t i = 0; i < walk->windows; i++)
        chosen += isnan(walk->window[i].best) ? 0 : 1;
    if (walk->compared > 0 && walk->train_sum > 0)
        (void)snprintf(efficiency, sizeof efficiency, "; walk-forward efficiency %.2f",
                       walk->test_sum / walk->train_sum);
    if (!isnan(sharpe))
        (void)snprintf(ratio, sizeof ratio, "Sharpe ratio %.2f", sharpe);
    say(walk->study.invocation, 0,
        "%zu windows, %zu with a choice (the best %s of at least %llu trades, after costs); traded: return %.2f %%, "
        "%s%s",
        walk->windows, chosen, by, least, 100 * metric_find("return")->figure(&walk->metrics), ratio, efficiency);
    if (chosen == 0)
        say(walk->study.invocation, 0,
            "nothing was traded: no cell had %llu trades and a %s in any window: --least-trades N, --by METRIC, or "
            "more days",
            least, by);
}
