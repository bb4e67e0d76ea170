# scripts/check-style.sh finds each fault that it is for, in a source tree with one of each, and
# nothing in a tree without any.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# style STATUS ARGUMENT...: checks the tree "tree" into the file "out".
style() {
    wanted=$1
    shift
    status=0
    sh "$SNUG_SOURCE/scripts/check-style.sh" --root tree "$@" >out || status=$?
    [ "$status" = "$wanted" ] || fail "check-style $*: exit status $status instead of $wanted
$(cat out)"
}

# finds FINDING...: the check prints these lines and the number of them, and nothing more. With a
# compiler where there is a build directory.
finds() {
    if [ -d tree/build ]; then
        style 1 --build tree/build
    else
        style 1
    fi
    printf '%s\n' "$@" | LC_ALL=C sort >expected
    sed '$d' out | LC_ALL=C sort >found
    equals "findings" "$(cat found)" "$(cat expected)"
    noun=findings
    [ $# != 1 ] || noun=finding
    equals "the last line" "$(tail -n 1 out)" "$# $noun"
}

# lines N: lines of code, of which 1 in 5 is a comment.
lines() {
    awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print i % 5 ? "call(" i ");" : "/* c */" }'
}

# wide STRING: a line of 101 columns that begins so.
wide() { printf '%-100sx\n' "$1"; }

