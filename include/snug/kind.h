/*
 * Kinds: how to write an activation, layer, loss, initializer, optimizer or schedule of your own.
 *
 * A kind is one constant struct, its descriptor: the name in JSON, a summary, a table of fields
 * (the options), and functions. From the table Snug reads and writes JSON, checks ranges, sets
 * defaults, saves models, and prints `snug describe` and `snug schema`. The built-in kinds use what
 * this header declares and nothing else; a kind that a program registers is their equal. The
 * activation y = x / (1 + |x|), but for its backward():
 *
 *     static void forward(const void *config, size_t rows, size_t columns, const float *x,
 *                         float *y) {
 *         for (size_t i = 0; i < rows * columns; i++) {
 *             y[i] = x[i] / (1 + fabsf(x[i]));
 *         }
 *     }
 *     static const snug_activation_kind mine = {.base = {.name = "mine", .summary = "softsign"},
 *                                               .flags = SNUG_READS_INPUT,
 *                                               .forward = forward,
 *                                               .backward = backward};
 *     snug_status status = snug_register_activation(&mine);
 *
 * Matrices are row-major float32, one sample in each row, without gaps between rows.
 *
 * Terms, from the descriptor to one call of it:
 *
 *     group           layers, activations, losses ...                           snug_group
 *     kind            the constant descriptor of "dense", "elu" ...             snug_kind
 *     field           one option of a kind: name, type, range, default          snug_field
 *     configuration   the values of the fields of one object, in a C struct     const void *config
 *     object          a kind together with one configuration                    snug_object
 *     layer shape     outputs, tensors and work space for a number of inputs    snug_layer_shape
 *     plan node       a layer's position in a model, offsets in its memory      src/plan/plan.h
 *     layer instance  a plan node with the buffers of one session               src/session/
 *     layer call      the pointers of one forward or backward pass              snug_layer_call
 */
#ifndef SNUG_KIND_H
#define SNUG_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include <snug/graph.h> /* IWYU pragma: export */
#include <snug/random.h>
#include <snug/status.h>
#include <snug/strings.h> /* IWYU pragma: export */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- groups and fields ----------------------------------------------------------------------- */

/* A kind together with its configuration; see snug_object_config(). */
typedef struct snug_object snug_object;

/* The groups of kinds. The names of the kinds in one group differ. */
typedef enum snug_group {
    SNUG_GROUP_LAYER,
    SNUG_GROUP_ACTIVATION,
    SNUG_GROUP_LOSS,
    SNUG_GROUP_OPTIMIZER,
    SNUG_GROUP_SCHEDULE,
    SNUG_GROUP_INIT,
    SNUG_GROUP_COUNT /* the number of groups */
} snug_group;

/* The type of a field: what it holds in JSON, and the C type of its member in the configuration. */
typedef enum snug_field_kind {
    SNUG_FIELD_END = 0, /* no field: ends a table */
    SNUG_FIELD_REAL,    /* double: a finite number */
    SNUG_FIELD_SIZE,    /* size_t: a whole number from 0 to 2^53 */
    SNUG_FIELD_UNITS,   /* size_t: a whole number, "classes" or "targets" (SNUG_UNITS_...) */
    SNUG_FIELD_BOOL,    /* bool: true or false; the member is the opposite with .inverted */
    SNUG_FIELD_CHOICE,  /* int, an index into .choices: one of these names */
    SNUG_FIELD_STRING,  /* char * or const char *, owned, or NULL: a string, or null */
    /*
     * const char *const *, owned with its strings and ended by NULL, or NULL: an array of strings,
     * one string, or null
     */
    SNUG_FIELD_STRINGS,
    SNUG_FIELD_OBJECT,  /* snug_object * of .group, owned, or NULL: a name, an object, or null */
    SNUG_FIELD_LAYERS,  /* snug_layer_list, owned: an array of layers */
    SNUG_FIELD_SOURCE,  /* snug_source, owned: a file, several files, or a fraction */
    SNUG_FIELD_WEIGHTS, /* snug_weights, owned: "balanced", an array of numbers, or null */
    /*
     * the configuration of .record in its place: an object with its fields, or null; the first
     * field is a SIZE of at least 1, whose member is 0 where the record is null
     */
    SNUG_FIELD_RECORD,
    SNUG_FIELD_SEED,      /* uint64_t: a whole number from 0 to 2^53 */
    SNUG_FIELD_CHARACTER, /* char, ASCII: a string of one character, or "tab", "space" ... */
    SNUG_FIELD_COLUMNS, /* snug_columns, owned: "numeric", "categorical", or an array of columns */
    SNUG_FIELD_NUMBERS  /* snug_number_list_value, owned: an array of numbers, or null */
} snug_field_kind;

