import { expect, test } from "vitest";
import { CROSSING, type Flight, GAP, gone, headOf, Lanes, Shelf, speedOf, touches } from "./lanes";

const STAGE = 800;
const flight = (width: number, began: number): Flight => ({ width, speed: speedOf(width, STAGE), began });

test("every line stands on the picture for the same time", () => {
  expect([10, 200, 2000].map((width) => gone(flight(width, 500), STAGE))).toEqual([8500, 8500, 8500]);
  expect(CROSSING).toBe(8000);
});

test("a line waits until the one before it has come in whole", () => {
  const before = flight(200, 0);
  // Its tail is 24 pixels inside the right edge after (200 + 24) / 0.125 ms.
  expect(touches(before, flight(200, 1791), STAGE)).toBe(true);
  expect(touches(before, flight(200, 1792), STAGE)).toBe(false);
});

test("a long line does not run into a short one ahead of it", () => {
  const short = flight(20, 0);
  const inside = (20 + GAP) / short.speed;
  expect(touches(short, flight(600, inside + 1), STAGE)).toBe(true);
  expect(touches(short, flight(20, inside + 1), STAGE)).toBe(false);
});

test("no two of a thousand lines ever overlap in their lane", () => {
  const lanes = new Lanes(8);
  const rows: Flight[][] = Array.from({ length: 8 }, () => []);
  let seed = 7;
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  let shown = 0;
  for (let n = 0; n < 1000; n += 1) {
    const next = flight(40 + random() * 700, n * 90);
    const lane = lanes.take(next, STAGE);
    if (lane < 0) continue;
    shown += 1;
    rows[lane]!.push(next);
  }
  const overlaps = rows.flatMap((row) =>
    row.slice(1).flatMap((next, n) => {
      const before = row[n]!;
      return [0, 500, 1000, 2000, 4000, 7999]
        .map((after) => next.began + after)
        .filter((at) => at <= gone(before, STAGE) && headOf(before, STAGE, at) + before.width > headOf(next, STAGE, at));
    }),
  );
  expect(overlaps).toEqual([]);
  expect(shown).toBe(314);
});

test("the reader's own line is always shown, where it hides least", () => {
  const lanes = new Lanes(2);
  expect(lanes.take(flight(700, 0), STAGE)).toBe(0);
  expect(lanes.take(flight(300, 0), STAGE)).toBe(1);
  expect(lanes.take(flight(300, 100), STAGE)).toBe(-1);
  expect(lanes.force(flight(300, 100), STAGE)).toBe(1);
});

test("lines at the top stand one under another and leave their place", () => {
  const shelf = new Shelf();
  expect([shelf.take(0, 4000, 2), shelf.take(10, 4010, 2), shelf.take(20, 4020, 2), shelf.take(4000, 8000, 2)]).toEqual([0, 1, -1, 0]);
});
