"""Writes tests/references/numpy.safetensors with the format's own library: pip install safetensors numpy."""
from pathlib import Path

import numpy
from safetensors.numpy import save_file

tensors = {
    "layers.0.w": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 8,
    "layers.0.b": numpy.array([-1.5, 0.0, numpy.inf], dtype=numpy.float32),
    "count": numpy.array(7, dtype=numpy.int32),
    "ids": numpy.array([0, 4294967295], dtype=numpy.uint32),
    "mask": numpy.array([True, False, True]),
}
target = Path(__file__).parents[2] / "tests/references/numpy.safetensors"
save_file(tensors, target, metadata={"made by": "numpy"})
