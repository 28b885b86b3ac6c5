import type { FromBrowser, ToBrowser } from "../wire/messages";
import { canInflate, frame, open } from "./frames";
import { type History, type Link, type Listener, type Place, Room } from "./room";
import type { State } from "./words";

/** What the house answers to `POST /rooms/token`: who the reader is, for how long, and where the gateway stands. */
interface Grant {
  token: string;
  url: string;
  /** Seconds until it ends. */
  seconds: number;
  rights: Record<string, number>;
}

/** What a test replaces. */
export interface World {
  socket: (url: string) => WebSocket;
  fetch: typeof fetch;
  storage: Storage | undefined;
  random: () => number;
  inflates: boolean;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const HELLO_MS = 10_000;
/** After so many tries in vain the page says that it is not available, and goes on trying. */
const SILENT_AFTER = 4;
/** A connection that held this long starts its waits anew. */
const STEADY_MS = 5_000;
const RENEW_AT = 0.8;

type Timer = "retry" | "renew" | "hello" | "steady" | "count";

/** One WebSocket for all rooms of a page: it comes back by itself and shows nothing twice. */
export class Connection implements Link {
  #state: State = { name: "connecting" };
  readonly #rooms = new Map<string, Room>();
  readonly #watchers = new Set<(state: State) => void>();
  readonly #world: World;
  #socket: WebSocket | undefined;
  #welcomed = false;
  #tries = 0;
  #waits: readonly [first: number, most: number] = [FIRST_WAIT_MS, LONGEST_WAIT_MS];
  #grant: Grant | undefined;
  #skewMs = 0;
  #revoked = 0;
  #timers: Partial<Record<Timer, ReturnType<typeof setTimeout>>> = {};
  #order: Promise<void> = Promise.resolve();
  #starting = false;
  #dialling = false;
  #closed = false;

