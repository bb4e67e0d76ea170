/*
 * Kinds: what an activation, layer, loss, initializer, optimizer or schedule is made of.
 *
 * A kind is one constant descriptor: its name in JSON, a one-line summary, the table of its fields,
 * what it needs, and its functions. Reading and writing JSON, ranges, defaults, the JSON Schema and
 * `snug describe` come from the table. The built-in kinds use what stands here and nothing else, so
 * a program's own kind, registered with one of the snug_register functions, is their equal.
 *
 * All matrices are row-major float32 with one sample a row, without gaps between rows.
 */
#ifndef SNUG_KIND_H
#define SNUG_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include <snug/random.h>
#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- fields ---------------------------------------------------------------------------------- */

typedef struct snug_object
    snug_object; /* a kind with its configuration; see snug_object_config() */

/* The groups of kinds; a name is unique in its group. */
typedef enum snug_group {
    SNUG_GROUP_LAYER,
    SNUG_GROUP_ACTIVATION,
    SNUG_GROUP_LOSS,
    SNUG_GROUP_OPTIMIZER,
    SNUG_GROUP_SCHEDULE,
    SNUG_GROUP_INIT,
    SNUG_GROUP_COUNT /* how many there are */
} snug_group;

/* What a field holds, and the C type at its offset in the configuration. */
typedef enum snug_field_kind {
    SNUG_FIELD_END = 0, /* closes a table */
    SNUG_FIELD_REAL,    /* double */
    SNUG_FIELD_SIZE,    /* size_t; a whole number of at most 2^53 */
    /* size_t; a whole number, or "classes": SNUG_UNITS_CLASSES until the data is known */
    SNUG_FIELD_UNITS,
    SNUG_FIELD_BOOL,    /* bool */
    SNUG_FIELD_CHOICE,  /* int: an index into .choices */
    SNUG_FIELD_STRING,  /* char *, owned, or NULL */
    SNUG_FIELD_STRINGS, /* snug_strings, owned */
    SNUG_FIELD_OBJECT,  /* snug_object * of .group, owned, or NULL */
    SNUG_FIELD_LAYERS,  /* snug_layer_list, owned */
    SNUG_FIELD_SOURCE,  /* snug_source, owned: a file, a pair of image files, or a fraction */
    SNUG_FIELD_WEIGHTS, /* snug_weights, owned: "balanced", a list, or null */
    SNUG_FIELD_RECORD   /* snug_object * of .record, owned: its fields without a "type", or null */
} snug_field_kind;

#define SNUG_UNITS_CLASSES SIZE_MAX

typedef struct snug_strings {
    char **items;
    size_t count;
} snug_strings;

typedef struct snug_layer_list {
    snug_object **items;
    size_t count;
} snug_layer_list;

/* A weight above 0 a class. Balanced: a loss's are settled by the counts of its training rows. */
typedef struct snug_weights {
    double *items; /* NULL: every class weighs 1 */
    size_t count;
    bool balanced;
} snug_weights;

/* Where rows come from. At most one of .path, .images, .features and .fraction is set. */
typedef struct snug_source {
    char *path;               /* a table */
    char *images, *labels;    /* a pair of IDX files */
    char *features, *targets; /* a pair of NPY files */
    double fraction;          /* a share of the training rows, in (0, 1); 0: none */
} snug_source;

/*
 * One field. The range is [.min, .max], open at an end that .open names; both 0 means any finite
 * value (for SIZE: any from 0; a SOURCE takes no fraction). With .min from 0 on, a .max of 0 is no
 * limit; infinity is none either. A field without a default is .required; a STRING, OBJECT or
 * SOURCE which is not, and has none, may be null.
 */
typedef struct snug_field {
    const char *name;
    const char *help; /* one line */
    snug_field_kind kind;
    size_t offset;            /* offsetof(the configuration's struct, member) */
    double initial;           /* default of REAL, SIZE, UNITS, BOOL and CHOICE */
    const char *initial_text; /* default of STRING and OBJECT (a name or JSON object); NULL: none */
    double min, max;          /* allowed range of REAL, SIZE, UNITS and a source's fraction */
    unsigned open;            /* SNUG_OPEN_MIN | SNUG_OPEN_MAX */
    const char *const *choices;     /* CHOICE: the names, ended by NULL */
    snug_group group;               /* OBJECT: of which group */
    const struct snug_kind *record; /* RECORD: what has the fields */
    /*
     * STRING, STRINGS: which names may stand there, NULL past the last, for the schema; NULL: any
     */
    const char *(*names)(size_t index);
    bool required;
    bool file; /* STRING, SOURCE: a path, relative to the file that names it */
} snug_field;