/* Value of a UNITS field for "classes", until the number of classes is known from the data. */
#define SNUG_UNITS_CLASSES SIZE_MAX

/*
 * Value of a UNITS field for "targets", until the outputs that the loss has for the target values
 * of the data are known: one each, or one for each quantile of each.
 */
#define SNUG_UNITS_TARGETS (SIZE_MAX / 2 + 1)

/* Finite numbers, each in the range of the field. */
typedef struct snug_number_list_value {
    double *items; /* NULL: none */
    size_t count;
} snug_number_list_value;

/* A list of objects of SNUG_GROUP_LAYER. */
typedef struct snug_layer_list {
    snug_object **items;
    size_t count;
} snug_layer_list;

/* What a COLUMNS field holds in JSON. */
typedef enum snug_column_group {
    SNUG_COLUMNS_LISTED = 0, /* an array of columns */
    SNUG_COLUMNS_NUMERIC,    /* "numeric" */
    SNUG_COLUMNS_CATEGORICAL /* "categorical" */
} snug_column_group;

/* One of the columns that a layer works on. */
typedef struct snug_listed_column {
    char *name;        /* of a column or a feature of the data; NULL: .number is known */
    size_t number;     /* of an input of the layer, from 0 */
    size_t categories; /* the column holds the numbers of so many categories, from 0; 0: no */
} snug_listed_column;

/*
 * Columns of a layer's inputs. When a model is built from data, names and groups become a list of
 * numbers: "numeric" all inputs that are numeric columns of the table, "categorical" all that hold
 * the number of a category (SNUG_CATEGORIES_EMBEDDING). Where nothing is known of the inputs, as
 * behind a dense layer or in a model that a program builds, "numeric" is all inputs, "categorical"
 * none, and a name is an error.
 */
typedef struct snug_columns {
    snug_column_group group;
    snug_listed_column *items; /* with SNUG_COLUMNS_LISTED; numbers ascend */
    size_t count;
} snug_columns;

/* Weights of classes, each above 0. */
typedef struct snug_weights {
    double *items; /* items[c] is the weight of class c; NULL: every class has the weight 1 */
    size_t count;
    bool balanced; /* training computes the weights from the class counts of the training rows */
} snug_weights;

/* The most files that one source names. */
enum { SNUG_SOURCE_FILES = 2 };

/* Where rows come from: files, or a share of other rows. */
typedef struct snug_source {
    const struct snug_field *names; /* of the files, as a data format declares them; NULL: one */
    char *paths[SNUG_SOURCE_FILES]; /* of the files; paths[0] is NULL where there is none */
    double fraction;                /* a share of the training rows, in (0, 1); 0: none */
} snug_source;

/*
 * One row of a table of fields.
 *
 * The range is [.min, .max], without the end that .open names. An infinite bound is no bound. Both
 * 0 is any finite number (for SIZE and UNITS: any from 0 on; for SOURCE: no fraction is allowed),
 * and a .max of 0 beside a .min of at least 0 is no upper bound.
 *
 * A field without a default is .required. Otherwise a STRING, OBJECT or SOURCE that has no default
 * may be null, and so may a REAL that is .optional.
 */
typedef struct snug_field {
    const char *name; /* the key in JSON */
    const char *help; /* one line */
    snug_field_kind kind;
    size_t offset;  /* offsetof(the configuration's struct, member) */
    double initial; /* default of REAL, SIZE, SEED, UNITS, BOOL, CHOICE and CHARACTER */
    /* default of STRING, OBJECT (a name or JSON object) and COLUMNS ("numeric"); NULL: none */
    const char *initial_text;
    double min, max;            /* range of REAL, SIZE, UNITS and the fraction of a SOURCE */
    unsigned open;              /* SNUG_OPEN_MIN | SNUG_OPEN_MAX */
    const char *const *choices; /* CHOICE, and CHARACTER if not NULL: the names, ended by NULL */
    snug_group group;           /* OBJECT: the group of its kind */
    const struct snug_kind *record; /* RECORD: its kind */
    /* STRING, STRINGS: returns name `index` of those that the schema lists, NULL past the last. */
    const char *(*names)(size_t index);
    bool required;
    bool optional; /* REAL: null by default, in place of .initial; the member is then NaN */
    /*
     * REAL that is .optional: the names of fields whose values follow from this one, ended by NULL.
     * Where it is not null, they must not be given, and are not written; .prepare() of the kind
     * sets their members. NULL: none.
     */
    const char *const *replaces;
    bool sparse;   /* written only where the value is not the default, which is no text */
    bool counted;  /* STRINGS: a size_t behind the member is their number */
    bool inverted; /* BOOL: the member is true where the value is false */
    bool file; /* STRING, SOURCE: a path, relative to the directory of the file that contains it */
    unsigned scope; /* where the field applies: a number of the table's owner; 0: everywhere */
} snug_field;

