"""An epoch of training W3 in PyTorch, for its memory: python3 torch_memory.py SHAPES.json.

The rows stay bytes and each batch is converted, which takes the least memory.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from shapes import peak, read_shapes

torch.set_num_threads(1)
shape = read_shapes(sys.argv[1])["W3"]
x = torch.from_numpy(np.fromfile(sys.argv[2], np.uint8).reshape(shape.rows, -1))
y = torch.from_numpy(np.fromfile(sys.argv[3], np.int32)).long()
layers = []
for inputs, outputs in zip(shape.widths, shape.widths[1:]):
    layers += [nn.Linear(inputs, outputs), nn.SELU()]
net = nn.Sequential(*layers[:-1])
optimizer = torch.optim.Adam(net.parameters(), 1e-3)
for rows in torch.randperm(shape.rows).split(shape.batch):
    optimizer.zero_grad()
    F.cross_entropy(net((x[rows].float() - 127.5) / 73.9), y[rows]).backward()
    optimizer.step()
print(peak())
