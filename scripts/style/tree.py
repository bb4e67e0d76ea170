"""The files that are checked. A finding is (path from the root, line, message)."""

import functools
import re

import c_source

FOLDERS = ["include", "src", "cli", "examples", "tests", "bench", "docs", "scripts", "cmake"]
TOP_FILES = ["CMakeLists.txt", "README.md", "CONTRIBUTING.md"]
SUFFIXES = {
    ".c": "c",
    ".h": "c",
    ".cpp": "c",
    ".cc": "c",
    ".sh": "script",
    ".py": "script",
    ".cmake": "script",
    ".md": "markdown",
}


def language(path):
    """Returns "c", "script", "markdown", or None for a file that holds data."""
    if path.name == "CMakeLists.txt":
        return "script"
    if path.suffix in SUFFIXES:
        return SUFFIXES[path.suffix]
    if path.suffix == "":
        with path.open("rb") as file:
            return "script" if file.read(2) == b"#!" else None
    return None


class File:
    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.language = language(path)
        self.string = path.read_text(encoding="utf-8") if self.language else ""
        self.lines = self.string.splitlines()

    @functools.cached_property
    def source(self):
        """The parsed file, of a C source or header."""
        return c_source.Source(self.string)

    def is_below(self, *folders):
        return self.path.startswith(tuple(folder + "/" for folder in folders))

    def line_of(self, pattern):
        """Returns the number of the first line that a regular expression matches, or 1."""
        found = (i + 1 for i, line in enumerate(self.lines) if re.search(pattern, line))
        return next(found, 1)


class Tree:
    def __init__(self, root):
        self.root = root
        paths = [root / name for name in TOP_FILES if (root / name).is_file()]
        for folder in FOLDERS:
            paths += sorted(
                p
                for p in (root / folder).rglob("*")
                if p.is_file() and "__pycache__" not in p.parts
            )
        self.all_paths = [p.relative_to(root) for p in paths]
        self.files = [f for f in (File(root, p) for p in paths) if f.language]
        self.by_path = {f.path: f for f in self.files}

    def c_files(self, *folders):
        """Returns the C sources and headers of the given folders, or all of them."""
        return [
            f for f in self.files if f.language == "c" and (not folders or f.is_below(*folders))
        ]
