"""Renders as training material: loading, and the randomisation that carries them to real photos.

A sample is what the network sees and what it must answer, at the sizes of model.py. Everything drawn is a
function of the generator given; nothing here reads a real photo.
"""
import json
import os

import cv2
import numpy as np

import bundle
import paint
from model import SIZE, STRIDE

IGNORE = 255  # class of pixels that teach nothing
CARD = 6  # the calibration card in classes.png
SEEN = 0.07  # coverage below which nobody sees stubble
BROW = 58.0  # mm above the ear canals where the brows end, on the rendered heads
HEALTHY = 140.0  # hairs per cm2 from which hair counts as fully grown: the mean of the rendered heads' healthy densities, less a tenth


class Render:
    """One render in memory; maps in upright pixels."""

    def __init__(self, name, about, rgb, classes, hair, density, pos):
        """`about` has view, state, truth (length, colour, fitzpatrick) and eye (the camera in head mm); density is log1p of hairs per cm2."""
        self.name, self.view, self.state, self.truth = name, about["view"], about["state"], about["truth"]
        self.eye = np.array(about["eye"], np.float32)
        self.rgb, self.classes, self.hair, self.density, self.pos = rgb, classes, hair, density, pos
        self.box = head_box(classes, pos)
        self.top = top_box(self.box, pos)
        self.normal = normals(pos, self.eye)


def read(folder, pos_file):
    """A render from its folder."""
    with open(os.path.join(folder, "truth.json")) as f:
        truth = json.load(f)
    png = lambda n: cv2.imread(os.path.join(folder, n), cv2.IMREAD_UNCHANGED)
    R, t = np.array(truth["camera"]["R_head_to_cam"]), np.array(truth["camera"]["t_head_to_cam_mm"])
    about = {"view": truth["view"]["name"], "state": truth["hair"]["state"], "eye": (-R.T @ t).tolist(),
             "truth": {"length": truth["hair"]["length_class"], "colour": truth["hair"]["colour"]["name"], "fitzpatrick": truth["skin"]["base"]["fitzpatrick"]}}
    rgb = cv2.imread(os.path.join(folder, "photo.jpg"))[..., ::-1].copy()  # applies EXIF
    classes = png("classes.png")
    return Render(os.path.basename(folder), about, rgb, classes, png("hair.png"), np.log1p(png("density.png").astype(np.float32) / 100), load_positions(folder, pos_file, classes.shape))


def normals(pos, eye):
    """H x W x 3 float16, outward unit normals of the surface in the head frame; NaN where the position is unknown. Smoothed over two
    pixels, as the positions are rounded."""
    known = np.isfinite(pos[..., 0])
    weight = np.maximum(cv2.GaussianBlur(known.astype(np.float32), (0, 0), 2), 1e-3)[..., None]
    soft = cv2.GaussianBlur(np.where(known[..., None], pos, 0), (0, 0), 2) / weight
    n = np.cross(np.gradient(soft, axis=1), np.gradient(soft, axis=0))
    n *= np.sign((n * (eye - soft)).sum(2, keepdims=True))
    n /= np.maximum(np.linalg.norm(n, axis=2, keepdims=True), 1e-6)
    return np.where(known[..., None], n, np.nan).astype(np.float16)


def load_positions(folder, pos_file, shape):
    """H x W x 3 mm, NaN where unknown, from geometry.npz or from a file of geometry.py."""
    out = np.full(shape + (3,), np.nan, np.float32)
    own = os.path.join(folder, "geometry.npz")
    if os.path.exists(own):
        g = np.load(own)
        x0, y0, x1, y1 = g["bbox"]
        out[y0:y1, x0:x1] = g["pos"].astype(np.float32) + g["origin"]
        return out
    if pos_file and os.path.exists(pos_file):
        return np.load(pos_file)["pos"].astype(np.float32)
    return out


