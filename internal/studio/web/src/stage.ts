// The stage: a photo that fingers move and enlarge, with drawings over it. One
// finger moves, two enlarge; while a pencil is down fingers are palms. All places
// are pixels of the upright photo.
import { h, s } from "./dom";
import { Painter, type Layer, type Look } from "./gl";
import { PlainPainter } from "./plain";
import { ask } from "./net";

export type Point = [number, number];

// Tool takes one pointer instead of moving the photo.
export type Tool = {
  down(p: Point, e: PointerEvent): void;
  move(p: Point, e: PointerEvent): void;
  up(p: Point, e: PointerEvent): void;
  cancel?(): void;
};

const mostPixels = 16_000_000; // iOS refuses a canvas above 16.7 million

export class Stage {
  readonly root: HTMLElement;
  readonly over: SVGElement;
  readonly canvas: HTMLCanvasElement;
  tool: Tool | null = null;
  // called after each drawing, to place what lies over the photo
  onDraw: (() => void)[] = [];
  split: number | null = null; // share of the stage's width; null: after everywhere
  look = { heat: 0, zones: 0, dots: 0, live: false, ink: [0.45, 0.4, 0.38] as [number, number, number], soft: 6, edge: 0.35, gain: new Float32Array(9).fill(1), grow: 1 };
  private painter: Painter | PlainPainter | null;
  private scale = 1;
  private tx = 0;
  private ty = 0;
  private size: Point = [1, 1]; // of the photo
  private frame: [number, number, number, number] = [0, 0, 1, 1];
  private fingers = new Map<number, Point>();
  private pinch: { distance: number; middle: Point } | null = null;
  private pen = false;
  private using: number | null = null; // pointer that the tool has
  private waits = false;
  private touched = false; // whether a person chose the place
  private tap = 0;
  private watcher: ResizeObserver;

