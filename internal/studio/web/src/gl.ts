// Drawing with WebGL2: the photo (before and after side by side of a line, maps
// over it) and all dots in one instanced draw. Dots take light away, as they do
// in skin; a dot smaller than a pixel is drawn as a pixel, paler by as much.

export const knots = 145; // of the hairline, as the studio states it

export type Look = {
  scale: number; tx: number; ty: number; // photo pixels to device pixels
  width: number; height: number; // of the photo
  split: number; // device pixels; before on the left of it
  heat: number; zones: number; // 0..1
  dots: number; // 0: none, 1: as they are, 2: marked
  live: boolean; // whether spare dots stand in for those to come
  ink: [number, number, number]; // what a dot's middle lets through
  soft: number; edge: number; // of the hairline's edge: mm, share of density at the line
  gain: Float32Array; // by zone: wanted over planned density
  grow: number; // radius of a dot over its healed radius
};

const quadShader = `#version 300 es
in vec2 corner;
uniform vec4 place; // scale, tx, ty, 0
uniform vec2 size, screen;
out vec2 uv;
void main() {
  uv = corner;
  vec2 p = (corner * size) * place.x + place.yz;
  gl_Position = vec4(p / screen * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}`;

const photoShader = `#version 300 es
precision highp float;
in vec2 uv;
uniform sampler2D before, after, heat, zones;
uniform float split, heatShare, zoneShare;
out vec4 colour;
void main() {
  vec3 c = gl_FragCoord.x < split ? texture(before, uv).rgb : texture(after, uv).rgb;
  vec4 q = texture(heat, uv);
  c = mix(c, q.rgb, q.a * heatShare);
  vec4 z = texture(zones, uv);
  c = mix(c, vec3(1.0), z.a * zoneShare);
  colour = vec4(c, 1.0);
}`;

const dotShader = `#version 300 es
in vec2 corner;
in vec4 a; // x, y, radius, psi
in vec4 b; // mm behind the line, rank, zone, session
uniform vec4 place;
uniform vec2 screen;
uniform sampler2D moved; // mm each knot of the line was moved back
uniform vec2 psis; // of the first knot and the last
uniform float live, soft, edge, grow, marked;
uniform float gain[9];
out vec2 at;
out float strength;
flat out int session;
float ramp(float d) {
  if (d < -2.5) return 0.0;
  if (d < 0.0) return 0.1;
  float t = clamp(d / soft, 0.0, 1.0);
  return edge + (1.0 - edge) * t * t * (3.0 - 2.0 * t);
}
void main() {
  float shift = 0.0;
  if (a.w > psis.x && a.w < psis.y) {
    float t = (a.w - psis.x) / (psis.y - psis.x) * ${knots - 1}.0;
    int i = clamp(int(t), 0, ${knots - 2});
    shift = mix(texelFetch(moved, ivec2(i, 0), 0).r, texelFetch(moved, ivec2(i + 1, 0), 0).r, t - float(i));
  }
  float wanted = ramp(b.x - shift) * gain[int(b.z)], had = ramp(b.x);
  bool shown = b.w > 0.5;
  if (live > 0.5) shown = b.w > 0.5 ? b.y * had < wanted : b.y < wanted - had;
  float real = a.z * place.x * grow;
  float least = marked > 0.5 ? 1.9 : 0.75;
  float r = max(real, least);
  strength = marked > 0.5 ? 1.0 : min(1.0, real * real / (r * r));
  session = int(b.w + 0.5);
  at = corner * 2.0 - 1.0;
  vec2 p = (a.xy + 0.5) * place.x + place.yz + at * r * 1.6;
  gl_Position = shown ? vec4(p / screen * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}`;

