"""Packs renders into one small file, for training on another machine.

    bundle.py OUT.zip RENDERS [RENDERS ...] --positions DIR

Pictures are stored anew as JPEG, coverage as JPEG of one plane, classes exactly; density and positions at half the size, positions to
a fifth of a millimetre. About 75 KB a render instead of half a megabyte. train.py takes the file where it takes a folder.
"""
import argparse
import json
import zipfile

import cv2
import numpy as np

import data

STEP_MM, ZERO = 0.2, 32768  # positions are stored in steps about zero; 0 is unknown
DENSITY_STEP = 1 / 36.0  # of log1p: 255 steps reach 1190 hairs per cm2


def encode(ext, img, *how):
    ok, buf = cv2.imencode(ext, img, list(how))
    if not ok:
        raise ValueError(f"cannot write {ext} of {img.shape}")
    return buf.tobytes()


def decode(blob):
    return cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_UNCHANGED)


def pack(r):
    """Named blobs of one render."""
    half = lambda m: np.ascontiguousarray(m[::2, ::2])
    pos = half(r.pos)
    steps = np.where(np.isfinite(pos), np.rint(np.nan_to_num(pos) / STEP_MM) + ZERO, 0).astype(np.uint16)
    density = np.clip(np.rint(half(r.density) / DENSITY_STEP), 0, 255).astype(np.uint8)
    about = {"view": r.view, "state": r.state, "truth": r.truth, "eye": [float(v) for v in r.eye]}
    return {"about.json": json.dumps(about).encode(), "photo.jpg": encode(".jpg", r.rgb[..., ::-1], cv2.IMWRITE_JPEG_QUALITY, 86),
            "classes.png": encode(".png", r.classes, cv2.IMWRITE_PNG_COMPRESSION, 9), "hair.jpg": encode(".jpg", r.hair, cv2.IMWRITE_JPEG_QUALITY, 86),
            "density.png": encode(".png", density, cv2.IMWRITE_PNG_COMPRESSION, 9), "pos.png": encode(".png", steps, cv2.IMWRITE_PNG_COMPRESSION, 9)}


def unpack(name, blobs):
    about = json.loads(blobs["about.json"])
    classes = decode(blobs["classes.png"])
    h, w = classes.shape
    grow = lambda m: np.repeat(np.repeat(m, 2, 0), 2, 1)[:h, :w]
    steps = grow(decode(blobs["pos.png"])).astype(np.float32)
    pos = np.where(steps > 0, (steps - ZERO) * STEP_MM, np.nan).astype(np.float32)
    return data.Render(name, about, decode(blobs["photo.jpg"])[..., ::-1].copy(), classes, decode(blobs["hair.jpg"]), grow(decode(blobs["density.png"])).astype(np.float32) * DENSITY_STEP, pos)


def load(path):
    """All renders of a bundle by name."""
    out = {}
    with zipfile.ZipFile(path) as z:
        for name in sorted({n.split("/")[0] for n in z.namelist()}):
            out[name] = unpack(name, {n: z.read(f"{name}/{n}") for n in ("about.json", "photo.jpg", "classes.png", "hair.jpg", "density.png", "pos.png")})
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("renders", nargs="+")
    ap.add_argument("--positions", help="folder written by geometry.py; for several folders of renders, one inside it each of the same name")
    a = ap.parse_args()
    import os

    count = 0
    with zipfile.ZipFile(a.out + ".part", "w", zipfile.ZIP_STORED) as z:
        for folder in a.renders:
            label = os.path.basename(os.path.normpath(folder))
            for r in data.load(folder, os.path.join(a.positions, label) if len(a.renders) > 1 else a.positions).values():
                for n, blob in pack(r).items():
                    z.writestr(f"{r.name}_{label}/{n}", blob)
                count += 1
    os.replace(a.out + ".part", a.out)
    print(f"{count} renders, {os.path.getsize(a.out) / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
