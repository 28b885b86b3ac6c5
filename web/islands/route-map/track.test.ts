import { expect, test } from "vitest";
import { placeAt } from "./track";

const SPOTS = [{ x: 0, y: 0, seconds: 10 }, { x: 100, y: 50, seconds: 20 }, { x: 100, y: 80, seconds: 50 }];

test("the walker is between the spots of the track", () => {
  expect([10, 15, 20, 35].map((seconds) => placeAt(SPOTS, seconds))).toEqual([{ x: 0, y: 0 }, { x: 50, y: 25 }, { x: 100, y: 50 }, { x: 100, y: 65 }]);
});

test("before and after the walk stands at its ends", () => {
  expect([placeAt(SPOTS, -5), placeAt(SPOTS, 9999), placeAt([], 3)]).toEqual([{ x: 0, y: 0 }, { x: 100, y: 80 }, null]);
});
