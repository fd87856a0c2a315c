// What was found in the photos, and the artist's corrections.
import type { Page, Shell } from "./app";
import { dialog } from "./app";
import { button, h, replace, s, swatch } from "./dom";
import { outline, type Point } from "./stage";
import type { Stroke, View } from "./types";
import { Viewer } from "./viewer";
import { known, n, remark, t } from "./words";

type Mode = "look" | "ruler" | "hair" | "bald";

export function foundPage(shell: Shell): Page {
  const { client } = shell;
  const layers = { hairline: true, bald: true, heat: true, zones: false };
  let mode: Mode = "look", ruler: Point[] = [], stroke: Stroke | null = null, view: View | null = null, width = 26;
  const facts = h("div", { class: "facts" }), tools = h("div", { class: "tools", role: "toolbar", "aria-label": t("found.correct") });
  const viewer = new Viewer(client, (v, other) => {
    view = v;
    if (other) ruler = [];
    draw();
    drawFacts();
  }, undefined, (e) => shell.toast(e.message, true));
  const { stage } = viewer;
  stage.split = 1;

  const draw = () => {
    stage.look.heat = layers.heat && view?.layers ? 0.85 : 0;
    stage.look.zones = layers.zones ? 0.9 : 0;
    stage.draw();
  };

  stage.onDraw.push(() => {
    if (!view) return;
    const v = view, out: (SVGElement | null)[] = [];
    if (layers.bald) {
      for (const b of v.survey.bald) out.push(s("path", { d: outline(stage, b.polygon, true), class: "bald" }));
      for (const b of v.survey.bald.filter((q) => q.area_cm2 >= 1)) {
        const x = b.polygon.reduce((a, p) => a + p[0], 0) / b.polygon.length, y = b.polygon.reduce((a, p) => a + p[1], 0) / b.polygon.length;
        out.push(tag(stage.screen(x, y), `${n(b.area_cm2, b.area_cm2 < 10 ? 1 : 0)} cm²`));
      }
    }
    if (layers.hairline) for (const l of v.survey.hairline) out.push(s("path", { d: outline(stage, l.points), class: "found-line under" }), s("path", { d: outline(stage, l.points), class: "found-line " + l.kind }));
    for (const p of v.survey.count?.points ?? []) {
      const [x, y] = stage.screen(...p);
      out.push(s("circle", { cx: x, cy: y, r: 3.5, class: "root" }));
    }
    for (const q of [...(client.state.corrections.brush?.[v.slot] ?? []), ...(stroke ? [stroke] : [])]) {
      const e = s("path", { d: outline(stage, q.points.length > 1 ? q.points : [q.points[0], [q.points[0][0] + 0.1, q.points[0][1]]]), class: "stroke " + (q.hair ? "hair" : "none") });
      e.setAttribute("stroke-width", String(2 * q.radius * stage.zoom));
      out.push(e);
    }
    const known = client.state.corrections.scale?.[v.slot];
    const points = ruler.length ? ruler : known ? [known.a, known.b] : [];
    if (points.length) {
      out.push(s("path", { d: outline(stage, points), class: "ruler" }));
      for (const p of points) {
        const [x, y] = stage.screen(...p);
        out.push(s("circle", { cx: x, cy: y, r: 9, class: "ruler-end" }), s("circle", { cx: x, cy: y, r: 1.5, class: "ruler-mid" }));
      }
      if (points.length === 2 && known && !ruler.length) out.push(tag(stage.screen((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2), `${n(known.mm, 1)} mm`));
    }
    stage.over.replaceChildren(...(out.filter(Boolean) as SVGElement[]));
  });

  const tag = (at: Point, text: string) => {
    const w = 12 + text.length * 8.2;
    return s("g", { transform: `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})`, class: "tag" }, s("rect", { x: -w / 2, y: -14, width: w, height: 28, rx: 14 }), label(text));
  };
  const label = (text: string) => {
    const e = s("text", { "text-anchor": "middle", dy: "0.36em" });
    e.textContent = text;
    return e;
  };

  const set = (m: Mode) => {
    mode = m;
    ruler = [];
    stage.tool = m === "look" ? null : m === "ruler" ? rulerTool : brushTool;
    drawTools();
    draw();
  };

  const rulerTool = {
    down: (p: Point) => (ruler = [p, p]),
    move: (p: Point) => {
      ruler[1] = p;
      stage.draw();
    },
    up: (p: Point) => {
      ruler[1] = p;
      if (Math.hypot(ruler[1][0] - ruler[0][0], ruler[1][1] - ruler[0][1]) < 12) {
        ruler = [];
        shell.toast(t("found.rulerlonger"));
        return stage.draw();
      }
      askLength();
    },
    cancel: () => {
      ruler = [];
      stage.draw();
    },
  };

  const askLength = () => {
    const input = h("input", { class: "input large", type: "number", inputmode: "decimal", min: 1, max: 500, step: "0.1", id: "length", required: true, placeholder: "40" });
    const slot = view!.slot, [a, b] = ruler;
    const d = dialog(t("found.ruler"), h("form", { onsubmit: (e: Event) => {
      e.preventDefault();
      client.correct((c) => ((c.scale ??= {})[slot] = { a: round(a), b: round(b), mm: Number(input.value) }));
      ruler = [];
      d.close();
      set("look");
    } }, h("label", { for: "length" }, t("found.rulerask")), input, h("p", { class: "quiet" }, t("found.rulerwhy")), h("div", { class: "row end" }, h("button", { class: "button primary", type: "submit" }, t("set")))));
    d.addEventListener("close", () => {
      ruler = [];
      stage.draw();
    });
    input.focus();
  };

  const brushTool = {
    down: (p: Point, e: PointerEvent) => (stroke = { hair: mode === "hair", radius: Math.round(10 * (width / stage.zoom) * press(e)) / 10, points: [round(p)] }),
    move: (p: Point) => {
      const last = stroke?.points[stroke.points.length - 1];
      if (!stroke || !last || Math.hypot(p[0] - last[0], p[1] - last[1]) < stroke.radius / 4) return;
      stroke.points.push(round(p));
      stage.draw();
    },
    up: () => {
      const done = stroke, slot = view?.slot;
      stroke = null;
      if (done && slot) client.correct((c) => ((c.brush ??= {})[slot] ??= []).push(done));
      stage.draw();
    },
    cancel: () => {
      stroke = null;
      stage.draw();
    },
  };

  const drawTools = () => {
    const one = (m: Mode, ic: string, text: string) => button({ icon: ic, text, class: "tool" + (mode === m ? " on" : ""), pressed: mode === m, on: () => set(mode === m ? "look" : m) });
    const slot = view?.slot ?? "", c = client.state.corrections, any = c.scale?.[slot] || c.brush?.[slot]?.length;
    replace(tools, one("ruler", "ruler", t("found.ruler")), view?.layers ? one("hair", "brush", t("found.hair")) : null, view?.layers ? one("bald", "eraser", t("found.nohair")) : null,
      any ? button({ icon: "close", text: t("found.clear"), class: "tool", on: () => client.correct((q) => {
        delete q.scale?.[slot];
        delete q.brush?.[slot];
      }) }) : null);
  };

  const toggle = (key: keyof typeof layers, text: string, cls: string) => h("label", { class: "toggle" }, h("input", { type: "checkbox", checked: layers[key], onchange: (e: Event) => {
    layers[key] = (e.target as HTMLInputElement).checked;
    draw();
  } }), h("i", { class: "key " + cls }), h("span", null, text));

  const drawFacts = () => {
    if (!view) return;
    const q = view.survey, macro = view.slot.startsWith("macro");
    drawTools();
    const scale = q.scale, bald = q.bald.reduce((a, b) => a + b.area_cm2, 0), sigma = Math.hypot(...q.bald.map((b) => b.sigma_cm2));
    replace(facts,
      h("div", { class: "card" }, h("h2", null, t("found.layers")), h("div", { class: "toggles" }, toggle("hairline", t("found.hairline"), "line"), toggle("bald", t("found.bald"), "bald"), toggle("heat", t("found.density"), "heat"), toggle("zones", t("found.zones"), "zones")),
        h("div", { class: "legend", "aria-hidden": "true" }, h("span", null, "0"), h("i", null), h("span", null, "180 / cm²"))),
      macro ? h("div", { class: "card" }, h("h2", null, t("found.count")), q.count ? h("dl", null, row(t("found.hairs"), n(q.count.hairs)), row(t("found.units"), n(q.count.units)), q.count.per_cm2 ? row(t("found.percm2"), n(q.count.per_cm2)) : null) : null, h("p", { class: "quiet" }, t("found.countwhy"))) :
        h("div", { class: "card" }, h("h2", null, t("found.scalp")), h("dl", null, row(t("found.bald"), bald ? `${n(bald)} ± ${n(sigma)} cm²` : t("found.nobald")), q.zones.filter((z) => z.visible > 0.05).map((z) => row(t("zone." + z.name), `${n(z.hairs_per_cm2)} ± ${n(z.sigma)} /cm²`)))),
      h("div", { class: "card" }, h("h2", null, t("found.colours")), q.skin || q.hair ? h("div", { class: "row wrap" },
        q.skin ? h("div", { class: "tone" }, swatch(q.skin.lab, t("found.skin")), h("span", null, t("found.skin"), h("small", null, `ITA ${n(q.skin.ita)}°  ± ${n(q.skin.sigma, 1)} ΔE`))) : null,
        q.hair ? h("div", { class: "tone" }, swatch(q.hair.lab, t("found.hairtone")), h("span", null, known("hair." + q.hair.name) ? t("hair." + q.hair.name) : q.hair.name, h("small", null, t("found.grey", n(100 * q.hair.grey))))) : null) : h("p", { class: "quiet" }, t("unknown"))),
      h("div", { class: "card" }, h("h2", null, t("found.scale")), scale.mm_per_px ? h("dl", null, row(t("found.source"), t("scale." + scale.source)), row(t("found.pixel"), `${n(scale.mm_per_px, 3)} ± ${n(scale.sigma ?? 0, 3)} mm`)) : h("p", { class: "quiet" }, t("scale.none")), scale.source === "card" || scale.source === "given" ? null : h("p", { class: "note" }, t("found.unscaled"))),
      q.warnings.length ? h("div", { class: "card" }, h("h2", null, t("notes")), h("ul", { class: "reasons" }, q.warnings.map((w) => h("li", null, remark(w.message))))) : null,
    );
  };

  const off = client.on((why) => {
    if (why === "state" || why === "plan" || why === "busy") {
      drawTools();
      stage.draw();
    }
  });
  return {
    root: h("div", { class: "work" }, h("div", { class: "work-stage" }, viewer.root, tools), h("aside", { class: "panel" }, h("div", { class: "panel-scroll" }, facts), h("div", { class: "panel-foot" }, button({ text: t("next.design"), class: "button primary wide", id: "next", on: () => shell.go("design") })))),
    close: () => {
      off();
      viewer.close();
    },
  };
}

const row = (k: string, v: string) => h("div", null, h("dt", null, k), h("dd", null, v));
const round = (p: Point): Point => [Math.round(p[0] * 10) / 10, Math.round(p[1] * 10) / 10];
// a pencil's pressure widens the brush; fingers and mice press evenly
const press = (e: PointerEvent) => (e.pointerType === "pen" && e.pressure > 0 ? 0.5 + e.pressure : 1);
