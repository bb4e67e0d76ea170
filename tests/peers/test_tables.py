"""bench/tables on a small folder: what it measures, and that it goes on where it was."""
import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "examples" / "data"
TABLES = [("iris", "class", "species"), ("diabetes", "regression", "progression")]
METHODS = "hgb,linear,xgb"


def make_folder(folder):
    """Two tables in the form of bench/tables; every fourth row is a test row."""
    (folder / "splits").mkdir()
    with open(folder / "MANIFEST.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "file", "task", "target", "delimiter", "decimal", "na_values",
                         "ignore"])
        for name, task, target in TABLES:
            writer.writerow([name, f"{name}.csv", task, target, ",", ".", "", ""])
    for name, _, _ in TABLES:
        content = (DATA / f"{name}.csv").read_bytes()
        (folder / f"{name}.csv").write_bytes(content)
        rows = len(content.splitlines()) - 1
        lines = ["seed0"] + ["2" if i % 4 == 0 else "0" for i in range(rows)]
        (folder / "splits" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(folder, *arguments):
    """Runs the benchmark; returns its report and the lines of results."""
    results, out = folder / "results.jsonl", folder / "out.md"
    subprocess.run([ROOT / "bench" / "tables", folder, "--build", os.environ["SNUG_BUILD"],
                    "--methods", METHODS, "--splits", "0", "--results", results, "--out", out,
                    *arguments], check=True, stderr=subprocess.DEVNULL)
    return out.read_text(encoding="utf-8"), results.read_text(encoding="utf-8").splitlines()


class Tables(unittest.TestCase):
    def test_measures_each_once_and_resumes(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_folder(folder)
            report, lines = run(folder)
            entries = [json.loads(line) for line in lines]
            self.assertEqual(len({(e["set"], e["method"]) for e in entries}), 6)
            for entry in entries:
                limit = 0.15 if entry["set"] == "iris" else 75  # deviation of the target: 77
                self.assertLess(entry["error"], limit, entry)
            self.assertIn("| linear | 1 |", report)
            (folder / "results.jsonl").write_text("\n".join(lines[:4]) + '\n{"set": "di',
                                                  encoding="utf-8")
            again, resumed = run(folder)
            self.assertEqual(resumed[:4], lines[:4])
            measured = {(e["set"], e["method"]) for e in map(json.loads, resumed[:4] + resumed[5:])}
            self.assertEqual(len(measured), 6)
            self.assertEqual(len(resumed), 7)
            self.assertEqual(len(again.splitlines()), len(report.splitlines()))

    def test_changes_experiments(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_folder(folder)
            setting = "train.optimizer.learning_rate=1e-9"
            report, lines = run(folder, "--methods", "hgb,linear", "--set", setting)
            self.assertIn(setting, report)
            for entry in map(json.loads, lines):
                if entry["method"] == "linear" and entry["set"] == "iris":
                    self.assertGreater(entry["error"], 0.15)


if __name__ == "__main__":
    unittest.main()
