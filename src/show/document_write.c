/* Documents as files. */
#include "show/document.h"

#include "base/file.h"

#include <string.h>

#define FILE_MAXIMUM ((size_t)256 << 20)

int document_kind_of(const char *file, enum document_kind *kind, struct error *error)
{
    static const struct {
        const char *suffix;
        enum document_kind kind;
    } kinds[] = {{".html", DOCUMENT_HTML}, {".md", DOCUMENT_MARKDOWN}};
    const char *suffix = strrchr(file, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(suffix, kinds[i].suffix) == 0) {
            *kind = kinds[i].kind;
            return 0;
        }
    return error_set(error, EXIT_USAGE, "cannot write '%s': the name must end in .html or .md", file);
}

int document_write(const struct document *document, enum document_kind kind, const char *file,
                   const struct style *style, struct error *error)
{
    if (document_check(document, error) != 0)
        return -1;
    struct buf out;
    buf_init(&out, FILE_MAXIMUM);
    int result = kind == DOCUMENT_HTML ? document_to_html(document, style, &out, error)
                                       : document_to_markdown(document, style, &out, error);
    if (result == 0)
        result = file_replace(file, out.p, out.n, 0666, error);
    buf_clear(&out);
    return result;
}
