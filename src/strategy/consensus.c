/* One voice out of many. */
#include "strategy/consensus.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/math.h"
#include "base/names.h"
#include "record/record.h"
#include "strategy/leaders.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_MAX  100000
#define OUTCOMES_MAX 20000000
#define TEXT_MAX     4096
#define LEAST_DECAY  0.0625

/* What a source wants of a symbol now. */
struct opinion {
    const char *source; /* the names' */
    size_t number;
    enum want side;
    int64_t decided;
    dec stop, target;
};

struct room {
    char symbol[SYMBOL_SIZE];
    struct opinion *opinion; /* by the name of the source */
    size_t count, capacity;
    struct interval interval;
    dec price;
    bool spoken; /* at the present moment */
    enum want side, first_side;
    int64_t decided, first, age;
    char id[ID_SIZE];
};

struct known_outcome {
    int64_t time;
    size_t source;
    double figure;
    char symbol[SYMBOL_SIZE], signal[ID_SIZE];
};

struct source {
    uint64_t count;
    double sum;
};

struct consensus {
    struct consensus_terms terms;
    struct names symbols, sources;
    struct room **room; /* by the symbol's index */
    size_t rooms, room_capacity;
    struct source *source;
    size_t source_count, source_capacity;
    struct known_outcome *outcome;
    size_t outcomes, outcome_capacity, taken;
    bool unsorted;
    size_t *spoken; /* the rooms with something to vote on */
    size_t spoken_count, spoken_capacity;
    int64_t now;
    uint64_t silent;
    struct sha256 *hash;
    struct buf reason;
};

struct consensus *consensus_new(const struct consensus_terms *terms, struct error *error)
{
    struct consensus *consensus = calloc(1, sizeof *consensus);
    if (consensus == NULL) {
        error_memory(error);
        return NULL;
    }
    consensus->terms = *terms;
    consensus->now = TIME_NONE;
    names_init(&consensus->symbols);
    names_init(&consensus->sources);
    buf_init(&consensus->reason, TEXT_MAX);
    consensus->hash = sha256_new(error);
    if (consensus->hash != NULL)
        return consensus;
    consensus_free(consensus);
    return NULL;
}

void consensus_free(struct consensus *consensus)
{
    if (consensus == NULL)
        return;
    for (size_t i = 0; i < consensus->rooms; i++) {
        free(consensus->room[i]->opinion);
        free(consensus->room[i]);
    }
    free(consensus->room);
    free(consensus->source);
    free(consensus->outcome);
    free(consensus->spoken);
    names_clear(&consensus->symbols);
    names_clear(&consensus->sources);
    buf_clear(&consensus->reason);
    sha256_free(consensus->hash);
    free(consensus);
}

static int find_source(struct consensus *consensus, const char *name, size_t *number, struct error *error)
{
    const int64_t index = names_add(&consensus->sources, str_of(name), error);
    if (index < 0)
        return -1;
    if ((size_t)index == consensus->source_count) {
        if (list_grow(&consensus->source, &consensus->source_capacity, consensus->source_count,
                      sizeof *consensus->source, error) != 0)
            return -1;
        consensus->source[consensus->source_count++] = (struct source){.count = 0};
    }
    *number = (size_t)index;
    return 0;
}

