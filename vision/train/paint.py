"""Randomisation of one view: what surrounds the head, what grows on it, how it is lit, how it was photographed.

Every function changes a view `v` in place: rgb float32 0..1 (sRGB), classes, hair 0..1 (coverage), grown 0..1 (share of a
full growth, however short it is cut), pos (head mm / 100), and keeps
picture and answer consistent. The class maps are exact, so whatever is painted is known exactly too.
"""
import cv2
import numpy as np

HAIR_COLOURS = np.array([[18, 16, 15], [30, 24, 20], [45, 33, 26], [70, 50, 36], [110, 78, 50], [150, 115, 75], [120, 118, 116], [165, 163, 160], [60, 58, 58], [214, 211, 206]], np.float32) / 255
SKINS = np.array([[236, 200, 180], [222, 178, 152], [205, 155, 125], [175, 125, 95], [135, 92, 68], [95, 64, 48], [62, 42, 34], [230, 170, 160]], np.float32) / 255


def scene(v, rng):
    """Repaints background, clothes, skin and hair, then puts things in front."""
    v["hair_unknown"] = np.zeros(v["hair"].shape, bool)
    shape = v["hair"].shape
    fg = np.maximum((v["classes"] != 0).astype(np.float32), np.clip(v["hair"] * 1.3, 0, 1))
    if rng.random() < 0.8:
        a = cv2.GaussianBlur(fg, (0, 0), rng.uniform(0.5, 1.1))[..., None]
        v["rgb"] = v["rgb"] * a + background(rng, shape, v) * (1 - a)
    if rng.random() < 0.65:
        clothes(v, rng)
    if rng.random() < 0.5:
        retone(v, rng)
    if rng.random() < 0.4:
        shave(v, rng)
    if rng.random() < 0.6:
        blemish(v, rng)
    if rng.random() < 0.45:
        grow_hair(v, rng)
    if rng.random() < 0.3:
        grow_beard(v, rng)
    if rng.random() < 0.4:
        relight(v, rng)
    elif rng.random() < 0.45:
        glare(v, rng)
    if rng.random() < 0.25:
        cast_shadow(v, rng)
    if rng.random() < 0.12:
        occlude(v, rng)


