"""Measures a network (ONNX, through OpenCV's dnn) on renders and on hand-labelled photos. Measures only: nothing is fitted here.

    evaluate.py NET renders DIR [--positions DIR] [--held-out]     truth of every kind, by view, tone, hair and pattern
    evaluate.py NET photos DIR                                     DIR/photos, DIR/labels, DIR/masks, drawn by hand

Definitions: head is classes 2-5 or coverage above one half; hair is coverage above one tenth; on hand-drawn photos the head ends
at jaw, ear lobe and nape, so there the skin of the neck is cut off by the predicted head coordinates as net/README.md says.
"""
import argparse
import json
import os
import time

import cv2
import numpy as np

import data
from model import DENSITY, GROWN, HAIR, POS, SIZE

PALETTE = np.array([[40, 40, 40], [120, 60, 0], [60, 180, 220], [60, 200, 60], [200, 60, 200], [40, 40, 220]], np.uint8)


class Net:
    """Photo in, maps of the photo's size out; the same steps as in net/README.md: the look that counts is the mean with that at the mirror image."""

    def __init__(self, path, mirror=True, twice=True):
        self.net, self.mirror, self.twice, self.seconds = cv2.dnn.readNetFromONNX(path), mirror, twice, []

    def raw(self, rgb):
        x, frame = data.letterbox(rgb)
        t = time.time()
        self.net.setInput(np.ascontiguousarray(x.transpose(2, 0, 1)[None]))
        out = self.net.forward()[0]
        self.seconds.append(time.time() - t)
        return out, frame

    def look(self, rgb, mirror=False):
        out, (x0, y0, w, h) = self.raw(rgb)
        if mirror:
            other = self.raw(rgb[:, ::-1].copy())[0][:, :, ::-1].copy()
            other[POS.start] *= -1
            out = (out + other) / 2
        full = cv2.resize(out.transpose(1, 2, 0), (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)[y0 : y0 + h, x0 : x0 + w]
        return cv2.resize(full, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)

    def __call__(self, rgb):
        full = self.look(rgb)
        box = head_box(full) if self.twice else None
        if not box and self.mirror:
            full = self.look(rgb, True)
        if box:
            x0, y0, x1, y1 = box
            near = self.look(rgb[y0:y1, x0:x1], self.mirror)
            full[..., 2:6], full[..., HAIR], full[..., GROWN] = -50, -50, -50  # beyond the box there is no head
            full[y0:y1, x0:x1] = near
        return {"classes": full[..., :6].argmax(2), "hair": coverage(full), "density": np.expm1(np.clip(full[..., DENSITY], 0, 7)), "pos": full[..., POS] * 100}


def coverage(full):
    """Coverage where anything grows; fades in as in net.go."""
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    rise = lambda v, a, b: (lambda t: t * t * (3 - 2 * t))(np.clip((v - a) / (b - a), 0, 1))
    return sigmoid(full[..., HAIR]) * rise(sigmoid(full[..., GROWN]), 0.5, 0.7)


LOOK_AGAIN, MARGIN = 0.72, 0.14  # as in net.go


def head_box(full):
    """Where a head that fills less than LOOK_AGAIN of the long side is looked at again, or None."""
    c = full[..., :6].argmax(2)
    m = np.isin(c, (3, 4)) | (np.isin(c, (2, 5)) & ~neck(full[..., POS] * 100))
    if m.mean() < 0.0025:
        return None
    span = lambda c: np.searchsorted(np.cumsum(c), [0.01 * c.sum(), 0.99 * c.sum()])
    (x0, x1), (y0, y1) = span(m.sum(0)), span(m.sum(1))
    side = max(x1 - x0, y1 - y0)
    if side > LOOK_AGAIN * max(m.shape):
        return None
    p = int(MARGIN * side)
    return max(0, x0 - p), max(0, y0 - p), min(m.shape[1], x1 + p), min(m.shape[0], y1 + p)


def iou(a, b, keep):
    a, b = a & keep, b & keep
    u = (a | b).sum()
    return float((a & b).sum() / u) if u else 1.0


def neck(pos):
    """True below the jaw and, behind the ear, below its lobe; in the head frame (mm), as headframe.BelowJaw says."""
    return pos[..., 1] < np.interp(pos[..., 2], [0, 20, 85], [-30, -65, -92])


def score_render(net, r):
    m = net(r.rgb)
    keep, scalp = r.classes != 6, r.classes == 3
    row = {"name": r.name, "view": r.view, "state": r.state, **r.truth}
    row["head_iou"] = iou(np.isin(m["classes"], (2, 3, 4, 5)) | (m["hair"] > 0.5), np.isin(r.classes, (2, 3, 4, 5)) | (r.hair > 127), keep)
    row["scalp_iou"] = iou(m["classes"] == 3, scalp, keep)
    row["class_accuracy"] = float((m["classes"] == r.classes)[keep].mean())
    if scalp.sum() > 50:
        row["coverage_mae"] = float(np.abs(m["hair"] - r.hair / 255.0)[scalp].mean())
        d = np.expm1(r.density)
        row["density_error"] = float(np.abs(cv2.blur(m["density"], (15, 15)) - cv2.blur(d, (15, 15)))[cv2.erode(scalp.astype(np.uint8), np.ones((15, 15))) > 0].mean()) if scalp.sum() > 3000 else None
        known = scalp & np.isfinite(r.pos[..., 0])
        if known.sum() > 50:
            row["pos_mm"] = float(np.median(np.linalg.norm(m["pos"] - r.pos, axis=2)[known]))
    return row, overlay(r.rgb, m)


def score_photo(net, folder, name):
    with open(os.path.join(folder, "labels", name + ".json")) as f:
        label = json.load(f)
    if label.get("unusable"):
        return None, None
    rgb = cv2.imread(os.path.join(folder, "photos", name))[..., ::-1].copy()
    mask = lambda k: cv2.imread(os.path.join(folder, "masks", f"{name}-{k}.png"), cv2.IMREAD_GRAYSCALE)
    head, hair, bald, ignore = (mask(k) for k in ("head", "hair", "bald", "ignore"))
    keep = np.ones(head.shape, bool) if ignore is None else ignore == 0
    m = net(rgb)
    row = {"name": name, "view": label["view"]}
    want = (head > 0) | (hair > 0)
    found = np.isin(m["classes"], (2, 3, 4, 5))
    row["head_iou_with_neck"] = iou(found | (m["hair"] > 0.5), want, keep)
    row["head_iou"] = iou((found & ~(neck(m["pos"]) & np.isin(m["classes"], (2, 5)))) | (m["hair"] > 0.5), want, keep)
    row["hair_iou"] = iou(m["hair"] > 0.1, hair > 0, keep)
    dense = (hair > 200) & keep
    if dense.sum() > 400:
        row["dense_recall"] = float((m["hair"][dense] > 0.5).mean())
    if bald is not None:
        b = (bald > 0) & (hair == 0) & keep
        if b.sum() > 400:
            row["bald_false_hair"] = float((m["hair"][b] > 0.1).mean())
    return row, overlay(rgb, m, hair)


def overlay(rgb, m, truth=None, size=230):
    """Photo | classes | coverage (with the outline of hand-drawn hair) | head coordinates."""
    small = lambda i: cv2.resize(i, (size, size), interpolation=cv2.INTER_AREA)
    img = small(rgb[..., ::-1])
    cls = cv2.resize(PALETTE[m["classes"]], (size, size), interpolation=cv2.INTER_NEAREST)
    hair = small(np.repeat((m["hair"] * 255).astype(np.uint8)[..., None], 3, 2))
    if truth is not None:
        lines, _ = cv2.findContours((cv2.resize(truth, (size, size), interpolation=cv2.INTER_NEAREST) > 0).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(hair, lines, -1, (0, 0, 255), 1)
    on = np.isin(m["classes"], (2, 3, 4, 5))[..., None]
    pos = small(np.where(on, np.clip(128 + m["pos"] * 0.9, 0, 255), 0).astype(np.uint8))
    return np.hstack([img, cv2.addWeighted(img, 0.45, cls, 0.55, 0), hair, pos])


def table(rows, by=None):
    """Means, worst tenth, and means by a property."""
    keys = [k for k in rows[0] if isinstance(rows[0][k], float)] if rows else []
    keys = list(dict.fromkeys(k for r in rows for k, v in r.items() if isinstance(v, float)))
    for k in keys:
        v = np.array([r[k] for r in rows if r.get(k) is not None])
        print(f"{k:20} n {len(v):4d}  median {np.median(v):8.3f}  mean {v.mean():8.3f}  p10 {np.percentile(v, 10):8.3f}  p90 {np.percentile(v, 90):8.3f}")
    for prop in by or ():
        print(f"by {prop}: " + ", ".join(keys))
        for value in sorted({r[prop] for r in rows}):
            sub = [r for r in rows if r[prop] == value]
            means = [np.mean([r[k] for r in sub if r.get(k) is not None] or [np.nan]) for k in keys]
            print(f"  {value:14} n {len(sub):3d}  " + "  ".join(f"{q:7.3f}" for q in means))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("net")
    ap.add_argument("kind", choices=["renders", "photos"])
    ap.add_argument("dir")
    ap.add_argument("--positions")
    ap.add_argument("--held-out", action="store_true", help="only the subjects that training holds out")
    ap.add_argument("--unmirrored", action="store_true", help="do not average with the mirrored photo")
    ap.add_argument("--once", action="store_true", help="do not look again at small heads")
    ap.add_argument("--sheet", help="write overlays to this PNG")
    ap.add_argument("--json", help="write every row")
    a = ap.parse_args()
    net, rows, pics = Net(a.net, not a.unmirrored, not a.once), [], []
    if a.kind == "renders":
        renders = data.load(a.dir, a.positions, need_positions=False)
        chosen = data.split(renders)[1] if a.held_out else sorted(renders.values(), key=lambda r: r.name)
        scored = [score_render(net, r) for r in chosen]
    else:
        scored = [score_photo(net, a.dir, n) for n in sorted(os.listdir(os.path.join(a.dir, "photos"))) if os.path.exists(os.path.join(a.dir, "labels", n + ".json"))]
    for row, pic in scored:
        if row:
            rows.append(row)
            pics.append(pic)
    table(rows, ["view", "fitzpatrick", "colour", "length", "state"] if a.kind == "renders" else ["view"])
    print(f"forward pass: median {np.median(net.seconds) * 1000:.0f} ms")
    if a.sheet and pics:
        pics += [np.zeros_like(pics[0])] * (-len(pics) % 2)
        cv2.imwrite(a.sheet, np.vstack([np.hstack(pics[i : i + 2]) for i in range(0, len(pics), 2)]))
    if a.json:
        with open(a.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
