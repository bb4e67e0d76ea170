#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "import/onnx_tensor.h"
#include "model_file/dtype.h"

static const char *name_of(const Onnx__TensorProto *tensor) {
    return tensor->name != NULL && *tensor->name != 0 ? tensor->name : "a constant";
}

/* Sets *count to the product of the sizes. */
static snug_status count_entries(const Onnx__TensorProto *tensor, size_t *count) {
    *count = 1;
    for (size_t i = 0; i < tensor->n_dims; i++) {
        int64_t size = tensor->dims[i];
        if (size < 0 || (uint64_t)size > SIZE_MAX || !snug_multiply(*count, (size_t)size, count)) {
            return snug_fail(SNUG_ERROR_FILE, "%.100s: has a size that no tensor has",
                             name_of(tensor));
        }
    }
    return SNUG_OK;
}

/* A type of numbers in raw data, and how many numbers the other members have. */
typedef struct tensor_type {
    snug_dtype dtype;
    size_t listed;
    bool known;
} tensor_type;

/* Returns the type of a tensor; where it is not known, its numbers are not read. */
static tensor_type type_of(const Onnx__TensorProto *tensor) {
    switch (tensor->data_type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
        return (tensor_type){SNUG_DTYPE_F32, tensor->n_float_data, true};
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
        return (tensor_type){SNUG_DTYPE_F64, tensor->n_double_data, true};
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
        return (tensor_type){SNUG_DTYPE_F16, tensor->n_int32_data, true};
    case ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16:
        return (tensor_type){SNUG_DTYPE_BF16, tensor->n_int32_data, true};
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
        return (tensor_type){SNUG_DTYPE_I64, tensor->n_int64_data, true};
    default:
        return (tensor_type){.known = false};
    }
}

/*
 * The numbers are in one of two members, and the shape is not trusted: memory is allocated only for
 * as many numbers as are there.
 */
snug_status snug_onnx_tensor_count(const Onnx__TensorProto *tensor, size_t *count) {
    const tensor_type type = type_of(tensor);
    if (tensor->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL ||
        tensor->n_external_data > 0) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%.100s: is in another file; only models whose weights are in the file "
                         "itself are read",
                         name_of(tensor));
    }
    if (!type.known || tensor->segment != NULL) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%.100s: holds numbers of type %d; weights are FLOAT, FLOAT16, BFLOAT16 "
                         "or DOUBLE",
                         name_of(tensor), tensor->data_type);
    }
    snug_status status = count_entries(tensor, count);
    size_t bytes = 0;
    if (status != SNUG_OK) {
        return status;
    }
    bool fits = tensor->has_raw_data ? snug_multiply(*count, snug_dtype_size(type.dtype), &bytes) &&
                                           bytes == tensor->raw_data.len
                                     : *count == type.listed;
    return fits ? SNUG_OK
                : snug_fail(SNUG_ERROR_FILE, "%.100s: has not as many numbers as its shape",
                            name_of(tensor));
}

/* Returns number i of a tensor of a real type, whose count was checked. */
static float real_entry(const Onnx__TensorProto *tensor, snug_dtype dtype, size_t i) {
    float value = 0;
    if (tensor->has_raw_data) {
        snug_dtype_convert(dtype, 1, tensor->raw_data.data + i * snug_dtype_size(dtype), &value);
        return value;
    }
    if (dtype == SNUG_DTYPE_F32) {
        return tensor->float_data[i];
    }
    if (dtype == SNUG_DTYPE_F64) {
        return (float)tensor->double_data[i];
    }
    /* The bits of a half are in the lower half of a whole number. */
    const uint32_t bits = (uint32_t)tensor->int32_data[i];
    const unsigned char bytes[2] = {(unsigned char)(bits & 0xffU),
                                    (unsigned char)(bits >> 8 & 0xffU)};
    snug_dtype_convert(dtype, 1, bytes, &value);
    return value;
}

float *snug_onnx_tensor_floats(const Onnx__TensorProto *tensor, size_t *count) {
    const tensor_type type = type_of(tensor);
    if (snug_onnx_tensor_count(tensor, count) != SNUG_OK) {
        return NULL;
    }
    if (!snug_dtype_is_real(type.dtype)) {
        snug_fail(SNUG_ERROR_FILE, "%.100s: holds whole numbers, and weights are none",
                  name_of(tensor));
        return NULL;
    }
    float *values = snug_alloc(*count, sizeof *values);
    for (size_t i = 0; values != NULL && i < *count; i++) {
        values[i] = real_entry(tensor, type.dtype, i);
        if (!isfinite(values[i])) {
            snug_fail(SNUG_ERROR_FILE, "%.100s: entry %zu is no finite float", name_of(tensor), i);
            snug_release(values);
            return NULL;
        }
    }
    return values;
}

/* Returns entry i of a tensor of INT64, whose count was checked. */
static int64_t whole_entry(const Onnx__TensorProto *tensor, size_t i) {
    uint64_t bits = 0;
    if (!tensor->has_raw_data) {
        return tensor->int64_data[i];
    }
    for (size_t k = 0; k < 8; k++) {
        bits |= (uint64_t)tensor->raw_data.data[8 * i + k] << (8 * k);
    }
    return (int64_t)bits;
}

bool snug_onnx_wholes(const snug_onnx_graph *graph, const char *value, size_t count,
                      int64_t *numbers) {
    const Onnx__TensorProto *tensor = value != NULL ? snug_onnx_constant(graph, value) : NULL;
    size_t found = 0;
    if (tensor == NULL || tensor->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__INT64 ||
        snug_onnx_tensor_count(tensor, &found) != SNUG_OK || found != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = whole_entry(tensor, i);
    }
    return true;
}

bool snug_onnx_scalar(const snug_onnx_graph *graph, const char *value, double *number) {
    const Onnx__TensorProto *tensor = value != NULL ? snug_onnx_constant(graph, value) : NULL;
    int64_t whole = 0;
    size_t count = 0;
    if (tensor == NULL || snug_onnx_tensor_count(tensor, &count) != SNUG_OK || count != 1) {
        return false;
    }
    if (snug_onnx_wholes(graph, value, 1, &whole)) {
        *number = (double)whole;
        return true;
    }
    const tensor_type type = type_of(tensor);
    *number = snug_dtype_is_real(type.dtype) ? (double)real_entry(tensor, type.dtype, 0) : NAN;
    return isfinite(*number);
}
