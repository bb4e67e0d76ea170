/* The "C" locale, in which all numbers are read and written, whatever setlocale() was told. */
#ifndef SNUG_CORE_LOCALE_H
#define SNUG_CORE_LOCALE_H

#include <locale.h>

/* The "C" locale for the ..._l functions; lives as long as the process. */
locale_t snug_locale(void);

/* Makes it the calling thread's locale; hand what it answers to snug_locale_leave(). */
locale_t snug_locale_enter(void);
void snug_locale_leave(locale_t before);

#endif
