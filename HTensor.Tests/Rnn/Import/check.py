"""Loads what RecurrentExport wrote into PyTorch's layers and compares their outputs with ours. Run: python3 check.py FOLDER (numpy, PyTorch)."""
import json
import struct
import sys
import zipfile

import numpy
import torch


def safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {k: numpy.frombuffer(data[v["data_offsets"][0]:v["data_offsets"][1]], "<f4").reshape(v["shape"]).copy() for k, v in header.items()}


worst = 0.0
for name, layer in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU), ("rnn", torch.nn.RNN)):
    tensors = safetensors(f"{sys.argv[1]}/{name}.safetensors")
    arrays = numpy.load(f"{sys.argv[1]}/{name}.npz")
    x, y = numpy.load(f"{sys.argv[1]}/{name}-x.npy"), numpy.load(f"{sys.argv[1]}/{name}-y.npy")
    hidden = tensors["weight_hh_l0"].shape[1]
    module = layer(x.shape[2], hidden, num_layers=2, bidirectional=True, batch_first=True)
    module.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()})
    with torch.no_grad():
        found = module(torch.from_numpy(x))[0].numpy()
    worst = max(worst, float(numpy.abs(found - y).max()))
    kernel = arrays["rnn_1.forward_rnn.kernel"]
    assert kernel.shape == tensors["weight_ih_l0"].T.shape and (numpy.sort(kernel, axis=None) == numpy.sort(tensors["weight_ih_l0"], axis=None)).all()
print(f"off by {worst:.1e}")
assert worst < 1e-5
