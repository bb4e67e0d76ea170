#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/kind_check.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"

/*
 * ---- names and strings -------------------------------------------------------------------------
 */

/* [a-z][a-z0-9_]* */
static bool is_lower_case(const char *name) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz", others[] = "0123456789_";
    if (!*name || strchr(letters, *name) == NULL) {
        return false;
    }
    for (const char *c = name; *c; c++) {
        if (strchr(letters, *c) == NULL && strchr(others, *c) == NULL) {
            return false;
        }
    }
    return true;
}

static bool is_one_line(const char *string) {
    return string != NULL && *string != '\0' && strchr(string, '\n') == NULL;
}

/* Fails with a message about a descriptor; the callers put the name of the kind in front. */
#define FAIL(...) snug_fail(SNUG_ERROR_ARGUMENT, __VA_ARGS__)

static const char wrong_name[] =
    "a name has lower-case letters, digits and underscores, and begins with a letter";

/* ---- fields ---------------------------------------------------------------------------------- */

static bool is_unique(const snug_field *fields, const snug_field *field) {
    return snug_fields_find(fields, field->name) == field;
}

static snug_status check_offset(const snug_kind *kind, const snug_field *field) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    size_t end;
    if (!snug_add(field->offset, snug_field_size_of(field), &end) || end > kind->config_size) {
        return FAIL("it is outside of the %zu bytes of the configuration", kind->config_size);
    }
    if (field->offset % type->alignment != 0) {
        return FAIL("its offset %zu does not suit its type", field->offset);
    }
    return SNUG_OK;
}

static snug_status check_range(const snug_field *field) {
    if (isnan(field->min) || isnan(field->max) || isnan(field->initial)) {
        return FAIL("its range or its default is not a number");
    }
    snug_bounds b = snug_field_bounds(field);
    bool open = b.open_min || b.open_max;
    if (b.has_min && b.has_max && (open ? b.min >= b.max : b.min > b.max)) {
        return FAIL("its range is empty");
    }
    return SNUG_OK;
}

static snug_status check_default(const snug_field *field) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    union {
        double real;
        size_t size;
        bool flag;
        int choice;
    } member;
    if (type->store == NULL || field->required || field->optional) {
        return SNUG_OK;
    }
    if (type->store(field, &member, field->initial, "its default") != SNUG_OK) {
        return FAIL("%s", snug_error());
    }
    return SNUG_OK;
}

/* The fields that follow from this one must exist, and something must compute them. */
static snug_status check_replaced(const snug_kind *kind, const snug_field *field) {
    for (const char *const *name = field->replaces; name != NULL && *name != NULL; name++) {
        if (snug_field_type_of(field->kind)->is_null == NULL) {
            return FAIL("has .replaces, which is for a real field");
        }
        if (snug_fields_find(kind->fields, *name) == NULL) {
            return FAIL(".replaces names no field: \"%s\"", *name);
        }
        if (kind->prepare == NULL) {
            return FAIL("has .replaces, and the kind no prepare()");
        }
    }
    return SNUG_OK;
}

static snug_status check_field(const snug_kind *kind, const snug_field *field) {
    if (!is_lower_case(field->name)) {
        return FAIL("%s", wrong_name);
    }
    if (strcmp(field->name, "type") == 0) {
        return FAIL("this key names the kind");
    }
    if (!is_unique(kind->fields, field)) {
        return FAIL("there are two of that name");
    }
    if (!is_one_line(field->help)) {
        return FAIL("needs one line of help");
    }
    if (snug_field_type_of(field->kind) == NULL) {
        return FAIL("%d is no kind of field", (int)field->kind);
    }
    const snug_field_type *type = snug_field_type_of(field->kind);
    const char *missing = type->missing != NULL ? type->missing(field) : NULL;
    if (missing != NULL) {
        return FAIL("%s", missing);
    }
    if (field->sparse && field->initial_text != NULL) {
        return FAIL("its default is a text, which .sparse fields have not");
    }
    snug_status status = check_offset(kind, field);
    if (status == SNUG_OK) {
        status = check_range(field);
    }
    if (status == SNUG_OK) {
        status = check_default(field);
    }
    return status == SNUG_OK ? check_replaced(kind, field) : status;
}

