"""Snug from Python, by the bridge that the build makes of bridge.c; and what the comparisons
share."""
import ctypes as c
import json
import os
import subprocess
import unittest

import numpy as np

BUILD = os.environ["SNUG_BUILD"]
TOOL = os.path.join(BUILD, "snug")
bridge = c.CDLL(os.path.join(BUILD, "peers", "bridge.so"))

_floats = c.POINTER(c.c_float)
_classes = c.POINTER(c.c_int32)
_Progress = c.CFUNCTYPE(None, c.c_size_t, c.c_bool)


class _Rows(c.Structure):
    """peer_rows of bridge.c."""

    _fields_ = [
        ("rows", c.c_size_t),
        ("columns", c.c_size_t),
        ("outputs", c.c_size_t),
        ("x", _floats),
        ("classes", _classes),
        ("values", _floats),
        ("weights", _floats),
    ]


def _declare(name, result, *arguments):
    function = getattr(bridge, name)
    function.restype = result
    function.argtypes = arguments
    return function


_error = _declare("snug_error", c.c_char_p)
_model = _declare("peer_model", c.c_void_p, c.c_char_p, c.c_uint64)
_model_free = _declare("snug_model_free", None, c.c_void_p)
_outputs = _declare("snug_model_output_count", c.c_size_t, c.c_void_p)
_tensor = _declare(
    "peer_tensor",
    c.c_bool,
    c.c_void_p,
    c.c_size_t,
    c.POINTER(c.c_char_p),
    c.POINTER(c.c_size_t),
    c.POINTER(c.c_size_t),
    c.POINTER(_floats),
    c.POINTER(c.c_size_t),
    c.POINTER(c.c_bool),
)
_pass = _declare(
    "peer_pass",
    c.c_bool,
    c.c_void_p,
    c.c_char_p,
    c.c_size_t,
    _floats,
    _classes,
    _floats,
    _floats,
    c.POINTER(c.c_double),
    _floats,
    _floats,
    c.c_size_t,
)
_dataset = _declare("peer_dataset", c.c_void_p, c.POINTER(_Rows))
_dataset_free = _declare("snug_dataset_free", None, c.c_void_p)
_fit = _declare(
    "peer_fit",
    c.c_bool,
    c.c_void_p,
    c.c_void_p,
    c.c_void_p,
    c.c_char_p,
    c.c_char_p,
    c.c_char_p,
    c.c_size_t,
    c.c_size_t,
    c.c_size_t,
    c.c_size_t,
    _Progress,
)
_metrics = _declare(
    "peer_metrics",
    c.c_bool,
    c.c_void_p,
    c.c_char_p,
    c.c_void_p,
    c.POINTER(c.c_char_p),
    c.c_size_t,
    c.POINTER(c.c_double),
)
_predict = _declare("peer_predict", c.c_bool, c.c_void_p, c.c_char_p, _floats, c.c_size_t, _floats)
_apply = _declare(
    "snug_activation_apply", c.c_int, c.c_char_p, c.c_size_t, _floats, _floats, _floats
)


class SnugError(Exception):
    """A call failed; the text is snug_error()."""


def _check(done):
    if not done:
        raise SnugError(_error().decode())


def _pointer(array, kind):
    return None if array is None else array.ctypes.data_as(kind)


def floats(array):
    """A contiguous float32 copy, or None for None."""
    return None if array is None else np.array(array, dtype=np.float32, order="C")


def _indices(array):
    return None if array is None else np.array(array, dtype=np.int32, order="C")


def spec(value):
    """A kind as Snug's functions take it: a name, or an object as JSON; None stays None."""
    if value is None:
        return None
    return (value if isinstance(value, str) else json.dumps(value)).encode()


class Tensor:
    """A tensor of a model: .values is a view of the model's memory, in the layout of memory."""

    def __init__(self, owner, index):
        name, values, state = c.c_char_p(), _floats(), c.c_bool()
        rows, columns, offset = c.c_size_t(), c.c_size_t(), c.c_size_t()
        _check(
            _tensor(
                owner,
                index,
                c.byref(name),
                c.byref(rows),
                c.byref(columns),
                c.byref(values),
                c.byref(offset),
                c.byref(state),
            )
        )
        self.name, self.state, self.offset = name.value.decode(), state.value, offset.value
        shape = (rows.value, columns.value)
        self.values = np.ctypeslib.as_array(values, shape=shape)


