// Written by `python -m wire.typescript write` from wire/messages.py: change it there.
import { decode, encode } from "@msgpack/msgpack";

export const READ = 1;
export const SAY = 2;
export const HOST = 4;
export const MODERATE = 8;
export const MESSAGE = 1;
export const BATCH = 2;
export const WORLD = 3;
export const DEFLATED = 1;
export const AT_ONCE = 2;
export const MOST_ITEMS = 4096;
export const MOST_ITEM = 4096;
export const MOST_BODY = 1048576;

/** The first frame: who I am. */
export interface Hello {
  type: "Hello";
  token: string;
}

/** Into a room. With the last (epoch, offset) that was seen, what was missed comes first. */
export interface Join {
  type: "Join";
  room: string;
  epoch?: number;
  offset?: number;
}

/** Out of a room. */
export interface Leave {
  type: "Leave";
  room: number;
}

/** A line of chat. `nonce` comes back with the answer; the same nonce again says it once. `style`: 0 chat, 1 danmaku rolling, 2 at the top, 3 at the bottom; `colour` an index. */
export interface Say {
  type: "Say";
  room: number;
  nonce: string;
  text: string;
  style?: number;
  colour?: number;
}

/** `count` presses of the heart since the last time. */
export interface Like {
  type: "Like";
  room: number;
  count: number;
}

/** A new token on an open connection. */
export interface Refresh {
  type: "Refresh";
  token: string;
}

/** The page is hidden (or shown again): only what matters at once is wanted. */
export interface Passive {
  type: "Passive";
  hidden: boolean;
}

/** A moderator takes a line away. */
export interface Remove {
  type: "Remove";
  room: number;
  offset: number;
}

export type FromBrowser = Hello | Join | Leave | Say | Like | Refresh | Passive | Remove;

/** The token is good. On a break, wait a random part of `wait_ms`, doubling up to `most_ms`. */
export interface Welcome {
  type: "Welcome";
  now: number;
  waitMs: number;
  mostMs: number;
}

/** In. `recovered`: what was missed follows; False: fetch history by HTTP, nothing follows. */
export interface Joined {
  type: "Joined";
  room: string;
  number: number;
  epoch: number;
  offset: number;
  recovered: boolean;
  slowMs: number;
  rights: number;
  closed: boolean;
}

/** What was said under `nonce` is kept and has this place in the room; it survives a crash. */
export interface Accepted {
  type: "Accepted";
  nonce: string;
  offset: number;
  text: string;
}

/** Not done. `reason`: slow muted banned words held rights room token long busy closed. `nonce` is the room's name when a join is refused; held: a moderator looks at the line first. */
export interface Refused {
  type: "Refused";
  nonce: string;
  reason: string;
  waitMs: number;
}

/** Numbers of a room, one to five times a second: people in it, hearts so far. */
export interface Counters {
  type: "Counters";
  room: number;
  viewers: number;
  likes: number;
}

/** This reader was too slow: batches were left out. Join again from the last offset seen. */
export interface Gap {
  type: "Gap";
  room: number;
}

/** The right to be here ended; `room` 0 means the connection. */
export interface Revoked {
  type: "Revoked";
  room: number;
  reason: string;
}

/** A room's settings changed. */
export interface Settings {
  type: "Settings";
  room: number;
  slowMs: number;
  closed: boolean;
}

export type ToBrowser = Welcome | Joined | Accepted | Refused | Counters | Gap | Revoked | Settings;

/** Somebody said something. `user` is a number for the room's eyes, not an account. */
export interface Said {
  type: "Said";
  at: number;
  user: number;
  name: string;
  text: string;
  style: number;
  colour: number;
  role: number;
}

/** The house said something: a product pinned, a poll, an unveiling. `kind` names the shape. */
export interface Posted {
  type: "Posted";
  at: number;
  kind: string;
  body: Record<string, unknown>;
}

/** An earlier item is not shown any more. */
export interface Removed {
  type: "Removed";
  at: number;
  offset: number;
}

export type Item = Said | Posted | Removed;

/** Name, type (s string, n number, b boolean, o object), default if there is one. */
type Field = readonly [name: string, type: string, otherwise?: unknown];
type Table = Readonly<Record<string, readonly [tag: number, fields: readonly Field[]]>>;