def clouds(rng, shape, cell, octaves=2):
    """Smooth noise 0..1 with features of about `cell` pixels."""
    h, w = shape
    out, amp = np.zeros(shape, np.float32), 1.0
    for _ in range(octaves):
        n = (max(2, int(h / cell) + 2), max(2, int(w / cell) + 2))
        out += amp * cv2.resize(rng.random(n, np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        amp, cell = amp * 0.5, max(1.5, cell / 2.3)
    lo, hi = out.min(), out.max()
    return (out - lo) / max(hi - lo, 1e-6)


def colour(rng):
    """A colour as rooms have: mostly dull, sometimes strong."""
    grey = rng.uniform(0.03, 1) * np.ones(3)
    return np.clip(grey + rng.normal(0, rng.choice([0.03, 0.12, 0.3]), 3), 0, 1).astype(np.float32)


def grain(rng, shape, angle, length, width=0.7):
    """Streaky noise 0..1 along an angle (radians): strands, fabric, wood."""
    n = rng.random(shape, np.float32)
    k = np.zeros((2 * length + 1,) * 2, np.float32)
    dx, dy = np.cos(angle) * length, np.sin(angle) * length
    cv2.line(k, (int(round(length - dx)), int(round(length - dy))), (int(round(length + dx)), int(round(length + dy))), 1.0)
    n = cv2.filter2D(cv2.GaussianBlur(n, (0, 0), width), -1, k / k.sum(), borderType=cv2.BORDER_REFLECT)
    lo, hi = np.percentile(n[::4, ::4], (2, 98))
    return np.clip((n - lo) / max(hi - lo, 1e-6), 0, 1)


def background(rng, shape, v):
    """A wall, a pattern or clutter."""
    h, w = shape
    a, b = colour(rng), colour(rng)
    if rng.random() < 0.15:  # dark hair before a dark wall
        a = np.clip(HAIR_COLOURS[rng.integers(4)] * rng.uniform(0.6, 1.6), 0, 1)
    t = clouds(rng, shape, rng.uniform(20, 250))[..., None]
    kind = rng.random()
    mixed = rng.uniform(0.1, 1)
    img = a * (1 - t * mixed) + b * t * mixed
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    if kind < 0.25:  # stripes, tiles, bricks
        th = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
        u, q = x * np.cos(th) + y * np.sin(th), -x * np.sin(th) + y * np.cos(th)
        p1, p2 = rng.uniform(5, 70), rng.uniform(5, 90)
        m = (np.mod(u, p1) < p1 * rng.uniform(0.05, 0.6)) | ((np.mod(q + (u // p1) * p2 / 2, p2) < p2 * 0.08) & (rng.random() < 0.5))
        img = np.where(m[..., None], img * rng.uniform(0.3, 1) + colour(rng) * 0.3, img)
    elif kind < 0.4:  # curtains, wood, carpet
        img = img * (0.6 + 0.8 * grain(rng, shape, rng.uniform(0, np.pi), int(rng.integers(2, 20)), rng.uniform(0.5, 3))[..., None])
    elif kind < 0.55:
        img = img + rng.normal(0, rng.uniform(0.02, 0.2), (h, w, 1)) * clouds(rng, shape, 60)[..., None]
    img = img.astype(np.float32).copy()
    skin = body_colour(v)
    for _ in range(int(rng.choice([0, 0, 2, 6, 14]))):
        c = tuple(float(q) for q in pick_thing_colour(rng, skin))
        p = (int(rng.integers(-20, w + 20)), int(rng.integers(-20, h + 20)))
        s = (int(rng.exponential(22)) + 3, int(rng.exponential(22)) + 3)
        if rng.random() < 0.5:
            cv2.rectangle(img, p, (p[0] + 2 * s[0], p[1] + 2 * s[1]), c, -1)
        else:
            cv2.ellipse(img, p, s, float(rng.uniform(0, 180)), 0, 360, c, -1, cv2.LINE_AA)
    if rng.random() < 0.6:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.5, 5))
    return np.clip(img * rng.uniform(0.4, 1.15), 0, 1)


def body_colour(v):
    """Median colour of visible skin, or None."""
    m = np.isin(v["classes"], (2, 3)) & (v["hair"] < 0.2)
    return np.median(v["rgb"][m][::7], axis=0) if m.sum() > 50 else None


def pick_thing_colour(rng, skin):
    k = rng.random()
    if k < 0.25 and skin is not None:
        return np.clip(skin * rng.uniform(0.5, 1.2) + rng.normal(0, 0.04, 3), 0, 1)
    if k < 0.45:
        return np.clip(HAIR_COLOURS[rng.integers(len(HAIR_COLOURS))] * rng.uniform(0.6, 1.2), 0, 1)
    return colour(rng)


def clothes(v, rng):
    """Other cloth, or bare shoulders; shading of the old cloth stays."""
    m = (v["classes"] == 1).astype(np.float32)
    if m.sum() < 30:
        return
    grey = cv2.GaussianBlur(v["rgb"].mean(2), (0, 0), 1.5)
    shade = np.clip(grey / max(np.median(grey[m > 0]), 0.03), 0.3, 2.2)[..., None]
    skin = body_colour(v)
    if rng.random() < 0.4 and skin is not None:
        new = np.clip(skin * rng.uniform(0.75, 1.1), 0, 1) * shade ** rng.uniform(0.4, 0.8)
        new = new * (0.94 + 0.12 * clouds(rng, m.shape, rng.uniform(5, 60))[..., None])
    else:
        new = colour(rng) * shade
        if rng.random() < 0.5:
            th, p = rng.uniform(0, np.pi), rng.uniform(4, 30)
            y, x = np.mgrid[0 : m.shape[0], 0 : m.shape[1]]
            new = np.where((np.mod(x * np.cos(th) + y * np.sin(th), p) < p * rng.uniform(0.1, 0.6))[..., None], colour(rng) * shade, new)
        if rng.random() < 0.5:
            new = new * (0.8 + 0.4 * grain(rng, m.shape, rng.uniform(0, np.pi), int(rng.integers(1, 6)))[..., None])
    a = cv2.GaussianBlur(m, (0, 0), 0.7)[..., None] * (1 - v["hair"][..., None])
    v["rgb"] = np.clip(v["rgb"] * (1 - a) + new * a, 0, 1).astype(np.float32)


def retone(v, rng):
    """Another skin tone: the light on the skin stays, its colour changes; patches of redness."""
    m = np.isin(v["classes"], (2, 3, 4, 5)).astype(np.float32)
    skin = body_colour(v)
    if skin is None:
        return
    target = SKINS[rng.integers(len(SKINS))] * rng.uniform(0.8, 1.1) + rng.normal(0, 0.03, 3)
    gain = np.clip(target / np.maximum(skin, 0.03), 0.3, 3)
    red = clouds(rng, m.shape, rng.uniform(15, 120))[..., None] * rng.uniform(0, 0.25)
    new = v["rgb"] * gain * (1 - red * np.array([-0.2, 0.8, 0.6]))
    a = cv2.GaussianBlur(m, (0, 0), 0.7)[..., None] * (1 - v["hair"][..., None])
    v["rgb"] = np.clip(v["rgb"] * (1 - a) + new * a, 0, 1).astype(np.float32)


def pattern(v, rng):
    """Where hair grows, 0..1 per scalp pixel, drawn in the head frame: full, receded, bald on top, patchy."""
    p = np.nan_to_num(v["pos"] * 100)
    x, y, z = np.abs(p[..., 0]), p[..., 1], p[..., 2]
    wob = (clouds(rng, x.shape, rng.uniform(8, 50), 3) - 0.5) * rng.uniform(5, 45)
    soft = rng.uniform(3, 28)
    step = lambda d: 1 / (1 + np.exp(-np.clip((d + wob) / soft * 2.2, -30, 30)))
    keep = np.ones_like(x)
    kind = rng.random()
    if kind < 0.28:  # full
        pass
    elif kind < 0.6:  # horseshoe: bald above a plane that drops to the back
        keep = step(rng.uniform(25, 115) - y + rng.uniform(-0.2, 0.55) * z * -1)
    elif kind < 0.8:  # receded front, deeper at the temples
        keep = step(rng.uniform(-20, 75) - z + rng.uniform(0, 0.8) * np.abs(x - rng.uniform(0, 20)) * -1 + np.maximum(0, x - 55) * 1.5)
    else:  # a bald crown
        c = np.array([0, rng.uniform(90, 130), rng.uniform(-75, 0)])
        keep = step(np.sqrt(p[..., 0] ** 2 + (y - c[1]) ** 2 + (z - c[2]) ** 2) - rng.uniform(25, 75))
    if rng.random() < 0.35:
        keep = keep * np.clip(0.3 + clouds(rng, x.shape, rng.uniform(15, 80)), 0, 1)
    return keep.astype(np.float32)


def grow_hair(v, rng):
    """Paints hair on the scalp: from the even shadow of a shaved head to dense combed hair with volume."""
    scalp = (v["classes"] == 3).astype(np.float32)
    if scalp.sum() < 100:
        return
    shape = scalp.shape
    width = np.sqrt(scalp.sum())
    style = rng.choice(["shadow", "stubble", "thin", "short", "long"], p=[0.27, 0.16, 0.1, 0.21, 0.26])
    growth = pattern(v, rng)
    field = growth * cv2.GaussianBlur(scalp, (0, 0), rng.uniform(0.6, 3)) * (scalp if style != "long" else 1)
    top = {"shadow": rng.uniform(0.12, 0.5), "stubble": rng.uniform(0.15, 0.7), "thin": rng.uniform(0.2, 0.6), "short": rng.uniform(0.5, 1), "long": rng.uniform(0.85, 1)}[style]
    if style == "long":
        field = volume(field, v, rng, width)
    c = field * top
    angle = rng.uniform(0, np.pi)
    if style in ("shadow", "stubble"):
        n = cv2.GaussianBlur(rng.random(shape, np.float32), (0, 0), rng.uniform(0.5, 1.2))
        n = np.clip((n - 0.5) / (2.5 * n.std() + 1e-6) + 0.5, 0, 1)
        amp = rng.uniform(0.05, 0.35) if style == "shadow" else rng.uniform(0.3, 1)
    else:
        n = curved_grain(rng, shape, angle, int(rng.integers(2, 12)))
        amp = 1.0 if style == "thin" else rng.uniform(0.2, 1)
    cover = np.clip(c + amp * (n - 0.5) * 4 * c * (1 - c), 0, 1)
    base = HAIR_COLOURS[rng.integers(len(HAIR_COLOURS))] if rng.random() < 0.7 else HAIR_COLOURS[rng.integers(3)]  # most hair is dark
    skin = body_colour(v)
    if rng.random() < 0.08 and skin is not None:  # fair hair on flushed skin; nearer to the skin's colour nobody could see it
        base = skin * rng.uniform(0.45, 0.75) + rng.normal(0, 0.02)
    base = base * rng.uniform(0.6, 1.3) + rng.normal(0, 0.015, 3)
    grey = cv2.GaussianBlur(v["rgb"].mean(2), (0, 0), max(1.0, width / 20))
    shade = np.clip(grey / max(np.median(grey[scalp > 0]), 0.05), 0.3, 2) ** rng.uniform(0.3, 1.0)
    sheen = 1 + rng.uniform(0, 1.2) * (clouds(rng, shape, width / 3) - 0.45)
    strand = (1 - rng.uniform(0.1, 0.7) * curved_grain(rng, shape, angle, int(rng.integers(2, 10)))) if style in ("thin", "short", "long") else 1.0
    col = np.clip(base * (shade * sheen * strand)[..., None], 0, 1)
    veil = rng.uniform(0.45, 0.9) if style == "shadow" else rng.uniform(0.8, 1)
    a = (cover * veil)[..., None]
    v["rgb"] = np.clip(v["rgb"] * (1 - a) + col * a, 0, 1).astype(np.float32)
    v["hair"] = 1 - (1 - v["hair"]) * (1 - cover)
    v["grown"] = np.maximum(v["grown"], np.where(v["classes"] == 3, growth, np.clip(2 * cover, 0, 1)))
    v["density_known"] &= cover < 0.03


def blemish(v, rng):
    """What bare skin has that is no hair: spots, wrinkles and veins, blotches, a fine grain."""
    m = (np.isin(v["classes"], (2, 3)) * np.clip(1 - 2 * v["hair"], 0, 1)).astype(np.float32)
    ys, xs = np.nonzero(m > 0.5)
    if len(xs) < 50:
        return
    width = np.sqrt(len(xs))
    dark = np.zeros_like(m)
    for _ in range(int(rng.choice([0, 3, 10, 30]))):
        i, r = rng.integers(len(xs)), width * np.exp(rng.uniform(-5, -3.2))
        cv2.ellipse(dark, (int(xs[i]), int(ys[i])), (max(1, int(r)), max(1, int(r * rng.uniform(0.5, 1)))), 0, 0, 360, float(rng.uniform(0.1, 0.5)), -1, cv2.LINE_AA)
    dark = cv2.GaussianBlur(dark + wrinkles(rng, m.shape, xs, ys, width), (0, 0), rng.uniform(0.4, 1.5))
    blotch = rng.uniform(0, 0.3) * clouds(rng, m.shape, rng.uniform(8, 60)) + rng.uniform(0, 0.12) * (clouds(rng, m.shape, 2, 1) - 0.5)
    shade = np.clip(1 - m * (dark + blotch), 0.2, 1.2)[..., None]
    v["rgb"] = np.clip(v["rgb"] * shade ** np.array([0.7, 1.0, 1.1]), 0, 1).astype(np.float32)


def wrinkles(rng, shape, xs, ys, width):
    """Folds that lie side by side, waves of one another: darkening 0..0.5, with a lit flank (negative) where the light comes from the side."""
    out = np.zeros(shape, np.float32)
    i, t = rng.integers(len(xs)), rng.normal(0, 0.25)
    gap, lit = width * rng.uniform(0.03, 0.07), rng.choice([0, 0.5, 1])
    for k in range(int(rng.choice([0, 0, 2, 5, 8]))):
        u = np.linspace(-0.5, 0.5, 24) * width * rng.uniform(0.5, 1.2)
        depth, thick = float(rng.uniform(0.1, 0.5)), int(rng.integers(1, 3))
        w = k * gap + width * 0.02 * np.sin(u / width * rng.uniform(6, 16) + rng.uniform(0, 6))
        for off, d in ((thick, -depth * lit), (0, depth)):
            line = np.stack([xs[i] + u * np.cos(t) - (w + off) * np.sin(t), ys[i] + u * np.sin(t) + (w + off) * np.cos(t)], 1)
            cv2.polylines(out, [line.astype(np.int32)], False, d, thick, cv2.LINE_AA)
    return out


def shave(v, rng):
    """Takes the hair off part of the scalp, or all of it: smooth skin, lit as before."""
    scalp = (v["classes"] == 3).astype(np.float32)
    skin = body_colour(v)
    if scalp.sum() < 100 or skin is None:
        return
    off = scalp if rng.random() < 0.5 else scalp * (1 - pattern(v, rng))
    off = cv2.GaussianBlur(off, (0, 0), 0.6)
    bare = (np.isin(v["classes"], (2, 3)) * np.clip(1 - 1.6 * v["hair"], 0.02, 1)).astype(np.float32)
    s = max(1.5, np.sqrt(scalp.sum()) * rng.uniform(0.02, 0.07))
    seen = cv2.GaussianBlur(v["rgb"] * bare[..., None], (0, 0), s) / np.maximum(cv2.GaussianBlur(bare, (0, 0), s), 1e-4)[..., None]
    light = np.clip(seen.mean(2) / max(float(skin.mean()), 0.03), 0.25, 1.8) ** rng.uniform(0.5, 1)
    new = skin * (light * (1 + rng.uniform(0, 0.15) * (clouds(rng, scalp.shape, rng.uniform(2, 30)) - 0.5)))[..., None]
    blend = (off * np.clip(v["hair"] * 4 + rng.uniform(0, 0.6), 0, 1))[..., None]
    v["rgb"] = np.clip(v["rgb"] * (1 - blend) + new * blend, 0, 1).astype(np.float32)
    v["hair"] = v["hair"] * (1 - blend[..., 0])
    v["grown"] = v["grown"] * (1 - blend[..., 0])
    v["density_known"] &= blend[..., 0] < 0.05


def grow_beard(v, rng):
    """Paints a beard on cheeks, lip and chin: it is class brow, never scalp hair."""
    p = np.nan_to_num(v["pos"] * 100)
    x, y, z = np.abs(p[..., 0]), p[..., 1], p[..., 2]
    wob = (clouds(rng, x.shape, 8) - 0.5) * 10
    m = (v["classes"] == 2) & (y < rng.uniform(-30, -8) - (z - 22) * rng.uniform(0.2, 0.6) + wob) & (y > rng.uniform(-125, -100)) & (z > rng.uniform(5, 30) + wob)
    if m.sum() < 30:
        return
    c = cv2.GaussianBlur(m.astype(np.float32), (0, 0), rng.uniform(0.8, 2.5)) * rng.uniform(0.35, 1)
    n = curved_grain(rng, x.shape, rng.uniform(0, np.pi), int(rng.integers(1, 6)))
    cover = np.clip(c + rng.uniform(0.2, 1) * (n - 0.5) * 4 * c * (1 - c), 0, 1) * (v["classes"] == 2)
    grey = cv2.GaussianBlur(v["rgb"].mean(2), (0, 0), 3)
    shade = np.clip(grey / max(np.median(grey[m]), 0.05), 0.3, 2) ** 0.7
    col = np.clip(HAIR_COLOURS[rng.integers(len(HAIR_COLOURS))] * rng.uniform(0.6, 1.2) * (shade * (0.7 + 0.6 * n))[..., None], 0, 1)
    v["rgb"] = (v["rgb"] * (1 - cover[..., None]) + col * cover[..., None]).astype(np.float32)
    v["classes"][m & (c > 0.3)] = 5


def curved_grain(rng, shape, angle, length):
    """Strands of two directions, blended smoothly: parting, whorl, curl."""
    t = clouds(rng, shape, rng.uniform(40, 160))
    return grain(rng, shape, angle, length) * t + grain(rng, shape, angle + rng.uniform(0.3, 1.6), length) * (1 - t)


def volume(field, v, rng, width):
    """Lets dense hair stand out beyond the skull, over background and ears; now and then it falls over the forehead."""
    k = int(width * rng.uniform(0.0, 0.12))
    if k < 2:
        return field * (v["classes"] == 3)
    grown = cv2.dilate(field, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * k + 1, 2 * k + 1)))
    edge = cv2.GaussianBlur(grown, (0, 0), rng.uniform(0.7, 2.5)) + (clouds(rng, field.shape, 6) - 0.5) * rng.uniform(0, 0.4)
    edge = np.clip(edge, 0, 1) * (grown > 0.02)
    allowed = np.isin(v["classes"], (0, 3, 4)) if rng.random() < 0.7 else np.isin(v["classes"], (0, 3))
    if rng.random() < 0.2:  # a fringe ends above the brows
        allowed |= (v["classes"] == 2) & (np.nan_to_num(v["pos"][..., 1]) * 100 > rng.uniform(55, 75))
    return np.where(v["classes"] == 3, field, edge * allowed).astype(np.float32)


def glare(v, rng):
    """Highlights on skin."""
    m = (np.isin(v["classes"], (2, 3)) & (v["hair"] < 0.6)).astype(np.float32)
    ys, xs = np.nonzero(m)
    if len(xs) < 50:
        return
    h, w = m.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    spot = np.zeros_like(m)
    for _ in range(int(rng.integers(1, 4))):
        i = rng.integers(len(xs))
        sx, sy, t = np.exp(rng.uniform(1.0, 3.7)), np.exp(rng.uniform(1.0, 3.7)), rng.uniform(0, np.pi)
        dx, dy = (x - xs[i]) * np.cos(t) + (y - ys[i]) * np.sin(t), -(x - xs[i]) * np.sin(t) + (y - ys[i]) * np.cos(t)
        spot = np.maximum(spot, rng.uniform(0.15, 1.1) * np.exp(-0.5 * ((dx / sx) ** 2 + (dy / sy) ** 2)))
    a = np.clip(spot * cv2.GaussianBlur(m, (0, 0), 1) * (1 - 0.6 * v["hair"]) * (0.8 + 0.4 * clouds(rng, m.shape, 5)), 0, 1)[..., None]
    tint = np.clip(1 + rng.normal(0, 0.05, 3), 0.8, 1)
    v["rgb"] = np.clip(v["rgb"] * (1 - a) + tint * a, 0, 1).astype(np.float32)


def relight(v, rng):
    """Lamps and windows as the head's own shape shows them: a shining dome, a side in the dark. Needs normals and the camera's place."""
    known = np.isfinite(v["normal"][..., 0]) & np.isfinite(v["pos"][..., 0])
    if known.sum() < 200:
        return
    n, p = np.nan_to_num(v["normal"]), np.nan_to_num(v["pos"])
    view = unit(v["eye"] - p)
    towards = unit(v["eye"])
    mask = cv2.GaussianBlur(known.astype(np.float32), (0, 0), 0.7)
    shade, shine = np.full(mask.shape, rng.uniform(0.1, 0.9), np.float32), np.zeros(mask.shape, np.float32)
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        lamp = unit(towards * rng.uniform(-0.4, 1) + np.array([0, rng.uniform(-0.2, 1.2), 0]) + rng.normal(0, 0.6, 3))
        shade += rng.uniform(0.2, 1) * np.maximum(0, n @ lamp)
        shine = np.maximum(shine, rng.choice([0, 0.4, 0.8, 1.2]) * rng.uniform(0.3, 1) * highlight(n, view, lamp, rng))
    shade = (shade / np.median(shade[known])) ** rng.uniform(0.2, 0.6)  # exponent: pictures are kept as the eye sees them, not in linear light
    tint = np.clip(1 + rng.normal(0, 0.05, 3), 0.8, 1)
    v["rgb"] = v["rgb"] * (1 + mask * (np.clip(shade, 0.2, 1.7) - 1))[..., None]
    skin = np.isin(v["classes"], (2, 3, 4)) * mask
    pores = 1 + rng.uniform(0, 0.8) * (clouds(rng, mask.shape, rng.uniform(1.5, 5), 1) - 0.5) + rng.uniform(0, 0.8) * (clouds(rng, mask.shape, rng.uniform(6, 40)) - 0.5)
    a = np.clip(shine * skin * (1 - 0.85 * v["hair"]) * pores, 0, 1)[..., None]
    v["rgb"] = np.clip(v["rgb"] * (1 - a) + tint * a, 0, 1).astype(np.float32)


def highlight(n, view, lamp, rng):
    """How a lamp mirrors in skin, 0..1: a lobe, or a window with its frame; more at grazing angles (Schlick)."""
    graze = 1 + 4 * (1 - np.clip((n * view).sum(2), 0, 1)) ** 5
    if rng.random() < 0.7:
        half = unit(view + lamp)
        return np.minimum(1, np.clip((n * half).sum(2), 0, 1) ** np.exp(rng.uniform(1.2, 5)) * graze)
    mirror = 2 * (n * view).sum(2, keepdims=True) * n - view
    across = unit(np.cross(lamp, unit(rng.normal(0, 1, 3))))
    x, y = mirror @ across, mirror @ np.cross(lamp, across)
    soft = rng.uniform(0.01, 0.15)
    edge = lambda d: 1 / (1 + np.exp(-np.clip(d / soft, -30, 30)))
    return np.minimum(1, edge(rng.uniform(0.05, 0.5) - np.abs(x)) * edge(rng.uniform(0.05, 0.5) - np.abs(y)) * (mirror @ lamp > 0) * graze)


def unit(a):
    return a / np.maximum(np.linalg.norm(a, axis=-1, keepdims=True), 1e-6)


def cast_shadow(v, rng):
    """The shadow of a hand or a phone on the head: darker, a little bluer, soft or sharp at its edge."""
    h, w = v["hair"].shape
    ys, xs = np.nonzero(np.isin(v["classes"], (2, 3)))
    if len(xs) < 50:
        return
    i, size = rng.integers(len(xs)), np.sqrt(len(xs))
    m = np.zeros((h, w), np.float32)
    axes = tuple(max(2, int(size * rng.uniform(0.1, 0.5))) for _ in range(2))
    if rng.random() < 0.5:
        cv2.ellipse(m, (int(xs[i]), int(ys[i])), axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    else:
        cv2.fillPoly(m, [cv2.boxPoints(((float(xs[i]), float(ys[i])), (2.0 * axes[0], 2.0 * axes[1]), float(rng.uniform(0, 180)))).astype(np.int32)], 1.0)
    m = cv2.GaussianBlur(m, (0, 0), size * rng.uniform(0.005, 0.1)) * rng.uniform(0.25, 0.8)
    v["rgb"] = (v["rgb"] * (1 - m[..., None] * np.array([1.0, 0.97, 0.92]))).astype(np.float32)


def occlude(v, rng):
    """Something held in front: a card, a hand, a phone. It belongs to class 1."""
    h, w = v["hair"].shape
    m = np.zeros((h, w), np.uint8)
    p = (float(rng.uniform(0, w)), float(rng.uniform(0, h)))
    box = (p, (float(rng.uniform(15, 90)), float(rng.uniform(10, 60))), float(rng.uniform(0, 180)))
    if rng.random() < 0.6:
        cv2.fillPoly(m, [cv2.boxPoints(box).astype(np.int32)], 1)
    else:
        cv2.ellipse(m, box, 1, -1)
    skin = body_colour(v)
    c = pick_thing_colour(rng, skin) * (0.8 + 0.4 * clouds(rng, (h, w), 40)[..., None])
    v["rgb"] = np.where(m[..., None] > 0, np.clip(c, 0, 1), v["rgb"]).astype(np.float32)
    v["classes"][m > 0] = 1
    v["hair"] = np.where(m > 0, 0, v["hair"]).astype(np.float32)
    v["grown"] = np.where(m > 0, 0, v["grown"]).astype(np.float32)
    v["density_known"] &= m == 0


def light_and_camera(v, rng):
    """Shadows and falling light, white balance, exposure, tone, focus, noise, sharpening, JPEG."""
    img = v["rgb"]
    shape = img.shape[:2]
    if rng.random() < 0.6:
        img = img * shading(rng, shape)[..., None]
    if rng.random() < 0.7:
        img = img * np.exp(rng.normal(0, rng.choice([0.11, 0.11, 0.11, 0.25]), 3))  # now and then coloured light: a red lamp, a tent
    sat = np.exp(rng.normal(0, 0.35)) if rng.random() > 0.06 else 0.0
    grey = img.mean(2, keepdims=True)
    img = grey + (img - grey) * sat
    img = np.clip(img * np.exp(rng.normal(0.05, 0.2)), 0, 1.3)
    img = np.clip(img, 0, 1) ** np.exp(rng.normal(0, 0.25))
    if rng.random() < 0.3:
        img = rng.uniform(0, 0.15) + img * rng.uniform(0.7, 0.95)
    img = img.astype(np.float32)
    if rng.random() < 0.4:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.4:
        soft = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.7, 2.0))
        img = img + rng.uniform(0.3, 1.5) * (img - soft)
    if rng.random() < 0.6:
        n = rng.normal(0, rng.uniform(0.003, 0.05), shape + (3,)).astype(np.float32)
        img = img + (cv2.GaussianBlur(n, (0, 0), 0.8) * 2 if rng.random() < 0.4 else n)
    img = np.clip(img, 0, 1)
    if rng.random() < 0.6:
        _, buf = cv2.imencode(".jpg", (img * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 92))])
        img = cv2.imdecode(buf, cv2.IMREAD_COLOR).astype(np.float32) / 255
    v["rgb"] = img.astype(np.float32)


def shading(rng, shape):
    """A smooth or sharp-edged multiplier of light."""
    h, w = shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    t = rng.uniform(0, 2 * np.pi)
    u = ((x - w / 2) * np.cos(t) + (y - h / 2) * np.sin(t)) / max(h, w)
    s = np.exp(rng.normal(0, 0.7) * u)
    if rng.random() < 0.35:
        edge = rng.uniform(0.01, 0.25)
        s = s * (1 - rng.uniform(0.2, 0.75) / (1 + np.exp(-np.clip((u - rng.uniform(-0.4, 0.4) + 0.12 * (clouds(rng, shape, 60) - 0.5)) / edge * 4, -30, 30))))
    if rng.random() < 0.3:
        s = s * (1 - rng.uniform(0.1, 0.6) * clouds(rng, shape, rng.uniform(30, 120)) ** 2)
    return s.astype(np.float32)
