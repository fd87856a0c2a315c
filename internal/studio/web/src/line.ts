// The hairline under a finger: a few handles, each moving along the skin. What a
// handle moved, in mm back, is spread smoothly to its neighbours.
import { s } from "./dom";
import { knots } from "./gl";
import type { Stage } from "./stage";
import type { Knot, Vec, View } from "./types";
import { n, t } from "./words";

const places = [-1.5, -1.12, -0.75, -0.37, 0, 0.37, 0.75, 1.12, 1.5]; // psi of the handles, radians
const along = [1, 0.62, 0.22]; // how far neighbours go with a handle
const farForward = -25, farBack = 45; // mm

export class Line {
  symmetric = true;
  private view: View | null = null;
  private moved = new Float32Array(places.length); // mm back
  private dragging = -1;
  private grip: { at: [number, number]; from: Float32Array } | null = null;
  private drawing = s("g", { class: "line" });
  private path = s("path", { class: "line-path" });
  private under = s("path", { class: "line-path under" });
  private was = s("path", { class: "line-path was" });
  private handles: SVGElement[] = [];

  constructor(private stage: Stage, private o: { begin: () => void; move: (heightChange: number) => void; end: (points: Vec[] | null) => void; height: () => number }) {
    this.drawing.append(this.was, this.under, this.path);
    places.forEach((psi, i) => this.handles.push(this.handle(psi, i)));
    this.drawing.append(...this.handles);
    stage.over.append(this.drawing);
    stage.onDraw.push(() => this.place());
  }

  show(v: View) {
    this.view = v;
    this.moved.fill(0);
    this.tell();
    this.place();
  }

  get changed() {
    return this.moved.some((m) => m !== 0);
  }

  // shifts are the mm back of every knot.
  shifts(): Float32Array {
    const out = new Float32Array(knots), line = this.view?.line ?? [];
    for (let i = 0; i < Math.min(knots, line.length); i++) out[i] = this.at(line[i].psi);
    return out;
  }

  psis(): [number, number] {
    const l = this.view?.line ?? [];
    return l.length ? [l[0].psi, l[l.length - 1].psi] : [-1.885, 1.885];
  }

  private at(psi: number): number {
    if (psi <= places[0]) return this.moved[0] * fade(places[0] - psi);
    const last = places.length - 1;
    if (psi >= places[last]) return this.moved[last] * fade(psi - places[last]);
    let i = 0;
    while (psi > places[i + 1]) i++;
    const u = (psi - places[i]) / (places[i + 1] - places[i]), m = this.moved;
    // a curve through the handles that never overshoots them
    return m[i] + (m[i + 1] - m[i]) * u * u * (3 - 2 * u);
  }

  private knot(psi: number): Knot | null {
    const l = this.view?.line ?? [];
    if (!l.length) return null;
    const i = Math.round(((psi - l[0].psi) / (l[l.length - 1].psi - l[0].psi)) * (l.length - 1));
    return l[Math.max(0, Math.min(l.length - 1, i))];
  }

  private handle(psi: number, i: number): SVGElement {
    const e = s("g", { class: "handle", role: "slider", tabindex: "0", "aria-label": t("design.handle", i + 1), "aria-orientation": "vertical", "data-handle": i }, s("circle", { r: 24, class: "hit" }), s("circle", { r: 10, class: "ring" }), s("circle", { r: 3.2, class: "core" }));
    e.addEventListener("pointerdown", (ev) => this.down(ev as PointerEvent, i));
    e.addEventListener("pointermove", (ev) => this.move(ev as PointerEvent));
    e.addEventListener("pointerup", (ev) => this.up(ev as PointerEvent));
    e.addEventListener("pointercancel", (ev) => this.up(ev as PointerEvent));
    e.addEventListener("keydown", (ev) => {
      const k = (ev as KeyboardEvent).key, by = k === "ArrowUp" || k === "ArrowRight" ? 1 : k === "ArrowDown" || k === "ArrowLeft" ? -1 : k === "PageUp" ? 5 : k === "PageDown" ? -5 : 0;
      if (!by) return;
      ev.preventDefault();
      if (!this.changed) this.o.begin();
      this.set(i, this.moved.slice(), by);
      clearTimeout(this.soon);
      this.soon = window.setTimeout(() => this.finish(), 500);
    });
    return e;
  }

