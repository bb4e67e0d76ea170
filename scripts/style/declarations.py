"""Where functions and variables that files share are declared: in the header beside the source."""

import re


# Declared below the module that defines it, because what reads JSON needs the names of files that
# data formats have: see docs/ARCHITECTURE.md.
DECLARED_BELOW = {"snug_source_names"}


def check(tree):
    yield from check_extern(tree)
    yield from check_homes(tree)
    yield from check_undefined(tree)


def check_extern(tree):
    for file in tree.c_files():
        if not file.path.endswith(".c"):
            continue
        for number, line in enumerate(file.source.code.splitlines(), 1):
            if re.search(r"\bextern\b(?!\s*\")", line):
                yield (file.path, number, "extern in a source: include the header that declares it")


def pattern_of(pasted, parameters):
    """Turns "snug_field_##name" into a regular expression for the names that it makes."""
    parts = [part for part in re.split(r"##", pasted) if part]
    return "".join(r"\w+" if part in parameters else re.escape(part) for part in parts)


def macros(file):
    """Yields (parameters, body) of the macros with arguments that a file defines."""
    for match in re.finditer(
        r"#\s*define\s+\w+\(([^)]*)\)((?:[^\n\\]|\\.|\\\n)*)", file.source.directives, re.DOTALL
    ):
        yield {p.strip() for p in match[1].split(",")}, match[2]


def listed_descriptors(tree):
    """Returns a regular expression of the constants that lists in headers declare by macros."""
    patterns = {r"\w+_kind"}
    for file in tree.c_files("src"):
        if file.path.endswith(".h"):
            for parameters, body in macros(file):
                for declared in re.findall(r"\bextern\s+const\s+[\w#]+\s+([\w#]+)", body):
                    patterns.add(pattern_of(declared, parameters))
    return re.compile("|".join(sorted(patterns)))


def shared_names(file, descriptors):
    """Yields (name, line) of what a source defines for others, but for listed descriptors."""
    for item in file.source.items:
        if item.kind in {"function", "variable"} and item.name and not item.is_static:
            if not descriptors.fullmatch(item.name):
                yield item.name, item.first


def declared_names(file):
    return file.source.names("prototype", "extern")


def check_homes(tree):
    headers = {
        f.path: declared_names(f) for f in tree.c_files("src", "include") if f.path.endswith(".h")
    }
    public = {
        name for path, names in headers.items() if path.startswith("include/") for name in names
    }
    descriptors = listed_descriptors(tree)
    for file in tree.c_files("src"):
        if not file.path.endswith(".c"):
            continue
        home = file.path[:-2] + ".h"
        for name, line in shared_names(file, descriptors):
            beside = homes(file.path, headers)
            if name in public | DECLARED_BELOW or any(name in headers[h] for h in beside):
                continue
            others = [path for path, names in headers.items() if name in names]
            where = f"declared in {others[0]}" if others else "declared in no header"
            yield file.path, line, f"{name} is {where}: declare it in {home}, or make it static"


def homes(path, headers):
    """Yields the headers beside a source x_y.c: x_y.h, and the header x.h of its family."""
    stem = path[:-2]
    for header in headers:
        if header == stem + ".h" or stem.startswith(header[:-2] + "_"):
            yield header


def check_undefined(tree):
    """Names that a macro defines count too: those in directives and in arguments of macros."""
    sources = tree.c_files("src", "cli")
    defined = set()
    for file in sources:
        defined |= file.source.names("function", "variable")
    by_macros = names_of_macros(sources)
    for file in tree.c_files("src", "include", "cli"):
        if not file.path.endswith(".h"):
            continue
        for item in file.source.items:
            if item.kind not in {"prototype", "extern"} or item.name is None:
                continue
            if item.name not in defined and item.name not in by_macros:
                yield (
                    file.path,
                    item.first,
                    f"{item.name} is declared, but no source defines it: remove it",
                )


def names_of_macros(sources):
    """Returns the identifiers in directives, in arguments of macros, and those made of both."""
    names = set()
    for file in sources:
        if file.path.endswith(".c"):
            names |= set(re.findall(r"\w+", file.source.directives))
            for call in re.findall(r"^[A-Z_][A-Z0-9_]*\(([^;{]*)", file.source.code, re.MULTILINE):
                arguments = re.findall(r"\w+", call)
                names |= set(arguments)
                for _, body in macros(file):
                    for prefix in re.findall(r"\b(snug_\w*)##", body):
                        names |= {prefix + argument for argument in arguments}
    return names
