// The page that lets a tablet trust the studio's own certificate authority.
import { h, replace } from "./dom";
import { languages } from "./languages";
import { t } from "./words";
import "./theme";

async function draw() {
  const print = (await fetch("/trust/fingerprint").then((r) => r.json()).catch(() => ({ fingerprint: "" }))).fingerprint;
  const address = (await fetch("/trust/address").then((r) => r.json()).catch(() => ({ address: "/" }))).address ?? "/";
  replace(document.body, h("main", { class: "door letter" },
    h("div", { class: "mark", "aria-hidden": "true" }),
    h("h1", null, t("trust.title")),
    h("p", null, t("trust.why")),
    print ? h("ol", { class: "steps-list" },
      h("li", null, h("strong", null, t("trust.1")), h("p", null, t("trust.1more")), h("a", { class: "button primary", href: "/trust/pointille.mobileconfig" }, t("trust.load"))),
      h("li", null, h("strong", null, t("trust.2")), h("p", null, t("trust.2more"))),
      h("li", null, h("strong", null, t("trust.3")), h("p", null, t("trust.3more"))),
      h("li", null, h("strong", null, t("trust.4")), h("p", null, h("a", { href: address }, address)))) : h("p", { class: "quiet" }, t("trust.plain")),
    print ? h("p", { class: "quiet" }, t("trust.print"), h("code", null, print)) : null,
    print ? h("p", { class: "quiet" }, t("trust.other"), h("a", { href: "/trust/pointille-ca.crt" }, "pointille-ca.crt")) : null,
    h("p", { class: "quiet" }, t("trust.limits")),
    languages(draw),
  ));
}

draw();
