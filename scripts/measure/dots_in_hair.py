#!/usr/bin/python3
"""How many of a plan's dots stand where the truth has hair, and how much bald skin has none.

    scripts/measure/dots_in_hair.py PLAN=TRUTH...        needs Debian's python3-opencv

PLAN is what `pointille plan` wrote, TRUTH a folder with a folder per view that holds classes.png and density.png. A dot's density
is the mean over the photos that show it, as a share of the 90th percentile of the scalp's. Bald skin is scalp below a fifth of that
density in the views from above; it has no dots where none lies within a 300th of the picture's width.
"""
import collections
import csv
import os
import sys

import cv2
import numpy as np


def shown(path):
    with open(path) as f:
        for row in csv.DictReader(f):
            if row["visible"] in ("1", "true"):
                yield row["id"], int(round(float(row["px"]))), int(round(float(row["py"])))


def measure(plan, truth):
    at, bare, bald, full = collections.defaultdict(list), 0, 0, []
    for view in sorted(os.listdir(truth)):
        dots, folder = os.path.join(plan, view + ".dots.csv"), os.path.join(truth, view)
        if not os.path.exists(os.path.join(folder, "density.png")):
            continue
        density, scalp = cv2.imread(os.path.join(folder, "density.png"), -1) / 100.0, cv2.imread(os.path.join(folder, "classes.png"), -1) == 3
        full.append(density[scalp])
        dotted = np.zeros(density.shape, np.uint8)
        for key, x, y in shown(dots) if os.path.exists(dots) else ():
            if 0 <= y < density.shape[0] and 0 <= x < density.shape[1]:
                at[key].append(density[y, x] if scalp[y, x] else 0)
                dotted[y, x] = 1
        if view in ("top", "crown"):
            side = max(3, density.shape[1] // 150) | 1
            skin = scalp & (density < 0.2 * np.percentile(density[scalp], 90))
            bald, bare = bald + skin.sum(), bare + (skin & (cv2.dilate(dotted, np.ones((side, side))) == 0)).sum()
    share = np.array([np.mean(v) for v in at.values()]) / np.percentile(np.concatenate(full), 90)
    return len(share), (share > 0.6).mean() if len(share) else 0, (share < 0.2).mean() if len(share) else 0, bare / max(1, bald)


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for pair in sys.argv[1:]:
        plan, _, truth = pair.partition("=")
        n, hairy, bald, missed = measure(plan, truth)
        print(f"{plan}: {n} dots, {100 * hairy:.0f} % in more than 0.6 of full hair, {100 * bald:.0f} % on bald skin; {100 * missed:.0f} % of the bald skin has none")


if __name__ == "__main__":
    main()