# A tree in which a module has a source and a header, a kind is shorter than 20 lines, and words and
# lines are as they may be.
make_tree() {
    rm -rf tree
    mkdir -p tree/src/core tree/src/losses tree/include/snug tree/docs tree/scripts tree/tests/core
    cat >tree/src/core/pair.h <<'C'
/* Pairs. */
#ifndef PAIR_H
#define PAIR_H

#include <stddef.h>

/* Returns the sum. */
size_t snug_pair_sum(const size_t *pair);

/* Returns the rounded quotient, floor(a / b); the noise floor is standard, as is understanding. */
double snug_pair_quotient(double a, double b);

/* Names of the two. */
extern const char *const snug_pair_names[], snug_pair_letters[];






#endif
C
    cat >tree/src/core/pair.c <<'C'
#include "core/pair.h"

#include <math.h>

const char *const snug_pair_names[] = {"first", "second"};
const char snug_pair_letters[] = {'a', 'b'};

/* A function of this file alone. */
static size_t add(size_t a, size_t b) {
    return a + b;
}

size_t snug_pair_sum(const size_t *pair) {
    return pair == NULL ? 0 : add(pair[0], pair[1]);
}

double snug_pair_quotient(double a, double b) {
    /* { in a comment and "}" in a string are no braces */
    return floor(a / b);
}

MACRO(snug_made, (int n), (n)) {
    (void)n;
}
C
    cat >tree/src/losses/tiny.c <<'C'
/* A kind may be short. */
const snug_loss_kind snug_loss_tiny_kind = {.name = "tiny"};
C
    cat >tree/docs/PAGE.md <<MD
# A page

A table, a fence and a link may be wide:

$(wide '| a table |')

\`\`\`
$(wide 'a fence')
\`\`\`

$(wide '[a link](PAGE.md)')
MD
}

make_tree
style 0
equals "findings in a tree without a fault" "$(cat out)" "0 findings"

# ---- lines and words -----------------------------------------------------------------------------

wide '#' >tree/scripts/wide.sh
wide 'A paragraph' >>tree/docs/PAGE.md
printf '# éééééééééé %s\n' "$(printf '%87s' x | tr ' ' x)" >tree/scripts/narrow.sh
finds "scripts/wide.sh:1: 101 columns: at most 100" \
    "docs/PAGE.md:12: 101 columns: at most 100"

make_tree
printf '# %s\n' 'floor(x), stand-alone, outliers, headroom, theanswering' >tree/scripts/words.sh
style 0
for word in answer answers answered sentence sentences stand stands stood lie lies lying judge \
    judged refine refined aside survey surveyed settle settles settled tally tallies floor floors \
    room rooms; do
    capital=$(printf '%s' "$word" | sed 's/^./\U&/')
    printf 'snug_%s_x getThe%s\n' "$word" "$capital" >tree/scripts/words.sh
    style 1
    contains out "scripts/words.sh:1: the word \"$word\": "
    equals "findings of the word $word" "$(tail -n 1 out)" "2 findings"
done

# ---- sizes ---------------------------------------------------------------------------------------

make_tree
{
    printf 'static void long_one(void) {\n'
    lines 59
    printf '}\n'
    printf '\nSTART_TEST(just_right) {\n'
    lines 58
    printf '}\n'
} >tree/tests/core/long.c
finds "tests/core/long.c:1: long_one has 61 lines: at most 60"

make_tree
printf '/* %s */\n' short >tree/src/core/short.c
finds "src/core/short.c:1: 1 lines: at least 20, or part of another file"

make_tree
for i in $(seq 25); do
    : >tree/tests/core/$i.txt
    printf 'const snug_loss_kind k_kind;\n/* c */\n\n\n\n\n' >tree/src/losses/$i.c
done
style 0
: >tree/tests/core/26.txt
finds "tests/core:1: 26 files: at most 25, or several directories"

make_tree
lines 200 | grep -v '^/' >tree/src/core/bare.c
style 1
matches out '^src:1: 3\.[0-9] % of the lines are comments: 12 to 25 %$'
for i in $(seq 300); do echo "/* c */"; done >tree/src/core/bare.c
style 1
matches out '^src:1: 8[0-9]\.[0-9] % of the lines are comments: 12 to 25 %$'

make_tree
style 0 --statistics
contains out "comment lines in src: "
matches out '^src  +4 +3 +3 +4$'

# ---- declarations --------------------------------------------------------------------------------

make_tree
cat >>tree/src/core/pair.c <<'C'
extern int elsewhere;
int snug_lost(void) {
    return 0; /* declared nowhere */
}
int snug_moved(void) {
    return 0; /* declared in another header */
}
int snug_public(void) {
    return 0; /* declared in a public header */
}
int snug_counter = 1;
C
cat >tree/src/core/other.h <<'C'
/* Another header. */
#ifndef OTHER_H
#define OTHER_H



/* Returns 0. */
int snug_moved(void);


/* A function that nobody wrote, and a variable. */
int snug_ghost(int (*callback)(int));
extern int snug_shadow;


/* A type is no function. */
typedef int snug_callback(int);


#endif
C
printf 'int snug_public(void);\n' >tree/include/snug/public.h
home='declare it in src/core/pair.h, or make it static'
ghost='is declared, but no source defines it: remove it'
finds 'src/core/pair.c:25: extern in a source: include the header that declares it' \
    "src/core/pair.c:26: snug_lost is declared in no header: $home" \
    "src/core/pair.c:29: snug_moved is declared in src/core/other.h: $home" \
    "src/core/pair.c:35: snug_counter is declared in no header: $home" \
    "src/core/other.h:12: snug_ghost $ghost" \
    "src/core/other.h:13: snug_shadow $ghost"

# ---- includes ------------------------------------------------------------------------------------

# cycle WHAT NAME...: the end of the finding that these include each other in turn.
cycle() {
    chain=$(printf ' -> src/core/%s' "${@:2}")
    printf '%s include each other, %s: one direction only' "$1" "${chain# -> }"
}

# module NAME HEADER: a source and a header that includes another.
module() {
    { printf '/* %s */\n#include "%s"\n' "$1" "$2" && lines 20 | sed 's/^call.*//'; } \
        >"tree/src/core/$1.h"
    { printf '#include "%s"\n' "core/$1.h" && lines 20 | sed 's/^call.*//'; } >"tree/src/core/$1.c"
}

make_tree
module first core/second.h
module second core/third.h
module third core/pair.h
style 0
module third core/first.h
finds "src/core/first.h:2: $(cycle headers first.h second.h third.h first.h)" \
    "src/core/first.h:2: $(cycle modules first second third first)"

make_tree
module first core/pair.h
module second core/first.h
sed -i '1i #include "core/second.h"' tree/src/core/first.c
finds "src/core/first.c:1: $(cycle modules first second first)"

# ---- what needs a compiler -----------------------------------------------------------------------

if command -v clang-tidy-19 >/dev/null &&
    /usr/bin/python3 -c 'import clang.cindex' 2>/dev/null; then
    rm -r tree
    mkdir -p tree/src/core tree/build
    { lines 20 | sed 's/^call.*//' && cat; } >tree/src/core/use.c <<'C'
#include "core/use.h"

#include <math.h>

double snug_use(const double *value) {
    return value == NULL ? 0.0 : floor(*value);
}
C
    { lines 20 | sed 's/^call.*//' && cat; } >tree/src/core/use.h <<'C'
#ifndef USE_H
#define USE_H
#include <stddef.h>
static inline size_t snug_size(void) {
    return 0;
}
double snug_use(const double *value);
#endif
C
    cat >tree/build/compile_commands.json <<JSON
[{"directory": "$PWD/tree", "file": "$PWD/tree/src/core/use.c",
  "command": "cc -std=c11 -I$PWD/tree/src -o use.o -c $PWD/tree/src/core/use.c"}]
JSON
    style 0 --build tree/build
    sed -i 's/value == NULL/!value/; s/^#include <math.h>/&\n#include <string.h>/' \
        tree/src/core/use.c
    sed -i 's/^#include <stddef.h>/&\n#include <ctype.h>/' tree/src/core/use.h
    finds "src/core/use.c:24: unused include string.h: remove it, or include what is used instead" \
        "src/core/use.c:27: pointer tested by !: == NULL" \
        "src/core/use.h:24: unused include ctype.h: remove it, or include what is used instead"
else
    echo "clang-tidy-19 or python3-clang is missing: the checks that need a compiler are not tested"
fi

# ---- the sources ---------------------------------------------------------------------------------

"$SNUG_SOURCE/scripts/check-style.sh" --statistics >out
matches out '^src  +[0-9]{4} '
