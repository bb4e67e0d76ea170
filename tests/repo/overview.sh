# The examples in the overview of <snug/snug.h> compile as they are, and do what they say: each call
# that returns a status succeeds.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
cp "$examples/iris.json" .
cp -r "$examples/data" .
cp data/iris.csv .

{
    cat <<'EOF'
#include <stdio.h>
#include <stdlib.h>

#include <snug/snug.h>

typedef struct own_config {
    double beta;
} own_config;

static const snug_field own_fields[] = {{.name = "beta",
                                         .help = "factor",
                                         .kind = SNUG_FIELD_REAL,
                                         .offset = offsetof(own_config, beta),
                                         .initial = 1.0},
                                        {.kind = SNUG_FIELD_END}};

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = (float)((const own_config *)config)->beta * x[i];
    }
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)x, (void)y;
    forward(config, rows, columns, dy, dx);
}

static const snug_activation_kind own_kind = {.base = {.name = "own",
                                                       .summary = "beta x",
                                                       .fields = own_fields,
                                                       .config_size = sizeof(own_config)},
                                              .flags = SNUG_READS_INPUT,
                                              .forward = forward,
                                              .backward = backward};

static snug_status checked(snug_status status) {
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
        exit(1);
    }
    return status;
}

int main(void) {
    snug_model *model;
    snug_dataset *train, *validation, *test;
EOF
    sed -n '/#ifndef/q; s/^ \*     //p' "$SNUG_SOURCE/include/snug/snug.h" >examples.c
    sed 's/status = \(.*\);$/status = checked(\1);/' examples.c
    cat <<'EOF'
    printf("%zu layers, %zu rows for tests\n", snug_model_layer_count(net),
           snug_dataset_row_count(test));
    snug_metrics metrics;
    status = checked(snug_evaluate(model, test, &metrics));
    printf("%s\n", snug_metrics_get(&metrics, "accuracy") > 0.9 ? "trained" : "not trained");
    snug_experiment_free(file);
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_model_free(net);
    snug_dataset_free(iris);
    return (int)status;
}
EOF
} >overview.c
holds "$(grep -c 'checked(' overview.c) > 6"

library=$(dirname "$SNUG")
sanitize=
for name in address:__asan_init thread:__tsan_init; do
    if nm -D --undefined-only "$library/libsnug.so" | grep -qw "${name#*:}"; then
        sanitize=-fsanitize=${name%:*}
    fi
done
# A sanitizer's flag, or none.
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -Wall -Wextra -Werror $sanitize -I "$SNUG_SOURCE/include" overview.c \
    "$library/libsnug.so" "-Wl,-rpath,$library" -o overview ||
    fail "the overview of snug.h does not compile"
./overview >out 2>err || fail "the overview of snug.h fails: $(cat err)"
equals "what the overview does" "$(cat out)" "4 layers, 30 rows for tests
trained"