/* Values of snug_field.open: the range does not contain .min, or .max. */
enum { SNUG_OPEN_MIN = 1, SNUG_OPEN_MAX = 2 };

/* ---- kinds ----------------------------------------------------------------------------------- */

/* What every kind has: the member `base` of each descriptor. */
typedef struct snug_kind {
    const char *name;         /* lower_case, as in JSON */
    const char *summary;      /* one line: what it computes */
    const snug_field *fields; /* ended by a SNUG_FIELD_END; NULL: no fields */
    size_t config_size;       /* sizeof the configuration; 0 without fields */
    /*
     * Checks what depends on several fields. Returns NULL, or what is wrong ("min must be below
     * max"). NULL: there is nothing to check.
     */
    const char *(*check)(const void *config);
    /*
     * Computes members of the configuration that follow from its fields, once for each object, when
     * the fields have their values and check() is content. They must be plain values: copies of an
     * object take them over. Returns SNUG_OK, or the status of snug_fail(). NULL: there are none.
     */
    snug_status (*prepare)(void *config);
} snug_kind;

/*
 * Returns the configuration of an object: the struct that its kind's fields describe. Valid until
 * the object is freed.
 */
SNUG_API const void *snug_object_config(const snug_object *object);

/* Returns the kind of an object. */
SNUG_API const snug_kind *snug_object_kind(const snug_object *object);

/*
 * Flags of activations (.flags holds the first two alone) and layers. Each is a promise that lets
 * Snug save memory or work; a kind that breaks one computes wrong results.
 */
enum {
    /* backward() reads .x, the input of the forward pass. */
    SNUG_READS_INPUT = 1,
    /* backward() reads .y, the output of the forward pass. */
    SNUG_READS_OUTPUT = 2,
    /* forward() may be called with y == x, and backward() with dx == dy. */
    SNUG_IN_PLACE = 4,
    /* forward() reads .random in training. */
    SNUG_IS_RANDOM = 8,
    /* y depends on .training. */
    SNUG_TRAINING_DIFFERS = 16,
    /* Column j of y depends on column j of x alone, as in an element-wise activation. */
    SNUG_COLUMNWISE = 32,
    /*
     * Row i of y, dx and the cache depends on row i of x and dy alone, and no scratch is used. So
     * forward() and backward() may be called by several threads, each for some of the rows; the
     * first of these is row .first_row of the batch, whose numbers in .random begin at
     * .first_row * .inputs. backward() writes dx and the cache alone, and gradients(), which is
     * called after it, computes the gradients.
     */
    SNUG_ROWWISE = 64,
    /*
     * In training, row i of y depends on other rows of the batch, as by their mean. snug_fit()
     * refuses a batch size of 1. A last batch can still have one row, and so can the batches of a
     * program's own training loop.
     */
    SNUG_MIXES_ROWS = 128,
    /*
     * Knows what the members of an ensemble are (.members of the layer's shape and of its call).
     * Other layers may follow such a layer, too, where they cannot mix members: those that are
     * SNUG_ROWWISE and have no matrix of weights, which all members would share.
     */
    SNUG_TAKES_MEMBERS = 256,
    /*
     * With initial parameters, y is distributed about as x, as behind dropout: layers that ask for
     * the activation before them (.activation of the layer's shape) get the one before this layer.
     */
    SNUG_KEEPS_ACTIVATION = 512
};

/* ---- activations ----------------------------------------------------------------------------- */

/*
 * An activation, y = f(x), on a matrix of rows x columns; element-wise functions may treat it as
 * rows * columns numbers. forward() and backward() allow y == x and dx == dy. NaN in x gives NaN in
 * y.
 */