enum { SNUG_OPEN_MIN = 1, SNUG_OPEN_MAX = 2 };

/* What every kind has. */
typedef struct snug_kind {
    const char *name;         /* lower_case, as in JSON */
    const char *summary;      /* one line: what it computes */
    const snug_field *fields; /* ended by a SNUG_FIELD_END; NULL: no fields */
    size_t config_size;       /* sizeof the configuration; 0 with no fields */
    /*
     * Checks what no single range can say; answers NULL, or what is wrong ("min must be below
     * max").
     */
    const char *(*check)(const void *config);
} snug_kind;

/* The configuration of an object: the struct that its kind's fields describe. */
SNUG_API const void *snug_object_config(const snug_object *object);
SNUG_API const snug_kind *snug_object_kind(const snug_object *object);

/* ---- activations ----------------------------------------------------------------------------- */

/* What a backward function reads of the forward pass. */
enum { SNUG_READS_INPUT = 1, SNUG_READS_OUTPUT = 2 };

/*
 * y = f(x) on a matrix rows x columns; element-wise functions treat it as rows * columns numbers.
 * forward and backward must allow y == x and dx == dy; NaN in gives NaN out.
 */
typedef struct snug_activation_kind {
    snug_kind base;
    unsigned
        flags; /* SNUG_READS_INPUT, SNUG_READS_OUTPUT or both: which of x and y backward reads */
    void (*forward)(const void *config, size_t rows, size_t columns, const float *x, float *y);
    /* dx = f'(x) dy, from what .flags names; the other of x and y is NULL. */
    void (*backward)(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx);
    /* dydx = f'(x), element by element; NULL where a column depends on others (softmax). */
    void (*derivative)(const void *config, size_t n, const float *x, float *dydx);
    /* The initializer that a layer before it takes by default; NULL: "lecun_normal". */
    const char *init;
    /* Needs standardized inputs and weights of variance 1/fan_in, to keep mean 0 and variance 1. */
    bool self_normalizing;
} snug_activation_kind;

/* ---- initializers ---------------------------------------------------------------------------- */

/* Fills w, rows x columns as it lies in memory (a dense layer's weight: fan_in x fan_out). */
typedef struct snug_init_kind {
    snug_kind base;
    void (*fill)(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w);
    /* Variance of one weight. */
    double (*variance)(const void *config, size_t fan_in, size_t fan_out);
} snug_init_kind;

/* ---- losses ---------------------------------------------------------------------------------- */

/* Whether a loss compares with class indices or with values. */
typedef enum snug_target { SNUG_TARGET_CLASSES = 1, SNUG_TARGET_VALUES = 2 } snug_target;

/* The targets of some rows: one of .classes (an index a row) and .values (rows x outputs). */
typedef struct snug_targets {
    const int32_t *classes;
    const float *values;
    const float *weights; /* of the rows, from 0 on; NULL: each weighs 1 */
} snug_targets;

/* Which values are possible as targets. */
typedef struct snug_range {
    double min, max;
} snug_range;

/*
 * The mean over the rows of a row's loss.
 * evaluate() answers the sum over the rows of the rows' losses, and, where dz is not NULL, stores
 * dz = scale * d(sum)/dz, rows x outputs; z are the outputs of the last layer. dz may be z.
 * .weights of rows are not its concern: the caller weighs the rows, and divides by their sum. A
 * field of SNUG_FIELD_WEIGHTS weighs classes: evaluate() includes them, and the mean divides by the
 * weights of the rows' classes.
 */
typedef struct snug_loss_kind {
    snug_kind base;
    unsigned targets; /* SNUG_TARGET_CLASSES, SNUG_TARGET_VALUES or both (the first preferred) */
    /* the activation that prediction applies to z: "softmax", "sigmoid", "identity" */
    const char *output;
    bool binary; /* a single output tells two classes apart; values are a yes or a no each */
    const char *single_output; /* the activation for a single output; NULL: .output */
    const snug_range *values;  /* of target values; NULL: any */
    double (*evaluate)(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz);
} snug_loss_kind;

/* ---- optimizers and schedules ---------------------------------------------------------------- */

