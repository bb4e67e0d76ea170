#include <pthread.h>

#include "core/locale.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_locale(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t snug_locale(void) {
    pthread_once(&once, make_locale);
    return c_locale;
}

locale_t snug_locale_enter(void) {
    return uselocale(snug_locale()); /* a locale of 0 would change nothing */
}

void snug_locale_leave(locale_t old_locale) {
    uselocale(old_locale);
}
