/* Folding the journal's events into one ledger per account, and writing what they hold. */
#include "journal/books.h"

#include "base/list.h"
#include "journal/binder.h"
#include "ledger/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct book {
    char account[ID_SIZE];
    struct ledger ledger;
    bool changed;  /* the account's row */
    bool *holding; /* by holding: its position and lots */
    size_t holdings;
};

enum put { PUT_ACCOUNT, PUT_POSITION, DROP_POSITION, PUT_LOT, DROP_LOTS, PUTS };

static const char *const put_sql[PUTS] = {
    [PUT_ACCOUNT] = "INSERT OR REPLACE INTO accounts(account, mode, currency, cash, commission, fees, halted, opened)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [PUT_POSITION] = "INSERT OR REPLACE INTO positions(account, strategy, symbol, quantity, average_price, cost,"
                     " realized, multiplier) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [DROP_POSITION] = "DELETE FROM positions WHERE account = ? AND strategy = ? AND symbol = ?",
    [PUT_LOT] = "INSERT INTO lots(account, strategy, symbol, n, quantity, cost, opened, fill)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
    [DROP_LOTS] = "DELETE FROM lots WHERE account = ? AND strategy = ? AND symbol = ?",
};

struct books {
    struct book **book; /* in the order the accounts were first seen */
    size_t count, capacity;
    int64_t folded;
    struct statement *put[PUTS];
};

struct books *books_new(struct db *db, struct error *error)
{
    struct books *books = calloc(1, sizeof *books);
    if (books == NULL) {
        error_memory(error);
        return NULL;
    }
    for (int i = 0; i < PUTS; i++)
        if ((books->put[i] = statement_open(db, put_sql[i], error)) == NULL) {
            books_free(books);
            return NULL;
        }
    return books;
}

void books_forget(struct books *books)
{
    for (size_t i = 0; i < books->count; i++) {
        ledger_clear(&books->book[i]->ledger);
        free(books->book[i]->holding);
        free(books->book[i]);
    }
    books->count = 0;
    books->folded = 0;
}

void books_free(struct books *books)
{
    if (books == NULL)
        return;
    books_forget(books);
    for (int i = 0; i < PUTS; i++)
        statement_close(books->put[i]);
    free(books->book);
    free(books);
}

int64_t books_folded(const struct books *books)
{
    return books->folded;
}

static struct book *add_book(struct books *books, const char *account, enum mode mode, struct error *error)
{
    if (list_grow(&books->book, &books->capacity, books->count, sizeof(struct book *), error) != 0)
        return NULL;
    struct book *book = calloc(1, sizeof *book);
    if (book == NULL)
        goto failed;
    struct ledger_terms terms = {.settlement_unit = DEC_ONE / 100, .mode = mode};
    (void)snprintf(terms.account, sizeof terms.account, "%s", account);
    (void)snprintf(book->account, sizeof book->account, "%s", account);
    if (ledger_init(&book->ledger, &terms, error) != 0) {
        free(book);
        return NULL;
    }
    books->book[books->count++] = book;
    return book;
failed:
    error_memory(error);
    return NULL;
}

static struct book *find_book(const struct books *books, const char *account)
{
    for (size_t i = 0; i < books->count; i++)
        if (strcmp(books->book[i]->account, account) == 0)
            return books->book[i];
    return NULL;
}

const struct ledger *books_ledger(const struct books *books, const char *account)
{
    const struct book *book = find_book(books, account);
    return book == NULL ? NULL : &book->ledger;
}

/* Room for a flag per holding; new ones are unchanged. */
static int fit_flags(struct book *book, struct error *error)
{
    const size_t wanted = book->ledger.holdings;
    if (wanted <= book->holdings)
        return 0;
    bool *flags = realloc(book->holding, book->ledger.holding_capacity * sizeof *flags);
    if (flags == NULL)
        return error_memory(error);
    for (size_t i = book->holdings; i < wanted; i++)
        flags[i] = false;
    book->holding = flags;
    book->holdings = wanted;
    return 0;
}

static int note_change(struct book *book, enum record_type type, const union record_value *value, struct error *error)
{
    struct ledger *ledger = &book->ledger;
    if (fit_flags(book, error) != 0)
        return -1;
    if (type == RECORD_FILL) {
        const struct holding *holding =
            ledger_holding(ledger, value->fill.strategy, ledger_find_slot(ledger, value->fill.symbol));
        require(holding != NULL);
        book->holding[holding - ledger->holding] = true;
    } else if (type == RECORD_ACTION) {
        for (size_t i = 0; i < book->holdings; i++)
            book->holding[i] = true;
    }
    if (type == RECORD_FILL || type == RECORD_CASH || type == RECORD_HALT || type == RECORD_ACTION)
        book->changed = true;
    return 0;
}

static int fold_into(struct book *book, enum record_type type, const union record_value *value, struct error *error)
{
    struct ledger_terms *terms = &book->ledger.terms;
    if (type == RECORD_CASH && terms->currency[0] == '\0')
        (void)snprintf(terms->currency, sizeof terms->currency, "%s", value->cash.currency);
    return ledger_apply(&book->ledger, type, value, error) == 0 ? note_change(book, type, value, error) : -1;
}

static int fold(struct books *books, const struct event *event, const struct event_reader *reader, struct error *error)
{
    if (!event_needs_ledger(reader->type) || reader->account[0] == '\0')
        return 0;
    struct book *book = find_book(books, reader->account);
    if (book == NULL)
        book = add_book(books, reader->account, event->mode, error);
    if (book == NULL)
        return -1;
    if (book->ledger.terms.mode != event->mode)
        return error_set(error, EXIT_STATE, "account '%s' is a %s account", book->account,
                         mode_text(book->ledger.terms.mode));
    return fold_into(book, reader->type, &reader->value, error);
}

int books_fold(struct books *books, const struct event *event, const struct event_reader *reader, struct error *error)
{
    require(event->seq == books->folded + 1);
    if (fold(books, event, reader, error) != 0) {
        error_prefix(error, "event %" PRId64, event->seq);
        return -1;
    }
    books->folded = event->seq;
    return 0;
}

void books_settle(struct books *books)
{
    for (size_t i = 0; i < books->count; i++) {
        struct book *book = books->book[i];
        book->changed = false;
        for (size_t k = 0; k < book->holdings; k++)
            book->holding[k] = false;
    }
}

static int drop(struct statement *statement, const struct book *book, const struct holding *holding,
                struct error *error)
{
    struct binder b = binder_of(statement);
    bind_key(&b, book->account);
    bind_key(&b, holding->strategy);
    bind_key(&b, ledger_symbol(&book->ledger, holding->slot));
    return statement_run(statement, error);
}

static int put_position(struct books *books, const struct book *book, const struct holding *holding,
                        struct error *error)
{
    if (holding->quantity == 0 && holding->realized == 0)
        return drop(books->put[DROP_POSITION], book, holding, error);
    struct binder b = binder_of(books->put[PUT_POSITION]);
    bind_key(&b, book->account);
    bind_key(&b, holding->strategy);
    bind_key(&b, ledger_symbol(&book->ledger, holding->slot));
    bind_dec(&b, holding->quantity);
    bind_dec(&b, holding_average_price(holding));
    bind_dec(&b, holding_cost(holding));
    bind_dec(&b, holding->realized);
    bind_dec(&b, holding->multiplier);
    return statement_run(books->put[PUT_POSITION], error);
}

static int put_lots(struct books *books, const struct book *book, const struct holding *holding, struct error *error)
{
    if (drop(books->put[DROP_LOTS], book, holding, error) != 0)
        return -1;
    for (size_t i = 0; i < holding->lots; i++) {
        const struct lot *lot = &holding->lot[i];
        struct binder b = binder_of(books->put[PUT_LOT]);
        bind_key(&b, book->account);
        bind_key(&b, holding->strategy);
        bind_key(&b, ledger_symbol(&book->ledger, holding->slot));
        bind_int(&b, (int64_t)i + 1);
        bind_dec(&b, lot->quantity);
        bind_dec(&b, lot->cost);
        bind_time(&b, lot->opened);
        bind_text(&b, lot->fill);
        if (statement_run(books->put[PUT_LOT], error) != 0)
            return -1;
    }
    return 0;
}

static int put_account(struct books *books, const struct book *book, struct error *error)
{
    const struct ledger *ledger = &book->ledger;
    struct binder b = binder_of(books->put[PUT_ACCOUNT]);
    bind_key(&b, book->account);
    bind_text(&b, mode_text(ledger->terms.mode));
    bind_text(&b, ledger->terms.currency);
    bind_dec(&b, ledger->cash);
    bind_dec(&b, ledger->commission);
    bind_dec(&b, ledger->fees);
    bind_int(&b, ledger->halted ? 1 : 0);
    bind_time(&b, ledger->opening);
    return statement_run(books->put[PUT_ACCOUNT], error);
}

int books_flush(struct books *books, struct error *error)
{
    for (size_t i = 0; i < books->count; i++) {
        const struct book *book = books->book[i];
        if (book->changed && put_account(books, book, error) != 0)
            return -1;
        for (size_t k = 0; k < book->holdings; k++) {
            const struct holding *holding = &book->ledger.holding[k];
            if (book->holding[k] &&
                (put_position(books, book, holding, error) != 0 || put_lots(books, book, holding, error) != 0))
                return -1;
        }
    }
    books_settle(books);
    return 0;
}
