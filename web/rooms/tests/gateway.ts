import { vi } from "vitest";
import { Connection } from "../connection";
import type { Placed } from "../frames";
import type { Listener, Place } from "../room";
import type { State } from "../words";
import { type FromBrowser, type Item, read, TABLES, type ToBrowser, write } from "../../wire/messages";

/** A frame with one message of the gateway. */
export function message(content: ToBrowser): ArrayBuffer {
  return Uint8Array.from([1, ...write(TABLES.ToBrowser, content)]).buffer;
}

/** A batch frame as wire/envelope.py packs it. */
export async function batch(
  room: number, epoch: number, last: number, items: Item[], { deflated = false, atOnce = false } = {},
): Promise<ArrayBuffer> {
  let body = Uint8Array.from(
    items.flatMap((item) => {
      const bytes = write(TABLES.Item, item);
      return [bytes.length & 255, bytes.length >> 8, ...bytes];
    }),
  );
  if (deflated) {
    const stream = new Response(body).body!.pipeThrough(new CompressionStream("deflate-raw"));
    body = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  const whole = new Uint8Array(20 + body.length);
  const view = new DataView(whole.buffer);
  view.setUint8(0, 2);
  view.setUint8(1, (deflated ? 1 : 0) | (atOnce ? 2 : 0));
  view.setUint16(2, items.length, true);
  view.setUint32(4, room, true);
  view.setUint32(8, epoch, true);
  view.setBigUint64(12, BigInt(last), true);
  whole.set(body, 20);
  return whole.buffer;
}

export const said = (text: string): Item => ({
  type: "Said", at: 1, user: 7, name: "林", text, style: 0, colour: 0, role: 0,
});

/** One WebSocket of the page, with the gateway's hand on its other end. */
export class Line {
  binaryType = "blob";
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: ArrayBuffer }) => void;
  onclose?: (event: { code: number }) => void;
  readonly sent: FromBrowser[] = [];

  constructor(readonly url: string) {}

  send(content: Uint8Array): void {
    this.sent.push(read(TABLES.FromBrowser, content.subarray(1)) as FromBrowser);
  }

  close(): void {
    this.readyState = 3;
  }

  breaks(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  async tells(content: ArrayBuffer | ToBrowser): Promise<void> {
    this.onmessage?.({ data: content instanceof ArrayBuffer ? content : message(content) });
    await settle();
  }

  async opens(): Promise<void> {
    this.readyState = 1;
    this.onopen?.();
    await this.tells({ type: "Welcome", now: Date.now() + 5_000, waitMs: 1_000, mostMs: 30_000 });
  }

  async joins(fields: Partial<ToBrowser & { type: "Joined" }> = {}): Promise<void> {
    await this.tells({
      type: "Joined", room: "live-1", number: 9, epoch: 5, offset: 0, recovered: false, slowMs: 0, rights: 3,
      closed: false, ...fields,
    });
  }

  of<T extends FromBrowser["type"]>(type: T): Extract<FromBrowser, { type: T }>[] {
    return this.sent.filter((each): each is Extract<FromBrowser, { type: T }> => each.type === type);
  }
}

/** Everything that can happen without time passing has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    const { port1, port2 } = new MessageChannel();
    await new Promise((done) => {
      port2.onmessage = done;
      port1.postMessage(turn);
    });
    port1.close();
  }
}

/** A page with one room, its house and its lines. */
export class Page {
  readonly lines: Line[] = [];
  readonly states: State[] = [];
  readonly asked: string[][] = [];
  readonly texts: string[] = [];
  readonly gaps: Place[] = [];
  readonly rights: [number, string][] = [];
  readonly settings: [number, boolean][] = [];
  readonly counters: [number, number][] = [];
  readonly storage = new Map<string, string>();
  house: () => Response = () => this.grant();
  connection!: Connection;

  grant(rights: Record<string, number> = { "live-1": 3 }): Response {
    const token = `token ${this.asked.length}`;
    return new Response(JSON.stringify({ token, url: "ws://gateway/rt", seconds: 300, rights }));
  }

  readonly listener: Listener = {
    onItems: (items: Placed[]) => this.texts.push(...items.map(({ item }) => (item.type === "Said" ? item.text : item.type))),
    onGap: (before) => this.gaps.push(before),
    onRights: (rights, why) => this.rights.push([rights, why]),
    onSettings: (slow, closed) => this.settings.push([slow, closed]),
    onCounters: (viewers, likes) => this.counters.push([viewers, likes]),
  };

  start(inflates = true): this {
    this.connection = new Connection("/rooms/token/", {
      socket: (url) => {
        this.lines.push(new Line(url));
        return this.line as unknown as WebSocket;
      },
      fetch: vi.fn(async (input, init) => {
        if (init?.method === "POST") this.asked.push(JSON.parse(String(init.body)).rooms);
        else this.asked.push([String(input)]);
        return this.house();
      }),
      storage: {
        getItem: (key: string) => this.storage.get(key) ?? null,
        setItem: (key: string, value: string) => void this.storage.set(key, value),
      } as unknown as Storage,
      random: () => 0.5,
      inflates,
    });
    this.connection.watch((state) => this.states.push(state));
    return this;
  }

  get line(): Line {
    return this.lines.at(-1)!;
  }

  get state(): State {
    return this.states.at(-1)!;
  }
}

