import { expect, test } from "vitest";
import { Schedule } from "./schedule";

const filled = (): Schedule<{ seconds: number }> => {
  const schedule = new Schedule<{ seconds: number }>();
  schedule.add([{ seconds: 5 }, { seconds: 1 }]);
  schedule.add([{ seconds: 1.5 }, { seconds: 0 }]);
  return schedule;
};
const seconds = (items: { seconds: number }[] | null): number[] | null => items?.map((each) => each.seconds) ?? null;

test("each thing is told once, with its picture", () => {
  const schedule = filled();
  expect([0, 0.9, 1, 1.4, 1.5, 4, 5, 5.1].map((at) => seconds(schedule.move(at)))).toEqual([[0], [], [1], [], [1.5], [], [5], []]);
});

test("after a jump, either way, nothing is poured out at once", () => {
  const schedule = filled();
  schedule.move(0);
  expect(seconds(schedule.move(60))).toBeNull();
  expect(seconds(schedule.move(1))).toBeNull();
  expect(seconds(schedule.move(1.5))).toEqual([1.5]);
  expect(seconds(schedule.until(1.2))).toEqual([0, 1]);
});

test("a replay that is opened in its middle begins there", () => {
  const schedule = filled();
  expect(seconds(schedule.move(300))).toBeNull();
});
