/* Configuration: defaults, files, environment, precedence and origins, refusals with file and line, folders. */
#include "base/config.h"
#include "base/file.h"

#include "tap.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[] = "/tmp/tn-config-XXXXXX";

static void write_config(const char *text)
{
    char path[PATH_MAX];
    struct error error;
    error_clear(&error);
    (void)snprintf(path, sizeof path, "%s/config", home);
    (void)file_replace(path, text, strlen(text), 0600, &error);
}

static void test_defaults(void)
{
    struct error error;
    const char *origin = NULL;
    error_clear(&error);
    struct config *config = config_open(&error);
    check(config != NULL, "no file is no error");
    if (config == NULL)
        return;
    check_text(config_text(config, "account", "any", "mode", &origin), "paper", "paper is the default");
    check_text(origin, "default", "and says so");
    check(config_decimal(config, "account", "any", "max_position") == DEC_ONE / 20, "position limit 5%%");
    check(config_decimal(config, "account", "any", "daily_loss") == DEC_ONE / 50, "daily loss limit 2%%");
    check(config_integer(config, "account", "any", "max_positions") == 10, "10 positions");
    check(config_flag(config, "account", "any", "long_only"), "long only");
    check(!config_flag(config, "account", "any", "fractional"), "whole lots");
    check(config_decimal(config, "instrument", "AAPL", "tick_size") == DEC_ONE / 100, "ticks of a cent");
    check(config_text(config, "source", "s", "path", &origin) == NULL, "no value");
    check(config_titles(config, "account") == 0, "no accounts");
    for (int i = 0; i < config_count; i++) {
        const struct setting *s = &config_table[i];
        if (s->kind == SETTING_DECIMAL || s->kind == SETTING_PERCENT)
            check(s->standard == NULL || config_decimal(config, s->section, "x", s->name) >= 0, "default of %s",
                  s->name);
        else if (s->kind == SETTING_COUNT)
            check(s->standard == NULL || config_integer(config, s->section, "x", s->name) >= 0, "default of %s",
                  s->name);
        else if (s->kind == SETTING_WORD)
            check(s->standard == NULL || strstr(s->words, s->standard) != NULL, "default of %s", s->name);
        bool unique = true;
        for (int j = 0; j < config_count; j++)
            if (j != i && s->environment && config_table[j].environment && strcmp(s->name, config_table[j].name) == 0)
                unique = false;
        check(unique, "the variable of %s means one setting", s->name);
        check(!s->environment || strcmp(s->name, "mode") != 0, "no variable says live");
    }
    config_free(config);
}

static void test_file(void)
{
    struct error error;
    const char *origin = NULL;
    char want[PATH_MAX];
    error_clear(&error);
    write_config(
        "# accounts # account x {\naccount main { // \"\n  /* mode =\n */ mode = live\n  max_position = 7.5%\n  sizing "
        "= notional:10000\n}\n"
        "account play { long_only = no day_rolls = \"00:00 UTC\" }\naccount bare {}\n"
        "account _x { cash = 7 } account -y {}\n"
        "instrument BRK.B { lot_size = 100 } instrument EUR/USD { tick_size = 0.00001 }\n"
        "source daily { kind = csv path = \"/data/#daily//x\" csv_tz = America/New_York }\ndisplay { tz = UTC }\n");
    struct config *config = config_open(&error);
    check(config != NULL, "a file is read (%s)", error.text);
    if (config == NULL)
        return;
    check_text(config_text(config, "account", "main", "mode", &origin), "live", "the file beats the default");
    check_text(config_text(config, "account", "_x", "cash", NULL), "7", "every name of an account has a section");
    (void)snprintf(want, sizeof want, "%s/config:4", home);
    check_text(origin, want, "with file and line");
    check(config_decimal(config, "account", "main", "max_position") == DEC_ONE * 75 / 1000, "7.5%%");
    check(config_decimal(config, "account", "play", "max_position") == DEC_ONE / 20, "another account has the default");
    check_text(config_text(config, "account", "main", "sizing", NULL), "notional:10000", "text with a colon");
    check_text(config_text(config, "account", "play", "day_rolls", NULL), "00:00 UTC", "quoted text");
    check(!config_flag(config, "account", "play", "long_only"), "no is false");
    check(config_titles(config, "account") == 5, "five accounts");
    check_text(config_title(config, "account", 1), "play", "in file order");
    check_text(config_title(config, "account", 2), "bare", "an empty section counts");
    check(config_title(config, "account", 5) == NULL, "no sixth");
    check(config_decimal(config, "instrument", "EUR/USD", "tick_size") == 1000, "an instrument by symbol");
    check_text(config_text(config, "source", "daily", "path", NULL), "/data/#daily//x", "no comment inside quotes");
    check_text(config_text(config, "display", "", "tz", NULL), "UTC", "a section without title");
    config_free(config);

    setenv("TN_MAX_POSITION", "3%", 1);
    setenv("TN_MODE", "paper", 1);
    setenv("TN_TZ", "", 1);
    config = config_open(&error);
    check(config != NULL, "with environment");
    check_text(config_text(config, "account", "main", "max_position", &origin), "3%", "the environment beats the file");
    check_text(origin, "TN_MAX_POSITION", "and says so");
    check_text(config_text(config, "account", "main", "mode", NULL), "live", "fault-070: never for mode");
    check_text(config_text(config, "display", "", "tz", NULL), "UTC", "an empty variable does not count");
    config_free(config);
    setenv("TN_MAX_POSITION", "three", 1);
    error_clear(&error);
    check(config_open(&error) == NULL && error.code == EXIT_USAGE, "a wrong variable is refused");
    check(strstr(error.text, "TN_MAX_POSITION='three'") != NULL, "by name");
    unsetenv("TN_MAX_POSITION");
    setenv("TN_MAX_POSTION", "2%", 1);
    error_clear(&error);
    check(config_open(&error) == NULL && error.code == EXIT_USAGE, "a misspelt variable is refused");
    check(strcmp(error.text, "TN_MAX_POSTION is not a setting") == 0 && strstr(error.hint, "TN_MAX_POSITION?") != NULL,
          "and the right one named");
    setenv("TN_MAX_POSTION", "", 1);
    setenv("TN_HELPER", "of somebody else", 1);
    error_clear(&error);
    config = config_open(&error);
    check(config != NULL, "an empty one, and one of somebody else, are not");
    config_free(config);
    unsetenv("TN_MAX_POSTION");
    unsetenv("TN_HELPER");
    unsetenv("TN_MODE");
    unsetenv("TN_TZ");
}

