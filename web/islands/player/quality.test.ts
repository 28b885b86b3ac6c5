import { beforeEach, expect, test } from "vitest";
import { clockText } from "./controls";
import { Captions } from "./captions";
import { Patience } from "./patience";
import { grade, Stalls, words } from "./quality";
import Hls from "hls.js/light";
import { settings, troubleOf } from "./source";

beforeEach(() => (document.documentElement.lang = "zh-Hans"));

test("waits double up to ten seconds, and half of each is chance", () => {
  const calm = new Patience(1000, 10_000, () => 0);
  expect([1, 2, 3, 4, 5, 6].map(() => calm.next())).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  const late = new Patience(1000, 10_000, () => 1);
  expect([late.next(), late.next()]).toEqual([1000, 2000]);
  late.rest();
  expect([late.next(), late.tries]).toEqual([1000, 1]);
});

test("a stall counts for a minute", () => {
  const stalls = new Stalls();
  stalls.add(0);
  stalls.add(30_000);
  expect([stalls.recent(59_999), stalls.recent(60_000), stalls.recent(90_000)]).toEqual([2, 1, 0]);
});

test("the connection is said in words", () => {
  expect(words("playing", 0, 1.234)).toBe("连接流畅，延迟 1.2 秒");
  expect(words("playing", 2, null)).toBe("连接偶有停顿");
  document.documentElement.lang = "en";
  expect(words("playing", 3, 2)).toBe("Unsteady, 2.0 s behind");
  expect(words("retrying", 0, null)).toBe("The picture was lost, reconnecting");
  expect([grade("playing", 0), grade("playing", 1), grade("stalled", 0), grade("waiting", 9)]).toEqual(["good", "fair", "poor", "none"]);
});

test("an answer's status says why there is no picture", () => {
  expect([401, 403, 404, 410, 500, undefined].map(troubleOf)).toEqual(["refused", "refused", "missing", "missing", "network", "network"]);
});

test("times of a replay", () => {
  expect([0, 59.9, 61, 3729, Number.NaN].map(clockText)).toEqual(["0:00", "0:59", "1:01", "1:02:09", "0:00"]);
});

test("a caption stands under its own pictures", () => {
  const captions = new Captions();
  captions.add({ at: 1000, seconds: 2, text: "一" });
  captions.add({ at: 2500, seconds: 2, text: "二" });
  const seen = [500, 1000, 2400, 2500, 4499, 4500].map((at) => (captions.move(at), captions.text));
  expect(seen).toEqual(["", "一", "一", "二", "二", ""]);
  expect(captions.any).toBe(true);
});

test("hls.js takes our settings, of a live and of a replay", () => {
  for (const live of [true, false]) {
    const hls = new Hls(settings(live));
    expect([hls.config.lowLatencyMode, hls.config.enableWorker]).toEqual([live, false]);
    hls.destroy();
  }
});
