/* Postprocessing as JSON: what is written is read again, and wrong values are refused. */
#include <string.h>

#include "core/memory.h"
#include "json/json.h"
#include "json/json_print.h"
#include "postprocessing/postprocessing.h"
#include "support/errors.h"
#include "support/suite.h"
#include "support/tables.h"

static snug_postprocessing *parse(const char *text) {
    cJSON *json = snug_json_parse("p", text, strlen(text));
    ck_assert_ptr_nonnull(json);
    snug_postprocessing *postprocessing = snug_postprocessing_read(json, "p", false);
    cJSON_Delete(json);
    return postprocessing;
}

static void refuse(const char *text, const char *location) {
    ck_assert_ptr_null(parse(text));
    expect_error(SNUG_ERROR_CONFIG, location);
}

static const char whole[] =
    "{\"min\":[-1.5,0.1],\"max\":[2,0.1],\"temperature\":1.37,\"threshold\":0.125}";

START_TEST(reads_what_it_writes) {
    static const char *const texts[] = {whole, "{}", "{\"threshold\":0.3}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        snug_postprocessing *first = parse(texts[i]);
        ck_assert_msg(first != NULL, "%s", snug_error());
        snug_postprocessing *copy = snug_postprocessing_copy(first);
        cJSON *json = snug_postprocessing_write(copy);
        char *text = snug_json_print(json, false);
        ck_assert_str_eq(text, texts[i]);
        snug_release(text);
        cJSON_Delete(json);
        snug_postprocessing_free(first);
        snug_postprocessing_free(copy);
    }
}
END_TEST

START_TEST(refuses_wrong_values) {
    refuse("[]", "p:");
    refuse("{\"mean\":[1]}", "p:");
    refuse("{\"min\":[1]}", "p:");
    refuse("{\"max\":[1]}", "p:");
    refuse("{\"min\":[1],\"max\":[1,2]}", "p.max:");
    refuse("{\"min\":[1,3],\"max\":[1,2]}", "p.max[1]:");
    refuse("{\"min\":[1,\"3\"],\"max\":[1,4]}", "p.min[1]:");
    refuse("{\"temperature\":0}", "p.temperature:");
    refuse("{\"temperature\":\"hot\"}", "p.temperature:");
    refuse("{\"threshold\":1}", "p.threshold:");
    refuse("{\"threshold\":-0.5}", "p.threshold:");
}
END_TEST

static bool copy_whole(void) {
    snug_postprocessing *first = parse(whole);
    snug_postprocessing *copy = first != NULL ? snug_postprocessing_copy(first) : NULL;
    cJSON *json = copy != NULL ? snug_postprocessing_write(copy) : NULL;
    bool ok = json != NULL;
    cJSON_Delete(json);
    snug_postprocessing_free(first);
    snug_postprocessing_free(copy);
    return ok;
}

static cJSON *parsed;

static bool read_whole(void) {
    snug_postprocessing *postprocessing = snug_postprocessing_read(parsed, "p", false);
    bool ok = postprocessing != NULL &&
              snug_postprocessing_widen(postprocessing, 2, 1, (float[]){7, -8}) == SNUG_OK;
    ck_assert(!ok || (postprocessing->max[0] == 7 && postprocessing->min[1] == -8));
    snug_postprocessing_free(postprocessing);
    return ok;
}

START_TEST(survives_failing_allocations) {
    parsed = snug_json_parse("p", whole, strlen(whole));
    expect_every_failure(read_whole);
    cJSON_Delete(parsed);
    ck_assert(copy_whole());
}
END_TEST

/* Two targets of two neighbouring outputs each, less 10 and less -3. */
START_TEST(clips_the_outputs_of_each_target) {
    snug_postprocessing *postprocessing = parse("{\"min\":[9,-7],\"max\":[12.5,0]}");
    float values[] = {-2, 5, 0, -6, 1, 2, 2, -3.5F};
    snug_postprocessing_clip(postprocessing, (double[]){10, 10, -3, -3}, 2, 4, values);
    expect_floats(8, values, (float[]){-1, 2.5F, 0, -4, 1, 2, 2, -3.5F});
    snug_postprocessing_free(postprocessing);
}
END_TEST

static Suite *json_suite(void) {
    Suite *suite = suite_create("postprocessing");
    TCase *tests = tcase_create("postprocessing");
    tcase_add_test(tests, reads_what_it_writes);
    tcase_add_test(tests, refuses_wrong_values);
    tcase_add_test(tests, survives_failing_allocations);
    tcase_add_test(tests, clips_the_outputs_of_each_target);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(json_suite)
