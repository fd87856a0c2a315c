// Light or dark: as the tablet has it, unless somebody chose.
export type Theme = "auto" | "light" | "dark";

export function theme(): Theme {
  return (localStorage.getItem("theme") as Theme) || "auto";
}

export function setTheme(v: Theme) {
  localStorage.setItem("theme", v);
  apply();
}

function apply() {
  const v = theme();
  document.documentElement.dataset.theme = v === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : v;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
apply();