const inkShader = `#version 300 es
precision highp float;
in vec2 at;
in float strength;
flat in int session;
uniform vec3 ink;
uniform float marked, split;
out vec4 colour;
void main() {
  if (gl_FragCoord.x < split) discard;
  float q = dot(at, at) * 2.56;
  if (marked > 0.5) {
    float cover = 1.0 - smoothstep(0.7, 1.0, sqrt(q));
    vec3 c = session == 1 ? vec3(0.35, 0.78, 1.0) : session == 2 ? vec3(1.0, 0.62, 0.25) : session == 3 ? vec3(0.55, 0.92, 0.55) : vec3(1.0);
    colour = vec4(c, cover);
    return;
  }
  float cover = exp(-q * 1.2) * strength;
  colour = vec4(mix(vec3(1.0), ink, cover), 1.0);
}`;

export type Layer = "before" | "after" | "heat" | "zones";

export class Painter {
  private gl: WebGL2RenderingContext;
  private photo!: WebGLProgram;
  private dotter!: WebGLProgram;
  private quad!: WebGLVertexArrayObject;
  private cloud!: WebGLVertexArrayObject;
  private buffer!: WebGLBuffer;
  private moved!: WebGLTexture;
  private textures = new Map<Layer, WebGLTexture>();
  private places = new Map<string, WebGLUniformLocation | null>();
  private count = 0;
  // what is drawn is kept here, to be given again to a new context after a loss
  private pictures = new Map<Layer, ImageBitmap | null>();
  private dots = new Float32Array(0);
  private shifts = new Float32Array(knots);
  private psis: [number, number] = [-1.885, 1.885];

