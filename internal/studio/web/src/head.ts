// The head in three dimensions: the planned surface in the colours of the photos,
// with every planned dot on it. A finger turns it. What no photo shows is grey.
import { h } from "./dom";
import { attribute, program } from "./gl";
import { ask } from "./net";
import { t } from "./words";

const skinShader = `#version 300 es
in vec3 place; in vec3 normal; in vec4 colour;
uniform mat4 view;
out vec3 n; out vec4 c; out float y; out float z;
void main() { n = normal; c = colour; y = place.y; z = place.z; gl_Position = view * vec4(place, 1.0); }`;
const skinPixel = `#version 300 es
precision highp float;
in vec3 n; in vec4 c; in float y; in float z;
uniform vec3 eye; uniform float lowest; uniform vec2 brow;
out vec4 o;
void main() {
  if (y < lowest) discard;
  vec3 m = normalize(n);
  float facing = max(0.0, dot(m, eye));
  vec3 clay = vec3(0.50, 0.47, 0.44) * (0.35 + 0.65 * facing);
  vec3 seen = c.rgb * (0.62 + 0.38 * facing);
  vec3 q = mix(clay, seen, c.a);
  // the surface is a scalp's: below the brows it is no face, below the ears no neck, so it ends there
  float end = mix(lowest + 4.0, brow.x - 22.0, smoothstep(0.0, brow.y, z));
  float fade = smoothstep(end, end + 28.0, y);
  o = vec4(mix(vec3(0.086, 0.078, 0.07), q, fade), 1.0);
}`;
const dotShader = `#version 300 es
in vec3 place; in vec3 normal;
uniform mat4 view; uniform vec3 eye; uniform float size;
out float strength;
void main() {
  float facing = dot(normal, eye);
  gl_Position = facing > 0.05 ? view * vec4(place + normal * 0.7, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  float r = size;
  gl_PointSize = max(r, 1.6);
  strength = min(1.0, (r * r) / (gl_PointSize * gl_PointSize)) * smoothstep(0.05, 0.4, facing);
}`;
const dotPixel = `#version 300 es
precision highp float;
in float strength; uniform vec3 ink; out vec4 o;
void main() { vec2 p = gl_PointCoord * 2.0 - 1.0; o = vec4(mix(vec3(1.0), ink, exp(-dot(p, p) * 2.0) * strength), 1.0); }`;

export class Head {
  readonly root: HTMLElement;
  private canvas = h("canvas", { class: "canvas", role: "img", "aria-label": t("head.label") });
  private gl: WebGL2RenderingContext | null;
  private data: ArrayBuffer | null = null;
  private yaw = 0.5;
  private pitch = 0.72;
  private far = 1;
  private fingers = new Map<number, [number, number]>();
  private spread = 0;
  private draws: (() => void) | null = null;
  private waits = false;
  private target: [number, number] | null = null;
  private watcher = new ResizeObserver(() => this.resize());
  dots = true;
  ink: [number, number, number] = [0.5, 0.45, 0.42];