static snug_status check_fields(const snug_kind *kind) {
    for (const snug_field *field = kind->fields; snug_is_field(field); field++) {
        if (field->name == NULL) {
            return FAIL("field %zu needs a name", (size_t)(field - kind->fields));
        }
        if (check_field(kind, field) != SNUG_OK) {
            return snug_fail_in("field \"%s\"", field->name);
        }
    }
    return SNUG_OK;
}

static bool has_field(const snug_kind *kind, const char *name, snug_field_kind of) {
    const snug_field *field = snug_fields_find(kind->fields, name);
    return field != NULL && field->kind == of;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static snug_status check_activation(const snug_kind *base) {
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)base;
    if (kind->forward == NULL) {
        return FAIL("needs forward()");
    }
    if (kind->backward == NULL) {
        return FAIL("needs backward()");
    }
    if (kind->flags & ~(unsigned)(SNUG_READS_INPUT | SNUG_READS_OUTPUT)) {
        return FAIL(".flags holds more than SNUG_READS_INPUT and SNUG_READS_OUTPUT");
    }
    if ((kind->exact == NULL) != (kind->exact_derivative == NULL)) {
        return FAIL("needs exact() and exact_derivative(), or neither");
    }
    if (kind->exact != NULL && kind->derivative == NULL) {
        return FAIL("needs derivative() besides exact_derivative()");
    }
    return SNUG_OK;
}

static snug_status check_layer(const snug_kind *base) {
    const snug_layer_kind *kind = (const snug_layer_kind *)(const void *)base;
    const unsigned known = SNUG_READS_INPUT | SNUG_READS_OUTPUT | SNUG_IN_PLACE | SNUG_IS_RANDOM |
                           SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE | SNUG_ROWWISE |
                           SNUG_MIXES_ROWS | SNUG_TAKES_MEMBERS | SNUG_KEEPS_ACTIVATION;
    if (kind->plan == NULL) {
        return FAIL("needs plan()");
    }
    if (kind->forward == NULL) {
        return FAIL("needs forward()");
    }
    if (kind->backward == NULL) {
        return FAIL("needs backward()");
    }
    if (kind->flags & ~known) {
        return FAIL(".flags holds an unknown flag");
    }
    if ((kind->flags & SNUG_ROWWISE) && (kind->flags & SNUG_MIXES_ROWS)) {
        return FAIL(".flags holds SNUG_ROWWISE or SNUG_MIXES_ROWS, not both");
    }
    if (kind->block != NULL && !has_field(base, kind->block, SNUG_FIELD_LAYERS)) {
        return FAIL(".block names no field of layers: \"%s\"", kind->block);
    }
    if (kind->wraps != NULL && !has_field(base, kind->wraps, SNUG_FIELD_OBJECT)) {
        return FAIL(".wraps names no field of an object: \"%s\"", kind->wraps);
    }
    if (kind->activation != NULL && !has_field(base, kind->activation, SNUG_FIELD_OBJECT)) {
        return FAIL(".activation names no field of an object: \"%s\"", kind->activation);
    }
    return SNUG_OK;
}

/* Prediction calls the activation without a configuration, so it must have no fields. */
static snug_status check_output(const char *member, const char *name) {
    const snug_kind *activation = snug_kind_lookup(SNUG_GROUP_ACTIVATION, name);
    if (activation == NULL) {
        snug_status status = snug_kind_fail_unknown(SNUG_GROUP_ACTIVATION, name, false);
        return status == SNUG_ERROR_MEMORY ? status : FAIL("%s: %s", member, snug_error());
    }
    if (snug_is_field(activation->fields)) {
        return FAIL("%s: must be an activation without fields (got \"%s\", which has \"%s\")",
                    member, name, activation->fields->name);
    }
    return SNUG_OK;
}

/* Targets can be scaled only where the scaling can be undone after the output function. */
static snug_status check_magnitude(const snug_loss_kind *kind) {
    if (kind->magnitude == NULL) {
        return SNUG_OK;
    }
    if (!(kind->targets & SNUG_TARGET_VALUES) || kind->values != NULL) {
        return FAIL("has magnitude(), which is for target values of any size");
    }
    if (strcmp(kind->output, "identity") != 0 || kind->single_output != NULL) {
        return FAIL("has magnitude(), for which .output must be \"identity\" (got \"%s\")",
                    kind->single_output != NULL ? kind->single_output : kind->output);
    }
    return SNUG_OK;
}

