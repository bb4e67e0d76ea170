/*
 * The journal of a search: a file of JSON lines, of which a killed search is resumed. The first
 * line says which search it is of; each other is a training that has ended:
 *
 *     {"snug":"0.1.0","experiment":"8c0e...","space":"77ab...","seed":42,"metric":"loss",...}
 *     {"trial":0,"rung":0,"status":"ok","metric":0.31,"loss":0.31,"epochs":60,"seconds":1.5,
 *      "values":{"train.batch_size":32}}
 */
#ifndef SNUG_TUNE_JOURNAL_H
#define SNUG_TUNE_JOURNAL_H

#include "tune/run.h"

typedef struct snug_journal {
    const char *path;  /* borrowed; NULL: there is no journal */
    int descriptor;    /* where lines are appended; -1: it is not open */
    snug_run *records; /* what the file had when it was opened, without models; owned */
    size_t count, capacity;
    bool given_up; /* it could not be written: nothing more is */
} snug_journal;

/*
 * Opens the journal of a plan, or makes it. A last line without its end is cut off. Fails where the
 * file is of another search or damaged. Close it with snug_journal_close(), also after a failure.
 */
snug_status snug_journal_open(snug_journal *journal, const snug_tune_plan *plan);
void snug_journal_close(snug_journal *journal);

/*
 * Returns what the journal had of a training when it was opened, unless it was stopped; NULL where
 * it has none.
 */
const snug_run *snug_journal_find(const snug_journal *journal, size_t trial, size_t rung);

/* Appends a training that has ended, with the values of its trial, and flushes the file. */
snug_status snug_journal_add(snug_journal *journal, const snug_run *run, const cJSON *values);

/*
 * Writes nothing more, neither lines nor models, and logs the calling thread's error as a warning:
 * a full disk does not cost the results of a search. What was written can be resumed from.
 */
void snug_journal_give_up(snug_journal *journal);

/*
 * Saves the model of a run beside the journal, loads it, or removes it. Without a journal nothing
 * is saved. Loading returns NULL where there is no such file.
 */
snug_status snug_journal_save_model(const snug_journal *journal, const snug_run *run);
snug_model *snug_journal_load_model(const snug_journal *journal, const snug_run *run);
void snug_journal_remove_model(const snug_journal *journal, const snug_run *run);

#endif
