/* tn-signal key, sign, check: records that somebody stands for. */
#include "tn-signal/commands.h"

#include "base/hash.h"
#include "base/sign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELD_MAX ((size_t)256 << 20) /* bytes that wait for their signature */

const struct option_spec sign_options[] = {
    {"key", 'k', OPTION_LIST, "FILE", "the key: private for sign, trusted public keys for check", NULL, 0, 0},
    {0},
};

/* What the records since the last signature are. */
struct block {
    struct sha256 *hash;
    int64_t records;
    int64_t time; /* the latest of them */
    bool open;    /* the digest has begun */
};

struct signing {
    const struct invocation *invocation;
    struct input *input;
    struct sign_key **key;
    int keys;
    struct block block;
    struct buf held; /* of check: a type in two bytes and a line, for each record */
    uint64_t signatures;
};

static int open_keys(struct signing *signing, bool secret, struct error *error)
{
    int count;
    const char *const *list = option_list(signing->invocation, "key", &count);
    if (count == 0 || (secret && count > 1)) {
        error_set(error, EXIT_USAGE, secret ? "one key to sign with is needed" : "no key is trusted");
        error_hint(error, "tn-signal key FILE makes a pair; --key FILE names one");
        return -1;
    }
    signing->key = calloc((size_t)count, sizeof *signing->key);
    if (signing->key == NULL)
        return error_memory(error);
    for (; signing->keys < count; signing->keys++) {
        struct sign_key *key =
            secret ? sign_key_private(list[signing->keys], error) : sign_key_public(list[signing->keys], error);
        if (key == NULL)
            return -1;
        signing->key[signing->keys] = key;
    }
    signing->block.hash = sha256_new(error);
    signing->block.time = TIME_NONE;
    return signing->block.hash == NULL ? -1 : 0;
}

static int block_add(struct block *block, const struct record *record, struct error *error)
{
    int64_t known;
    if (!block->open && sha256_begin(block->hash, error) != 0)
        return -1;
    block->open = true;
    block->records++;
    if (record_known(record, &known, error) != 0)
        error_clear(error);
    else if (known != TIME_NONE && (block->time == TIME_NONE || known > block->time))
        block->time = known;
    return sha256_add(block->hash, record->line.p, record->line.n, error) == 0 ? sha256_add(block->hash, "\n", 1, error)
                                                                               : -1;
}

/* The text that is signed, and the digest in it. Begins a new block. */
static int block_end(struct block *block, char digest[static SHA256_HEX_SIZE], char text[static 128],
                     struct error *error)
{
    uint8_t bytes[SHA256_SIZE];
    if (!block->open && sha256_begin(block->hash, error) != 0)
        return -1;
    if (sha256_end(block->hash, bytes, error) != 0)
        return -1;
    hash_hex(digest, bytes, SHA256_SIZE);
    (void)snprintf(text, 128, "tn-signed 1\n%s\n", digest);
    block->open = false;
    return 0;
}

static int write_line(struct signing *signing, enum record_type type, struct str line, struct error *error)
{
    /* The line of a record has no line feed, and what the reader holds behind it is not ours to change. */
    buf_reset(&signing->held);
    buf_add_str(&signing->held, line);
    buf_add_char(&signing->held, '\n');
    return buf_check(&signing->held, error) == 0
               ? flow_write_line(input_flow(signing->input), type, buf_str(&signing->held), error)
               : -1;
}

static int write_signature(struct signing *signing, struct error *error)
{
    struct signature signature;
    char text[128];
    uint8_t bytes[SIGNATURE_SIZE], public_key[SIGN_KEY_SIZE];
    record_blank(RECORD_SIGNATURE, &signature);
    if (block_end(&signing->block, signature.digest, text, error) != 0 ||
        sign_make(signing->key[0], text, strlen(text), bytes, error) != 0)
        return -1;
    sign_key_bytes(signing->key[0], public_key);
    hash_hex(signature.key, public_key, SIGN_KEY_SIZE);
    hash_hex(signature.signature, bytes, SIGNATURE_SIZE);
    (void)snprintf(signature.algorithm, sizeof signature.algorithm, "ed25519");
    signature.records = signing->block.records;
    signature.time = signing->block.time;
    return flow_write(input_flow(signing->input), RECORD_SIGNATURE, &signature, error);
}

static int sign_all(struct signing *signing, struct error *error)
{
    const struct record *record;
    int got;
    while ((got = flow_next(input_flow(signing->input), &record, error)) == 1) {
        if (record->type == RECORD_SIGNATURE) {
            error_set(error, EXIT_INPUT, "the input is already signed");
            return -1;
        }
        if (block_add(&signing->block, record, error) != 0 ||
            write_line(signing, record->type, record->line, error) != 0)
            return -1;
    }
    if (got != 0)
        return -1;
    if (flow_status(input_flow(signing->input)) != EXIT_DONE) {
        error_set(error, EXIT_INPUT, "nothing is signed: the input has bad lines");
        return -1;
    }
    return write_signature(signing, error);
}

static void close_all(struct signing *signing)
{
    for (int i = 0; i < signing->keys; i++)
        sign_key_free(signing->key[i]);
    free(signing->key);
    sha256_free(signing->block.hash);
    buf_clear(&signing->held);
}

