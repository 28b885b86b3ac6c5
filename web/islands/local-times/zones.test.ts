import { expect, test } from "vitest";
import { wallClock } from "./zones";

test("a moment is read on two wall clocks, also across midnight", () => {
  const moment = new Date("2026-11-23T01:30:00Z");
  expect(wallClock(moment, "Asia/Shanghai")).toEqual({ day: "2026-11-23", text: "09:30" });
  expect(wallClock(moment, "America/New_York")).toEqual({ day: "2026-11-22", text: "20:30" });
  expect(wallClock(new Date("2026-11-22T16:00:00Z"), "Asia/Shanghai")).toEqual({ day: "2026-11-23", text: "00:00" });
});
