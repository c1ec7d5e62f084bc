/* What stands above every report. */
#include "show/flat.h"
#include "show/report.h"

#include "base/time.h"

const char *book_mode(const struct book *book)
{
    static const char *const words[] = {"MODE NOT STATED", "BACKTEST", "PAPER", "LIVE"};
    return words[book->mode];
}

static void date_add(struct buf *out, int64_t time, const struct zone *zone)
{
    const int64_t local = zone == NULL ? time : zone_to_local(zone, time);
    char text[TIME_TEXT_MAX];
    buf_add(out, text, date_format(text, date_from_days(local / TIME_DAY - (local % TIME_DAY < 0))));
}

#define HEAD_WIDTH 100

struct listing {
    struct buf *out;
    const struct style *style;
    size_t width; /* of the line so far */
};

/* One word, on a new line where the old one would be too long. */
static void list_word(struct listing *listing, struct str word)
{
    if (listing->width > 0 && listing->width + word.n + 1 > HEAD_WIDTH)
        listing->width = 0;
    else if (listing->width > 0)
        buf_add_char(listing->out, ' ');
    if (listing->width == 0)
        buf_add_text(listing->out, listing->out->n > 0 && listing->out->p[listing->out->n - 1] != '\n' ? "\n  " : "  ");
    style_add(listing->out, word, listing->style);
    listing->width += word.n + 1;
}

/* "name value" in words, underscores of the name as spaces; a semicolon parts the fields. */
static void list_field(void *context, struct str name, struct str value)
{
    struct listing *listing = context;
    if (listing->width > 0) {
        buf_add_char(listing->out, ';');
        listing->width++;
    }
    const struct str texts[] = {name, value};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < texts[k].n;) {
            size_t end = i;
            while (end < texts[k].n && texts[k].p[end] != (k == 0 ? '_' : ' '))
                end++;
            list_word(listing, (struct str){texts[k].p + i, end - i});
            i = end + 1;
        }
}

static void result_add(const struct book *book, const struct style *style, struct buf *out)
{
    const struct result *result = &book->result;
    buf_add_text(out, "  run ");
    style_add(out, str_of(result->run), style);
    if (result->input.n > 0) {
        buf_add_text(out, ", input ");
        style_add(out, result->input, style);
    }
    const struct field *seed = record_field(book->result_record, "seed");
    if (seed != NULL && seed->kind == VALUE_NUMBER)
        buf_printf(out, ", seed %lld", (long long)result->seed);
    if (result->version[0] != '\0') {
        buf_add_text(out, ", version ");
        style_add(out, str_of(result->version), style);
    }
    buf_add_char(out, '\n');
    struct listing listing = {.out = out, .style = style};
    flat_each(result->assumptions, list_field, &listing);
    if (listing.width > 0)
        buf_add_char(out, '\n');
}

void report_head(const struct report *report, const struct style *style, struct buf *out)
{
    for (size_t i = 0; i < report->books; i++) {
        const struct book *book = report->book[i];
        buf_add_text(out, style->color ? "\033[1m" : "");
        buf_add_text(out, book_mode(book));
        buf_add_char(out, ' ');
        style_add(out, str_of(book->name), style);
        buf_add_text(out, style->color ? "\033[0m" : "");
        if (book->first != TIME_NONE) {
            buf_add_text(out, ", ");
            date_add(out, book->first, style->zone);
            buf_add_text(out, " to ");
            date_add(out, book->last, style->zone);
        }
        if (book->currency[0] != '\0') {
            buf_add_text(out, ", ");
            style_add(out, str_of(book->currency), style);
        }
        buf_add_char(out, '\n');
        if (book->result_record != NULL)
            result_add(book, style, out);
    }
    if (report->books == 0)
        buf_add_text(out, "no orders, fills, equity points or results\n");
    buf_add_text(out, "from ");
    style_add(out, str_of(report->source), style);
    buf_printf(out, ", times of %s\n\n", style->zone == NULL ? "UTC" : zone_name(style->zone));
}
