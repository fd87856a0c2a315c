"""Trains the close-up network on drawn pictures: those of a pool, or new ones without end.

    train.py POOL OUT.pt --minutes 30 [--also POOL2 --share 0.35] [--resume IN.pt] [--lr 2e-3] [--device cuda --makers 6]

POOL2 is a second pool, say of cut renders; `share` of every batch comes from it. With --makers, that many processes draw new pictures
all the time and POOL only serves to judge. Layers run in bfloat16, weights and loss stay float32; a step whose gradient is no number is
left out.

The loss is the likelihood of the number of roots per cell under a Poisson law, at three sizes of cell: its best answer is
unbiased in every place, so the sum over a field is its count and no threshold decides about density.
"""
import argparse
import glob
import os
import sys
import time

import cv2
import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import draw
import model
import ring

CROP, SIDE = 128, 160
CUTS = 6           # samples made of one picture
EDGE = 2           # cells at the border of a crop that are not judged: half a hair may stick out
HELD_OUT = 10      # every tenth file is never trained on
EVERY, SOME = 500, 50  # steps between looks at the held-out pictures, and how many of them
HIDDEN_WEIGHT = 6.0
BLUR_MM = 0.035    # roots are drawn with this spread: a person does not place them better


def medians(img):
    return np.median(img.reshape(-1, 3), axis=0).astype(np.float32)


def relative(img, med=None):
    """Colours relative to the median of the picture, as the counter gives them to the network."""
    med = medians(img) if med is None else med
    return np.clip(img.astype(np.float32) / np.maximum(med, 16) - 1, -1, 2)


def prepare(x, ppm, heading=(0.0, 0.0)):
    """Network input (6 x H x W) of a relative picture."""
    s = np.empty(x.shape[:2] + (3,), np.float32)
    s[..., 0], s[..., 1], s[..., 2] = np.log2(ppm / 32), heading[0], heading[1]
    return np.concatenate([x, s], 2).transpose(2, 0, 1)


def target(roots, side, ppm):
    """Expected roots per cell, and the same times their directions: 3 x H x W."""
    n = side // model.CELL
    t = np.zeros((n + 2, n + 2, 3), np.float32)
    for x, y, dx, dy in roots:
        u, v = (x + 0.5) / model.CELL + 0.5, (y + 0.5) / model.CELL + 0.5  # +1 for the rim, -0.5 to cell centres
        i, j = int(np.floor(u)), int(np.floor(v))
        if not (0 <= i <= n and 0 <= j <= n):
            continue
        fx, fy, w = u - i, v - j, np.array([1, dx, dy], np.float32)
        t[j, i] += (1 - fx) * (1 - fy) * w; t[j, i + 1] += fx * (1 - fy) * w
        t[j + 1, i] += (1 - fx) * fy * w; t[j + 1, i + 1] += fx * fy * w
    t = cv2.GaussianBlur(t, (0, 0), max(0.35, BLUR_MM * ppm / model.CELL))[1:-1, 1:-1]
    return np.ascontiguousarray(t.transpose(2, 0, 1))


def told(rng, roots):
    """The heading that the network is told: often none, mostly about right, now and then wrong."""
    if rng.random() < 0.5:
        return 0.0, 0.0
    m = roots[:, 2:].mean(0) if len(roots) else np.zeros(2)
    if np.hypot(*m) < 0.4 and len(roots):
        return 0.0, 0.0
    a = rng.uniform(0, 2 * np.pi) if not len(roots) or rng.random() < 0.04 else np.arctan2(m[1], m[0]) + rng.normal(0, 0.2)
    return np.cos(a), np.sin(a)


class Pool:
    """Pictures in memory; looks for new files now and then."""

    def __init__(self, folder):
        self.folder, self.seen, self.train, self.held = folder, set(), [], []
        self.refresh()

    def refresh(self):
        for f in sorted(glob.glob(os.path.join(self.folder, "*[0-9].npz"))):
            if f in self.seen:
                continue
            self.seen.add(f)
            z = np.load(f)
            ends, pictures, roots, hair = np.cumsum(z["count"]), z["img"], z["roots"], z["hair"]
            held = int(os.path.basename(f)[:5]) % HELD_OUT == HELD_OUT - 1
            for i in range(len(pictures)):
                med = z["median"][i] if "median" in z else medians(pictures[i])
                (self.held if held else self.train).append((pictures[i], float(z["ppm"][i]), roots[ends[i] - z["count"][i]:ends[i]], bool(z["long"][i]), hair[i], med))

    def some(self, rng, size):
        """Samples (picture, target, hair, long) drawn with replacement."""
        for k in rng.integers(0, len(self.train), size) if self.train else ():
            img, ppm, roots, long, hair, med = self.train[k]
            yield sample(rng, img, med, ppm, roots, hair) + (long,)


