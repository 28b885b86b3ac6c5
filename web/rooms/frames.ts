import {
  AT_ONCE, BATCH, DEFLATED, type FromBrowser, type Item, Malformed, MESSAGE, MOST_BODY, MOST_ITEM, MOST_ITEMS,
  readItem, readToBrowser, type ToBrowser, writeFromBrowser,
} from "../wire/messages";

/** An item of a room and its place in the room's order. */
export interface Placed {
  epoch: number;
  offset: number;
  item: Item;
}

/** The items of one room and one tick; `items` leaves out what a later release says. */
export interface Batch {
  room: number;
  epoch: number;
  first: number;
  last: number;
  atOnce: boolean;
  items: Placed[];
}

export type Frame = { message: ToBrowser | undefined } | { batch: Batch };

const HEADER = 20;

/** Whether this browser can take what the gateway sends (Safari from 16.4 on). */
export const canInflate = (): boolean => {
  try {
    return new DecompressionStream("deflate-raw") instanceof DecompressionStream;
  } catch {
    return false;
  }
};

/** The frame of one message to the gateway. */
export function frame(message: FromBrowser): Uint8Array<ArrayBuffer> {
  const content = writeFromBrowser(message);
  const whole = new Uint8Array(content.length + 1);
  whole[0] = MESSAGE;
  whole.set(content, 1);
  return whole;
}

/** A frame of the gateway; the layout stands in wire/envelope.py. Rejects with Malformed. */
export async function open(content: Uint8Array<ArrayBuffer>): Promise<Frame> {
  if (content[0] === MESSAGE) return { message: readToBrowser(content.subarray(1)) };
  if (content[0] !== BATCH || content.length < HEADER) throw new Malformed("no frame");
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const flags = view.getUint8(1);
  const count = view.getUint16(2, true);
  const epoch = view.getUint32(8, true);
  const last = Number(view.getBigUint64(12, true));
  if (flags & ~(DEFLATED | AT_ONCE) || count > MOST_ITEMS || last + 1 < count) throw new Malformed("no batch");
  const body = content.subarray(HEADER);
  const first = last - count + 1;
  const items = split(flags & DEFLATED ? await inflate(body) : body, count).flatMap((bytes, place): Placed[] => {
    const item = readItem(bytes);
    return item ? [{ epoch, offset: first + place, item }] : [];
  });
  return { batch: { room: view.getUint32(4, true), epoch, first, last, atOnce: (flags & AT_ONCE) !== 0, items } };
}

async function inflate(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  // Their failure is the reader's failure: told once.
  writer.write(body).catch(() => {});
  writer.close().catch(() => {});
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > MOST_BODY) break;
    }
  } catch {
    throw new Malformed("not deflated");
  }
  if (length > MOST_BODY) {
    await reader.cancel();
    throw new Malformed("too much");
  }
  const whole = new Uint8Array(length);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function split(body: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const items: Uint8Array[] = [];
  let place = 0;
  for (let number = 0; number < count; number += 1) {
    const length = place + 2 <= body.length ? view.getUint16(place, true) : MOST_ITEM + 1;
    place += 2;
    if (length > MOST_ITEM || place + length > body.length) throw new Malformed("fewer items than announced");
    items.push(body.subarray(place, place + length));
    place += length;
  }
  if (place !== body.length) throw new Malformed("bytes after the last item");
  return items;
}
