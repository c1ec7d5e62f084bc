/* From a frame on the wire to its record on standard output: tn-stream live beside us against a server in here that
 * sends BENCH_RATE trades a second (10000) for BENCH_SECONDS (5). The yardstick is the same bytes through a child that
 * only passes them on: two wakings and two copies, which nobody can save. */
#include "base/buf.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static int64_t *sent; /* by number, shared with the process that sends */
static long count, rate;

_Noreturn static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void put(int fd, const char *p, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(fd, p, n);
        if (written <= 0)
            _exit(1);
        p += written;
        n -= (size_t)written;
    }
}

/* The trades at their pace, each when its time has come; with `framed` as WebSocket frames. */
_Noreturn static void send_all(int fd, bool framed)
{
    char text[512];
    const int64_t begin = time_monotonic() + TIME_SECOND / 2;
    for (long i = 0; i < count; i++) {
        const int64_t due = begin + i * (TIME_SECOND / rate);
        const struct timespec until = {due / TIME_SECOND, due % TIME_SECOND};
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        const long long now = (long long)(time_now() / 1000000);
        int n =
            snprintf(text + 4, sizeof text - 4,
                     "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":%lld,\"s\":\"BTCUSDT\",\"t\":%ld,"
                     "\"p\":\"61800.20\",\"q\":\"0.00100\",\"T\":%lld,\"m\":true,\"M\":true}}",
                     now, i + 1, now);
        char *from = text + 4;
        if (framed) {
            from = text;
            text[0] = (char)0x81;
            text[1] = 126;
            text[2] = (char)(n >> 8);
            text[3] = (char)(n & 255);
            n += 4;
        } else {
            from[n++] = '\n';
        }
        sent[i] = time_monotonic();
        put(fd, from, (size_t)n);
    }
    (void)pause(); /* whoever measures has the last word */
    _exit(0);
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Reads lines until the last number has come; `mark` stands before the number. */
static void measure(int fd, const char *mark, const char *name)
{
    static char buffer[1 << 20];
    int64_t *took = calloc((size_t)count, sizeof *took);
    size_t n = 0;
    long got = 0;
    while (got < count) {
        const ssize_t more = read(fd, buffer + n, sizeof buffer - n);
        const int64_t now = time_monotonic();
        if (more <= 0)
            break;
        n += (size_t)more;
        char *line = buffer, *end;
        while ((end = memchr(line, '\n', n - (size_t)(line - buffer))) != NULL) {
            *end = '\0';
            const char *at = strstr(line, mark);
            const long number = at == NULL ? 0 : strtol(at + strlen(mark), NULL, 10);
            if (number > 0 && number <= count)
                took[got++] = now - sent[number - 1];
            line = end + 1;
        }
        n -= (size_t)(line - buffer);
        memmove(buffer, line, n);
    }
    qsort(took, (size_t)got, sizeof *took, compare);
    if (got > 0)
        printf("%-28s p50 %6.1f us  p99 %8.1f us  p99.9 %8.1f us  most %8.1f us  (%ld of %ld at %ld/s)\n", name,
               (double)took[got / 2] / 1e3, (double)took[got * 99 / 100] / 1e3, (double)took[got * 999 / 1000] / 1e3,
               (double)took[got - 1] / 1e3, got, count, rate);
    free(took);
}

/* The upgrade, and what the client asks for, which is always the same. */
static void shake_hands(int fd)
{
    char text[4096] = "", joined[128], digest[64];
    unsigned char sha[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    size_t n = 0;
    while (strstr(text, "\r\n\r\n") == NULL && n < sizeof text - 1) {
        const ssize_t got = read(fd, text + n, sizeof text - 1 - n);
        if (got <= 0)
            fail("no request");
        n += (size_t)got;
        text[n] = '\0';
    }
    const char *key = strcasestr(text, "sec-websocket-key: ");
    if (key == NULL)
        fail("no key");
    (void)snprintf(joined, sizeof joined, "%.24s" GUID, key + 19);
    (void)EVP_Digest(joined, strlen(joined), sha, &length, EVP_sha1(), NULL);
    (void)EVP_EncodeBlock((unsigned char *)digest, sha, (int)length);
    const int answer = snprintf(text, sizeof text,
                                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Accept: %s\r\n\r\n",
                                digest);
    put(fd, text, (size_t)answer);
    if (read(fd, text, sizeof text) <= 0)
        fail("no subscription");
}

static void end(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static void pass_on(void)
{
    int in[2], out[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, in) != 0 || pipe(out) != 0)
        fail("pipe");
    const pid_t middle = fork();
    if (middle == 0) {
        char buffer[65536];
        ssize_t n;
        while ((n = read(in[1], buffer, sizeof buffer)) > 0)
            put(out[1], buffer, (size_t)n);
        _exit(0);
    }
    const pid_t sender = fork();
    if (sender == 0)
        send_all(in[0], false);
    measure(out[0], "\"t\":", "yardstick: passed on");
    end(sender);
    end(middle);
}

static void live(const char *program, const char *home)
{
    char path[4096], text[256];
    int out[2];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 1) != 0 ||
        getsockname(server, (struct sockaddr *)&address, &size) != 0 || pipe(out) != 0)
        fail("socket");
    (void)snprintf(path, sizeof path, "%s/config", home);
    FILE *config = fopen(path, "w");
    if (config == NULL)
        fail(path);
    (void)snprintf(text, sizeof text, "source bench { kind = binance  stream_url = \"ws://127.0.0.1:%d\" }\n",
                   ntohs(address.sin_port));
    (void)fputs(text, config);
    (void)fclose(config);
    const pid_t client = fork();
    if (client == 0) {
        (void)dup2(out[1], STDOUT_FILENO);
        (void)execl(program, program, "live", "-s", "bench", "BTC/USDT", "--take", "trades", (char *)NULL);
        fail(program);
    }
    const int connection = accept4(server, NULL, NULL, SOCK_CLOEXEC);
    const int at_once = 1; /* as servers of prices do: no frame waits for another's acknowledgement */
    if (connection < 0 || setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) != 0)
        fail("accept");
    shake_hands(connection);
    const pid_t sender = fork();
    if (sender == 0)
        send_all(connection, true);
    measure(out[0], "\"id\":\"", "tn-stream live");
    end(sender);
    end(client);
    (void)unlink(path);
}

int main(int argc, char **argv)
{
    char home[] = "/tmp/tn-bench.XXXXXX", program[4096];
    const char *seconds = getenv("BENCH_SECONDS"), *wanted = getenv("BENCH_RATE");
    (void)argc;
    rate = wanted == NULL ? 10000 : strtol(wanted, NULL, 10);
    count = rate * (seconds == NULL ? 5 : strtol(seconds, NULL, 10));
    if (rate <= 0 || count <= 0 || mkdtemp(home) == NULL)
        return 2;
    const char *slash = strrchr(argv[0], '/');
    (void)snprintf(program, sizeof program, "%.*stn-stream", slash == NULL ? 0 : (int)(slash - argv[0] + 1), argv[0]);
    (void)setenv("TN_HOME", home, 1);
    sent = mmap(NULL, (size_t)count * sizeof *sent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sent == MAP_FAILED)
        return 1;
    pass_on();
    live(program, home);
    (void)rmdir(home);
    return 0;
}
