"""pandas' side of bench/compare: python3 pandas_peer.py FILE.csv DTYPE prints seconds and rows."""
import sys
import time

import numpy as np
import pandas

from shapes import peak

dtype = {"float32": np.float32, "float64": None}[sys.argv[2]]
began = time.perf_counter()
table = pandas.read_csv(sys.argv[1], engine="c", dtype=dtype)
print(time.perf_counter() - began, len(table), peak())
