#include <stdio.h>
#include <string.h>

#include "kinds/character.h"

const char *const snug_character_names[] = {"comma", "semicolon", "tab", "space", NULL};

static const char named[] = {',', ';', '\t', ' '};

bool snug_character_allowed(double code) {
    return code >= 1 && code <= 127 && code == (char)code && strchr("\"\r\n", (char)code) == NULL;
}

bool snug_character_parse(const char *string, char *character) {
    for (size_t i = 0; i < sizeof named; i++) {
        if (strcmp(string, snug_character_names[i]) == 0) {
            *character = named[i];
            return true;
        }
    }
    if (strlen(string) != 1 || !snug_character_allowed(*string)) {
        return false;
    }
    *character = *string;
    return true;
}

void snug_character_print(char character, char string[8]) {
    const char itself[] = {character, '\0'};
    const char *name = character == '\t' ? "tab" : character == ' ' ? "space" : itself;
    snprintf(string, 8, "%s", name);
}
