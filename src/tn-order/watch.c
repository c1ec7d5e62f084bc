/* tn-order positions --watch: a table of open positions that refreshes while a terminal shows it, and is printed once
 * where none does. */
#include "tn-order/watch.h"

#include "base/loop.h"
#include "base/terminal.h"
#include "journal/halt.h"
#include "tn-order/commands.h"
#include "tn-order/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OVER = 1, BAD_TOLD = 5 };

struct watch {
    struct invocation *invocation;
    struct config *config;
    struct account account;
    struct excursions *excursions;
    char *halt_path;
    struct style style;
    bool styled;
    struct screen screen;
    struct loop *loop;
    int input; /* prices come from it, -1: none, or no more */
    char *const *files;
    struct buf lines; /* of prices: what is not a whole one yet */
    struct buf text;
    uint64_t bad;
    int64_t every;
};

static const struct column columns[] = {
    {.key = "time", .title = "as of", .kind = COLUMN_TIME, .rank = 6},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "account", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "strategy", .kind = COLUMN_TEXT, .rank = 7},
    {.key = "quantity", .kind = COLUMN_DEC},
    {.key = "unprotected", .kind = COLUMN_DEC, .rank = 8},
    {.key = "average_price", .title = "average", .kind = COLUMN_DEC, .digits = 2, .rank = 3},
    {.key = "market_price", .title = "market", .kind = COLUMN_DEC, .digits = 2},
    {.key = "unrealized", .kind = COLUMN_DEC, .digits = 2, .sign = true},
    {.key = "r", .title = "R", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true},
    {.key = "mfe", .title = "MFE", .kind = COLUMN_DEC, .digits = 2, .rank = 1},
    {.key = "mae", .title = "MAE", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
    {.key = "risk", .kind = COLUMN_DEC, .digits = 2, .rank = 5},
    {.key = "realized", .kind = COLUMN_DEC, .digits = 2, .sign = true, .rank = 4},
    {.key = "currency", .kind = COLUMN_TEXT, .data_only = true},
    {.key = "opened", .kind = COLUMN_TIME, .rank = 9},
    {.key = "mode", .kind = COLUMN_TEXT, .data_only = true},
};

/* ---- what is shown ---- */

static void add_row(struct table *table, const struct position *position)
{
    table_time(table, position->time);
    table_text(table, position->symbol);
    table_text(table, position->account);
    table_text(table, position->strategy);
    table_dec(table, position->quantity);
    table_dec(table, position->unprotected);
    table_tone(table, position->unprotected > 0 ? TONE_WARNING : TONE_NONE);
    table_dec(table, position->average_price);
    table_dec(table, position->market_price);
    table_dec(table, position->unrealized);
    table_double(table, position->r);
    table_dec(table, position->mfe);
    table_dec(table, position->mae);
    table_dec(table, position->risk);
    table_dec(table, position->realized);
    table_text(table, position->currency);
    table_time(table, position->opened);
    table_text(table, mode_text(position->mode));
}

static struct table *make_table(struct watch *watch, dec *unrealized, struct error *error)
{
    const struct ledger *ledger = watch->account.ledger;
    struct table *table = table_new("position", columns, sizeof columns / sizeof *columns, error);
    *unrealized = 0;
    for (size_t i = 0; table != NULL && i < ledger->holdings; i++) {
        struct position position;
        dec own = 0;
        if (ledger->holding[i].quantity == 0)
            continue;
        if (ledger_position(ledger, &ledger->holding[i], &position, error) != 0 ||
            excursions_position(watch->excursions, &ledger->holding[i], &position, error) != 0 ||
            ledger_convert(ledger, ledger->symbol_state[ledger->holding[i].slot].currency, position.unrealized,
                           ledger->terms.settlement_unit, ROUND_HALF_EVEN, &own, error) != 0) {
            table_free(table);
            return NULL;
        }
        if (own == DEC_NONE || *unrealized == DEC_NONE || dec_add(unrealized, *unrealized, own) != 0)
            *unrealized = DEC_NONE;
        add_row(table, &position);
    }
    return table;
}