typedef struct snug_activation_kind {
    snug_kind base;
    unsigned flags; /* SNUG_READS_INPUT, SNUG_READS_OUTPUT or both: what backward() reads */
    /* Computes y = f(x). */
    void (*forward)(const void *config, size_t rows, size_t columns, const float *x, float *y);
    /* Computes dx = f'(x) dy from x or y, as .flags says; the other one may be NULL. */
    void (*backward)(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx);
    /* Computes dydx[i] = f'(x[i]), i < n. NULL: y[i] depends on more than x[i] (softmax). */
    void (*derivative)(const void *config, size_t n, const float *x, float *dydx);
    /* The default initializer of the layer before the activation; NULL: "lecun_normal". */
    const char *init;
    /* Keeps mean 0 and variance 1 for standardized inputs and weights of variance 1/fan_in. */
    bool self_normalizing;
    /*
     * Computes finite x with f(x) = y, as far as floats have it, where y[rows][columns] are means
     * of function values; NaN stays. NULL: not known; a model with it as its output function is
     * then no member of an ensemble, and has no members in itself.
     */
    void (*inverse)(const void *config, size_t rows, size_t columns, const double *y, float *x);
    /*
     * Compute f(x) and f'(x) of finite x in double precision, for the theory of <snug/theory.h>,
     * which has 12 digits with them. NULL: forward() and derivative() serve, with which it has 6.
     */
    double (*exact)(const void *config, double x);
    double (*exact_derivative)(const void *config, double x);
    /*
     * Sets kinks[0 .. count - 1], in ascending order, to the x where f or one of its derivatives
     * jumps, and returns their count, at most SNUG_KINKS_MAX. NULL: there are none, or they are not
     * known, which costs the theory time and digits.
     */
    size_t (*kinks)(const void *config, double *kinks);
    /* Adds y = f(x) to a graph, for export, and returns it. NULL: it cannot be exported. */
    snug_value (*graph)(const void *config, snug_graph *graph, snug_value x);
} snug_activation_kind;

/* The most kinks of an activation. */
#define SNUG_KINKS_MAX 16

/* ---- initializers ---------------------------------------------------------------------------- */

/* The inputs of a linear map Z = X W + b, for which an initializer fits W or b. */
typedef struct snug_linear_data {
    size_t rows, inputs, outputs;
    const float *x;     /* rows x inputs: what the map gets for some of the training rows */
    snug_random random; /* numbers for this map alone */
} snug_linear_data;

/* An initializer of weights. */
typedef struct snug_init_kind {
    snug_kind base;
    /* Fills w, rows x columns (of a dense layer fan_in x fan_out), from a stream of its own. */
    void (*fill)(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w);
    /* Returns the variance of one weight, as fill() sets it. */
    double (*variance)(const void *config, size_t fan_in, size_t fan_out);
    /*
     * For initial weights that depend on data: change the weights w, inputs x outputs, or the
     * biases b, outputs, from what fill() set, given the finished weights. Return SNUG_OK, or the
     * status of snug_fail(). NULL: what fill() set stays. They are called once, before training
     * (see snug_layer_kind.fit); without training rows what fill() set must do.
     */
    snug_status (*fit_weights)(const void *config, const snug_linear_data *data, float *w);
    snug_status (*fit_biases)(const void *config, const snug_linear_data *data, const float *w,
                              float *b);
    /*
     * The weights that fill() sets are divided by the root mean square of the layer's inputs: by
     * sqrt(E f(z)^2), z standard normal, for the activation f that they come from (.activation of
     * the layer's shape), and by 1 where none is known. variance() is that before the division.
     */
    bool divides_by_inputs;
} snug_init_kind;

/* ---- losses ---------------------------------------------------------------------------------- */

/* What a loss compares the outputs with: a class index for each row, or a value for each output. */
typedef enum snug_target { SNUG_TARGET_CLASSES = 1, SNUG_TARGET_VALUES = 2 } snug_target;

/* The targets of some rows: .classes or .values; the other one is NULL. */
typedef struct snug_targets {
    const int32_t *classes; /* rows: class indices from 0 */
    const float *values;    /* rows x outputs */
    const float *weights;   /* rows: weights of at least 0; NULL: every row has the weight 1 */
} snug_targets;

/* A range of possible target values, with both ends. */
typedef struct snug_range {
    double min, max;
} snug_range;

/*
 * A loss: the mean of the losses of the rows, weighted by the weights of the rows.
 *
 * The caller of evaluate() applies the weights of the rows (targets->weights) and divides by their
 * sum. Weights of classes, a field of type WEIGHTS, are applied by evaluate(); the caller then
 * divides by the sum of the weights of the rows' classes.
 */
