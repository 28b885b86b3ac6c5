import { expect, test } from "vitest";
import { parts, remaining } from "./clock";

test("a started second counts", () => {
  expect(parts(1)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 1 });
  expect(parts(0)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
});

test("days, hours, minutes and seconds add up", () => {
  expect(parts(((2 * 24 + 3) * 60 + 4) * 60_000 + 5_000)).toEqual({ days: 2, hours: 3, minutes: 4, seconds: 5 });
});

test("a computer whose clock is slow sees the server's time", () => {
  expect(remaining(10_000, 4_000, 1_000)).toBe(5_000);
  expect(remaining(10_000, 4_000, 9_000)).toBe(0);
});
