#!/usr/bin/python3
"""Recovers the healed tone from previews of rendered heads and compares it with
what the plan's pigment is predicted to look like there.

    scripts/measure/tone.py --bin bin/pointille --truth ../shared/truth --work /tmp/tone

Each head is planned with several known pigments. Where the preview shows a
disc of 14 mm of bare, planned skin, the light it kept of the photo, averaged
over the disc, gives the tone of the client's skin there; the density of dots
on that skin, counted in dots.csv, and the plan's own stages give the tone
that was promised. Told is ΔE00 between the two. Needs python3-numpy, -opencv
and -scipy.
"""
import argparse, csv, json, os, shutil, subprocess, sys
import cv2
import numpy as np
from scipy.spatial import cKDTree

RADIUS = 7.0
PIGMENTS = [("carbon black", 20), ("carbon black", 5), ("warm brown", 1), ("ash grey", 0)]
STAGES = ("healed", "fresh", "5y")


def linear(v):
    v = np.asarray(v, float) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


M = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
W = np.array([0.95047, 1, 1.08883])


def to_lab(rgb):
    t = M @ rgb / W
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def from_lab(lab):
    y = (lab[0] + 16) / 116
    f = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    t = np.where(f > 6 / 29, f ** 3, (116 * f - 16) * 27 / 24389)
    return np.linalg.inv(M) @ (t * W)


def de00(p, q):
    (l1, a1, b1), (l2, a2, b2) = p, q
    c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c ** 7 / (c ** 7 + 25 ** 7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180
    dl, dc, dhh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + dh / 2) % 360
    t = 1 - 0.17 * np.cos(np.radians(hm - 30)) + 0.24 * np.cos(np.radians(2 * hm)) + 0.32 * np.cos(np.radians(3 * hm + 6)) - 0.2 * np.cos(np.radians(4 * hm - 63))
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -np.sin(np.radians(60 * np.exp(-((hm - 275) / 25) ** 2))) * 2 * np.sqrt(cm ** 7 / (cm ** 7 + 25 ** 7))
    return np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dhh / sh) ** 2 + rt * dc / sc * dhh / sh)


def rows(path, names):
    with open(path) as f:
        return np.array([[float(r[n]) for n in names] for r in csv.DictReader(f)])


def discs(out, photo):
    """Middles and pixels of discs of bare planned skin in a photo, with their density, dots per cm²."""
    name = photo["dots"][:-len(".dots.csv")]
    where = rows(os.path.join(out, "dots.csv"), ["x_mm", "y_mm", "z_mm"])
    seen = rows(os.path.join(out, photo["dots"]), ["px", "py", "visible"])
    hair = cv2.imread(os.path.join(out, name + ".hair.png"), -1)
    before = cv2.imread(os.path.join(out, name + ".before.jpg"))
    tree, used = cKDTree(where), np.zeros(len(where), bool)
    visible = np.flatnonzero(seen[:, 2] > 0)
    for i in visible[::25]:
        wide = np.array(tree.query_ball_point(where[i], RADIUS + 4))
        if used[wide].any() or not (seen[wide, 2] > 0).all():
            continue
        near = wide[np.linalg.norm(where[wide] - where[i], axis=1) < RADIUS]
        hull = cv2.convexHull(seen[near, :2].astype(np.float32))
        inside = np.zeros(hair.shape, np.uint8)
        cv2.fillConvexPoly(inside, np.round(hull).astype(np.int32), 1)
        inside = inside > 0
        if inside.sum() < 150 or hair[inside].max() > 8 or before[inside].min(1).max() > 195:
            continue
        rings = [len(tree.query_ball_point(where[i], r)) / (np.pi * r * r) * 100 for r in (RADIUS / 2, RADIUS, RADIUS + 4)]
        if max(rings) > 1.25 * min(rings):
            continue  # a border or a soft zone: no one density
        used[wide] = True
        yield name, inside, rings[1]


def judge(out):
    plan = json.load(open(os.path.join(out, "plan.json")))
    if plan.get("nothing") or not plan.get("stages"):
        return []
    labs = {s["name"]: np.array(s["lab"]) for s in plan["stages"]}
    skin = from_lab(labs["before"])
    densest = max(z["dots"] / z["area_cm2"] for z in plan["zones"] if z["area_cm2"] > 1)
    found = []
    for photo in plan["photos"]:
        if not photo["used"]:
            continue
        for name, inside, density in discs(out, photo):
            a = linear(cv2.imread(os.path.join(out, name + ".before.jpg"))[inside][:, ::-1]).mean(0)
            for stage in STAGES:
                b = linear(cv2.imread(os.path.join(out, "%s.%s.jpg" % (name, stage)))[inside][:, ::-1]).mean(0)
                kept = from_lab(labs[stage]) / skin
                promised = to_lab(skin * kept ** (density / densest))
                found.append((stage, de00(to_lab(skin * b / a), promised), to_lab(skin * b / a)[0] - promised[0]))
    return found


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", default="bin/pointille")
    p.add_argument("--truth", default="../shared/truth")
    p.add_argument("--work", default="/tmp/tone")
    a = p.parse_args()
    heads = {"demo": "testdata/demo"}
    for d in sorted(os.listdir(os.path.join(a.truth, "renders"))):
        if any(k in d for k in ("NW6", "NW7", "NW5", "NW4")) and "macro" not in d:
            heads[d] = os.path.join(a.truth, "renders", d, "photo.jpg")
    every = []
    for head, case in heads.items():
        for pigment, water in PIGMENTS:
            out = os.path.join(a.work, head, "%s-%g" % (pigment.replace(" ", "-"), water))
            if not os.path.exists(os.path.join(out, "report.html")):
                os.makedirs(out, exist_ok=True)
                wishes = os.path.join(out, "wishes.json")
                json.dump({"look": "shaved", "pigment": {"name": pigment, **({"dilution": water} if water else {})}}, open(wishes, "w"))
                if subprocess.run([a.bin, "plan", "--wishes", wishes, "--out", out, case], capture_output=True).returncode not in (0, 3):
                    continue
            got = judge(out)
            every += got
            if got:
                print("%-28s %-16s %3d values, ΔE00 %.2f median, %.2f most" % (head, "%s 1:%g" % (pigment, water), len(got), np.median([g[1] for g in got]), max(g[1] for g in got)), file=sys.stderr)
    for stage in STAGES:
        e = np.array([g[1:] for g in every if g[0] == stage])
        if len(e):
            print("%-6s %4d discs: ΔE00 %.2f median, %.2f of 95 in 100, %.2f most; L* off by %+.2f on average" % (stage, len(e), np.median(e[:, 0]), np.quantile(e[:, 0], 0.95), e[:, 0].max(), e[:, 1].mean()))


main()