  static make(canvas: HTMLCanvasElement, again: () => void): Painter | null {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: false, powerPreference: "low-power" });
    if (!gl) return null;
    const p = new Painter(gl);
    canvas.addEventListener("webglcontextlost", (e) => e.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      p.begin();
      again();
    });
    return p;
  }

  private constructor(gl: WebGL2RenderingContext) {
    this.gl = gl;
    this.begin();
  }

  // begin makes everything in the context, from what is kept.
  private begin() {
    const gl = this.gl;
    this.places.clear();
    this.textures.clear();
    this.photo = program(gl, quadShader, photoShader);
    this.dotter = program(gl, dotShader, inkShader);
    const corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.quad = gl.createVertexArray()!;
    gl.bindVertexArray(this.quad);
    attribute(gl, this.photo, "corner", 2, 0, 0);
    this.cloud = gl.createVertexArray()!;
    gl.bindVertexArray(this.cloud);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    attribute(gl, this.dotter, "corner", 2, 0, 0);
    this.buffer = gl.createBuffer()!;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    attribute(gl, this.dotter, "a", 4, 32, 0, 1);
    attribute(gl, this.dotter, "b", 4, 32, 16, 1);
    gl.bindVertexArray(null);
    this.moved = gl.createTexture()!;
    this.setShifts(this.shifts);
    this.setDots(this.dots);
    for (const l of ["before", "after", "heat", "zones"] as Layer[]) this.setPicture(l, this.pictures.get(l) ?? null);
  }

  setPicture(layer: Layer, picture: ImageBitmap | null) {
    const gl = this.gl;
    this.pictures.set(layer, picture);
    let t = this.textures.get(layer);
    if (!t) this.textures.set(layer, (t = gl.createTexture()!));
    gl.bindTexture(gl.TEXTURE_2D, t);
    if (picture) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(layer === "before" || layer === "after" ? [28, 26, 24, 255] : [0, 0, 0, 0]));
    const smooth = picture && (layer === "before" || layer === "after");
    if (smooth) gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, smooth ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  setDots(dots: Float32Array) {
    const gl = this.gl;
    this.dots = dots;
    this.count = dots.length / 8;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, dots, gl.STATIC_DRAW);
  }

  setShifts(mm: Float32Array, psis?: [number, number]) {
    const gl = this.gl;
    this.shifts = mm;
    if (psis) this.psis = psis;
    gl.bindTexture(gl.TEXTURE_2D, this.moved);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, knots, 1, 0, gl.RED, gl.FLOAT, mm);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  draw(o: Look) {
    const gl = this.gl, w = gl.drawingBufferWidth, h = gl.drawingBufferHeight;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, w, h);
    gl.clearColor(0.086, 0.078, 0.07, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.disable(gl.BLEND);
    gl.useProgram(this.photo);
    gl.uniform4f(this.at(this.photo, "place"), o.scale, o.tx, o.ty, 0);
    gl.uniform2f(this.at(this.photo, "size"), o.width, o.height);
    gl.uniform2f(this.at(this.photo, "screen"), w, h);
    gl.uniform1f(this.at(this.photo, "split"), o.live ? w : o.split); // while dots follow a finger they lie on the photo itself
    gl.uniform1f(this.at(this.photo, "heatShare"), o.heat);
    gl.uniform1f(this.at(this.photo, "zoneShare"), o.zones);
    (["before", "after", "heat", "zones"] as Layer[]).forEach((l, i) => {
      gl.activeTexture(gl.TEXTURE0 + i);
      gl.bindTexture(gl.TEXTURE_2D, this.textures.get(l)!);
      gl.uniform1i(this.at(this.photo, l), i);
    });
    gl.bindVertexArray(this.quad);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.activeTexture(gl.TEXTURE0);
    if (o.dots > 0 && this.count > 0) this.drawDots(o, w, h);
  }

  private drawDots(o: Look, w: number, h: number) {
    const gl = this.gl, p = this.dotter;
    gl.enable(gl.BLEND);
    if (o.dots > 1) gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    else gl.blendFunc(gl.ZERO, gl.SRC_COLOR); // light is only taken away
    gl.useProgram(p);
    gl.uniform4f(this.at(p, "place"), o.scale, o.tx, o.ty, 0);
    gl.uniform2f(this.at(p, "screen"), w, h);
    gl.uniform2f(this.at(p, "psis"), ...this.psis);
    gl.uniform1f(this.at(p, "live"), o.live ? 1 : 0);
    gl.uniform1f(this.at(p, "soft"), Math.max(0.5, o.soft));
    gl.uniform1f(this.at(p, "edge"), o.edge);
    gl.uniform1f(this.at(p, "grow"), o.grow);
    gl.uniform1f(this.at(p, "marked"), o.dots > 1 ? 1 : 0);
    gl.uniform1f(this.at(p, "split"), o.split);
    gl.uniform1fv(this.at(p, "gain"), o.gain);
    gl.uniform3f(this.at(p, "ink"), ...o.ink);
    gl.bindTexture(gl.TEXTURE_2D, this.moved);
    gl.uniform1i(this.at(p, "moved"), 0);
    gl.bindVertexArray(this.cloud);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count);
    gl.disable(gl.BLEND);
  }

  private at(p: WebGLProgram, name: string) {
    const key = (p === this.photo ? "p" : "d") + name;
    if (!this.places.has(key)) this.places.set(key, this.gl.getUniformLocation(p, name));
    return this.places.get(key)!;
  }
}

export function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const p = gl.createProgram()!;
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as [number, string][]) {
    const s = gl.createShader(kind)!;
    gl.shaderSource(s, text);
    gl.compileShader(s);
    if (!gl.getShaderParameter(s, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(s) ?? "shader");
    gl.attachShader(p, s);
  }
  gl.linkProgram(p);
  if (!gl.getProgramParameter(p, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(p) ?? "program");
  return p;
}

export function attribute(gl: WebGL2RenderingContext, p: WebGLProgram, name: string, size: number, stride: number, offset: number, each = 0) {
  const i = gl.getAttribLocation(p, name);
  if (i < 0) return;
  gl.enableVertexAttribArray(i);
  gl.vertexAttribPointer(i, size, gl.FLOAT, false, stride, offset);
  gl.vertexAttribDivisor(i, each);
}