static struct room *find_room(struct consensus *consensus, const char *symbol, size_t *number, struct error *error)
{
    const int64_t index = names_add(&consensus->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    *number = (size_t)index;
    if (*number < consensus->rooms)
        return consensus->room[*number];
    if (index >= SYMBOLS_MAX) {
        error_set(error, EXIT_INPUT, "more than %d symbols", SYMBOLS_MAX);
        return NULL;
    }
    if (list_grow(&consensus->room, &consensus->room_capacity, consensus->rooms, sizeof *consensus->room, error) != 0)
        return NULL;
    struct room *room = calloc(1, sizeof *room);
    if (room == NULL) {
        error_memory(error);
        return NULL;
    }
    (void)snprintf(room->symbol, sizeof room->symbol, "%s", symbol);
    room->decided = room->first = TIME_NONE;
    room->price = DEC_NONE;
    consensus->room[consensus->rooms] = room;
    consensus->rooms++;
    return room;
}

/* The place of a source among the opinions of a symbol, made when new. */
static struct opinion *find_opinion(struct consensus *consensus, struct room *room, size_t number, struct error *error)
{
    const char *name = consensus->sources.name[number];
    size_t low = 0, high = room->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (strcmp(room->opinion[middle].source, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < room->count && room->opinion[low].number == number)
        return &room->opinion[low];
    if (list_grow(&room->opinion, &room->capacity, room->count, sizeof *room->opinion, error) != 0)
        return NULL;
    memmove(room->opinion + low + 1, room->opinion + low, (room->count - low) * sizeof *room->opinion);
    room->count++;
    room->opinion[low] = (struct opinion){.source = name, .number = number};
    return &room->opinion[low];
}

int consensus_signal(struct consensus *consensus, const struct signal *signal, struct error *error)
{
    size_t number, place;
    if (strcmp(signal->strategy, consensus->terms.name) == 0)
        return 0;
    if (consensus->now != TIME_NONE && signal->time < consensus->now)
        return error_set(error, EXIT_INPUT, "signal '%s' comes after later ones", signal->id);
    if (consensus_advance(consensus, signal->time, error) != 0 ||
        find_source(consensus, signal->strategy, &number, error) != 0)
        return -1;
    struct room *room = find_room(consensus, signal->symbol, &place, error);
    struct opinion *opinion = room == NULL ? NULL : find_opinion(consensus, room, number, error);
    if (opinion == NULL)
        return -1;
    if (!room->spoken) {
        if (list_grow(&consensus->spoken, &consensus->spoken_capacity, consensus->spoken_count,
                      sizeof *consensus->spoken, error) != 0)
            return -1;
        consensus->spoken[consensus->spoken_count++] = place;
        room->spoken = true;
        room->interval = signal->interval;
        room->price = DEC_NONE;
    }
    if (!interval_equal(room->interval, signal->interval))
        room->interval = (struct interval){INTERVAL_NONE, 0};
    if (signal->price != DEC_NONE)
        room->price = signal->price;
    opinion->side = signal->side;
    opinion->decided = signal->decided;
    opinion->stop = signal->stop;
    opinion->target = signal->target;
    return 0;
}

int consensus_outcome(struct consensus *consensus, const struct signal_outcome *outcome, struct error *error)
{
    const double figure =
        consensus->terms.weight == WEIGHT_BY_RETURN ? outcome_return(outcome, 0) : outcome_r(outcome, 0);
    size_t number;
    if (consensus->terms.weight == WEIGHT_EQUAL || isnan(figure))
        return 0;
    if (consensus->outcomes == OUTCOMES_MAX)
        return error_set(error, EXIT_INPUT, "more than %d outcomes", OUTCOMES_MAX);
    if (find_source(consensus, outcome->strategy, &number, error) != 0 ||
        list_grow(&consensus->outcome, &consensus->outcome_capacity, consensus->outcomes, sizeof *consensus->outcome,
                  error) != 0)
        return -1;
    struct known_outcome *known = &consensus->outcome[consensus->outcomes++];
    *known = (struct known_outcome){.time = outcome->time, .source = number, .figure = figure};
    memcpy(known->symbol, outcome->symbol, sizeof known->symbol);
    memcpy(known->signal, outcome->signal, sizeof known->signal);
    consensus->unsorted = true;
    return 0;
}

static int compare_outcomes(const void *a, const void *b)
{
    const struct known_outcome *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    const int order = strcmp(x->symbol, y->symbol);
    return order != 0 ? order : strcmp(x->signal, y->signal);
}

/* What is known at a moment goes into the records of the sources. */
static void take_outcomes(struct consensus *consensus, int64_t time)
{
    if (consensus->unsorted)
        qsort(consensus->outcome + consensus->taken, consensus->outcomes - consensus->taken, sizeof *consensus->outcome,
              compare_outcomes);
    consensus->unsorted = false;
    for (; consensus->taken < consensus->outcomes && consensus->outcome[consensus->taken].time <= time;
         consensus->taken++) {
        const struct known_outcome *known = &consensus->outcome[consensus->taken];
        consensus->source[known->source].count++;
        consensus->source[known->source].sum += known->figure;
    }
}

static double merit(const struct source *source)
{
    return source->count > LEADERS_ENOUGH && source->sum > 0 ? source->sum / (double)source->count : 0;
}

/* The mean merit of the sources that have a record, NaN where none has made anything. In the order of their names, so
 * that the last bit does not depend on who spoke first. */
static double mean_merit(const struct consensus *consensus, const struct room *room)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < room->count; i++) {
        const struct source *source = &consensus->source[room->opinion[i].number];
        if (source->count <= LEADERS_ENOUGH)
            continue;
        sum += merit(source);
        count++;
    }
    return sum > 0 ? sum / count : (double)NAN;
}

