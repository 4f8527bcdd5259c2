"""Hierarchical Tucker from dense by numpy and LAPACK, as a peer of the bench: a line "calls work" on stdin, the seconds of one call on stdout.

work is "qr|gram SIZE ORDER TOLERANCE": the tensor 1/(i1+...+iORDER), i = 1..SIZE, float64, over the balanced tree.

qr: every leaf's basis from the tensor's own unfolding, nothing projected before: R of the QR of the unfolding's transpose, then the SVD of R (LAPACK
geqrf, called on a copy that it may overwrite: the fastest of what numpy and scipy offer here; and gesdd); then inner nodes of the tensor in the coordinates of the leaves.
gram: eigenvectors of Gram matrices, each leaf projected before the next is looked at; below some 1e-7 it misses its tolerance. Debian: apt-get install python3-numpy python3-scipy; OPENBLAS_CORETYPE=SkylakeX where the processor has AVX-512.
"""
import sys
import time

import numpy as np
import scipy.linalg as la


def reciprocals(size, order):
    total = np.zeros((1,) * order)
    for mode in range(order):
        shape = [1] * order
        shape[mode] = size
        total = total + np.arange(1.0, size + 1).reshape(shape)
    return 1.0 / total


def halves(modes):
    middle = (len(modes) + 1) // 2
    return modes[:middle], modes[middle:]


def rank(values, allowed):
    tail = np.cumsum(values[::-1] ** 2)[::-1]
    return max(1, int(np.count_nonzero(tail > allowed * allowed)))


def basis_qr(matrix, allowed):
    """Leading left singular vectors of a matrix."""
    if matrix.shape[1] > matrix.shape[0]:
        tall = np.array(matrix.T, order="F")
        work = int(la.lapack.dgeqrf_lwork(*tall.shape)[0])
        matrix = np.triu(la.lapack.dgeqrf(tall, lwork=work, overwrite_a=True)[0][: matrix.shape[0]]).T
    u, s, _ = la.svd(matrix, full_matrices=False, check_finite=False)
    return u[:, : rank(s, allowed)]


def basis_gram(matrix, allowed):
    values, vectors = la.eigh(matrix @ matrix.T, check_finite=False)
    values, vectors = np.sqrt(np.maximum(values[::-1], 0)), vectors[:, ::-1]
    return vectors[:, : rank(values, allowed)]


def unfold(tensor, mode):
    return np.moveaxis(tensor, mode, 0).reshape(tensor.shape[mode], -1)


def frames_qr(tensor, tolerance):
    order = tensor.ndim
    allowed = tolerance * la.norm(tensor.ravel()) / np.sqrt(max(1, 2 * order - 3))
    cores = {(mode,): basis_qr(unfold(tensor, mode), allowed) for mode in range(order)}
    for mode in range(order):
        tensor = project(tensor, mode, cores[(mode,)])
    return inner_nodes(tensor, allowed, basis_qr, cores)


def frames_gram(tensor, tolerance):
    order = tensor.ndim
    allowed = tolerance * la.norm(tensor.ravel()) / np.sqrt(max(1, 2 * order - 3))
    cores = {}
    for mode in range(order):
        cores[(mode,)] = basis_gram(unfold(tensor, mode), allowed)
        tensor = project(tensor, mode, cores[(mode,)])
    return inner_nodes(tensor, allowed, basis_gram, cores)


def project(tensor, mode, basis):
    """U^T along a mode, without a transposed copy."""
    shape = tensor.shape
    outer, inner = int(np.prod(shape[:mode])), int(np.prod(shape[mode + 1:]))
    if inner == 1:
        product = tensor.reshape(outer, -1) @ basis
    else:
        product = np.matmul(basis.T, tensor.reshape(outer, shape[mode], inner))
    return product.reshape(shape[:mode] + (basis.shape[1],) + shape[mode + 1:])


def inner_nodes(tensor, allowed, basis, cores):
    """Inner nodes, deepest first, of the tensor in the coordinates of the leaves; active: the nodes that its modes stand for."""
    everything = tuple(range(tensor.ndim))
    active = [(mode,) for mode in everything]
    inner, queue = [], [everything]
    while queue:
        modes = queue.pop(0)
        if len(modes) > 1:
            inner.append(modes)
            queue += halves(modes)
    for modes in reversed(inner[1:]):
        place = active.index(halves(modes)[0])
        shape = tensor.shape
        tensor = tensor.reshape(shape[:place] + (shape[place] * shape[place + 1],) + shape[place + 2:])
        active[place:place + 2] = [modes]
        u = basis(unfold(tensor, place), allowed)
        cores[modes] = u.reshape(shape[place], shape[place + 1], -1)
        tensor = project(tensor, place, u)
    cores[everything] = tensor
    return cores


def dense(cores, order):
    def frame(modes):
        if len(modes) == 1:
            return cores[modes]
        left, right = halves(modes)
        ul, ur = frame(left), frame(right)
        core = cores[modes]
        core = core.reshape(core.shape[0], core.shape[1], -1)
        return np.einsum("ia,jb,abc->ijc", ul, ur, core, optimize=True).reshape(ul.shape[0] * ur.shape[0], -1)

    return frame(tuple(range(order)))


def prepare(words):
    method, size, order, tolerance = words[0], int(words[1]), int(words[2]), float(words[3])
    tensor = reciprocals(size, order)
    run = frames_qr if method == "qr" else frames_gram
    return tensor, lambda: run(tensor, tolerance)


def main():
    # The bench gives one argument, its threads; by hand it is the work.
    if len(sys.argv) > 2:
        tensor, call = prepare(sys.argv[1:])
        call()
        times = []
        for _ in range(5):
            start = time.perf_counter()
            cores = call()
            times.append(time.perf_counter() - start)
        error = la.norm(dense(cores, tensor.ndim).reshape(tensor.shape) - tensor) / la.norm(tensor.ravel())
        print(f"{sorted(times)[2]:.4f} s, relative error {error:.2e}, leaf ranks {[cores[(m,)].shape[1] for m in range(tensor.ndim)]}")
        return
    print(np.__version__, flush=True)
    work, call = None, None
    for line in sys.stdin:
        calls, *words = line.split()
        if words != work:
            work, (_, call) = words, prepare(words)
        start = time.perf_counter()
        for _ in range(int(calls)):
            call()
        print((time.perf_counter() - start) / int(calls), flush=True)


main()
