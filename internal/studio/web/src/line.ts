// The hairline under a finger: a few handles, each moving along the skin. What a
// handle moved, in mm back, is spread smoothly to its neighbours. The two at the temple
// points move aside as well, and take the line around them along.
import { corners, depths, type Depths } from "./corners";
import { s } from "./dom";
import { knots } from "./gl";
import type { Stage } from "./stage";
import type { Knot, Vec, View } from "./types";
import { n, t } from "./words";

const count = 9, middle = 4, temples = [2, 6] as const; // handles, from the client's right temple to the left; the middle's and the temple points'
const outermost = 1.5; // psi of the first and last handle, radians
const along = [1, 0.62, 0.22]; // how far neighbours go with a handle
const farForward = -25, farBack = 45, farAside = 15; // mm
const reach = 0.55; // radians to either side that go aside with a temple point; with farAside no two directions change places

// Spot is where the line, as it is moved, goes through a direction.
type Spot = { x: number; y: number; vx: number; vy: number; moved: number; seen: boolean };

// Held is what all handles moved: mm back of each, and mm away from the middle of the temple points.
type Held = { back: number[]; aside: [number, number] };

const still = (): Held => ({ back: new Array<number>(count).fill(0), aside: [0, 0] });
const copy = (h: Held): Held => ({ back: h.back.slice(), aside: [...h.aside] });

export class Line {
  symmetric = true;
  private view: View | null = null;
  private held = still();
  private places: number[] = []; // psi of the handles, radians
  private shift = new Float32Array(knots); // mm back of every knot
  private dragging = -1;
  private grip: { at: [number, number]; from: Held } | null = null;
  private drawing = s("g", { class: "line" });
  private path = s("path", { class: "line-path" });
  private under = s("path", { class: "line-path under" });
  private was = s("path", { class: "line-path was" });
  private handles: SVGElement[] = [];

  constructor(private stage: Stage, private o: { begin: () => void; move: (heightChange: number) => void; end: (points: Vec[] | null) => void; height: () => number }) {
    this.drawing.append(this.was, this.under, this.path);
    for (let i = 0; i < count; i++) this.handles.push(this.handle(i));
    this.drawing.append(...this.handles);
    stage.over.append(this.drawing);
    stage.onDraw.push(() => this.place());
  }

  show(v: View) {
    this.view = v;
    this.held = still();
    const [r, l] = corners(v.line);
    this.places = [-outermost, (r - outermost) / 2, r, r / 2, 0, l / 2, l, (l + outermost) / 2, outermost];
    this.tell();
    this.place();
  }

  get changed() {
    return this.held.back.some((m) => m !== 0) || this.held.aside.some((m) => m !== 0);
  }

  // depths of the line as it is moved.
  depths(): Depths | null {
    return depths(this.points());
  }

  // points of the line as it is moved, mm of the head.
  private points(): Vec[] {
    return (this.view?.line ?? []).map((k, i) => k.p.map((v, c) => v + k.b[c] * this.shift[i]) as Vec);
  }

  private psis(): [number, number] {
    const l = this.view?.line ?? [];
    return l.length ? [l[0].psi, l[l.length - 1].psi] : [-1.885, 1.885];
  }

  // back is how far the handles move a direction back, mm.
  private back(psi: number): number {
    const at = this.places, m = this.held.back, last = count - 1;
    if (psi <= at[0]) return m[0] * fade(at[0] - psi);
    if (psi >= at[last]) return m[last] * fade(psi - at[last]);
    let i = 0;
    while (psi > at[i + 1]) i++;
    const u = (psi - at[i]) / (at[i + 1] - at[i]);
    // a curve through the handles that never overshoots them
    return m[i] + (m[i + 1] - m[i]) * u * u * (3 - 2 * u);
  }

  // turned is where a direction goes when temple points are moved aside.
  private turned(psi: number): number {
    let out = psi;
    temples.forEach((handle, side) => {
      const far = Math.abs(psi - this.places[handle]) / reach;
      if (far >= 1 || !this.held.aside[side]) return;
      out += (side ? 1 : -1) * (this.held.aside[side] / this.round(handle)) * Math.cos((far * Math.PI) / 2) ** 2;
    });
    return out;
  }

  // round is how many mm of skin a radian of direction is at a handle.
  private round(handle: number): number {
    const l = this.view!.line, i = Math.max(1, Math.min(l.length - 2, Math.round(this.index(this.places[handle])))), a = l[i - 1], b = l[i + 1], back = (b.rho - a.rho) * l[i].mm;
    return Math.max(20, Math.hypot(...a.p.map((v, c) => b.p[c] - v - l[i].b[c] * back)) / (b.psi - a.psi));
  }

