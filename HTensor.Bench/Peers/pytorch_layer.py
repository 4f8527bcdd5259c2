"""The contraction of a plan in PyTorch, in the same order: forward, and forward with the gradients of the cores.

    htensor plan --preset ht-lstm-ucf11 --json | python3 pytorch_layer.py [threads]

Prints one line of JSON with the medians in milliseconds. Debian: apt-get install python3-torch.
"""
import json
import re
import statistics
import sys
import time

import torch


def modes_of(text):
    """'a[x,y], b[z]' -> [('a', ['x', 'y']), ('b', ['z'])]; commas inside a name such as r0,1 belong to it."""
    name, labels = re.match(r"\s*([^\[]*)\[(.*)\]\s*$", text).groups()
    parts, current = [], ""
    for piece in labels.split(","):
        if current and not re.match(r"[a-z]", piece):
            current += "," + piece
        else:
            parts += [current] if current else []
            current = piece
    return name, parts + [current]


def main():
    plan = json.loads(sys.stdin.readlines()[-1])
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    sizes = {"s": plan["batch"]}
    sizes.update({f"n{k}": n for k, n in enumerate(plan["inputModes"])})
    sizes.update({f"m{k}": m for k, m in enumerate(plan["outputModes"])})
    sizes.update(plan["bonds"])
    steps = []
    for number, step in enumerate(plan["steps"]):
        product, result = step["product"].split("->")
        left, right = (modes_of(side) for side in product.split("*"))
        steps.append((left, right, modes_of(result)[1], f"t{number}"))
    letters = {}
    for left, right, result, _ in steps:
        for label in left[1] + right[1] + result:
            letters.setdefault(label, chr(ord("a") + len(letters)) if len(letters) < 26 else chr(ord("A") + len(letters) - 26))
    text = lambda labels: "".join(letters[label] for label in labels)
    operands = {}
    for left, right, _, _ in steps:
        for name, labels in (left, right):
            if not re.fullmatch(r"t\d+", name) and name not in operands:
                shape = [sizes[label] for label in labels]
                operands[name] = torch.randn(shape).mul_(0.1).requires_grad_(name != "x")

    def forward():
        values = dict(operands)
        for left, right, result, name in steps:
            values[name] = torch.einsum(f"{text(left[1])},{text(right[1])}->{text(result)}", values[left[0]], values[right[0]])
        return values[steps[-1][3]]

    def run_forward():
        with torch.no_grad():
            forward()

    gradient = torch.randn_like(forward())

    def run_both():
        forward().backward(gradient)

    def median(action, repetitions=15):
        action()
        times = []
        for _ in range(repetitions):
            start = time.perf_counter()
            action()
            times.append(time.perf_counter() - start)
        return 1e3 * statistics.median(times)

    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "preset": plan["preset"],
                      "forwardMilliseconds": median(run_forward), "trainingMilliseconds": median(run_both)}))


if __name__ == "__main__":
    main()
