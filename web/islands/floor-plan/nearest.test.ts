import { expect, test } from "vitest";
import { nearest } from "./nearest";

// 0 1 2
// 3   4
const spots = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 200, y: 0 },
  { x: 0, y: 80 },
  { x: 200, y: 80 },
];

test("arrows walk along the row and down the column", () => {
  expect(nearest(spots[0]!, spots, "right")).toBe(1);
  expect(nearest(spots[1]!, spots, "right")).toBe(2);
  expect(nearest(spots[2]!, spots, "down")).toBe(4);
  expect(nearest(spots[4]!, spots, "left")).toBe(3);
  expect(nearest(spots[3]!, spots, "up")).toBe(0);
});

test("the edge of the plan is the edge", () => {
  expect(nearest(spots[0]!, spots, "left")).toBe(-1);
  expect(nearest(spots[4]!, spots, "down")).toBe(-1);
});
