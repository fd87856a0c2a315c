"""The latest samples of endless makers, kept as tensors on the device that trains.

Makers are processes; each puts one sample after another, a tuple of arrays, into a queue. Training draws batches from what is there and
never waits once the ring is a little filled: where it is faster than the makers, it sees a sample several times.
"""
import multiprocessing as mp
import queue

import numpy as np
import torch

GULP = 64  # samples taken in at once: longer would hold up the device
LEAST = 4  # batches that must be there before the first is drawn


class Ring:
    def __init__(self, limit, seed, device):
        self.queue, self.makers, self.store = None, [], None
        self.count, self.limit, self.made, self.device = 0, limit, 0, device
        self.rng = np.random.default_rng(seed)

    def start(self, make, args):
        """Starts one maker for each of args, in place of those that run: make(queue, *args)."""
        self.stop()
        self.queue = mp.Queue(256)  # a new one: a killed maker may leave half a sample in the old
        self.makers = [mp.Process(target=make, args=(self.queue,) + tuple(a), daemon=True) for a in args]
        for m in self.makers:
            m.start()

    def stop(self):
        for m in self.makers:
            m.kill()
            m.join()
        self.makers = []

    def drain(self, wait=False):
        """Takes in what has been made."""
        fresh = []
        while len(fresh) < GULP:
            try:
                fresh.append(self.queue.get(timeout=60) if wait and not fresh else self.queue.get_nowait())
            except queue.Empty:
                break
        if fresh:
            self.keep([np.stack(c) for c in zip(*fresh)])

    def keep(self, arrays):
        """Samples into free places or, where none is left, over others."""
        n = len(arrays[0])
        if self.store is None:
            self.store = [torch.empty((self.limit,) + a.shape[1:], dtype=torch.from_numpy(a[:1]).dtype, device=self.device) for a in arrays]
        free = np.arange(self.count, min(self.limit, self.count + n))
        over = self.rng.choice(self.count, n - len(free), replace=False) if len(free) < n else free[:0]
        at = torch.from_numpy(np.concatenate([free, over]).astype(np.int64)).to(self.device)
        for kept, a in zip(self.store, arrays):
            kept[at] = torch.from_numpy(a).to(self.device)
        self.count, self.made = self.count + len(free), self.made + n

    def batch(self, n):
        """n samples drawn at random, as tensors."""
        while self.count < LEAST * n:
            if not any(m.is_alive() for m in self.makers):
                raise RuntimeError("all makers of samples have died")
            self.drain(wait=True)
        picks = torch.from_numpy(self.rng.choice(self.count, n, replace=False)).to(self.device)
        return [c[picks] for c in self.store]
