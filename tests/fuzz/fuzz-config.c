/* Any bytes as a configuration file: read or refused with a message, and what was read fits its setting. */
#include "base/config_parts.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32];
    struct error error;
    struct config *config = calloc(1, sizeof *config);
    const int fd = memfd_create("config", MFD_CLOEXEC);
    if (config == NULL || fd == -1)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    error_clear(&error);
    if (write(fd, data, size) == (ssize_t)size) {
        const int result = config_read_file(config, path, &error);
        require((result == 0) == !error_is_set(&error));
        require(result == 0 || (error.code == EXIT_USAGE && strncmp(error.text, path, strlen(path)) == 0) ||
                strstr(error.text, path) != NULL);
        for (int i = 0; i < config->count; i++) {
            const struct entry *entry = &config->entries[i];
            error_clear(&error);
            require(entry->setting == NULL || setting_read(entry->setting, entry->text, NULL, &error) == 0);
        }
    }
    close(fd);
    config_free(config);
    return 0;
}