static snug_status check_loss(const snug_kind *base) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)base;
    const unsigned known = SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES;
    if (kind->evaluate == NULL) {
        return FAIL("needs evaluate()");
    }
    if (kind->targets == 0 || (kind->targets & ~known)) {
        return FAIL(".targets is not SNUG_TARGET_CLASSES, SNUG_TARGET_VALUES or both");
    }
    if (kind->output == NULL) {
        return FAIL("needs .output, the activation that prediction applies");
    }
    if (check_output(".output", kind->output) != SNUG_OK) {
        return snug_error_status();
    }
    if (kind->single_output != NULL &&
        check_output(".single_output", kind->single_output) != SNUG_OK) {
        return snug_error_status();
    }
    return check_magnitude(kind);
}

/* A decay that is not named would be the same for every parameter and at every step. */
static snug_status check_weight_decay(const snug_optimizer_kind *kind) {
    const snug_field *field = snug_fields_find(kind->base.fields, "weight_decay");
    if (kind->weight_decay == 0 && field == NULL) {
        return kind->decoupled_decay ? FAIL(".decoupled_decay is set without .weight_decay")
                                     : SNUG_OK;
    }
    if (field == NULL || field->kind != SNUG_FIELD_REAL || field->offset != kind->weight_decay) {
        return FAIL(".weight_decay is not the offset of a real field \"weight_decay\"");
    }
    return SNUG_OK;
}

static snug_status check_optimizer(const snug_kind *base) {
    const snug_optimizer_kind *kind = (const snug_optimizer_kind *)(const void *)base;
    int most = kind->iterate != NULL ? SNUG_ITERATE_MOMENTS_MAX : SNUG_MOMENTS_MAX;
    if ((kind->step == NULL) == (kind->iterate == NULL)) {
        return FAIL("needs step() or iterate(), and not both");
    }
    if (kind->moments > (size_t)most) {
        return FAIL("has %zu moments; at most %d are possible", kind->moments, most);
    }
    if (!has_field(base, "learning_rate", SNUG_FIELD_REAL)) {
        return FAIL("needs a real field \"learning_rate\"");
    }
    if (snug_fields_find(base->fields, "learning_rate")->offset != kind->learning_rate) {
        return FAIL(".learning_rate is not the offset of the field \"learning_rate\"");
    }
    return check_weight_decay(kind);
}

static snug_status check_schedule(const snug_kind *base) {
    const snug_schedule_kind *kind = (const snug_schedule_kind *)(const void *)base;
    return kind->factor != NULL ? SNUG_OK : FAIL("needs factor()");
}

static snug_status check_init(const snug_kind *base) {
    const snug_init_kind *kind = (const snug_init_kind *)(const void *)base;
    if (kind->fill == NULL) {
        return FAIL("needs fill()");
    }
    return kind->variance != NULL ? SNUG_OK : FAIL("needs variance()");
}

static snug_status check_parts(snug_group group, const snug_kind *kind) {
    static snug_status (*const checks[SNUG_GROUP_COUNT])(const snug_kind *) = {
        [SNUG_GROUP_LAYER] = check_layer,       [SNUG_GROUP_ACTIVATION] = check_activation,
        [SNUG_GROUP_LOSS] = check_loss,         [SNUG_GROUP_OPTIMIZER] = check_optimizer,
        [SNUG_GROUP_SCHEDULE] = check_schedule, [SNUG_GROUP_INIT] = check_init,
    };
    if (!is_lower_case(kind->name)) {
        return FAIL("%s", wrong_name);
    }
    if (!is_one_line(kind->summary)) {
        return FAIL("needs a summary of one line");
    }
    if (check_fields(kind) != SNUG_OK) {
        return snug_error_status();
    }
    return checks[group](kind);
}

snug_status snug_kind_check(snug_group group, const snug_kind *kind) {
    const char *what = snug_group_singular(group);
    if (kind->name == NULL) {
        return FAIL("%s: needs a name", what);
    }
    if (check_parts(group, kind) != SNUG_OK) {
        return snug_fail_in("%s \"%s\"", what, kind->name);
    }
    return SNUG_OK;
}
