/* Drawings as files: SVG by ourselves, PNG and PDF by gnuplot, which gets a script on its standard input, no shell and
 * no file name; what it answers is written by us. */
#include "show/drawing_render.h"

#include "base/file.h"
#include "base/spawn.h"
#include "base/time.h"

#include <string.h>

#define SCRIPT_MAXIMUM  ((size_t)256 << 20)
#define PICTURE_MAXIMUM ((size_t)256 << 20)
#define PATIENCE        (60 * TIME_SECOND)

int picture_kind_of(const char *file, enum picture_kind *kind, struct error *error)
{
    static const char *const suffixes[] = {".svg", ".png", ".pdf"};
    const char *suffix = strrchr(file, '.');
    for (int i = 0; suffix != NULL && i < 3; i++)
        if (strcmp(suffix, suffixes[i]) == 0) {
            *kind = (enum picture_kind)i;
            return 0;
        }
    return error_set(error, EXIT_USAGE, "cannot draw '%s': the name must end in .svg, .png or .pdf", file);
}

/* Why gnuplot gave no picture: the last thing it said. */
static int say_failure(const struct buf *errors, struct error *error)
{
    size_t end = errors->n;
    while (end > 0 && (errors->p[end - 1] == '\n' || errors->p[end - 1] == ' '))
        end--;
    size_t from = end;
    while (from > 0 && errors->p[from - 1] != '\n')
        from--;
    while (from < end && errors->p[from] == ' ')
        from++;
    return error_set(error, EXIT_UNAVAILABLE, "gnuplot drew nothing: %.*s", (int)(end - from > 200 ? 200 : end - from),
                     errors->n == 0 ? "" : errors->p + from);
}

static int gnuplot_run(const struct buf *script, struct buf *picture, const char *file, struct error *error)
{
    static const char *const argv[] = {"gnuplot", "-d", NULL};
    struct buf errors;
    buf_init(&errors, 65536);
    int status = 0;
    int result = spawn_run(argv, buf_str(script), PATIENCE, picture, &errors, &status, error);
    if (result != 0 && error->code == EXIT_USAGE) {
        error_clear(error);
        (void)error_set(error, EXIT_UNAVAILABLE, "cannot draw '%s': gnuplot is not installed", file);
        error_hint(error, "install gnuplot-nox; .svg files need no gnuplot");
    } else if (result == 0 && (status != 0 || picture->n == 0)) {
        result = say_failure(&errors, error);
    }
    buf_clear(&errors);
    return result;
}

int drawing_write(const struct drawing *drawing, size_t pages, enum picture_kind kind, const char *file,
                  struct error *error)
{
    require(pages == 1 || kind == PICTURE_PDF);
    for (size_t i = 0; i < pages; i++)
        if (drawing_check(&drawing[i], error) != 0)
            return -1;
    struct buf script, picture;
    buf_init(&script, SCRIPT_MAXIMUM);
    buf_init(&picture, PICTURE_MAXIMUM);
    if (kind == PICTURE_SVG)
        drawing_svg(drawing, true, "chart", &picture);
    else
        drawing_gnuplot(drawing, pages, kind, &script);
    int result = buf_check(&script, error) != 0 || buf_check(&picture, error) != 0 ? -1 : 0;
    if (result == 0 && kind != PICTURE_SVG)
        result = gnuplot_run(&script, &picture, file, error);
    if (result == 0)
        result = file_replace(file, picture.p, picture.n, 0666, error);
    buf_clear(&script);
    buf_clear(&picture);
    return result;
}
