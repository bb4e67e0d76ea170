/*
 * How deep a plain network of each activation may be and still be trained: layers of 64 units,
 * gradient descent, each depth twice the one before, with the learning rate that is best on the
 * validation rows: of all rates for the first depth, then of that of the depth before and the next
 * lower one. A network counts as trained where it is right on half of them or more; guessing
 * one of ten classes is right on a tenth.
 */
#include <stdio.h>

#include "lab/chart.h"
#include "lab/lab.h"

static const double rates[] = {0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001};

enum { RATES = 6, MOST_DEPTHS = 9, FIRST_DEPTH = 4 };

static const double trained = 0.5;

#define STANDARDIZED(name) "{\"type\": \"standardized\", \"of\": \"" name "\"}"

typedef struct variant {
    const char *name, *activation, *init;
} variant;

static const variant variants[] = {
    {"SELU", "selu", "\"lecun_normal\""},
    {"ELU", "elu", "\"lecun_normal\""},
    {"tanh", "tanh", "\"lecun_normal\""},
    {"ReLU, He", "relu", "\"he_normal\""},
    {"GELU, He", "gelu", "\"he_normal\""},
    {"sigmoid", "sigmoid", "\"lecun_normal\""},
    {"standardized tanh", STANDARDIZED("tanh"), "\"lecun_normal\""},
    {"standardized sigmoid", STANDARDIZED("sigmoid"), "\"lecun_normal\""},
};

enum { COUNT = sizeof variants / sizeof variants[0] };

/* What became of an activation at each depth that was tried. */
typedef struct result {
    size_t count;
    double depth[MOST_DEPTHS], validation[MOST_DEPTHS], test[MOST_DEPTHS];
    size_t rate[MOST_DEPTHS]; /* the best one's number */
} result;

/* Trains one depth with the rates that come into question and adds the best to the result. */
static bool try_depth(const variant *v, size_t depth, lab_training *training, result *found) {
    const lab_network network = {.inputs = snug_dataset_column_count(training->train),
                                 .depth = depth,
                                 .width = 64,
                                 .outputs = snug_dataset_class_count(training->train),
                                 .init = v->init,
                                 .activation = v->activation};
    size_t k = found->count++;
    size_t first = k == 0 ? 0 : found->rate[k - 1];
    size_t end = k == 0 || first + 2 > RATES ? RATES : first + 2;
    found->depth[k] = (double)depth;
    for (size_t i = first; i < end; i++) {
        lab_course course;
        training->rate = rates[i];
        if (!lab_train(&network, training, &course)) {
            return false;
        }
        double accuracy = course.accuracy[training->epochs - 1];
        if (i == first || accuracy > found->validation[k]) {
            found->validation[k] = accuracy;
            found->test[k] = course.test;
            found->rate[k] = i;
        }
    }
    return true;
}

/* Doubles the depth until training fails. */
static bool find_deepest(const variant *v, size_t most, lab_training *training, result *found) {
    size_t depth = FIRST_DEPTH;
    do {
        if (!try_depth(v, depth, training, found)) {
            return false;
        }
        depth *= 2;
    } while (depth <= most && found->count < MOST_DEPTHS &&
             found->validation[found->count - 1] >= trained);
    return true;
}

static void print_table(const result found[COUNT]) {
    printf("%-22s%16s%10s%16s%22s\n", "activation", "deepest trained", "rate", "test accuracy",
           "twice as deep");
    for (size_t i = 0; i < COUNT; i++) {
        const result *r = &found[i];
        size_t last = r->count - 1;
        bool failed = r->validation[last] < trained;
        if (failed && last == 0) {
            printf("%-22s%16s%10s%16s%22.3f\n", variants[i].name, "none", "", "", r->test[0]);
        } else {
            size_t best = failed ? last - 1 : last;
            printf("%-22s%16.0f%10g%16.3f", variants[i].name, r->depth[best], rates[r->rate[best]],
                   r->test[best]);
            if (failed) {
                printf("%22.3f\n", r->test[last]);
            } else {
                printf("%22s\n", "not tried");
            }
        }
    }
}

static bool draw(const char *path, const result found[COUNT]) {
    chart_series curves[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        curves[i] = (chart_series){.name = variants[i].name,
                                   .x = found[i].depth,
                                   .y = found[i].test,
                                   .count = found[i].count,
                                   .colour = (int)i,
                                   .marked = true};
    }
    const chart_panel panel = {.title = "test accuracy",
                               .x_label = "layers",
                               .low = 0,
                               .high = 1,
                               .log_x = true,
                               .series = curves,
                               .count = COUNT};
    return chart_write(path, "Test accuracy of plain networks against depth", &panel, 1);
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "The deepest plain network of each activation that trains",
                        "deepest.svg");
    static result found[COUNT];
    snug_dataset *all = NULL, *train = NULL, *validation = NULL, *test = NULL;
    bool ok = lab_read(&run, 6000, &all, &test) &&
              (snug_dataset_split(all, 1.0 / 6, run.seed, &train, &validation) == SNUG_OK ||
               lab_failed());
    lab_training training = {.train = train,
                             .validation = validation,
                             .test = test,
                             .batch_size = run.quick ? 32 : 50,
                             .epochs = 4,
                             .seed = run.seed};
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = find_deepest(&variants[i], run.quick ? 8 : 256, &training, &found[i]);
    }
    if (ok) {
        print_table(found);
        ok = draw(run.picture, found);
    }
    snug_dataset_free(validation);
    snug_dataset_free(train);
    snug_dataset_free(test);
    snug_dataset_free(all);
    return lab_end(&run, ok);
}
