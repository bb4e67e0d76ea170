/* A model that refuses rows with missing values and unknown categories. */
#ifndef SNUG_TESTS_PEERS_REFUSED_H
#define SNUG_TESTS_PEERS_REFUSED_H

/* Exports it, with rows of which it refuses some: see agreement.h. */
void write_refused_rows(void);

#endif
