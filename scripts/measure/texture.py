#!/usr/bin/python3
"""Compares the texture of previewed stubble with real stubble on the same photos.

    scripts/measure/texture.py --bin bin/pointille --truth ../shared/truth --work /tmp/texture

Every photo of TRUTH/photos is planned by itself; patches of 32 x 32 px are cut
out where its mask says stubble (real), where the healed preview draws dots on
skin that is neither hair nor glare (preview), and at the same places of the
photo itself (bare, what any change must beat). Told are

* the share of patches of other people's stubble that are further from a
  client's own stubble than the client's preview is (5 to 95 is within what
  real stubble does);
* how well a logistic classifier on the same numbers tells preview from real
  stubble of people it has not seen (AUC 0.5: not at all).

Numbers per patch: band energy, skewness, kurtosis and neighbour correlation of
3 scales x 4 orientations on linear lightness with its light taken out,
correlation of magnitudes between scales and orientations, and energy of the
opponent colours. Needs Debian's python3-numpy, -opencv and -scipy. Nothing of
the photos is kept but in WORK.
"""
import argparse, json, os, shutil, subprocess, sys
import cv2
import numpy as np

PATCH, STRIDE = 32, 16
SCALES, TURNS = 3, 4
STUBBLE = 85


def args():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", default="bin/pointille")
    p.add_argument("--truth", default="../shared/truth")
    p.add_argument("--work", default="/tmp/texture")
    p.add_argument("--stage", default="healed")
    p.add_argument("--redraw", action="store_true", help="previews anew, plans as they are")
    return p.parse_args()


def linear(bgr):
    v = bgr.astype(np.float64) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def planned(a, name, view):
    """The folder of a photo's plan; None where it plans nothing."""
    case, out = os.path.join(a.work, name, "case"), os.path.join(a.work, name, "out")
    photo = os.path.join(case, view + ".jpg")
    if not os.path.exists(os.path.join(out, "report.html")):
        os.makedirs(case, exist_ok=True)
        if not os.path.exists(photo):
            shutil.copy(os.path.join(a.truth, "photos/photos", name + ".jpg"), photo)
        if subprocess.run([a.bin, "plan", "--out", out, case], capture_output=True).returncode not in (0, 3):
            return None
    elif a.redraw:
        subprocess.run([a.bin, "preview", "--stage", a.stage, "--photos", case, os.path.join(out, "plan.json")], capture_output=True)
    return out if os.path.exists(os.path.join(out, "%s.%s.jpg" % (view, a.stage))) else None


def bands(photo):
    """Complex log-Gabor bands of the log of lightness, and opponent colours."""
    rgb = np.maximum(linear(photo)[:, :, ::-1], 1 / 4096)
    light = np.log(rgb @ [0.2126, 0.7152, 0.0722])
    colours = [np.log(rgb[:, :, 0]) - np.log(rgb[:, :, 1]), np.log(rgb[:, :, 1]) - np.log(rgb[:, :, 2])]
    flat = light - cv2.GaussianBlur(light, (0, 0), 8)
    f = np.fft.fft2(flat)
    fy, fx = np.meshgrid(np.fft.fftfreq(f.shape[0]), np.fft.fftfreq(f.shape[1]), indexing="ij")
    r, t = np.hypot(fx, fy), np.arctan2(fy, fx)
    r[0, 0] = 1
    out = []
    for s in range(SCALES):
        radial = np.exp(-np.log(r * 3.2 * 2 ** s) ** 2 / (2 * np.log(0.6) ** 2))
        radial[0, 0] = 0
        for k in range(TURNS):
            d = np.angle(np.exp(1j * (t - k * np.pi / TURNS)))
            out.append(np.fft.ifft2(f * radial * np.exp(-d ** 2 / (2 * 0.55 ** 2))))
    fine = [c - cv2.GaussianBlur(c, (0, 0), 4) for c in colours]
    return np.array(out), flat, fine


def corr(a, b):
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / (a.std() * b.std() + 1e-9))


def numbers(b, y, x):
    w = np.s_[y:y + PATCH, x:x + PATCH]
    real, size = [v[w].real for v in b[0]], [np.abs(v[w]) for v in b[0]]
    out = []
    for v in real:
        z = (v - v.mean()) / (v.std() + 1e-9)
        out += [np.log(v.std() + 1e-4), (z ** 3).mean(), np.log((z ** 4).mean()), corr(v[:, 1:], v[:, :-1]), corr(v[1:], v[:-1])]
    for s in range(SCALES):
        for k in range(TURNS):
            here = size[s * TURNS + k]
            out.append(corr(here, size[s * TURNS + (k + 1) % TURNS]))
            if s + 1 < SCALES:
                out.append(corr(here, size[(s + 1) * TURNS + k]))
    flat = b[1][w]
    z = (flat - flat.mean()) / (flat.std() + 1e-9)
    out += [np.log(flat.std() + 1e-4), (z ** 3).mean(), np.log((z ** 4).mean())]
    out += [np.log(c[w].std() + 1e-4) for c in b[2]]
    return out


