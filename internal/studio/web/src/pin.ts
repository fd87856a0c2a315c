// A keypad for the PIN: large keys, and the keyboard works too.
import { h, replace } from "./dom";
import { t } from "./words";

const digits = 6;

// sendPIN asks to be let in: at /pair anew, at /unlock again.
export function sendPIN(path: string, pin: string): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ pin }) });
}

// keypad calls done with a whole PIN; what that returns is why it was wrong.
export function keypad(label: string, done: (pin: string) => Promise<string>): HTMLElement {
  let pin = "", busy = false;
  const places = h("div", { class: "places", role: "status", "aria-label": label });
  const said = h("p", { class: "said", role: "alert" });
  const show = () => {
    replace(places, Array.from({ length: digits }, (_, i) => h("i", { class: i < pin.length ? "full" : "" })));
    places.setAttribute("aria-label", t("pair.typed", pin.length, digits));
  };
  const type = async (d: string) => {
    if (busy) return;
    said.textContent = "";
    pin = d === "<" ? pin.slice(0, -1) : (pin + d).slice(0, digits);
    show();
    if (pin.length < digits) return;
    busy = true;
    root.classList.add("busy");
    const why = await done(pin).catch(() => t("net.away"));
    root.classList.remove("busy");
    busy = false;
    pin = "";
    said.textContent = why;
    if (why) {
      root.classList.remove("shake");
      void root.offsetWidth;
      root.classList.add("shake");
    }
    show();
  };
  const key = (d: string, text = d, name = d) => h("button", { type: "button", class: "key", "aria-label": name, onclick: () => type(d) }, text);
  const root = h("div", { class: "keypad", tabindex: 0, "aria-label": label, onkeydown: (e: KeyboardEvent) => {
    if (/^[0-9]$/.test(e.key)) type(e.key);
    else if (e.key === "Backspace") type("<");
  } }, h("h2", { class: "keypad-label" }, label), places, said, h("div", { class: "keys" }, [..."123456789"].map((d) => key(d)), h("span", null), key("0"), key("<", "⌫", t("pair.back"))));
  show();
  setTimeout(() => root.focus(), 50);
  return root;
}
