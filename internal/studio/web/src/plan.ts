// Plan: what will be done and when, the shade and its neighbours, pages to print,
// days, and the client's yes.
import type { Page, Shell } from "./app";
import { button, h, icon, replace, s, swatch } from "./dom";
import { drawCheckList } from "./design";
import { inkCard } from "./ink";
import { get, post } from "./net";
import type { Variant, Whole } from "./types";
import { known, lang, locale, money, n, remark, t } from "./words";

type Consent = { text: string; sha256: string; signed?: { name: string; signed: string; purposes: Record<string, boolean>; strokes?: [number, number][][] }; events: { kind: string; number: number; date: string; start?: string; minutes?: number; cancelled?: boolean }[] };

export function planPage(shell: Shell): Page {
  const { client } = shell, ink = inkCard(shell);
  const sessions = h("section", { class: "card" }), shade = h("section", { class: "card" }), pages = h("section", { class: "card" }), days = h("section", { class: "card" }), yes = h("section", { class: "card wide-card", id: "consent" }), checks = h("section", { class: "card checks" });
  let consent: Consent | null = null, closed = false;

  const drawSessions = () => {
    const p = client.plan, most = Math.max(1, ...p.sessions.map((q) => q.dots));
    replace(sessions, h("h2", null, t("plan.sessions")), h("div", { class: "big-numbers" }, big(n(p.sessions.length), t("plan.sittings")), big(n(p.hours, 1) + " h", t("plan.hours")), big(n(p.dots), t("design.dots")), p.price ? big(money(p.price, p.currency!), t("design.price")) : null),
      h("ol", { class: "sittings" }, p.sessions.map((q) => h("li", null, h("div", { class: "row between" }, h("strong", null, t("plan.session", q.number)), h("span", { class: "quiet" }, q.after_days ? t("plan.after", q.after_days) : t("plan.first"))), meter(q.dots / most), h("span", { class: "quiet" }, `${n(q.dots)} ${t("design.dots")} · ${n(q.hours, 1)} h · ${remark(q.purpose)}`)))),
      p.scaled ? null : h("p", { class: "note" }, t("plan.unscaled")));
  };

  const meter = (share: number) => {
    const bar = h("i", null);
    bar.style.width = `${100 * share}%`;
    return h("div", { class: "meter", "aria-hidden": "true" }, bar);
  };

  const drawShade = () => {
    const p = client.plan.pigment;
    if (!p) return replace(shade, h("h2", null, t("plan.shade")), h("p", { class: "quiet" }, t("plan.noshade")));
    const recipe = (v: Variant) => h("ul", { class: "recipe" }, v.shades.map((q) => h("li", null, swatch(q.lab, remark(q.pigment)), h("span", null, remark(q.pigment), h("small", null, `${q.dilution ? t("plan.water", n(q.dilution, q.dilution % 1 ? 1 : 0)) : t("plan.pure")} · ${n(100 * q.share)} %`)))));
    replace(shade, h("h2", null, t("plan.shade")),
      h("div", { class: "match" }, pairOf(p.target_lab, p.healed_lab), h("div", null, h("strong", null, t("grade." + p.grade)), h("small", null, `ΔE ${n(p.delta_e, 1)} ± ${n(p.sigma, 1)}`), h("small", null, t("plan.matchwhy")))), recipe(p), p.note ? h("p", { class: "note" }, remark(p.note)) : null,
      p.steps?.length ? h("div", null, h("h3", null, t("plan.steps")), h("div", { class: "variants" }, p.steps.map((v) => variant(v, t("direction." + v.direction))))) : null,
      p.alternatives?.length ? h("div", null, h("h3", null, t("plan.alternatives")), h("div", { class: "variants" }, p.alternatives.map((v) => variant(v, remark(v.shades[0].pigment), () => client.wish((w) => (w.pigment = { name: v.shades[0].pigment })))))) : null,
      client.state.wishes.pigment?.name ? button({ text: t("plan.ownshade"), class: "link", on: () => client.wish((w) => (w.pigment = undefined)) }) : null);
  };

  const pairOf = (a: number[], b: number[]) => h("span", { class: "swatch-pair", role: "img", "aria-label": t("plan.pair") }, swatch(a, t("plan.hair")), swatch(b, t("plan.healed")));
  const variant = (v: Variant, text: string, take?: () => void) => h(take ? "button" : "div", { class: "variant", type: take ? "button" : null, onclick: take }, pairOf(client.plan.pigment!.target_lab, v.healed_lab), h("span", null, text), h("small", null, `ΔE ${n(v.delta_e, 1)}`));

  const drawPages = () => replace(pages, h("h2", null, t("plan.pages")), h("p", { class: "quiet" }, t("plan.pageswhy")), h("div", { class: "row wrap" },
    h("a", { class: "button primary", href: client.path(`guide.pdf?lang=${lang()}`), target: "_blank", rel: "noopener", id: "guide" }, icon("print"), h("span", null, t("plan.guide"))),
    h("a", { class: "button", href: client.path(`guide.pdf?lang=${lang()}&paper=letter`), target: "_blank", rel: "noopener" }, "Letter"),
    h("a", { class: "button", href: client.path("plan.json"), target: "_blank", rel: "noopener" }, "plan.json")));

  const drawDays = () => {
    const first = h("input", { type: "date", class: "input", id: "first-day", min: new Date().toISOString().slice(0, 10), value: client.state.scheduled?.first ?? "" }), why = h("input", { class: "input", id: "override", maxlength: 300, placeholder: t("plan.overrideask") }), said = h("p", { class: "note", role: "alert" });
    said.hidden = why.hidden = true;
    replace(days, h("h2", null, t("plan.days")), h("form", { class: "row wrap", onsubmit: async (e: Event) => {
      e.preventDefault();
      if (!first.value) return;
      try {
        await post(client.path("schedule"), { first: first.value, override: why.value || undefined });
        await load();
      } catch (err) {
        said.textContent = (err as Error).message;
        said.hidden = why.hidden = false;
      }
    } }, h("label", { for: "first-day", class: "field-label" }, t("plan.firstday")), first, h("button", { class: "button", type: "submit" }, icon("calendar"), h("span", null, t("plan.set"))), why), said,
      consent?.events.length ? h("ul", { class: "events" }, consent.events.filter((e) => !e.cancelled).map((e) => h("li", null, h("b", null, new Date(e.date).toLocaleDateString(locale(), { weekday: "short", day: "numeric", month: "long" })), h("span", null, `${known("event." + e.kind) ? t("event." + e.kind, e.number) : e.kind}${e.start ? " · " + e.start : ""}`)))) : null,
      client.state.scheduled ? h("a", { class: "button", href: client.path("calendar.ics") }, icon("calendar"), h("span", null, t("plan.calendar"))) : null);
  };

  const drawConsent = () => {
    if (!consent) return replace(yes, h("h2", null, t("plan.consent")), h("p", { class: "quiet" }, t("planning")));
    if (consent.signed) {
      const g = consent.signed;
      return replace(yes, h("div", { class: "row between wrap" }, h("h2", null, t("plan.signed")), h("span", { class: "pill ok" }, icon("ok"), t("signed"))), h("p", null, t("plan.signedby", g.name, new Date(g.signed).toLocaleString(locale()))), h("ul", { class: "reasons" }, Object.entries(g.purposes).map(([k, v]) => h("li", null, `${t("purpose." + k)}: ${t(v ? "yes" : "no")}`))), signature(g.strokes ?? []));
    }
    if (client.plan.nothing) return replace(yes, h("h2", null, t("plan.consent")), h("p", null, remark(client.plan.nothing)));
    const purposes: Record<string, boolean | undefined> = {}, pad = new Pad(), who = h("input", { class: "input large", id: "signer", maxlength: 200, autocomplete: "off", placeholder: t("plan.name") });
    replace(yes, h("div", { class: "row between wrap" }, h("h2", null, t("plan.consent")), button({ icon: "hand", text: t("handed.do"), on: () => shell.handOver() })), h("div", { class: "consent" }, h("pre", { class: "consent-text", tabindex: 0, "aria-label": t("plan.consent") }, consent.text),
      h("div", { class: "column" }, h("h3", null, t("plan.purposes")), ["treat", "keep", "show"].map((k) => h("div", { class: "field" }, h("span", null, t("purpose." + k)), segmentsYesNo(t("purpose." + k), k, (v) => (purposes[k] = v)))),
        h("label", { for: "signer" }, t("plan.name")), who, h("span", null, t("plan.signhere")), pad.root, h("div", { class: "row" }, button({ text: t("plan.clear"), on: () => pad.clear() }), button({ text: t("plan.sign"), class: "button primary", id: "sign", on: async () => {
          if (["treat", "keep", "show"].some((k) => purposes[k] === undefined)) return shell.toast(t("plan.answerall"), true);
          if (!who.value.trim()) return shell.toast(t("plan.namefirst"), true);
          if (!pad.strokes.length) return shell.toast(t("plan.signfirst"), true);
          try {
            await post<Whole>(client.path("sign"), { name: who.value.trim(), lang: lang(), sha256: consent!.sha256, strokes: pad.millimetres(), purposes });
            await client.refresh();
            await load();
            shell.toast(t("plan.thanks"));
          } catch (e) {
            shell.toast((e as Error).message, true);
          }
        } })))));
  };

  const segmentsYesNo = (label: string, key: string, set: (v: boolean) => void) => h("div", { class: "segments", role: "radiogroup", "aria-label": label }, [true, false].map((v) => h("label", { "data-purpose": `${key}-${v ? "yes" : "no"}` }, h("input", { type: "radio", name: "purpose-" + key, onchange: (e: Event) => {
    (e.target as Element).closest(".segments")!.querySelectorAll("label").forEach((l) => l.classList.toggle("on", l.contains(e.target as Node)));
    set(v);
  } }), h("span", null, t(v ? "yes" : "no")))));

  const draw = () => {
    drawSessions();
    drawShade();
    drawPages();
    drawDays();
    ink.draw();
    drawCheckList(checks, client.plan);
  };

  const load = async () => {
    consent = await get<Consent>(client.path(`consent?lang=${lang()}`));
    if (closed) return;
    drawDays();
    drawConsent();
  };

  draw();
  drawConsent();
  if (client.state.photos.length) {
    client.settle().then(load).catch((e) => {
      if (!closed) replace(yes, h("h2", null, t("plan.consent")), h("p", { class: "note" }, (e as Error).message));
    });
  }
  const off = client.on((why) => {
    if (why === "state") ink.draw();
    if (why !== "plan") return;
    draw();
    if (client.plan.settled) load().catch(() => undefined);
    else client.settle().then(load).catch((e) => shell.toast(e.message, true));
  });
  return {
    root: h("div", { class: "page" }, h("h1", null, t("step.plan")), h("div", { class: "plan-grid" }, h("div", { class: "column" }, sessions, pages, days, ink.root), h("div", { class: "column" }, shade, checks)), yes),
    close: () => {
      closed = true;
      off();
    },
  };
}

