"""Averages the weights of checkpoints of one line of training: a little better on photos than any of them, and steadier.

    average.py OUT.pt CHECKPOINT[:WEIGHT]...

Only checkpoints that went on from one another lie close enough (Izmailov 2018, stochastic weight averaging).
"""
import argparse

import torch


def weighed(text):
    path, _, weight = text.partition(":")
    return torch.load(path, map_location="cpu")["net"], float(weight or 1)


def mean(states, weights):
    total = sum(weights)
    mix = lambda name: sum(s[name] * (w / total) for s, w in zip(states, weights))
    return {name: mix(name) if value.dtype.is_floating_point else value for name, value in states[0].items()}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("checkpoints", nargs="+", metavar="CHECKPOINT[:WEIGHT]")
    a = ap.parse_args()
    states, weights = zip(*map(weighed, a.checkpoints))
    torch.save({"net": mean(states, weights)}, a.out)


if __name__ == "__main__":
    main()
