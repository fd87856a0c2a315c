"""Cuts rendered close-ups into pool files like those that pool.py draws: renders.py RENDERS POOL [SEED]

RENDERS holds one folder a close-up: photo.jpg, hair.png (coverage), follicles.csv.gz (roots), truth.json (camera, length of hair).
A file is one close-up; its number comes from the folder's place among all, so that every tenth is held out whole. May be run again
while more are rendered. The renders do not say which way a hair goes: it goes where coverage continues from its root, as its
neighbours' hairs do.
"""
import csv
import glob
import gzip
import json
import os
import sys

import cv2
import numpy as np

import draw
import pool
import train

RAYS, NEAR_MM = 36, 2.0


def read(folder):
    """Picture (RGB), pixels per mm, roots in view (px), unit of each, too long, coverage 0..1, length of hair in mm."""
    with open(os.path.join(folder, "truth.json")) as f:
        t = json.load(f)
    with gzip.open(os.path.join(folder, "follicles.csv.gz"), "rt") as f:
        rows = [r for r in csv.DictReader(f) if r["visible"] == "1"]
    roots = np.array([[float(r["px"]), float(r["py"])] for r in rows]).reshape(-1, 2)
    img = cv2.imread(os.path.join(folder, "photo.jpg"))[..., ::-1]
    hair = cv2.imread(os.path.join(folder, "hair.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    ppm = t["camera"]["K"][0][0] / t["camera"]["distance_to_target_mm"]
    return np.ascontiguousarray(img), ppm, roots, t["hair"]["length_class"] in ("short", "medium"), hair, t["hair"]["length_mm"]


def directions(roots, hair, ppm, length):
    """Unit vectors from each root along its hair: where coverage goes on, as it does around the neighbours."""
    if not len(roots):
        return np.zeros((0, 2))
    soft = cv2.GaussianBlur(hair, (0, 0), 0.7)
    angle = np.arange(RAYS) * 2 * np.pi / RAYS
    ray = np.stack([np.cos(angle), np.sin(angle)], 1)
    steps = np.linspace(0.1, max(0.35, min(1.5, 0.6 * length)), 8) * ppm
    at = roots[:, None, None] + ray[None, :, None] * steps[None, None, :, None]
    score = cv2.remap(soft, at[..., 0].reshape(len(roots), -1).astype(np.float32), at[..., 1].reshape(len(roots), -1).astype(np.float32), cv2.INTER_LINEAR).reshape(len(roots), RAYS, -1).mean(2)
    near = np.exp(-((roots[:, None] - roots[None]) ** 2).sum(2) / (2 * (NEAR_MM * ppm) ** 2))
    pooled = near @ (score ** 2)
    pooled = sum(np.roll(pooled, k, 1) for k in (-1, 0, 1))
    mean = ray[pooled.argmax(1)]
    own = ray[(score * np.clip(mean @ ray.T, 0, 1)).argmax(1)]
    d = own + mean
    return d / np.maximum(np.hypot(*d.T)[:, None], 1e-6)


def crops(rng, img, ppm, roots, hair, count):
    """Square pieces at a resolution the network knows: as (picture, resolution, roots N x 4, hair per cell)."""
    side, c = pool.SIDE, 4
    for _ in range(count):
        per = np.clip(ppm * rng.uniform(0.8, 1.15), draw.COARSEST, draw.FINEST)
        k = per / ppm
        h, w = round(img.shape[0] * k), round(img.shape[1] * k)
        if h < side or w < side:
            continue
        how = cv2.INTER_AREA if k <= 1 else cv2.INTER_LINEAR
        x, y = rng.integers(0, w - side + 1), rng.integers(0, h - side + 1)
        cut = np.s_[y:y + side, x:x + side]
        r = (roots + [0.5, 0.5, 0, 0]) * [k, k, 1, 1] - [x + 0.5, y + 0.5, 0, 0]
        r = r[(r[:, 0] >= 0) & (r[:, 1] >= 0) & (r[:, 0] < side) & (r[:, 1] < side)]
        there = cv2.resize(hair, (w, h), interpolation=cv2.INTER_AREA)[cut].reshape(side // c, c, side // c, c).max((1, 3)) > 0.3
        yield cv2.resize(img, (w, h), interpolation=how)[cut], per, r, there.astype(np.uint8)


def convert(folder, path, seed):
    img, ppm, roots, long, hair, length = read(folder)
    full = np.concatenate([roots, directions(roots, hair, ppm, length)], 1)
    made = list(crops(np.random.default_rng(seed), img, ppm, full, hair, pool.PER_FILE))
    if not made:
        return False
    np.savez(path + ".part.npz", img=np.stack([m[0] for m in made]), ppm=np.array([m[1] for m in made], np.float32), long=np.full(len(made), long),
             hair=np.stack([m[3] for m in made]), count=np.array([len(m[2]) for m in made]), roots=np.concatenate([m[2] for m in made]).astype(np.float32),
             median=np.tile(train.medians(img), (len(made), 1)))
    os.replace(path + ".part.npz", path)
    return True


def main():
    source, out = sys.argv[1:3]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    os.makedirs(out, exist_ok=True)
    for i, truth in enumerate(sorted(glob.glob(os.path.join(source, "*", "truth.json")))):
        path = os.path.join(out, f"{i:05d}.npz")
        if not os.path.exists(path):
            convert(os.path.dirname(truth), path, [seed, i])


if __name__ == "__main__":
    main()
