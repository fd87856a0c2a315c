// All clients, the latest first, and a new one.
import type { Page } from "./app";
import { dialog } from "./app";
import { button, h, icon, replace } from "./dom";
import { ask, get, listen, post } from "./net";
import { locale, t } from "./words";

type Listed = { id: string; code: string; changed: string; photos: string[]; signed: boolean; damaged?: string };

export function clientsPage(o: { open: (id: string) => void; toast: (text: string, bad?: boolean) => void }): Page {
  const list = h("div", { class: "cards" });
  const draw = async () => {
    const all = await get<Listed[]>("/api/clients");
    replace(list, h("button", { class: "client new", type: "button", id: "new-client", onclick: begin }, h("span", { class: "client-face" }, icon("plus")), h("strong", null, t("clients.new")), h("span", { class: "quiet" }, t("clients.code"))), all.map(card));
  };
  const card = (c: Listed) => h("div", { class: "client", "data-code": c.code },
    h("a", { href: c.damaged ? null : `#/c/${c.id}/${c.photos.length ? "found" : "screening"}`, class: "client-open" },
      c.photos.length ? h("img", { class: "client-face", alt: "", src: `/api/clients/${c.id}/photos/${c.photos[0]}/thumb.jpg`, loading: "lazy" }) : h("span", { class: "client-face" }, icon("head")),
      h("strong", null, c.code), h("span", { class: "quiet" }, c.damaged ?? when(c.changed)), c.signed ? h("span", { class: "pill ok" }, t("signed")) : null),
    button({ icon: "trash", label: t("clients.delete", c.code), class: "icon-button corner", on: () => remove(c) }));
  const remove = (c: Listed) => {
    const d = dialog(t("clients.delete", c.code), h("p", null, t("clients.deletewhy")), h("div", { class: "row end" },
      button({ text: t("cancel"), on: () => d.close() }),
      button({ text: t("delete"), class: "button danger", on: async () => {
        await ask(`/api/clients/${c.id}`, { method: "DELETE" }).catch((e) => o.toast(e.message, true));
        d.close();
        draw();
      } })));
  };
  const begin = () => {
    const input = h("input", { id: "code", class: "input large", maxlength: 40, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", required: true, placeholder: "A-17" });
    const d = dialog(t("clients.new"), h("form", { onsubmit: async (e: Event) => {
      e.preventDefault();
      try {
        const made = await post<{ id: string }>("/api/clients", { code: input.value.trim() });
        d.close();
        o.open(made!.id);
      } catch (err) {
        o.toast((err as Error).message, true);
      }
    } }, h("label", { for: "code" }, t("clients.codelabel")), input, h("p", { class: "quiet" }, t("clients.codewhy")),
      h("div", { class: "row end" }, h("button", { class: "button primary", type: "submit", id: "begin" }, t("clients.begin")))));
    input.focus();
  };
  draw().catch((e) => e.quiet || o.toast(e.message, true));
  const hush = listen("", () => undefined, () => undefined); // when the record is closed, this page goes
  return { root: h("div", { class: "page" }, h("h1", null, t("clients")), list), close: hush };
}

function when(at: string): string {
  const d = new Date(at);
  return d.toLocaleString(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
