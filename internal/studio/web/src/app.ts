// The shell: where one is, the steps of a consultation, undo and redo, the lock.
import { Client } from "./client";
import { clientsPage } from "./clients";
import { designPage } from "./design";
import { button, h, icon, replace, segments } from "./dom";
import { foundPage } from "./found";
import { languages } from "./languages";
import { Refused, ask, closeRecord, get, post, whenClosed, whenLocked } from "./net";
import { photosPage } from "./photos";
import { keypad, sendPIN } from "./pin";
import { planPage } from "./plan";
import { previewPage } from "./preview";
import { recordPage } from "./record";
import { screeningPage } from "./screening";
import { setTheme, theme, type Theme } from "./theme";
import { setLang, t, type Lang } from "./words";

export type Page = { root: HTMLElement; close?: () => void };
export type Shell = { client: Client; go: (step: string) => void; toast: (text: string, bad?: boolean) => void; handOver: () => Promise<void> };

const steps: [string, (s: Shell) => Page][] = [
  ["screening", screeningPage], ["photos", photosPage], ["found", foundPage], ["design", designPage], ["preview", previewPage], ["plan", planPage],
];

let page: Page | null = null;
let client: Client | null = null;
let quit: () => void = () => undefined;
let scope = "";
const main = h("main", { id: "main", tabindex: -1 });
const bar = h("header", { class: "bar" });
const toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

function toast(text: string, bad = false) {
  const e = h("div", { class: "toast" + (bad ? " bad" : "") }, text);
  toasts.append(e);
  setTimeout(() => e.remove(), bad ? 9000 : 3500);
}

