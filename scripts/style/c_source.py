"""As much of C's syntax as the checks need: comments, and what a file declares and defines."""

import collections
import re

TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
CALLABLE = re.compile(r"\b([A-Za-z_]\w*)\s*\(\s*(\w*)")
# A macro in capitals alone in its line, such as one that declares a list.
MACRO_LINE = re.compile(r"^[A-Z][A-Z0-9_]*\([^(){};]*\)[ \t]*$", re.MULTILINE)
ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)", re.DOTALL)

# What a file has at its top level. `kind` is "function", "prototype", "variable" or "extern";
# `name` is a macro's first argument where a macro defines a function.
Item = collections.namedtuple("Item", "kind name is_static first last")


def blank(match):
    """Replaces what matched by spaces, and keeps its newlines."""
    return re.sub(r"[^\n]", " ", match.group())


def blank_token(match):
    token = match.group()
    return token[0] + " " * (len(token) - 2) + token[-1] if token[0] in "\"'" else blank(match)


class Source:
    def __init__(self, string):
        self.code = TOKENS.sub(blank_token, string)
        self.lines = string.splitlines()
        self.includes = [
            (*INCLUDE.match(line).groups(), i + 1)  # '<' or '"', name, line
            for i, line in enumerate(self.lines)
            if INCLUDE.match(line)
        ]
        self.directives = "\n".join(m.group() for m in DIRECTIVE.finditer(self.code))
        self.items = list(find_items(DIRECTIVE.sub(blank, self.code)))

    def comment_lines(self):
        """Returns how many lines hold a comment and nothing more."""
        code = self.code.splitlines()
        return sum(1 for line, rest in zip(self.lines, code) if line.strip() and not rest.strip())

    def functions(self):
        return [item for item in self.items if item.kind == "function"]

    def names(self, *kinds):
        return {item.name for item in self.items if item.kind in kinds and item.name}


def find_items(code):
    """Yields an Item for each definition and declaration outside of braces."""
    code = MACRO_LINE.sub(blank, code)
    start = depth = 0
    head = None  # of what the open braces belong to
    for match in re.finditer(r"[{};]", code):
        token, end = match.group(), match.end()
        if token == "{":
            if depth == 0:
                head = code[start : match.start()]
                if re.fullmatch(r'\s*extern\s+" *"\s*', head):
                    start = end
                    continue
            depth += 1
        elif token == "}":
            if depth == 0:  # of extern "C"
                start = end
                continue
            depth -= 1
            if depth == 0 and is_function(head):
                yield item_of("function", head, code, start, end)
                start = end
        elif depth == 0:
            yield from declared(code, start, match.start())
            start = end


def is_function(head):
    return head.rstrip().endswith(")") and "=" not in head and "typedef" not in head


def lines_of(code, start, end):
    begin = start + len(code[start:end]) - len(code[start:end].lstrip())
    return code.count("\n", 0, begin) + 1, code.count("\n", 0, end) + 1


def item_of(kind, head, code, start, end):
    """Makes an Item of a function. What a macro in capitals defines, such as a test, is static."""
    names = CALLABLE.search(ATTRIBUTE.sub("", head))
    name, argument = names.groups() if names else (None, None)
    is_macro = name is None or name.isupper()
    is_static = is_macro or bool(re.search(r"\b(static|SNUG_INLINE)\b", head))
    return Item(kind, argument if is_macro else name, is_static, *lines_of(code, start, end))


def declared(code, start, end):
    """Yields the Items of one declaration: a prototype, or each of its variables."""
    string = code[start:end]
    if re.search(r"\btypedef\b|^\s*(_Static_assert|static_assert)\b", string) or not string.strip():
        return
    head = re.sub(r"\{.*\}", " ", string, flags=re.DOTALL)
    if "=" not in head and ATTRIBUTE.sub("", head).rstrip().endswith(")"):
        yield item_of("prototype", head, code, start, end)
        return
    is_extern = re.search(r"\bextern\b", head)
    is_static = bool(re.search(r"\bstatic\b", head))
    for part in re.sub(r"\[[^\]]*\]", "", head).split(","):
        words = re.findall(r"[A-Za-z_]\w*", part.split("=")[0])
        if words and not re.match(r"\s*(struct|union|enum)\s*\w*\s*$", part):
            kind = "extern" if is_extern else "variable"
            yield Item(kind, words[-1], is_static, *lines_of(code, start, end))