def make(out, pools, share, seed):
    """Puts one packed sample after another into the queue: `share` from the last pool, the others from pools or, with none before
    it, drawn anew, a picture cut CUTS times."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    while True:
        last = pools[-1] if pools[-1] and pools[-1].train else None
        if last and (pools[0] is None or len(pools) > 1) and rng.random() < share:
            made = list(last.some(rng, CUTS))
        elif pools[0] is not None:
            made = list(pools[0].some(rng, CUTS))
        else:
            img, ppm, roots, long, hair = draw.picture(rng, SIDE)
            made = [sample(rng, img, medians(img), ppm, roots.astype(np.float32), hair) + (bool(long),) for _ in range(CUTS)]
        for x, t, hair, long in made:
            out.put((x.astype(np.float16), t.astype(np.float16), hair.astype(np.uint8), np.bool_(long)))


def sample(rng, img, med, ppm, roots, hair):
    """A turned, mirrored, recoloured crop with its target and where hair is."""
    c = model.CELL
    ox, oy = rng.integers(0, (img.shape[0] - CROP) // c + 1, 2) * c
    h = hair[oy // c:(oy + CROP) // c, ox // c:(ox + CROP) // c]
    x, r = relative(img[oy:oy + CROP, ox:ox + CROP], med), roots - (ox, oy, 0, 0)
    if rng.random() < 0.5:
        x, h, r = x[:, ::-1], h[:, ::-1], r * (-1, 1, -1, 1) + (CROP - 1, 0, 0, 0)
    for _ in range(rng.integers(4)):
        x, h, r = np.rot90(x), np.rot90(h), np.stack([r[:, 1], CROP - 1 - r[:, 0], r[:, 3], -r[:, 2]], 1)
    if rng.random() < 0.5:
        x = np.clip(x * np.float32(rng.uniform(0.8, 1.25)) + rng.normal(0, 0.05, 3).astype(np.float32), -1, 2)
    if rng.random() < 0.15:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    inside = r[(r[:, 0] > 0) & (r[:, 1] > 0) & (r[:, 0] < CROP) & (r[:, 1] < CROP)]
    return prepare(np.ascontiguousarray(x, np.float32), ppm, told(rng, inside)), target(r, CROP, ppm), np.ascontiguousarray(h, np.float32)


def poisson(lam, t):
    return (lam - t * torch.log(lam + 1e-4)).sum((1, 2, 3))


def loss_of(y, t, cells, long):
    e = EDGE
    lam, k, d = F.softplus(y[:, :1, e:-e, e:-e]), t[:, :1, e:-e, e:-e], t[:, 1:, e:-e, e:-e]
    cells = cells[:, e:-e, e:-e]
    h, hidden = (cells == draw.HAIR).float(), (cells == draw.HIDDEN).float()
    keep = (~long).float()
    fine = poisson(lam, k)
    mid = poisson(F.avg_pool2d(lam, 3, 1) * 9, F.avg_pool2d(k, 3, 1) * 9) / 9
    wide = poisson(F.avg_pool2d(lam, 7) * 49, F.avg_pool2d(k, 7) * 49)
    here = F.binary_cross_entropy_with_logits(y[:, 1, e:-e, e:-e], h, reduction="none").mean((1, 2))
    far = F.binary_cross_entropy_with_logits(y[:, 2, e:-e, e:-e], long.float()[:, None, None].expand_as(h), reduction="none")
    far = (far * h).sum((1, 2)) / (h.sum((1, 2)) + 20)  # judged on hair only: bare skin says nothing about length
    # little is ever hidden: it counts more, or the best answer would be "nothing anywhere" for long
    covered = F.binary_cross_entropy_with_logits(y[:, 5, e:-e, e:-e], hidden, reduction="none", pos_weight=torch.tensor(HIDDEN_WEIGHT, device=y.device)).mean((1, 2))
    # k * |v - d/k|² without the term that does not hang on v
    way = (k * (y[:, 3:5, e:-e, e:-e] ** 2) - 2 * y[:, 3:5, e:-e, e:-e] * d).sum((1, 2, 3))
    scale = 1 / (20 + k.sum((1, 2, 3)))  # dense pictures must not drown thin ones
    return ((fine + 0.7 * mid + 0.7 * wide + way) * scale * keep + 0.4 * here + 0.4 * far + covered).mean()


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def share_long(y):
    """Share of the hair of a picture that is too long to count; none where there is hardly any hair."""
    hair = sigmoid(y[1])
    return float((hair * sigmoid(y[2])).sum() / (hair.sum() + 5))


def validate(net, held, device):
    net.eval()
    err, bias, total, right = [], 0.0, 0, 0
    with torch.no_grad():
        for img, ppm, roots, long, _, med in held[:SOME]:
            y = net(torch.from_numpy(prepare(relative(img, med), ppm)[None]).to(device))[0].cpu().numpy()
            right += (share_long(y) > 0.5) == long
            if long:
                continue
            t, e = target(roots, img.shape[0], ppm), 3
            a, b = float(np.logaddexp(0, y[0])[e:-e, e:-e].sum()), float(t[0, e:-e, e:-e].sum())
            err.append(abs(a - b) / max(b, 4)); bias += a - b; total += b
    net.train()
    return float(np.median(err)), float(np.mean(err)), bias / max(total, 1), right / max(1, min(len(held), SOME))


def resume(net, old):
    """Takes over weights; planes and outputs that the old network lacked start at zero."""
    own = net.state_dict()
    for k, v in old.items():
        new = torch.zeros_like(own[k])
        new[tuple(slice(0, n) for n in v.shape)] = v
        own[k] = new
    net.load_state_dict(own)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pool"); ap.add_argument("out"); ap.add_argument("--also"); ap.add_argument("--share", type=float, default=0.35); ap.add_argument("--resume"); ap.add_argument("--minutes", type=float, default=30)
    ap.add_argument("--lr", type=float, default=2e-3); ap.add_argument("--batch", type=int, default=16); ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--device", default="cpu", choices=("cpu", "cuda")); ap.add_argument("--makers", type=int, default=0); ap.add_argument("--ring", type=int, default=2000); ap.add_argument("--decay", type=float, default=0.995)
    a = ap.parse_args()
    torch.set_num_threads(1); cv2.setNumThreads(1); torch.manual_seed(a.seed)
    pools = [Pool(f) for f in (a.pool, a.also) if f]
    feed = ring.Ring(a.ring, a.seed, a.device)
    sources = pools if not a.makers else [None] + pools[1:]
    feed.start(make, [(sources, a.share, [a.seed, i]) for i in range(max(1, a.makers))])
    net = model.RootNet()
    if a.resume:
        resume(net, torch.load(a.resume, map_location="cpu")["net"])
    net.to(a.device)
    mean = {k: v.clone() for k, v in net.state_dict().items()}  # averaged weights are the ones kept
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=1e-4)
    start, step, seen = time.time(), 0, []
    while True:
        part = (time.time() - start) / (60 * a.minutes)
        if part >= 1:
            break
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * part)))
        x, t, hair, long = feed.batch(a.batch)
        with torch.autocast(a.device, torch.bfloat16):
            y = net(recolour(x.float()))
        loss = loss_of(y.float(), t.float(), hair, long)
        opt.zero_grad(); loss.backward()
        feed.drain()  # while the device computes
        norm = torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        if not torch.isfinite(norm):
            continue
        opt.step()
        step += 1; seen.append(loss.detach())
        decay = min(a.decay, step / (step + 20))
        for k, v in net.state_dict().items():
            mean[k].mul_(decay).add_(v, alpha=1 - decay)
        if step % EVERY == 0:
            check = model.RootNet().to(a.device); check.load_state_dict(mean)
            for p in pools:
                if p.held:
                    print(f"{time.time() - start:5.0f} s step {step}, {feed.made} samples, loss {float(torch.stack(seen).mean()):.4f} held out: error median %.3f mean %.3f bias %+.3f long %.3f" % validate(check, p.held, a.device), flush=True)
            seen = []
            save(mean, a.out)
    feed.stop()
    save(mean, a.out)


def recolour(x):
    """Another gain, tint and grain for every sample of a batch: it may have been seen before."""
    n = len(x)
    r = lambda *shape: torch.randn((n,) + shape, device=x.device)
    c = x[:, :3]
    there = (c != 0).any(1, keepdim=True)
    c = torch.where(there, c * torch.exp(0.1 * r(1, 1, 1)) + 0.03 * r(3, 1, 1) + 0.02 * torch.rand((n, 1, 1, 1), device=x.device) * r(*c.shape[1:]), c)
    return torch.cat([c.clamp(-1, 2), x[:, 3:]], 1)


def save(mean, path):
    torch.save({"net": {k: v.cpu() for k, v in mean.items()}}, path + ".part")
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
