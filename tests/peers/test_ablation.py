"""bench/ablation on a small folder: one piece a variant, what it reports, and that it resumes."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from test_tables import DATA, ROOT, make_folder

sys.path.insert(0, str(ROOT / "bench" / "accuracy"))
import variants  # noqa: E402

OF_CLASSES = {"no label smoothing", "Mish"}  # values have no such piece, or have it so
OF_VALUES = {"no clip_predictions", "SELU"}
PARTS = {"scaling standard": "data", "the other clipped scaling": "data",
         "schedule cosine": "train", "schedule constant": "train", "beta2 0.999": "train",
         "no label smoothing": "train", "no weight decay": "train", "keep best": "train",
         "no clip_predictions": "train"}  # what a variant changes; otherwise "model"


def recipe(folder, name, target):
    path = folder / f"{name}.json"
    subprocess.run([pathlib.Path(os.environ["SNUG_BUILD"]) / "snug", "new", DATA / f"{name}.csv",
                    "--target", target, "--out", path], check=True, stdout=subprocess.DEVNULL)
    return json.loads(path.read_text(encoding="utf-8"))


class Variants(unittest.TestCase):
    def test_each_changes_one_part_and_only_where_there_is_one(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for table, target, missing in (("iris", "species", OF_VALUES),
                                           ("diabetes", "progression", OF_CLASSES)):
                experiment = recipe(folder, table, target)
                for variant in variants.VARIANTS:
                    result = variants.changed(variant, experiment)
                    if variant == variants.RECIPE:
                        self.assertEqual(result, experiment)
                    elif variant in missing:
                        self.assertIsNone(result, variant)
                    else:
                        parts = [part for part in experiment if result[part] != experiment[part]]
                        self.assertEqual(parts, [PARTS.get(variant, "model")], variant)


def run(folder, *options):
    """Runs the benchmark with one epoch a training; returns its report and lines of results."""
    results, out = folder / "results.jsonl", folder / "out.md"
    subprocess.run([ROOT / "bench" / "ablation", folder, "--build", os.environ["SNUG_BUILD"],
                    "--splits", "0", "--epochs", "1", "--jobs", "2", "--results", results,
                    "--out", out, *options], check=True, stderr=subprocess.DEVNULL)
    return out.read_text(encoding="utf-8"), results.read_text(encoding="utf-8").splitlines()


class Ablation(unittest.TestCase):
    def test_trains_each_variant_once_and_resumes(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_folder(folder)
            report, lines = run(folder)
            self.assertNotIn("failed", report)
            self.assertEqual(len(lines), 2 * (len(variants.VARIANTS) - 2))
            for variant in set(variants.VARIANTS) - {variants.RECIPE}:
                self.assertIn(f"| {variant} | ", report)
            (folder / "results.jsonl").write_text("\n".join(lines[:30]) + '\n{"set": "di',
                                                  encoding="utf-8")
            again, resumed = run(folder)
            self.assertEqual(resumed[:30], lines[:30])
            self.assertEqual(len(resumed), len(lines) + 1)
            self.assertEqual(again, report)

    def test_reports_what_fails(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_folder(folder)
            content = (folder / "iris.csv").read_bytes()
            (folder / "iris.csv").write_bytes(content.replace(b"species", b"kind", 1))
            report, lines = run(folder, "--variants", "ReLU")
            self.assertIn("## Trainings that failed\n\n- iris, split 0: ", report)
            self.assertEqual({json.loads(line)["set"] for line in lines}, {"diabetes"})


if __name__ == "__main__":
    unittest.main()
