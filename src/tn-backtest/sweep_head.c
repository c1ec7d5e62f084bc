/* What all cells of a sweep have in common. */
#include "record/record.h"
#include "tn-backtest/sweep.h"

#include <stdio.h>

static void add_params(struct buf *out, const struct strategy_use *use)
{
    for (int i = 0; i < use->strategy->parameters; i++) {
        buf_add_char(out, i == 0 ? '{' : ',');
        json_add_string(out, str_of(use->strategy->parameter[i].name));
        buf_add_char(out, ':');
        json_add_double(out, use->parameter[i]);
    }
    buf_add_text(out, use->strategy->parameters == 0 ? "{}" : "}");
}

/* By all that decides the cells, so that the shards of a sweep have one name. */
static int name_sweep(struct sweep *sweep, struct sweep_head *head, struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    char numbers[64 + ID_SIZE];
    struct sha256 *hash = sweep->study.account_terms.hash;
    const struct str parts[] = {head->input,  str_of(head->strategy), head->params,
                                head->ranges, str_of(head->method),   head->where,
                                head->rules,  head->assumptions,      str_of(head->version)};
    if (sha256_begin(hash, error) != 0)
        return -1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (sha256_add(hash, parts[i].p, parts[i].n, error) != 0 || sha256_add(hash, "\n", 1, error) != 0)
            return -1;
    const int n = snprintf(numbers, sizeof numbers, "%lld %lld %lld%s", (long long)head->cells, (long long)head->seed,
                           (long long)head->halving, head->by);
    if (sha256_add(hash, numbers, (size_t)n, error) != 0 || sha256_end(hash, digest, error) != 0)
        return -1;
    memcpy(head->sweep, "sw", 2);
    hash_base32(head->sweep + 2, digest, 80);
    memcpy(sweep->id, head->sweep, sizeof sweep->id);
    return 0;
}

static int digest_rules(const struct subject *subject, struct sha256 *hash, char hex[static SHA256_HEX_SIZE],
                        struct error *error)
{
    uint8_t digest[SHA256_SIZE];
    hex[0] = '\0';
    if (!subject->in_file)
        return 0;
    if (sha256_of(hash, subject->rules.p, subject->rules.n, digest, error) != 0)
        return -1;
    hash_hex(hex, digest, SHA256_SIZE);
    return 0;
}

int sweep_make_head(struct sweep *sweep, struct error *error)
{
    static const char *const methods[] = {"grid", "random", "latin"};
    const struct study *study = &sweep->study;
    const struct subject *subject = &study->subject;
    const char *where = option_text(study->invocation, "where", NULL);
    char rules[SHA256_HEX_SIZE], symbols[1024];
    struct buf ranges, params;
    history_symbols(study->history, symbols, sizeof symbols);
    struct sweep_head head = {.time = history_last(study->history),
                              .where = where == NULL ? (struct str){NULL, 0} : str_of(where),
                              .symbols = str_of(symbols),
                              .cells = (int64_t)study->grid.cells,
                              .kept = (int64_t)sweep->kept,
                              .seed = (int64_t)study->grid.seed,
                              .input = str_of(history_input(study->history)),
                              .assumptions = history_assumptions(study->history)};
    buf_init(&ranges, 65536);
    buf_init(&params, 65536);
    grid_json(&study->grid, &ranges);
    add_params(&params, &subject->use);
    head.ranges = buf_str(&ranges);
    head.params = buf_str(&params);
    (void)snprintf(head.strategy, sizeof head.strategy, "%s", subject->use.strategy->name);
    (void)snprintf(head.method, sizeof head.method, "%s", methods[study->grid.method]);
    (void)snprintf(head.version, sizeof head.version, "%s", TN_VERSION);
    head.halving = (int64_t)sweep->halving;
    if (sweep->halving > 0)
        (void)snprintf(head.by, sizeof head.by, "%s", metric_table[sweep->objective.metric].name);
    if (sweep->shard.of > 0)
        (void)snprintf(head.shard, sizeof head.shard, "%llu/%llu", (unsigned long long)sweep->shard.number,
                       (unsigned long long)sweep->shard.of);
    int status = buf_check(&ranges, error) != 0 || buf_check(&params, error) != 0 ||
                         digest_rules(subject, study->account_terms.hash, rules, error) != 0
                     ? -1
                     : 0;
    if (status == 0 && rules[0] != '\0')
        head.rules = str_of(rules);
    if (status == 0)
        status = name_sweep(sweep, &head, error);
    if (status == 0) {
        record_encode(&sweep->head, RECORD_SWEEP, &head);
        status = buf_check(&sweep->head, error);
    }
    if (status == 0 && sweep->shard.of == 0) {
        sweep->verdict = verdict_new(&sweep->study, &head, error);
        status = sweep->verdict == NULL ? -1 : verdict_add(sweep->verdict, &sweep->dropped, error);
    }
    buf_clear(&ranges);
    buf_clear(&params);
    return status;
}