/** Bytes or values that are no message of this protocol. */
export class Malformed extends Error {}

function fits(value: unknown, type: string): boolean {
  if (type === "s") return typeof value === "string";
  if (type === "n") return typeof value === "number";
  if (type === "b") return typeof value === "boolean";
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The bytes of a message as its table says. Throws Malformed. */
export function write(table: Table, message: { type: string }): Uint8Array {
  const [tag, fields] = table[message.type] ?? [0, []];
  if (!tag) throw new Malformed(`no type ${message.type}`);
  const values = message as unknown as Record<string, unknown>;
  return encode([
    tag,
    ...fields.map(([name, type, otherwise]) => {
      const value = values[name] ?? otherwise;
      if (!fits(value, type)) throw new Malformed(`${message.type}.${name}`);
      return value;
    }),
  ]);
}

/** A message as its table says; undefined for a type of a later release. Throws Malformed. */
export function read(table: Table, content: Uint8Array): unknown {
  let values: unknown;
  try {
    values = decode(content);
  } catch {
    throw new Malformed("not MessagePack");
  }
  if (!Array.isArray(values)) throw new Malformed("not a message");
  for (const [type, [tag, fields]] of Object.entries(table)) {
    if (tag !== values[0]) continue;
    const message: Record<string, unknown> = { type };
    fields.forEach(([name, sort, otherwise], place) => {
      const value: unknown = place + 1 < values.length ? values[place + 1] : otherwise;
      if (!fits(value, sort)) throw new Malformed(`${type}.${name}`);
      message[name] = value;
    });
    return message;
  }
  return undefined;
}

const FROM_BROWSER: Table = {
  Hello: [1, [["token", "s"]]],
  Join: [2, [["room", "s"], ["epoch", "n", 0], ["offset", "n", 0]]],
  Leave: [3, [["room", "n"]]],
  Say: [4, [["room", "n"], ["nonce", "s"], ["text", "s"], ["style", "n", 0], ["colour", "n", 0]]],
  Like: [5, [["room", "n"], ["count", "n"]]],
  Refresh: [6, [["token", "s"]]],
  Passive: [7, [["hidden", "b"]]],
  Remove: [8, [["room", "n"], ["offset", "n"]]],
};

const TO_BROWSER: Table = {
  Welcome: [1, [["now", "n"], ["waitMs", "n"], ["mostMs", "n"]]],
  Joined: [2, [["room", "s"], ["number", "n"], ["epoch", "n"], ["offset", "n"], ["recovered", "b"], ["slowMs", "n"], ["rights", "n"], ["closed", "b", false]]],
  Accepted: [3, [["nonce", "s"], ["offset", "n"], ["text", "s"]]],
  Refused: [4, [["nonce", "s"], ["reason", "s"], ["waitMs", "n", 0]]],
  Counters: [5, [["room", "n"], ["viewers", "n"], ["likes", "n"]]],
  Gap: [6, [["room", "n"]]],
  Revoked: [7, [["room", "n"], ["reason", "s"]]],
  Settings: [8, [["room", "n"], ["slowMs", "n"], ["closed", "b"]]],
};

const ITEM: Table = {
  Said: [1, [["at", "n"], ["user", "n"], ["name", "s"], ["text", "s"], ["style", "n", 0], ["colour", "n", 0], ["role", "n", 0]]],
  Posted: [2, [["at", "n"], ["kind", "s"], ["body", "o"]]],
  Removed: [3, [["at", "n"], ["offset", "n"]]],
};

/** The bytes of a message to the gateway, without the lane. Throws Malformed. */
export const writeFromBrowser = (message: FromBrowser): Uint8Array => write(FROM_BROWSER, message);

/** A message of the gateway; undefined for a type of a later release. Throws Malformed. */
export const readToBrowser = (content: Uint8Array): ToBrowser | undefined =>
  read(TO_BROWSER, content) as ToBrowser | undefined;

/** An item of a batch; undefined for a type of a later release. Throws Malformed. */
export const readItem = (content: Uint8Array): Item | undefined =>
  read(ITEM, content) as Item | undefined;

/** All tables by the name of their union. */
export const TABLES = { FromBrowser: FROM_BROWSER, ToBrowser: TO_BROWSER, Item: ITEM };