def head_box(classes, pos):
    """x0, y0, x1, y1 of the head down to the jaw."""
    head = np.isin(classes, (3, 4, 5)) | ((classes == 2) & (pos[..., 1] > -100))
    ys, xs = np.nonzero(head)
    if not len(xs):
        h, w = classes.shape
        return 0, 0, w, h
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def top_box(box, pos):
    """The part of the box above the brows: photos of a hairline are often cut there. The whole box where that is little."""
    ys = np.nonzero((pos[..., 1] > BROW).any(1))[0]
    if not len(ys) or ys.max() + 1 - box[1] < 0.3 * (box[3] - box[1]):
        return box
    return box[0], box[1], box[2], min(box[3], ys.max() + 1)


def load(renders, positions, have=None, need_positions=True):
    """All finished head renders of a folder by name, or those of a file of bundle.py; those in `have` are kept as they are."""
    out = dict(have or {})
    if os.path.isfile(renders):
        return out or bundle.load(renders)
    for name in sorted(os.listdir(renders)):
        folder = os.path.join(renders, name)
        pos = os.path.join(positions, name + ".npz") if positions else None
        if name in out or "macro" in name or not os.path.exists(os.path.join(folder, "truth.json")):
            continue
        if need_positions and not (os.path.exists(os.path.join(folder, "geometry.npz")) or (pos and os.path.exists(pos))):
            continue
        out[name] = read(folder, pos)
    return out


def split(renders):
    """Training and held-out renders: every tenth subject, by the number in its name, is held out."""
    number = lambda r: int(r.name.split("_")[1]) if r.name.split("_")[1].isdigit() else sum(map(ord, r.name))
    rs = sorted(renders.values(), key=lambda r: r.name)
    return [r for r in rs if number(r) % 10 != 7], [r for r in rs if number(r) % 10 == 7]


BARE = ("NW5", "NW6", "NW7")  # patterns that show much bare scalp


def shares(renders):
    """How often each render is drawn: every pattern of loss as often as any other, those that show bare scalp twice."""
    states = [r.state for r in renders]
    w = np.array([(2 if s in BARE else 1) / states.count(s) for s in states])
    return w / w.sum()


def letterbox(rgb, size=SIZE):
    """Square float32 0..1 input and the photo's frame x0, y0, width, height in it."""
    h, w = rgb.shape[:2]
    s = size / max(h, w)
    fit = lambda v: max(4, 4 * int(v * s / 4 + 0.5))  # multiples of 4: the borders fall on whole output cells
    nw, nh = fit(w), fit(h)
    out = np.full((size, size, 3), 0.5, np.float32)
    x0, y0 = (size - nw) // 2, (size - nh) // 2
    small = cv2.resize(rgb, (nw, nh), interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)
    out[y0 : y0 + nh, x0 : x0 + nw] = small.astype(np.float32) / 255
    return out, (x0, y0, nw, nh)


def framing(r, rng, size):
    """Affine map render -> input, the frame inside the input, and the mirror: crop, stretch, turn, flip."""
    cut = rng.random() < 0.15
    x0, y0, x1, y1 = r.top if cut else r.box
    share = np.exp(rng.uniform(np.log(0.5), np.log(1.4))) if not cut else rng.uniform(1.0, 1.25)
    aspect = rng.choice([1.0, 1.0, 0.75, 1.333, np.exp(rng.uniform(-0.5, 0.5))])
    fw, fh = (size, size / aspect) if aspect >= 1 else (size * aspect, size)
    stretch = np.exp(rng.uniform(np.log(0.8), np.log(1.45)))
    angle = rng.normal(0, 9) if rng.random() < 0.8 else rng.uniform(-28, 28)
    if r.view in ("top", "crown") and rng.random() < 0.2:
        angle += rng.choice([90, 180, 270])
    flip = rng.random() < 0.5
    bw, bh = (x1 - x0) * stretch, y1 - y0
    scale = share * min(fw / bw, fh / bh) if share < 1 else share * max(fw / bw, fh / bh) ** 0.5 * min(fw / bw, fh / bh) ** 0.5
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    A = np.array([[c, -s], [s, c]]) @ np.diag([stretch * (-1 if flip else 1), 1]) * scale
    slack = 0.5 * max(0.06, 1 - share) if share < 1 else 0.12
    centre = np.array([size / 2 + fw * rng.uniform(-slack, slack), size / 2 + fh * rng.uniform(-slack, slack)])
    M = np.c_[A, centre - A @ np.array([(x0 + x1) / 2, (y0 + y1) / 2])]
    frame = [int(round(size / 2 - fw / 2)), int(round(size / 2 - fh / 2)), int(round(size / 2 + fw / 2)), int(round(size / 2 + fh / 2))]
    return M.astype(np.float32), frame, flip


