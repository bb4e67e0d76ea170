"""bench/uci on one set: SNN and its rivals, what the reports hold, and that it resumes."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "accuracy"))
import comparison  # noqa: E402
import networks  # noqa: E402


def make_folder(folder):
    """Iris with one column of splits: 4 of 10 rows training, 3 validation, 3 test; a broken set."""
    content = (ROOT / "examples" / "data" / "iris.csv").read_text(encoding="utf-8")
    (folder / "iris.csv").write_text(content, encoding="utf-8")
    parts = "0012021021"
    lines = ["fold1"] + [parts[i % 10] for i in range(len(content.splitlines()) - 1)]
    (folder / "iris.split.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open(folder / "MANIFEST.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["dataset", "flag"] + [f"paper_{name}" for name in networks.METHODS])
        writer.writerow(["iris", ""] + [0.9 + i / 100 for i in range(len(networks.METHODS))])
        writer.writerow(["broken", "tiny_test"] + ["NA"] * len(networks.METHODS))


def run(folder, methods):
    """Runs the benchmark; returns its lines of results."""
    results = folder / "results.jsonl"
    subprocess.run([ROOT / "bench" / "uci", folder, "--build", os.environ["SNUG_BUILD"],
                    "--methods", methods, "--columns", "1", "--jobs", "2", "--results", results,
                    "--out", folder / "out.md", "--csv", folder / "out.csv",
                    "--html", folder / "out.html"], check=True)
    return results.read_text(encoding="utf-8").splitlines()


class Uci(unittest.TestCase):
    def test_compares_seven_networks_and_resumes(self):
        configurations = len(networks.CONFIGURATIONS)
        self.assertEqual(configurations, 24)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_folder(folder)
            lines = run(folder, "rivals")
            entries = [json.loads(line) for line in lines]
            keys = {(entry["method"], entry.get("configuration")) for entry in entries}
            self.assertEqual(len(keys), (configurations + 1) * len(networks.METHODS))
            with open(folder / "out.csv", newline="", encoding="utf-8") as file:
                heads, row = csv.reader(file)
            found = dict(zip(heads, row))
            for method in networks.METHODS:
                self.assertGreater(float(found[method]), 80, method)
                own = [entry for entry in entries if entry["method"] == method]
                tried = [entry for entry in own if "configuration" in entry]
                tested, = (entry for entry in own if "configuration" not in entry)
                chosen = networks.choose(tried)
                self.assertEqual(tested["chosen"], chosen["configuration"])
                self.assertEqual(tested["epoch"], chosen["epoch"])
                self.assertAlmostEqual(float(found[method]), 100 * tested["accuracy"], 2)
            self.assertEqual(found["MSRAinit in the paper"], "91.00")
            page = (folder / "out.html").read_text(encoding="utf-8")
            self.assertIn('<td class="best">', page)
            self.assertIn("| SNN | 1 |", (folder / "out.md").read_text(encoding="utf-8"))
            torn = "\n".join(lines[:-3]) + "\n" + lines[-2][:20]
            (folder / "results.jsonl").write_text(torn, encoding="utf-8")
            again = run(folder, "rivals")
            self.assertEqual(again[:len(lines) - 3], lines[:-3])
            self.assertEqual(len(again), len(lines) + 1)

    def test_a_folder_without_its_files_ends_in_one_message(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "MANIFEST.csv"
            for program in ("uci", "tables", "ablation", "uci"):
                done = subprocess.run([ROOT / "bench" / program, name], text=True, check=False,
                                      stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 1, program)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(f"{path}: ", done.stderr)
                if program == "ablation":  # at last a manifest without uci's columns
                    path.write_text("name,file\niris,iris.csv\n", encoding="utf-8")

    def test_chooses_by_validation_rows_and_breaks_ties_as_the_paper(self):
        def entry(validation, depth, rate, dropout):
            return {"validation": validation, "depth": depth, "rate": rate, "dropout": dropout}

        best = entry(0.9, 2, 0.1, 0)
        self.assertIs(networks.choose([entry(0.8, 16, 0.01, 1), best]), best)
        deep = entry(0.9, 8, 0.1, 0)
        slow = entry(0.9, 8, 0.01, 0)
        dropped = entry(0.9, 8, 0.01, 1)
        self.assertIs(networks.choose([best, deep]), deep)
        self.assertIs(networks.choose([slow, deep]), slow)
        self.assertIs(networks.choose([slow, dropped]), dropped)
        diverged = entry(None, 32, 0.01, 1)
        self.assertIs(networks.choose([diverged, best]), best)
        self.assertIsNone(networks.choose([diverged]))

    def test_stops_where_the_average_of_ten_epochs_is_largest(self):
        curve = [0.0] * 5 + [1.0] + [0.4] * 12 + [0.5] * 9 + [0.0]
        self.assertEqual(networks.best_epoch(curve)[0], 27)
        self.assertAlmostEqual(networks.best_epoch(curve)[1], (9 * 0.5 + 0.4) / 10)
        self.assertEqual(networks.best_epoch([0.25] * 30), (10, 0.25))
        self.assertEqual(networks.best_epoch([0.5, 1.0]), (2, 0.75))

    def test_ranks_wins_and_the_test_of_wilcoxon(self):
        sets = [f"set{i}" for i in range(12)]
        good = {name: 90.0 + i for i, name in enumerate(sets)}
        bad = {name: value - 1 - i / 10 for i, (name, value) in enumerate(good.items())}
        ranks = comparison.average_ranks({"SNN": good, "other": bad, "same": dict(good)}, sets)
        self.assertEqual(ranks, {"SNN": 1.5, "other": 3, "same": 1.5})
        self.assertEqual(comparison.wins_ties_losses(good, bad, sets), (12, 0, 0))
        self.assertEqual(comparison.wins_ties_losses(good, good, sets), (0, 12, 0))
        # W = 0 of 12: the normal approximation, z = 39 / sqrt(162.5).
        self.assertAlmostEqual(comparison.wilcoxon(good, bad, sets), 0.00222, 4)
        self.assertEqual(comparison.wilcoxon(good, good, sets), 1.0)


if __name__ == "__main__":
    unittest.main()
