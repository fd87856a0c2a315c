"""Turns a finished close-up network back into a checkpoint, to train on from it: unfold.py NET.onnx OUT.pt"""
import sys

import cv2
import numpy as np
import torch

import model

TOLERANCE = 1e-4


def main():
    source, out = sys.argv[1:3]
    cvnet = cv2.dnn.readNetFromONNX(source)
    net = model.RootNet().eval()
    own = dict(net.named_parameters())
    with torch.no_grad():
        for name in cvnet.getLayerNames():
            blobs = cvnet.getLayer(name).blobs
            if not blobs:
                continue
            module = name.replace("onnx_node!/", "").split("/")[-2]  # .../e2.0.0/Conv
            for part, b in zip(("weight", "bias"), blobs):
                p = own[f"{module}.{part}"]
                p.copy_(torch.from_numpy(np.array(b)).reshape(p.shape))
        x = np.random.default_rng(2).normal(0, 0.3, (1, model.PLANES, 160, 160)).astype(np.float32)
        cvnet.setInput(x)
        worst = float(np.abs(net(torch.from_numpy(x)).numpy() - cvnet.forward()).max())
    print(f"largest difference to the network {worst:.1e}")
    if worst > TOLERANCE:
        raise SystemExit(f"differs by more than {TOLERANCE}: not written")
    torch.save({"net": net.state_dict()}, out)


if __name__ == "__main__":
    main()
