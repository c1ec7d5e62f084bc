/* Runs one jq program on inputs, for adapter/runner.c: the only user of libjq, in a process of its own that can do
 * nothing but compute. It has an empty environment, opens no file, makes no process, and has limits of memory and
 * processor time; the parent adds a deadline for each answer.
 *
 * Standard input and output carry frames: a length (32 bits, little endian) and so many bytes. The first frame in is
 * the program, answered by an empty frame. Each further one is a JSON value, answered by the program's outputs, one
 * JSON text a line. The length of an answer has its highest bit set when it is an error's message instead. */
#include <errno.h>
#include <jq.h>
#include <jv.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define FRAME_MAX   (256u << 20)
#define OUTPUT_MAX  (64u << 20)
#define MEMORY_MAX  (1024ull << 20)
#define SECONDS_MAX 600
#define FAILED      0x80000000u

struct text {
    char *p;
    size_t n, capacity;
};

static bool text_add(struct text *text, const char *bytes, size_t n)
{
    if (text->n + n > text->capacity) {
        const size_t capacity = (text->n + n) * 2;
        char *p = realloc(text->p, capacity);
        if (p == NULL)
            return false;
        text->p = p;
        text->capacity = capacity;
    }
    if (n > 0)
        memcpy(text->p + text->n, bytes, n);
    text->n += n;
    return true;
}

static bool read_all(void *to, size_t n)
{
    char *p = to;
    while (n > 0) {
        const ssize_t got = read(STDIN_FILENO, p, n);
        if (got == -1 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool write_all(const void *from, size_t n)
{
    const char *p = from;
    while (n > 0) {
        const ssize_t put = write(STDOUT_FILENO, p, n);
        if (put == -1 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return true;
}

/* The next frame, NUL-terminated; false at the end of the input. */
static bool frame_read(struct text *frame)
{
    uint8_t head[4];
    frame->n = 0;
    if (!read_all(head, sizeof head))
        return false;
    const size_t n = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    if (n > FRAME_MAX)
        return false;
    if (n + 1 > frame->capacity) {
        free(frame->p);
        *frame = (struct text){malloc(n + 1), 0, n + 1};
        if (frame->p == NULL)
            return false;
    }
    if (!read_all(frame->p, n))
        return false;
    frame->p[n] = '\0';
    frame->n = n;
    return true;
}

static bool frame_write(const char *bytes, size_t n, bool failed)
{
    const uint32_t mark = (uint32_t)n | (failed ? FAILED : 0);
    const uint8_t head[4] = {mark & 255, mark >> 8 & 255, mark >> 16 & 255, (uint8_t)(mark >> 24)};
    return write_all(head, sizeof head) && write_all(bytes, n);
}

static bool fail(const char *message)
{
    return frame_write(message, strlen(message), true);
}

static void limit(unsigned what, rlim_t most)
{
    const struct rlimit now = {most, most};
    if (setrlimit(what, &now) != 0)
        _exit(10);
}

static void confine(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0) != 0)
        _exit(10);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 3); /* the three there are: nothing can be opened, imported or connected */
    limit(RLIMIT_NPROC, 0);
    limit(RLIMIT_CPU, SECONDS_MAX);
#ifndef __SANITIZE_ADDRESS__
    limit(RLIMIT_AS, MEMORY_MAX);
#endif
}

/* The message of an invalid result or compile error, as text of ours. */
static void take_message(void *context, jv message)
{
    struct text *text = context;
    jv line = jv_get_kind(message) == JV_KIND_STRING ? jv_copy(message) : jv_dump_string(jv_copy(message), 0);
    if (text->n == 0)
        (void)text_add(text, jv_string_value(line), strlen(jv_string_value(line)));
    jv_free(line);
    jv_free(message);
}

/* What is wrong with a result that is no value; NULL when the program has just ended. */
static const char *failure_of(jv result, struct text *text)
{
    if (!jv_invalid_has_msg(jv_copy(result))) {
        jv_free(result);
        return NULL;
    }
    text->n = 0;
    take_message(text, jv_invalid_get_msg(result));
    (void)text_add(text, "", 1);
    return text->p;
}

static bool answer(jq_state *jq, const struct text *input, struct text *output, struct text *message)
{
    output->n = 0;
    jv value = jv_parse_sized(input->p, (int)input->n);
    if (!jv_is_valid(value)) {
        jv_free(value);
        return fail("the input is no JSON");
    }
    jq_start(jq, value, 0);
    for (;;) {
        jv result = jq_next(jq);
        if (!jv_is_valid(result)) {
            const char *failure = failure_of(result, message);
            if (failure != NULL)
                return fail(failure);
            break;
        }
        jv text = jv_dump_string(result, 0);
        const char *line = jv_string_value(text);
        const bool room = output->n < OUTPUT_MAX && text_add(output, line, strlen(line)) && text_add(output, "\n", 1);
        jv_free(text);
        if (!room)
            return fail("the program's output is too long");
    }
    return frame_write(output->p, output->n, false);
}

/* Compile, answer that, then answer until the input ends. */
static int serve(jq_state *jq, struct text *frame, struct text *output, struct text *message)
{
    if (!frame_read(frame))
        return 10;
    jq_set_error_cb(jq, take_message, message);
    if (!jq_compile(jq, frame->p))
        return text_add(message, "", 1) && fail(message->p) ? 3 : 10;
    if (!frame_write("", 0, false))
        return 10;
    while (frame_read(frame))
        if (!answer(jq, frame, output, message))
            return 10;
    return 0;
}

int main(void)
{
    struct text frame = {0}, output = {0}, message = {0};
    confine();
    jq_state *jq = jq_init();
    const int result = jq == NULL ? 10 : serve(jq, &frame, &output, &message);
    jq_teardown(&jq);
    free(frame.p);
    free(output.p);
    free(message.p);
    return result;
}
