/* Events in a few words. */
#include "journal/summary.h"

#include "journal/journal.h"
#include "journal/kinds.h"
#include "record/schema.h"

#include <stdio.h>

#define SUMMARY_MAX 400 /* bytes shown of a record that has no words of its own */

void summary_init(struct summary *summary)
{
    *summary = (struct summary){.time = TIME_NONE};
    buf_init(&summary->text, (size_t)RECORD_LINE_MAX);
}

void summary_clear(struct summary *summary)
{
    buf_clear(&summary->text);
}

/* What cannot be read is done without; -1 when that was for want of memory. */
static int forgive(struct error *error)
{
    if (error->code == EXIT_SYSTEM)
        return -1;
    error_clear(error);
    return 0;
}

static int take_text(const struct record *record, const char *name, char *out, size_t size, struct error *error)
{
    struct str text;
    const struct field *field = record_field(record, name);
    out[0] = '\0';
    if (field == NULL || field->kind != VALUE_STRING)
        return 0;
    if (record_text(record, field, &text, error) != 0)
        return forgive(error);
    (void)snprintf(out, size, STR_FMT, STR_ARG(text));
    return 0;
}

static int describe(struct summary *summary, struct record *scanned, struct str record, bool *said, struct error *error)
{
    union record_value value;
    if (record_scan(scanned, record.p, record.n, error) != 0)
        return forgive(error);
    if (take_text(scanned, "symbol", summary->symbol, sizeof summary->symbol, error) != 0 ||
        take_text(scanned, "id", summary->id, sizeof summary->id, error) != 0 ||
        (summary->id[0] == '\0' && take_text(scanned, "order_id", summary->id, sizeof summary->id, error) != 0))
        return -1;
    if (record_known(scanned, &summary->time, error) != 0) {
        summary->time = TIME_NONE;
        if (forgive(error) != 0)
            return -1;
    }
    const enum record_type type = scanned->type;
    if ((type != RECORD_BAR && !event_kind(type)) || schema_table[type].member == NULL)
        return 0;
    if (record_decode(scanned, &value, error) != 0)
        return forgive(error);
    *said = record_describe(&summary->text, type, &value);
    return 0;
}

int summary_of(struct summary *summary, struct str record, struct error *error)
{
    struct record scanned = {0};
    struct buf scratch;
    bool said = false;
    buf_init(&scratch, (size_t)RECORD_LINE_MAX);
    scanned.scratch = &scratch;
    summary->time = TIME_NONE;
    summary->symbol[0] = summary->id[0] = '\0';
    buf_reset(&summary->text);
    int status = describe(summary, &scanned, record, &said, error);
    if (!said)
        buf_add(&summary->text, record.p, record.n < SUMMARY_MAX ? record.n : SUMMARY_MAX);
    if (status == 0)
        status = buf_check(&summary->text, error);
    buf_clear(&scratch);
    return status;
}

int summary_of_part(struct summary *summary, const struct event *part, struct error *error)
{
    summary->time = part->recorded;
    (void)snprintf(summary->symbol, sizeof summary->symbol, STR_FMT, STR_ARG(part->key));
    summary->id[0] = '\0';
    buf_reset(&summary->text);
    if (str_is(part->type, "bar"))
        bar_add_words(&summary->text, part->record);
    else
        object_add_words(&summary->text, part->record);
    return buf_check(&summary->text, error);
}
