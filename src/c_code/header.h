/*
 * The header of a generated program: sizes, columns, categories, classes, and its functions; and
 * what its source has of the classes. Names of columns are NET_COLUMN_AGE, those of categories
 * NET_COLOUR_RED, of classes NET_CLASS_SETOSA, of values NET_VALUE_PRICE.
 */
#ifndef SNUG_C_CODE_HEADER_H
#define SNUG_C_CODE_HEADER_H

#include "c_code/program.h"

/* Writes "net.h". Fails without memory. */
snug_status snug_c_write_header(snug_c_program *program);

/* Writes the definition of PREFIX_class_names, of a classifier. */
void snug_c_write_class_names(snug_c_program *program);

/* Writes the function PREFIX_class(), of a classifier. */
void snug_c_write_class_function(snug_c_program *program);

#endif
