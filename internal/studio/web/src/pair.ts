// The page that takes the PIN: to pair a tablet, or to open a locked one.
import { keypad, sendPIN } from "./pin";
import { t } from "./words";
import { h, replace } from "./dom";
import { languages } from "./languages";
import "./theme";

function draw() {
  replace(document.body, h("main", { class: "door" },
    h("div", { class: "mark", "aria-hidden": "true" }),
    h("h1", null, "Pointille"),
    h("p", { class: "quiet" }, t("pair.why")),
    keypad(t("pair.pin"), async (pin) => {
      let r = await sendPIN("/unlock", pin);
      if (r.status === 401) r = await sendPIN("/pair", pin);
      if (r.ok) {
        location.assign("/" + location.hash);
        return "";
      }
      return r.status === 429 ? t("pair.wait", r.headers.get("Retry-After") ?? "?") : r.status === 403 ? t("pair.wrong") : t("net.away");
    }),
    languages(draw),
  ));
}

draw();
