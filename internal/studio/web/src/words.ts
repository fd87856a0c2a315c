// The words of the page in its languages, from one catalogue.
import catalogue from "./words.json";

export type Lang = "en" | "lv";

let current: Lang = (localStorage.getItem("lang") as Lang) || (document.documentElement.lang === "lv" ? "lv" : "en");
document.documentElement.lang = current;

export function lang(): Lang {
  return current;
}

export function setLang(l: Lang) {
  current = l;
  localStorage.setItem("lang", l);
  document.documentElement.lang = l;
}

// t is a sentence; {0}, {1} ... stand for what is put in.
export function t(key: string, ...put: (string | number)[]): string {
  const both = (catalogue as Record<string, string[]>)[key];
  if (!both) return key;
  return both[current === "lv" ? 1 : 0].replace(/\{(\d)\}/g, (_, i) => String(put[Number(i)] ?? ""));
}

const remarks = new Map<string, string>(); // what the studio remarks in English, and its Latvian

// learn takes the Latvian of remarks that came with an answer.
export function learn(said?: Record<string, string>) {
  for (const [en, lv] of Object.entries(said ?? {})) remarks.set(en, lv);
}

// remark is a remark of the studio in the page's language; one without Latvian stays English.
export function remark(text: string): string {
  return current === "lv" ? remarks.get(text) ?? text : text;
}

// known reports whether the catalogue has words for a key that was put together.
export function known(key: string): boolean {
  return key in (catalogue as Record<string, string[]>);
}

// locale is how the language writes numbers and days.
export function locale(): string {
  return current === "lv" ? "lv-LV" : "en-GB";
}

// n writes a number as the language does.
export function n(v: number, digits = 0): string {
  return v.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// money writes a price as the language does, without cents.
export function money(v: number, currency: string): string {
  return v.toLocaleString(locale(), { style: "currency", currency, maximumFractionDigits: 0 });
}
