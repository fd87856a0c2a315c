// Guided photos: a place for each view with its silhouette; each photo gets its
// verdict as soon as it is measured.
import type { Page, Shell } from "./app";
import { button, h, icon, replace, s } from "./dom";
import { ask, get } from "./net";
import type { View } from "./types";
import { slots } from "./types";
import { name } from "./viewer";
import { remark, t } from "./words";

const verdicts = new Map<string, View>(); // by photo's hash: what was said of it

export function photosPage(shell: Shell): Page {
  const { client } = shell;
  const grid = h("div", { class: "slots" });
  const busy = new Set<string>();
  const failed = new Map<string, string>();
  let closed = false;

  const take = async (slot: string, file: File | undefined) => {
    if (!file) return;
    busy.add(slot);
    failed.delete(slot);
    draw();
    const start = performance.now();
    try {
      const r = await ask(client.path(`photos/${slot}`), { method: "PUT", body: file, headers: { "Content-Type": "application/octet-stream" } });
      await r.json();
      performance.measure("photo", { start });
      await client.refresh();
    } catch (e) {
      failed.set(slot, (e as Error).message);
    }
    busy.delete(slot);
    if (!closed) draw();
  };

  // several files at once go to the views their names tell, else to the free places
  const takeAll = (files: FileList | null) => {
    const free = slots.filter((q) => !client.state.photos.some((p) => p.slot === q));
    for (const f of Array.from(files ?? [])) {
      const name = f.name.toLowerCase();
      const named = slots.find((q) => name.includes(q)) ?? (name.includes("macro") ? free.find((q) => q.startsWith("macro")) : undefined);
      const slot = named ?? free.find((q) => !q.startsWith("macro"));
      if (!slot) continue;
      if (free.includes(slot)) free.splice(free.indexOf(slot), 1);
      take(slot, f);
    }
  };

  const verdict = async (slot: string, hash: string, into: HTMLElement) => {
    let v = verdicts.get(hash);
    if (!v) {
      v = await get<View>(client.path(`views/${slot}`));
      verdicts.set(hash, v);
    }
    const q = v.survey.quality, macro = slot.startsWith("macro"), bad = !q.ok && !macro;
    const used = client.busy ? undefined : client.plan.photos[slot];
    // one photo with a scale is enough for all; colours are told in the next step
    const warnings = v.survey.warnings.filter((w) => w.code !== "colour" && !(w.code === "card" && client.plan.scaled));
    replace(into, h("span", { class: "pill " + (bad || used === false && !macro ? "warn" : "ok") }, icon(bad ? "warn" : "ok"), t(bad ? "photos.poor" : macro ? "photos.counted" : "photos.good")),
      warnings.length ? h("p", { title: remark(warnings[0].message) }, remark(warnings[0].message)) : client.plan.rev && used === false && !macro ? h("p", null, t("photos.unused")) : null);
  };

  const slotCard = (slot: string) => {
    const p = client.state.photos.find((q) => q.slot === slot), working = busy.has(slot), why = failed.get(slot);
    const input = h("input", { type: "file", accept: "image/*,.heic,.heif", id: "file-" + slot, class: "unseen", onchange: (e: Event) => take(slot, (e.target as HTMLInputElement).files?.[0]) });
    const camera = h("input", { type: "file", accept: "image/*", capture: "environment", id: "camera-" + slot, class: "unseen", onchange: (e: Event) => take(slot, (e.target as HTMLInputElement).files?.[0]) });
    const said = h("div", { class: "slot-said", role: "status" });
    if (p && !working) verdict(slot, p.sha256, said).catch(() => undefined);
    return h("section", { class: "slot" + (p ? " full" : "") + (working ? " working" : ""), "data-slot": slot, "aria-label": t("slot." + base(slot)) },
      h("div", { class: "slot-picture" }, p ? client.thumb(slot, t("slot." + base(slot))) : silhouette(slot), working ? h("div", { class: "scan", role: "status", "aria-label": t("photos.measuring") }) : null),
      h("div", { class: "slot-text" }, h("strong", null, name(slot)), p || working ? null : h("span", { class: "quiet" }, t("slot." + base(slot) + ".how")), working ? h("span", { class: "quiet" }, t("photos.measuring")) : said, why ? h("p", { class: "bad", role: "alert" }, why) : null),
      h("div", { class: "slot-do" }, camera, input,
        h("label", { class: "button small" + (p ? "" : " primary"), for: "camera-" + slot, tabindex: 0, role: "button", onkeydown: press }, icon("camera"), h("span", null, t(p ? "photos.again" : "photos.take"))),
        h("label", { class: "button small", for: "file-" + slot, tabindex: 0, role: "button", "aria-label": t("photos.library"), title: t("photos.library"), onkeydown: press }, icon("library")),
        p ? button({ icon: "trash", label: t("photos.remove"), class: "button small", on: () => client.edit("unphoto", slot) }) : null));
  };

  const draw = () => replace(grid, slots.filter((q) => !q.startsWith("macro") || q === "macro-1" || client.state.photos.some((p) => p.slot === q) || client.state.photos.some((p) => p.slot === before(q))).map(slotCard));
  const many = h("input", { type: "file", accept: "image/*,.heic,.heif", multiple: true, id: "many", class: "unseen", onchange: (e: Event) => takeAll((e.target as HTMLInputElement).files) });
  draw();
  const off = client.on((why) => {
    if (why === "plan" || why === "state") draw();
  });
  return {
    root: h("div", { class: "page" }, h("div", { class: "row between wrap" }, h("div", null, h("h1", null, t("step.photos")), h("p", { class: "lead" }, t("photos.lead"))),
      h("div", { class: "row" }, many, h("label", { class: "button", for: "many", tabindex: 0, role: "button", onkeydown: press }, icon("library"), h("span", null, t("photos.many"))), button({ text: t("next.found"), class: "button primary", id: "next", on: () => (client.state.photos.length ? shell.go("found") : shell.toast(t("steps.photos"))) }))), grid),
    close: () => {
      closed = true;
      off();
    },
  };
}

