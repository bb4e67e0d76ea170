/* Every layer that is trained takes factors of the learning rate for its weights and its biases. */
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "support.h"
#include "support/members.h"
#include "support/suite.h"

enum { COLUMNS = 4 };

static bool has_field(const snug_kind *kind, const char *name) {
    const snug_field *field = kind->fields;
    while (field != NULL && field->kind != SNUG_FIELD_END && strcmp(field->name, name) != 0) {
        field++;
    }
    return field != NULL && field->kind != SNUG_FIELD_END;
}

/* Writes a layer with what it needs, wider than its inputs where it may be, and more fields. */
static void write_spec(const snug_kind *kind, const char *more, char *spec, size_t size) {
    const char *list = strcmp(kind->name, "residual") == 0 ? "[{\"type\": \"dense\", \"units\": 6}]"
                                                           : "[\"selu\"]";
    int length = snprintf(spec, size, "{\"type\": \"%s\"%s", kind->name, more);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        const char *value = field->kind == SNUG_FIELD_LAYERS   ? list
                            : field->kind == SNUG_FIELD_OBJECT ? "\"mish\""
                            : test_value(field) != NULL        ? test_value(field)
                                                               : "6";
        if (field->required || test_value(field) != NULL) {
            length +=
                snprintf(spec + length, size - (size_t)length, ", \"%s\": %s", field->name, value);
        }
    }
    snprintf(spec + length, size - (size_t)length, "}");
}

/* Returns the number of tensors that are trained, of the layer itself and not of its block. */
static size_t check_factors(const snug_model *model, const char *spec, double weights,
                            double biases) {
    const snug_plan *plan = model->plan;
    const snug_plan_node *node = &plan->nodes[0];
    size_t trained = 0;
    for (size_t i = 0; i < node->shape.tensor_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[node->first_tensor + i];
        if (slot->tensor->state) {
            continue;
        }
        double factor = slot->tensor->learning_rate_factor;
        bool bias = strstr(slot->name, "bias") != NULL;
        ck_assert_msg(factor == (bias ? biases : weights), "%s: %s has %g", spec, slot->name,
                      factor);
        trained++;
    }
    return trained;
}

START_TEST(trained_layers_have_factors) {
    size_t trained = 0;
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_LAYER, i)) != NULL; i++) {
        bool factors = has_field(kind, "learning_rate_factor");
        bool biases = has_field(kind, "bias_learning_rate_factor");
        char more[128], spec[320];
        snprintf(more, sizeof more, "%s%s", factors ? ", \"learning_rate_factor\": 3" : "",
                 biases ? ", \"bias_learning_rate_factor\": 5" : "");
        write_spec(kind, more, spec, sizeof spec);
        snug_model *model = model_of(COLUMNS, spec);
        size_t own = check_factors(model, spec, factors ? 3 : 0, biases ? 5 : factors ? 3 : 0);
        ck_assert_msg(factors || own == 0, "%s: %zu trained tensors", spec, own);
        trained += own;
        snug_model_free(model);
    }
    ck_assert_uint_gt(trained, 10);
}
END_TEST

static Suite *rate_factors(void) {
    Suite *suite = suite_create("factors of the learning rate");
    TCase *tests = tcase_create("factors of the learning rate");
    tcase_add_test(tests, trained_layers_have_factors);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(rate_factors)
