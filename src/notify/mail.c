/* Mail by the system's sendmail (msmtp, exim, postfix …): RFC 5322 and MIME, plain text in UTF-8. */
#include "notify/channel.h"

#include "base/spawn.h"
#include "base/time.h"
#include "base/words.h"

#include <unistd.h>

#define PATIENCE (60 * TIME_SECOND)
#define LINE     57 /* bytes that make a base64 line of 76 characters */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(struct buf *out, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        const unsigned three =
            (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? (unsigned)p[i + 2] : 0);
        buf_add_char(out, base64_digits[three >> 18]);
        buf_add_char(out, base64_digits[three >> 12 & 63]);
        buf_add_char(out, i + 1 < n ? base64_digits[three >> 6 & 63] : '=');
        buf_add_char(out, i + 2 < n ? base64_digits[three & 63] : '=');
    }
}

/* Encoded words (RFC 2047) of 45 bytes at most, cut between characters: whatever stands in the title can neither end
 * the header nor begin another one. */
static void add_subject(struct buf *out, struct str title)
{
    buf_add_text(out, "Subject:");
    for (size_t at = 0; at < title.n;) {
        size_t n = title.n - at < 42 ? title.n - at : 42;
        while (at + n < title.n && n > 1 && ((unsigned char)title.p[at + n] & 0xc0) == 0x80)
            n--;
        buf_add_text(out, at == 0 ? " =?UTF-8?B?" : "\n =?UTF-8?B?");
        add_base64(out, (const unsigned char *)title.p + at, n);
        buf_add_text(out, "?=");
        at += n;
    }
    buf_add_char(out, '\n');
}

/* RFC 5322 §3.3, in UTC. */
static void add_date(struct buf *out, int64_t now)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t day = now / TIME_DAY, second = now % TIME_DAY / TIME_SECOND;
    const struct date date = date_from_days(day);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\n", days[date_weekday(day)], date.day,
               months[date.month - 1], date.year, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* An address list of the configuration: one line of printable characters. */
static int add_address(struct buf *out, const char *header, const char *text, const char *channel, struct error *error)
{
    for (const char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return error_set(error, EXIT_USAGE, "channel '%s': control characters in an address", channel);
    buf_printf(out, "%s: %s\n", header, text);
    return 0;
}

static void add_lines(struct buf *out, struct str bytes)
{
    for (size_t at = 0; at < bytes.n; at += LINE) {
        add_base64(out, (const unsigned char *)bytes.p + at, bytes.n - at < LINE ? bytes.n - at : LINE);
        buf_add_char(out, '\n');
    }
}

/* A name for the header of a file: what is no plain character becomes a dash. */
static void add_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        const char c = name.p[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                           c == '_' || c == '-';
        buf_add_char(out, plain ? c : '-');
    }
}

#define BOUNDARY "=_tn-part" /* which no line of base64 can be */

static void add_body(struct buf *mail, const struct notice *notice)
{
    static const char text[] = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n";
    buf_add_text(mail, "MIME-Version: 1.0\n");
    if (notice->file_name.n == 0) {
        buf_add_text(mail, text);
        add_lines(mail, notice->text);
        return;
    }
    buf_printf(mail, "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\n\n--" BOUNDARY "\n%s", text);
    add_lines(mail, notice->text);
    buf_add_text(mail, "\n--" BOUNDARY "\nContent-Type: application/octet-stream\nContent-Disposition: attachment; "
                       "filename=\"");
    add_name(mail, notice->file_name);
    buf_add_text(mail, "\"\nContent-Transfer-Encoding: base64\n\n");
    add_lines(mail, notice->file);
    buf_add_text(mail, "\n--" BOUNDARY "--\n");
}

int channel_mail(const struct channel *channel, const struct notice *notice, struct courier *courier,
                 struct error *error)
{
    const char *command = channel_setting(channel, courier, "command");
    const char *from = channel_setting(channel, courier, "from");
    char **words = words_split(command == NULL ? "/usr/sbin/sendmail -t -oi" : command, error);
    struct buf mail, errors;
    int status = 0, result = -1;
    if (words == NULL)
        return -1;
    buf_init(&mail, 64 << 20);
    buf_init(&errors, 4096);
    if (add_address(&mail, "To", channel_setting(channel, courier, "to"), channel->name, error) != 0 ||
        (from != NULL && add_address(&mail, "From", from, channel->name, error) != 0))
        goto out;
    add_subject(&mail, notice->title);
    add_date(&mail, time_now());
    /* The same message has the same name however often it is sent: a reader's mail program can see that. */
    buf_printf(&mail, "Message-ID: <tn-%lld-%s@truenorth.invalid>\n", (long long)notice->id, channel->name);
    buf_printf(&mail, "Auto-Submitted: auto-generated\nX-Priority: %s\n", notice->level == ALERT_CRITICAL ? "1" : "3");
    add_body(&mail, notice);
    if (buf_check(&mail, error) != 0)
        goto out;
    result = spawn_run((const char *const *)words, buf_str(&mail), PATIENCE, NULL, &errors, &status, error);
    if (result == 0 && status != 0) {
        const size_t n = errors.n == 0 ? 0 : strcspn(errors.p, "\n");
        result = error_set(error, EXIT_UNAVAILABLE, "%s ended with %d%s%.*s", words[0], status, n > 0 ? ": " : "",
                           (int)n, n > 0 ? errors.p : "");
    }
out:
    buf_clear(&mail);
    buf_clear(&errors);
    words_free(words);
    return result;
}
