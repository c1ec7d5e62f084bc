/* The nearest valid word to a misspelt one: commands, options, settings, strategies. */
#include "base/command.h"

#include <string.h>

#define WORD_MAX 64

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost 1 each.
 * F. J. Damerau, CACM 7 (1964) 171; recurrence of Wagner and Fischer, JACM 21 (1974) 168. */
static size_t word_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[3][WORD_MAX + 1];
    size_t *before = row[0], *above = row[1], *current = row[2];
    for (size_t j = 0; j <= b_length; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        current[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (current[j - 1] + 1 < best)
                best = current[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            current[j] = best;
        }
        size_t *const spare = before;
        before = above;
        above = current;
        current = spare;
    }
    return above[b_length];
}

const char *nearest_word(const char *word, const char *const *words, int count)
{
    const size_t length = strlen(word);
    const char *nearest = NULL;
    size_t least = WORD_MAX;
    if (length == 0 || length > WORD_MAX)
        return NULL;
    for (int i = 0; i < count; i++) {
        const size_t other = strlen(words[i]);
        if (other == 0 || other > WORD_MAX)
            continue;
        const size_t limit = (length > other ? length : other) / 3;
        size_t distance = word_distance(word, length, words[i], other);
        if (distance > limit && length >= 2 && length < other && memcmp(word, words[i], length) == 0)
            distance = limit; /* the beginning of a word was meant as the word */
        if (distance <= limit && distance < least) {
            least = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
