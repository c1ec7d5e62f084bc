/* What servers and adapters say: bodies, answers turned into records, times, addresses, secrets, recorded headers. The
 * first byte says which. What a reader accepts must be accepted by the next one. */
#include "adapter/body.h"
#include "adapter/convert.h"
#include "adapter/login.h"
#include "adapter/runner.h"
#include "adapter/xml.h"
#include "net/http.h"
#include "net/secret.h"
#include "net/url.h"

#include <stdlib.h>

static void fuzz_body(struct str text)
{
    struct buf once, twice;
    struct error error;
    error_clear(&error);
    buf_init(&once, 1u << 20);
    buf_init(&twice, 1u << 20);
    /* What comes out is JSON again, without a number: a second time changes nothing. */
    if (body_take(&once, text, &error) == 0)
        require(body_take(&twice, buf_str(&once), &error) == 0 && str_equal(buf_str(&once), buf_str(&twice)));
    buf_clear(&once);
    buf_clear(&twice);
}

/* What comes out of XML is JSON. */
static void fuzz_xml(struct str text)
{
    struct buf once, twice;
    struct error error;
    error_clear(&error);
    buf_init(&once, 1u << 22);
    buf_init(&twice, 1u << 22);
    if (xml_take(&once, text, &error) == 0)
        (void)body_take(&twice, buf_str(&once), &error); /* attributes may be there twice: refused here */
    buf_clear(&once);
    buf_clear(&twice);
}

static void fuzz_answer(struct str text)
{
    struct buf line, scratch;
    struct converter converter;
    struct error error;
    buf_init(&line, RECORD_LINE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX);
    converter_init(&converter, "fuzz");
    struct record record = {.scratch = &scratch};
    error_clear(&error);
    if (record_scan(&record, text.p, text.n, &error) == 0 && convert_record(&converter, &record, &line, &error) == 0) {
        /* Keys that are there twice after all (time and ex_date) are the scanner's to refuse; anything else is a
         * record. */
        struct error again;
        error_clear(&again);
        (void)record_scan(&record, line.p, line.n - 1, &again);
    }
    converter_clear(&converter);
    buf_clear(&line);
    buf_clear(&scratch);
}

static void fuzz_url(const char *text)
{
    struct url url, again;
    struct buf origin;
    struct error error;
    error_clear(&error);
    if (url_parse(&url, text, &error) < 0)
        return;
    buf_init(&origin, URL_MAX);
    url_add_origin(&origin, &url);
    require(url_parse(&again, origin.p, &error) == 0 && url_same_origin(&url, &again));
    buf_clear(&origin);
}

static void fuzz_secrets(struct str text)
{
    struct secrets secrets;
    struct buf shown;
    struct error error;
    error_clear(&error);
    secrets_init(&secrets);
    buf_init(&shown, 1u << 20);
    if (secrets_parse(&secrets, "key secret", text, &error) == 0) {
        buf_add_str(&shown, text);
        (void)secrets_blank(&secrets, &shown, &error);
        for (size_t i = 0; i < secrets.count && shown.n > 0; i++)
            require(strchr(secrets.list[i].text, '*') != NULL || strstr(shown.p, secrets.list[i].text) == NULL ||
                    strlen(shown.p) != shown.n);
    }
    buf_clear(&shown);
    secrets_clear(&secrets);
}

/* A secret file with a new secret in it: doing it again changes nothing. */
static void fuzz_rewrite(struct str text)
{
    struct buf once, twice;
    buf_init(&once, 1u << 20);
    buf_init(&twice, 1u << 20);
    login_rewrite(text, "token", "abc", &once);
    login_rewrite(buf_str(&once), "token", "abc", &twice);
    require(once.failed || twice.failed || str_equal(buf_str(&once), buf_str(&twice)));
    require(once.failed || memmem(once.p, once.n, "token = abc\n", 12) != NULL);
    buf_clear(&once);
    buf_clear(&twice);
}

static void fuzz_header(struct str text)
{
    struct http_response response = {.status = 429};
    buf_init(&response.headers, 1u << 20);
    buf_add_text(&response.headers, "retry-after:");
    buf_add_str(&response.headers, text);
    (void)http_retry_after(&response, 0);
    buf_clear(&response.headers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    if (size == 0)
        return 0;
    char *copy = malloc(size);
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 1, size - 1);
    copy[size - 1] = '\0';
    const struct str text = {copy, size - 1};
    error_clear(&error);
    switch (data[0]) {
    case 'b':
        fuzz_body(text);
        break;
    case 'x':
        fuzz_xml(text);
        break;
    case 'r':
        fuzz_answer(text);
        break;
    case 'u':
        fuzz_url(copy);
        break;
    case 's':
        fuzz_secrets(text);
        break;
    case 'h':
        fuzz_header(text);
        break;
    case 'l':
        fuzz_rewrite(text);
        break;
    case 'j':
        (void)runner_check(text, &error);
        break;
    default:
        (void)body_check_text(text, &error);
        break;
    }
    free(copy);
    return 0;
}
