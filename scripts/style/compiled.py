"""What needs a compiler: unused includes, and pointers tested by `!`.

An include that only a macro's users need is marked by `/* IWYU pragma: keep */` on its line, one
that a header includes for its users by `/* IWYU pragma: export */`.
"""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess

CONFIG = "{Checks: '-*,misc-include-cleaner', WarningsAsErrors: ''}"
UNUSED = re.compile(r"^(.+?):(\d+):\d+: warning: included header (\S+) is not used directly")
FAILED = re.compile(r"^(.+?):(\d+):\d+: error: (.*)")
UMBRELLA = "include/snug/snug.h"  # includes every public header, for its users
FOLDERS = ("src/", "cli/", "include/", "examples/", "tests/", "bench/")


def check(tree, build):
    with (build / "compile_commands.json").open(encoding="utf-8") as file:
        commands = {os.path.relpath(entry["file"], tree.root): entry for entry in json.load(file)}
    sources = [path for path in commands if path.startswith(FOLDERS) and path in tree.by_path]
    headers = [
        f.path
        for f in tree.c_files()
        if f.path.endswith(".h") and f.path != UMBRELLA and not f.path.endswith(".inc.h")
    ]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        jobs = [pool.submit(unused_includes, tree.root, build, path) for path in sources + headers]
        jobs += [pool.submit(null_tests, tree.root, path, commands[path]) for path in sources]
        return [finding for job in jobs for finding in job.result()]


def unused_includes(root, build, path):
    options = ["--quiet", f"--config={CONFIG}", "--extra-arg=-Wno-error"]
    command = ["clang-tidy-19", "-p", str(build), *options, path]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    findings = []
    for line in result.stdout.splitlines():
        unused, failed = UNUSED.match(line), FAILED.match(line)
        if unused and os.path.relpath(unused[1], root) == path:
            findings.append(
                (
                    path,
                    int(unused[2]),
                    f"unused include {unused[3]}: remove it, " "or include what is used instead",
                )
            )
        elif failed:
            findings.append((path, int(failed[2]), f"clang-tidy-19: {failed[3]}: make it compile"))
    if result.returncode != 0 and not findings:
        findings.append((path, 1, f"clang-tidy-19 fails: {result.stderr.strip()}"))
    return findings


def null_tests(root, path, entry):
    """Finds them with libclang, since only a type distinguishes a pointer from a number."""
    from clang.cindex import CursorKind, Index, TypeKind

    words = entry.get("arguments") or shlex.split(entry["command"])
    flags = [word for word in words if re.match(r"-(I|D|std|m(?!prefer)|isystem)", word)]
    unit = Index.create().parse(os.path.join(root, path), args=flags)
    nodes = [
        node
        for node in unit.cursor.get_children()
        if node.location.file and node.location.file.name == unit.spelling
    ]
    findings = []
    while nodes:
        node = nodes.pop()
        children = list(node.get_children())
        nodes += children
        if node.kind == CursorKind.UNARY_OPERATOR and len(children) == 1:
            first = next(node.get_tokens(), None)
            pointer = children[0].type.get_canonical().kind == TypeKind.POINTER
            if pointer and first is not None and first.spelling == "!":
                findings.append((path, node.location.line, "pointer tested by !: == NULL"))
    return findings
