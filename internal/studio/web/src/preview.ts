// Preview: before and after beside a line that a finger moves, through time and
// from a distance; all views; two designs; the head in the round; full screen.
import type { Page, Shell } from "./app";
import { button, h, replace, segments } from "./dom";
import { Head } from "./head";
import { get } from "./net";
import { Stage } from "./stage";
import type { View } from "./types";
import { inkOf, lastSeen, name, Viewer } from "./viewer";
import { n, remark, t } from "./words";

type Mode = "slider" | "views" | "designs" | "head";
const stages = ["before", "fresh", "healed", "1y", "3y", "5y"];

export function previewPage(shell: Shell): Page {
  const { client } = shell;
  let mode: Mode = "slider", stage = "healed", from = "", view: View | null = null, loading: AbortController | null = null, viewer: Viewer | null = null, head: Head | null = null;
  let pair: Stage[] = [];
  const area = h("div", { class: "preview-area" }), island = h("div", { class: "island" }), root = h("div", { class: "preview" }, area, island);

  const url = (slot: string, extra = "") => client.path(`views/${slot}/preview.jpg?stage=${stage}${from ? "&from=" + from : ""}${extra || `&rev=${client.plan.rev}`}`);

  const loadSlider = async () => {
    if (!viewer || !view) return;
    loading?.abort();
    const stop = (loading = new AbortController());
    viewer.stage.root.classList.add("drawing");
    try {
      if (view.rev && view.used) {
        const before = from ? client.path(`views/${view.slot}/preview.jpg?stage=before&from=${from}&rev=${client.plan.rev}`) : client.photo(view.slot, "screen.jpg")!;
        await Promise.all([viewer.stage.picture("after", url(view.slot), stop.signal), viewer.stage.picture("before", before, stop.signal)]);
      }
      if (!stop.signal.aborted) viewer.stage.root.classList.remove("drawing");
    } catch (e) {
      if (stop.signal.aborted || (e as { status?: number }).status === 409) return; // a newer plan comes
      viewer?.stage.root.classList.remove("drawing");
      shell.toast((e as Error).message, true);
    }
  };

  const sliderMode = () => {
    viewer = new Viewer(client, (v) => {
      view = v;
      note.textContent = v.used ? "" : remark(v.why ?? "");
      loadSlider();
    }, (slot) => !slot.startsWith("macro"), (e) => shell.toast(e.message, true));
    const st = viewer.stage, note = h("p", { class: "stage-note" });
    st.split = 0.5;
    const divider = h("div", { class: "divider", role: "slider", tabindex: 0, "aria-label": t("preview.divider"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 50 }, h("i", null));
    const left = h("span", { class: "side left" }, t("stage.before")), right = h("span", { class: "side right" }, t("stage." + stage));
    const place = (share: number) => {
      st.split = Math.max(0.02, Math.min(0.98, share));
      divider.style.left = `${100 * st.split}%`;
      divider.setAttribute("aria-valuenow", String(Math.round(100 * st.split)));
      left.classList.toggle("gone", st.split < 0.15);
      right.classList.toggle("gone", st.split > 0.85);
      st.draw();
    };
    divider.addEventListener("pointerdown", (e) => {
      divider.setPointerCapture(e.pointerId);
      e.stopPropagation();
    });
    divider.addEventListener("pointermove", (e) => {
      if (divider.hasPointerCapture(e.pointerId)) place(st.local(e)[0] / st.root.clientWidth);
    });
    divider.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: -0.05, ArrowRight: 0.05, Home: -1, End: 1 }[e.key];
      if (by === undefined) return;
      e.preventDefault();
      e.stopPropagation();
      place(st.split! + by);
    });
    st.root.append(divider, left, right, note);
    place(0.5);
    replace(area, viewer.root);
  };

  const viewsMode = () => {
    const slots = client.state.photos.map((p) => p.slot).filter((q) => client.plan.photos[q]);
    replace(area, h("div", { class: "all-views n" + slots.length }, slots.map((slot) => h("figure", null, crop(slot, url(slot)), h("figcaption", null, name(slot))))));
  };

  // crop shows the head's part of a preview.
  const crop = (slot: string, src: string) => {
    const img = h("img", { alt: t("preview.of", name(slot), t("stage." + stage)), src });
    viewOf(slot).then((v) => {
      const [l, tp, r, b] = v.frame, place = () => {
        const box = img.parentElement;
        if (!box) return;
        const k = Math.max(Math.min(box.clientWidth / (r - l), box.clientHeight / (b - tp)), box.clientWidth / v.width, box.clientHeight / v.height); // all of the head
        img.style.width = `${v.width * k}px`;
        img.style.height = `${v.height * k}px`;
        img.style.left = `${box.clientWidth / 2 - ((l + r) / 2) * k}px`;
        img.style.top = `${box.clientHeight / 2 - ((tp + b) / 2) * k}px`;
      };
      place();
      const watch = new ResizeObserver(() => (img.isConnected ? place() : watch.disconnect()));
      if (img.parentElement) watch.observe(img.parentElement);
    }, () => undefined);
    return img;
  };

  const seen = new Map<string, Promise<View>>();
  const viewOf = (slot: string) => {
    if (!seen.has(slot)) seen.set(slot, fetch(client.path(`views/${slot}`)).then((r) => r.json()));
    return seen.get(slot)!;
  };

  const designsMode = async () => {
    const kept = client.state.kept.map((k) => k.name).sort(), sides: [string, string][] = kept.length >= 2 ? [["a", "A"], ["b", "B"]] : kept.length === 1 ? [[kept[0], kept[0].toUpperCase()], ["", t("preview.now")]] : [];
    if (!sides.length) {
      replace(area, h("div", { class: "empty" }, h("h2", null, t("preview.twotitle")), h("p", null, t("preview.two")), button({ text: t("step.design"), class: "button primary", on: () => shell.go("design") })));
      return;
    }
    const slot = client.plan.photos[lastSeen()] ? lastSeen() : client.state.photos.find((p) => client.plan.photos[p.slot])?.slot ?? "front", v = await viewOf(slot);
    pair = sides.map(([, label]) => new Stage(label));
    replace(area, h("div", { class: "pair" }, pair.map((p, i) => h("div", { class: "pair-side" }, p.root, h("span", { class: "side left" }, sides[i][1])))));
    pair.forEach(async (p, i) => {
      p.show(v.width, v.height, v.frame);
      p.root.classList.add("drawing");
      await p.picture("after", url(slot, sides[i][0] ? `&design=${sides[i][0]}` : "")).catch((e) => shell.toast(e.message, true));
      const own = await get<View>(client.path(`views/${slot}${sides[i][0] ? "?design=" + sides[i][0] : ""}`)).catch(() => null);
      const label = p.root.parentElement?.querySelector(".side");
      if (own && label) label.textContent = [sides[i][1], own.height_mm ? `${n(own.height_mm)} mm` : "", `${n(own.planned)} ${t("design.dots")}`].filter(Boolean).join(" · ");
      p.root.classList.remove("drawing");
    });
    pair[0].follow(pair[1]);
    pair[1].follow(pair[0]);
  };

  const headMode = async () => {
    head = new Head();
    head.ink = inkOf(client.plan) ?? head.ink;
    replace(area, head.root);
    head.root.classList.add("drawing");
    await head.load(client.path(`head.bin?rev=${client.plan.rev}`)).catch((e) => (e.status === 409 ? undefined : shell.toast(e.message, true)));
    head?.root.classList.remove("drawing");
  };

  const clear = () => {
    loading?.abort();
    viewer?.close();
    head?.close();
    pair.forEach((p) => p.close());
    viewer = head = null;
    pair = [];
  };

  const show = () => {
    clear();
    drawIsland();
    if (client.plan.nothing || (!client.plan.rev && !client.plan.planning)) {
      replace(area, h("div", { class: "empty" }, h("h2", null, t("preview.nothing")), h("p", null, remark(client.plan.nothing || client.plan.failed || t("planning")))));
      return;
    }
    ({ slider: sliderMode, views: viewsMode, designs: designsMode, head: headMode })[mode]();
  };

  const again = () => {
    const right = area.querySelector(".side.right");
    if (mode === "slider") {
      if (right) right.textContent = t("stage." + stage);
      loadSlider();
    } else if (mode !== "head") show();
  };

  const drawIsland = () => replace(island,
    segments(t("preview.stage"), stages.map((q) => [q, t("stage." + q)] as [string, string]), stage, (v) => {
      stage = v;
      again();
    }, "stages"),
    h("div", { class: "island-row" },
      segments(t("preview.distance"), [["", t("preview.photo")], ["0.3", "30 cm"], ["1", "1 m"], ["3", "3 m"]], from, (v) => {
        from = v;
        again();
      }, "small"),
      segments(t("preview.mode"), [["slider", t("mode.slider")], ["views", t("mode.views")], ["designs", t("mode.designs")], ["head", t("mode.head")]] as [Mode, string][], mode, (v) => {
        mode = v;
        show();
      }, "small modes"),
      button({ icon: "full", label: t("preview.full"), class: "icon-button", id: "full", on: () => full() }),
      button({ text: t("next.plan"), class: "button primary hide-full", id: "next", on: () => shell.go("plan") })));

  const full = () => {
    const on = document.body.classList.toggle("full");
    if (on) document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) document.exitFullscreen();
  };
  const escape = (e: KeyboardEvent) => e.key === "Escape" && document.body.classList.remove("full");
  addEventListener("keydown", escape);

  show();
  // what the client is shown is the plan that will be printed
  if (client.plan.rev && !client.plan.settled) client.settle().catch((e) => shell.toast(e.message, true));
  const off = client.on((why) => {
    if (why === "plan" && mode !== "slider") show();
    else if (why === "plan" && !viewer) show();
  });
  return {
    root,
    close: () => {
      off();
      clear();
      document.body.classList.remove("full");
      removeEventListener("keydown", escape);
    },
  };
}
