// Small helpers to build the page: elements, icons, and a busy sign.

type Child = Node | string | number | null | undefined | false;
type Props = Record<string, unknown>;

// h builds an element. Properties beginning with "on" are listeners, "class" is the
// class, the rest are attributes; true is an empty one, false and null none.
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props | null, ...children: (Child | Child[])[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  set(e, props);
  replace(e, ...children);
  return e;
}

// s builds an element of a drawing.
export function s(tag: string, props: Props | null, ...children: (Node | null)[]): SVGElement {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(e, props);
  e.append(...(children.filter(Boolean) as Node[]));
  return e;
}

function set(e: Element, props: Props | null) {
  for (const [k, v] of Object.entries(props ?? {})) {
    if (v === false || v === null || v === undefined) continue;
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v as EventListener);
    else if (k === "value" && "value" in e) (e as HTMLInputElement).value = String(v);
    else e.setAttribute(k, v === true ? "" : String(v));
  }
}

const paths: Record<string, string> = {
  back: "M15 5l-7 7 7 7",
  undo: "M8 5L4 9l4 4M4 9h10.5a5.5 5.5 0 0 1 0 11H10",
  redo: "M16 5l4 4-4 4M20 9H9.5a5.5 5.5 0 0 0 0 11H14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  plus: "M12 5v14M5 12h14",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  library: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  ok: "M5 13l4 4L19 7",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  fail: "M6 6l12 12M18 6L6 18",
  unknown: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  ruler: "M3 17L17 3l4 4L7 21zM8 12l2 2M11 9l2 2M14 6l2 2",
  brush: "M14 4l6 6-8 8H6v-6zM4 20h16",
  eraser: "M8 20h12M4 14l8-8 6 6-7 8H8z",
  head: "M12 3a7 7 0 0 0-7 7c0 4 2 5 2 8v3h8v-3h2a2 2 0 0 0 2-2v-2l2-1-2-3a7 7 0 0 0-7-7z",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "M6 6l12 12M18 6L6 18",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  key: "M12 15a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM11 12l9-9M16 7l3 3M13.5 9.5l2 2",
  print: "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
  calendar: "M4 6h16v14H4zM4 10h16M8 4v4M16 4v4",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  hand: "M8 12V6a1.5 1.5 0 0 1 3 0v5-7a1.5 1.5 0 0 1 3 0v7-5a1.5 1.5 0 0 1 3 0v8c0 4-2 7-6 7-3 0-5-2-6-5l-2-4a1.4 1.4 0 0 1 2.4-1.4z",
  dots: "M6 6h.01M12 5h.01M18 7h.01M5 12h.01M11 11h.01M17 13h.01M7 18h.01M13 17h.01M19 18h.01",
};

// icon draws one of the lines above; it is decoration, the button's label speaks.
export function icon(name: string): SVGElement {
  return s("svg", { viewBox: "0 0 24 24", class: "icon i-" + name, "aria-hidden": "true" }, s("path", { d: paths[name] ?? "" }));
}

// button is a button with an icon, a text, or both. Without a text the label is
// only for screen readers.
export function button(o: { icon?: string; text?: string; label?: string; class?: string; pressed?: boolean; disabled?: boolean; id?: string; on: (e: Event) => void }) {
  return h("button", {
    type: "button", class: o.class ?? "button", "aria-label": o.text ? null : o.label, "aria-pressed": o.pressed === undefined ? null : String(o.pressed),
    disabled: o.disabled, title: o.label, id: o.id, onclick: o.on,
  }, o.icon ? icon(o.icon) : null, o.text ? h("span", null, o.text) : null);
}

// segments is a row of choices of which one holds.
export function segments<T extends string>(label: string, options: [T, string][], value: T, choose: (v: T) => void, extra = "") {
  const name = "seg" + Math.random().toString(36).slice(2);
  return h("fieldset", { class: "segments " + extra }, h("legend", { class: "unseen" }, label),
    options.map(([v, text]) => h("label", { class: v === value ? "on" : "" },
      h("input", {
        type: "radio", name, value: v, checked: v === value, onchange: (e: Event) => {
          const all = (e.target as Element).closest("fieldset")!.querySelectorAll("label");
          all.forEach((l) => l.classList.toggle("on", l.contains(e.target as Node)));
          choose(v);
        },
      }), h("span", null, text))));
}

// replace puts new children into an element.
export function replace(e: Element, ...children: (Child | Child[])[]) {
  e.replaceChildren(...(children.flat().filter((c) => c !== null && c !== undefined && c !== false) as (Node | string)[]));
}

// labRGB is a CIELAB D65 colour as CSS, cut to what a screen shows.
export function labRGB(lab: number[]): [number, number, number] {
  const fy = (lab[0] + 16) / 116, fx = fy + lab[1] / 500, fz = fy - lab[2] / 200;
  const f = (t: number) => (t > 6 / 29 ? t * t * t : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const x = 0.95047 * f(fx), y = f(fy), z = 1.08883 * f(fz);
  const lin = [3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z, 0.0557 * x - 0.204 * y + 1.057 * z];
  return lin.map((c) => Math.round(255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)))) as [number, number, number];
}

export function swatch(lab: number[], label: string) {
  const e = h("span", { class: "swatch", role: "img", "aria-label": label });
  e.style.background = `rgb(${labRGB(lab).join(",")})`;
  return e;
}
