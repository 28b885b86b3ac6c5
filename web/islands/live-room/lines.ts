/** A line of the chat. `offset`: its place in the room, `null` while the room has not taken it; `key`: its name on this page. */
export interface ChatLine {
  key: string;
  offset: number | null;
  at: number;
  name: string;
  user: number;
  text: string;
  /** Bits of `wire/messages.py`: 4 host, 8 moderator. */
  role: number;
  own: boolean;
  /** Why the room did not take it, in words. */
  refused?: string;
}

/** Kept in memory; older ones come again from the house. */
export const KEPT = 1_000;
/** Drawn at a time. */
export const DRAWN = 80;
const STEP = 40;

/** The chat's lines and the stretch of them that is drawn: a room of an hour costs the page as much as a room of a minute. */
export class Lines {
  #all: ChatLine[] = [];
  #known = new Set<string>();
  #first = 0;
  #following = true;
  /** Lines that came while the reader was looking at older ones. */
  unseen = 0;

  get length(): number {
    return this.#all.length;
  }

  /** Whether the newest line is in view and stays so. */
  get following(): boolean {
    return this.#following;
  }

  get drawn(): readonly ChatLine[] {
    return this.#all.slice(this.#first, this.#first + DRAWN);
  }

  get atOldest(): boolean {
    return this.#first === 0;
  }

  /** Adds a line once: a recovered room tells some twice. */
  add(line: ChatLine): boolean {
    if (this.#known.has(line.key)) return false;
    this.#known.add(line.key);
    this.#all.push(line);
    this.#trim();
    if (this.#following) this.#first = Math.max(0, this.#all.length - DRAWN);
    else this.unseen += 1;
    return true;
  }

  #trim(): void {
    const over = this.#all.length - KEPT;
    // Somebody who reads the oldest lines keeps them until coming back down.
    if (over <= 0 || this.#first < over) return;
    for (const line of this.#all.splice(0, over)) this.#known.delete(line.key);
    this.#first -= over;
  }

  /** Older lines, the oldest first, before all others. */
  addOlder(lines: readonly ChatLine[]): void {
    const fresh = lines.filter((line) => !this.#known.has(line.key));
    for (const line of fresh) this.#known.add(line.key);
    this.#all.unshift(...fresh);
    this.#first += fresh.length;
  }

  /** Takes a line away that a moderator removed; false when it is not here. */
  remove(key: string): boolean {
    const at = this.#all.findIndex((line) => line.key === key);
    if (at < 0) return false;
    this.#all.splice(at, 1);
    if (at < this.#first) this.#first -= 1;
    return true;
  }

  /** The reader's own line was taken, masked words and all, or refused. */
  settle(key: string, change: Partial<ChatLine>): void {
    const line = this.#all.find((each) => each.key === key);
    if (line) Object.assign(line, change);
  }

  /** The reader is at the end, or has left it. */
  follow(yes: boolean): void {
    this.#following = yes;
    if (!yes) return;
    this.unseen = 0;
    this.#first = Math.max(0, this.#all.length - DRAWN);
    this.#trim();
  }

  /** Draws older lines; false when there are none in memory. */
  up(): boolean {
    if (this.#first === 0) return false;
    this.#first = Math.max(0, this.#first - STEP);
    return true;
  }

  /** Draws newer lines; false when the newest is drawn. */
  down(): boolean {
    const last = Math.max(0, this.#all.length - DRAWN);
    if (this.#first >= last) return false;
    this.#first = Math.min(last, this.#first + STEP);
    return true;
  }
}

/** Chooses which lines a screen reader says: the host's at once, of the others one in `every` milliseconds. */
export class Announcer {
  #last = Number.NEGATIVE_INFINITY;

  constructor(private readonly every = 4_000) {}

  wants(line: ChatLine, now: number): boolean {
    if (line.own) return false;
    if ((line.role & 12) === 0 && now - this.#last < this.every) return false;
    this.#last = now;
    return true;
  }
}
