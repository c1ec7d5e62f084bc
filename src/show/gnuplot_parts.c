/* What the gnuplot scripts share. */
#include "show/gnuplot_parts.h"

#include "base/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const gnuplot_colors[GNUPLOT_COLORS] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

/* gnuplot 5.4 does not read a doubled quote where a label begins with one, so quotes become typographic ones. */
void gnuplot_label(struct buf *out, const char *text)
{
    struct buf clean;
    buf_init(&clean, out->maximum);
    terminal_strip(&clean, str_of(text));
    buf_add_char(out, '\'');
    for (size_t i = 0; i < clean.n; i++) {
        if (clean.p[i] == '\'')
            buf_add_text(out, "\u2019");
        else
            buf_add_char(out, clean.p[i]);
    }
    buf_add_char(out, '\'');
    out->failed |= clean.failed;
    buf_clear(&clean);
}

void gnuplot_head(struct buf *out, enum picture_kind kind, int height, const char *title, const char *subtitle)
{
    buf_add_text(out, "set encoding utf8\nset locale 'C'\nset decimalsign '.'\n");
    if (kind == PICTURE_SVG)
        buf_printf(out,
                   "set terminal svg noenhanced size 1200,%d font 'DejaVu Sans,Helvetica,sans-serif,13' "
                   "background '#ffffff'\n",
                   height);
    else
        buf_printf(out,
                   "if (strstrt(GPVAL_TERMINALS, 'pngcairo') > 0) {\n"
                   "set terminal pngcairo noenhanced size 1200,%d font 'DejaVu Sans,10' background '#ffffff'\n"
                   "} else {\nset terminal png noenhanced size 1200,%d background '#ffffff'\n}\n",
                   height, height);
    buf_add_text(out, "set multiplot\nset datafile missing 'NaN'\n"
                      "set border 0\nset tics scale 0 textcolor rgb '" GNUPLOT_GREY "'\n"
                      "set grid ytics xtics linetype 1 linecolor rgb '#e5e7eb' linewidth 0.8\n"
                      "set lmargin at screen 0.085\nset rmargin at screen 0.975\n"
                      "set key at screen 0.975,0.965 right top horizontal samplen 2 textcolor rgb '#374151'\n");
    buf_add_text(out, "set label 1 ");
    gnuplot_label(out, title);
    buf_add_text(out, " at screen 0.02,0.965 left font ',16' textcolor rgb '#111827'\nset label 2 ");
    gnuplot_label(out, subtitle);
    buf_add_text(out, " at screen 0.02,0.925 left textcolor rgb '" GNUPLOT_GREY "'\n");
}

void gnuplot_panel(struct buf *out, double bottom, double top)
{
    buf_printf(out, "set bmargin at screen %.4f\nset tmargin at screen %.4f\n", bottom, top);
}

/* 1234567.5 as 1 234 567.5, with no-break spaces. */
static void grouped_add(struct buf *out, double value, int digits)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.*f", digits, value);
    const size_t whole = strcspn(text, ".");
    for (size_t i = 0; text[i] != '\0'; i++) {
        const bool after_digit = i > 0 && text[i - 1] != '-';
        if (i < whole && after_digit && (whole - i) % 3 == 0)
            buf_add_text(out, "\u00a0");
        buf_add_char(out, text[i]);
    }
}

void gnuplot_tics_y(struct buf *out, double low, double high, int most, const char *unit)
{
    if (!(high > low)) {
        const double margin = low == 0 ? 1 : fabs(low) * 0.01;
        low -= margin;
        high += margin;
    }
    const double step = chart_step(low, high, most);
    const int digits = chart_digits(step);
    buf_printf(out, "set yrange [%.12g:%.12g]\nset ytics (", low, high);
    bool first = true;
    for (double n = ceil(low / step); n * step <= high; n++) {
        const double value = n == 0 ? 0 : n * step;
        buf_add_text(out, first ? "'" : ", '");
        grouped_add(out, value, digits);
        buf_printf(out, "%s' %.12g", unit, value);
        first = false;
    }
    buf_add_text(out, ")\n");
}