typedef struct snug_loss_kind {
    snug_kind base;
    unsigned targets; /* SNUG_TARGET_CLASSES, SNUG_TARGET_VALUES or both (classes preferred) */
    /*
     * The activation that prediction applies to z, such as "softmax". It must be registered before
     * the loss, and have no fields.
     */
    const char *output;
    bool binary;               /* one output distinguishes two classes; values are 0 or 1 each */
    const char *single_output; /* the activation for a model with one output; NULL: .output */
    /*
     * For classes, z are logits: softmax(z), or sigmoid(z) of a single output, are probabilities,
     * which a temperature can calibrate and a threshold decide by.
     */
    bool logits;
    const snug_range *values; /* of target values; NULL: any */
    /*
     * Returns the sum over the rows of their losses. If dz != NULL, sets dz = scale * d(sum)/dz.
     * z and dz are rows x outputs; z are the outputs of the last layer. dz may be z.
     */
    double (*evaluate)(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz);
    /*
     * Returns about how large the loss of one output is where its error is of the size `error`,
     * which is above 0; the result must be, too. For a squared error it is error^2.
     *
     * A loss that has it compares values by z - target alone: it is the mean over the outputs of a
     * function of this difference, and .output is "identity". Training then scales the targets: the
     * network learns (target - mean) / deviation, and its loss is divided by magnitude(deviation)
     * for each output, so that gradients are of the size 1 whatever the units. evaluate() gets
     * values in the targets' units, from their mean on.
     *
     * NULL: the values have a meaning of their own, such as counts or probabilities, and are never
     * scaled.
     */
    double (*magnitude)(const void *config, double error);
    /*
     * Returns how many neighbouring outputs predict each target value, and *shares, unless NULL,
     * the rising quantiles that they are, which belong to the configuration. evaluate() gets each
     * target value as often. NULL: one output a target.
     */
    size_t (*quantiles)(const void *config, const double **shares);
} snug_loss_kind;

/* ---- optimizers and schedules ---------------------------------------------------------------- */

/* The loss over all training rows as a function of the parameters, for an optimizer's iterate(). */
typedef struct snug_objective {
    /*
     * Returns the mean loss at the present parameters and sets `gradient`, one number for each
     * parameter. If the loss is not finite, the gradient is undefined.
     */
    double (*evaluate)(void *user, float *gradient);
    void *user;
} snug_objective;

/* The number of doubles that iterate() keeps between calls. */
#define SNUG_OPTIMIZER_NUMBERS 8

/*
 * An optimizer: step(), once for each batch, or iterate(), once for each epoch.
 *
 * `t` counts the model's steps from 1. moments[k] are .moments vectors of n floats, zero before
 * t = 1. Everything else must follow from the configuration and t, so that training can be resumed.
 */
typedef struct snug_optimizer_kind {
    snug_kind base;
    size_t moments;       /* how many vectors are kept */
    size_t learning_rate; /* offsetof the double of the field "learning_rate" */
    size_t weight_decay;  /* offsetof the double of the field "weight_decay"; 0: there is none */
    /*
     * Weight decay takes the share `rate` x weight_decay off a parameter, beside the step, instead
     * of being part of its gradient.
     */
    bool decoupled_decay;
    /*
     * Updates n parameters by their gradients; `rate` is the learning rate of this step for these
     * parameters, and the weight decay of the configuration is that of this step. It is called for
     * parts of a model, while their gradients are in the cache, so each parameter must be updated
     * independently of the others.
     */
    void (*step)(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments);
    /* Returns how many of .moments a configuration uses, the first ones; NULL: always all. */
    size_t (*moments_of)(const void *config);
    /*
     * Instead of step(): iteration t over all rows. It may evaluate the objective at several
     * parameters; the last evaluation is at the parameters that it leaves. Returns whether another
     * iteration can lower the loss. numbers[SNUG_OPTIMIZER_NUMBERS] keep values between calls, 0
     * before t = 1.
     */
    bool (*iterate)(const void *config, size_t n, uint64_t t, double rate,
                    const snug_objective *objective, float *parameters, float *const *moments,
                    double *numbers);
} snug_optimizer_kind;

/* Largest .moments of an optimizer with step(), and of one with iterate(). */
#define SNUG_MOMENTS_MAX 8
#define SNUG_ITERATE_MOMENTS_MAX 256

/* The position in a training run for which a schedule is called; steps are counted from 0. */
typedef struct snug_schedule_time {
    uint64_t step;           /* in [0, steps) */
    uint64_t steps;          /* of the whole run, at least 1 */
    uint64_t steps_an_epoch; /* at least 1 */
} snug_schedule_time;

/* The number of doubles that a schedule keeps between epochs, zero before the first step. */
#define SNUG_SCHEDULE_STATE 8