/* What version 0.1.0 took, and made of it: the values were read from it (with libconfuse 3.3) once. */
static void test_words(void)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"display{tz=UTC}", "UTC"},
        {"display\r\n{\ttz\r\n=\r\nUTC\r\n}\r\n", "UTC"},
        {"'display' { \"tz\" = UTC }", "UTC"},
        {"display { tz = UTC# }\n} # {", "UTC"},
        {"display { tz = America/New_York // x\n }", "America/New_York"},
        {"display { tz = a//b }", "a//b"},
        {"display { tz = 'it\\'s \\\\ \\n' }", "it's \\ \\n"},
        {"display { tz = \"a\\tb\\x41\\101\\q\\\"\" }", "a\tbAAq\""},
        {"display { tz = \"a\\\nb\nc\" }", "ab\nc"},
        {"display { tz = '${TN_WORD}' }", "${TN_WORD}"},
        {"display { tz = \"x ${TN_WORD}/${TN_NONE}${TN_NONE:-y}\" }", "x word/y"},
        {"display { tz = ${TN_WORD} }", "word"},
        {"display { tz = ${TN_NONE:-else} }", "else"},
        {"display { tz = a:b;c!d?e[f]g~h|i&j$k%l@m^n<o>p`q\\r }", "a:b;c!d?e[f]g~h|i&j$k%l@m^n<o>p`q\\r"},
        {"display { } display { tz = UTC }", "UTC"},
        {"/**/display /* { */{/***/tz=/* \" */UTC}//", "UTC"},
    };
    setenv("TN_WORD", "word", 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {0};
        write_config(cases[i].text);
        struct config *config = config_open(&error);
        check_text(config == NULL ? error.text : config_text(config, "display", "", "tz", NULL), cases[i].value,
                   "a value is what it was");
        config_free(config);
    }
    unsetenv("TN_WORD");
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *message, *hint;
    } cases[] = {
        {"acount paper {}", ":1:1: unknown section 'acount'", "did you mean 'account'?"},
        {"account paper {\n max_postion = 5% }", ":2:2: unknown setting 'max_postion'", "did you mean 'max_position'?"},
        {"account paper {\n\n mode = lvie }", ":3:9: mode = 'lvie': not one of: paper live", ""},
        {"account paper { max_position = 5 }",
         ":1:32: max_position = '5': a percentage needs its sign: write 5%, or a fraction below 1", ""},
        {"account paper { max_position = -5% }", ":1:32: max_position = '-5%': must not be negative", ""},
        {"instrument X { tick_size = 0 }", ":1:28: tick_size = '0': must be above zero", ""},
        {"account paper { long_only = maybe }", ":1:29: long_only = 'maybe': must be yes or no", ""},
        {"account paper { cash = 1\n cash = 2 }", ":2:9: 'cash' is set twice (see line 1)", ""},
        {"account a {} account a {}", ":1:22: there are two sections 'account a'", ""},
        {"account a { mode = ", ":1:20: expected a value, but the file ends", ""},
        {"account a { mode", ":1:17: expected '=', but the file ends", ""},
        {"account a", ":1:10: expected '{', but the file ends", ""},
        {"account a {\n  max_position = 2%\n", ":1:11: this section does not end",
         "is the file cut off? a section ends with '}'"},
        {"account a { cash = 1 }\naccount b {\n # }\n currency = '}'\n cash = 100", ":2:11: this section does not end",
         "is the file cut off? a section ends with '}'"},
        {"account { mode = paper }", ":1:9: missing title for section 'account'", ""},
        {"account a { mode = {paper, live} }", ":1:20: expected a value, found '{'", ""},
        {"account ../a {}", ":1:9: '../a' is not a valid title for section 'account'", ""},
        {"account \"a b\" {}", ":1:9: 'a b' is not a valid title for section 'account'", ""},
        {"account .a {}", ":1:9: '.a' is not a valid title for section 'account'", ""},
        {"source _a {}", ":1:8: '_a' is not a valid title for section 'source'", ""},
        {"instrument /ES {}", ":1:12: '/ES' is not a valid title for section 'instrument'", ""},
        {"\n\ndisplay { tz = 'UTC\n }\n", ":3:16: this quote or comment does not end", ""},
        {"display { /* tz\n }\n", ":1:11: this quote or comment does not end", ""},
        {"display { tz = 'a\\\\' } /* x */# y\n foo {}", ":2:2: unknown section 'foo'", ""},
        {"account a { mode += paper }", ":1:18: expected '=', found '+='", ""},
        {"account a { mode = paper, live }", ":1:25: expected the name of a setting, found ','", ""},
        {"account a { mode paper }", ":1:18: expected '=', found 'paper'", ""},
        {"account a { = }", ":1:13: expected the name of a setting, found '='", ""},
        {"account a { mode = paper } }", ":1:28: expected the name of a section, found '}'", ""},
        {"display tz { }", ":1:9: expected '{', found 'tz'", ""},
        {"display { /* \xc3\xa4 */ tz = 'x' foo = 1 }", ":1:28: unknown setting 'foo'", ""},
        {"display { tz = \"\\400\" }", ":1:17: invalid escape sequence", ""},
        {"display { tz = \"a\\0\" }", ":1:18: invalid escape sequence", ""},
        {"display { tz = \"a\\", ":1:16: this quote or comment does not end", ""},
        {"display { tz = 'a\\", ":1:16: this quote or comment does not end", ""},
        {"display { tz = \"\" }", ":1:16: tz = '': empty", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error;
        char want[PATH_MAX + 128];
        error_clear(&error);
        write_config(cases[i].text);
        struct config *config = config_open(&error);
        check(config == NULL && error.code == EXIT_USAGE, "refuses: %s", cases[i].message);
        (void)snprintf(want, sizeof want, "%s/config%s", home, cases[i].message);
        check_text(error.text, want, "with file and line");
        check_text(error.hint, cases[i].hint, "and the nearest word");
        config_free(config);
    }
    struct error error;
    char path[PATH_MAX];
    error_clear(&error);
    (void)snprintf(path, sizeof path, "%s/config", home);
    unlink(path);
    mkdir(path, 0700);
    check(config_open(&error) == NULL && error.code == EXIT_USAGE, "a folder in place of the file");
    rmdir(path);
}

