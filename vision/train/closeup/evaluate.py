"""Judges a network on folders of pictures with known roots, the way the counter uses it.

    evaluate.py NET.pt|NET.onnx pool POOL            held-out drawn pictures
    evaluate.py NET.pt|NET.onnx renders DIR          rendered close-ups (folders with photo.jpg, truth.json, follicles.csv.gz)
    evaluate.py NET.pt|NET.onnx marked DIR PX_PER_MM frames with hand-marked roots (images/, points.csv)

Prints one line a picture (-v) and medians: error of the count, bias of all together, F1 of the places.
"""
import argparse
import csv
import glob
import gzip
import json
import os

import cv2
import numpy as np

import draw
import model
import train

REACH_MM, LEAST = 0.11, 0.02


def load(path):
    if path.endswith(".onnx"):
        net = cv2.dnn.readNetFromONNX(path)
        def run(x):
            net.setInput(x)
            return net.forward()[0]
        return run
    import torch
    net = model.RootNet()
    net.load_state_dict(torch.load(path, map_location="cpu")["net"])
    net.eval()
    def run(x):
        with torch.no_grad():
            return net(torch.from_numpy(x))[0].numpy()
    return run


def look(run, img, ppm):
    """Expected roots per cell, share of long hair, working resolution; img is RGB."""
    per = min(max(ppm, draw.COARSEST), draw.FINEST)
    k = per / ppm
    h, w = img.shape[:2]
    work = cv2.resize(img, (round(w * k), round(h * k)), interpolation=cv2.INTER_AREA if k <= 1 else cv2.INTER_LINEAR)
    x = train.prepare(train.relative(work), per)
    h, w = x.shape[1:]
    p = np.zeros((1, model.PLANES, -(-h // model.STRIDE) * model.STRIDE, -(-w // model.STRIDE) * model.STRIDE), np.float32)
    p[:, :, :h, :w] = x
    p[:, 3] = x[3, 0, 0]
    cells = np.s_[:, :-(-h // model.CELL), :-(-w // model.CELL)]
    y = run(p)[cells]
    way = heading(y, per)
    if way is not None:
        p[0, 4:, :h, :w] = np.repeat(np.repeat(way, model.CELL, 1), model.CELL, 2)[:, :h, :w]
        y = run(p)[cells]
    return np.logaddexp(0, y[0]), train.share_long(y), per


POOL_MM, WHOLE, SURE = 2.0, 0.3, 0.05


def heading(y, per):
    """Unit vectors (2 x H x W) of the way hair lies, zeros where the cells' answers do not agree; None where nowhere."""
    lam = np.logaddexp(0, y[0])
    v = (lam * y[3:5]).astype(np.float32)
    mean = v.sum((1, 2)) / max(float(lam.sum()), 1e-6)
    s = POOL_MM * per / model.CELL
    blur = lambda a: cv2.GaussianBlur(a, (0, 0), s, borderType=cv2.BORDER_CONSTANT)
    mass = blur(lam.astype(np.float32)) + 1e-6
    out = np.stack([blur(v[0]), blur(v[1])]) / mass + WHOLE * mean[:, None, None]
    n = np.hypot(*out)
    if n.max() < SURE:
        return None
    return np.where(n > SURE, out / np.maximum(n, 1e-6), 0).astype(np.float32)


def place(lam, per):
    """Points in cells, greedily, as package place does."""
    r = max(1, round(REACH_MM * per / model.CELL))
    d = np.arange(-r, r + 1)
    k = np.clip(1 - (d[:, None] ** 2 + d[None] ** 2) / (r + 1) ** 2, 0, 1).astype(np.float32)
    rim = 4 * r
    left = np.pad(lam.astype(np.float32), rim)
    conv = lambda a: cv2.filter2D(a, -1, k, borderType=cv2.BORDER_CONSTANT)
    inner = np.pad(np.ones(lam.shape, np.float32), rim)
    s, out = conv(left) * inner, []
    for _ in range(round(float(lam.sum()))):
        y, x = divmod(int(s.argmax()), s.shape[1])
        if s[y, x] < LEAST:
            break
        win = np.s_[y - r:y + r + 1, x - r:x + r + 1]
        m = left[win] * k
        t = float(m.sum())
        out.append((x + float((m * d[None]).sum()) / t - rim, y + float((m * d[:, None]).sum()) / t - rim))
        left[win] *= 1 - k * min(1, 1 / t)
        near = np.s_[y - 2 * r:y + 2 * r + 1, x - 2 * r:x + 2 * r + 1]
        s[near] = conv(left[y - 3 * r:y + 3 * r + 1, x - 3 * r:x + 3 * r + 1])[r:-r, r:-r] * inner[near]
    return np.array(out).reshape(-1, 2)


def f1(truth, found, reach):
    if not len(truth) and not len(found):
        return 1.0
    if not len(truth) or not len(found):
        return 0.0
    d = np.hypot(*(truth[:, None] - found[None]).transpose(2, 0, 1))
    n, free = 0, np.isfinite(d)
    for i, j in zip(*np.unravel_index(np.argsort(d, axis=None, kind="stable"), d.shape)):
        if d[i, j] > reach:
            break
        if free[i, j]:
            n += 1; free[i, :] = False; free[:, j] = False
    return 2 * n / (len(truth) + len(found))


def judge(run, img, ppm, roots, edge, reach):
    lam, long, per = look(run, img, ppm)
    k = ppm / per
    found = (place(lam, per) + 0.5) * model.CELL * k - 0.5
    h, w = img.shape[:2]
    inside = lambda q: q[(q[:, 0] > edge) & (q[:, 0] < w - edge) & (q[:, 1] > edge) & (q[:, 1] < h - edge)]
    t, f = inside(roots.reshape(-1, 2)), inside(found)
    return len(t), len(f), f1(t, f, reach), long


def pool(folder):
    p = train.Pool(folder)
    for i, (img, ppm, roots, long, _, _) in enumerate(p.held):
        yield str(i), img, ppm, roots[:, :2], long, 0.25 * ppm, 0.2 * ppm


def renders(folder):
    for d in sorted(glob.glob(os.path.join(folder, "*macro*"))):
        with open(os.path.join(d, "truth.json")) as f:
            t = json.load(f)
        ppm = t["camera"]["K"][0][0] / t["camera"]["distance_to_target_mm"]
        rows = [r for r in csv.DictReader(gzip.open(os.path.join(d, "follicles.csv.gz"), "rt")) if r["visible"] in ("1", "True", "true")]
        roots = np.array([[float(r["px"]), float(r["py"])] for r in rows]).reshape(-1, 2)
        yield os.path.basename(d), cv2.imread(os.path.join(d, "photo.jpg"))[..., ::-1], ppm, roots, t["hair"]["length_class"] in ("short", "medium"), 0.5 * ppm, 0.35 * ppm


def marked(folder, ppm):
    by = {}
    with open(os.path.join(folder, "points.csv")) as f:
        for p in csv.DictReader(f):
            if p["class"] != "abnormal":
                by.setdefault(p["image"], []).append([float(p["root_x"]), float(p["root_y"])])
    for n in sorted(os.listdir(os.path.join(folder, "images"))):
        yield n, cv2.imread(os.path.join(folder, "images", n))[..., ::-1], ppm, np.array(by.get(n, [])), False, 0.25 * ppm, 0.2 * ppm


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("net"); ap.add_argument("kind", choices=["pool", "renders", "marked"]); ap.add_argument("folder"); ap.add_argument("ppm", nargs="?", type=float)
    ap.add_argument("-v", action="store_true")
    a = ap.parse_args()
    run = load(a.net)
    items = {"pool": lambda: pool(a.folder), "renders": lambda: renders(a.folder), "marked": lambda: marked(a.folder, a.ppm)}[a.kind]()
    err, score, truth, found, right, n = [], [], 0, 0, 0, 0
    for name, img, ppm, roots, long, edge, reach in items:
        t, f, s, l = judge(run, np.ascontiguousarray(img), ppm, roots, edge, reach)
        right += (l > 0.5) == long; n += 1
        if a.v:
            print(f"{name:40} true {t:4d} found {f:4d} F1 {s:.2f} long {l:.2f}{' (too long)' if long else ''}")
        if not long:
            err.append(abs(t - f) / max(t, 1 if a.kind == "marked" else 10)); score.append(s); truth += t; found += f
    print(f"{n} pictures: count error median {np.median(err):.3f} mean {np.mean(err):.3f}; bias {100 * (found - truth) / max(truth, 1):+.1f} %; F1 median {np.median(score):.3f} mean {np.mean(score):.3f} p10 {np.percentile(score, 10):.3f}; long told right {right / n:.3f}")


if __name__ == "__main__":
    main()
