#!/usr/bin/python3
"""What stubble leaves of the light that skin would send back: as `pointille survey` measures it, and as renders with and without hair show.

    scripts/measure/stubble.py --list OUT.jsonl          subjects for the generator's render_head.py --list OUT.jsonl --tiny
    scripts/measure/stubble.py BIN RENDERS               needs Debian's python3-opencv

Each subject is rendered twice, with stubble of 0.7 mm and of 0.02 mm, which nobody sees. The truth is the median quotient of the two
photos, linear, over scalp of more than three quarters of its full density. Shares are of red, green and blue light.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np

SUBJECTS = (  # Fitzpatrick type, hair, view, pattern, light
    ("II", "dark_brown", "left", "NW6", "window"), ("III", "black", "front_tilted", "NW5", "ring"),
    ("IV", "black", "back", "NW6", "ceiling"), ("V", "black", "left", "NW5", "mixed"),
)
LONG, NONE = 0.7, 0.02  # mm


def write_list(path):
    with open(path, "w") as f:
        for i, (skin, hair, view, state, light) in enumerate(SUBJECTS):
            for mm in (LONG, NONE):
                f.write(json.dumps(dict(seed=7700 + i, name=f"pair{i}_{mm}", view=view, state=state, fitzpatrick=skin, hair_colour=hair, length="stubble", length_mm=mm,
                                        size=384, samples=10, marker="none", fill=1.0, tiny=True, lighting=light)) + "\n")


def linear(path):
    u = cv2.imread(path)[..., ::-1] / 255.0
    return np.where(u <= 0.04045, u / 12.92, ((u + 0.055) / 1.055) ** 2.4)


def true_share(haired, bare):
    density, scalp = cv2.imread(haired + "/density.png", -1) / 100.0, cv2.imread(haired + "/classes.png", -1) == 3
    full = scalp & (density > 0.75 * np.percentile(density[scalp], 90))
    inside = cv2.erode(full.astype(np.uint8), np.ones((5, 5))) > 0
    a, b = (cv2.blur(linear(d + "/photo.jpg"), (9, 9))[inside] for d in (haired, bare))
    return np.median(a / np.maximum(b, 1e-3), axis=0)


def to_linear(lab):
    fy = (lab[0] + 16) / 116
    f = np.array([fy + lab[1] / 500, fy, fy - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * np.array([0.95047, 1, 1.08883])
    return np.linalg.inv(np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])) @ xyz


def measured_share(program, photo, view):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([program, "survey", "--view", view, "--out", out, photo], check=True, capture_output=True)
        with open(glob.glob(out + "/*.survey.json")[0]) as f:
            doc = json.load(f)
    if not doc.get("stubble"):
        return None
    return to_linear(doc["stubble"]["lab"]) / to_linear(doc["skin"]["lab"])


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    if sys.argv[1] == "--list":
        return write_list(sys.argv[2])
    for i, (skin, _, view, _, _) in enumerate(SUBJECTS):
        haired, bare = (os.path.join(sys.argv[2], f"pair{i}_{mm}") for mm in (LONG, NONE))
        got = measured_share(sys.argv[1], haired + "/photo.jpg", view.split("_")[0])
        told = "too little seen" if got is None else " ".join(f"{v:.2f}" for v in got)
        print(f"skin type {skin}, {view}: true {' '.join(f'{v:.2f}' for v in true_share(haired, bare))}, measured {told}")


if __name__ == "__main__":
    main()
