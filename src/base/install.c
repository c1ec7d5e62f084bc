/* Where the files are that belong to the programs. */
#include "base/install.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the program: installed in PREFIX/bin, in bin/ of the repository, in build/VARIANT. */
static const char *const places[2][3] = {
    {"../share/truenorth", "../share", "../../share"},
    {"../libexec/truenorth", "libexec", NULL},
};

int install_path(char path[static PATH_MAX], enum install_kind kind, const char *name, struct error *error)
{
    char self[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        return error_system(error, "cannot tell where this program is");
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    for (int i = 0; i < 3 && places[kind][i] != NULL; i++)
        if ((size_t)snprintf(path, PATH_MAX, "%s/%s/%s", self, places[kind][i], name) < PATH_MAX &&
            access(path, R_OK) == 0)
            return 0;
    (void)error_set(error, EXIT_UNAVAILABLE, "'%s' is missing", name);
    error_hint(error, "it should be in %.120s/%s", self, places[kind][0]);
    return -1;
}
