"""How well density and coverage tell how full the hair is, alone and together.

    fullness.py NET RENDERS...        folders of renders, each with photo.jpg, classes.png and density.png; close-ups are left out

Fullness is density over the photo's own full density, its 85th percentile held between 120 and 200 hairs/cm²; of coverage the same
with at least 0.15. The error is the mean over photos of the mean difference from the truth on the scalp.
"""
import argparse
import os

import cv2
import numpy as np

import evaluate

WEIGHTS = (0, 0.5, 2 / 3, 0.75, 1)


def share(v, low, high=np.inf):
    return np.minimum(1.2, v / np.clip(np.percentile(v, 85), low, high))


def errors(net, folder):
    """The error with each weight of density, or None where too little scalp is seen."""
    rgb = cv2.imread(os.path.join(folder, "photo.jpg"))[..., ::-1].copy()
    scalp = cv2.imread(os.path.join(folder, "classes.png"), -1) == 3
    if scalp.sum() < 300 or rgb.shape[:2] != scalp.shape:
        return None
    seen = net(rgb)
    truth = cv2.imread(os.path.join(folder, "density.png"), -1)[scalp] / 100.0
    truth = np.clip(truth / np.clip(np.percentile(truth, 85), 120, 200), 0, 1)
    density, cover = share(seen["density"][scalp], 120, 200), share(seen["hair"][scalp], 0.15)
    return [np.abs(np.clip(w * density + (1 - w) * cover, 0, 1) - truth).mean() for w in WEIGHTS]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("net")
    ap.add_argument("renders", nargs="+")
    a = ap.parse_args()
    net = evaluate.Net(a.net)
    folders = [d for d in a.renders if "macro" not in d and all(os.path.exists(os.path.join(d, f)) for f in ("photo.jpg", "classes.png", "density.png"))]
    found = [e for e in (errors(net, d) for d in folders) if e]
    for w, mean in zip(WEIGHTS, np.mean(found, axis=0)):
        print(f"density weighs {w:.2f}: mean error {mean:.3f} over {len(found)} photos")


if __name__ == "__main__":
    main()
