// A stage with the client's photos to choose from beneath it.
import type { Client } from "./client";
import { button, h, icon, labRGB, replace } from "./dom";
import { get } from "./net";
import { Stage } from "./stage";
import type { Plan, View } from "./types";
import { t } from "./words";

let lastSlot = "front"; // stays when one goes from step to step

// lastSeen is the view that was looked at last, in whichever step.
export function lastSeen() {
  return lastSlot;
}

export class Viewer {
  readonly stage: Stage;
  readonly root: HTMLElement;
  view: View | null = null;
  private strip = h("div", { class: "strip", role: "group", "aria-label": t("photos.views") });
  private loading: AbortController | null = null;
  private off: () => void;

  // shown is called when another view, or what is said of it, is there.
  constructor(readonly client: Client, private shown: (v: View, other: boolean) => void, private wanted: (slot: string) => boolean = () => true, private failed: (e: Error) => void = () => undefined) {
    this.stage = new Stage(t("stage"));
    const fit = button({ icon: "fit", label: t("fit"), class: "icon-button on-stage fit", on: () => this.stage.fit() });
    this.root = h("div", { class: "viewer" }, this.stage.root, this.strip, fit);
    this.off = client.on((why) => {
      if (why === "plan" || why === "state") this.drawStrip();
      if (why === "plan") this.reload();
    });
    this.drawStrip();
    this.choose(this.slots().includes(lastSlot) ? lastSlot : this.slots()[0]);
  }

  close() {
    this.off();
    this.loading?.abort();
    this.stage.close();
  }

  get slot() {
    return lastSlot;
  }

  private slots() {
    return this.client.state.photos.map((p) => p.slot).filter(this.wanted);
  }

  private drawStrip() {
    const all = this.slots();
    replace(this.strip, all.map((slot) => h("button", {
      type: "button", class: "film" + (slot === lastSlot ? " on" : ""), "aria-pressed": String(slot === lastSlot), "aria-label": name(slot), "data-slot": slot,
      onclick: () => this.choose(slot),
    }, this.client.thumb(slot, ""), h("span", null, name(slot)), this.client.plan.photos[slot] === false && this.client.plan.rev > 0 && !slot.startsWith("macro") ? h("i", { class: "film-warn", title: t("photos.unused") }, icon("warn")) : null)));
  }

  choose(slot: string | undefined) {
    if (!slot) return;
    lastSlot = slot;
    this.drawStrip();
    this.load(true);
  }

  reload() {
    this.load(false);
  }

  private whole = ""; // the slot whose pictures are all there

  private async load(again: boolean) {
    this.loading?.abort();
    const stop = (this.loading = new AbortController()), slot = lastSlot, other = again || this.whole !== slot;
    try {
      if (other) {
        this.whole = "";
        this.stage.root.classList.add("waiting");
        this.stage.dots(new Float32Array(0));
        const url = this.client.photo(slot, "screen.jpg")!;
        await Promise.all([this.stage.picture("before", url, stop.signal), this.stage.picture("after", url, stop.signal)]);
      }
      const v = await get<View>(this.client.path(`views/${slot}`), stop.signal);
      if (stop.signal.aborted) return;
      this.view = v;
      if (other) {
        this.stage.show(v.width, v.height, v.frame);
        await Promise.all((["heat", "zones"] as const).map((l) => this.stage.picture(l, v.layers ? this.client.photo(slot, l + ".png") : null, stop.signal)));
        if (stop.signal.aborted) return;
        this.whole = slot;
        this.stage.root.classList.remove("waiting");
      }
      this.shown(v, other);
    } catch (e) {
      if ((e as Error).name !== "AbortError") this.failed(e as Error);
    }
  }
}

export function name(slot: string) {
  return slot.startsWith("macro") ? t("slot.macro") + " " + slot.slice(6) : t("slot." + slot);
}

// inkOf is what a dot's middle lets through on a client's skin; null without a pigment.
export function inkOf(p: Plan): [number, number, number] | null {
  const shade = p.pigment?.shades[0], skin = p.stages[0];
  if (!shade || !skin) return null;
  const a = labRGB(shade.lab), b = labRGB(skin.lab);
  return a.map((v, i) => Math.min(1, v / Math.max(1, b[i]))) as [number, number, number];
}

// dotsOf fetches the dots of a view.
export async function dotsOf(client: Client, slot: string, rev: number, signal?: AbortSignal): Promise<Float32Array> {
  const r = await fetch(client.path(`views/${slot}/dots.bin?rev=${rev}`), { signal });
  return r.ok ? new Float32Array(await r.arrayBuffer()) : new Float32Array(0);
}