/*
 * One update of n parameters in one pass. t counts the model's steps from 1; rate is the learning
 * rate of this step; moments[k] are the optimizer's flat vectors, all zero before t = 1. What else
 * a step needs must follow from the configuration and t alone, so that training can be resumed.
 * Parameters are independent of each other: a step may come in parts, each while its gradients are
 * still in the cache.
 */
/* All training rows, to an optimizer that looks at them at once. */
typedef struct snug_objective {
    /*
     * The mean loss at the parameters as they are now, and its gradient, a number a parameter; a
     * loss that is not finite leaves the gradient undefined.
     */
    double (*evaluate)(void *user, float *gradient);
    void *user;
} snug_objective;

#define SNUG_OPTIMIZER_NUMBERS 8

typedef struct snug_optimizer_kind {
    snug_kind base;
    size_t moments;       /* flat vectors that are kept */
    size_t learning_rate; /* offsetof the double of the field "learning_rate" */
    void (*step)(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments);
    /* How many of .moments a configuration uses, the first ones; NULL: always all. */
    size_t (*moments_of)(const void *config);
    /*
     * Instead of step(): iteration t over all rows, once an epoch. It may look at the objective at
     * any parameters; its last look is at those that it leaves. Answers whether another iteration
     * can do better. numbers[SNUG_OPTIMIZER_NUMBERS] are its own, 0 before t = 1.
     */
    bool (*iterate)(const void *config, size_t n, uint64_t t, double rate,
                    const snug_objective *objective, float *parameters, float *const *moments,
                    double *numbers);
} snug_optimizer_kind;

#define SNUG_MOMENTS_MAX 8           /* of an optimizer with step() */
#define SNUG_ITERATE_MOMENTS_MAX 256 /* of one with iterate() */

/* Where a run is when a schedule is asked: all counted from 0. */
typedef struct snug_schedule_time {
    uint64_t step;           /* in [0, steps) */
    uint64_t steps;          /* of the whole run, at least 1 */
    uint64_t steps_an_epoch; /* at least 1 */
} snug_schedule_time;

/* Numbers that a schedule keeps between epochs; all zero before the first step. */
#define SNUG_SCHEDULE_STATE 8

/*
 * The factor on the learning rate at a step. It follows from the configuration, the time and, for
 * a schedule which has watch(), the state: watch() is told the loss after each epoch, that of the
 * validation rows if there are any, else that of the training batches, and changes the state. Its
 * time is the step which comes next.
 */
typedef struct snug_schedule_kind {
    snug_kind base;
    double (*factor)(const void *config, const snug_schedule_time *time, const double *state);
    void (*watch)(const void *config, const snug_schedule_time *time, double loss, double *state);
} snug_schedule_kind;

/* ---- layers ---------------------------------------------------------------------------------- */

#define SNUG_LAYER_TENSORS_MAX 8

/* A tensor of a layer: trainable, or state such as a running mean. */
typedef struct snug_tensor {
    const char *name;     /* in a model file, after the layer's place: "weight", "running_mean" */
    size_t rows, columns; /* as it lies in memory; a vector has rows 0 and columns entries */
    bool transposed;      /* a file holds columns x rows, as PyTorch does */
    bool state;           /* not trained, but saved */
    float initial;        /* what it starts with where .init is NULL */
    /*
     * It starts with the lengths of the columns of the layer's tensor before it, as many as its own
     * columns. The layer divides by them: snug_model_init() refuses a length of 0.
     */
    bool column_lengths;
    const snug_object *init; /* of SNUG_GROUP_INIT, or NULL */
    size_t fan_in, fan_out;  /* for .init */
    double l1, l2;   /* a trainable tensor adds l1 sum |w| + l2 sum w^2 to the training loss */
    double max_norm; /* of a column, as it lies in memory, after each step; 0: any */
} snug_tensor;

/*
 * What a layer tells the plan, once its number of inputs is known. The plan sets .inputs, and
 * .next_init: the initializer by default, chosen by the activation or layer that comes next; a
 * layer of a block also finds .inner, the width of the block's last layer. The layer's plan() sets
 * the rest.
 */
typedef struct snug_layer_shape {
    size_t inputs;
    size_t inner;
    const snug_object *next_init;
    size_t outputs;
    snug_tensor tensors[SNUG_LAYER_TENSORS_MAX];
    size_t tensor_count;
    size_t cache;   /* floats a row kept from forward to backward, beside what .flags names */
    size_t keep;    /* floats kept from forward to backward, the same for any number of rows */
    size_t scratch; /* floats of work space, the same for any number of rows */
} snug_layer_shape;

