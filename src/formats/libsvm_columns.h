/*
 * The columns of a file in the format of libsvm: which indices and labels belong to which column,
 * by the file alone or as another table, a model's, has them.
 */
#ifndef SNUG_FORMATS_LIBSVM_COLUMNS_H
#define SNUG_FORMATS_LIBSVM_COLUMNS_H

#include "records/record_reader.h"

#define SNUG_LIBSVM_NO_COLUMN SNUG_NOT_IN_SET

enum { SNUG_LIBSVM_MAX_INDEX = 1048576 /* as many columns as CSV may have */ };

typedef struct snug_libsvm_state {
    snug_record_builder builder;
    /* What the pass over the file finds. */
    size_t largest;         /* index */
    bool any_index, zero;   /* there is an index; there is an index 0 */
    bool labelled, several; /* a line has a label; a line has several */
    snug_string_set labels; /* the different ones, where there are several in a line */
    /* Where indices and labels belong. */
    size_t *
        column_of; /* of each index below index_count; or SNUG_LIBSVM_NO_COLUMN, which is ignored */
    size_t index_count;
    size_t label_column; /* where a line has one label; or SNUG_LIBSVM_NO_COLUMN */
    size_t *columns_of;  /* of each of the labels, where there are several */
    bool warned;         /* about an index past index_count */
} snug_libsvm_state;

/*
 * Names the columns of a file that is read by options alone: x1, x2 ... up to the largest index,
 * and "label", or a column for each label. Sets the reader's columns and default targets, and in
 * the state what belongs to which column.
 */
snug_status snug_libsvm_name_columns(snug_record_reader *reader, snug_libsvm_state *state);

/*
 * Takes the columns of reader->like: those called x1, x2 ... by their index, others in their order,
 * and its target for the label. Indices past its largest belong to no column.
 */
snug_status snug_libsvm_bind_columns(snug_record_reader *reader, snug_libsvm_state *state);

#endif
