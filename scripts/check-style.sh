#!/bin/sh
# Checks the form of the sources: see scripts/style/__main__.py, or run it with --help.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
exec "$python" -B "$(dirname "$0")/style" "$@"
