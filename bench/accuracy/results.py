"""Results in a file of JSON lines, which an interrupted benchmark goes on from."""
import json


def read(path, *keys):
    """What an earlier run measured, by the values of the keys, "" where a line has no such key.

    Lines that are cut off are left out.
    """
    results = {}
    if path is not None and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            results[tuple(entry.get(key, "") for key in keys)] = entry
    return results


def append(path, entry):
    """Adds a line, also behind one that was cut off; does nothing without a path."""
    if path is None:
        return
    torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    with open(path, "a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + json.dumps(entry) + "\n")
