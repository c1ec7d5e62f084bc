/* Channels that are programs: any command, the desktop, a voice. */
#include "notify/channel.h"

#include "base/spawn.h"
#include "base/terminal.h"
#include "base/time.h"
#include "base/words.h"

#include <stdlib.h>

#define PATIENCE   (30 * TIME_SECOND)
#define OUTPUT_MAX 4096

/* Runs a program and judges its end: 0 is taken, 75 (EX_TEMPFAIL of sysexits.h) and anything else is tried again. */
static int run(const char *const *argv, struct str input, struct error *error)
{
    struct buf output, errors;
    int status = 0;
    buf_init(&output, OUTPUT_MAX);
    buf_init(&errors, OUTPUT_MAX);
    int result = spawn_run(argv, input, PATIENCE, &output, &errors, &status, error);
    if (result == 0 && status != 0) {
        const struct str said = buf_str(&errors);
        const char *line_end = said.n == 0 ? NULL : memchr(said.p, '\n', said.n);
        result = error_set(error, EXIT_UNAVAILABLE, "%s ended with %d%s%.*s", argv[0], status, said.n > 0 ? ": " : "",
                           (int)(line_end == NULL ? said.n : (size_t)(line_end - said.p)), said.n > 0 ? said.p : "");
    }
    buf_clear(&output);
    buf_clear(&errors);
    return result;
}

/* Append a word of the command with {title}, {text} and {level} filled in. What is filled in stays one argument. */
static void fill_word(struct buf *out, const char *word, const struct notice *notice)
{
    const struct {
        struct str hole, text;
    } holes[] = {{STR("{title}"), notice->title},
                 {STR("{text}"), notice->text},
                 {STR("{level}"), str_of(level_text(notice->level))}};
    while (*word != '\0') {
        size_t taken = 0;
        for (size_t i = 0; i < sizeof holes / sizeof *holes && taken == 0; i++)
            if (strncmp(word, holes[i].hole.p, holes[i].hole.n) == 0) {
                buf_add_str(out, holes[i].text);
                taken = holes[i].hole.n;
            }
        if (taken == 0)
            buf_add_char(out, *word);
        word += taken == 0 ? 1 : taken;
    }
    buf_add_char(out, '\0');
}

int channel_command(const struct channel *channel, const struct notice *notice, struct courier *courier,
                    struct error *error)
{
    char **words = words_split(channel_setting(channel, courier, "command"), error);
    const char **argv = NULL;
    struct buf text;
    size_t count = 0;
    int result = -1;
    if (words == NULL)
        return -1;
    buf_init(&text, 1 << 20);
    while (words[count] != NULL)
        fill_word(&text, words[count++], notice);
    if (buf_check(&text, error) != 0)
        goto out;
    if ((argv = calloc(count + 1, sizeof *argv)) == NULL) {
        error_memory(error);
        goto out;
    }
    const char *p = text.p;
    for (size_t i = 0; i < count; i++) {
        argv[i] = p;
        p += strlen(p) + 1;
    }
    result = run(argv, notice->data, error);
out:
    free(argv);
    buf_clear(&text);
    words_free(words);
    return result;
}

static const char *copy_text(struct buf *out, struct str text, struct error *error)
{
    buf_add_str(out, text);
    return buf_check(out, error) == 0 ? (out->p == NULL ? "" : out->p) : NULL;
}

int channel_desktop(const struct channel *channel, const struct notice *notice, struct courier *courier,
                    struct error *error)
{
    static const char *const urgency[] = {"", "--urgency=low", "--urgency=normal", "--urgency=critical"};
    struct buf title, text;
    (void)channel;
    (void)courier;
    buf_init(&title, 1 << 16);
    buf_init(&text, 1 << 16);
    const char *head = copy_text(&title, notice->title, error), *body = copy_text(&text, notice->text, error);
    const char *const argv[] = {"notify-send", "--app-name=True North", urgency[notice->level], "--", head, body, NULL};
    const int result = head == NULL || body == NULL ? -1 : run(argv, STR(""), error);
    buf_clear(&title);
    buf_clear(&text);
    return result;
}

int channel_voice(const struct channel *channel, const struct notice *notice, struct courier *courier,
                  struct error *error)
{
    static const char *const argv[] = {"espeak-ng", "--stdin", NULL};
    (void)channel;
    (void)courier;
    return run(argv, notice->title, error);
}
