"""Trains the head network on renders, on the CPU or a graphics card, for a given time.

Workers make randomised views without end; the trainer draws batches from a pool of the latest ones, so it never waits
for them. New renders that have appeared are taken in at every report. The last line of the log names the best checkpoint.
"""
import argparse
import multiprocessing as mp
import os
import time

import numpy as np

import data

SHARE = 8  # steps between two exchanges of weights
REPORT = ("loss", "class", "hair", "grown", "density", "pos")


def worker(out, renders, seed, size):
    """Puts one packed sample after another into the queue."""
    import cv2

    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    share = data.shares(renders)
    while True:
        r = renders[rng.choice(len(renders), p=share)]
        out.put(pack(*data.sample(r, rng, size)))


def pack(x, y):
    """A sample small enough to keep thousands: bytes and half floats."""
    return ((x * 255 + 0.5).astype(np.uint8), y["classes"], (y["hair"] * 255 + 0.5).astype(np.uint8), (y["grown"] * 255 + 0.5).astype(np.uint8), y["hair_known"], y["grown_known"], y["density"].astype(np.float16), y["pos"].astype(np.float16))


def losses(out, batch):
    """Loss terms of one batch; what is unknown has no part in them."""
    import torch
    from torch.nn import functional as F

    import model

    _, classes, hair, grown, hair_known, grown_known, density, pos = batch
    weight = torch.tensor([1.0, 1.0, 1.0, 1.0, 2.0, 1.5], device=out.device)
    target = classes.long()
    target = torch.where(target > 5, -100, target)
    lc = F.cross_entropy(out[:, :6], target, weight, ignore_index=-100, label_smoothing=0.02)
    lh = share(out[:, model.HAIR], hair, hair_known)
    lg = share(out[:, model.GROWN], grown, grown_known)
    ld = known_mean(F.smooth_l1_loss, out[:, model.DENSITY], density, 0.5)
    lp = known_mean(F.smooth_l1_loss, out[:, model.POS], pos, 0.1)
    return lc + 1.5 * lh + lg + 0.15 * ld + 1.5 * lp, (lc, lh, lg, ld, lp)


def known_mean(loss, got, want, beta):
    """Mean loss where `want` is a number."""
    import torch

    known = torch.isfinite(want)
    e = loss(got, torch.where(known, want, 0).float(), beta=beta, reduction="none")
    return (e * known).sum() / known.sum().clamp(min=1)


def share(logit, want, known):
    """Cross entropy of a share 0..255 where it is known."""
    from torch.nn import functional as F

    e = F.binary_cross_entropy_with_logits(logit, want.float() / 255, reduction="none")
    return (e * known).sum() / known.sum().clamp(min=1)


def held_out(net, batches):
    """Mean losses over the held-out views."""
    import torch

    sums, n = np.zeros(len(REPORT)), 0
    net.eval()
    with torch.no_grad():
        for b in batches:
            total, terms = losses(net(b[0].float() / 255), b)
            sums += np.array([float(total)] + [float(t) for t in terms]) * len(b[0])
            n += len(b[0])
    net.train()
    return sums / n


def held_out_views(renders, size, views, seed, device):
    """Randomised views of held-out subjects in batches; the same at every call."""
    import torch

    rng = np.random.default_rng(seed)
    made = [pack(*data.sample(renders[i % len(renders)], rng, size)) for i in range(views)]
    return [[torch.from_numpy(np.stack(c)).to(device) for c in zip(*made[i : i + 16])] for i in range(0, views, 16)]


def average(ema, net, decay):
    """Moves the averaged weights towards the current ones."""
    import torch

    pairs = [(a, b) for a, b in zip(ema.state_dict().values(), net.state_dict().values()) if a.dtype.is_floating_point]
    mean = [a for a, _ in pairs]
    with torch.no_grad():
        torch._foreach_mul_(mean, decay)
        torch._foreach_add_(mean, [b for _, b in pairs], alpha=1 - decay)


def shared(net, more, count):
    """Averages the weights of all trainers; answers whether any of them wants to go on."""
    import torch
    import torch.distributed as dist

    if count == 1:
        return more
    floats = [t for t in net.state_dict().values() if t.dtype.is_floating_point]
    flat = torch.cat([t.detach().reshape(-1) for t in floats] + [torch.tensor([float(more)])])
    dist.all_reduce(flat)
    flat /= count
    at = 0
    with torch.no_grad():
        for t in floats:
            t.copy_(flat[at : at + t.numel()].view_as(t))
            at += t.numel()
    return bool(flat[-1] > 0.999)


def train(a):
    renders = data.load(a.renders, a.positions)
    train_set, test_set = data.split(renders)
    print(f"{len(train_set)} renders to train on, {len(test_set)} held out", flush=True)
    store = a.out + f".{os.getpid()}.meet"
    others = [mp.Process(target=trainer, args=(a, rank, store, renders, test_set)) for rank in range(1, a.trainers)]
    for p in others:
        p.start()
    trainer(a, 0, store, renders, test_set)
    for p in others:
        p.join()
    if os.path.exists(store):
        os.remove(store)


