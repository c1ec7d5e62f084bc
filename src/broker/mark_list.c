/* Keeps marks until the equity point of their moment. */
#include "broker/mark_list.h"

#include "record/marks.h"
#include "record/record.h"

#include <string.h>

/* A line has room for two of them. */
#define TEXT_MAX ((size_t)RECORD_LINE_MAX / 2)

void mark_list_init(struct mark_list *list,
                    int (*append)(void *context, enum record_type type, const void *value, struct error *error),
                    void *context)
{
    *list = (struct mark_list){.append = append, .context = context};
    buf_init(&list->text, TEXT_MAX);
}

void mark_list_clear(struct mark_list *list)
{
    buf_clear(&list->text);
    list->count = 0;
}

static int append(struct mark_list *list, enum record_type type, const void *value, struct error *error)
{
    if (buf_check(&list->text, error) != 0 || list->append(list->context, type, value, error) != 0)
        return -1;
    buf_reset(&list->text);
    list->count = 0;
    return 0;
}

int mark_list_flush(struct mark_list *list, struct error *error)
{
    struct mark mark = list->last;
    if (list->count == 0)
        return 0;
    if (list->count > 1) {
        record_blank(RECORD_MARK, &mark);
        mark.time = list->last.time;
        memcpy(mark.account, list->last.account, sizeof mark.account);
        buf_add_char(&list->text, ']');
        mark.marks = buf_str(&list->text);
    }
    return append(list, RECORD_MARK, &mark, error);
}

static int keep(struct mark_list *list, const struct mark *mark, struct error *error)
{
    const bool full = list->text.n > TEXT_MAX / 2;
    if (list->count > 0 && (full || mark->time != list->last.time) && mark_list_flush(list, error) != 0)
        return -1;
    list->last = *mark;
    list->count++;
    marks_add(&list->text, mark);
    return buf_check(&list->text, error);
}

int mark_list_take(struct mark_list *list, enum record_type type, const void *value, struct error *error)
{
    if (type == RECORD_MARK)
        return keep(list, value, error);
    const bool carries =
        type == RECORD_EQUITY && list->count > 0 && ((const struct equity *)value)->time == list->last.time;
    if (!carries)
        return mark_list_flush(list, error) == 0 ? list->append(list->context, type, value, error) : -1;
    struct equity point = *(const struct equity *)value;
    buf_add_char(&list->text, ']');
    point.marks = buf_str(&list->text);
    return append(list, type, &point, error);
}
