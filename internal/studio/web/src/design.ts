// Design: the hairline under the finger, three proposals, look, softness and
// density, with numbers and checks that follow.
import type { Page, Shell } from "./app";
import { button, h, icon, replace, s, segments } from "./dom";
import { Line } from "./line";
import type { Check, Plan, View, Wishes } from "./types";
import { zoneNames } from "./types";
import { dotsOf, inkOf, Viewer } from "./viewer";
import { money, n, remark, t } from "./words";

export function designPage(shell: Shell): Page {
  const { client } = shell;
  const numbers = h("div", { class: "numbers", role: "status" }), controls = h("div", { class: "facts" }), checks = h("div", { class: "card checks" }), hint = h("div", { class: "hint" });
  let dots: Promise<Float32Array> | null = null, loading: AbortController | null = null, shift = 0, told = 0, view: View | null = null, marked = false, openZones = false;

  const viewer = new Viewer(client, (v, other) => {
    view = v;
    line.show(v);
    settleView(other);
  }, (slot) => !slot.startsWith("macro"), (e) => shell.toast(e.message, true));
  const { stage } = viewer;
  stage.split = null;

  const line = new Line(stage, {
    height: () => client.plan.height_mm,
    begin: () => live(),
    move: (mm) => {
      shift = mm;
      if (told) return;
      told = requestAnimationFrame(() => {
        told = 0;
        drawNumbers();
        drawChecks();
      });
    },
    end: (points) => {
      if (!points) return void (view && settleView(false));
      performance.mark("drag-end");
      client.wish((w) => (w.hairline = { edge: w.hairline?.edge, points }));
    },
  });

  // live lets the tablet's own dots follow the finger until the studio's plan is there.
  const live = async () => {
    stage.look.live = true;
    stage.look.dots = marked ? 2 : 1;
    stage.root.classList.add("live");
    const d = await (dots ??= dotsOf(client, viewer.slot, client.plan.rev));
    stage.dots(d);
  };

  // settleView shows what the studio planned: its preview, and its dots where they are marked.
  const settleView = async (other: boolean) => {
    loading?.abort();
    const stop = (loading = new AbortController()), v = view!, slot = v.slot, p = client.plan;
    ink(p);
    if (other) stage.look.live = false;
    if (v.rev !== p.rev || !v.used) {
      hint.textContent = remark(v.why || "");
      return;
    }
    hint.textContent = v.line.length && !v.line.some((k) => k.seen) && p.height_mm ? t("design.noline") : "";
    const mine = dotsOf(client, slot, p.rev, stop.signal);
    dots = mine;
    mine.catch(() => (dots = null));
    try {
      if (p.dots > 0 && p.pigment) await stage.picture("after", client.path(`views/${slot}/preview.jpg?stage=healed&rev=${p.rev}`), stop.signal);
      const d = await mine;
      if (stop.signal.aborted || line.changed) return;
      stage.look.live = false;
      stage.look.gain.fill(1);
      stage.look.dots = marked ? 2 : 0;
      stage.root.classList.remove("live");
      stage.dots(marked ? d : new Float32Array(0));
      if (performance.getEntriesByName("drag-end").length) {
        performance.measure("drag", "drag-end");
        performance.clearMarks("drag-end");
      }
    } catch (e) {
      if ((e as Error).name !== "AbortError" && (e as { status?: number }).status !== 409) shell.toast((e as Error).message, true);
    }
  };

  const ink = (p: Plan) => {
    const through = inkOf(p);
    if (!through) return;
    stage.look.ink = through;
    stage.look.soft = p.soft_mm;
    stage.look.edge = p.edge === "hard" ? 0.8 : 0.35;
  };

  const drawNumbers = () => {
    const p = client.plan, about = stage.look.live || client.busy, deep = line.depths();
    const one = (v: string, text: string, cls = "") => h("div", { class: cls }, h("b", null, v), h("span", null, text));
    replace(numbers, p.height_mm ? one(`${n(p.height_mm + (line.changed ? shift : 0))} mm`, t("design.height")) : null,
      one((about ? "≈ " : "") + n(p.dots), t("design.dots"), about ? "about" : ""), one((about ? "≈ " : "") + n(p.hours, 1) + " h", t("design.hours"), about ? "about" : ""), p.price ? one((about ? "≈ " : "") + money(p.price, p.currency!), t("design.price"), about ? "about" : "") : null, line.changed && deep ? one(t("design.deep", n(deep.right), n(deep.left)), t("design.temples"), uneven(p) ? "beyond" : "") : one((about ? "≈ " : "") + n(p.area_cm2) + " cm²", t("design.area"), about ? "about" : ""));
    numbers.classList.toggle("busy", client.busy);
  };

  const wish = (f: (w: Wishes) => void) => client.wish(f);

  // uneven reports whether one temple of the line under the finger recedes too much deeper.
  const uneven = (p: Plan) => {
    const d = line.depths();
    return d !== null && Math.abs(d.right - d.left) > p.uneven_mm;
  };

  // checked is the plan with what is known of the line under the finger; the rest waits.
  const checked = (p: Plan): Plan => {
    const d = line.depths();
    if (!line.changed || !d) return p;
    return { ...p, checks: p.checks.map((c) => (c.id === "temples" ? { ...c, value: Math.abs(d.right - d.left), result: uneven(p) ? "warn" : "ok", note: undefined } : c)) };
  };

  const drawControls = () => {
    const w = client.state.wishes, p = client.plan, look = w.look || "shaved", edge = w.hairline?.edge || "medium", drawn = !!w.hairline?.points, alternative = drawn ? "drawn" : w.hairline?.alternative || "natural";
    replace(controls,
      h("div", { class: "card" }, h("h2", null, t("design.look")), segments(t("design.look"), [["shaved", t("look.shaved")], ["density", t("look.density")], ["patch", t("look.patch")], ["scar", t("look.scar")]], look, (v) => wish((q) => (q.look = v))), h("p", { class: "quiet" }, t("look." + look + ".how"))),
      look === "shaved" ? h("div", { class: "card" }, h("div", { class: "row between" }, h("h2", null, t("design.hairline")), drawn ? h("span", { class: "pill" }, t("design.drawn")) : p.source === "kept" ? h("span", { class: "pill" }, t("design.kept")) : null),
        h("div", { class: "proposals" }, (["high", "natural", "low", "keep"] as const).map((a) => h("button", { type: "button", class: "proposal" + (alternative === a ? " on" : ""), "aria-pressed": String(alternative === a), "data-proposal": a, onclick: () => wish((q) => (q.hairline = { edge: q.hairline?.edge, alternative: a })) }, proposal(a), h("span", null, t("proposal." + a))))),
        h("div", { class: "field" }, h("span", null, t("design.sides")), segments(t("design.sides"), [["both", t("design.symmetric")], ["free", t("design.free")]], line.symmetric ? "both" : "free", (v) => (line.symmetric = v === "both"))),
        h("div", { class: "field" }, h("span", null, t("design.edge")), segments(t("design.edge"), [["hard", t("edge.hard")], ["medium", t("edge.medium")], ["soft", t("edge.soft")], ["broken", t("edge.broken")]], edge, (v) => wish((q) => (q.hairline = { ...q.hairline, edge: v })))),
        h("p", { class: "quiet" }, t("design.drag")), h("p", { class: "quiet" }, t("design.templehow"))) : null,
      density(w, p),
      h("div", { class: "card" }, h("h2", null, t("design.person")), h("div", { class: "field" }, h("label", { for: "age" }, t("design.age")), h("input", { id: "age", class: "input short", type: "number", inputmode: "numeric", min: 18, max: 110, value: w.age ?? "", onchange: (e: Event) => wish((q) => (q.age = Number((e.target as HTMLInputElement).value) || undefined)) })),
        h("div", { class: "field" }, h("span", null, t("design.rules")), segments(t("design.rules"), [["male", t("design.male")], ["female", t("design.female")]], w.sex || "male", (v) => wish((q) => (q.sex = v === "male" ? undefined : v)))), h("p", { class: "quiet" }, t("design.agewhy"))),
      h("div", { class: "card" }, h("h2", null, t("design.keep")), h("p", { class: "quiet" }, t("design.keepwhy")), h("div", { class: "row wrap" }, ["a", "b"].map((k) => button({ text: t("design.keepas", k.toUpperCase()), id: "keep-" + k, class: "button" + (client.state.kept.some((q) => q.name === k) ? " kept" : ""), on: () => {
        client.edit("keep", { name: k, wishes: client.state.wishes });
        shell.toast(t("design.keptas", k.toUpperCase()));
      } })), client.state.kept.length ? client.state.kept.map((q) => button({ text: t("design.takeup", q.name.toUpperCase()), on: () => wish((v) => {
        for (const k of Object.keys(v)) delete (v as Record<string, unknown>)[k];
        Object.assign(v, q.wishes);
      }) })) : null)));
  };

  // density is one slider for all, or one for each planned zone.
  const density = (w: Wishes, p: Plan) => {
    const d = w.density_per_cm2, each = typeof d === "object" && d !== null ? d : null, all = typeof d === "number" && d > 0 ? d : p.usual_per_cm2 || 120;
    const follow = (zone: string | null, v: number) => {
      if (!stage.look.live) live();
      for (const z of p.zones) {
        const i = zoneNames.indexOf(z.name);
        if (zone && z.name !== zone) continue;
        const old = each?.[z.name] ?? all;
        stage.look.gain[i] = Math.max(0, v - z.existing_per_cm2) / Math.max(1, old - z.existing_per_cm2);
      }
      stage.look.gain[0] = stage.look.gain[1];
      stage.draw();
    };
    const zoned = (zone: string, v: number) => wish((q) => {
      const next: Record<string, number> = {};
      for (const z of p.zones) next[z.name] = each?.[z.name] ?? all;
      next[zone] = v;
      q.density_per_cm2 = next;
    });
    const mean = each ? Math.round(p.zones.reduce((a, z) => a + (each[z.name] ?? all) * z.area_cm2, 0) / Math.max(1, p.zones.reduce((a, z) => a + z.area_cm2, 0))) : all;
    return h("div", { class: "card" }, h("div", { class: "row between" }, h("h2", null, t("design.density")), d ? button({ text: t("design.usual"), class: "link", on: () => wish((q) => (q.density_per_cm2 = undefined)) }) : null),
      slider("density", t("design.density"), mean, 40, 220, (v) => follow(null, v), (v) => wish((q) => (q.density_per_cm2 = v))),
      h("details", { open: openZones, ontoggle: (e: Event) => (openZones = (e.target as HTMLDetailsElement).open) }, h("summary", null, t("design.zones")), p.zones.map((z) => h("div", { class: "zone" }, h("span", null, t("zone." + z.name), h("small", null, `${n(z.area_cm2)} cm² · ${n(z.dots)}`)), slider("density-" + z.name, t("zone." + z.name), each?.[z.name] ?? all, 0, 220, (v) => follow(z.name, v), (v) => zoned(z.name, v))))));
  };

  const mark = button({ icon: "dots", label: t("design.mark"), class: "icon-button on-stage second", pressed: false, on: async (e) => {
    marked = !marked;
    (e.currentTarget as Element).setAttribute("aria-pressed", String(marked));
    stage.look.dots = marked ? 2 : stage.look.live ? 1 : 0;
    if (marked) stage.dots(await (dots ??= dotsOf(client, viewer.slot, client.plan.rev)));
    stage.draw();
  } });

  const drawChecks = () => drawCheckList(checks, checked(client.plan));

  const off = client.on((why) => {
    drawNumbers();
    if (why === "plan" || why === "state") drawChecks();
    const busyHere = controls.contains(document.activeElement) && (document.activeElement as HTMLInputElement).type === "range";
    if ((why === "plan" || why === "state") && !busyHere) drawControls();
    if (why === "plan" && client.plan.failed) shell.toast(remark(client.plan.failed), true);
  });
  drawNumbers();
  drawControls();
  drawChecks();
  return {
    root: h("div", { class: "work" }, h("div", { class: "work-stage" }, viewer.root, mark, hint, numbers), h("aside", { class: "panel" }, h("div", { class: "panel-scroll" }, controls, checks), h("div", { class: "panel-foot" }, button({ text: t("next.preview"), class: "button primary wide", id: "next", on: () => shell.go("preview") })))),
    close: () => {
      off();
      cancelAnimationFrame(told);
      loading?.abort();
      viewer.close();
    },
  };
}

