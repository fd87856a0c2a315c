// Talking to the studio. Edits wait in a queue on the tablet until the studio has
// them, so that nothing is lost when the network drops or the tablet sleeps; each
// has an id, so that one sent twice counts once.
import { lang, learn, t } from "./words";

export class Refused extends Error {
  constructor(public status: number, message: string, public after = "") {
    super(message);
  }

  // quiet: the page asks for the PIN or the passphrase, which says enough.
  get quiet() {
    return this.status === 423;
  }
}

type Listener = () => void;
let locked: Listener = () => undefined;
let closed: Listener = () => undefined;

// whenLocked is called when the studio wants the PIN.
export function whenLocked(f: Listener) {
  locked = f;
}

// whenClosed is called when the studio's record is closed.
export function whenClosed(f: Listener) {
  closed = f;
}

export async function ask(path: string, o: RequestInit = {}): Promise<Response> {
  let r: Response;
  try {
    r = await fetch(path, { credentials: "same-origin", ...o });
  } catch (e) {
    if ((e as Error).name === "AbortError") throw e;
    throw new Refused(0, t("net.away"));
  }
  if (r.status === 401) location.assign("/pair");
  if (!r.ok) {
    const said = await r.json().catch(() => ({}));
    if (r.status === 423) (said.type === "record-closed" ? closed : locked)();
    throw new Refused(r.status, ((lang() === "lv" && said.lv) || said.detail) ?? said.title ?? String(r.status), r.headers.get("Retry-After") ?? "");
  }
  return r;
}

// told is an answer; what it remarks is learned in Latvian on the way.
async function told<T>(r: Response): Promise<T> {
  const v = await r.json();
  learn(v?.remarks);
  return v;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return told(await ask(path, { signal }));
}

export async function post<T>(path: string, body?: unknown): Promise<T | null> {
  const r = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: body === undefined ? "{}" : JSON.stringify(body) });
  return r.status === 204 ? null : told(r);
}

export const remove = (path: string) => ask(path, { method: "DELETE" });
export const openRecord = (passphrase: string) => post("/api/record/open", { passphrase });
export const closeRecord = () => post("/api/record/close");

export type Edit = { id: string; kind: string; data?: unknown };

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// Queue sends the edits of one client in their order.
export class Queue<T> {
  private waiting: Edit[];
  private sending = false;
  private told = false; // that the studio has trouble of its own

  constructor(private client: string, private heard: (answer: T) => void, private failed: (why: string) => void, private changed: (waiting: number) => void) {
    this.waiting = JSON.parse(localStorage.getItem(this.key()) ?? "[]");
    addEventListener("online", this.wake);
    this.wake();
  }

  private key() {
    return "queue-" + this.client;
  }

  close() {
    removeEventListener("online", this.wake);
  }

  add(kind: string, data?: unknown) {
    const last = this.waiting[this.waiting.length - 1];
    // while the network is away only the last of several whole wishes counts
    if (!this.sending && last && last.kind === kind && (kind === "wishes" || kind === "correct")) Object.assign(last, { id: random(), data });
    else this.waiting.push({ id: random(), kind, data });
    this.keep();
    this.wake();
  }

  get length() {
    return this.waiting.length;
  }

  private keep() {
    localStorage.setItem(this.key(), JSON.stringify(this.waiting));
    this.changed(this.waiting.length);
  }

  wake = async () => {
    if (this.sending || this.waiting.length === 0) return;
    this.sending = true;
    const now = this.waiting.slice();
    let again = 0;
    try {
      const answer = await post<T>(`/api/clients/${this.client}/edits`, now);
      this.waiting.splice(0, now.length);
      this.keep();
      this.heard(answer as T);
    } catch (e) {
      const r = e as Refused;
      if (r.status >= 500 && !this.told) this.failed(r.message); // as that the disk is full
      this.told = r.status >= 500;
      if (r.status === 0 || r.status === 423 || r.status >= 500) again = 1500; // it will come back
      else {
        this.waiting.splice(0, now.length); // the studio will never take them
        this.keep();
        this.failed(r.message);
      }
    } finally {
      this.sending = false;
    }
    if (again) setTimeout(this.wake, again);
    else if (this.waiting.length) this.wake();
  };
}

// listen follows what happens to a client, or in the studio where none is named. The
// browser connects again by itself where the network dropped; where the studio refused,
// because it was locked or its record closed, it gives up, and this asks why and goes on.
export function listen(client: string, on: (e: { kind: string; rev?: number; reason?: string; n?: number; ms?: number }) => void, lost: (away: boolean) => void) {
  const about = client ? `/api/clients/${client}` : "/api/clients";
  let source: EventSource, again = 0;
  const connect = () => {
    source = new EventSource(client ? about + "/events" : "/api/events");
    source.onmessage = (m) => on(JSON.parse(m.data));
    source.onopen = () => lost(false);
    source.onerror = () => {
      lost(true);
      if (source.readyState !== EventSource.CLOSED) return;
      again = window.setTimeout(connect, 3000);
      ask(about).catch(() => undefined); // what it says brings up the page that asks for PIN or passphrase
    };
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
  };
}
