/** Entries a device noted at the gate. They stay in its storage until the server has answered each. */
export interface Entry {
  badge: string;
  at: string;
  key: string;
}

export interface Answer {
  key: string;
  result: "accepted" | "already" | "unknown" | "cancelled";
  name: string;
}

/** [code, name, kind] as the server sends them. */
export type Badge = [string, string, string];

/** The code inside a scanned badge (`HS1.CODE.signature`) or a typed one, in capitals. */
export function codeOf(badge: string): string {
  const parts = badge.trim().split(".");
  return (parts.length > 1 ? parts[1]! : parts[0]!).toUpperCase();
}

/** What can be said without a network: known and not yet noted here, noted before, or not known. */
export function judge(
  badge: string,
  known: Map<string, string>,
  noted: Set<string>,
): { result: Answer["result"]; name: string } {
  const code = codeOf(badge);
  const name = known.get(code);
  if (name === undefined) return { result: "unknown", name: "" };
  return { result: noted.has(code) ? "already" : "accepted", name };
}

/** The queue in localStorage: survives a reload and a flat battery. */
export class Queue {
  readonly #name: string;

  constructor(gate: number, private readonly store: Storage = localStorage) {
    this.#name = `haishi-gate-${gate}`;
  }

  #read<T>(part: string, otherwise: T): T {
    const text = this.store.getItem(`${this.#name}-${part}`);
    return text ? (JSON.parse(text) as T) : otherwise;
  }

  #write(part: string, value: unknown): void {
    this.store.setItem(`${this.#name}-${part}`, JSON.stringify(value));
  }

  get waiting(): Entry[] {
    return this.#read<Entry[]>("waiting", []);
  }

  get noted(): Set<string> {
    return new Set(this.#read<string[]>("noted", []));
  }

  get badges(): Map<string, string> {
    return new Map(this.#read<Badge[]>("badges", []).map(([code, name]) => [code, name]));
  }

  keep(badges: Badge[]): void {
    this.#write("badges", badges);
  }

  add(badge: string, at = new Date(), key: string = crypto.randomUUID()): Entry {
    const entry = { badge, at: at.toISOString(), key };
    this.#write("waiting", [...this.waiting, entry]);
    this.#write("noted", [...this.noted.add(codeOf(badge))]);
    return entry;
  }

  /** Forget what the server has answered; what it never saw stays. */
  answered(answers: Answer[]): void {
    const done = new Set(answers.map((answer) => answer.key));
    this.#write("waiting", this.waiting.filter((entry) => !done.has(entry.key)));
  }
}