  private soon = 0;

  private down(e: PointerEvent, i: number) {
    e.stopPropagation();
    e.preventDefault();
    (e.currentTarget as Element).setPointerCapture(e.pointerId);
    this.dragging = i;
    this.grip = { at: [e.clientX, e.clientY], from: this.moved.slice() };
    this.handles[i].classList.add("held");
    this.o.begin();
  }

  private move(e: PointerEvent) {
    if (this.dragging < 0 || !this.grip) return;
    const k = this.knot(places[this.dragging]);
    if (!k) return;
    // the way of the finger along the way the skin goes, in mm; where the skin is seen
    // nearly edge-on a finger would move it by centimetres, so it is held back there
    const zoom = this.stage.zoom, vx = k.vx * zoom, vy = k.vy * zoom, v2 = Math.max(vx * vx + vy * vy, (0.45 * zoom) ** 2 * 4);
    const mm = ((e.clientX - this.grip.at[0]) * vx + (e.clientY - this.grip.at[1]) * vy) / v2;
    this.set(this.dragging, this.grip.from, mm);
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
    const line = this.view.line, shifts = this.shifts();
    this.o.end(line.map((k, i) => k.p.map((v, c) => Math.round((v + k.b[c] * shifts[i]) * 1000) / 1000) as Vec));
  }

  // set moves a handle by so many mm; its neighbours go some of the way, as a line
  // drawn by hand would.
  private set(i: number, from: Float32Array, mm: number) {
    const mirror = places.length - 1 - i;
    for (let k = 0; k < places.length; k++) {
      const share = Math.max(along[Math.abs(k - i)] ?? 0, this.symmetric ? along[Math.abs(k - mirror)] ?? 0 : 0);
      this.moved[k] = Math.round(Math.max(farForward, Math.min(farBack, from[k] + mm * share)) * 10) / 10;
    }
    this.tell();
    this.stage.draw();
  }

  private tell() {
    this.stage.shifts(this.shifts(), this.psis());
    this.o.move(this.at(0));
  }

  private place() {
    const v = this.view, none = !v || !v.used || v.line.length === 0;
    this.drawing.setAttribute("visibility", none ? "hidden" : "visible");
    if (none) return;
    const shifts = this.shifts(), d = (moved: boolean) => {
      let out = "", pen = false;
      v!.line.forEach((k, i) => {
        const m = moved ? shifts[i] : 0, [x, y] = this.stage.screen(k.x + k.vx * m, k.y + k.vy * m);
        out += k.seen ? `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}` : "";
        pen = k.seen;
      });
      return out;
    };
    this.path.setAttribute("d", d(true));
    this.under.setAttribute("d", d(true));
    this.was.setAttribute("d", this.changed ? d(false) : "");
    places.forEach((psi, i) => {
      const k = this.knot(psi), e = this.handles[i];
      e.setAttribute("visibility", k?.seen ? "inherit" : "hidden");
      e.setAttribute("tabindex", k?.seen ? "0" : "-1");
      if (!k) return;
      const m = this.moved[i], [x, y] = this.stage.screen(k.x + k.vx * m, k.y + k.vy * m);
      e.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      e.setAttribute("aria-valuenow", m.toFixed(0));
      e.setAttribute("aria-valuemin", String(farForward));
      e.setAttribute("aria-valuemax", String(farBack));
      e.setAttribute("aria-valuetext", t("design.handleat", n(m, 1), n(this.o.height() + this.at(0), 0)));
    });
  }
}

const fade = (far: number) => Math.max(0, 1 - far / 0.35) ** 2;