/* "paper  equity 100123.00  open profit +23.00  halted". Equity is that of the account's marks. */
static int add_head(struct watch *watch, dec unrealized, struct error *error)
{
    const struct ledger *ledger = watch->account.ledger;
    dec equity;
    if (ledger_equity(ledger, &equity, error) != 0)
        return -1;
    style_add(&watch->text, str_of(ledger->terms.account), &watch->style);
    buf_add_text(&watch->text, "  equity ");
    table_dec_add(&watch->text, equity, 2, false);
    if (unrealized != DEC_NONE) {
        buf_add_text(&watch->text, "  open profit ");
        table_dec_add(&watch->text, unrealized, 2, true);
    }
    if (ledger->halted || halt_file_is_there(watch->halt_path))
        buf_add_text(&watch->text, "  HALTED");
    buf_add_text(&watch->text, "\n\n");
    return 0;
}

static int draw(struct watch *watch, struct error *error)
{
    dec unrealized;
    if (account_catch_up(&watch->account, error) != 0 || excursions_catch_up(watch->excursions, error) != 0)
        return -1;
    struct table *table = make_table(watch, &unrealized, error);
    if (table == NULL)
        return -1;
    int result = 0;
    if (!watch->screen.shown) {
        result = table_show(table, &watch->style, error);
    } else {
        watch->style.width = terminal_width(STDOUT_FILENO);
        buf_reset(&watch->text);
        result = table_check(table, error) != 0 ? -1 : add_head(watch, unrealized, error);
        if (result == 0 && table_rows(table) == 0)
            buf_add_text(&watch->text, "no positions\n");
        else if (result == 0)
            result = table_render(table, &watch->style, &watch->text, error);
        if (result == 0)
            result = screen_draw(&watch->text, error);
    }
    table_free(table);
    return result;
}

/* ---- prices of a stream ---- */

static void take_lines(struct watch *watch, struct buf *input)
{
    struct error bad = {0};
    const char *p = input->p, *const end = p + input->n;
    for (const char *stop; p < end && (stop = memchr(p, '\n', (size_t)(end - p))) != NULL; p = stop + 1) {
        if (stop == p || excursions_line(watch->excursions, (struct str){p, (size_t)(stop - p)}, &bad) == 0)
            continue;
        if (++watch->bad <= BAD_TOLD && !watch->screen.shown)
            say(watch->invocation, 0, "a price: %s", bad.text);
        error_clear(&bad);
    }
    const size_t whole = (size_t)(p - input->p);
    memmove(input->p, p, input->n - whole);
    input->n -= whole;
}

static int open_next(struct watch *watch, struct error *error)
{
    watch->input = -1;
    if (watch->files == NULL || watch->files[0] == NULL)
        return 0;
    const char *file = *watch->files++;
    watch->input = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    if (watch->input >= 0)
        return 0;
    if (errno == ENOENT)
        return error_set(error, EXIT_USAGE, "cannot read '%s': there is no such file", file);
    error_system(error, "cannot read '%s'", file);
    return -1;
}

/* What is there: 1; 0 at the end of the last file. */
static int read_some(struct watch *watch, struct buf *input, struct error *error)
{
    char *to = buf_reserve(input, 64 * 1024);
    if (to == NULL)
        return error_set(error, EXIT_INPUT, "a line of prices is too long");
    const ssize_t n = read(watch->input, to, 64 * 1024);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 1 : error_system(error, "cannot read prices");
    if (n > 0) {
        input->n += (size_t)n;
        take_lines(watch, input);
        return 1;
    }
    if (watch->input != STDIN_FILENO)
        (void)close(watch->input);
    return open_next(watch, error) < 0 ? -1 : watch->input >= 0;
}

static int on_input(void *context, int fd, int ready, struct error *error)
{
    struct watch *watch = context;
    (void)ready;
    const int got = read_some(watch, &watch->lines, error);
    if (got < 0)
        return -1;
    if (watch->input == fd)
        return 0;
    loop_unwatch(watch->loop, fd);
    return watch->input < 0 ? 0 : loop_watch(watch->loop, watch->input, LOOP_READ, on_input, watch, error);
}

/* ---- the terminal ---- */

