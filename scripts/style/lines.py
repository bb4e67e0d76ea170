"""Lines of at most 100 columns."""

import re

COLUMNS = 100
# A table, an indented block of code, a link or an image: these cannot be broken.
UNBREAKABLE = re.compile(r"^\s*\||^    |\]\(|https?://|^\[[^]]*\]:")


def check(tree):
    for file in tree.files:
        in_fence = False
        for number, line in enumerate(file.lines, 1):
            if file.language == "markdown":
                if line.lstrip().startswith("```"):
                    in_fence = not in_fence
                if in_fence or UNBREAKABLE.search(line):
                    continue
            if len(line) > COLUMNS:
                yield file.path, number, f"{len(line)} columns: at most {COLUMNS}"