  constructor() {
    const preset = (key: string, yaw: number, pitch: number) => h("button", { type: "button", class: "button small", "data-turn": key, onclick: () => this.turnTo(yaw, pitch) }, t("head." + key));
    this.root = h("div", { class: "stage head", tabindex: 0, role: "application", "aria-label": t("head.label"), onkeydown: this.key }, this.canvas, h("div", { class: "head-turns" }, preset("front", 0, 0.1), preset("left", Math.PI / 2, 0.1), preset("back", Math.PI, 0.25), preset("right", -Math.PI / 2, 0.1), preset("top", 0, 1.45)), h("p", { class: "stage-note" }, t("head.note")));
    this.gl = this.canvas.getContext("webgl2", { antialias: true, alpha: false });
    this.canvas.addEventListener("webglcontextlost", (e) => e.preventDefault());
    this.canvas.addEventListener("webglcontextrestored", () => this.prepare());
    this.canvas.addEventListener("pointerdown", (e) => {
      this.canvas.setPointerCapture(e.pointerId);
      this.fingers.set(e.pointerId, [e.clientX, e.clientY]);
      this.spread = 0;
      this.target = null;
    });
    this.canvas.addEventListener("pointermove", (e) => this.move(e));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (e) => {
      this.fingers.delete((e as PointerEvent).pointerId);
      this.spread = 0;
    });
    this.canvas.addEventListener("wheel", (e) => {
      e.preventDefault();
      this.nearer(Math.exp(-e.deltaY * 0.0016));
    }, { passive: false });
    this.watcher.observe(this.root);
  }

  close() {
    this.watcher.disconnect();
    this.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.canvas.width = this.canvas.height = 1;
  }

  async load(url: string) {
    this.data = await (await ask(url)).arrayBuffer();
    if (!this.gl) throw new Error(t("head.none"));
    this.prepare();
  }

  private turnTo(yaw: number, pitch: number) {
    this.target = [yaw, pitch];
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) [this.yaw, this.pitch] = this.target;
    this.draw();
  }

  private move(e: PointerEvent) {
    const last = this.fingers.get(e.pointerId);
    if (!last) return;
    this.fingers.set(e.pointerId, [e.clientX, e.clientY]);
    if (this.fingers.size === 2) {
      const [a, b] = [...this.fingers.values()], d = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (this.spread) this.nearer(d / this.spread);
      this.spread = d;
      return;
    }
    this.turn((e.clientX - last[0]) * 0.009, (e.clientY - last[1]) * 0.009);
  }

  private turn(x: number, y: number) {
    this.yaw -= x;
    this.pitch = Math.max(-0.5, Math.min(1.55, this.pitch + y));
    this.draw();
  }

  private nearer(k: number) {
    this.far = Math.max(0.35, Math.min(1.4, this.far / k));
    this.draw();
  }

  private key = (e: KeyboardEvent) => {
    const does: Record<string, () => void> = { ArrowLeft: () => this.turn(-0.15, 0), ArrowRight: () => this.turn(0.15, 0), ArrowUp: () => this.turn(0, -0.15), ArrowDown: () => this.turn(0, 0.15), "+": () => this.nearer(1.2), "-": () => this.nearer(0.83) };
    if (!does[e.key]) return;
    e.preventDefault();
    does[e.key]();
  };

  private resize() {
    const dpr = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.max(1, Math.round(this.root.clientWidth * dpr));
    this.canvas.height = Math.max(1, Math.round(this.root.clientHeight * dpr));
    this.draws?.();
  }

  draw() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      if (this.target) {
        const dy = Math.atan2(Math.sin(this.target[0] - this.yaw), Math.cos(this.target[0] - this.yaw)), dp = this.target[1] - this.pitch;
        this.yaw += dy * 0.2;
        this.pitch += dp * 0.2;
        if (Math.abs(dy) + Math.abs(dp) < 0.003) this.target = null;
        else this.draw();
      }
      this.draws?.();
    });
  }

  private prepare() {
    const gl = this.gl, data = this.data;
    if (!gl || !data) return;
    const size = new DataView(data).getUint32(0, true), info = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, size)));
    const count = info.rows * info.cols;
    let at = 4 + size;
    const grid = new Float32Array(data, at, 3 * count);
    at += 12 * count;
    const colours = new Uint8Array(data, at, 4 * count);
    at += 4 * count;
    const dots = new Float32Array(data, at, 6 * info.dots);
    const skin = program(gl, skinShader, skinPixel), ink = program(gl, dotShader, dotPixel);
    const index = triangles(info.rows, info.cols), normals = normalsOf(grid, index);
    const vertex = (p: WebGLProgram, name: string, values: BufferSource, n: number, byte = false, stride = 0, offset = 0) => {
      const b = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, b);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
      if (!byte) return attribute(gl, p, name, n, stride, offset);
      const i = gl.getAttribLocation(p, name);
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, n, gl.UNSIGNED_BYTE, true, 0, 0);
    };
    const body = gl.createVertexArray()!;
    gl.bindVertexArray(body);
    vertex(skin, "place", grid, 3);
    vertex(skin, "normal", normals, 3);
    vertex(skin, "colour", colours, 4, true);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, index, gl.STATIC_DRAW);
    const cloud = gl.createVertexArray()!;
    gl.bindVertexArray(cloud);
    vertex(ink, "place", dots, 3, false, 24, 0);
    vertex(ink, "normal", dots, 3, false, 24, 12);
    gl.bindVertexArray(null);
    this.draws = () => {
      if (gl.isContextLost()) return;
      const w = this.canvas.width, hh = this.canvas.height;
      const { view, eye, pixels } = look(this.yaw, this.pitch, 440 * this.far, w, hh);
      gl.viewport(0, 0, w, hh);
      gl.clearColor(0.086, 0.078, 0.07, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      gl.disable(gl.BLEND);
      gl.useProgram(skin);
      gl.uniformMatrix4fv(gl.getUniformLocation(skin, "view"), false, view);
      gl.uniform3f(gl.getUniformLocation(skin, "eye"), ...eye);
      gl.uniform1f(gl.getUniformLocation(skin, "lowest"), info.lowest_mm);
      gl.uniform2f(gl.getUniformLocation(skin, "brow"), info.brow_y, info.brow_z);
      gl.bindVertexArray(body);
      gl.drawElements(gl.TRIANGLES, index.length, gl.UNSIGNED_INT, 0);
      if (!this.dots || !info.dots) return;
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ZERO, gl.SRC_COLOR);
      gl.depthMask(false);
      gl.useProgram(ink);
      gl.uniformMatrix4fv(gl.getUniformLocation(ink, "view"), false, view);
      gl.uniform3f(gl.getUniformLocation(ink, "eye"), ...eye);
      gl.uniform3f(gl.getUniformLocation(ink, "ink"), ...this.ink);
      gl.uniform1f(gl.getUniformLocation(ink, "size"), 0.3 * pixels * 2);
      gl.bindVertexArray(cloud);
      gl.drawArrays(gl.POINTS, 0, info.dots);
      gl.depthMask(true);
    };
    this.resize();
  }
}

