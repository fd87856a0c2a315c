#!/usr/bin/python3
"""How often `pointille survey` says that a photo is turned: as it is, and turned by hand by 90, 180 and 270 degrees.

    scripts/measure/turned.py BIN PHOTO...        needs Debian's python3-opencv

The view is the last word of a photo's name, or its folder's where the photo is called photo.jpg: front, front_tilted, left, right,
back, top, crown. Views from above are counted apart: they have no upright.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

import cv2

TURNS = {0: None, 90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
VIEWS = ("front", "left", "right", "back", "top", "crown")


def view_of(path):
    stem = os.path.splitext(os.path.basename(path))[0]
    words = (stem if stem != "photo" else os.path.basename(os.path.dirname(path))).replace("-", " ").replace("_", " ").split()
    return next((w for w in reversed(words) if w in VIEWS), None)


def surveyed(program, photos, view, folder):
    """Whether each survey says turned; None where the photo was refused."""
    out = os.path.join(folder, "out")
    subprocess.run([program, "survey", "--view", view, "--out", out, *photos], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for p in photos:
        doc = os.path.join(out, os.path.splitext(os.path.basename(p))[0] + ".survey.json")
        if not os.path.exists(doc):
            yield None
            continue
        with open(doc) as f:
            yield any(w["code"] == "turned" for w in json.load(f)["warnings"])


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    program, count = sys.argv[1], collections.Counter()
    by_view = collections.defaultdict(list)
    for path in sys.argv[2:]:
        if view_of(path):
            by_view[view_of(path)].append(path)
    for turn, how in TURNS.items():
        for view, paths in by_view.items():
            with tempfile.TemporaryDirectory() as folder:
                photos = []
                for i, path in enumerate(paths):
                    img = cv2.imread(path)
                    photos.append(os.path.join(folder, f"{i:03d}.png"))
                    cv2.imwrite(photos[-1], img if how is None else cv2.rotate(img, how))
                for said in surveyed(program, photos, view, folder):
                    group = "from above" if view in ("top", "crown") else "others"
                    count[group, turn, said] += 1
    for group in ("others", "from above"):
        for turn in TURNS:
            told, quiet, refused = (count[group, turn, k] for k in (True, False, None))
            print(f"{group:10s} by {turn:3d} degrees: {told:3d} of {told + quiet + refused} said to be turned, {refused} refused")


if __name__ == "__main__":
    main()
