/*
 * Warm starts: a model that begins with the weights and the state of another, tensor by tensor, by
 * their names in a file ("0.weight").
 */
#ifndef SNUG_MODEL_FILE_START_H
#define SNUG_MODEL_FILE_START_H

#include "model/model.h"

/* Which tensors a model takes from another. */
typedef struct snug_start_report {
    size_t taken;     /* tensors of the model that the other has, too */
    size_t count;     /* tensors of the model */
    char missing[96]; /* names of the first that the other lacks, and "..." for more; "": none */
    char unused[96];  /* names of the first of the other that the model has not */
} snug_start_report;

/*
 * Compares the tensors of a model with those of another, and sets *report. Fails for an ensemble,
 * for a tensor whose shapes differ, which it names with both, and where no name is the same.
 */
snug_status snug_start_compare(const snug_model *model, const snug_model *from,
                               snug_start_report *report);

/*
 * Gives a model without preprocessing a copy of that of another, if that has one: weights are worth
 * nothing without the scaling and the categories that they were trained with.
 */
snug_status snug_start_take_preprocessing(snug_model *model, const snug_model *from);

/* Logs what was taken, and what was not: "NAME: starts from FROM: ...". */
void snug_start_log(const snug_start_report *report, const char *name, const char *from);

#endif
