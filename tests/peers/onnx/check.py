"""Checks ONNX models of a directory with onnx's checker, whose shape inference has to find the
shapes that the models declare, and what the metadata says. The last line counts the models.

usage: check.py DIRECTORY
"""

import json
import pathlib
import sys

import onnx

VERSIONS = {13: 7, 14: 7, 15: 8, 16: 8, 17: 8}


def check(path):
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    (opset,) = model.opset_import
    assert opset.domain == "" and VERSIONS[opset.version] == model.ir_version, "versions"
    assert model.producer_name == "Snug", "producer"
    facts = {entry.key: json.loads(entry.value) for entry in model.metadata_props}
    (features,) = model.graph.input
    batch, columns = features.type.tensor_type.shape.dim
    assert features.name == "features" and batch.dim_param == "batch", "input"
    if path.name.startswith("operations_"):  # of a graph without a model
        return
    assert columns.dim_value == len(facts["snug.columns"]), "snug.columns"
    outputs = {output.name: output.type.tensor_type.shape.dim for output in model.graph.output}
    if facts["snug.task"] == "regression":
        assert set(outputs) == {"values"}, "outputs"
        assert outputs["values"][1].dim_value == len(facts["snug.values"]), "snug.values"
    else:
        (numbers,) = set(outputs) - {"label"}
        assert numbers in ("probabilities", "scores"), "outputs"
        if numbers == "probabilities":
            assert outputs[numbers][1].dim_value == len(facts["snug.classes"]), "snug.classes"
    names = [node.name for node in model.graph.node]
    names += [tensor.name for tensor in model.graph.initializer]
    assert len(names) == len(set(names)) and all(names), "names"


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    failed = 0
    for path in paths:
        try:
            check(path)
        except Exception as error:  # of any kind: the checker's, ours
            failed += 1
            print(f"{path.name}: {type(error).__name__}: {error}")
    print(f"{len(paths) - failed} passed, {failed} failed")
    sys.exit(failed > 0 or not paths)


main()
