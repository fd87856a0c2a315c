// What went into the skin: the bottle of each session with its batch, so that one knows
// whom it concerns when a batch is recalled.
import type { Shell } from "./app";
import { dialog } from "./app";
import { button, h, icon, replace } from "./dom";
import { get, post, remove } from "./net";
import type { Choice } from "./types";
import { locale, n, t } from "./words";

const today = () => new Date().toLocaleDateString("sv-SE"); // YYYY-MM-DD, by the tablet's clock

// inkCard is a card that lists what was used, and how to draw it again.
export function inkCard(shell: Shell): { root: HTMLElement; draw: () => void } {
  const { client } = shell, root = h("section", { class: "card ink", id: "ink" });

  const draw = () => {
    const l = client.state.ink, uses = l?.uses ?? [];
    const named = (id: string) => l?.bottles.find((b) => b.id === id);
    replace(root, h("h2", null, t("ink")), h("p", { class: "quiet" }, t("ink.why")),
      uses.length ? h("ul", { class: "events" }, uses.map((u, i) => {
        const b = named(u.bottle), what = [b ? `${b.brand} ${b.shade}`.trim() : u.bottle, b ? t("ink.entry", b.batch) : "", u.dilution ? t("plan.water", n(u.dilution, u.dilution % 1 ? 1 : 0)) : "", u.needle_lot ? t("ink.lot", u.needle_lot) : ""];
        return h("li", null, h("div", null, h("b", null, `${t("plan.session", u.session)} · ${new Date(u.date).toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" })}`), h("span", { class: "quiet block" }, what.filter(Boolean).join(" · "))),
          button({ icon: "trash", label: t("ink.remove"), class: "icon-button", on: () => take(i) }));
      })) : h("p", { class: "quiet" }, t("ink.none")),
      button({ icon: "plus", text: t("ink.note"), id: "note-ink", on: () => ask().catch((e) => shell.toast(e.message, true)) }));
  };

  const take = async (use: number) => {
    try {
      await remove(client.path(`ink/${use}`));
      await client.refresh();
    } catch (e) {
      shell.toast((e as Error).message, true);
    }
  };

  // ask opens the form; what was used last is proposed again.
  const ask = async () => {
    const bottles = await get<Choice[]>(client.path("bottles")), l = client.state.ink, last = l?.uses[l.uses.length - 1], was = l?.bottles.find((b) => b.id === last?.bottle);
    const sessions = Math.max(1, client.plan.sessions.length, last?.session ?? 0), next = Math.min(sessions, (last?.session ?? 0) + 1);
    const input = (id: string, value: string | number, more: Record<string, unknown> = {}) => h("input", { id: "ink-" + id, class: "input", value, ...more });
    const session = h("select", { id: "ink-session", class: "input" }, Array.from({ length: sessions + 1 }, (_, i) => h("option", { value: i + 1, selected: i + 1 === next }, t("plan.session", i + 1))));
    const day = input("day", today(), { type: "date", max: today(), required: true });
    const chosen = bottles.find((b) => b.id === last?.bottle && !b.stops.length) ?? (was ? undefined : bottles.find((b) => !b.stops.length));
    const which = h("select", { id: "ink-bottle", class: "input" }, bottles.map((b) => h("option", { value: b.id, disabled: b.stops.length > 0, selected: b === chosen }, `${b.brand} ${b.shade} · ${b.batch}${b.stops.length ? " · " + t("ink.stopped") : ""}`)), h("option", { value: "", selected: !chosen }, t("ink.other")));
    const own = was && !chosen ? was : undefined, brand = input("brand", own?.brand ?? "", { maxlength: 200 }), shade = input("shade", own?.shade ?? "", { maxlength: 200 }), batch = input("batch", own?.batch ?? "", { maxlength: 100, autocapitalize: "characters", autocomplete: "off" }), expires = input("expires", own?.expires ?? "", { type: "date" });
    const statement = h("input", { type: "checkbox", id: "ink-statement", checked: own?.label.statement }), ingredients = h("input", { type: "checkbox", id: "ink-ingredients", checked: own?.label.ingredients });
    const dilution = input("dilution", last?.dilution ?? client.plan.pigment?.shades[0]?.dilution ?? "", { type: "number", inputmode: "decimal", min: 0, max: 1000, step: "any" }), needles = input("needles", last?.needle_lot ?? "", { maxlength: 100, autocomplete: "off" });
    const said = h("p", { class: "note bad", role: "alert", hidden: true });
    const field = (e: HTMLElement, text: string) => h("label", { class: "stack", for: e.id }, h("span", null, text), e);
    const label = h("div", { class: "ink-label" }, field(brand, t("ink.brand")), field(shade, t("plan.shade")), field(batch, t("ink.batch")), field(expires, t("ink.expires")),
      h("label", { class: "tick" }, statement, h("span", null, t("ink.statement"))), h("label", { class: "tick" }, ingredients, h("span", null, t("ink.ingredients"))));
    const show = () => {
      label.hidden = which.value !== "";
      for (const e of [brand, batch, expires]) e.required = !label.hidden;
    };
    which.addEventListener("change", show);
    show();
    const d = dialog(t("ink"), h("form", { onsubmit: async (e: Event) => {
      e.preventDefault();
      const b = which.value ? { bottle: which.value } : { brand: brand.value, shade: shade.value, batch: batch.value, expires: expires.value, statement: statement.checked, ingredients: ingredients.checked };
      try {
        await post(client.path("ink"), { session: Number(session.value), date: day.value, dilution: Number(dilution.value) || undefined, needle_lot: needles.value || undefined, ...b });
        d.close();
        await client.refresh();
      } catch (err) {
        said.textContent = (err as Error).message;
        said.hidden = false;
      }
    } }, h("div", { class: "ink-label" }, field(session, t("ink.session")), field(day, t("ink.day"))), field(which, t("ink.bottle")), label, h("div", { class: "ink-label" }, field(dilution, t("ink.dilution")), field(needles, t("ink.needles"))), said,
      h("div", { class: "row end" }, h("button", { class: "button primary", type: "submit", id: "keep-ink" }, icon("ok"), h("span", null, t("ink.note"))))));
    d.classList.add("tall");
  };

  draw();
  return { root, draw };
}