/*
 * One call of a layer. Tensors stand in the order of the shape; a gradient is added to, never set
 * (but see SNUG_ROWWISE), and gradients[k] is NULL for state. Forward reads x and writes y;
 * backward reads dy, and x and y as .flags says, and writes dx, unless dx is NULL.
 * In a block, forward also finds the block's result in .inner and backward writes .dinner from dy;
 * the gradient that flows back through the block is added to dx afterwards.
 */
typedef struct snug_layer_call {
    size_t rows, inputs, outputs;
    const float *x;     /* rows x inputs */
    float *y;           /* rows x outputs */
    const float *dy;    /* rows x outputs */
    float *dx;          /* rows x inputs */
    const float *inner; /* rows x inner */
    float *dinner;      /* rows x inner */
    size_t inner_width;
    const float *const *tensors; /* parameters and state */
    float *const *gradients;
    float *const *state; /* the same state, writable while training; NULL otherwise */
    float *cache, *keep, *scratch;
    bool training;
    bool large;         /* a tensor outgrows the caches: its products are OpenBLAS's */
    bool add_gradients; /* for .gradients() of a layer's kind: add to them, do not set them */
    size_t first_row;   /* of the batch, where a call is for some of its rows; see SNUG_ROWWISE */
    /* seeded by model, layer and step: number i belongs to element i of the batch */
    snug_random random;
} snug_layer_call;

enum {
    SNUG_IN_PLACE = 4,          /* y may be x and dx may be dy */
    SNUG_IS_RANDOM = 8,         /* reads .random in training */
    SNUG_TRAINING_DIFFERS = 16, /* y depends on .training */
    SNUG_COLUMNWISE = 32,       /* reads and writes nothing across columns: an activation */
    /*
     * Each row of y, dx and the cache is made from that row alone, without scratch: forward and
     * backward may be called for some of the rows, in several threads. The first is then row
     * .first_row of the batch, with .random to be read from number .first_row * inputs on. backward
     * writes dx alone, and .gradients() makes the gradients.
     */
    SNUG_ROWWISE = 64,
    /*
     * In training a row of y depends on the batch's other rows, as by their mean. snug_fit()
     * refuses a batch size of 1; a last batch of one row, and a loop of one's own, can still have
     * it.
     */
    SNUG_MIXES_ROWS = 128
};

typedef struct snug_layer_kind {
    snug_kind base;
    unsigned flags; /* SNUG_READS_*, and the flags above */
    /* Sets the shape; answers SNUG_OK, or a status after snug_fail(). */
    snug_status (*plan)(const void *config, snug_layer_shape *shape);
    void (*forward)(const void *config, const snug_layer_call *run);
    void (*backward)(const void *config, const snug_layer_call *run);
    /*
     * With SNUG_ROWWISE and trainable tensors: the gradients of rows first to first + count of one
     * of them (of a vector: 0 and 1), from x, dy and the cache of the whole batch, into `gradient`,
     * count x columns.
     */
    void (*gradients)(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient);
    /* The name of the SNUG_FIELD_LAYERS that makes it a block, or NULL. */
    const char *block;
    /*
     * The name of the SNUG_FIELD_OBJECT that it stands for, or NULL: "activation" is its function.
     */
    const char *wraps;
    /* What holds beside .flags, where that depends on the configuration; or NULL. */
    unsigned (*flags_of)(const void *config);
    /* The initializer that a layer before it takes by default; NULL: none of its own. */
    const char *init;
} snug_layer_kind;

/* ---- registration ---------------------------------------------------------------------------- */

/*
 * Makes a kind known by its name, for the whole process and from every thread; the descriptor must
 * stay as it is until the process ends. Refused: an incomplete descriptor, a name that is taken.
 * Registering the same descriptor twice is no error.
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
 * which registers its kinds. It must stay loaded, and be loaded again to read models that use them.
 */
typedef snug_status snug_plugin_fn(void);
#define SNUG_PLUGIN_SYMBOL "snug_plugin"

/* The kinds of a group, built in and registered: NULL past the last. */
SNUG_API const snug_kind *snug_kind_at(snug_group group, size_t index);

/* The kind of that name, or NULL with the nearest known name in snug_error(). */
SNUG_API const snug_kind *snug_kind_find(snug_group group, const char *name);

/* The group's name as in `snug describe`: "layers", "activations" ... */
SNUG_API const char *snug_group_name(snug_group group);

#ifdef __cplusplus
}
#endif
#endif