  // spread works out how far every knot moves back. Where the line is also moved aside,
  // what comes to lie in a knot's direction is what counts.
  private spread() {
    const l = this.view?.line ?? [], all = Math.min(knots, l.length);
    this.shift = new Float32Array(knots);
    const psi = l.map((k) => this.turned(k.psi)), rho = l.map((k) => k.rho + this.back(k.psi) / k.mm);
    for (let i = 0, j = 0; i < all; i++) {
      while (j < all - 2 && psi[j + 1] < l[i].psi) j++;
      const u = Math.max(0, Math.min(1, (l[i].psi - psi[j]) / (psi[j + 1] - psi[j])));
      this.shift[i] = (rho[j] + (rho[j + 1] - rho[j]) * u - l[i].rho) * l[i].mm;
    }
  }

  // index is the place of a direction among the knots, which are evenly spaced.
  private index(psi: number): number {
    const l = this.view!.line;
    return Math.max(0, Math.min(l.length - 1, ((psi - l[0].psi) / (l[l.length - 1].psi - l[0].psi)) * (l.length - 1)));
  }

  private spot(psi: number): Spot | null {
    const l = this.view?.line ?? [];
    if (l.length < 2) return null;
    const t = this.index(psi), i = Math.min(l.length - 2, Math.floor(t)), u = t - i, a = l[i], b = l[i + 1], mix = (v: number, w: number) => v + (w - v) * u;
    return { x: mix(a.x, b.x), y: mix(a.y, b.y), vx: mix(a.vx, b.vx), vy: mix(a.vy, b.vy), moved: mix(this.shift[i], this.shift[i + 1]), seen: (u < 0.5 ? a : b).seen };
  }

  // sideways is what a mm away from the middle is in the picture, at a temple point.
  private sideways(handle: number): [number, number] {
    const l = this.view!.line, i = Math.max(1, Math.min(l.length - 2, Math.round(this.index(this.turned(this.places[handle]))))), a = l[i - 1], b = l[i + 1], k = l[i], back = (b.rho - a.rho) * k.mm;
    const mm = this.round(handle) * (b.psi - a.psi) * (handle > middle ? 1 : -1);
    return [(b.x - a.x - k.vx * back) / mm, (b.y - a.y - k.vy * back) / mm];
  }

  private handle(i: number): SVGElement {
    const side = temples.indexOf(i as 2), label = side < 0 ? t("design.handle", i + 1) : t(side ? "design.templeleft" : "design.templeright");
    const e = s("g", { class: "handle" + (side < 0 ? "" : " temple"), role: "slider", tabindex: "0", "aria-label": label, "aria-orientation": "vertical", "data-handle": i }, s("circle", { r: 24, class: "hit" }), side < 0 ? s("circle", { r: 10, class: "ring" }) : s("path", { d: "M0 -13L13 0L0 13L-13 0Z", class: "ring" }), s("circle", { r: 3.2, class: "core" }));
    e.addEventListener("pointerdown", (ev) => this.down(ev as PointerEvent, i));
    e.addEventListener("pointermove", (ev) => this.move(ev as PointerEvent));
    e.addEventListener("pointerup", (ev) => this.up(ev as PointerEvent));
    e.addEventListener("pointercancel", (ev) => this.up(ev as PointerEvent));
    e.addEventListener("keydown", (ev) => this.key(ev as KeyboardEvent, i, side));
    return e;
  }

