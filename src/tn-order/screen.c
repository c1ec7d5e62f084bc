/* A screen that is drawn anew, and the terminal it is on: keys as they are pressed, and everything as it was when it is
 * left. */
#include "tn-order/screen.h"

#include "base/terminal.h"
#include "show/style.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Alternate screen, no cursor; and back. */
#define SCREEN_BEGIN "\033[?1049h\033[?25l"
#define SCREEN_END   "\033[?25h\033[?1049l"
#define SCREEN_CLEAR "\033[H\033[J"

/* ---- when we break ---- */

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };
static const struct screen *broken; /* what has to be mended then, NULL: nothing */

/* Nothing here but what a signal handler may do. */
static void mend(void)
{
    static const char end[] = SCREEN_END;
    if (broken == NULL)
        return;
    (void)!write(STDOUT_FILENO, end, sizeof end - 1);
    if (broken->keys >= 0)
        (void)tcsetattr(broken->keys, TCSANOW, &broken->before);
    broken = NULL;
}

static void on_crash(int number)
{
    mend();
    (void)raise(number); /* the handler is gone (SA_RESETHAND) */
}

static void guard(const struct screen *screen)
{
    struct sigaction action = {.sa_handler = screen == NULL ? SIG_DFL : on_crash};
    action.sa_flags = screen == NULL ? 0 : (int)SA_RESETHAND;
    broken = screen;
    error_before_bug = screen == NULL ? NULL : mend;
    for (int i = 0; i < CRASHES; i++)
        (void)sigaction(crashes[i], &action, NULL);
    (void)signal(SIGTSTP, screen == NULL ? SIG_DFL : SIG_IGN); /* no shell may have the terminal as it is now */
}

/* ---- what is drawn ---- */

static int rows_of(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 4 ? size.ws_row : 24;
}

/* As many lines as the screen has, the last of them for what the reader can do. */
static void fit(struct buf *text)
{
    const int rows = rows_of();
    int lines = 0, left = 0;
    size_t end = text->n;
    for (size_t i = 0; i < text->n; i++) {
        if (text->p[i] != '\n')
            continue;
        if (++lines == rows - 2)
            end = i + 1;
        left += lines > rows - 2;
    }
    text->n = end < text->n ? end : text->n;
    if (left > 0)
        buf_printf(text, "%d more lines; q quits", left);
    else
        buf_add_text(text, "\nq quits");
}

int screen_draw(struct buf *text, struct error *error)
{
    struct buf whole;
    buf_init(&whole, 8u << 20);
    fit(text);
    buf_add_text(&whole, SCREEN_CLEAR);
    buf_add_str(&whole, buf_str(text));
    const int result = buf_check(text, error) < 0 || buf_check(&whole, error) < 0 ? -1 : style_write(&whole, error);
    buf_clear(&whole);
    return result;
}

static int put(const char *what, struct error *error)
{
    struct buf text;
    buf_init(&text, 64);
    buf_add_text(&text, what);
    const int result = buf_check(&text, error) < 0 ? -1 : style_write(&text, error);
    buf_clear(&text);
    return result;
}

void screen_leave(struct screen *screen)
{
    struct error ignored = {0};
    if (screen->shown)
        (void)put(SCREEN_END, &ignored);
    if (screen->shown && screen->keys >= 0)
        (void)tcsetattr(screen->keys, TCSAFLUSH, &screen->before);
    if (screen->keys > STDIN_FILENO)
        (void)close(screen->keys);
    if (screen->shown)
        guard(NULL);
    screen->keys = -1;
    screen->shown = false;
}

/* What interrupts does so still, but nothing stops us with the screen as it is. */
int screen_enter(struct screen *screen, bool other_input, struct error *error)
{
    screen->keys =
        other_input || !terminal_is(STDIN_FILENO) ? open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    if (screen->keys >= 0 && tcgetattr(screen->keys, &screen->before) == 0) {
        struct termios raw = screen->before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VSUSP] = _POSIX_VDISABLE;
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        if (tcsetattr(screen->keys, TCSAFLUSH, &raw) != 0)
            return error_system(error, "cannot set up the terminal");
    } else if (screen->keys > STDIN_FILENO) {
        (void)close(screen->keys);
        screen->keys = -1;
    }
    screen->shown = true;
    guard(screen);
    return put(SCREEN_BEGIN, error);
}