const base = (slot: string) => (slot.startsWith("macro") ? "macro" : slot);
const before = (slot: string) => `macro-${Number(slot.slice(6)) - 1}`;

function press(e: KeyboardEvent) {
  if (e.key !== "Enter" && e.key !== " ") return;
  e.preventDefault();
  (e.currentTarget as HTMLElement).click();
}

// silhouette shows how the head should stand in the picture.
export function silhouette(slot: string): SVGElement {
  const line = (d: string, extra = "") => s("path", { d, class: extra });
  const shapes: Record<string, SVGElement[]> = {
    front: [line("M60 20c-20 0-31 15-31 35 0 8 1 13 2 19 3 20 14 37 29 37s26-17 29-37c1-6 2-11 2-19 0-20-11-35-31-35z"), line("M29 62c-5-2-7 3-6 9 1 7 4 11 8 10M91 62c5-2 7 3 6 9-1 7-4 11-8 10"), line("M45 68h8M67 68h8M60 70v14l-5 3M52 97q8 4 16 0", "fine"), line("M46 108c0 12-14 16-26 22M74 108c0 12 14 16 26 22")],
    left: [line("M38 112c2-8 0-12-4-20-6-10-9-20-9-32 0-24 17-40 40-40s37 16 37 38c0 10-3 14-1 20l6 11c1 3-2 4-5 5-1 8 0 14-4 17-4 2-9 1-15 1v12"), line("M60 66c-6-1-9 4-7 10 1 5 5 8 8 6"), line("M86 68h7", "fine")],
    right: [line("M82 112c-2-8 0-12 4-20 6-10 9-20 9-32 0-24-17-40-40-40S18 36 18 58c0 10 3 14 1 20l-6 11c-1 3 2 4 5 5 1 8 0 14 4 17 4 2 9 1 15 1v12"), line("M60 66c6-1 9 4 7 10-1 5-5 8-8 6"), line("M34 68h-7", "fine")],
    back: [line("M60 20c-20 0-32 15-32 36 0 20 6 36 14 44v10c-4 8-14 12-24 18M60 20c20 0 32 15 32 36 0 20-6 36-14 44v10c4 8 14 12 24 18"), line("M28 62c-5-2-7 3-6 9 1 7 4 11 8 10M92 62c5-2 7 3 6 9-1 7-4 11-8 10"), line("M44 100q16 8 32 0", "fine")],
    top: [line("M60 22c-22 0-34 20-34 46s12 44 34 44 34-18 34-44-12-46-34-46z"), line("M54 113q6 8 12 0"), line("M26 64c-4 0-6 4-5 9s4 8 6 7M94 64c4 0 6 4 5 9s-4 8-6 7"), line("M60 50a6 6 0 1 1-6 6", "fine")],
    crown: [line("M60 24c-22 0-34 18-34 42 0 20 8 36 20 44v14M60 24c22 0 34 18 34 42 0 20-8 36-20 44v14"), line("M26 76c-4 0-6 4-5 9s4 8 6 7M94 76c4 0 6 4 5 9s-4 8-6 7"), line("M60 56a7 7 0 1 1-7 7", "fine")],
    macro: [s("circle", { cx: 60, cy: 70, r: 42 }), ...Array.from({ length: 17 }, (_, i) => line(`M${38 + (i % 5) * 11 + (i % 2) * 3} ${48 + Math.floor(i / 5) * 14}l3 6`, "fine"))],
  };
  return s("svg", { viewBox: "0 0 120 140", class: "silhouette", "aria-hidden": "true" }, ...(shapes[base(slot)] ?? []));
}
