"""Writes a checkpoint as ONNX and proves that OpenCV's dnn computes the same as PyTorch."""
import argparse
import os
import sys

import cv2
import numpy as np
import torch

import model

TOLERANCE = 1e-3


def compare(net, path, cases):
    """Largest absolute difference between PyTorch and OpenCV over inputs of several kinds."""
    cvnet = cv2.dnn.readNetFromONNX(path)
    rng, worst = np.random.default_rng(5), 0.0
    for i in range(cases):
        x = rng.random((1, 3, model.SIZE, model.SIZE), np.float32)
        if i % 2:  # smooth pictures reach other activations than noise
            x = np.stack([cv2.GaussianBlur(c, (0, 0), 12) for c in x[0]])[None]
            x = np.clip((x - x.mean()) * 8 + 0.5, 0, 1).astype(np.float32)
        with torch.no_grad():
            want = net(torch.from_numpy(x)).numpy()
        cvnet.setInput(x)
        got = cvnet.forward()
        if got.shape != want.shape:
            raise ValueError(f"OpenCV answers {got.shape}, PyTorch {want.shape}")
        worst = max(worst, float(np.abs(got - want).max()))
    return worst


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("checkpoint")
    ap.add_argument("out")
    a = ap.parse_args()
    state = torch.load(a.checkpoint, map_location="cpu")
    net = model.HeadNet()
    net.load_state_dict(state["net"])
    net.eval()
    part = a.out + ".part"
    torch.onnx.export(net, torch.zeros(1, 3, model.SIZE, model.SIZE), part, opset_version=11, input_names=["photo"], output_names=["maps"], do_constant_folding=True)
    worst = compare(net, part, 6)
    size = os.path.getsize(part)
    print(f"{size / 1e6:.2f} MB, {model.macs(net) / 1e6:.0f} million multiply-adds, largest difference to OpenCV {cv2.__version__}: {worst:.2e}")
    if worst > TOLERANCE:
        os.remove(part)
        sys.exit(f"differs by more than {TOLERANCE}: not written")
    os.replace(part, a.out)


if __name__ == "__main__":
    main()
