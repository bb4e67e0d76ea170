#!/usr/bin/env python3
"""Prints docs/EXPERIMENT.md: every key of an experiment file, from its JSON Schema.

usage: snug schema | scripts/experiment-keys.py
"""

import json
import sys

HEADER = """# The keys of an experiment file

Written by `scripts/update-docs.sh` from `snug schema`; do not edit. The objects of a group, such as
the layers, are listed in the [README](../README.md), and with their fields by `snug describe`.
"""


def value(schema):
    """The type of a value in words, with its range."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        names = ", ".join(json.dumps(name) for name in schema["enum"])
        return "one of " + names if len(schema["enum"]) <= 8 else "a name"
    if "anyOf" in schema:
        return " or ".join(value(one) for one in schema["anyOf"])
    if schema["type"] == "array":
        return "array of " + value(schema["items"])
    if schema["type"] == "object":
        return "object of " + ", ".join(json.dumps(key) for key in schema["properties"])
    bounds = [
        sign + " " + json.dumps(schema[name])
        for name, sign in (
            ("minimum", ">="),
            ("exclusiveMinimum", ">"),
            ("maximum", "<="),
            ("exclusiveMaximum", "<"),
        )
        if name in schema
    ]
    return " ".join([schema["type"], " and ".join(bounds)]).strip()


def rows(path, schema):
    """The rows of a table for an object's members and those of the objects in them."""
    for key, member in schema["properties"].items():
        if "properties" in member and "description" not in member:
            yield from rows(path + key + ".", member)
            continue
        if key in schema.get("required", []):
            default = "required"
        else:
            default = "`" + json.dumps(member["default"]) + "`" if "default" in member else ""
        cells = ["`" + path + key + "`", value(member), default, member.get("description", "")]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        for one in member.get("anyOf", []):
            if any("default" in inner for inner in one.get("properties", {}).values()):
                yield from rows(path + key + ".", one)


print(HEADER)
print("| key | value | default | meaning |")
print("|---|---|---|---|")
for line in rows("", json.load(sys.stdin)):
    print(line)
