"""The safetensors format, read and written by its specification alone
(https://huggingface.co/docs/safetensors): 8 bytes of little-endian length, that many bytes of a
JSON header, then the tensors' bytes. It shares nothing with Snug's own reader."""
import json
import struct

import torch

TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
}
NAMES = {dtype: name for name, dtype in TYPES.items()}


def read(path):
    """({name: tensor} in the order of the header, metadata); raises ValueError."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    text, data = content[8 : 8 + length], content[8 + length :]
    if len(text) != length or text[:1] != b"{":
        raise ValueError("no header")
    header = json.loads(text.decode("utf-8"))
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata that are no strings")
    tensors, ends = {}, []
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
        ends.append((begin, end))
    at = 0
    for begin, end in sorted(ends):
        if begin != at:
            raise ValueError("ranges that overlap or leave a hole")
        at = end
    if at != len(data):
        raise ValueError("bytes behind the last tensor")
    return tensors, metadata


def write(path, tensors, metadata=None):
    """Writes {name: tensor}, such as a state dict."""
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        # bfloat16 is no type of numpy: its bytes are taken as whole numbers.
        flat = tensor.detach().contiguous().reshape(-1)
        whole = flat.view(torch.int16) if tensor.dtype == torch.bfloat16 else flat
        content = whole.numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