enum exit_code signal_sign(struct invocation *invocation, struct error *error)
{
    struct signing signing = {.invocation = invocation};
    enum exit_code code = EXIT_DONE;
    buf_init(&signing.held, RECORD_LINE_MAX + 1);
    if (open_keys(&signing, true, error) == 0 && (signing.input = input_open(invocation, false, error)) != NULL) {
        (void)sign_all(&signing, error);
        code = input_close(signing.input, error);
    }
    close_all(&signing);
    return code;
}

static int unhex(uint8_t *bytes, size_t count, const char *text)
{
    for (size_t i = 0; i < 2 * count; i++) {
        const char *at = text[i] == '\0' ? NULL : strchr("0123456789abcdef", text[i]);
        if (at == NULL)
            return -1;
        const unsigned digit = (unsigned)(at - "0123456789abcdef");
        bytes[i / 2] = (uint8_t)(i % 2 == 0 ? digit << 4 : bytes[i / 2] | digit);
    }
    return text[2 * count] == '\0' ? 0 : -1;
}

static const struct sign_key *find_key(const struct signing *signing, const uint8_t wanted[static SIGN_KEY_SIZE])
{
    uint8_t bytes[SIGN_KEY_SIZE];
    for (int i = 0; i < signing->keys; i++) {
        sign_key_bytes(signing->key[i], bytes);
        if (memcmp(bytes, wanted, SIGN_KEY_SIZE) == 0)
            return signing->key[i];
    }
    return NULL;
}

static int check_signature(struct signing *signing, const struct signature *signature, struct error *error)
{
    uint8_t bytes[SIGNATURE_SIZE], public_key[SIGN_KEY_SIZE];
    char digest[SHA256_HEX_SIZE], text[128];
    if (strcmp(signature->algorithm, "ed25519") != 0)
        return error_set(error, EXIT_INPUT, "a signature by '%s', not ed25519", signature->algorithm);
    if (unhex(bytes, SIGNATURE_SIZE, signature->signature) != 0 ||
        unhex(public_key, SIGN_KEY_SIZE, signature->key) != 0)
        return error_set(error, EXIT_INPUT, "an invalid signature");
    const struct sign_key *key = find_key(signing, public_key);
    if (key == NULL)
        return error_set(error, EXIT_INPUT, "signed by the key %.16s…, which is not trusted", signature->key);
    if (block_end(&signing->block, digest, text, error) != 0)
        return -1;
    const int good = sign_check(key, text, strlen(text), bytes, error);
    if (good < 0)
        return -1;
    if (good == 0 || strcmp(digest, signature->digest) != 0 || signing->block.records != signature->records)
        return error_set(error, EXIT_INPUT, "the records are not those that were signed");
    return 0;
}

/* Each held record: its type in two bytes, its length in four, its line. */
static int hold(struct signing *signing, const struct record *record, struct error *error)
{
    const uint16_t type = (uint16_t)record->type;
    const uint32_t length = (uint32_t)record->line.n + 1;
    buf_add(&signing->held, &type, sizeof type);
    buf_add(&signing->held, &length, sizeof length);
    buf_add_str(&signing->held, record->line);
    buf_add_char(&signing->held, '\n');
    return buf_check(&signing->held, error);
}

static int release(struct signing *signing, struct error *error)
{
    for (size_t at = 0; at < signing->held.n;) {
        uint16_t type;
        uint32_t length;
        memcpy(&type, signing->held.p + at, sizeof type);
        memcpy(&length, signing->held.p + at + sizeof type, sizeof length);
        at += sizeof type + sizeof length;
        if (flow_write_line(input_flow(signing->input), (enum record_type)type,
                            (struct str){signing->held.p + at, length}, error) != 0)
            return -1;
        at += length;
    }
    buf_reset(&signing->held);
    signing->signatures++;
    signing->block.records = 0;
    return 0;
}

static int check_all(struct signing *signing, struct error *error)
{
    const struct record *record;
    struct signature signature;
    int got;
    while ((got = flow_next(input_flow(signing->input), &record, error)) == 1) {
        if (record->type != RECORD_SIGNATURE) {
            if (block_add(&signing->block, record, error) != 0 || hold(signing, record, error) != 0)
                return -1;
            continue;
        }
        if (record_decode(record, &signature, error) != 0 || check_signature(signing, &signature, error) != 0 ||
            release(signing, error) != 0)
            return -1;
    }
    if (got != 0)
        return -1;
    if (signing->block.records > 0)
        return error_set(error, EXIT_INPUT, "%" PRId64 " records without a signature after them",
                         signing->block.records);
    return signing->signatures > 0 ? 0 : error_set(error, EXIT_INPUT, "there is no signature");
}

enum exit_code signal_check(struct invocation *invocation, struct error *error)
{
    struct signing signing = {.invocation = invocation};
    enum exit_code code = EXIT_DONE;
    buf_init(&signing.held, HELD_MAX);
    if (open_keys(&signing, false, error) == 0 && (signing.input = input_open(invocation, false, error)) != NULL) {
        (void)check_all(&signing, error);
        code = input_close(signing.input, error);
    }
    close_all(&signing);
    return code;
}

enum exit_code signal_key(struct invocation *invocation, struct error *error)
{
    const char *path = invocation_operand_list(invocation)[0];
    if (sign_key_make(path, error) == 0)
        say(invocation, 0, "wrote the private key %s and the public key %s.pub", path, path);
    return EXIT_DONE;
}