// slider follows the finger and says when it is let go.
function slider(id: string, label: string, value: number, low: number, high: number, follow: (v: number) => void, set: (v: number) => void) {
  const out = h("output", { for: id }, `${n(value)} /cm²`);
  const fill = (e: HTMLInputElement) => e.style.setProperty("--fill", `${(100 * (Number(e.value) - low)) / (high - low)}%`);
  const input = h("input", { id, type: "range", min: low, max: high, step: 5, value, "aria-label": label, "aria-valuetext": t("design.percm2", value),
    oninput: (e: Event) => {
      const q = e.target as HTMLInputElement, v = Number(q.value);
      out.textContent = `${n(v)} /cm²`;
      q.setAttribute("aria-valuetext", t("design.percm2", v));
      fill(q);
      follow(v);
    }, onchange: (e: Event) => {
      performance.mark("drag-end");
      set(Number((e.target as HTMLInputElement).value));
    } });
  fill(input);
  return h("div", { class: "slider" }, input, out);
}

// proposal is a small drawing of where a hairline lies.
function proposal(kind: string) {
  const y = { high: 30, natural: 36, low: 41, keep: 33 }[kind] ?? 36, dip = kind === "low" ? 3 : kind === "high" ? 8 : 6;
  const line = `M16 54 Q18 ${y + 6} 25 ${y - dip + 2} Q32 ${y + 1} 40 ${y} Q48 ${y + 1} 55 ${y - dip + 2} Q62 ${y + 6} 64 54`;
  const path = (d: string, cls: string) => s("path", { d, class: cls });
  return s("svg", { viewBox: "0 0 80 76", "aria-hidden": "true" }, path(`${line} C66 18 56 8 40 8 C24 8 14 18 16 54Z`, "p-hair" + (kind === "keep" ? " dash" : "")),
    path("M16 54C17 74 29 90 40 90S63 74 64 54", "p-face"), path(line, "p-line"), path("M29 60h7M44 60h7", "p-face"));
}

