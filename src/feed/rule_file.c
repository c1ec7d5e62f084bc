/* Opening a strategy that a user names. */
#include "feed/rule_file.h"

#include "base/file.h"
#include "strategy/rules.h"

#include <stdlib.h>

int strategy_open(struct strategy_use *use, const char *text, struct error *error)
{
    size_t length;
    if (!rules_are_named(text, &length))
        return strategy_use_parse(use, text, error);
    if (text[length] == ':' && text[length + 1] == '\0')
        return error_set(error, EXIT_USAGE, "%s parameters are missing after ':'", text);
    char *path = strndup(text, length);
    struct buf content;
    if (path == NULL)
        return error_memory(error);
    buf_init(&content, RULE_FILE_MAX);
    int result = file_read_any(path, &content, error);
    if (result == 0)
        result = strategy_use_rules(use, path, buf_str(&content), text[length] == ':' ? text + length + 1 : "", error);
    buf_clear(&content);
    free(path);
    return result;
}