static int on_key(void *context, int fd, int ready, struct error *error)
{
    char key[64];
    (void)context, (void)ready, (void)error;
    const ssize_t n = read(fd, key, sizeof key);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        return OVER;
    for (ssize_t i = 0; i < n; i++)
        if (key[i] == 'q' || key[i] == 'Q')
            return OVER;
    return 0;
}

static int on_end(void *context, int number, struct error *error)
{
    (void)context, (void)number, (void)error;
    return OVER;
}

static int on_resize(void *context, int number, struct error *error)
{
    (void)number;
    return draw(context, error);
}

static int on_turn(void *context, int64_t now, struct error *error)
{
    struct watch *watch = context;
    if (loop_timer(watch->loop, now + watch->every, on_turn, watch, error) < 0)
        return -1;
    return draw(watch, error);
}

/* Before the screen is another: whatever ends us from then on ends us in order. */
static int take_signals(struct watch *watch, struct error *error)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (loop_signal(watch->loop, ends[i], on_end, watch, error) < 0)
            return -1;
    return loop_signal(watch->loop, SIGWINCH, on_resize, watch, error);
}

static int run_on_screen(struct watch *watch, struct error *error)
{
    watch->loop = loop_new(error);
    if (watch->loop == NULL || take_signals(watch, error) < 0 ||
        screen_enter(&watch->screen, watch->input == STDIN_FILENO, error) < 0 || draw(watch, error) < 0 ||
        loop_timer(watch->loop, time_monotonic() + watch->every, on_turn, watch, error) < 0 ||
        (watch->screen.keys >= 0 && loop_watch(watch->loop, watch->screen.keys, LOOP_READ, on_key, watch, error) < 0) ||
        (watch->input >= 0 && loop_watch(watch->loop, watch->input, LOOP_READ, on_input, watch, error) < 0))
        return -1;
    return loop_run(watch->loop, error) < 0 ? -1 : 0;
}

static int run_once(struct watch *watch, struct error *error)
{
    int got = watch->input >= 0;
    while (got == 1)
        got = read_some(watch, &watch->lines, error);
    return got < 0 ? -1 : draw(watch, error);
}

/* ---- from the first to the last ---- */

static int open_all(struct watch *watch, struct error *error)
{
    const struct invocation *invocation = watch->invocation;
    watch->config = config_open(error);
    const char *account =
        watch->config == NULL ? NULL : account_choose(watch->config, option_text(invocation, "account", NULL), error);
    const struct account_options options = {.config = watch->config, .name = account};
    if (account == NULL || account_open(&watch->account, &options, ACCOUNT_READ, error) != 0)
        return -1;
    tell_dropped(invocation, &watch->account);
    watch->halt_path = account_file(watch->config, account, "halt", error);
    watch->excursions = watch->halt_path == NULL ? NULL : excursions_open(&watch->account, error);
    if (watch->excursions == NULL)
        return -1;
    watch->styled = style_init(&watch->style, invocation, NULL, error) == 0;
    return watch->styled ? open_next(watch, error) : -1;
}

enum exit_code positions_watch(struct invocation *invocation, struct error *error)
{
    struct watch watch = {
        .invocation = invocation,
        .screen = {.keys = -1},
        .input = -1,
        .files = invocation_operand_list(invocation),
        .every = option_count(invocation, "every", 1000) * (TIME_SECOND / 1000),
    };
    buf_init(&watch.lines, 4u << 20);
    buf_init(&watch.text, 4u << 20);
    if (open_all(&watch, error) == 0)
        (void)(terminal_is(STDOUT_FILENO) && watch.style.format == FORMAT_TABLE ? run_on_screen(&watch, error)
                                                                                : run_once(&watch, error));
    screen_leave(&watch.screen);
    loop_free(watch.loop);
    if (watch.bad > 0)
        say(invocation, 0, "lines skipped, not records: %llu", (unsigned long long)watch.bad);
    if (watch.styled)
        style_clear(&watch.style);
    excursions_close(watch.excursions);
    account_close(&watch.account);
    config_free(watch.config);
    free(watch.halt_path);
    buf_clear(&watch.lines);
    buf_clear(&watch.text);
    return watch.bad > 0 && !error_is_set(error) ? EXIT_INPUT : error->code;
}