/* A schedule: of the learning rate, of weight decay, or of a layer's own rate. */
typedef struct snug_schedule_kind {
    snug_kind base;
    /*
     * Returns the factor at a step. It depends on the configuration, the time and, for a schedule
     * with watch(), the state.
     */
    double (*factor)(const void *config, const snug_schedule_time *time, const double *state);
    /*
     * Changes the state after each epoch. `loss` is that of the validation rows if there are any,
     * otherwise the mean of the epoch's training batches; `time` is the step that comes next. NULL:
     * the schedule has no state.
     */
    void (*watch)(const void *config, const snug_schedule_time *time, double loss, double *state);
    /*
     * Returns whether watch() matters for a configuration, such as that of a schedule around
     * another one. NULL: it does.
     */
    bool (*watches)(const void *config);
} snug_schedule_kind;

/* ---- layers ---------------------------------------------------------------------------------- */

/* The most tensors of one layer, and the most matrices beside its cache. */
#define SNUG_LAYER_TENSORS_MAX 8
#define SNUG_LAYER_MATRICES_MAX 4

/* A tensor of a layer: trainable parameters, or state such as a running mean. */
typedef struct snug_tensor {
    const char *name;     /* in a model file, after the layer's number: "weight", "running_mean" */
    size_t rows, columns; /* in memory, row-major; a vector has rows == 0 and `columns` entries */
    bool transposed;      /* a model file holds columns x rows, as PyTorch does */
    bool state;           /* saved, but not trained */
    float initial;        /* every value at the start, if .init and .fill are NULL */
    /*
     * Sets the `count` values at the start, of the layer's configuration, from a stream of the
     * tensor's own; NULL: .init or .initial does. Not beside .init.
     */
    void (*fill)(const void *config, const snug_random *stream, size_t count, float *values);
    /*
     * The values at the start are the Euclidean lengths of the columns of the layer's previous
     * tensor, which must have as many columns. The layer divides by them, so snug_model_init()
     * refuses a length of 0.
     */
    bool column_lengths;
    const snug_object *init; /* of SNUG_GROUP_INIT, or NULL */
    size_t fan_in, fan_out;  /* for .init */
    size_t matrices;         /* so many of rows / matrices rows each, one below the other; 0: one */
    double l1, l2;   /* a trainable tensor adds l1 sum |w| + l2 sum w^2 to the (scaled) loss */
    double max_norm; /* largest norm of a column (in memory) after a step; 0: no limit */
    double learning_rate_factor; /* times the learning rate of its parameters; 0: 1 */
    bool bias; /* without weight decay where training decays no biases: "decay_biases": false */
} snug_tensor;

/*
 * The shape of a layer for a number of inputs: an argument of plan(). The caller sets the first
 * six members, plan() sets the others, which are zeroed before.
 *
 * Members: a model can be an ensemble of networks in one. Behind the layer that begins it, every
 * sample has as many rows as there are members, one below the other: row i * members + m belongs to
 * sample i and member m. A layer that takes each row by itself need not know about it.
 */
typedef struct snug_layer_shape {
    size_t inputs;                 /* columns of x */
    size_t inner;                  /* a block: the outputs of its last layer */
    const snug_object *next_init;  /* default initializer, that of the next activation or layer */
    const snug_object *lecun_init; /* lecun_normal: variance 1/fan_in, whatever comes next */
    size_t members;                /* rows of x for each sample; 1: not an ensemble */
    /*
     * The activation that x comes from, of the layer before this one or before layers with
     * SNUG_KEEPS_ACTIVATION; NULL where it is not known: x are the model's inputs, or come from a
     * layer without an activation.
     */
    const snug_object *activation;
    size_t outputs;        /* columns of y */
    size_t output_members; /* rows of y for each sample; 0: .members */
    snug_tensor tensors[SNUG_LAYER_TENSORS_MAX];
    size_t tensor_count;
    size_t cache; /* floats for each row of x that are kept from forward() to backward() */
    /* Floats for each row of x of more matrices that are kept so, each without gaps. */
    size_t matrices[SNUG_LAYER_MATRICES_MAX];
    size_t keep;    /* floats that are kept from forward() to backward(), for any number of rows */
    size_t scratch; /* floats of work space within a call, for any number of rows */
    bool fitted;    /* fit() is to be called before training */
} snug_layer_shape;

/*
 * The arguments of fit(): a sample of the training rows, of which a layer takes initial values of
 * its tensors, parameters and state.
 */
typedef struct snug_layer_fit {
    const snug_layer_shape *shape; /* as plan() set it */
    size_t rows;
    /*
     * rows x inputs: what the fitted layers before this one make of the rows; .members of the shape
     * times as many rows behind an ensemble, those of a row one below the other
     */
    const float *x;
    /* of the rows, in the units of the data; .values is rows x target_count, or NULL */
    const snug_targets *targets;
    size_t target_count;   /* values a row; 0: the targets are classes */
    size_t class_count;    /* 0: the targets are values */
    float *const *tensors; /* in the order of the shape, with what snug_model_init() set */
    snug_random random;    /* numbers for this layer alone */
} snug_layer_fit;

