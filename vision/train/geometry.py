"""Head-frame coordinates per pixel for renders that come without geometry.npz.

The head mesh of a render is a pure function of its seed and spec, so it is built again with the generator's
own head model (folder given by --generator), posed, projected with the camera of truth.json and splatted
into a depth buffer. Coordinates are millimetres of the head frame; NaN where no head surface is seen.
Agreement with the landmarks of truth.json is checked on every head.
"""
import argparse
import importlib
import json
import os
import sys

import cv2
import numpy as np

LANDMARKS = ("glabella", "menton", "ear_top_L", "ear_top_R", "eye_outer_R")


def head_mesh(model, truth):
    """Vertices (head frame, mm) and quads of the subject; raises where the landmarks disagree."""
    spec, seed = truth["spec"], truth["seed"]
    male = spec["sex"] == "male"
    jitter = np.random.default_rng([seed, 1]).normal(0, 0.06)
    sex = float(np.clip((1 if male else 0) + (-jitter if male else jitter), 0, 1))
    head = model.build(np.random.default_rng([seed, 2]), sex, spec["age"], spec["race"], 2)
    off = max(np.abs(head.lm[k] - truth["landmarks"][k]["mm"]).max() for k in LANDMARKS)
    if off > 0.05:
        raise ValueError(f"the rebuilt head is {off:.2f} mm off its landmarks: other generator or version?")
    return head.V, head.F


def turn(points, axis, degrees):
    """Rows of points turned about an axis, each by its own angle."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y, z = points.T
    if axis == "x":
        return np.stack([x, c * y - s * z, s * y + c * z], 1)
    if axis == "y":
        return np.stack([c * x + s * z, y, -s * x + c * z], 1)
    return np.stack([c * x - s * y, s * x + c * y, z], 1)


PIVOT = np.array([0, -98.0, -38.0])  # of the neck, mm; as in the generator


def bend_neck(points, pose):
    """Where the posed neck lies, in the frame of the head: the head turns, the trunk stays."""
    edge = -66 - (points[:, 2] + 75) * (24 / 163.0)
    t = np.clip((points[:, 1] - (edge - 58)) / 58, 0, 1)
    w = t * t * (3 - 2 * t)
    low = w < 0.999
    v = w[low]
    turned = points[low] - PIVOT
    for axis, key in (("z", "room_roll_deg"), ("x", "room_tilt_deg"), ("y", "room_yaw_deg")):
        turned = turn(turned, axis, pose[key] * v)
    full = np.eye(3)
    for axis, key in (("y", "room_yaw_deg"), ("x", "room_tilt_deg"), ("z", "room_roll_deg")):
        full = full @ turn(np.eye(3), axis, np.full(3, pose[key])).T
    out = points.copy()
    out[low] = turned @ full + PIVOT
    return out


def facing(V, F, eye):
    """The quads whose outer side the camera sees, so that the far side cannot show through gaps."""
    a, b, c, d = (V[F[:, i]] for i in range(4))
    return F[(np.cross(c - a, d - b) * (eye - (a + c) / 2)).sum(1) > 0]


def project(P, R, t, K):
    """Pixels and depth (mm) of points of the head frame."""
    cam = P @ R.T + t
    z = np.maximum(cam[:, 2], 1e-3)
    return np.stack([K[0, 0] * cam[:, 0] / z + K[0, 2], K[1, 1] * cam[:, 1] / z + K[1, 2], cam[:, 2]], 1)


def samples(V, F, px):
    """Points of every quad, closer together than 0.7 px in the picture."""
    corner = px[F][:, :, :2]
    edge = np.abs(corner - np.roll(corner, 1, 1)).max((1, 2))
    need = np.clip(np.ceil(edge * 1.5).astype(int), 1, 24)
    out = []
    for n in np.unique(need):
        q = V[F[need == n]]
        u = (np.arange(n) + 0.5) / n
        for a in u:
            for b in u:
                out.append((1 - a) * (1 - b) * q[:, 0] + a * (1 - b) * q[:, 1] + a * b * q[:, 2] + (1 - a) * b * q[:, 3])
    return np.concatenate(out)


def positions(model, truth):
    """H x W x 3 float32, mm of the head frame."""
    V, F = head_mesh(model, truth)
    V = bend_neck(V, truth["head_pose"])
    w, h = truth["image"]["width"], truth["image"]["height"]
    R, t, K = (np.array(truth["camera"][k]) for k in ("R_head_to_cam", "t_head_to_cam_mm", "K"))
    F = facing(V, F, -R.T @ t)
    P = samples(V, F, project(V, R, t, K))
    px = project(P, R, t, K)
    x, y, z = np.rint(px[:, 0]).astype(int), np.rint(px[:, 1]).astype(int), px[:, 2]
    ok = (z > 1) & (x >= 0) & (x < w) & (y >= 0) & (y < h)
    order = np.argsort(-z[ok], kind="stable")  # nearest last, so that it stays
    out = np.full((h, w, 3), np.nan, np.float32)
    out[y[ok][order], x[ok][order]] = P[ok][order]
    return out


def fill(pos, want):
    """Gives every wanted pixel within 3 px of a known one its value."""
    known = np.isfinite(pos[..., 0])
    dist, label = cv2.distanceTransformWithLabels((~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    index = np.zeros((label.max() + 1, 3), np.float32)
    index[label[known]] = pos[known]
    out = np.where((want & (dist <= 3))[..., None], index[label], np.nan)
    return out.astype(np.float32)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("renders", help="folder of renders (NAME/truth.json, NAME/classes.png)")
    ap.add_argument("out", help="writes out/NAME.npz with `pos`, float16 mm")
    ap.add_argument("--generator", required=True, help="folder with the generator's headmodel.py")
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    sys.path.insert(0, a.generator)
    model = importlib.import_module("headmodel")
    done = 0
    for name in sorted(os.listdir(a.renders)):
        target = os.path.join(a.out, name + ".npz")
        path = os.path.join(a.renders, name, "truth.json")
        if os.path.exists(target) or not os.path.exists(path):
            continue
        with open(path) as f:
            truth = json.load(f)
        if truth["view"]["name"] == "macro":
            continue
        classes = cv2.imread(os.path.join(a.renders, name, "classes.png"), cv2.IMREAD_UNCHANGED)
        pos = fill(positions(model, truth), (classes >= 2) & (classes <= 5))
        np.savez_compressed(target + ".part.npz", pos=pos.astype(np.float16))
        os.replace(target + ".part.npz", target)
        done += 1
    print(f"positions written for {done} renders")


if __name__ == "__main__":
    main()
