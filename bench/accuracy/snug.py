"""Snug's commands on a table, as a user would type them: snug new, snug train or snug tune."""
import csv
import json
import pathlib
import subprocess

FOLDS = 5
TUNE_SECONDS = 300


def run(command, log):
    """Runs a command; its standard error goes to a log, whose end an error shows."""
    with open(log, "a", encoding="utf-8") as errors:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False
        )
    if done.returncode != 0:
        end = pathlib.Path(log).read_text(encoding="utf-8").splitlines()[-3:]
        raise RuntimeError(" ".join(map(str, command)) + ": " + " | ".join(end))
    return done.stdout


def listed(names):
    """Names as one argument: commas separate them, and one inside of a name has a backslash."""
    return ",".join(name.replace(",", "\\,") for name in names)


def new(snug, table, training, experiment, recipe, log):
    """Writes the experiment; only what a file cannot tell is an option."""
    command = [snug, "new", training, "--target", table.target, "--recipe", recipe,
               "--out", experiment]
    if table.ignore:
        command += ["--ignore", listed(table.ignore)]
    if table.missing:
        command += ["--missing-values", listed(table.missing)]
    run(command, log)


def fit(snug, method, table, folder, threads, settings=()):
    """Trains a model by a method such as "tabular" or "tabular+folds"; returns its file.

    The settings are values of the experiment, "train.epochs=5", as --set takes them.
    """
    recipe, _, extra = method.partition("+")
    experiment, model, log = folder / "e.json", folder / "e.safetensors", folder / "log"
    new(snug, table, folder / "train.csv", experiment, recipe, log)
    if extra == "tune":
        command = [snug, "tune", experiment, "--time", str(TUNE_SECONDS), "--jobs", str(threads),
                   "--journal", folder / "journal.jsonl", "--out", folder / "best.json",
                   "--model", model]
    else:
        command = [snug, "train", experiment, "--quiet", "--threads", str(threads), "--out", model]
        command += ["--folds", str(FOLDS)] if extra in ("folds", "refit") else []
        command += ["--refit"] if extra == "refit" else []
    for setting in settings:
        command += ["--set", setting]
    run(command, log)
    return model


def error(snug, model, table, test, log):
    """1 - accuracy, or the root of the mean squared error, on the test rows."""
    metrics = json.loads(run([snug, "evaluate", model, test, "--json"], log))
    return 1 - metrics["accuracy"] if table.is_class else metrics["rmse"]


def is_method(name):
    """Whether a name is that of a recipe, which `snug new` knows, with folds, refit or tune."""
    return name.partition("+")[2] in ("", "folds", "refit", "tune")


def read_manifest(folder, columns):
    """The rows of a folder's MANIFEST.csv; ends the program where it or a column is not there."""
    path = folder / "MANIFEST.csv"
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SystemExit(f"{path}: {reason}; the folder needs one, see --help") from None
    for column in columns:
        if any(row.get(column) is None for row in rows) or not rows:
            raise SystemExit(f"{path}: has no column {column}, or a row without it; see --help")
    return rows


def run_program(main):
    """Runs a benchmark; a file that is missing or not readable ends it with one message."""
    try:
        main()
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}; see --help") from None


def check_sets(wanted, known):
    """Ends the program where a wanted set is not there."""
    for name in wanted:
        if name not in known:
            raise SystemExit(f"there is no set {name}; there are {', '.join(known)}")