static double weight_of(const struct source *source, double mean)
{
    if (source->count <= LEADERS_ENOUGH || isnan(mean))
        return 1;
    const double s = 1 - LEADERS_ENOUGH / (double)source->count;
    return 1 - s + s * merit(source) / mean;
}

struct vote {
    double weight[WANT_FLAT + 1]; /* by side */
    int64_t count[WANT_FLAT + 1], present;
    const struct opinion *heaviest[WANT_FLAT + 1];
    double heaviest_weight[WANT_FLAT + 1];
};

static void count_votes(struct consensus *consensus, const struct room *room, struct vote *vote)
{
    const double mean = mean_merit(consensus, room);
    *vote = (struct vote){.present = 0};
    for (size_t i = 0; i < room->count; i++) {
        const struct opinion *opinion = &room->opinion[i];
        double weight = weight_of(&consensus->source[opinion->number], mean);
        if (consensus->terms.half_life > 0) {
            const double age = (double)(consensus->now - opinion->decided) / (double)consensus->terms.half_life;
            const double decay = math_pow(0.5, age);
            if (decay < LEAST_DECAY)
                continue;
            weight *= decay;
        }
        vote->present++;
        vote->count[opinion->side]++;
        vote->weight[opinion->side] += weight;
        if (vote->heaviest[opinion->side] == NULL || weight > vote->heaviest_weight[opinion->side]) {
            vote->heaviest[opinion->side] = opinion;
            vote->heaviest_weight[opinion->side] = weight;
        }
    }
}

static enum want decide(const struct consensus_terms *terms, const struct vote *vote, double *score)
{
    const double l = vote->weight[WANT_LONG], s = vote->weight[WANT_SHORT], total = l + s + vote->weight[WANT_FLAT];
    const enum want side = l > s ? WANT_LONG : s > l ? WANT_SHORT : WANT_FLAT;
    const enum want other = side == WANT_LONG ? WANT_SHORT : WANT_LONG;
    *score = 0;
    if (side == WANT_FLAT || !(total > 0))
        return WANT_FLAT;
    *score = (terms->conflict == CONFLICT_NET ? fabs(l - s) : vote->weight[side]) / total;
    /* Shares of few equal weights are meant exactly: 3 of 5 reach 60 %. */
    if (*score < terms->agreement * (1 - 0x1p-40) || (terms->conflict == CONFLICT_VETO && vote->count[other] > 0))
        return WANT_FLAT;
    return side;
}

