"""Synthetic close-ups with known roots: everything is drawn here, no photo is used.

picture(rng) returns an RGB picture, its resolution, the roots, whether its hair is too long to count, and where hair is and where
something burned in hides the skin.
Lengths are millimetres until they are drawn; `s` is the number of drawing pixels per millimetre, pictures are drawn at two or
three times their resolution and averaged, so edges lie between pixels. Angles are radians, x right, y down.
"""
import math

import cv2
import numpy as np

FINEST, COARSEST = 48.0, 20.0  # working resolutions, pixels per mm; the counter's own
HAIR, HIDDEN = 1, 2            # bits of the map of cells
SHIFT = 4                      # fractional bits of OpenCV's drawing coordinates


class Hair:
    """A hair as drawn: points from root to tip (mm), width (mm), colour, and how it comes out of the skin."""

    def __init__(self, points, width, colour, fade, dark):
        self.points, self.width, self.colour, self.fade = points, width, colour, fade
        self.dark, self.dark_mm = dark  # how much darker the root is, and over what length


# ---- skin -------------------------------------------------------------------------------------------------------------

def noise(rng, shape, wave, s, stretch=1.0, angle=0.0):
    """Smooth noise of standard deviation near one, its features `wave` mm wide and `stretch` times as long along `angle`."""
    h, w = shape
    side = int(math.hypot(h, w)) + 2
    step = max(wave * s, 1.0)
    g = rng.standard_normal((max(2, int(side / step) + 2), max(2, int(side / (step * stretch)) + 2))).astype(np.float32)
    n = cv2.resize(g, (side, side), interpolation=cv2.INTER_CUBIC)
    if stretch > 1.05 and abs(angle) > 0.02:
        m = cv2.getRotationMatrix2D((side / 2, side / 2), -math.degrees(angle), 1.0)
        n = cv2.warpAffine(n, m, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    y, x = (side - h) // 2, (side - w) // 2
    return n[y:y + h, x:x + w] * 1.4


def lab(L, a, b):
    return cv2.cvtColor(np.array([[[L, a, b]]], np.float32), cv2.COLOR_Lab2RGB)[0, 0]


def skin(rng, shape, s, scope):
    """Skin in 0..1 RGB: tone, uneven light, relief, wrinkles, gloss."""
    L = rng.uniform(45, 85) if scope else rng.uniform(22, 88)
    base = lab(L, rng.uniform(-2, 14), rng.uniform(-14, 24)) if scope else lab(L, rng.uniform(4, 20), rng.uniform(6, 30))
    img = np.ones(shape + (3,), np.float32) * np.clip(base, 0.04, 1)
    light = noise(rng, shape, rng.uniform(1.5, 5), s) * rng.uniform(0, 0.16)
    img *= (1 + light)[..., None]
    tint = rng.normal(0, 1, 3).astype(np.float32) * rng.exponential(0.02)
    img *= 1 + noise(rng, shape, rng.uniform(0.6, 3), s)[..., None] * tint
    if rng.random() < 0.3:  # redness
        img *= 1 - np.clip(noise(rng, shape, rng.uniform(0.4, 1.2), s), 0, 2)[..., None] * np.array([0.0, 0.08, 0.07], np.float32) * rng.random()
    angle, stretch = rng.uniform(0, math.pi), rng.uniform(1, 4)
    t = np.zeros(shape, np.float32)
    for wave in (0.03, 0.06, 0.12, 0.25, 0.5):
        if rng.random() < 0.75:
            t += noise(rng, shape, wave, s, stretch if wave > 0.04 else 1, angle) * rng.exponential(0.018)
    img *= (1 + np.clip(t, -0.4, 0.4))[..., None]
    if rng.random() < 0.6:  # wrinkles: valleys of a stretched noise, dark or shining
        n = noise(rng, shape, rng.uniform(0.12, 0.5), s, rng.uniform(1.5, 6), rng.uniform(0, math.pi))
        r = np.exp(-np.abs(n) * rng.uniform(4, 14))
        img *= (1 + r * rng.uniform(-0.22, 0.14))[..., None]
    if rng.random() < (0.8 if scope else 0.35):  # gloss
        place = np.clip(noise(rng, shape, rng.uniform(0.4, 1.5), s) - rng.uniform(-0.6, 1.2), 0, 1)
        spots = np.clip(noise(rng, shape, rng.uniform(0.015, 0.07), s, rng.uniform(1, 3), rng.uniform(0, 3)) - rng.uniform(0, 1.5), 0, 1.5)
        tone = np.array([rng.uniform(0.8, 1), rng.uniform(0.85, 1), 1.0], np.float32)
        img += (place * spots)[..., None] * tone * rng.uniform(0.1, 0.6)
    return np.clip(img, 0, 1)


# ---- hair -------------------------------------------------------------------------------------------------------------

def units(rng, area, per_cm2):
    """Follicular unit centres in a box (x0, y0, x1, y1) mm by dart throwing with a hard core."""
    x0, y0, x1, y1 = area
    want = rng.poisson(per_cm2 * (x1 - x0) * (y1 - y0) / 100)
    core = rng.uniform(0.35, 0.66) * 10 / math.sqrt(max(per_cm2, 1e-6))
    cells, out = {}, []
    for _ in range(want * 6):
        if len(out) >= want:
            break
        p = (rng.uniform(x0, x1), rng.uniform(y0, y1))
        c = (int(p[0] // core), int(p[1] // core))
        near = [q for i in (-1, 0, 1) for j in (-1, 0, 1) for q in cells.get((c[0] + i, c[1] + j), ())]
        if all(math.hypot(p[0] - q[0], p[1] - q[1]) >= core for q in near):
            cells.setdefault(c, []).append(p)
            out.append(p)
    return out


def colour_of(rng, tone):
    """Hair colour 0..1 by name of tone."""
    k = {"black": (0.02, 0.12), "brown": (0.10, 0.28), "fair": (0.30, 0.60), "white": (0.60, 0.97)}[tone]
    v = rng.uniform(*k)
    warm = {"black": 0.15, "brown": 0.35, "fair": 0.4, "white": 0.08}[tone] * rng.random()
    return np.array([v * (1 + warm * 0.5), v, v * (1 - warm)], np.float32)


def strand(rng, root, angle, length, bend):
    """Points of a slightly bent hair."""
    n = 2 if length < 0.4 else 4 if length < 2 else 7 if length < 9 else 16
    t = np.linspace(0, 1, n + 1)
    a = angle + bend * t
    step = length / n
    p = np.zeros((n + 1, 2))
    p[0] = root
    for i in range(n):
        p[i + 1] = p[i] + step * np.array([math.cos(a[i]), math.sin(a[i])])
    return p


LEAST = (0.06, 0.14)  # difference in brightness between hair and skin below which nobody sees the hair


def scene_hair(rng, size_mm, scope, kind, behind):
    """Hairs of a picture on skin of brightness `behind`. kind: none, stubble, buzz or long."""
    if kind == "none":
        return []
    length = {"stubble": math.exp(rng.normal(math.log(0.42), 0.35)) if scope else math.exp(rng.uniform(math.log(0.3), math.log(1.6))),
              "buzz": rng.uniform(1.6, 8), "long": rng.uniform(12, 30)}[kind]
    flat = rng.uniform(0.55, 1.0)
    if not scope:
        length *= flat
    reach = length * 1.2 if kind != "long" else 8
    box = (-reach, -reach, size_mm + reach, size_mm + reach) if kind != "stubble" else (-0.5, -0.5, size_mm + 0.5, size_mm + 0.5)
    density = rng.uniform(12, 115) if rng.random() < 0.8 else rng.uniform(2, 30)
    weights = np.array([0.38, 0.40, 0.18, 0.04]) * rng.uniform(0.3, 1.7, 4)
    heading, turn = rng.uniform(0, 2 * math.pi), rng.normal(0, 0.05, 2)
    tones, mixed = ("black", "brown", "fair", "white"), rng.random() < 0.2
    main = "black" if scope and rng.random() < 0.8 else str(rng.choice(tones, p=[0.42, 0.28, 0.15, 0.15]))
    grey = rng.uniform(0.1, 0.8) if mixed else 0
    own, other = colour_of(rng, main), colour_of(rng, "white" if main != "white" else "black")
    least = rng.uniform(*LEAST)
    if abs(float(own.mean()) - behind) < least:
        own = own + (least + rng.uniform(0, 0.1)) * (1 if behind < 0.35 else -1)
    mean_w = rng.uniform(0.06, 0.1) if scope else rng.uniform(0.045, 0.088)
    wild, spread = rng.uniform(0.02, 0.2), rng.uniform(0.05, 0.25)
    apart = rng.uniform(0.02, 0.13)
    fan = rng.normal(0.13, 0.13)  # hairs of one opening lean apart, seldom across each other
    fade = rng.uniform(0.02, 0.28) if scope else rng.uniform(0, 0.04)
    fine = rng.uniform(0.03, 0.25)
    dark = (rng.uniform(0, 0.45) if rng.random() < 0.7 else 0, rng.uniform(0.1, 0.6))
    curl = rng.normal(0, 0.15) if rng.random() < 0.5 else 0
    hairs = []
    for c in units(rng, box, density):
        n = 1 + rng.choice(4, p=weights / weights.sum())
        a0 = heading + turn[0] * c[0] + turn[1] * c[1] + rng.normal(0, wild)
        l0 = length * math.exp(rng.normal(0, 0.12 if not scope else 0.22))
        ring = rng.uniform(0, 2 * math.pi)
        for k in range(n):
            place = k - (n - 1) / 2
            if scope:  # side by side: across the hair's direction first
                across, along = place * apart * rng.uniform(0.5, 1.5), rng.normal(0, 0.05)
                off = np.array([-math.sin(a0) * across + math.cos(a0) * along, math.cos(a0) * across + math.sin(a0) * along])
            else:  # around the unit's centre
                f = ring + k * 2 * math.pi / n + rng.normal(0, 0.4)
                off = rng.uniform(0.02, 0.17) * np.array([math.cos(f), math.sin(f)])
            a = a0 + rng.normal(0, spread) + (place * fan if scope else 0)
            thin = rng.random() < fine
            w = max(0.028, mean_w * rng.normal(1, 0.12)) * (rng.uniform(0.3, 0.7) if thin else 1)
            l = l0 * math.exp(rng.normal(0, 0.24 if scope else 0.10)) * (rng.uniform(0.4, 1) if thin else 1)
            col = (other if rng.random() < grey else own) * rng.uniform(0.8, 1.2)
            if thin and rng.random() < 0.6:
                col = col * 0.6 + rng.uniform(0.1, 0.3) * np.array([1.15, 1, 0.8], np.float32)
            bend = curl * l + rng.normal(0, 0.03) if kind != "long" else rng.normal(0, 0.8)
            hairs.append(Hair(strand(rng, np.array(c) + off, a, l, bend), w, np.clip(col, 0, 1), fade * rng.uniform(0.6, 1.4), dark))
    rng.shuffle(hairs)
    return hairs


def outline(points, width, s, rng, tip, rough=0.0):
    """Polygon of a hair in drawing coordinates; the tip is cut square, slanting or drawn out, the edges uneven by `rough`."""
    p = points * s
    d = np.empty_like(p)
    d[0], d[-1], d[1:-1] = p[1] - p[0], p[-1] - p[-2], p[2:] - p[:-2]
    d /= np.maximum(np.hypot(d[:, 0], d[:, 1])[:, None], 1e-6)
    n = np.stack([-d[:, 1], d[:, 0]], 1) * (width * s / 2)
    taper = np.ones(len(p))
    taper[0] = 0.9
    if tip == "fine":
        taper[-1] = 0.25
    if rough > 0:
        taper = taper * (1 + rough * rng.standard_normal(len(p)))
    left, right = p + n * taper[:, None], p - n * taper[:, None]
    if tip == "slant":
        left[-1] += d[-1] * width * s * rng.uniform(-0.8, 0.8)
    return np.concatenate([left, right[::-1]])


def fixed(q):
    return np.round(q * (1 << SHIFT)).astype(np.int32)


def shade(img, hairs, s, rng, scope):
    """Shadows on the skin, and the roots that shine through it behind each hair."""
    h, w = img.shape[:2]
    if rng.random() < (0.3 if scope else 0.8):  # the farther from the root, the farther and softer the shadow
        f, far, deep, soft = rng.uniform(0, 2 * math.pi), rng.uniform(0.02, 0.5), rng.uniform(0.1, 0.7), rng.uniform(0.03, 0.2)
        to = np.array([math.cos(f), math.sin(f)])
        for i, (u, v) in enumerate(((0, 0.35), (0.35, 0.7), (0.7, 1))):
            m = np.zeros((h, w), np.uint8)
            for x in hairs:
                n = len(x.points) - 1
                q = x.points[int(u * n):max(int(u * n) + 2, int(math.ceil(v * n)) + 1)]
                if n < 4:  # too few points to cut
                    q = x.points[0] + (x.points[-1] - x.points[0]) * np.array([[u], [v]])
                rise = min(1.5, math.hypot(*(x.points[-1] - x.points[0])))
                q = q + np.linspace(u, v, len(q))[:, None] * far * rise * to
                cv2.polylines(m, [fixed(q * s)], False, 255, max(1, int(x.width * s * 1.2)), cv2.LINE_AA, SHIFT)
            k = 2 if i else 1  # soft ones need no fine grid
            small = cv2.resize(m, (w // k, h // k), interpolation=cv2.INTER_AREA)
            small = cv2.GaussianBlur(small, (0, 0), max(0.3, (0.012 + soft * (0, 0.4, 1)[i]) * s / k))
            m = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR) if k > 1 else small
            img *= 1 - m[..., None].astype(np.float32) * np.float32(deep / 255)
    if rng.random() < (0.92 if scope else 0.12):
        near, far = np.zeros((h, w), np.uint8), np.zeros((h, w), np.uint8)
        deep, wide = rng.uniform(0.15, 0.8), rng.uniform(0.8, 2.2)
        for x in hairs:
            d = x.points[0] - x.points[1]
            a = math.atan2(d[1], d[0]) + rng.normal(0, 0.2)
            l = deep * rng.uniform(0.3, 1.3)
            e = x.points[0] + l * np.array([math.cos(a), math.sin(a)])
            f = x.points[0] + l * rng.uniform(0.2, 0.5) * np.array([math.cos(a), math.sin(a)])
            v = int(255 * rng.uniform(0.4, 1))
            cv2.polylines(near, [fixed(np.stack([x.points[0], f]) * s)], False, v, max(1, int(x.width * s * wide)), cv2.LINE_AA, SHIFT)
            cv2.polylines(far, [fixed(np.stack([x.points[0], e]) * s)], False, v, max(1, int(x.width * s * wide * 1.7)), cv2.LINE_AA, SHIFT)
        near = cv2.GaussianBlur(near, (0, 0), rng.uniform(0.015, 0.06) * s)
        far = cv2.GaussianBlur(far, (0, 0), rng.uniform(0.05, 0.15) * s)
        m = sum(g.astype(np.float32) * np.float32(rng.uniform(0.1, 0.75) / max(int(g.max()), 64)) for g in (near, far))
        tone = rng.uniform(0.2, 0.55) + np.array([0, rng.uniform(0, 0.1), rng.uniform(0, 0.2)], np.float32)  # depth looks grey to blue
        img *= 1 - np.clip(m, 0, 1)[..., None] * (1 - tone)
        np.clip(img, 0, 1, out=img)
    if scope and rng.random() < 0.5:  # a rim around the opening
        m = np.zeros((h, w), np.uint8)
        for x in hairs:
            if rng.random() < 0.5:
                c = x.points[0] * s
                cv2.ellipse(m, (int(c[0]), int(c[1])), (int(rng.uniform(0.06, 0.16) * s), int(rng.uniform(0.05, 0.12) * s)), rng.uniform(0, 180), 0, rng.uniform(150, 360), 255, max(1, int(0.03 * s)), cv2.LINE_AA)
        m = cv2.GaussianBlur(m, (0, 0), 0.02 * s).astype(np.float32) / 255
        img += m[..., None] * np.float32(rng.uniform(-0.35, 0.25))
        np.clip(img, 0, 1, out=img)


def lay(img, x, s, rng, tip, gloss, rough=0.0):
    """One hair, faded in at its root where it comes through the skin."""
    poly = outline(x.points, x.width, s, rng, tip, rough)
    lo, hi = np.floor(poly.min(0)).astype(int) - 2, np.ceil(poly.max(0)).astype(int) + 3
    h, w = img.shape[:2]
    x0, y0, x1, y1 = max(lo[0], 0), max(lo[1], 0), min(hi[0], w), min(hi[1], h)
    if x0 >= x1 or y0 >= y1:
        return
    length = float(np.hypot(*(x.points[-1] - x.points[0])))
    if length > 1.6:  # large box: opaque, in pieces of slightly different colour
        part = img[y0:y1, x0:x1]
        first = x.points[0] + (x.points[1] - x.points[0]) * np.array([[0], [0.1], [0.3], [0.6]])
        points, at = np.concatenate([first, x.points[1:]]), 0.0
        for i in range(len(points) - 1):
            q = outline(points[i:i + 2], x.width, s, rng, "square") - (x0, y0)
            c = np.clip(x.colour * rng.uniform(0.92, 1.08) * (1 - x.dark * math.exp(-at / x.dark_mm)), 0, 1) * 255
            at += math.hypot(*(points[i + 1] - points[i]))
            cv2.fillPoly(part, [fixed(q)], [float(v) for v in c], cv2.LINE_AA, SHIFT)
        return
    m = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(m, [fixed(poly - (x0, y0))], 255, cv2.LINE_AA, SHIFT)
    a = m.astype(np.float32) / 255
    d = x.points[1] - x.points[0]
    d /= max(np.hypot(*d), 1e-6)
    yy, xx = np.mgrid[y0:y1, x0:x1]
    t = (xx / s - x.points[0][0]) * d[0] + (yy / s - x.points[0][1]) * d[1]
    if x.fade > 0.01:
        a *= np.clip(0.25 + t / min(x.fade, length / 2), 0, 1).astype(np.float32)
    part = img[y0:y1, x0:x1]
    colour = x.colour * 255 * (1 - x.dark * np.exp(-np.maximum(t, 0) / x.dark_mm))[..., None]
    if rough > 0:  # scales and dirt: a shaft is not of one colour
        grain = rng.standard_normal((m.shape[0] // 3 + 1, m.shape[1] // 3 + 1)).astype(np.float32)
        colour = np.clip(colour + cv2.resize(grain, m.shape[::-1])[..., None] * (120 * rough), 0, 255)
    part[:] = (part + (colour - part) * a[..., None]).astype(np.uint8)
    if gloss > 0 and length > 0.15:
        q = (x.points * s - (x0, y0))
        c = [float(v) for v in np.clip(x.colour * 255 * (1 - gloss) + 255 * gloss, 0, 255)]
        cv2.polylines(part, [fixed(q[:-1] * 0.7 + q[1:] * 0.3)], False, c, max(1, int(x.width * s * 0.2)), cv2.LINE_AA, SHIFT)


# ---- what lies on top -------------------------------------------------------------------------------------------------

def litter(img, s, rng, scope):
    """Dust, dye, flakes, fallen hair: nothing to count."""
    h, w = img.shape[:2]
    for _ in range(rng.poisson(2.0) if rng.random() < 0.6 else 0):
        c = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
        r = rng.exponential(0.02) + 0.012
        tone = [float(v) for v in (rng.uniform(0, 70, 3) if rng.random() < 0.6 else (rng.uniform(20, 90), rng.uniform(40, 120), rng.uniform(110, 220)))]
        cv2.ellipse(img, c, (max(1, int(r * s)), max(1, int(r * s * rng.uniform(0.4, 1)))), rng.uniform(0, 180), 0, 360, tone, -1, cv2.LINE_AA)
    for _ in range(rng.poisson(1.0) if rng.random() < 0.3 else 0):  # flakes
        c, r = rng.uniform(0, (w, h)), rng.uniform(0.04, 0.2) * s
        f = np.sort(rng.uniform(0, 2 * math.pi, 7))
        q = c + (r * rng.uniform(0.4, 1, 7))[:, None] * np.stack([np.cos(f), np.sin(f)], 1)
        m = np.zeros((h, w), np.uint8)
        cv2.fillPoly(m, [fixed(q)], 255, cv2.LINE_AA, SHIFT)
        a = m[..., None].astype(np.float32) / 255 * rng.uniform(0.2, 0.7)
        img[:] = (img + (rng.uniform(170, 250) - img.astype(np.float32)) * a).astype(np.uint8)
    for _ in range(1 + rng.poisson(1.0) if rng.random() < 0.2 else 0):  # clippings: no root, both ends sharp, often against the grain
        p, a = rng.uniform(0, (w, h)) / s, rng.uniform(0, 2 * math.pi)
        q = outline(strand(rng, p, a, rng.uniform(0.15, 0.7), rng.normal(0, 0.3)), rng.uniform(0.03, 0.08), s, rng, "slant", 0.1)
        cv2.fillPoly(img, [fixed(q)], [float(v) for v in rng.uniform(5, 70) * np.ones(3)], cv2.LINE_AA, SHIFT)
    for _ in range(1 + rng.integers(2) if rng.random() < 0.15 else 0):  # hair that lies across
        p, a = rng.uniform(0, (w, h)) / s, rng.uniform(0, 2 * math.pi)
        q = strand(rng, p - 6 * np.array([math.cos(a), math.sin(a)]), a, 12, rng.normal(0, 0.4))
        cv2.polylines(img, [fixed(q * s)], False, [float(v) for v in rng.uniform(20, 130) * np.ones(3)], max(1, int(rng.uniform(0.015, 0.05) * s)), cv2.LINE_AA, SHIFT)


def burn_in(img, s, rng):
    """Circles, lines, bars, text and strips that instruments write into a frame; returns a mask of what hides skin."""
    h, w = img.shape[:2]
    hidden = np.zeros((h, w), bool)
    bright = lambda: [float(v) for v in rng.choice([[255, 0, 0], [230, 30, 30], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 255, 255], [20, 20, 20], [0, 255, 255]])]
    if rng.random() < 0.7:
        r = rng.uniform(0.8, 4) * s
        cv2.circle(img, (int(rng.uniform(-0.5, 1.5) * w), int(rng.uniform(-0.5, 1.5) * h)), int(r), [230.0, 30.0, 30.0] if rng.random() < 0.6 else bright(), max(1, int(0.008 * s)), cv2.LINE_AA)
    if rng.random() < 0.3:
        q = rng.uniform(-0.2, 1.2, (2, 2)) * (w, h)
        cv2.line(img, tuple(int(v) for v in q[0]), tuple(int(v) for v in q[1]), bright(), max(1, int(0.008 * s)), cv2.LINE_AA)
    if rng.random() < 0.4:  # scale bar
        x, y, l = int(rng.uniform(0, 0.7) * w), int(rng.uniform(0.3, 0.95) * h), int(rng.uniform(0.5, 1.1) * s)
        c = bright() if rng.random() < 0.5 else [40.0, 40.0, 40.0]
        cv2.line(img, (x, y), (x + l, y), c, max(1, int(0.01 * s)))
        if rng.random() < 0.7:
            cv2.line(img, (x, y), (x, y - l), c, max(1, int(0.01 * s)))
    for _ in range(rng.integers(0, 3)):
        x, y, hh, ww = int(rng.uniform(-0.2, 0.9) * w), int(rng.uniform(0, 0.95) * h), int(rng.uniform(0.08, 0.35) * s), int(rng.uniform(0.3, 2) * s)
        if rng.random() < 0.5:
            y = 0
        box = img[max(y, 0):y + hh, max(x, 0):x + ww]
        a = rng.uniform(0.3, 1)
        box[:] = (box * (1 - a) + rng.choice([40, 90, 200, 255]) * a).astype(np.uint8)
        hidden[max(y, 0):y + hh, max(x, 0):x + ww] |= a > 0.6
        text = "".join(rng.choice(list("ABC0123456789=.:/x mm^")) for _ in range(14))
        cv2.putText(img, text, (x + 2, y + int(hh * 0.75)), cv2.FONT_HERSHEY_SIMPLEX, hh / 40, bright(), max(1, int(hh / 14)), cv2.LINE_AA)
    if rng.random() < 0.3:
        n = int(rng.uniform(0.02, 0.15) * h)
        side = rng.integers(4)
        sl = [np.s_[-n:], np.s_[:n], np.s_[:, -n:], np.s_[:, :n]][side]
        img[sl] = rng.choice([0, 30, 128, 220, 255])
        hidden[sl] = True
    return hidden


def camera(img, rng, scope):
    """Focus, motion, sharpening, noise, tone and JPEG at the final resolution. Takes and gives uint8."""
    f = img.astype(np.float32)
    blur = rng.uniform(0.0, 0.9)
    if blur > 0.25:
        f = cv2.GaussianBlur(f, (0, 0), blur)
    if rng.random() < (0.4 if scope else 0.2):  # only part of the field is sharp
        g = noise(rng, f.shape[:2], 1.0, min(f.shape[:2]) * rng.uniform(0.4, 0.9))
        a = np.clip(g * 2 - rng.uniform(-1, 2), 0, 1)[..., None]
        f = f * (1 - a) + cv2.GaussianBlur(f, (0, 0), rng.uniform(0.8, 3)) * a
    if rng.random() < 0.35:
        f += (f - cv2.GaussianBlur(f, (0, 0), rng.uniform(0.7, 1.5))) * rng.uniform(0.2, 1.2)
    n = rng.exponential(2.0)
    grain = rng.standard_normal(f.shape).astype(np.float32) if rng.random() < 0.5 else np.repeat(rng.standard_normal(f.shape[:2] + (1,)).astype(np.float32), 3, 2)
    f += grain * min(n, 9)
    f = 255 * np.clip(f / 255, 0, 1) ** math.exp(rng.normal(0, 0.15))
    img = np.clip(f * rng.uniform(0.75, 1.15) + rng.normal(0, 6), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        ok, code = cv2.imencode(".jpg", img[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(45, 96))])
        img = cv2.imdecode(code, cv2.IMREAD_COLOR)[..., ::-1].copy() if ok else img
    return img


def picture(rng, side=160, scope=None, kind=None, ppm=None):
    """A square picture of `side` pixels: (RGB uint8, ppm, roots N x 4: place in px and direction, long, what is in each cell of 4 x 4 px: HAIR + HIDDEN)."""
    scope = rng.random() < 0.45 if scope is None else scope
    if ppm is None:
        ppm = FINEST if scope and rng.random() < 0.85 else COARSEST * (FINEST / COARSEST) ** (rng.random() ** 1.4)
    if kind is None:
        kind = str(rng.choice(["none", "stubble", "buzz", "long"], p=[0.04, 0.90, 0.03, 0.03] if scope else [0.04, 0.48, 0.34, 0.14]))
    k = 2 if ppm > 36 else 3
    s, n = ppm * k, side * k
    img = cv2.resize(skin(rng, (side, side), ppm, scope), (n, n), interpolation=cv2.INTER_CUBIC)
    hairs = scene_hair(rng, side / ppm, scope and kind != "long", kind, float(np.median(img)))
    visible = [x for x in hairs if (x.points.max(0) > -0.6).all() and (x.points.min(0) < side / ppm + 0.6).all()]
    if visible:
        shade(img, visible, s, rng, scope)
    img = (np.clip(img, 0, 1) * 255).astype(np.uint8)
    tip = str(rng.choice(["square", "slant", "fine"], p=[0.45, 0.4, 0.15]))
    gloss = rng.uniform(0.05, 0.35) if rng.random() < 0.25 else 0
    rough = rng.uniform(0, 0.16) if rng.random() < 0.6 else 0
    early = rng.random() < 0.5
    if early:
        litter(img, s, rng, scope)
    for x in visible:
        lay(img, x, s, rng, tip, gloss, rough)
    if not early:
        litter(img, s, rng, scope)
    hidden = burn_in(img, s, rng) if rng.random() < (0.35 if scope else 0.05) else np.zeros((n, n), bool)
    roots = []
    for x in visible:
        r, d = x.points[0] * s, x.points[1] - x.points[0]
        if 0 <= r[0] < n and 0 <= r[1] < n and not hidden[int(r[1]), int(r[0])]:
            roots.append(np.concatenate([(r + 0.5) / k - 0.5, d / max(np.hypot(*d), 1e-6)]))
    img = cv2.resize(img, (side, side), interpolation=cv2.INTER_AREA)
    img = camera(img, rng, scope)
    roots = np.array(roots).reshape(-1, 4)
    where = np.zeros((side // 4, side // 4), np.uint8)
    for x in visible:
        cv2.polylines(where, [fixed((x.points * ppm + 0.5) / 4 - 0.5)], False, HAIR, 1, cv2.LINE_8, SHIFT)
    covered = hidden.reshape(side // 4, 4 * k, side // 4, 4 * k).mean((1, 3)) > 0.5
    where[covered] = HIDDEN
    return img, ppm, roots, kind == "long", where
