/* Fields of an object inside a record, in every shape that the strict scanner lets through. */
#include "tap.h"

#include "show/flat.h"

#include <math.h>

static char seen[1024];

static void note(void *context, struct str name, struct str value)
{
    (void)context;
    const size_t used = strlen(seen);
    (void)snprintf(seen + used, sizeof seen - used, STR_FMT "=" STR_FMT ";", STR_ARG(name), STR_ARG(value));
}

static const char *fields(const char *object)
{
    seen[0] = '\0';
    flat_each(str_of(object), note, NULL);
    return seen;
}

int main(void)
{
    check_text(fields("{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":null}"), "a=1;b=x;c=true;d=null;", "plain values");
    check_text(fields(" {} "), "", "what does not begin with a brace is not an object");
    check_text(fields("{}"), "", "an empty object");
    check_text(fields("{ \"a\" :\t[1, {\"x\":\",}\"}] , \"b\" : {\"c\":[2,3]} }"),
               "a=[1, {\"x\":\",}\"}];b={\"c\":[2,3]};", "nested values stay whole, spaces around them go");
    check_text(fields("{\"a\\\"b\":\"c\\\\\",\"d\":\"}\\\",\\\"\"}"), "a\\\"b=c\\\\;d=}\\\",\\\";",
               "escaped quotes and braces within texts end nothing");
    check_text(fields("[1,2]"), "", "an array has no fields");
    const struct str object = STR("{\"sharpe\":null,\"return\":-0.125,\"n\":\"3\",\"return2\":7}");
    check(flat_number(object, "return") == -0.125, "a number by its name");
    check(flat_number(object, "return2") == 7, "and not by a beginning of it");
    check(isnan(flat_number(object, "sharpe")) && isnan(flat_number(object, "n")) && isnan(flat_number(object, "no")),
          "null, text and what is not there are no numbers");
    check(isnan(flat_number(STR(""), "a")), "nothing has no numbers");
    return done();
}
