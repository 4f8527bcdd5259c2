"""Writes pytorch.json: PyTorch's own recurrent layers on fixed weights, in double. Run: python3 make.py (PyTorch 1.13)."""
import json
import torch

STEPS, BATCH, INPUTS, HIDDEN = 4, 3, 3, 5


def case(name, layer, lengths):
    torch.manual_seed(7)
    layer = layer.double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.4)
    x = torch.randn(BATCH, STEPS, INPUTS).double()
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True, total_length=STEPS)
    weights = torch.randn(y.shape).double()
    (y * weights).sum().backward()
    # Fixed numbers are floats, so that twelve digits hold them.
    values = lambda tensor: [round(v, 12) for v in tensor.detach().flatten().tolist()]
    return {
        "name": name,
        "lengths": lengths,
        "x": values(x),
        "y": values(y),
        "weights": values(weights),
        "parameters": {key: values(parameter) for key, parameter in layer.named_parameters()},
        "gradients": {key: values(parameter.grad) for key, parameter in layer.named_parameters()},
    }


LENGTHS = [4, 2, 3]
CASES = [
    case("lstm", torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True), LENGTHS),
    case("gru", torch.nn.GRU(INPUTS, HIDDEN, batch_first=True), LENGTHS),
    case("rnn", torch.nn.RNN(INPUTS, HIDDEN, batch_first=True), LENGTHS),
    case("lstm, bidirectional", torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True, bidirectional=True), LENGTHS),
    case("lstm, two layers", torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True, num_layers=2), LENGTHS),
    case("gru, two layers, bidirectional", torch.nn.GRU(INPUTS, HIDDEN, batch_first=True, num_layers=2, bidirectional=True), LENGTHS),
]
with open("pytorch.json", "w", encoding="ascii") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES) + "\n]\n")