  /** `endpoint`: where tokens come from, `/rooms/token/`. */
  constructor(
    private readonly endpoint: string,
    world: Partial<World> = {},
  ) {
    this.#world = {
      socket: (url) => new WebSocket(url),
      fetch: (input, init) => fetch(input, init),
      storage: storageOf(),
      random: Math.random,
      inflates: canInflate(),
      ...world,
    };
    document.addEventListener("visibilitychange", this.#seen);
    addEventListener("online", this.#online);
    addEventListener("offline", this.#offline);
  }

  get state(): State {
    return this.#state;
  }

  /** Milliseconds since 1970 on the server's clock. */
  now(): number {
    return Date.now() + this.#skewMs;
  }

  /** Call `watcher` now and whenever the state changes; returns how to stop. */
  watch(watcher: (state: State) => void): () => void {
    this.#watchers.add(watcher);
    watcher(this.#state);
    return () => this.#watchers.delete(watcher);
  }

  /** Into a room. Rooms joined in one turn of the page share one token. */
  join(name: string, listener: Listener): Room {
    const room = new Room(name, listener, this, this.#place(name));
    this.#rooms.set(name, room);
    room.hide(document.hidden);
    if (!this.#starting) {
      this.#starting = true;
      queueMicrotask(() => {
        this.#starting = false;
        void this.#start();
      });
    }
    return room;
  }

  /** Out of everything. */
  close(): void {
    this.#closed = true;
    for (const name of Object.keys(this.#timers) as Timer[]) this.#stop(name);
    document.removeEventListener("visibilitychange", this.#seen);
    removeEventListener("online", this.#online);
    removeEventListener("offline", this.#offline);
    for (const room of [...this.#rooms.values()]) room.leave();
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  // For its rooms.

  send(message: FromBrowser): boolean {
    if (!this.#welcomed || this.#socket?.readyState !== 1) return false;
    this.#socket.send(frame(message));
    return true;
  }

  store(name: string, place: Place): void {
    try {
      this.#world.storage?.setItem(`haishi-room-${name}`, `${place.epoch}.${place.offset}`);
    } catch {
      // A full or forbidden storage costs a reload its place, nothing else.
    }
  }

  leave(room: Room): void {
    if (this.#rooms.get(room.name) === room) this.#rooms.delete(room.name);
  }

  async fetchHistory(room: string, before: string): Promise<History> {
    const address = new URL(`../${room}/history/`, new URL(this.endpoint, location.href));
    if (before) address.searchParams.set("before", before);
    const answer = await this.#world.fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as History;
  }

  // The connection itself.

  async #start(): Promise<void> {
    if (this.#closed) return;
    if (!this.#world.inflates) return this.#enter({ name: "unavailable", why: "browser", seconds: 0 });
    if (!this.#welcomed) {
      if (!this.#socket && !this.#dialling && !this.#timers.retry) await this.#connect();
      return; // on the way: the welcome looks for rooms that came meanwhile
    }
    // Already open: the token must know the new rooms before they are joined.
    try {
      await this.#renew();
    } catch {
      return this.#drop();
    }
    for (const room of this.#rooms.values()) if (!room.number) room.enter();
  }

  async #connect(): Promise<void> {
    this.#stop("retry");
    if (this.#state.name !== "unavailable") this.#enter({ name: "connecting" });
    this.#dialling = true;
    const socket = await this.#dial().catch(() => undefined);
    this.#dialling = false;
    if (!socket) return this.#lost(false);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#grant && socket.send(frame({ type: "Hello", token: this.#grant.token }));
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.#heard(socket, event.data);
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#lost(event.code === 1012);
    };
    this.#socket = socket;
    this.#later("hello", HELLO_MS, () => this.#drop());
  }

  async #dial(): Promise<WebSocket> {
    await this.#ask();
    if (this.#closed || !this.#grant) throw new Error("closed");
    return this.#world.socket(this.#grant.url);
  }

  async #ask(): Promise<void> {
    const answer = await this.#world.fetch(this.endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ rooms: [...this.#rooms.keys()] }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const grant = (this.#grant = (await answer.json()) as Grant);
    for (const room of this.#rooms.values()) if (!grant.rights[room.name]) room.revoked("rights");
    if (this.#closed) return;
    this.#later("renew", grant.seconds * RENEW_AT * 1000, () => void this.#renewOrLose());
  }

  async #renew(): Promise<void> {
    await this.#ask();
    if (this.#grant) this.send({ type: "Refresh", token: this.#grant.token });
  }

  async #renewOrLose(): Promise<void> {
    if (!this.#welcomed) return;
    // The token lives a while yet: one more try before it ends.
    await this.#renew().catch(() => this.#later("renew", 20_000, () => void this.#renew().catch(() => this.#drop())));
  }

  #heard(socket: WebSocket, content: ArrayBuffer): void {
    // Inflating takes its time; the order of frames is the order of the room.
    this.#order = this.#order.then(async () => {
      try {
        const opened = await open(new Uint8Array(content));
        if (socket !== this.#socket) return;
        if ("message" in opened) this.#told(opened.message);
        else this.#byNumber(opened.batch.room)?.batch(opened.batch);
      } catch (error) {
        // One frame that cannot be read must not silence the room: what it held is asked for again.
        console.warn("rooms", error);
        if (socket === this.#socket) this.#drop();
      }
    });
  }

  #told(message: ToBrowser | undefined): void {
    if (!message) return;
    if (message.type === "Welcome") this.#welcome(message.now, message.waitMs, message.mostMs);
    else if (message.type === "Joined") this.#rooms.get(message.room)?.joined(message);
    else if (message.type === "Accepted") this.#first((room) => room.accepted(message));
    else if (message.type === "Refused") {
      const turned = this.#rooms.get(message.nonce);
      if (turned) turned.turnedAway(message);
      else this.#first((room) => room.refused(message));
    } else if (message.type === "Counters") this.#byNumber(message.room)?.listener.onCounters?.(message.viewers, message.likes);
    else if (message.type === "Settings") this.#byNumber(message.room)?.settings(message);
    else if (message.type === "Gap") this.#byNumber(message.room)?.gap();
    else if (message.room) this.#byNumber(message.room)?.revoked(message.reason);
    else this.#revoked += 1;
  }

  #welcome(now: number, waitMs: number, mostMs: number): void {
    this.#stop("hello");
    this.#skewMs = now - Date.now();
    this.#waits = [waitMs, mostMs];
    this.#welcomed = true;
    this.#later("steady", STEADY_MS, () => {
      this.#tries = 0;
      this.#revoked = 0;
    });
    this.#enter({ name: "open" });
    if (document.hidden) this.send({ type: "Passive", hidden: true });
    const known = this.#grant?.rights ?? {};
    const rooms = [...this.#rooms.values()];
    for (const room of rooms) if (known[room.name]) room.enter();
    if (rooms.some((room) => known[room.name] === undefined)) void this.#start();
  }

  /** End the line without waiting for the other side to agree. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#lost(false);
  }

  /** The line is gone. `gently`: the server restarts and said so, the first wait is short. */
  #lost(gently: boolean): void {
    this.#stop("hello");
    this.#stop("renew");
    this.#stop("steady");
    this.#socket = undefined;
    this.#welcomed = false;
    for (const room of this.#rooms.values()) room.broke();
    if (this.#closed || !this.#rooms.size) return;
    if (this.#revoked > 1) return this.#enter({ name: "unavailable", why: "revoked", seconds: 0 });
    const [first, most] = this.#waits;
    // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    const wait = this.#world.random() * Math.min(most, first * 2 ** (gently ? 0 : this.#tries));
    this.#tries += 1;
    this.#later("retry", wait, () => void this.#connect());
    this.#count(Date.now() + wait);
  }

  /** Tell the page how long it waits, second by second. */
  #count(until: number): void {
    const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
    this.#enter(
      this.#tries > SILENT_AFTER ? { name: "unavailable", why: "silent", seconds } : { name: "waiting", seconds },
    );
    if (seconds > 1) this.#later("count", 1000, () => this.#timers.retry && this.#count(until));
  }

  #enter(state: State): void {
    if (state.name !== "waiting" && state.name !== "unavailable") this.#stop("count");
    this.#state = state;
    for (const watcher of this.#watchers) watcher(state);
  }

  readonly #seen = (): void => {
    this.send({ type: "Passive", hidden: document.hidden });
    for (const room of this.#rooms.values()) room.hide(document.hidden);
  };

  readonly #online = (): void => {
    if (this.#timers.retry) void this.#connect();
  };

  readonly #offline = (): void => {
    if (this.#socket) this.#drop();
  };

  #byNumber(number: number): Room | undefined {
    for (const room of this.#rooms.values()) if (room.number === number) return room;
    return undefined;
  }

  #first(take: (room: Room) => boolean): void {
    for (const room of this.#rooms.values()) if (take(room)) return;
  }

  #place(name: string): Place {
    const [epoch = 0, offset = 0] = (this.#world.storage?.getItem(`haishi-room-${name}`) ?? "").split(".").map(Number);
    return Number.isSafeInteger(epoch) && Number.isSafeInteger(offset) ? { epoch, offset } : { epoch: 0, offset: 0 };
  }

  #later(name: Timer, ms: number, act: () => void): void {
    this.#stop(name);
    this.#timers[name] = setTimeout(() => {
      delete this.#timers[name];
      act();
    }, ms);
  }

  #stop(name: Timer): void {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}

/** The tab's storage; undefined where the browser forbids it. */
function storageOf(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

let ofPage: Connection | undefined;

/** The one connection of this page, made when it is asked for first. */
export function connection(endpoint: string): Connection {
  ofPage ??= new Connection(endpoint);
  return ofPage;
}
