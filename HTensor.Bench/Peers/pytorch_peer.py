"""PyTorch as a peer of the bench: a line "calls work" on stdin, the seconds of one call on stdout.

work is "sgemm M K N", "dgemm M K N", or "exp|log|tanh|sigmoid COUNT". Debian: apt-get install python3-torch.
"""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
print(torch.__version__, flush=True)


def prepare(words):
    name, sizes = words[0], [int(word) for word in words[1:]]
    if name in ("sgemm", "dgemm"):
        m, k, n = sizes
        kind = torch.float32 if name == "sgemm" else torch.float64
        a, b, c = torch.rand(m, k, dtype=kind), torch.rand(k, n, dtype=kind), torch.empty(m, n, dtype=kind)
        return lambda: torch.mm(a, b, out=c)
    x = torch.randn(sizes[0]) * 3
    x = x.abs() + 1e-3 if name == "log" else x
    y, function = torch.empty_like(x), getattr(torch, name)
    return lambda: function(x, out=y)


work, call = None, None
for line in sys.stdin:
    calls, *words = line.split()
    if words != work:
        work, call = words, prepare(words)
    start = time.perf_counter()
    with torch.no_grad():
        for _ in range(int(calls)):
            call()
    print((time.perf_counter() - start) / int(calls), flush=True)
