/* Charts as SVG and PNG files: runs gnuplot on a script and writes the picture. */
#include "show/chart_gnuplot.h"

#include "base/file.h"
#include "base/spawn.h"
#include "base/time.h"

#include <string.h>

#define SCRIPT_MAXIMUM  ((size_t)256 << 20)
#define PICTURE_MAXIMUM ((size_t)256 << 20)
#define PATIENCE        (60 * TIME_SECOND)

int picture_kind_of(const char *file, enum picture_kind *kind, struct error *error)
{
    const char *suffix = strrchr(file, '.');
    if (suffix != NULL && strcmp(suffix, ".svg") == 0)
        *kind = PICTURE_SVG;
    else if (suffix != NULL && strcmp(suffix, ".png") == 0)
        *kind = PICTURE_PNG;
    else
        return error_set(error, EXIT_USAGE, "cannot draw '%s': the name must end in .svg or .png", file);
    return 0;
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

static int draw(const struct buf *script, const char *file, struct error *error)
{
    static const char *const argv[] = {"gnuplot", "-d", NULL};
    struct buf picture, errors;
    buf_init(&picture, PICTURE_MAXIMUM);
    buf_init(&errors, 65536);
    int status = 0;
    int result = spawn_run(argv, buf_str(script), PATIENCE, &picture, &errors, &status, error);
    if (result != 0 && error->code == EXIT_USAGE) {
        error_clear(error);
        (void)error_set(error, EXIT_UNAVAILABLE, "cannot draw '%s': gnuplot is not installed", file);
        error_hint(error, "install gnuplot-nox; without -o the chart is shown here, as text");
    } else if (result == 0 && (status != 0 || picture.n == 0)) {
        result = say_failure(&errors, error);
    } else if (result == 0) {
        result = file_replace(file, picture.p, picture.n, 0666, error);
    }
    buf_clear(&picture);
    buf_clear(&errors);
    return result;
}

int chart_gnuplot_equity(const struct equity_chart *chart, const char *file, struct error *error)
{
    enum picture_kind kind = PICTURE_SVG;
    if (picture_kind_of(file, &kind, error) != 0)
        return -1;
    struct buf script;
    buf_init(&script, SCRIPT_MAXIMUM);
    int result = gnuplot_script_equity(chart, kind, &script, error);
    if (result == 0)
        result = draw(&script, file, error);
    buf_clear(&script);
    return result;
}

int chart_gnuplot_candles(const struct candle_chart *chart, const char *file, struct error *error)
{
    enum picture_kind kind = PICTURE_SVG;
    if (picture_kind_of(file, &kind, error) != 0)
        return -1;
    struct buf script;
    buf_init(&script, SCRIPT_MAXIMUM);
    int result = gnuplot_script_candles(chart, kind, &script, error);
    if (result == 0)
        result = draw(&script, file, error);
    buf_clear(&script);
    return result;
}