const big = (v: string, text: string) => h("div", null, h("b", null, v), h("span", null, text));

function signature(strokes: [number, number][][]): HTMLElement {
  const all = strokes.flat(), w = Math.max(40, ...all.map((p) => p[0])), hh = Math.max(15, ...all.map((p) => p[1]));
  return s("svg", { viewBox: `-2 -2 ${w + 4} ${hh + 4}`, class: "signature", role: "img", "aria-label": t("plan.signature") }, ...strokes.map((q) => s("path", { d: "M" + q.map((p) => p.join(" ")).join("L") }))) as unknown as HTMLElement;
}

// Pad takes a signature; a pencil's palm is passed over.
class Pad {
  strokes: [number, number][][] = [];
  root = h("canvas", { class: "pad", role: "img", "aria-label": t("plan.signhere"), id: "pad" });
  private pen = false;
  private on: number | null = null;

  constructor() {
    this.root.addEventListener("pointerdown", (e) => {
      if (e.pointerType === "touch" && this.pen) return;
      this.pen ||= e.pointerType === "pen";
      this.root.setPointerCapture(e.pointerId);
      this.on = e.pointerId;
      this.strokes.push([this.at(e)]);
      this.draw();
    });
    this.root.addEventListener("pointermove", (e) => {
      if (this.on !== e.pointerId) return;
      for (const q of e.getCoalescedEvents?.() ?? [e]) this.strokes[this.strokes.length - 1].push(this.at(q));
      this.draw();
    });
    for (const end of ["pointerup", "pointercancel"]) this.root.addEventListener(end, () => (this.on = null));
  }

