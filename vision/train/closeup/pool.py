"""Draws pictures into a folder of numbered .npz files that training reads while they are made: pool.py DIR FIRST COUNT [STEP]."""
import os
import sys

import cv2
import numpy as np

import draw

PER_FILE = 25
SIDE = 160


def main():
    out, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    step = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    cv2.setNumThreads(1)
    os.makedirs(out, exist_ok=True)
    for n in range(first, first + count * step, step):
        path = os.path.join(out, f"{n:05d}.npz")
        if os.path.exists(path):
            continue
        made = [draw.picture(np.random.default_rng([n, i, 4711]), SIDE) for i in range(PER_FILE)]
        np.savez(path + ".part.npz", img=np.stack([m[0] for m in made]), ppm=np.array([m[1] for m in made], np.float32),
                 long=np.array([m[3] for m in made]), hair=np.stack([m[4] for m in made]), count=np.array([len(m[2]) for m in made]), roots=np.concatenate([m[2] for m in made]).astype(np.float32))
        os.replace(path + ".part.npz", path)


if __name__ == "__main__":
    main()
