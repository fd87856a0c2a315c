// What speaks against it: every question of the studio's list, answered by touch.
import type { Page, Shell } from "./app";
import { h, replace, segments, button } from "./dom";
import { get } from "./net";
import { lang, t } from "./words";

type Question = { id: string; question: string; dated: boolean; certificate: boolean };

export function screeningPage(shell: Shell): Page {
  const { client } = shell;
  const list = h("ol", { class: "questions" }), verdict = h("div", { class: "verdict", role: "status" });
  const answers: Record<string, string> = { ...(client.state.answers?.answers ?? {}) };
  const certificates: Record<string, string> = { ...(client.state.answers?.certificates ?? {}) };
  const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  let send = 0;
  const save = () => {
    clearTimeout(send);
    send = window.setTimeout(flush, 350);
  };
  const flush = () => {
    if (!send) return;
    send = 0;
    client.edit("answers", { schema: "pointille.answers/1", case: client.state.code, asked: today(), answers, certificates });
  };
  const judge = async () => {
    const r = await get<{ outcome: string; sentence: string; reasons: string[]; unanswered: number }>(client.path(`screening?lang=${lang()}`));
    replace(verdict, h("div", { class: "outcome " + r.outcome }, h("span", { class: "quiet" }, t("screening.outcome")), h("strong", null, r.outcome === "none" ? t("screening.none") : r.sentence)),
      r.reasons.length ? h("ul", { class: "reasons" }, r.reasons.slice(0, 12).map((x) => h("li", null, x))) : null,
      r.reasons.length > 12 ? h("p", { class: "quiet" }, t("screening.more", r.reasons.length - 12)) : null,
      h("p", { class: "quiet" }, t("screening.rule")));
  };
  const row = (q: Question, i: number) => {
    const extra = h("div", { class: "extra" });
    const drawExtra = () => {
      const v = answers[q.id];
      replace(extra, q.dated && v && v !== "no" && v !== "unknown" ? day(t("screening.last"), v, (d) => {
        answers[q.id] = d;
        save();
      }) : null, q.certificate && v && v !== "no" ? day(t("screening.certificate"), certificates[q.id] ?? "", (d) => {
        if (d) certificates[q.id] = d;
        else delete certificates[q.id];
        save();
      }) : null);
    };
    const value = answers[q.id] === undefined ? "" : answers[q.id] === "no" || answers[q.id] === "unknown" ? answers[q.id] : "yes";
    const choose = (v: string) => {
      answers[q.id] = v === "yes" && q.dated ? today() : v;
      drawExtra();
      save();
    };
    drawExtra();
    return h("li", { "data-q": q.id }, h("span", { class: "number", "aria-hidden": "true" }, String(i + 1)), h("span", { class: "asked" }, q.question),
      segments(q.question, [["no", t("no")], ["yes", t("yes")], ["unknown", "?"]], value, choose, "answers"), extra);
  };
  const day = (label: string, value: string, set: (d: string) => void) => h("label", { class: "day" }, h("span", null, label),
    h("input", { type: "date", class: "input", max: today(), value: /^\d{4}-/.test(value) ? value : "", onchange: (e: Event) => set((e.target as HTMLInputElement).value) }));
  const ask = async () => {
    const questions = await get<Question[]>(`/api/questions?lang=${lang()}`);
    replace(list, questions.map(row));
    rest.onclick = () => {
      for (const q of questions) if (answers[q.id] === undefined) answers[q.id] = "no";
      replace(list, questions.map(row));
      save();
    };
    await judge();
  };
  const rest = button({ text: t("screening.rest"), id: "rest-no", on: () => undefined });
  const off = client.on((why) => {
    if (why === "state" || why === "plan") judge().catch(() => undefined);
  });
  ask().catch((e) => shell.toast(e.message, true));
  return {
    root: h("div", { class: "page two" }, h("section", null, h("h1", null, t("step.screening")), h("p", { class: "lead" }, t("screening.lead")), list),
      h("aside", { class: "card stick" }, verdict, h("div", { class: "column" }, rest, button({ text: t("next.photos"), class: "button primary", id: "next", on: () => shell.go("photos") })))),
    close: () => {
      off();
      flush();
    },
  };
}