def trainer(a, rank, store, renders, test_set):
    """One of several trainers that share their weights every few steps; the first also measures and saves."""
    import copy

    import torch

    import model
    import ring

    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    if a.trainers > 1:
        torch.distributed.init_process_group("gloo", init_method="file://" + os.path.abspath(store), rank=rank, world_size=a.trainers)
    train_set, _ = data.split(renders)
    pool = ring.Ring(a.pool, [a.seed, rank], a.device)
    makers = lambda rs: pool.start(worker, [(rs, [a.seed * 100 + rank, pool.made, i], a.size) for i in range(a.workers)])
    makers(train_set)
    net = model.HeadNet()
    if a.resume:
        net.load_state_dict(torch.load(a.resume, map_location="cpu")["net"])
    net = net.to(a.device, memory_format=torch.channels_last).train()
    ema = copy.deepcopy(net)
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=0.01)
    views = held_out_views(test_set, a.size, a.views, 11, a.device) if rank == 0 else None
    start, last, best, step, run = time.time(), time.time(), 1e9, 0, []
    more = True
    while more:
        done = min(1, (time.time() - start) / (60 * a.minutes))
        rate = a.lr * min(1, (step + 1) / 100) * (a.floor + (1 - a.floor) * 0.5 * (1 + np.cos(np.pi * done)))
        run.append(advance(net, opt, pool, a, rate))
        step += 1
        if step % SHARE == 0:
            more = shared(net, done < 1, a.trainers)
        average(ema, net, min(a.decay, (step + 1) / (step + 20)))
        if more and time.time() - last < 60 * a.report:
            continue
        last = time.time()
        if rank == 0:
            score = held_out(ema, views)
            text = lambda v: " ".join(f"{k} {q:.3f}" for k, q in zip(REPORT, v))
            print(f"{(last - start) / 60:.1f} min, step {step}, {pool.made} views of {len(train_set)} renders: train {text(torch.stack(run).mean(0).tolist())} | held out {text(score)}", flush=True)
            if score[0] < best:
                best = score[0]
                save(ema, a, step * a.trainers, len(train_set), pool.made * a.trainers, score)
        run = []
        fresh = data.load(a.renders, a.positions, renders)
        if len(fresh) >= len(renders) + 10:
            renders = fresh
            train_set, _ = data.split(renders)  # the held-out views stay, so that figures compare
            makers(train_set)
    pool.stop()
    if rank == 0:
        print(f"best {best:.4f}: {a.out}")


def advance(net, opt, pool, a, rate):
    """One step; the loss and its terms."""
    import torch

    for g in opt.param_groups:
        g["lr"] = rate
    batch = pool.batch(a.batch)
    x = (batch[0].float() / 255).contiguous(memory_format=torch.channels_last)
    if a.jitter:
        x = jitter(x)
    # Half precision is three times as fast where the processor has it in hardware; weights and losses stay whole.
    with torch.autocast(a.device, torch.bfloat16, enabled=a.half):
        out = net(x)
    total, terms = losses(out.float(), batch)
    opt.zero_grad()
    total.backward()
    pool.drain()  # while the device computes
    if torch.isfinite(torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)):  # half precision overflows now and then
        opt.step()
    return torch.stack([total.detach()] + [t.detach() for t in terms])


def jitter(x):
    """Another exposure, tint, contrast and noise for each picture of a batch: where steps outrun the makers of views, a view is seen
    several times, never twice the same."""
    import torch

    n = len(x)
    r = lambda *shape: torch.randn((n,) + shape, device=x.device)
    keep = (torch.rand((n, 1, 1, 1), device=x.device) < 0.75).float()
    blank = (x - 0.5).abs().amax(1, keepdim=True) < 0.003  # beyond the photo the input is grey and stays so
    grey = x.mean(1, keepdim=True)
    y = grey + (x - grey) * torch.exp(0.2 * r(1, 1, 1))
    y = y.clamp(1e-3, 1) ** torch.exp(0.15 * r(1, 1, 1)) * torch.exp(0.1 * r(1, 1, 1) + 0.05 * r(3, 1, 1))
    y = y + r(*x.shape[1:]) * 0.02 * torch.rand((n, 1, 1, 1), device=x.device)
    return torch.where(blank, x, (x + (y - x) * keep).clamp(0, 1)).contiguous(memory_format=torch.channels_last)


def save(net, a, step, count, made, score):
    import torch

    torch.save({"net": {k: v.cpu().contiguous() for k, v in net.state_dict().items()}, "step": step, "renders": count, "views": made, "size": a.size, "seed": a.seed, "held_out": dict(zip(REPORT, map(float, score)))}, a.out + ".part")
    os.replace(a.out + ".part", a.out)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("renders", help="folder of renders, or a file of bundle.py")
    ap.add_argument("out", help="checkpoint to write")
    ap.add_argument("--positions", help="folder written by geometry.py, for renders without geometry.npz")
    ap.add_argument("--minutes", type=float, default=40)
    ap.add_argument("--size", type=int, default=256, help="side of the input while training; start small, end at 256")
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--floor", type=float, default=0.02, help="last learning rate over the first")
    ap.add_argument("--resume", help="checkpoint to start from")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--trainers", type=int, default=2, help="processes that train side by side, each on one core")
    ap.add_argument("--half", action="store_true", help="multiply in bfloat16 (processors with AMX or AVX512-BF16, graphics cards)")
    ap.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    ap.add_argument("--jitter", action="store_true", help="recolour every batch anew, where few workers feed a fast device")
    ap.add_argument("--decay", type=float, default=0.998, help="of the averaged weights, per step")
    ap.add_argument("--pool", type=int, default=1200, help="samples kept to draw from")
    ap.add_argument("--report", type=float, default=4, help="minutes between reports")
    ap.add_argument("--views", type=int, default=64, help="held-out views per report")
    train(ap.parse_args())


if __name__ == "__main__":
    main()
