import type { Accepted, FromBrowser, Joined, Refused, Settings } from "../wire/messages";
import type { Batch, Placed } from "./frames";

/** A place in a room's order. */
export interface Place {
  epoch: number;
  offset: number;
}

/** What a page does with a room. Everything comes in the room's order and once. */
export interface Listener {
  /** What was said. `atOnce`: something in it matters at once. */
  onItems?(items: Placed[], atOnce: boolean): void;
  /** Lines before `before` are not here: `room.history(before)` has them. */
  onGap?(before: Place): void;
  onCounters?(viewers: number, likes: number): void;
  /** Also on joining. */
  onSettings?(slowMs: number, closed: boolean): void;
  /** What this reader may do here, bits READ SAY HOST MODERATE; 0: not be here (`why`). */
  onRights?(rights: number, why: string): void;
}

/** Not said: `reason` as in `Refused`, or `unavailable` when nobody answered for a minute. */
export class NotSaid extends Error {
  constructor(
    readonly reason: string,
    readonly waitMs = 0,
  ) {
    super(reason);
  }
}

/** A page of history, oldest first. `before`: where the page before it ends, null: there is none. */
export interface History {
  items: Placed[];
  before: string | null;
}

interface Pending {
  text: string;
  style: number;
  colour: number;
  resolve: (answer: Accepted) => void;
  reject: (why: NotSaid) => void;
  timer: ReturnType<typeof setTimeout>;
  again: number;
}

const ANSWER_MS = 60_000;
const MOST_AGAIN = 3;

/** What a room needs of its connection. */
export interface Link {
  send(message: FromBrowser): boolean;
  store(name: string, place: Place): void;
  leave(room: Room): void;
  fetchHistory(room: string, before: string): Promise<History>;
}

/** One room of the page. Made by `Connection.join`. */
export class Room {
  number = 0;
  rights = 0;
  #known: Place;
  #shown = false;
  #joining = false;
  #hidden = false;
  /** Offsets that were told while the page was hidden, ahead of what it will be told again. */
  readonly #ahead = new Set<number>();
  readonly #pending = new Map<string, Pending>();

  constructor(
    readonly name: string,
    readonly listener: Listener,
    private readonly link: Link,
    start: Place,
  ) {
    this.#known = start;
  }

  /** Say a line; the answer is a promise of the gateway that it is kept. Rejects with NotSaid. */
  say(text: string, style = 0, colour = 0): Promise<Accepted> {
    const nonce = newNonce();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#refuse(nonce, "unavailable"), ANSWER_MS);
      this.#pending.set(nonce, { text, style, colour, resolve, reject, timer, again: 0 });
      this.#send(nonce);
    });
  }

  /** `count` presses of the heart. */
  like(count: number): void {
    if (this.number) this.link.send({ type: "Like", room: this.number, count });
  }

  /** Take a line away; for moderators. */
  remove(offset: number): void {
    if (this.number) this.link.send({ type: "Remove", room: this.number, offset });
  }

  /** Lines before a place, from the archive. Rejects when the house does not answer. */
  history(before: Place | string): Promise<History> {
    // Epoch 0: nothing was said lately; the archive begins where it ends.
    const mark = typeof before === "string" ? before : before.epoch ? `${before.epoch}.${before.offset}` : "";
    return this.link.fetchHistory(this.name, mark);
  }

  /** Out; nothing follows. */
  leave(): void {
    for (const nonce of [...this.#pending.keys()]) this.#refuse(nonce, "room");
    if (this.number) this.link.send({ type: "Leave", room: this.number });
    this.number = 0;
    this.link.leave(this);
  }

  // From the connection.

  enter(): void {
    this.#joining = this.link.send({ type: "Join", room: this.name, ...this.#known });
  }

  /** The connection broke: what waits for an answer waits on. */
  broke(): void {
    this.number = 0;
    this.#joining = false;
  }

  hide(hidden: boolean): void {
    const back = this.#hidden && !hidden;
    this.#hidden = hidden;
    if (back && this.number) this.enter();
  }

  joined(answer: Joined): void {
    this.number = answer.number;
    this.#joining = false;
    const { epoch, offset, recovered } = answer;
    if (!recovered) this.#move({ epoch, offset });
    if (!recovered || !this.#shown) this.listener.onGap?.({ epoch, offset: this.#known.offset + 1 });
    this.#shown = true;
    this.rights = answer.rights;
    this.listener.onRights?.(answer.rights, "");
    this.listener.onSettings?.(answer.slowMs, answer.closed);
    for (const nonce of this.#pending.keys()) this.#send(nonce);
  }

  batch(batch: Batch): void {
    if (this.#joining) return; // what is missed comes first, this with it
    const { epoch, offset } = this.#known;
    const same = batch.epoch === epoch;
    if (batch.epoch < epoch) return;
    if (same && batch.last <= offset) return;
    const gap = batch.first > (same ? offset : 0) + 1;
    if (gap && !this.#hidden) return this.enter();
    const fresh = batch.items.filter((each) => !same || (each.offset > offset && !this.#ahead.has(each.offset)));
    if (gap) for (const each of fresh) this.#ahead.add(each.offset);
    else this.#move({ epoch: batch.epoch, offset: batch.last });
    if (fresh.length) this.listener.onItems?.(fresh, batch.atOnce);
  }

  settings(message: Settings): void {
    this.listener.onSettings?.(message.slowMs, message.closed);
  }

  gap(): void {
    this.number = 0;
    this.enter();
  }

  revoked(reason: string): void {
    this.number = 0;
    this.rights = 0;
    for (const nonce of [...this.#pending.keys()]) this.#refuse(nonce, reason);
    this.listener.onRights?.(0, reason);
  }

  /** A join that was refused: later again when the gateway is busy. */
  turnedAway(message: Refused): void {
    if (message.reason === "busy") setTimeout(() => this.enter(), message.waitMs || 1000);
    else {
      this.#joining = false;
      this.revoked(message.reason);
    }
  }

  accepted(message: Accepted): boolean {
    const pending = this.#take(message.nonce);
    pending?.resolve(message);
    return pending !== undefined;
  }

  refused(message: Refused): boolean {
    const pending = this.#pending.get(message.nonce);
    if (!pending) return false;
    if (["busy", "room", "token"].includes(message.reason) && pending.again < MOST_AGAIN) {
      pending.again += 1;
      setTimeout(() => this.#send(message.nonce), message.waitMs || 1000);
    } else this.#refuse(message.nonce, message.reason, message.waitMs);
    return true;
  }

  #send(nonce: string): void {
    const pending = this.#pending.get(nonce);
    if (!pending || !this.number) return;
    const { text, style, colour } = pending;
    this.link.send({ type: "Say", room: this.number, nonce, text, style, colour });
  }

  #take(nonce: string): Pending | undefined {
    const pending = this.#pending.get(nonce);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(nonce);
    return pending;
  }

  #refuse(nonce: string, reason: string, waitMs = 0): void {
    this.#take(nonce)?.reject(new NotSaid(reason, waitMs));
  }

  #move(place: Place): void {
    if (place.epoch !== this.#known.epoch) this.#ahead.clear();
    this.#known = place;
    for (const offset of this.#ahead) if (offset <= place.offset) this.#ahead.delete(offset);
    this.link.store(this.name, place);
  }
}

/** 128 random bits; `crypto.randomUUID` is missing on pages without TLS. */
function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
