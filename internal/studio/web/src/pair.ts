// The page that takes the PIN: to pair a tablet, or to open a locked one.
import { keypad } from "./pin";
import { setLang, lang, t, type Lang } from "./words";
import { h, replace, segments } from "./dom";
import "./theme";

function draw() {
  replace(document.body, h("main", { class: "door" },
    h("div", { class: "mark", "aria-hidden": "true" }),
    h("h1", null, "Pointille"),
    h("p", { class: "quiet" }, t("pair.why")),
    keypad(t("pair.pin"), async (pin) => {
      const send = (path: string) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ pin }) });
      let r = await send("/unlock");
      if (r.status === 401) r = await send("/pair");
      if (r.ok) {
        location.assign("/" + location.hash);
        return "";
      }
      return r.status === 429 ? t("pair.wait", r.headers.get("Retry-After") ?? "?") : r.status === 403 ? t("pair.wrong") : t("net.away");
    }),
    segments(t("language"), [["en", "English"], ["lv", "Latviešu"]] as [Lang, string][], lang(), (l) => {
      setLang(l);
      draw();
    }),
  ));
}

draw();
