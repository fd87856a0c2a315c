// What stands where clients would while the studio's record is closed: it wants its
// passphrase. Nothing of a client is on the page then.
import type { Page } from "./app";
import { button, h, icon } from "./dom";
import { Refused, openRecord } from "./net";
import { t } from "./words";

export function recordPage(o: { handed: boolean; opened: () => void }): Page {
  const why = h("p", { class: "quiet" }, t(o.handed ? "record.handed" : "record.why"));
  const root = h("div", { class: "door high" }, h("span", { class: "client-face seal" }, icon("lock")), h("h1", null, t("record.closed")), why);
  if (!o.handed) root.append(form(o.opened));
  return { root };
}

function form(opened: () => void): HTMLElement {
  const input = h("input", {
    id: "passphrase", class: "input large", type: "password", autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false", required: true, "aria-describedby": "record-said",
  });
  const said = h("p", { class: "said", role: "alert", id: "record-said" });
  const show = button({ text: t("record.show"), class: "button", pressed: false, on: () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    show.setAttribute("aria-pressed", String(hidden));
    input.focus();
  } });
  const go = h("button", { class: "button primary wide", type: "submit", id: "open-record" }, t("record.open"));
  const f = h("form", { class: "unlock", onsubmit: async (e: Event) => {
    e.preventDefault();
    said.textContent = "";
    go.disabled = true;
    go.textContent = t("record.opening"); // the key is worked out for about a second, on purpose
    try {
      await openRecord(input.value);
      input.value = "";
      opened();
    } catch (err) {
      said.textContent = reason(err as Refused);
      input.select();
    } finally {
      go.disabled = false;
      go.textContent = t("record.open");
    }
  } }, h("label", { for: "passphrase" }, t("record.passphrase")), h("div", { class: "row" }, input, show), said, go);
  setTimeout(() => input.focus(), 50);
  return f;
}

function reason(e: Refused): string {
  if (e.status === 403) return t("record.wrong");
  if (e.status === 429) return t("record.wait", e.after || "?");
  return e.message;
}
