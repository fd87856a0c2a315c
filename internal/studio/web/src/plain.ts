// The same picture on a 2D canvas, for browsers without WebGL2: photo, maps and
// dots; dots do not follow a finger there, the studio's preview does.
import type { Layer, Look } from "./gl";

export class PlainPainter {
  private pictures = new Map<Layer, ImageBitmap | null>();
  private dots = new Float32Array(0);

  constructor(private canvas: HTMLCanvasElement, private c: CanvasRenderingContext2D) {}

  static make(canvas: HTMLCanvasElement): PlainPainter | null {
    const c = canvas.getContext("2d", { alpha: false });
    return c ? new PlainPainter(canvas, c) : null;
  }

  setPicture(layer: Layer, picture: ImageBitmap | null) {
    this.pictures.set(layer, picture);
  }

  setDots(dots: Float32Array) {
    this.dots = dots;
  }

  setShifts() {}

  draw(o: Look) {
    const c = this.c, w = this.canvas.width, h = this.canvas.height;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.fillStyle = "#161412";
    c.fillRect(0, 0, w, h);
    const lay = (layer: Layer, alpha: number) => {
      const p = this.pictures.get(layer);
      if (!p || alpha <= 0) return;
      c.globalAlpha = alpha;
      c.drawImage(p, o.tx, o.ty, o.width * o.scale, o.height * o.scale);
      c.globalAlpha = 1;
    };
    lay("before", 1);
    c.save();
    c.beginPath();
    c.rect(o.split, 0, w, h);
    c.clip();
    if (!o.live) lay("after", 1);
    if (o.dots > 0) this.drawDots(o);
    c.restore();
    lay("heat", o.heat);
    lay("zones", o.zones);
  }

  private drawDots(o: Look) {
    const c = this.c, d = this.dots;
    c.globalCompositeOperation = o.dots > 1 ? "source-over" : "multiply";
    const full = o.ink.map((v) => Math.round(255 * v));
    for (let i = 0; i < d.length; i += 8) {
      if (d[i + 7] < 0.5) continue;
      const real = d[i + 2] * o.scale * o.grow, r = Math.max(real, o.dots > 1 ? 2.2 : 0.75);
      c.globalAlpha = o.dots > 1 ? 1 : Math.min(1, (real * real) / (r * r));
      c.fillStyle = o.dots > 1 ? ["#ffffff", "#59c7ff", "#ff9e40", "#8ceb8c"][Math.min(3, Math.round(d[i + 7]))] : `rgb(${full.join(",")})`;
      c.beginPath();
      c.arc((d[i] + 0.5) * o.scale + o.tx, (d[i + 1] + 0.5) * o.scale + o.ty, r, 0, 2 * Math.PI);
      c.fill();
    }
    c.globalAlpha = 1;
    c.globalCompositeOperation = "source-over";
  }
}