function triangles(rows: number, cols: number): Uint32Array {
  const out: number[] = [];
  for (let i = 0; i < rows - 1; i++) for (let j = 0; j < cols - 1; j++) {
    const a = i * cols + j;
    out.push(a, a + cols, a + 1, a + 1, a + cols, a + cols + 1);
  }
  return new Uint32Array(out);
}

function normalsOf(v: Float32Array, index: Uint32Array): Float32Array {
  const out = new Float32Array(v.length);
  for (let i = 0; i < index.length; i += 3) {
    const [a, b, c] = [3 * index[i], 3 * index[i + 1], 3 * index[i + 2]];
    const e = [v[b] - v[a], v[b + 1] - v[a + 1], v[b + 2] - v[a + 2]], f = [v[c] - v[a], v[c + 1] - v[a + 1], v[c + 2] - v[a + 2]];
    const n = [e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]];
    for (const k of [a, b, c]) for (let q = 0; q < 3; q++) out[k + q] += n[q];
  }
  // the seam and the pole are one place each
  for (let i = 0; i < out.length; i += 3) {
    const l = Math.hypot(out[i], out[i + 1], out[i + 2]) || 1;
    out[i] /= l;
    out[i + 1] /= l;
    out[i + 2] /= l;
  }
  return out;
}

// look is the camera: head frame (x to the client's left, y up, z forward) to the screen.
function look(yaw: number, pitch: number, far: number, w: number, h: number) {
  const cp = Math.cos(pitch), sp = Math.sin(pitch), cy = Math.cos(yaw), sy = Math.sin(yaw);
  const eye: [number, number, number] = [sy * cp, sp, cy * cp]; // from the head to the eye
  const right = [cy, 0, -sy], up = [-sy * sp, cp, -cy * sp];
  const centre = [0, 34, 4], f = 2.6, near = 20, end = 1500, a = w / h, k = a < 0.85 ? f * (a / 0.85) : f;
  const dot = (m: number[], q: number[]) => m[0] * q[0] + m[1] * q[1] + m[2] * q[2];
  const tx = -dot(right, centre), ty = -dot(up, centre);
  // view: (right, up, eye) then perspective; z runs from near to end
  const p = (end + near) / (near - end), q = (2 * end * near) / (near - end);
  const rows = [
    [(k / a) * right[0], (k / a) * right[1], (k / a) * right[2], (k / a) * tx],
    [k * up[0], k * up[1], k * up[2], k * ty],
    [p * eye[0], p * eye[1], p * eye[2], p * (-dot(eye, centre) - far) + q],
    [-eye[0], -eye[1], -eye[2], dot(eye, centre) + far],
  ];
  const m = new Float32Array(16);
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) m[4 * c + r] = rows[r][c];
  return { view: m, eye, pixels: (k * h) / 2 / far };
}