async function route() {
  const [, id, step] = location.hash.match(/^#\/c\/([a-z0-9]+)\/?([a-z]*)/) ?? [];
  page?.close?.();
  page = null;
  if (!id) {
    if (scope) return location.replace(`#/c/${scope}/preview`);
    leave();
    page = clientsPage({ toast, open: (c) => (location.hash = `#/c/${c}/screening`) });
    document.body.dataset.step = "clients";
    drawBar("");
    return replace(main, page.root);
  }
  if (client?.id !== id) {
    leave();
    client = new Client(id, (text) => toast(text, true));
    try {
      await client.open();
    } catch (e) {
      client?.close();
      client = null;
      if (e instanceof Refused && e.quiet) return; // the page that asks comes back here
      toast((e as Error).message, true);
      location.hash = "";
      return;
    }
    quit = client.on((why) => drawBar(current(), why));
  }
  const [name, make] = steps.find(([n]) => n === step) ?? steps[0];
  document.body.dataset.step = name;
  page = make({ client, go, toast, handOver });
  drawBar(name);
  const titled = page.root.querySelector("h1") !== null; // steps that are all photo say their name to screen readers only
  replace(main, titled ? null : h("h1", { class: "unseen" }, t("step." + name)), page.root);
  main.focus({ preventScroll: true });
}

const current = () => document.body.dataset.step ?? "";

function leave() {
  quit();
  client?.close();
  client = null;
}

function go(step: string) {
  if (client) location.hash = `#/c/${client.id}/${step}`;
}

// reach says how far the consultation is: what cannot be done yet is dimmed.
function reach(step: string): boolean {
  const s = client!.state;
  if (step === "screening" || step === "photos") return true;
  return s.photos.length > 0;
}

function drawBar(step: string, why = "") {
  if (!client || !step) {
    replace(bar, h("div", { class: "bar-side" }, h("span", { class: "mark small", "aria-hidden": "true" }), h("strong", { class: "brand" }, "Pointille")), h("div", null), h("div", { class: "bar-side end" }, menuButton()));
    return;
  }
  if (why === "queue" && !client.away) return;
  const nav = h("nav", { class: "steps", "aria-label": t("steps") }, steps.map(([n], i) => h("a", {
    href: `#/c/${client!.id}/${n}`, class: n === step ? "on" : "", "aria-current": n === step ? "step" : null, "aria-disabled": reach(n) ? null : "true",
    onclick: (e: Event) => {
      if (!reach(n)) {
        e.preventDefault();
        toast(t("steps.photos"));
      }
    },
  }, h("i", { "aria-hidden": "true" }, String(i + 1)), t("step." + n))));
  const s = client.state;
  replace(bar,
    h("div", { class: "bar-side" },
      scope ? null : h("a", { class: "icon-button", href: "#/", "aria-label": t("clients") }, icon("back")),
      h("strong", { class: "code" }, s.code),
      client.away ? h("span", { class: "pill warn" }, t("net.waiting", client.waiting)) : client.busy ? h("span", { class: "pulse", role: "status", "aria-label": t("planning") }) : null),
    nav,
    h("div", { class: "bar-side end" },
      button({ icon: "undo", label: t("undo"), class: "icon-button", disabled: s.undo === 0, id: "undo", on: () => client!.edit("undo") }),
      button({ icon: "redo", label: t("redo"), class: "icon-button", disabled: s.redo === 0, id: "redo", on: () => client!.edit("redo") }),
      menuButton()));
}

function menuButton() {
  return button({ icon: scope ? "lock" : "more", label: t(scope ? "handed.back" : "menu"), class: "icon-button", id: "menu", on: () => (scope ? takeBack() : menu()) });
}

function menu() {
  const d = dialog(t("menu"),
    h("div", { class: "field" }, h("span", null, t("language")), languages(() => {
      d.close();
      if (current() === "record") closedPage(true);
      else route();
    })),
    h("div", { class: "field" }, h("span", null, t("theme")), segments(t("theme"), [["auto", t("theme.auto")], ["light", t("theme.light")], ["dark", t("theme.dark")]] as [Theme, string][], theme(), setTheme)),
    client && !scope ? h("div", { class: "field" }, h("span", null, t("handed.why")), button({ icon: "hand", text: t("handed.do"), on: async () => {
      d.close();
      await handOver();
    } })) : null,
    h("div", { class: "field" }, h("span", null, t("lock.why")), button({ icon: "lock", text: t("lock.do"), on: async () => {
      await ask("/api/lock", { method: "POST" });
      d.close();
      location.assign("/pair" + location.hash);
    } })),
    current() === "record" ? null : h("div", { class: "field" }, h("span", null, t("record.closewhy")), button({ icon: "key", text: t("record.close"), id: "close-record", on: async () => {
      try {
        await closeRecord();
        d.close();
        closedPage();
      } catch (e) {
        toast((e as Error).message, true);
      }
    } })));
}

// closedPage takes everything of clients off the page until the record is open.
function closedPage(anew = false) {
  if (current() === "record" && !anew) return;
  page?.close?.();
  leave();
  document.querySelectorAll("dialog").forEach((d) => d.close());
  document.body.dataset.step = "record";
  page = recordPage({ handed: scope !== "", opened: () => {
    document.body.dataset.step = "";
    route();
  } });
  drawBar("");
  replace(main, page.root);
}

// dialog shows a sheet over the page; Escape and a touch beside it close it.
export function dialog(title: string, ...body: (HTMLElement | null)[]) {
  const d = h("dialog", { class: "sheet", "aria-label": title, onclose: () => d.remove(), onclick: (e: Event) => e.target === d && d.close() },
    h("div", { class: "sheet-in" }, h("div", { class: "sheet-head" }, h("h2", null, title), button({ icon: "close", label: t("close"), class: "icon-button", on: () => d.close() })), body.filter(Boolean) as HTMLElement[]));
  document.body.append(d);
  d.showModal();
  return d;
}

async function handOver() {
  if (!client) return;
  await post("/api/hand-over", { client: client.id });
  scope = client.id;
  document.body.classList.add("handed");
  toast(t("handed.done"));
  drawBar(current());
}

function takeBack() {
  pinOver(() => {
    scope = "";
    document.body.classList.remove("handed");
    if (current() !== "record") return drawBar(current());
    document.body.dataset.step = ""; // now the passphrase can be typed
    route();
  });
}

let asking = false;

// pinOver asks for the PIN over the page, which stays as it is beneath.
function pinOver(then: () => void) {
  if (asking) return;
  asking = true;
  const over = h("div", { class: "veil", role: "dialog", "aria-modal": "true", "aria-label": t("pair.pin") }, keypad(t("pair.pin"), async (pin) => {
    const r = await sendPIN("/unlock", pin);
    if (r.status === 401) location.assign("/pair");
    if (!r.ok) return r.status === 429 ? t("pair.wait", r.headers.get("Retry-After") ?? "?") : t("pair.wrong");
    over.remove();
    asking = false;
    then();
    return "";
  }), button({ text: t("cancel"), class: "button quiet-button", on: () => {
    over.remove();
    asking = false;
  } }));
  document.body.append(over);
}

whenLocked(() => pinOver(() => (client ? client.refresh() : route())));
whenClosed(() => closedPage());

async function start() {
  replace(document.body, h("a", { class: "skip", href: "#main", onclick: (e: Event) => {
    e.preventDefault();
    main.focus();
  } }, t("skip")), bar, main, toasts);
  const own = await get<{ scope: string; lang: Lang; record: string }>("/api/session");
  if (!localStorage.getItem("lang")) setLang(own.lang);
  scope = own.scope;
  document.body.classList.toggle("handed", scope !== "");
  navigator.storage?.persist?.();
  addEventListener("hashchange", () => current() !== "record" && route());
  if (own.record === "open") await route();
  else closedPage();
}

start().catch((e) => toast((e as Error).message, true));
