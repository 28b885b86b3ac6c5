import { expect, test } from "vitest";
import { Held } from "./timed";

const item = (at: number): { at: number } => ({ at });

test("an event appears with its picture, not before", () => {
  const held = new Held<{ at: number }>(30_000);
  held.add(item(10_000), 10_000);
  held.add(item(10_500), 10_500);
  expect(held.release(9_999, 11_000)).toEqual([]);
  expect(held.release(10_000, 11_200)).toEqual([item(10_000)]);
  expect(held.release(10_500, 11_700)).toEqual([item(10_500)]);
  expect(held.length).toBe(0);
});

test("without a moving picture everything comes at once", () => {
  const held = new Held<{ at: number }>(30_000);
  held.add(item(99_000), 0);
  expect(held.release(null, 0)).toEqual([item(99_000)]);
});

test("a wrong clock does not swallow a room", () => {
  const held = new Held<{ at: number }>(30_000);
  held.add(item(1e15), 1_000);
  expect(held.release(5_000, 30_999)).toEqual([]);
  expect(held.release(5_000, 31_000)).toEqual([item(1e15)]);
});

test("nothing passes what came before it", () => {
  const held = new Held<{ at: number }>(30_000);
  held.add(item(20_000), 0);
  held.add(item(10_000), 0);
  expect(held.release(15_000, 0)).toEqual([]);
  expect(held.release(20_000, 0)).toEqual([item(20_000), item(10_000)]);
});