def patches(where, b, most=40):
    """Numbers of up to so many patches that lie within the mask, evenly taken."""
    full = cv2.boxFilter(where.astype(np.float32), -1, (PATCH, PATCH), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    at = [(y, x) for y in range(0, where.shape[0] - PATCH, STRIDE) for x in range(0, where.shape[1] - PATCH, STRIDE) if full[y, x] > 0.97]
    if len(at) > most:
        at = [at[int(i)] for i in np.linspace(0, len(at) - 1, most)]
    return [numbers(b, y, x) for y, x in at], at


def collect(a):
    people = {}
    folder = os.path.join(a.truth, "photos")
    for file in sorted(os.listdir(os.path.join(folder, "labels"))):
        name = file[:-len(".jpg.json")]
        view = json.load(open(os.path.join(folder, "labels", file)))["view"].split("-")[0]
        photo = cv2.imread(os.path.join(folder, "photos", name + ".jpg"))
        hair = cv2.imread(os.path.join(folder, "masks", name + ".jpg-hair.png"), -1)
        glare = cv2.dilate((photo.min(2) > 200).astype(np.uint8), np.ones((9, 9))) > 0
        one = {"real": patches((hair == STUBBLE) & ~glare, bands(photo))[0], "preview": [], "bare": []}
        out = planned(a, name, view)
        if out:
            after = cv2.imread(os.path.join(out, "%s.%s.jpg" % (view, a.stage)))
            again = cv2.imread(os.path.join(out, "%s.before.jpg" % view))
            drawn = cv2.GaussianBlur(np.abs(again.astype(float) - after).mean(2), (0, 0), 4) > 3
            one["preview"], at = patches(drawn & (hair == 0) & ~glare, bands(after))
            b = bands(again)
            one["bare"] = [numbers(b, y, x) for y, x in at]
        people[name] = one
        print("%-16s %3d real %3d preview" % (name, len(one["real"]), len(one["preview"])), file=sys.stderr)
    return people


def distances(real):
    """Mahalanobis distance with a covariance drawn a fifth towards its diagonal."""
    x = np.vstack([np.array(v) for v in real.values()])
    mean, sd = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / sd
    c = np.cov(z.T)
    inverse = np.linalg.inv(0.8 * c + 0.2 * np.diag(np.diag(c)) + 1e-6 * np.eye(len(c)))
    def between(p, q):
        d = ((np.array(p) - mean) / sd)[:, None] - ((np.array(q) - mean) / sd)[None]
        return np.sqrt(np.einsum("ijk,kl,ijl->ij", d, inverse, d))
    return between


def percentiles(people, what):
    real = {n: p["real"] for n, p in people.items() if len(p["real"]) >= 3}
    between = distances(real)
    out = {}
    for n, own in real.items():
        drawn = people[n][what]
        if len(drawn) < 3:
            continue
        mine = np.median(between(drawn, own))
        others = [np.median(between([patch], own)) for m, v in real.items() if m != n for patch in v]
        out[n] = 100 * np.mean(np.array(others) < mine)
    return out


def logistic(x, y, ridge=3.0):
    w = np.zeros(x.shape[1] + 1)
    x = np.hstack([x, np.ones((len(x), 1))])
    weight = np.where(y == 1, 0.5 / max(1, (y == 1).sum()), 0.5 / max(1, (y == 0).sum())) * len(y)
    keep = ridge * np.eye(len(w))
    keep[-1, -1] = 0
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        h = (x * (weight * p * (1 - p))[:, None]).T @ x + keep
        w += np.linalg.solve(h, x.T @ (weight * (y - p)) - keep @ w)
    return lambda q: np.hstack([q, np.ones((len(q), 1))]) @ w


def auc(score, y):
    order = np.argsort(np.argsort(score)) + 1
    n, m = (y == 1).sum(), (y == 0).sum()
    return (order[y == 1].sum() - n * (n + 1) / 2) / (n * m)


def told(people, what, folds=5):
    """AUC of a classifier that never saw the people it judges."""
    x, y, who = [], [], []
    for i, (n, p) in enumerate(sorted(people.items())):
        for kind, label in (("real", 0), (what, 1)):
            x += p[kind]
            y += [label] * len(p[kind])
            who += [n] * len(p[kind])
    x, y, who = np.array(x), np.array(y), np.array(who)
    both = sorted({n for n in who if people[n]["real"]})
    rest = [n for n in sorted(set(who)) if n not in both]
    fold = {n: i % folds for names in (both, rest) for i, n in enumerate(names)}
    f, score = np.array([fold[n] for n in who]), np.zeros(len(y))
    for k in range(folds):
        train = f != k
        mean, sd = x[train].mean(0), x[train].std(0) + 1e-9
        score[~train] = logistic((x[train] - mean) / sd, y[train].astype(float))((x[~train] - mean) / sd)
    return np.mean([auc(score[f == k], y[f == k]) for k in range(folds)])


def main():
    a = args()
    people = collect(a)
    total = lambda kind: sum(len(p[kind]) for p in people.values())
    count = lambda kind: sum(bool(p[kind]) for p in people.values())
    print("%d real patches of %d people, %d preview patches of %d people" % (total("real"), count("real"), total("preview"), count("preview")))
    for what in ("preview", "bare"):
        p = percentiles(people, what)
        print("%s: percentile within real-real: median %.0f; %s" % (what, np.median(list(p.values())), ", ".join("%.0f" % v for v in sorted(p.values()))))
        print("%s against real stubble, people apart: AUC %.2f" % (what, told(people, what)))


main()
