/* net/listener: those who send a byte of their head now and then, each within the time-out, take all places there are;
 * they are hung up on, and who waited behind them is answered. */
#include "net/listener.h"

#include "base/time.h"
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOW = 2, OVER = 1 };
#define LIMIT TIME_SECOND

struct scene {
    struct loop *loop;
    int slow[SLOW], waiting;
    int64_t began, closed[SLOW], answered; /* monotonic, after the beginning */
    char answer[256];
};

static int on_post(void *context, const char *path, struct str body, char *text, struct error *error)
{
    (void)context, (void)error;
    memcpy(text, "taken\n", 7);
    return strcmp(path, "/here") == 0 && str_is(body, "{}") ? 200 : 404;
}

static int knock(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    return fd >= 0 && connect(fd, (struct sockaddr *)(void *)&address, sizeof address) == 0 ? fd : -1;
}

/* Each tenth of a second a byte of a head that never ends. */
static int on_time(void *context, int64_t now, struct error *error)
{
    struct scene *scene = context;
    bool open = scene->answered == 0;
    for (int i = 0; i < SLOW; i++)
        if (scene->closed[i] == 0) {
            open = true;
            (void)send(scene->slow[i], "a", 1, MSG_NOSIGNAL);
        }
    if (!open || now - scene->began > 10 * TIME_SECOND)
        return OVER;
    return loop_timer(scene->loop, now + TIME_SECOND / 10, on_time, scene, error) < 0 ? -1 : 0;
}

static int on_slow(void *context, int fd, int ready, struct error *error)
{
    struct scene *scene = context;
    char bytes[256];
    (void)ready, (void)error;
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0 || errno == EAGAIN)
        return 0;
    for (int i = 0; i < SLOW; i++)
        if (scene->slow[i] == fd)
            scene->closed[i] = time_monotonic() - scene->began;
    loop_unwatch(scene->loop, fd);
    return 0;
}

static int on_answer(void *context, int fd, int ready, struct error *error)
{
    struct scene *scene = context;
    (void)ready, (void)error;
    const ssize_t got = recv(fd, scene->answer, sizeof scene->answer - 1, MSG_DONTWAIT);
    scene->answered = time_monotonic() - scene->began;
    scene->answer[got > 0 ? got : 0] = '\0';
    loop_unwatch(scene->loop, fd);
    return 0;
}

int main(void)
{
    struct error error = {0};
    struct scene scene = {.loop = loop_new(&error)};
    const struct listener_options options = {.address = "127.0.0.1", .limit = 1000, .connections = SLOW, .time = LIMIT};
    struct listener *listener = listener_open(scene.loop, &options, on_post, &scene, &error);
    if (!check(listener != NULL, "it listens: %s", error.text))
        return done();
    scene.began = time_monotonic();
    for (int i = 0; i < SLOW; i++) {
        scene.slow[i] = knock(listener_port(listener));
        (void)send(scene.slow[i], "POST /here HTTP/1.1\r\nX: ", 24, MSG_NOSIGNAL);
        (void)loop_watch(scene.loop, scene.slow[i], LOOP_READ, on_slow, &scene, &error);
    }
    scene.waiting = knock(listener_port(listener));
    static const char post[] = "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    (void)send(scene.waiting, post, sizeof post - 1, MSG_NOSIGNAL);
    (void)loop_watch(scene.loop, scene.waiting, LOOP_READ, on_answer, &scene, &error);
    (void)loop_timer(scene.loop, scene.began, on_time, &scene, &error);
    check(loop_run(scene.loop, &error) == OVER, "the loop: %s", error.text);
    for (int i = 0; i < SLOW; i++)
        check(scene.closed[i] >= LIMIT && scene.closed[i] < 5 * LIMIT, "slow one %d is hung up on after %.1f s", i,
              (double)scene.closed[i] / 1e9);
    check(strncmp(scene.answer, "HTTP/1.1 200", 12) == 0 && scene.answered >= LIMIT,
          "who waited for a place is answered: %.20s", scene.answer);
    for (int i = 0; i < SLOW; i++)
        (void)close(scene.slow[i]);
    (void)close(scene.waiting);
    listener_close(listener);
    loop_free(scene.loop);
    return done();
}
