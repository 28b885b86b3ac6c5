import { beforeEach, expect, test } from "vitest";
import { refusalInWords } from "../words";

beforeEach(() => void (document.documentElement.lang = "zh-Hans"));

test("a refusal says how long it holds, in a span that people count in", () => {
  expect([900, 45_000, 1_799_500, 86_400_000, 604_800_000].map((wait) => refusalInWords("muted", wait))).toEqual([
    "你在这里已被禁言。",
    "你在这里已被禁言（45 秒）。",
    "你在这里已被禁言（30 分钟）。",
    "你在这里已被禁言（24 小时）。",
    "你在这里已被禁言（7 天）。",
  ]);
  document.documentElement.lang = "en";
  expect([refusalInWords("slow", 1_500), refusalInWords("banned", 1_800_000)]).toEqual([
    "That was quick: wait a moment (2 s).",
    "You were removed from this room (30 min).",
  ]);
});