static int name_decision(struct consensus *consensus, struct room *room, struct error *error)
{
    char text[STRATEGY_SIZE + SYMBOL_SIZE + TIME_TEXT_MAX + 16], since[TIME_TEXT_MAX];
    uint8_t digest[SHA256_SIZE];
    since[time_format(since, room->decided)] = '\0';
    const int n = snprintf(text, sizeof text, "%s\n%s\n%s\n%s", consensus->terms.name, room->symbol,
                           want_text(room->side), since);
    if (sha256_of(consensus->hash, text, (size_t)n, digest, error) != 0)
        return -1;
    memcpy(room->id, "sg", 2);
    hash_base32(room->id + 2, digest, 80);
    return 0;
}

static int vote_on(struct consensus *consensus, struct room *room, struct error *error)
{
    struct vote vote;
    struct signal signal;
    double score;
    room->spoken = false;
    count_votes(consensus, room, &vote);
    if (vote.present < consensus->terms.quorum) {
        consensus->silent++;
        return 0;
    }
    const enum want side = decide(&consensus->terms, &vote, &score);
    if (side != room->side) {
        room->side = side;
        room->decided = consensus->now;
        room->age = -1;
        if (room->first == TIME_NONE)
            room->first = consensus->now;
        if (name_decision(consensus, room, error) != 0)
            return -1;
    }
    room->age++;
    record_blank(RECORD_SIGNAL, &signal);
    signal.time = consensus->now;
    memcpy(signal.symbol, room->symbol, sizeof signal.symbol);
    memcpy(signal.id, room->id, sizeof signal.id);
    (void)snprintf(signal.strategy, sizeof signal.strategy, "%s", consensus->terms.name);
    signal.side = side;
    signal.decided = room->decided;
    signal.age = room->age;
    signal.initial = room->decided == room->first ? 1 : -1;
    signal.interval = room->interval;
    signal.strength = side == WANT_FLAT ? (double)NAN : score;
    signal.price = room->price;
    if (side != WANT_FLAT && vote.heaviest[side] != NULL) {
        signal.stop = vote.heaviest[side]->stop;
        signal.target = vote.heaviest[side]->target;
    }
    buf_reset(&consensus->reason);
    buf_printf(&consensus->reason, "{\"score\":");
    json_add_double(&consensus->reason, score);
    buf_printf(&consensus->reason,
               ",\"long\":%lld,\"short\":%lld,\"flat\":%lld,\"long_weight\":", (long long)vote.count[WANT_LONG],
               (long long)vote.count[WANT_SHORT], (long long)vote.count[WANT_FLAT]);
    json_add_double(&consensus->reason, vote.weight[WANT_LONG]);
    buf_add_text(&consensus->reason, ",\"short_weight\":");
    json_add_double(&consensus->reason, vote.weight[WANT_SHORT]);
    buf_add_text(&consensus->reason, ",\"flat_weight\":");
    json_add_double(&consensus->reason, vote.weight[WANT_FLAT]);
    buf_add_char(&consensus->reason, '}');
    signal.reason = buf_str(&consensus->reason);
    return buf_check(&consensus->reason, error) == 0 ? consensus->terms.emit(consensus->terms.context, &signal, error)
                                                     : -1;
}

static int compare_places(const void *a, const void *b, void *context)
{
    const struct consensus *consensus = context;
    return strcmp(consensus->room[*(const size_t *)a]->symbol, consensus->room[*(const size_t *)b]->symbol);
}

int consensus_advance(struct consensus *consensus, int64_t time, struct error *error)
{
    if (consensus->now != TIME_NONE && time <= consensus->now)
        return 0;
    take_outcomes(consensus, consensus->now == TIME_NONE ? INT64_MIN : consensus->now);
    if (consensus->spoken_count > 1)
        qsort_r(consensus->spoken, consensus->spoken_count, sizeof *consensus->spoken, compare_places, consensus);
    for (size_t i = 0; i < consensus->spoken_count; i++)
        if (vote_on(consensus, consensus->room[consensus->spoken[i]], error) != 0)
            return -1;
    consensus->spoken_count = 0;
    consensus->now = time;
    return 0;
}

uint64_t consensus_silent(const struct consensus *consensus)
{
    return consensus->silent;
}
