// One client on this tablet: what the studio last said, and what is on its way.
import { Queue, ask, get, listen, post } from "./net";
import type { Corrections, Plan, State, Whole, Wishes } from "./types";

export class Client {
  state!: State;
  plan!: Plan;
  away = false;
  waiting = 0;
  busy = false; // a plan is being made
  private queue!: Queue<Whole>;
  private hush: () => void = () => undefined;
  private listeners = new Set<(why: string) => void>();
  private thumbs = new Map<string, Promise<string>>(); // small photos, by hash; in memory only
  private again = 0;
  private gone = 0;

  constructor(readonly id: string, private complain: (text: string) => void) {}

  async open() {
    this.take(await get<Whole>(`/api/clients/${this.id}`));
    this.queue = new Queue<Whole>(this.id, (w) => this.take(w), this.complain, (n) => {
      this.waiting = n;
      this.tell("queue");
    });
    this.waiting = this.queue.length;
    this.hush = listen(this.id, (e) => this.hear(e), (away) => {
      clearTimeout(this.gone);
      if (away && !this.away) {
        this.gone = window.setTimeout(() => {
          this.away = true;
          this.tell("away");
        }, 2500); // a short gap is not worth a word
        return;
      }
      if (away) return; // it is known already
      this.refresh(); // what happened before the line was open was not heard
      this.queue.wake();
      if (!this.away) return;
      this.away = false;
      this.tell("away");
    });
  }

  close() {
    this.hush();
    this.queue?.close();
    clearTimeout(this.again);
    clearTimeout(this.gone);
    this.listeners.clear();
    for (const t of this.thumbs.values()) t.then((url) => URL.revokeObjectURL(url), () => undefined);
  }

  on(f: (why: string) => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  private tell(why: string) {
    for (const f of this.listeners) f(why);
  }

  private take(w: Whole) {
    const rev = this.plan?.rev, failed = this.plan?.failed;
    const here = this.queue?.length ? this.state : null; // what is not sent yet counts
    this.state = w.state;
    if (here) {
      this.state.wishes = here.wishes;
      this.state.corrections = here.corrections;
    }
    this.plan = w.plan;
    this.busy = w.plan.planning;
    this.tell(rev !== w.plan.rev || failed !== w.plan.failed ? "plan" : "state");
  }

  private hear(e: { kind: string; rev?: number; n?: number }) {
    if (e.kind === "planning") {
      this.busy = true;
      this.tell("busy");
      return;
    }
    if (e.kind === "state" && e.n === this.state.n) return;
    if (e.kind === "plan" && e.rev === this.plan.rev && !this.busy) return;
    this.refresh();
  }

  async refresh() {
    try {
      this.take(await get<Whole>(`/api/clients/${this.id}`));
    } catch (e) {
      clearTimeout(this.again);
      this.again = window.setTimeout(() => this.refresh(), 2000);
    }
  }

  // wish changes wishes and begins a new plan.
  wish(change: (w: Wishes) => void) {
    const w = structuredClone(this.state.wishes);
    change(w);
    this.state.wishes = tidy(w);
    this.busy = true;
    this.queue.add("wishes", this.state.wishes);
    this.tell("busy");
  }

  correct(change: (c: Corrections) => void) {
    const c = structuredClone(this.state.corrections);
    change(c);
    this.state.corrections = c;
    this.busy = true;
    this.queue.add("correct", c);
    this.tell("busy");
  }

  edit(kind: string, data?: unknown) {
    this.queue.add(kind, data);
  }

  // settle waits for the plan that is printed and signed.
  async settle() {
    this.take((await post<Whole>(`/api/clients/${this.id}/settle`)) as Whole);
  }

  path(rest: string) {
    return `/api/clients/${this.id}/${rest}`;
  }

  // thumb is an image of a small photo, which is asked for once: the studio lets
  // no browser store pictures of clients.
  thumb(slot: string, alt: string): HTMLImageElement {
    const img = new Image(), p = this.state.photos.find((q) => q.slot === slot);
    img.alt = alt;
    if (!p) return img;
    let url = this.thumbs.get(p.sha256);
    if (!url) {
      url = ask(this.photo(slot, "thumb.jpg")!).then((r) => r.blob()).then((b) => URL.createObjectURL(b));
      this.thumbs.set(p.sha256, url);
      url.catch(() => this.thumbs.delete(p.sha256));
    }
    url.then((u) => (img.src = u), () => undefined);
    return img;
  }

  photo(slot: string, file: string) {
    const p = this.state.photos.find((q) => q.slot === slot);
    return p ? this.path(`photos/${slot}/${file}?v=${p.sha256.slice(0, 12)}`) : null;
  }
}

// tidy leaves out what wishes nothing, as the file of wishes does.
function tidy(w: Wishes): Wishes {
  const out = w as Record<string, unknown>;
  for (const [k, v] of Object.entries(out)) {
    if (v === undefined || v === "" || v === 0 || (typeof v === "object" && v !== null && Object.keys(v).length === 0)) delete out[k];
  }
  if (w.hairline) {
    const line = w.hairline as Record<string, unknown>;
    for (const [k, v] of Object.entries(line)) if (v === undefined || v === "") delete line[k];
    if (Object.keys(line).length === 0) delete w.hairline;
  }
  return w;
}
