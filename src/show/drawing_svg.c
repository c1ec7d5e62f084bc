/* A drawing as SVG. */
#include "show/drawing_render.h"

#include "base/terminal.h"

#include <math.h>

static const struct {
    const char *name, *color;
} inks[INK_COUNT] = {
    [INK_TEXT] = {"text", "#1f2328"},       [INK_QUIET] = {"quiet", "#59636e"},
    [INK_GRID] = {"grid", "#e6e9ec"},       [INK_PAPER] = {"paper", "#ffffff"},
    [INK_UP] = {"up", "#0072b2"},           [INK_DOWN] = {"down", "#d55e00"},
    [INK_WARNING] = {"warning", "#b35900"}, [INK_CRITICAL] = {"critical", "#c5221f"},
    [INK_SERIES] = {"s1", "#0072b2"},       [INK_SERIES + 1] = {"s2", "#d55e00"},
    [INK_SERIES + 2] = {"s3", "#009e73"},   [INK_SERIES + 3] = {"s4", "#cc79a7"},
    [INK_SERIES + 4] = {"s5", "#8a6d00"},   [INK_SERIES + 5] = {"s6", "#56b4e9"},
};

const char *ink_color(enum ink ink)
{
    return inks[ink].color;
}

const char *ink_class(enum ink ink)
{
    return inks[ink].name;
}

void markup_add(struct buf *out, struct str text)
{
    struct buf clean;
    buf_init(&clean, out->maximum);
    terminal_strip(&clean, text);
    for (size_t i = 0; i < clean.n; i++)
        switch (clean.p[i]) {
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        case '\'':
            buf_add_text(out, "&#39;");
            break;
        default:
            buf_add_char(out, clean.p[i]);
        }
    out->failed |= clean.failed;
    buf_clear(&clean);
}

/* One decimal, as short as it goes: pictures of ten years have tens of thousands of these. */
static void number_add(struct buf *out, double value)
{
    long long tenths = llround(value * 10);
    if (tenths < 0) {
        buf_add_char(out, '-');
        tenths = -tenths;
    }
    char text[32];
    size_t n = sizeof text;
    if (tenths % 10 != 0) {
        text[--n] = (char)('0' + tenths % 10);
        text[--n] = '.';
    }
    tenths /= 10;
    do {
        text[--n] = (char)('0' + tenths % 10);
        tenths /= 10;
    } while (tenths > 0);
    buf_add(out, text + n, sizeof text - n);
}

static void path_add(const struct drawing *drawing, const struct shape *shape, struct buf *out)
{
    const bool area = shape->kind == SHAPE_AREA;
    buf_printf(out, "<path class=\"%s %s%s%s\"", area ? "area" : "line", ink_class(shape->pen.ink),
               shape->pen.dashed ? " dashed" : "", shape->tick ? " tick" : "");
    if (area && shape->pen.opacity < 1)
        buf_printf(out, " fill-opacity=\"%.3g\"", shape->pen.opacity);
    if (!area)
        buf_printf(out, " stroke-width=\"%.3g\"", shape->pen.width);
    buf_add_text(out, " d=\"");
    bool begin = true;
    for (size_t i = shape->from; i < shape->from + shape->count; i++) {
        const struct drawing_point *point = &drawing->point[i];
        if (isnan(point->x)) {
            buf_add_text(out, area && !begin ? "Z" : "");
            begin = true;
            continue;
        }
        buf_add_char(out, begin ? 'M' : 'L');
        number_add(out, point->x);
        buf_add_char(out, ' ');
        number_add(out, point->y);
        begin = false;
    }
    buf_add_text(out, area && !begin ? "Z\"/>\n" : "\"/>\n");
}

static void text_add(const struct drawing *drawing, const struct shape *shape, struct buf *out)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    buf_printf(out, "<text class=\"area %s%s\" x=\"", ink_class(shape->pen.ink), shape->tick ? " tick" : "");
    number_add(out, shape->at.x);
    buf_add_text(out, "\" y=\"");
    number_add(out, shape->at.y + 0.36 * shape->size); /* half a capital's height below the middle */
    buf_printf(out, "\" font-size=\"%.3g\"%s%s>", shape->size, anchors[shape->anchor],
               shape->bold ? " font-weight=\"600\"" : "");
    markup_add(out, (struct str){drawing->text.p + shape->from, shape->count});
    buf_add_text(out, "</text>\n");
}

static void style_own(struct buf *out)
{
    buf_add_text(out, "<style>svg{background:#fff;font-family:system-ui,'DejaVu Sans',Helvetica,Arial,sans-serif;"
                      "font-variant-numeric:tabular-nums}.line{fill:none;stroke:currentColor;stroke-linejoin:round}"
                      ".area{fill:currentColor}.dashed{stroke-dasharray:5 4}");
    for (int i = 0; i < INK_COUNT; i++)
        buf_printf(out, ".%s{color:%s}", inks[i].name, inks[i].color);
    buf_add_text(out, "</style>\n");
}

void drawing_svg(const struct drawing *drawing, bool alone, const char *id, struct buf *out)
{
    buf_printf(out, "<svg %sviewBox=\"0 0 %.0f %.0f\"", alone ? "xmlns=\"http://www.w3.org/2000/svg\" " : "",
               drawing->width, drawing->height);
    if (alone)
        buf_printf(out, " width=\"%.0f\" height=\"%.0f\"", drawing->width, drawing->height);
    buf_printf(out, " role=\"img\" aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">", id, id, id);
    markup_add(out, str_of(drawing->title));
    buf_printf(out, "</title>\n<desc id=\"%s-d\">", id);
    markup_add(out, str_of(drawing->words));
    buf_add_text(out, "</desc>\n");
    if (alone)
        style_own(out);
    else if (drawing->to > drawing->from)
        buf_printf(out, "<clipPath id=\"%s-c\"><rect x=\"%.0f\" y=\"0\" width=\"%.0f\" height=\"%.0f\"/></clipPath>\n",
                   id, drawing->from - 8, drawing->to - drawing->from + 16, drawing->height);
    int group = 0;
    for (size_t i = 0; i < drawing->shapes; i++) {
        const struct shape *shape = &drawing->shape[i];
        if (shape->group != group) {
            buf_add_text(out, group != 0 ? "</g></g>\n" : "");
            if (shape->group != 0 && !alone && drawing->to > drawing->from)
                buf_printf(out, "<g clip-path=\"url(#%s-c)\"><g class=\"plot\">\n", id);
            else if (shape->group != 0)
                buf_add_text(out, "<g><g>\n");
            group = shape->group;
        }
        if (shape->kind == SHAPE_TEXT)
            text_add(drawing, shape, out);
        else
            path_add(drawing, shape, out);
    }
    buf_add_text(out, group != 0 ? "</g></g>\n</svg>\n" : "</svg>\n");
}
