"""Writes the list of subjects of the second set of renders, for the generator's --list: bald and shaved heads, seen close.

    subjects.py OUT.jsonl [--count 900] [--seed 6]
    blender -b --factory-startup -P GENERATOR/render_head.py -- --list OUT.jsonl --out RENDERS --tiny

The first set is the generator's own mix (its make_set.py). Consultation photos show more loss, shorter hair and larger heads than it.
"""
import argparse
import json

import numpy as np

VIEWS = {"front": 0.14, "front_tilted": 0.27, "top": 0.17, "crown": 0.14, "left": 0.1, "right": 0.1, "back": 0.08}
STATES = {"full": 4, "NW1": 3, "NW2": 3, "NW3": 4, "NW3V": 4, "NW4": 5, "NW5": 6, "NW6": 9, "NW7": 9, "L1": 1, "L2": 2, "L3": 2, "AA": 1, "scar_fut": 0.5, "scar_round": 0.5}
SKINS = {"I": 0.17, "II": 0.24, "III": 0.22, "IV": 0.16, "V": 0.12, "VI": 0.09}
COLOURS = {"black": 10, "dark_brown": 9, "brown": 6, "light_brown": 4, "blonde": 3, "red": 2, "grey": 5, "white": 4}
GROWN_BY = {  # hair colours that go with a skin
    "I": COLOURS, "II": COLOURS, "III": ("black", "dark_brown", "brown", "light_brown", "grey", "white"),
    "IV": ("black", "dark_brown", "brown", "grey", "white"), "V": ("black", "dark_brown", "grey"), "VI": ("black", "dark_brown", "grey"),
}
LENGTHS = {"stubble": 0.38, "buzz": 0.3, "short": 0.27, "medium": 0.05}
WOMENS_LENGTHS = {"stubble": 0.05, "buzz": 0.2, "short": 0.45, "medium": 0.3}
LONG_HAIRED = ("full", "L1", "L2", "L3", "AA")


def pick(rng, shares):
    names = list(shares)
    p = np.array([shares[n] for n in names], float)
    return str(rng.choice(names, p=p / p.sum()))


def subject(rng, i, seed):
    state, view, skin = pick(rng, STATES), pick(rng, VIEWS), pick(rng, SKINS)
    colour = pick(rng, {c: COLOURS[c] for c in GROWN_BY[skin]})
    length = pick(rng, WOMENS_LENGTHS if state.startswith("L") else LENGTHS)
    if length == "medium" and state not in LONG_HAIRED:
        length = "short"
    s = {"seed": 100000 * seed + i, "name": f"train_{i:04d}_{view}_{state}_{length}", "view": view, "state": state, "fitzpatrick": skin, "hair_colour": colour,
         "length": length, "size": 448, "samples": 10, "marker": "none" if rng.random() < 0.88 else "beside", "fill": round(float(rng.uniform(0.75, 1.15)), 3), "tiny": True}
    if colour in ("grey", "white"):
        s["age"] = int(rng.integers(45, 72))
    return s


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("--count", type=int, default=900)
    ap.add_argument("--seed", type=int, default=6)
    a = ap.parse_args()
    rng = np.random.default_rng(a.seed)
    with open(a.out, "w") as f:
        for i in range(a.count):
            f.write(json.dumps(subject(rng, i, a.seed)) + "\n")


if __name__ == "__main__":
    main()
