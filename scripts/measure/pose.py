#!/usr/bin/python3
"""How far the cameras that `pointille survey` finds in single photos are turned from the true ones.

    scripts/measure/pose.py BIN [-v] FOLDER|PHOTOS=TRUTH...        needs Debian's python3-numpy

FOLDER holds renders, at any depth: folders with photo.jpg and truth.json. PHOTOS=TRUTH is a case whose photos VIEW.jpg lie apart from
their answers TRUTH/VIEW/truth.json. Close-ups are left out. Angles are degrees about the head's axes: across (nodding), upwards and
forwards. A photo in which no camera is found counts as lost, not as right.
"""
import argparse
import glob
import json
import os
import subprocess
import tempfile

import numpy as np


def subjects(arg):
    """(photo, truth.json) below an argument."""
    if "=" in arg:
        photos, truth = arg.split("=", 1)
        return [(os.path.join(photos, os.path.basename(os.path.dirname(t)) + ".jpg"), t) for t in sorted(glob.glob(os.path.join(truth, "*", "truth.json")))]
    found = sorted(glob.glob(os.path.join(arg, "**", "truth.json"), recursive=True))
    return [(os.path.join(os.path.dirname(t), "photo.jpg"), t) for t in found]


def found_rotation(binary, photo):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([binary, "survey", "--out", out, photo], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        files = glob.glob(os.path.join(out, "*.survey.json"))
        if not files:
            return None
        with open(files[0]) as f:
            camera = json.load(f).get("camera")
    return np.array(camera["rotation"]).reshape(3, 3) if camera else None


def turned(found, true):
    """Angle between two rotations, and its parts about the head's axes."""
    away = found.T @ true
    angle = np.degrees(np.arccos(np.clip((np.trace(away) - 1) / 2, -1, 1)))
    return angle, np.degrees([away[2, 1] - away[1, 2], away[0, 2] - away[2, 0], away[1, 0] - away[0, 1]]) / 2


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("bin"); ap.add_argument("what", nargs="+"); ap.add_argument("-v", action="store_true")
    a = ap.parse_args()
    angles, parts, lost = [], [], 0
    for photo, path in (s for arg in a.what for s in subjects(arg)):
        with open(path) as f:
            truth = json.load(f)
        if truth["spec"]["view"] == "macro":
            continue
        found = found_rotation(a.bin, photo)
        if found is None:
            lost += 1
            continue
        angle, axes = turned(found, np.array(truth["camera"]["R_head_to_cam"]))
        angles.append(angle); parts.append(axes)
        if a.v:
            print(f"{photo}: {angle:.1f}, about the axes {axes[0]:+.1f} {axes[1]:+.1f} {axes[2]:+.1f}")
    if not angles:
        raise SystemExit("pose.py: no camera was found in any photo")
    rms = np.sqrt(np.mean(np.square(parts), 0))
    print(f"{len(angles)} cameras, {lost} lost: turned by {np.median(angles):.1f} in the median, {np.mean(angles):.1f} on the mean, {np.percentile(angles, 90):.1f} in nine of ten; "
          f"root mean square across {rms[0]:.1f}, upwards {rms[1]:.1f}, forwards {rms[2]:.1f}")


if __name__ == "__main__":
    main()
