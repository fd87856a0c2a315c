// The choice of a language, on every page.
import { segments } from "./dom";
import { lang, setLang, t, type Lang } from "./words";

export function languages(chosen: () => void) {
  return segments(t("language"), [["en", "English"], ["lv", "Latviešu"]] as [Lang, string][], lang(), (l) => {
    setLang(l);
    chosen();
  });
}
