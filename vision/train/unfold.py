"""Turns a finished network back into a checkpoint, to train on from it.

    unfold.py NET.onnx OUT.pt RENDERS [--positions DIR]

The ONNX has its batch norms folded into the convolutions. They are put back so that the network answers the same: each gets the mean
and spread that its convolution shows on randomised views of RENDERS, and the scale and shift that undo them.
"""
import argparse

import cv2
import numpy as np
import torch
from torch import nn

import data
import model

TOLERANCE = 1e-3


def blobs(path):
    """Weights of the layers by the name of their module."""
    net = cv2.dnn.readNetFromONNX(path)
    out = {}
    for name in net.getLayerNames():
        parts = name.replace("onnx_node!/", "").split("/")
        b = net.getLayer(name).blobs
        if b:
            out[module_name(parts[:-1])] = b
    return out


def module_name(parts):
    """`s1/s1.0/s1.0.0` and `u4/mix/a/a.0` name the modules s1.0.0 and u4.mix.a.0."""
    path = []
    for p in parts:
        if path and p.startswith(path[-1] + "."):
            path[-1] = p
        else:
            path.append(p)
    return ".".join(path)


def load(net, weights):
    """Weights into the network; each folded norm becomes one that only adds the bias."""
    modules = dict(net.named_modules())
    t = lambda b: torch.from_numpy(np.array(b)).reshape(-1)
    folded = []
    with torch.no_grad():
        for name, b in weights.items():
            m = modules[name]
            if isinstance(m, nn.BatchNorm2d):
                # OpenCV keeps mean, variance (its own epsilon), scale, shift
                m.running_mean.copy_(t(b[0]))
                m.running_var.copy_(t(b[1]))
                m.weight.copy_(t(b[2]))
                m.bias.copy_(t(b[3]))
                continue
            m.weight.copy_(torch.from_numpy(b[0].copy()))
            if m.bias is not None:
                m.bias.copy_(t(b[1]))
            elif len(b) > 1:
                n = modules[name[: name.rindex(".")] + "." + str(int(name[name.rindex(".") + 1 :]) + 1)]
                n.running_mean.zero_()
                n.running_var.fill_(1 - n.eps)
                n.weight.fill_(1)
                n.bias.copy_(t(b[1]))
                folded.append(n)
    return folded


def spread(net, folded, views):
    """Gives each norm the statistics of what it is shown, without changing what it answers."""
    sums = {n: [0.0, 0.0, 0] for n in folded}

    def see(n, x, _):
        s = sums[n]
        s[0] = s[0] + x[0].double().sum((0, 2, 3))
        s[1] = s[1] + x[0].double().square().sum((0, 2, 3))
        s[2] += x[0].numel() // x[0].shape[1]

    hooks = [n.register_forward_hook(see) for n in folded]
    with torch.no_grad():
        for x in views:
            net(torch.from_numpy(x[None]))
        for h in hooks:
            h.remove()
        for n, (a, b, count) in sums.items():
            mean = (a / count).float()
            var = (b / count - (a / count) ** 2).float().clamp(min=1e-4)
            n.running_mean.copy_(mean)
            n.running_var.copy_(var)
            n.weight.copy_(torch.sqrt(var + n.eps))
            n.bias.add_(mean)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("net")
    ap.add_argument("out")
    ap.add_argument("renders")
    ap.add_argument("--positions")
    ap.add_argument("--views", type=int, default=64)
    a = ap.parse_args()
    net = model.HeadNet().eval()
    folded = load(net, blobs(a.net))
    rng = np.random.default_rng(3)
    renders = list(data.load(a.renders, a.positions).values())
    views = [data.sample(renders[i % len(renders)], rng)[0] for i in range(a.views)]
    spread(net, folded, views)
    cvnet = cv2.dnn.readNetFromONNX(a.net)
    cvnet.setInput(views[0][None])
    with torch.no_grad():
        worst = float(np.abs(net(torch.from_numpy(views[0][None])).numpy() - cvnet.forward()).max())
    print(f"{len(folded)} norms put back, largest difference to the network {worst:.1e}")
    if worst > TOLERANCE:
        raise SystemExit(f"differs by more than {TOLERANCE}: not written")
    torch.save({"net": net.state_dict()}, a.out)


if __name__ == "__main__":
    main()