class Model:
    """A model of layers in JSON; `tensors` by name."""

    def __init__(self, inputs, layers, seed=1):
        config = json.dumps({"model": {"inputs": inputs, "layers": layers}})
        self.handle = _model(config.encode(), seed)
        _check(self.handle)
        self.outputs = _outputs(self.handle)
        self.tensors = {}
        while True:
            try:
                tensor = Tensor(self.handle, len(self.tensors))
            except SnugError:
                break
            self.tensors[tensor.name] = tensor

    def __del__(self):
        if getattr(self, "handle", None):
            _model_free(self.handle)

    def training_pass(self, loss, x, classes=None, values=None, weights=None):
        """(mean loss, outputs, {name: gradient}) of one batch."""
        x, classes, values, weights = floats(x), _indices(classes), floats(values), floats(weights)
        trained = [t for t in self.tensors.values() if not t.state]
        size = max([t.offset + t.values.size for t in trained], default=0)
        outputs = np.zeros((len(x), self.outputs), np.float32)
        gradients, mean = np.zeros(size, np.float32), c.c_double()
        _check(
            _pass(
                self.handle,
                spec(loss),
                len(x),
                _pointer(x, _floats),
                _pointer(classes, _classes),
                _pointer(values, _floats),
                _pointer(weights, _floats),
                c.byref(mean),
                _pointer(outputs, _floats),
                _pointer(gradients, _floats),
                size,
            )
        )
        parts = {
            t.name: gradients[t.offset : t.offset + t.values.size].reshape(t.values.shape)
            for t in trained
        }
        return mean.value, outputs, parts

    def fit(
        self,
        data,
        loss=None,
        optimizer=None,
        schedule=None,
        epochs=1,
        batch_size=32,
        accumulate=1,
        threads=1,
        validation=None,
        progress=None,
    ):
        """snug_fit(); progress(epoch, epoch_end) follows each batch and each epoch."""
        callback = _Progress(progress if progress is not None else lambda epoch, end: None)
        _check(
            _fit(
                self.handle,
                data.handle,
                validation.handle if validation else None,
                spec(loss),
                spec(optimizer),
                spec(schedule),
                epochs,
                batch_size,
                accumulate,
                threads,
                callback,
            )
        )

    def predict(self, loss, x):
        """The predictions by the output function of a loss, one row a row of x."""
        x = floats(x)
        out = np.zeros((len(x), self.outputs), np.float32)
        _check(
            _predict(self.handle, spec(loss), _pointer(x, _floats), len(x), _pointer(out, _floats))
        )
        return out

    def metrics(self, loss, data, names):
        """{name: value}"""
        array = (c.c_char_p * len(names))(*[n.encode() for n in names])
        values = (c.c_double * len(names))()
        _check(_metrics(self.handle, spec(loss), data.handle, array, len(names), values))
        return dict(zip(names, values))


class Data:
    """A dataset in memory."""

    def __init__(self, x, classes=None, values=None, weights=None):
        self.kept = floats(x), _indices(classes), floats(values), floats(weights)
        x, classes, values, weights = self.kept
        rows = _Rows(
            len(x),
            x.shape[1],
            0 if values is None else values.shape[1],
            _pointer(x, _floats),
            _pointer(classes, _classes),
            _pointer(values, _floats),
            _pointer(weights, _floats),
        )
        self.handle = _dataset(c.byref(rows))
        _check(self.handle)

    def __del__(self):
        if getattr(self, "handle", None):
            _dataset_free(self.handle)


def activation(kind, x):
    """(f(x), f'(x)) of a one-dimensional array."""
    x = floats(x)
    y, slope = np.zeros_like(x), np.zeros_like(x)
    _check(
        _apply(
            spec(kind), x.size, _pointer(x, _floats), _pointer(y, _floats), _pointer(slope, _floats)
        )
        == 0
    )
    return y, slope


def describe():
    """What `snug describe --json` prints: the kinds of each group with their fields."""
    text = subprocess.run([TOOL, "describe", "--json"], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(text)


def names(group):
    """The names of a group's kinds, except parts of the metrics that are no numbers."""
    return [kind["name"] for kind in describe()[group]]


class Comparison(unittest.TestCase):
    """A test case that compares arrays, relative to the largest wanted value."""

    def close(self, got, wanted, tolerance, what):
        got, wanted = np.asarray(got, np.float64), np.asarray(wanted, np.float64)
        self.assertEqual(got.shape, wanted.shape, what)
        same = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
        finite = np.abs(wanted[np.isfinite(wanted)])
        scale = max(1e-30, finite.max(initial=0.0))
        error = np.where(same, 0.0, np.abs(got - wanted)) / scale
        worst = float(error.max(initial=0.0))
        if not worst <= tolerance:
            at = np.unravel_index(np.argmax(np.nan_to_num(error, nan=np.inf)), error.shape)
            self.fail(
                f"{what}: differs by {worst:.3g} of the largest value, {scale:.6g}; at "
                f"{tuple(int(i) for i in at)} got {got[at]!r}, wanted {wanted[at]!r}"
            )
