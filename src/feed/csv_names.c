/* Names of CSV files and the symbols they stand for. */
#include "feed/csv_names.h"

#include "feed/feed.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(struct str text, const char *end)
{
    const size_t n = strlen(end);
    return text.n > n && strncasecmp(text.p + text.n - n, end, n) == 0;
}

/* Without what a browser adds to the name of a second download. */
static struct str without_copy(struct str name)
{
    size_t n = name.n;
    if (n < 5 || name.p[n - 1] != ')')
        return name;
    for (n--; n > 0 && name.p[n - 1] >= '0' && name.p[n - 1] <= '9'; n--)
        continue;
    return n >= 3 && n < name.n - 1 && name.p[n - 1] == '(' && name.p[n - 2] == ' ' ? (struct str){name.p, n - 2}
                                                                                    : name;
}

/* "BATS_AAPL, 1D_3f2a1": AAPL. */
static struct str without_exchange(struct str name)
{
    const char *comma = memchr(name.p, ',', name.n);
    if (comma == NULL || comma + 1 >= name.p + name.n || comma[1] != ' ')
        return name;
    const char *line = memchr(name.p, '_', (size_t)(comma - name.p));
    const char *begin = line == NULL ? name.p : line + 1;
    return (struct str){begin, (size_t)(comma - begin)};
}

void csv_symbol_of_file(char symbol[static SYMBOL_SIZE], const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_of(slash == NULL ? path : slash + 1);
    if (ends_with(name, ".csv") || ends_with(name, ".txt") || ends_with(name, ".tsv"))
        name.n -= 4;
    name = without_exchange(without_copy(name));
    symbol[0] = '\0';
    if (!feed_symbol_is_valid(name) || str_is(name, "-"))
        return;
    for (size_t i = 0; i < name.n; i++)
        symbol[i] = (char)(name.p[i] >= 'a' && name.p[i] <= 'z' ? name.p[i] - 'a' + 'A' : name.p[i]);
    symbol[name.n] = '\0';
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What may be read of a folder: a file, or a link to one. A named pipe would be waited for without end. */
static int check_file(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT ? error_set(error, EXIT_UNAVAILABLE, "'%s' is a broken link", path)
                               : error_system(error, "cannot read '%s'", path);
    return S_ISREG(status.st_mode) ? 0 : error_set(error, EXIT_INPUT, "'%s' is not a regular file", path);
}

int csv_folder_symbols(const char *folder, struct names *symbols, struct names *nameless, struct error *error)
{
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return error_system(error, "cannot read '%s'", folder);
    struct names found;
    names_init(&found);
    int result = 0;
    const struct dirent *file;
    while (result == 0 && (file = readdir(directory)) != NULL) {
        char symbol[SYMBOL_SIZE];
        if (!ends_with(str_of(file->d_name), ".csv"))
            continue;
        csv_symbol_of_file(symbol, file->d_name);
        if (names_add(symbol[0] != '\0' ? &found : nameless, str_of(symbol[0] != '\0' ? symbol : file->d_name), error) <
            0)
            result = -1;
    }
    closedir(directory);
    if (result == 0 && found.count == 0)
        result = error_set(error, EXIT_UNAVAILABLE, "'%s' has no file named after a symbol (SYMBOL.csv)", folder);
    if (found.count > 1)
        qsort(found.name, found.count, sizeof *found.name, compare_names);
    for (size_t i = 0; result == 0 && i < found.count; i++)
        if (names_add(symbols, str_of(found.name[i]), error) < 0)
            result = -1;
    names_clear(&found);
    return result;
}

int csv_folder_file(char *path, size_t size, const char *folder, const char *symbol, struct error *error)
{
    char name[SYMBOL_SIZE + 4];
    if (strstr(symbol, "..") != NULL)
        return error_set(error, EXIT_INPUT, "'%s' cannot be a file name", symbol);
    (void)snprintf(name, sizeof name, "%s.csv", symbol);
    for (char *p = name; *p != '\0'; p++)
        if (*p == '/' || *p == ':')
            *p = '-';
    if ((size_t)snprintf(path, size, "%s/%s", folder, name) >= size)
        return error_set(error, EXIT_INPUT, "the path of '%s' is too long", name);
    if (access(path, F_OK) == 0)
        return check_file(path, error);
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return error_system(error, "cannot read '%s'", folder);
    const struct dirent *file;
    struct error unfit = {0}; /* why the first one of this name is not read */
    bool found = false;
    while (!found && (file = readdir(directory)) != NULL) {
        char of_file[SYMBOL_SIZE];
        bool same = strcasecmp(file->d_name, name) == 0;
        if (!same && ends_with(str_of(file->d_name), ".csv")) {
            csv_symbol_of_file(of_file, file->d_name);
            same = strcasecmp(of_file, symbol) == 0;
        }
        if (same && (size_t)snprintf(path, size, "%s/%s", folder, file->d_name) < size)
            found = check_file(path, &unfit) == 0;
    }
    closedir(directory);
    if (!found && error_is_set(&unfit))
        *error = unfit;
    return found ? 0 : error_set(error, EXIT_UNAVAILABLE, "no '%s' in '%s'", name, folder);
}

int csv_refuse_symbol(const struct names *symbols, const char *symbol, const char *file, struct error *error)
{
    (void)error_set(error, EXIT_UNAVAILABLE, "not in '%s'", file);
    const size_t n = strlen(symbol);
    for (size_t i = 0; i < symbols->count; i++) {
        const char *name = symbols->name[i];
        if (strncasecmp(name, symbol, n) == 0 && (name[n] == '\0' || strchr(".:-_ ", name[n]) != NULL)) {
            error_hint(error, "it has '%s'", name);
            return -1;
        }
    }
    if (symbols->count == 1)
        error_hint(error, "it has '%s'", symbols->name[0]);
    else if (symbols->count > 1)
        error_hint(error, "it has '%s' and %zu more; without a symbol all are read", symbols->name[0],
                   symbols->count - 1);
    return -1;
}
