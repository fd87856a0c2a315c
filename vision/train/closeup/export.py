"""Writes a checkpoint as ONNX and proves that OpenCV's dnn computes the same as PyTorch: export.py IN.pt OUT.onnx"""
import os
import sys

import cv2
import numpy as np
import torch

import model

TOLERANCE = 1e-3


def compare(net, path):
    """Largest difference between PyTorch and OpenCV over noise and smooth pictures of several sizes."""
    rng, worst, cvnet = np.random.default_rng(5), 0.0, cv2.dnn.readNetFromONNX(path)
    for i, (h, w) in enumerate([(128, 128), (96, 176), (256, 160), (128, 128), (496, 656)]):
        x = rng.random((1, model.PLANES, h, w), np.float32) * 2 - 1
        if i % 2:
            x = np.stack([cv2.GaussianBlur(c, (0, 0), 6) * 6 for c in x[0]])[None].astype(np.float32)
        with torch.no_grad():
            want = net(torch.from_numpy(x)).numpy()
        cvnet.setInput(x)
        got = cvnet.forward()
        if got.shape != want.shape:
            raise ValueError(f"OpenCV answers {got.shape}, PyTorch {want.shape}")
        worst = max(worst, float(np.abs(got - want).max()))
    return worst


def main():
    source, out = sys.argv[1:]
    net = model.RootNet()
    net.load_state_dict(torch.load(source, map_location="cpu")["net"])
    net.eval()
    part = out + ".part"
    torch.onnx.export(net, torch.zeros(1, model.PLANES, 128, 128), part, opset_version=11, input_names=["picture"], output_names=["cells"],
                      dynamic_axes={"picture": {2: "h", 3: "w"}, "cells": {2: "h", 3: "w"}}, do_constant_folding=True)
    worst = compare(net, part)
    print(f"{os.path.getsize(part) / 1e6:.2f} MB, {model.macs_per_pixel():.0f} multiply-adds a pixel, largest difference to OpenCV {cv2.__version__}: {worst:.2e}")
    if worst > TOLERANCE:
        os.remove(part)
        sys.exit(f"differs by more than {TOLERANCE}: not written")
    os.replace(part, out)


if __name__ == "__main__":
    main()
