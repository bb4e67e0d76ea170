"""Checks the form of Snug's sources.

Prints every finding as `file:line: what: what would be right`, then `N findings`; the exit status
is 1 if there are any. Takes seconds. With --build it also finds unused includes and pointers tested
by `!`, which needs the build's compile_commands.json, clang-tidy-19 and python3-clang-19, and takes
minutes.
"""

import argparse
import pathlib
import sys

import compiled
import declarations
import includes
import lines
import shape
import words
from tree import Tree

QUICK = [lines.check, words.check, shape.check, declarations.check, includes.check]


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/check-style.sh",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--build",
        metavar="DIR",
        type=pathlib.Path,
        help="check with a compiler too: a build directory",
    )
    parser.add_argument(
        "--statistics",
        action="store_true",
        help="print lengths of functions and the share of comments, check nothing",
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=pathlib.Path,
        default=pathlib.Path(__file__).parents[2],
        help="another source tree",
    )
    return parser.parse_args()


def main():
    options = arguments()
    tree = Tree(options.root.resolve())
    if options.statistics:
        print(shape.statistics(tree))
        return 0
    findings = [finding for check in QUICK for finding in check(tree)]
    if options.build:
        findings += compiled.check(tree, options.build.resolve())
    for path, line, message in sorted(set(findings)):
        print(f"{path}:{line}: {message}")
    count = len(set(findings))
    print(f"{count} finding" + ("" if count == 1 else "s"))
    return 1 if count else 0


sys.exit(main())
