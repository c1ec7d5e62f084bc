/* Addresses of the web: parsing, comparing, encoding; and which network addresses are not the public internet. */
#include "net/url.h"

#include <netinet/in.h>

static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_address_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

static int refuse(struct error *error, const char *text, const char *why)
{
    return error_set(error, EXIT_USAGE, "'%.200s' is not the address of a server: %s", text, why);
}

/* The host at p; where it ends, or NULL. */
static const char *take_host(struct url *url, const char *p)
{
    size_t n = 0;
    if (*p == '[') {
        while (is_address_char(p[n + 1]))
            n++;
        if (n < 2 || p[n + 1] != ']')
            return NULL;
        n += 2;
    } else {
        while (is_host_char(p[n]))
            n++;
    }
    if (n == 0 || n >= sizeof url->host || p[0] == '.' || p[0] == '-')
        return NULL;
    for (size_t i = 0; i < n; i++)
        url->host[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] - 'A' + 'a' : p[i]);
    url->host[n] = '\0';
    return p + n;
}

/* ":8080" at p, if there; where it ends, or NULL. */
static const char *take_port(struct url *url, const char *p)
{
    int port = 0;
    if (*p != ':')
        return p;
    for (p++; *p >= '0' && *p <= '9'; p++) {
        port = port * 10 + (*p - '0');
        if (port > 65535)
            return NULL;
    }
    url->port = port;
    return port == 0 ? NULL : p;
}

int url_parse(struct url *url, const char *text, struct error *error)
{
    *url = (struct url){.port = 443};
    const char *p;
    if (strlen(text) > URL_MAX)
        return refuse(error, text, "too long");
    for (p = text; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~' || *p == '\\' || *p == '"' || *p == '<' || *p == '>' || *p == '#')
            return refuse(error, text, "it contains a character that must be encoded");
    if (strncmp(text, "https://", 8) == 0) {
        url->secure = true;
        p = text + 8;
    } else if (strncmp(text, "http://", 7) == 0) {
        url->port = 80;
        p = text + 7;
    } else {
        return refuse(error, text, "it begins neither with https:// nor with http://");
    }
    if ((p = take_host(url, p)) == NULL)
        return refuse(error, text, "it has no host");
    if ((p = take_port(url, p)) == NULL)
        return refuse(error, text, "its port is not a number from 1 to 65535");
    if (*p == '@')
        return refuse(error, text, "it contains a user name");
    if (*p != '\0' && *p != '/' && *p != '?')
        return refuse(error, text, "the host is followed by something other than a path");
    url->rest = *p == '\0' ? STR("/") : str_of(p);
    return 0;
}

bool url_same_origin(const struct url *a, const struct url *b)
{
    return a->secure == b->secure && a->port == b->port && strcmp(a->host, b->host) == 0;
}

void url_add_origin(struct buf *out, const struct url *url)
{
    buf_printf(out, "%s://%s", url->secure ? "https" : "http", url->host);
    if (url->port != (url->secure ? 443 : 80))
        buf_printf(out, ":%d", url->port);
}

void url_add_encoded(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char c = (unsigned char)text.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
            c == '_' || c == '~')
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static enum address_kind kind_of_ipv4(uint32_t address)
{
    const unsigned first = address >> 24, second = address >> 16 & 255;
    if (first == 127)
        return ADDRESS_LOOPBACK;
    if (first == 10 || (first == 172 && second >= 16 && second < 32) || (first == 192 && second == 168) ||
        (first == 100 && second >= 64 && second < 128))
        return ADDRESS_PRIVATE;
    if (first == 0 || first >= 224 || (first == 169 && second == 254))
        return ADDRESS_OTHER;
    return ADDRESS_PUBLIC;
}

enum address_kind address_kind(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        return kind_of_ipv4(ntohl(ipv4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return ADDRESS_OTHER;
    struct sockaddr_in6 ipv6;
    memcpy(&ipv6, address, sizeof ipv6);
    const uint8_t *byte = ipv6.sin6_addr.s6_addr;
    static const uint8_t zero[12];
    if (memcmp(byte, zero, 10) == 0 && byte[10] == 0xff && byte[11] == 0xff)
        return kind_of_ipv4((uint32_t)byte[12] << 24 | (uint32_t)byte[13] << 16 | (uint32_t)byte[14] << 8 | byte[15]);
    if (memcmp(byte, zero, 12) == 0)
        return byte[12] == 0 && byte[13] == 0 && byte[14] == 0 && byte[15] == 1 ? ADDRESS_LOOPBACK : ADDRESS_OTHER;
    if ((byte[0] & 0xfe) == 0xfc)
        return ADDRESS_PRIVATE;
    /* 2000::/3 is what has been given out so far. */
    return (byte[0] & 0xe0) == 0x20 ? ADDRESS_PUBLIC : ADDRESS_OTHER;
}

bool address_fits(const struct sockaddr *address, bool secure, bool configured)
{
    const enum address_kind kind = address_kind(address);
    return secure ? kind == ADDRESS_PUBLIC || configured : kind == ADDRESS_LOOPBACK && configured;
}
