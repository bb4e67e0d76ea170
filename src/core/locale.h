/*
 * The "C" locale, in which Snug reads and writes numbers, whatever locale the program has set: in a
 * German locale printf() writes 0,5 and strtod() stops at the point of 0.5. The locale is changed
 * for the calling thread alone.
 */
#ifndef SNUG_CORE_LOCALE_H
#define SNUG_CORE_LOCALE_H

#include <locale.h> /* IWYU pragma: export */

/* Returns the "C" locale, for functions such as strerror_l(). Valid until the process ends. */
locale_t snug_locale(void);

/* Makes it the calling thread's locale. Returns the old one, for snug_locale_leave(). */
locale_t snug_locale_enter(void);

/* Makes `old_locale` the calling thread's locale again. */
void snug_locale_leave(locale_t old_locale);

#endif
