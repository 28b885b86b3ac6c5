import { describe, expect, it } from "vitest";
import { Malformed } from "../../wire/messages";
import { canInflate, frame, open } from "../frames";
import { batch, said } from "./gateway";

const bytes = (content: ArrayBuffer): Uint8Array<ArrayBuffer> => new Uint8Array(content);

describe("frames", () => {
  it("reads a batch with the place of each item", async () => {
    const opened = await open(bytes(await batch(9, 5, 12, [said("一"), said("二")], { atOnce: true })));
    expect(opened).toMatchObject({ batch: { room: 9, epoch: 5, first: 11, last: 12, atOnce: true } });
    expect("batch" in opened && opened.batch.items.map(({ offset }) => offset)).toEqual([11, 12]);
  });

  it("reads an empty tick", async () => {
    expect(await open(bytes(await batch(9, 5, 0, [])))).toMatchObject({ batch: { first: 1, last: 0, items: [] } });
  });

  it("refuses what is no frame, and more than a batch may hold", async () => {
    const good = bytes(await batch(9, 5, 1, [said("好")]));
    const changed = (place: number, value: number): Uint8Array<ArrayBuffer> => {
      const copy = new Uint8Array(good);
      copy[place] = value;
      return copy;
    };
    const bomb = new Uint8Array(2 << 20);
    const stream = new Response(bomb).body!.pipeThrough(new CompressionStream("deflate-raw"));
    const small = new Uint8Array(await new Response(stream).arrayBuffer());
    const frames = [
      new Uint8Array(0),
      changed(0, 9),
      changed(1, 4), // a flag of nobody
      changed(1, 1), // said to be deflated, and is not
      changed(2, 2), // two items announced
      good.slice(0, 19),
      good.slice(0, -1),
      new Uint8Array([...good, 0]),
      new Uint8Array([...good.slice(0, 20).fill(1, 1, 2), ...small]),
    ];
    for (const each of frames) await expect(open(each)).rejects.toThrow(Malformed);
  });

  it("writes a message behind its lane", () => {
    expect([...frame({ type: "Leave", room: 9 })]).toEqual([1, 0x92, 3, 9]);
    expect(canInflate()).toBe(true);
  });
});