/*
 * The arguments of one call of a layer.
 *
 * forward() reads x and writes y. backward() reads dy, and x and y as .flags says, and writes dx,
 * unless dx is NULL. It adds to the gradients and never sets them (see SNUG_ROWWISE for layers
 * that have gradients() instead). A block's forward() also reads `inner`, the outputs of its last
 * layer, and its backward() writes `dinner`; the caller then runs backward() of the block's layers
 * and adds what comes out of them to dx.
 */
typedef struct snug_layer_call {
    size_t rows, inputs, outputs;
    size_t members;     /* rows of x for each sample, see snug_layer_shape: rows is a multiple */
    const float *x;     /* rows x inputs */
    float *y;           /* rows x outputs; rows / members * .output_members where they differ */
    const float *dy;    /* rows x outputs */
    float *dx;          /* rows x inputs, or NULL */
    const float *inner; /* rows x inner_width */
    float *dinner;      /* rows x inner_width */
    size_t inner_width;
    /* Arrays of pointers to the tensors, in the order of the shape. */
    const float *const *tensors; /* parameters and state */
    float *const *gradients;     /* NULL for state */
    float *const *state;         /* the tensors that are state, writable; NULL unless in training */
    float *cache, *keep, *scratch; /* of the sizes in the shape */
    float *matrices[SNUG_LAYER_MATRICES_MAX];
    bool training;
    bool large;         /* a tensor is larger than the caches: OpenBLAS computes its products */
    bool add_gradients; /* gradients() adds to its argument instead of setting it */
    size_t first_row;   /* of this call in the batch; see SNUG_ROWWISE */
    /* The step of the training run, for schedules; NULL or with 0 .steps where it is not known. */
    const snug_schedule_time *time;
    /* Depends on the seed, the layer and the step; number i is for element i of the batch. */
    snug_random random;
} snug_layer_call;

/* What an activation f makes of standard normal z, which layers behind it may depend on. */
typedef struct snug_activation_outputs {
    double mean, variance; /* of f(z) */
    double limit;          /* of f(x) for x to -infinity; infinite or NaN: there is none */
} snug_activation_outputs;

/* No column of y: see snug_layer_kind.column_of(). */
#define SNUG_NO_COLUMN SIZE_MAX

/* The weights of one unit, u = sum of w_i x_i + bias, as the theory of normalization needs them. */
typedef struct snug_unit_sums {
    double sum;    /* of w_i: omega */
    double square; /* of w_i^2: tau */
    double bias;
} snug_unit_sums;

/* What a layer does to independent inputs of one mean and variance, and to gradients. */
typedef struct snug_layer_moments {
    double mean, variance; /* of x, and then of y */
    double gradient;       /* the second moment of gradients by x, divided by that of those by y */
    const snug_schedule_time
        *time;     /* of the layer's schedule; NULL or no .steps: its factor is 1 */
    bool training; /* y is that of training */
    /* of a block: what its layers make of x, which is independent of x; NULL: not known */
    const struct snug_layer_moments *inner;
} snug_layer_moments;

/* The arguments of a layer's graph(): what it is in prediction. */
typedef struct snug_layer_graph {
    const snug_layer_shape *shape; /* as plan() set it */
    const float *const *tensors;   /* parameters and state, in the order of the shape */
    snug_value x;                  /* as many rows as there are members */
    snug_value inner;              /* a block: what its last layer makes of x */
} snug_layer_graph;