// drawCheckList shows what does not hold first; what holds is a line that opens.
export function drawCheckList(into: HTMLElement, p: Plan) {
  const mind = p.checks.filter((c) => c.result !== "ok"), fine = p.checks.filter((c) => c.result === "ok");
  const one = (c: Check) => h("li", { class: "check " + c.result }, icon(c.result === "ok" ? "ok" : c.result === "fail" ? "fail" : c.result === "warn" ? "warn" : "unknown"), h("div", null, h("strong", null, remark(c.name)), h("span", null, c.result === "unknown" || c.id === "screening" ? "" : `${n(c.value, Math.abs(c.value) < 10 ? 1 : 0)} ${remark(c.unit)} `, h("small", null, remark(c.limit))), c.note ? h("small", null, remark(c.note)) : null));
  replace(into, h("div", { class: "row between" }, h("h2", null, t("checks")), h("span", { class: "pill " + (mind.some((c) => c.result === "fail") ? "bad" : mind.length ? "warn" : "ok") }, mind.length ? t("checks.mind", mind.length) : t("checks.fine"))),
    p.nothing ? h("p", { class: "note" }, remark(p.nothing)) : null, p.failed ? h("p", { class: "note bad" }, remark(p.failed)) : null,
    mind.length ? h("ul", null, mind.map(one)) : null, fine.length ? h("details", null, h("summary", null, t("checks.ok", fine.length)), h("ul", null, fine.map(one))) : null,
    p.warnings.length ? h("ul", { class: "reasons" }, p.warnings.map((w) => h("li", null, remark(w.message)))) : null);
}
