/* Any bytes as a decimal and as a double. Both readers take the same grammar; what a writer makes reads back the same;
 * a double is the one the C library reads. */
#include "base/dec.h"
#include "base/num.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';

    double number = 0;
    error_clear(&error);
    const bool is_number = num_parse(&number, (const char *)data, size, &error) == 0;
    if (is_number) {
        char *rest, shown[NUM_TEXT_MAX];
        double again;
        require(strtod(text, &rest) == number && rest == text + size);
        const size_t length = num_format(shown, number);
        require(num_parse(&again, shown, length, &error) == 0 && memcmp(&again, &number, sizeof number) == 0);
    }

    dec exact = 0, rounded = 0;
    bool cut = false;
    const bool is_exact = dec_parse(&exact, (const char *)data, size, NULL) == 0;
    const bool is_decimal = dec_parse_rounded(&rounded, &cut, (const char *)data, size, NULL) == 0;
    require(!is_decimal || is_number);
    require(is_exact == (is_decimal && !cut) && (!is_exact || exact == rounded));
    if (is_decimal) {
        char shown[DEC_TEXT_MAX];
        const size_t length = dec_format(shown, rounded);
        require(dec_parse(&exact, shown, length, NULL) == 0 && exact == rounded);
        require(fabs(dec_to_double(rounded) - number) <= 0.5e-8 + fabs(number) * 0x1p-52);
    }
    free(text);
    return 0;
}
