/* Documents as files. */
#include "show/document.h"

#include "base/file.h"
#include "show/document_pages.h"
#include "show/drawing_render.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAXIMUM ((size_t)256 << 20)

int document_kind_of(const char *file, enum document_kind *kind, struct error *error)
{
    static const struct {
        const char *suffix;
        enum document_kind kind;
    } kinds[] = {
        {".html", DOCUMENT_HTML}, {".pdf", DOCUMENT_PDF}, {".md", DOCUMENT_MARKDOWN}, {".xlsx", DOCUMENT_WORKBOOK}};
    const char *suffix = strrchr(file, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(suffix, kinds[i].suffix) == 0) {
            *kind = kinds[i].kind;
            return 0;
        }
    return error_set(error, EXIT_USAGE, "cannot write '%s': the name must end in .html, .pdf, .md or .xlsx", file);
}

static int write_pages(const struct document *document, const char *file, const struct style *style,
                       struct error *error)
{
    struct drawing *page = NULL;
    size_t pages = 0;
    int result = document_to_pages(document, style, &page, &pages, error);
    if (result == 0)
        result = drawing_write(page, pages, PICTURE_PDF, file, error);
    for (size_t i = 0; i < pages; i++)
        drawing_clear(&page[i]);
    free(page);
    return result;
}

int document_write(const struct document *document, enum document_kind kind, const char *file,
                   const struct style *style, struct error *error)
{
    if (document_check(document, error) != 0)
        return -1;
    if (kind == DOCUMENT_PDF)
        return write_pages(document, file, style, error);
    if (kind == DOCUMENT_WORKBOOK)
        return document_to_workbook(document, file, style, error);
    struct buf out;
    buf_init(&out, FILE_MAXIMUM);
    int result = kind == DOCUMENT_HTML ? document_to_html(document, style, &out, error)
                                       : document_to_markdown(document, style, &out, error);
    if (result == 0)
        result = file_replace(file, out.p, out.n, 0666, error);
    buf_clear(&out);
    return result;
}