/* A layer. */
typedef struct snug_layer_kind {
    snug_kind base;
    unsigned flags; /* SNUG_READS_INPUT and the other flags */
    /* Sets the shape. Returns SNUG_OK, or the status of snug_fail(). */
    snug_status (*plan)(const void *config, snug_layer_shape *shape);
    void (*forward)(const void *config, const snug_layer_call *call);
    void (*backward)(const void *config, const snug_layer_call *call);
    /*
     * For a SNUG_ROWWISE layer with trainable tensors: computes the gradients of rows `first` to
     * first + count - 1 of one tensor (of a vector: 0 and 1) from x, dy and the cache of the whole
     * batch. `gradient` is count x columns of the tensor.
     */
    void (*gradients)(const void *config, const snug_layer_call *call, size_t tensor, size_t first,
                      size_t count, float *gradient);
    /* The name of the LAYERS field whose layers this layer contains, a block; NULL: no block. */
    const char *block;
    /*
     * The name of the OBJECT field that the layer wraps, or NULL. The names of the kinds in the
     * field's group are then names of layers too: "elu" is "activation" with the function "elu".
     */
    const char *wraps;
    /*
     * The name of the OBJECT field of an activation that the layer starts as, or NULL. The layers
     * before it get that activation's default initializer.
     */
    const char *activation;
    /* Returns flags that depend on the configuration, in addition to .flags; NULL: none. */
    unsigned (*flags_of)(const void *config);
    /* The default initializer of the layer before this one; NULL: it asks for none. */
    const char *init;
    /*
     * Returns which column of y is column `column` of x as it came, or SNUG_NO_COLUMN: so layers
     * behind this one can have names of columns, too. NULL: with SNUG_COLUMNWISE the same column,
     * otherwise none is.
     */
    size_t (*column_of)(const void *config, size_t column);
    /*
     * Changes the initial values of the tensors by training rows, where the shape has .fitted. It
     * is called once for new weights, before the first step of snug_fit() or by
     * snug_model_fit_layers(): for the layers in order, those inside of a block before the block,
     * each of which gets what the layers before it make of the rows in prediction. Without training
     * rows a layer works with what its tensors start with. Returns SNUG_OK, or the status of
     * snug_fail(). NULL: the layer depends on no data.
     */
    snug_status (*fit)(const void *config, const snug_layer_fit *fit);
    /*
     * For a layer that is a linear map of its inputs and a bias: sets units[u] for each column u of
     * y, with members column u % outputs of member u / outputs. NULL: the layer is no such map.
     */
    void (*unit_sums)(const void *config, const snug_layer_shape *shape,
                      const float *const *tensors, snug_unit_sums *units);
    /*
     * For a layer without weights that is the identity in prediction: changes mean and variance
     * from those of x to those of y in training, and sets .gradient. NULL: the layer is another.
     */
    void (*training_moments)(const void *config, snug_layer_moments *moments);
    /*
     * For a block, and a layer with tensors of its own which is neither of these: changes mean and
     * variance from those of x, independent Gaussian numbers, to those of y, over rows and columns,
     * and sets .gradient, NaN where it is not known. NULL: they are not known.
     */
    void (*moments)(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *moments);
    /*
     * Returns whether the layer suits the activation that its inputs come from (.activation of the
     * shape). Otherwise prints what would suit, for a warning when weights are new. NULL: any does.
     */
    bool (*suits)(const void *config, const snug_activation_outputs *before, char *message,
                  size_t size);
    /*
     * Adds what the layer computes in prediction to a graph, for export, and returns y. NULL: the
     * layer cannot be exported.
     */
    snug_value (*graph)(const void *config, snug_graph *graph, const snug_layer_graph *layer);
} snug_layer_kind;

/* ---- registration ---------------------------------------------------------------------------- */

/*
 * Register a kind under its name, for the whole process; any thread may call them. The descriptor
 * must not change until the process ends. They fail with SNUG_ERROR_ARGUMENT when the descriptor is
 * incomplete, or when another kind of the group has its name. Registering the same descriptor twice
 * is no error.
 */
SNUG_API snug_status snug_register_activation(const snug_activation_kind *kind);
SNUG_API snug_status snug_register_layer(const snug_layer_kind *kind);
SNUG_API snug_status snug_register_loss(const snug_loss_kind *kind);
SNUG_API snug_status snug_register_optimizer(const snug_optimizer_kind *kind);
SNUG_API snug_status snug_register_schedule(const snug_schedule_kind *kind);
SNUG_API snug_status snug_register_init(const snug_init_kind *kind);

/*
 * A plug-in of the tool (snug --plugin ./own.so train ...) is a shared object that defines
 *     SNUG_API snug_status snug_plugin(void);
 * which registers its kinds. Commands that read a model with such kinds need the plug-in again.
 */
typedef snug_status snug_plugin_fn(void);
#define SNUG_PLUGIN_SYMBOL "snug_plugin"

/* Returns kind `index` of a group, first the built-in ones, then the registered; NULL: no more. */
SNUG_API const snug_kind *snug_kind_at(snug_group group, size_t index);

/* Returns the kind of that name, or NULL with the nearest known name in snug_error(). */
SNUG_API const snug_kind *snug_kind_find(snug_group group, const char *name);

/* Returns the name of a group as in `snug describe`: "layers", "activations" ... Never NULL. */
SNUG_API const char *snug_group_name(snug_group group);

#ifdef __cplusplus
}
#endif
#endif
