"""Where functions and variables that files share are declared: in the header beside the source."""

import re


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


def is_descriptor(name):
    return name.endswith("_kind")


def shared_names(file):
    """Yields (name, line) of what a source defines for others."""
    for item in file.source.items:
        if item.kind in {"function", "variable"} and item.name and not item.is_static:
            if not is_descriptor(item.name):
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
    for file in tree.c_files("src"):
        if not file.path.endswith(".c"):
            continue
        home = file.path[:-2] + ".h"
        for name, line in shared_names(file):
            if name in public or name in headers.get(home, ()):
                continue
            others = [path for path, names in headers.items() if name in names]
            where = f"declared in {others[0]}" if others else "declared in no header"
            yield file.path, line, f"{name} is {where}: declare it in {home}, or make it static"


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
    """Returns the identifiers in directives and in arguments of macros at the top level."""
    names = set()
    for file in sources:
        if file.path.endswith(".c"):
            names |= set(re.findall(r"\w+", file.source.directives))
            for call in re.findall(r"^[A-Z_][A-Z0-9_]*\(([^;{]*)", file.source.code, re.MULTILINE):
                names |= set(re.findall(r"\w+", call))
    return names