def warp(r, M, flip, size):
    """The render's maps seen through M. Beyond the render its border goes on: background and cloth stay what they are, other
    classes teach nothing there."""
    near = lambda m, border: cv2.warpAffine(m, M, (size, size), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    smooth = lambda m, mode: cv2.warpAffine(m, M, (size, size), flags=cv2.INTER_LINEAR, borderMode=mode)
    v = {"rgb": smooth(r.rgb, cv2.BORDER_REPLICATE).astype(np.float32) / 255}
    v["classes"] = cv2.warpAffine(r.classes, M, (size, size), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    outside = near(np.ones(r.classes.shape, np.uint8), 0) == 0
    v["classes"][outside & (v["classes"] > 1)] = IGNORE
    v["hair"] = smooth(r.hair, cv2.BORDER_CONSTANT).astype(np.float32) / 255
    v["density"] = near(r.density, 0)
    v["pos"] = near(r.pos, (np.nan,) * 4) / 100
    v["normal"] = near(r.normal.astype(np.float32), (np.nan,) * 4)
    v["eye"] = r.eye / 100
    if flip:
        v["pos"][..., 0] *= -1
        v["normal"][..., 0] *= -1
        v["eye"] = v["eye"] * np.array([-1, 1, 1], np.float32)
    v["density_known"] = v["classes"] == 3
    share = np.clip(np.expm1(v["density"]) / HEALTHY, 0, 1)
    v["grown"] = np.where(v["classes"] == 3, share, np.clip(2 * v["hair"], 0, 1)).astype(np.float32)
    return v


def sample(r, rng, size=SIZE):
    """One randomised view: input 3 x size x size float32, and the targets at size / STRIDE."""
    M, frame, flip = framing(r, rng, size)
    v = warp(r, M, flip, size)
    paint.scene(v, rng)
    paint.light_and_camera(v, rng)
    x0, y0, x1, y1 = frame
    keep = np.zeros((size, size), bool)
    keep[max(0, y0) : y1, max(0, x0) : x1] = True
    v["rgb"][~keep] = 0.5
    v["classes"][~keep] = IGNORE
    return v["rgb"].transpose(2, 0, 1).copy(), targets(v, keep, rng)


def size_of_strand(side):
    """Over how many pixels stubble must be seen together to be seen at all."""
    return side / 64


def targets(v, keep, rng):
    """Reduced to the output grid: classes uint8, hair, grown (share of full growth), density (NaN unknown), pos (NaN unknown), hair_known."""
    n = STRIDE
    oy, ox = rng.integers(n), rng.integers(n)
    pick = lambda m: m[oy::n, ox::n]
    h, w = v["hair"].shape
    mean = lambda m: m.reshape(h // n, n, w // n, n).mean((1, 3)).astype(np.float32)
    classes = pick(v["classes"]).copy()
    classes[classes == CARD] = IGNORE
    known = pick(keep & ~v["hair_unknown"]) & (classes != IGNORE)
    unseen = (v["grown"] > 0.3) & (cv2.GaussianBlur(v["hair"], (0, 0), size_of_strand(w)) < SEEN)
    grown_known = known & ~pick(unseen)
    density = np.where(pick(v["density_known"] & keep), pick(v["density"]), np.nan)
    pos = np.where(pick(keep & np.isin(v["classes"], (2, 3, 4, 5)))[..., None], pick(v["pos"]), np.nan)
    return {"classes": classes, "hair": mean(v["hair"]), "grown": mean(v["grown"]), "hair_known": known, "grown_known": grown_known, "density": density.astype(np.float32), "pos": pos.transpose(2, 0, 1).astype(np.float32).copy()}
