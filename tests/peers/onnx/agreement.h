/*
 * Exported models with raw rows and what Snug predicts for them, for compare.js.
 *
 * NAME.onnx has a file NAME.bin, little-endian: rows, columns, outputs as int32; rows x columns
 * float32 of features; rows x outputs float32 of predictions; rows int32 of classes, -1 for values.
 * index.txt has the names, a line each.
 */
#ifndef SNUG_TESTS_PEERS_AGREEMENT_H
#define SNUG_TESTS_PEERS_AGREEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <snug/snug.h>

/* Raw rows, and what Snug predicts for them. */
typedef struct agreement {
    size_t rows, columns, outputs;
    float *raw, *predictions;
    int32_t *classes;
    bool
        both; /* one probability is that of the second of two classes, of which both are exported */
} agreement;

/* Writes NAME.bin, and the name into the index. */
void write_agreement(const char *name, const agreement *a);

/*
 * Exports a model as NAME.onnx, and writes NAME.bin with the first rows of data, at most 64. Ends
 * the program where that fails.
 */
void export_model(const char *name, const snug_model *model, const snug_dataset *data,
                  size_t opset);

#endif