  // key moves a handle back with up and forwards with down; a temple point also to the
  // left and right of the picture.
  private key(e: KeyboardEvent, i: number, side: number) {
    const across = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    let back = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[e.key] ?? 0, aside = 0;
    if (side < 0) back ||= across;
    else if (across) aside = this.sideways(i)[0] * across > 0 ? 1 : -1;
    if (!back && !aside) return;
    e.preventDefault();
    if (!this.changed) this.o.begin();
    this.set(i, copy(this.held), back, aside);
    clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.finish(), 500);
  }

  private soon = 0;

  private down(e: PointerEvent, i: number) {
    e.stopPropagation(); // and no preventDefault: WebKitGTK then lets nothing more of a pencil through
    (e.currentTarget as Element).setPointerCapture(e.pointerId);
    this.dragging = i;
    this.grip = { at: [e.clientX, e.clientY], from: copy(this.held) };
    this.handles[i].classList.add("held");
    this.o.begin();
  }

  private move(e: PointerEvent) {
    if (this.dragging < 0 || !this.grip) return;
    const i = this.dragging, k = this.spot(this.turned(this.places[i]));
    if (!k) return;
    const zoom = this.stage.zoom, dx = e.clientX - this.grip.at[0], dy = e.clientY - this.grip.at[1], vx = k.vx * zoom, vy = k.vy * zoom;
    if (!temples.includes(i as 2)) {
      // the way of the finger along the way the skin goes, in mm; where the skin is seen
      // nearly edge-on a finger would move it by centimetres, so it is held back there
      return this.set(i, this.grip.from, (dx * vx + dy * vy) / Math.max(vx * vx + vy * vy, (0.9 * zoom) ** 2), 0);
    }
    // both ways at once, held back in the same places: least squares that shun what is far
    const [wx, wy] = this.sideways(i).map((v) => v * zoom), hold = (0.35 * zoom) ** 2;
    const a = vx * vx + vy * vy + hold, b = vx * wx + vy * wy, c = wx * wx + wy * wy + hold, p = dx * vx + dy * vy, q = dx * wx + dy * wy, det = a * c - b * b;
    this.set(i, this.grip.from, (p * c - q * b) / det, (q * a - p * b) / det);
  }

  private up(_: PointerEvent) {
    if (this.dragging < 0) return;
    this.handles[this.dragging].classList.remove("held");
    this.dragging = -1;
    this.grip = null;
    this.finish();
  }

  private finish() {
    if (!this.changed || !this.view) return this.o.end(null); // nothing was moved after all
    this.o.end(this.points().map((p) => p.map((v) => Math.round(v * 1000) / 1000) as Vec));
  }

  // set moves a handle by so many mm back and aside; its neighbours go back some of the
  // way, as a line drawn by hand would.
  private set(i: number, from: Held, back: number, aside: number) {
    const mirror = count - 1 - i, tenth = (v: number, low: number, high: number) => Math.round(Math.max(low, Math.min(high, v)) * 10) / 10;
    for (let k = 0; k < count; k++) {
      const share = Math.max(along[Math.abs(k - i)] ?? 0, this.symmetric ? along[Math.abs(k - mirror)] ?? 0 : 0);
      this.held.back[k] = tenth(from.back[k] + back * share, farForward, farBack);
    }
    temples.forEach((handle, side) => {
      if (handle === i || (this.symmetric && handle === mirror)) this.held.aside[side] = tenth(from.aside[side] + aside, -farAside, farAside);
    });
    this.tell();
    this.stage.draw();
  }

  private tell() {
    this.spread();
    this.stage.shifts(this.shift, this.psis());
    this.o.move(this.held.back[middle]);
  }

  private place() {
    const v = this.view, none = !v || !v.used || v.line.length === 0;
    this.drawing.setAttribute("visibility", none ? "hidden" : "visible");
    if (none) return;
    const d = (moved: boolean) => {
      let out = "", pen = false;
      v!.line.forEach((k, i) => {
        const m = moved ? this.shift[i] : 0, [x, y] = this.stage.screen(k.x + k.vx * m, k.y + k.vy * m);
        out += k.seen ? `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}` : "";
        pen = k.seen;
      });
      return out;
    };
    this.path.setAttribute("d", d(true));
    this.under.setAttribute("d", d(true));
    this.was.setAttribute("d", this.changed ? d(false) : "");
    const deep = this.depths();
    this.handles.forEach((e, i) => {
      const k = this.spot(this.turned(this.places[i])), side = temples.indexOf(i as 2);
      e.setAttribute("visibility", k?.seen ? "inherit" : "hidden");
      e.setAttribute("tabindex", k?.seen ? "0" : "-1");
      if (!k) return;
      const [x, y] = this.stage.screen(k.x + k.vx * k.moved, k.y + k.vy * k.moved), m = this.held.back[i];
      e.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      e.setAttribute("aria-valuenow", m.toFixed(0));
      e.setAttribute("aria-valuemin", String(farForward));
      e.setAttribute("aria-valuemax", String(farBack));
      e.setAttribute("aria-valuetext", side < 0 || !deep ? t("design.handleat", n(m, 1), n(this.o.height() + this.held.back[middle], 0)) : t("design.templeat", n(m, 1), n(this.held.aside[side], 1), n(side ? deep.left : deep.right, 0)));
    });
  }
}

const fade = (far: number) => Math.max(0, 1 - far / 0.35) ** 2;