  constructor(label: string) {
    this.canvas = h("canvas", { class: "canvas", role: "img", "aria-label": label });
    this.over = s("svg", { class: "over" });
    this.root = h("div", { class: "stage", tabindex: 0, role: "application", "aria-label": label }, this.canvas, this.over as unknown as HTMLElement);
    this.painter = Painter.make(this.canvas, () => this.draw()) ?? PlainPainter.make(this.canvas);
    this.root.addEventListener("pointerdown", this.down);
    this.root.addEventListener("pointermove", this.move);
    this.root.addEventListener("pointerup", this.up);
    this.root.addEventListener("pointercancel", this.lost);
    this.root.addEventListener("wheel", this.wheel, { passive: false });
    this.root.addEventListener("keydown", this.key);
    this.root.addEventListener("gesturestart", (e) => e.preventDefault());
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.root);
  }

  close() {
    this.watcher.disconnect();
    this.canvas.width = this.canvas.height = 1; // iOS frees its memory only so
  }

  get ratio() {
    return this.canvas.width / Math.max(1, this.root.clientWidth);
  }

  private resize() {
    const w = this.root.clientWidth, height = this.root.clientHeight;
    if (!w || !height) return;
    const dpr = Math.min(devicePixelRatio || 1, 2, Math.sqrt(mostPixels / (w * height)));
    this.canvas.width = Math.round(w * dpr);
    this.canvas.height = Math.round(height * dpr);
    this.over.setAttribute("viewBox", `0 0 ${w} ${height}`);
    if (!this.touched) this.fit();
    this.draw(true);
  }

  // show sets the photo's size and the part to look at.
  show(width: number, height: number, frame: [number, number, number, number]) {
    this.size = [width, height];
    this.frame = frame;
    this.touched = false;
    this.fit();
  }

  // fit shows the whole frame.
  fit() {
    const w = this.canvas.width, hh = this.canvas.height, [l, t, r, b] = this.frame;
    this.scale = Math.min(w / (r - l), hh / (b - t));
    this.tx = w / 2 - ((l + r) / 2) * this.scale;
    this.ty = hh / 2 - ((t + b) / 2) * this.scale;
    this.touched = false;
    this.draw();
  }

  async picture(layer: Layer, url: string | null, signal?: AbortSignal): Promise<boolean> {
    if (!url) {
      this.painter?.setPicture(layer, null);
      this.draw();
      return true;
    }
    const blob = await (await ask(url, { signal })).blob();
    const picture = await createImageBitmap(blob);
    if (signal?.aborted) return false;
    this.painter?.setPicture(layer, picture);
    this.draw();
    return true;
  }

  dots(d: Float32Array) {
    this.painter?.setDots(d);
    this.draw();
  }

  shifts(mm: Float32Array, psis?: [number, number]) {
    this.painter?.setShifts(mm, psis as [number, number]);
    this.draw();
  }

  draw(now = false) {
    if (now) return this.paint();
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.paint();
    });
  }

  // follow lets another stage of the same photo move with this one.
  follow(other: Stage) {
    this.onDraw.push(() => {
      if (other.canvas.width !== this.canvas.width || (other.scale === this.scale && other.tx === this.tx && other.ty === this.ty)) return;
      [other.scale, other.tx, other.ty, other.touched] = [this.scale, this.tx, this.ty, this.touched];
      other.draw();
    });
  }

  private paint() {
    const o: Look = {
      ...this.look, scale: this.scale, tx: this.tx, ty: this.ty, width: this.size[0], height: this.size[1],
      split: this.split === null ? 0 : this.split * this.canvas.width,
    };
    this.painter?.draw(o);
    for (const f of this.onDraw) f();
  }

  // screen is where a place of the photo lies on the stage, in CSS pixels.
  screen(x: number, y: number): Point {
    const k = this.ratio;
    return [((x + 0.5) * this.scale + this.tx) / k, ((y + 0.5) * this.scale + this.ty) / k];
  }

  // photo is the place under a point of the stage.
  photo(x: number, y: number): Point {
    const k = this.ratio;
    return [(x * k - this.tx) / this.scale - 0.5, (y * k - this.ty) / this.scale - 0.5];
  }

  // zoom is CSS pixels per photo pixel.
  get zoom() {
    return this.scale / this.ratio;
  }

  local(e: PointerEvent | WheelEvent): Point {
    const r = this.root.getBoundingClientRect();
    return [e.clientX - r.left, e.clientY - r.top];
  }

  private down = (e: PointerEvent) => {
    if ((e.target as Element).closest("button, input, .handle, .divider")) return;
    if (e.pointerType === "touch" && this.pen) return; // a palm
    if (e.pointerType === "pen") this.pen = true;
    const at = this.local(e);
    this.root.setPointerCapture(e.pointerId);
    this.fingers.set(e.pointerId, at);
    if (this.fingers.size === 2) {
      if (this.using !== null) {
        this.tool?.cancel?.();
        this.using = null;
      }
      this.pinch = this.grip();
    } else if (this.tool && this.fingers.size === 1 && e.button === 0) {
      this.using = e.pointerId;
      this.tool.down(this.photo(...at), e);
    } else if (e.timeStamp - this.tap < 320) {
      this.touched ? this.fit() : this.enlarge(2.2, at);
    }
    this.tap = e.timeStamp;
  };

  private move = (e: PointerEvent) => {
    const last = this.fingers.get(e.pointerId);
    if (!last) return;
    const at = this.local(e);
    this.fingers.set(e.pointerId, at);
    if (this.using === e.pointerId) {
      const all = e.getCoalescedEvents?.() ?? [e];
      for (const p of all.length ? all : [e]) this.tool?.move(this.photo(...this.local(p)), p);
    } else if (this.pinch && this.fingers.size >= 2) {
      const now = this.grip();
      this.shift(now.middle[0] - this.pinch.middle[0], now.middle[1] - this.pinch.middle[1]);
      this.enlarge(now.distance / this.pinch.distance, now.middle);
      this.pinch = now;
    } else if (!this.tool) {
      this.shift(at[0] - last[0], at[1] - last[1]);
    }
  };

  private up = (e: PointerEvent) => {
    if (!this.fingers.delete(e.pointerId)) return;
    if (e.pointerType === "pen") this.pen = false;
    if (this.using === e.pointerId) {
      this.using = null;
      this.tool?.up(this.photo(...this.local(e)), e);
    }
    this.pinch = this.fingers.size >= 2 ? this.grip() : null;
  };

  private lost = (e: PointerEvent) => {
    this.fingers.delete(e.pointerId);
    if (e.pointerType === "pen") this.pen = false;
    if (this.using === e.pointerId) {
      this.using = null;
      this.tool?.cancel?.();
    }
    this.pinch = null;
  };

  private grip() {
    const [a, b] = [...this.fingers.values()];
    return { distance: Math.max(20, Math.hypot(a[0] - b[0], a[1] - b[1])), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as Point };
  }

  private shift(dx: number, dy: number) {
    this.touched = true;
    this.tx += dx * this.ratio;
    this.ty += dy * this.ratio;
    this.hold();
    this.draw();
  }

  enlarge(k: number, at: Point = [this.root.clientWidth / 2, this.root.clientHeight / 2]) {
    this.touched = true;
    const fit = Math.min(this.canvas.width / this.size[0], this.canvas.height / this.size[1]);
    const to = Math.min(24 * this.ratio, Math.max(fit * 0.7, this.scale * k));
    k = to / this.scale;
    const x = at[0] * this.ratio, y = at[1] * this.ratio;
    this.tx = x - (x - this.tx) * k;
    this.ty = y - (y - this.ty) * k;
    this.scale = to;
    this.hold();
    this.draw();
  }

  // hold keeps some of the photo on the stage.
  private hold() {
    const w = this.canvas.width, hh = this.canvas.height, pw = this.size[0] * this.scale, ph = this.size[1] * this.scale, rest = 0.2;
    this.tx = Math.min(w * (1 - rest), Math.max(w * rest - pw, this.tx));
    this.ty = Math.min(hh * (1 - rest), Math.max(hh * rest - ph, this.ty));
  }

  private wheel = (e: WheelEvent) => {
    e.preventDefault();
    this.enlarge(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0016)), this.local(e));
  };

  private key = (e: KeyboardEvent) => {
    if (e.target !== this.root) return;
    const step = 40;
    const does: Record<string, () => void> = {
      "+": () => this.enlarge(1.25), "=": () => this.enlarge(1.25), "-": () => this.enlarge(0.8), "0": () => this.fit(),
      ArrowLeft: () => this.shift(step, 0), ArrowRight: () => this.shift(-step, 0), ArrowUp: () => this.shift(0, step), ArrowDown: () => this.shift(0, -step),
    };
    if (!does[e.key]) return;
    e.preventDefault();
    does[e.key]();
  };
}

// outline is the d of a path through places of the photo.
export function outline(stage: Stage, points: Point[], closed = false): string {
  if (points.length === 0) return "";
  return "M" + points.map((p) => stage.screen(...p).map((v) => v.toFixed(1)).join(" ")).join("L") + (closed ? "Z" : "");
}
