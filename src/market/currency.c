/* The minor units that are not hundredths. */
#include "market/currency.h"

#include <string.h>

dec currency_unit(const char *code)
{
    /* SIX Financial Information, maintenance agency of ISO 4217, list one; coins by the units of their chains. */
    static const struct {
        const char *codes;
        dec unit;
    } list[] = {
        {" BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ", DEC_ONE},
        {" BHD IQD JOD KWD LYD OMR TND ", DEC_ONE / 1000},
        {" CLF UYW ", DEC_ONE / 10000},
        {" USDC USDT ", DEC_ONE / 1000000},
        {" BTC ETH LTC SOL XBT ", 1},
    };
    char word[12];
    const size_t length = strlen(code);
    if (length == 0 || length > sizeof word - 3)
        return DEC_ONE / 100;
    word[0] = ' ';
    memcpy(word + 1, code, length);
    memcpy(word + 1 + length, " ", 2);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strstr(list[i].codes, word) != NULL)
            return list[i].unit;
    return DEC_ONE / 100;
}
