# The examples in the overview of <snug/snug.h> compile as they are.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

{
    echo '#include <snug/snug.h>'
    echo 'extern const snug_activation_kind own_kind;'
    echo 'snug_status overview(void);'
    echo 'snug_status overview(void) {'
    echo '    snug_model *model;'
    echo '    snug_dataset *train, *validation, *test;'
    sed -n '/#ifndef/q; s/^ \*     //p' "$SNUG_SOURCE/include/snug/snug.h"
    echo '    return status;'
    echo '}'
} >overview.c
holds "$(grep -c 'status' overview.c) > 6"
${CC:-cc} -std=c11 -Wall -Wextra -Werror -fsyntax-only -I "$SNUG_SOURCE/include" overview.c ||
    fail "the overview of snug.h does not compile"