static void test_places(void)
{
    struct error error;
    struct stat status;
    char path[PATH_MAX];
    error_clear(&error);
    struct config *config = config_open(&error);
    (void)snprintf(path, sizeof path, "%s/data", home);
    check_text(config_folder_name(config, "data"), path, "TN_HOME/data");
    check(stat(path, &status) != 0, "is not made by asking for its name");
    check_text(config_folder(config, "data", &error), path, "is made on use");
    check(stat(path, &status) == 0 && (status.st_mode & 0777) == 0700, "for us alone");
    check_text(config_folder_name(config, "config"), home, "the configuration folder is TN_HOME");
    config_free(config);

    unsetenv("TN_HOME");
    setenv("XDG_DATA_HOME", "relative/is/ignored", 1);
    setenv("XDG_CACHE_HOME", "/tmp/cache", 1);
    setenv("HOME", "/tmp/somebody", 1);
    config = config_open(&error);
    check_text(config_folder_name(config, "data"), "/tmp/somebody/.local/share/truenorth", "XDG default of data");
    check_text(config_folder_name(config, "cache"), "/tmp/cache/truenorth", "XDG_CACHE_HOME");
    check_text(config_folder_name(config, "state"), "/tmp/somebody/.local/state/truenorth", "XDG default of state");
    check_text(config_file(config), "/tmp/somebody/.config/truenorth/config", "the user's file");
    config_free(config);

    unsetenv("HOME");
    unsetenv("XDG_DATA_HOME");
    error_clear(&error);
    check(config_open(&error) == NULL && error.code == EXIT_USAGE, "no HOME at all");
    check(strstr(error.text, "HOME is not set") != NULL && strstr(error.hint, "TN_HOME") != NULL, "is said clearly");
}

int main(void)
{
    if (mkdtemp(home) == NULL)
        return 1;
    clearenv();
    setenv("TN_HOME", home, 1);
    test_defaults();
    test_file();
    test_words();
    test_refusals();
    test_places();
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/data", home);
    rmdir(path);
    rmdir(home);
    return done();
}