  private at(e: PointerEvent): [number, number] {
    const r = this.root.getBoundingClientRect();
    return [Math.round(10 * (e.clientX - r.left)) / 10, Math.round(10 * (e.clientY - r.top)) / 10];
  }

  // millimetres on the tablet: a CSS pixel of an iPad is 25.4/132 mm.
  millimetres(): [number, number][][] {
    const k = 25.4 / 132;
    return this.strokes.map((q) => q.map((p) => [Math.round(p[0] * k * 100) / 100, Math.round(p[1] * k * 100) / 100]));
  }

  clear() {
    this.strokes = [];
    this.draw();
  }

  private draw() {
    const dpr = Math.min(2, devicePixelRatio || 1), c = this.root.getContext("2d")!;
    this.root.width = this.root.clientWidth * dpr;
    this.root.height = this.root.clientHeight * dpr;
    c.scale(dpr, dpr);
    c.strokeStyle = getComputedStyle(this.root).color;
    c.lineWidth = 2.2;
    c.lineCap = c.lineJoin = "round";
    for (const q of this.strokes) {
      c.beginPath();
      c.moveTo(...q[0]);
      for (const p of q.slice(1)) c.lineTo(...p);
      if (q.length === 1) c.lineTo(q[0][0] + 0.1, q[0][1]);
      c.stroke();
    }
  }
}
