/* Where the files are that belong to the programs: found from the running program's own place, so that an installed
 * tree and the repository both work wherever they lie. */
#ifndef TN_BASE_INSTALL_H
#define TN_BASE_INSTALL_H

#include "base/error.h"

#include <limits.h>

enum install_kind {
    INSTALL_SHARE,   /* data: PREFIX/share/truenorth, or share/ of the repository */
    INSTALL_LIBEXEC, /* programs that only programs start: PREFIX/libexec/truenorth, or libexec/ beside them */
};

/* The path of a file or folder ("feeds/alpaca.jq"). -1 with EXIT_UNAVAILABLE when it is not there. */
int install_path(char path[static PATH_MAX], enum install_kind kind, const char *name, struct error *error);

#endif
