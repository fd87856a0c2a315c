// The temple points: where each half of the hairline recedes deepest.
import type { Knot, Vec } from "./types";

// Depths are how deep the line recedes at the client's right and left temple, mm.
export type Depths = { right: number; left: number };

const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec, b: Vec) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const norm = (a: Vec) => Math.hypot(...a);

// deepest is the place of half a line that lies furthest off the chord between its
// ends, and how far: as the check "temples" counts it.
function deepest(half: Vec[]): [number, number] {
  const from = half[0], chord = sub(half[half.length - 1], from), long = norm(chord) || 1;
  let at = 0, most = 0;
  half.forEach((p, i) => {
    const off = sub(p, from), along = dot(off, chord) / long, far = Math.sqrt(Math.max(0, dot(off, off) - along * along));
    if (far > most) [at, most] = [i, far];
  });
  return [at, most];
}

// depths of a line that runs from the right temple to the left; null where it is too short to tell.
export function depths(line: Vec[]): Depths | null {
  const middle = Math.floor(line.length / 2);
  if (line.length < 3) return null;
  return { right: deepest(line.slice(0, middle + 1))[1], left: deepest(line.slice(middle))[1] };
}

// Nearest and furthest directions in which a temple point is taken hold of, radians:
// nearer it would be the middle's handle, further the sideburn's.
const near = 0.45, far = 1.15;

// corners are the directions of the temple points, right and left.
export function corners(line: Knot[]): [number, number] {
  const middle = Math.floor(line.length / 2), usual = 0.75;
  if (line.length < 3) return [-usual, usual];
  const p = line.map((k) => k.p), right = line[deepest(p.slice(0, middle + 1))[0]].psi, left = line[middle + deepest(p.slice(middle))[0]].psi;
  return [Math.max(-far, Math.min(-near, right)), Math.max(near, Math.min(far, left))];
}
