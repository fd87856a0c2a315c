"""Writes the list of subjects of the second and third set of renders, for the generator's --list.

    subjects.py OUT.jsonl [--mix bald|grown] [--count 900] [--seed 6]
    blender -b --factory-startup -P GENERATOR/render_head.py -- --list OUT.jsonl --out RENDERS --tiny

The first set is the generator's own mix (its make_set.py). Consultation photos show more loss, shorter hair and larger heads than it:
the second set has bald and shaved heads, most seen from above. The third has what the second is short of: full, dark hair beside
partial loss, seen from the front, the sides and behind.
"""
import argparse
import json

import numpy as np

VIEWS = {
    "bald": {"front": 0.14, "front_tilted": 0.27, "top": 0.17, "crown": 0.14, "left": 0.1, "right": 0.1, "back": 0.08},
    "grown": {"front": 0.26, "front_tilted": 0.14, "top": 0.12, "crown": 0.1, "left": 0.13, "right": 0.13, "back": 0.12},
}
STATES = {
    "bald": {"full": 4, "NW1": 3, "NW2": 3, "NW3": 4, "NW3V": 4, "NW4": 5, "NW5": 6, "NW6": 9, "NW7": 9, "L1": 1, "L2": 2, "L3": 2, "AA": 1, "scar_fut": 0.5, "scar_round": 0.5},
    "grown": {"full": 12, "NW1": 6, "NW2": 6, "NW3": 6, "NW3V": 6, "NW4": 5, "NW5": 6, "NW6": 4, "NW7": 2, "L1": 2, "L2": 3, "L3": 2, "AA": 1, "scar_fut": 0.5, "scar_round": 0.5},
}
SKINS = {"I": 0.17, "II": 0.24, "III": 0.22, "IV": 0.16, "V": 0.12, "VI": 0.09}
COLOURS = {"black": 10, "dark_brown": 9, "brown": 6, "light_brown": 4, "blonde": 3, "red": 2, "grey": 5, "white": 4}
GROWN_BY = {  # hair colours that go with a skin
    "I": COLOURS, "II": COLOURS, "III": ("black", "dark_brown", "brown", "light_brown", "grey", "white"),
    "IV": ("black", "dark_brown", "brown", "grey", "white"), "V": ("black", "dark_brown", "grey"), "VI": ("black", "dark_brown", "grey"),
}
LENGTHS = {
    "bald": {"stubble": 0.38, "buzz": 0.3, "short": 0.27, "medium": 0.05},
    "grown": {"stubble": 0.3, "buzz": 0.3, "short": 0.32, "medium": 0.08},
}
WOMENS_LENGTHS = {"stubble": 0.05, "buzz": 0.2, "short": 0.45, "medium": 0.3}
LONG_HAIRED = ("full", "L1", "L2", "L3", "AA")


def pick(rng, shares):
    names = list(shares)
    p = np.array([shares[n] for n in names], float)
    return str(rng.choice(names, p=p / p.sum()))


def subject(rng, i, seed, mix):
    state, view, skin = pick(rng, STATES[mix]), pick(rng, VIEWS[mix]), pick(rng, SKINS)
    colour = pick(rng, {c: COLOURS[c] for c in GROWN_BY[skin]})
    length = pick(rng, WOMENS_LENGTHS if state.startswith("L") else LENGTHS[mix])
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
    ap.add_argument("--mix", choices=sorted(VIEWS), default="bald")
    a = ap.parse_args()
    rng = np.random.default_rng(a.seed)
    with open(a.out, "w") as f:
        for i in range(a.count):
            f.write(json.dumps(subject(rng, i, a.seed, a.mix)) + "\n")


if __name__ == "__main__":
    main()
