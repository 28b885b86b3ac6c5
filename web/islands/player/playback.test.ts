import { expect, test } from "vitest";
import { angleNamed, fetchPlayback, refreshIn, tokenOf, withToken } from "./playback";

const playback = {
  angles: [
    { name: "programme", label: "主画面", hls: "https://o/live/a/programme/index.m3u8?w=AAA" },
    { name: "2", label: "窑口", hls: "https://o/live/a/2/index.m3u8?w=AAA" },
  ],
  until: 1000,
};

test("tokens are fetched anew a minute before they end", () => {
  expect([refreshIn(1000, 900_000), refreshIn(1000, 970_000), refreshIn(1000, 2_000_000), refreshIn(0, 5)]).toEqual([40_000, 0, 0, null]);
});

test("what a playlist named with an old token is asked for with the new one", () => {
  expect(withToken("https://o/part-3.1.m4s?w=OLD", "NEW")).toBe("https://o/part-3.1.m4s?w=NEW");
  expect(withToken("https://o/index.m3u8?_HLS_msn=4&w=OLD&_HLS_part=1", "NEW")).toBe("https://o/index.m3u8?_HLS_msn=4&w=NEW&_HLS_part=1");
  expect(withToken("https://cdn/seg.m4s", "NEW")).toBe("https://cdn/seg.m4s");
  expect([tokenOf("https://o/a.m3u8?x=1&w=AbC-_"), tokenOf("https://o/a.m3u8")]).toEqual(["AbC-_", ""]);
});

test("an angle that is gone falls back to the first", () => {
  expect([angleNamed(playback, "2")?.label, angleNamed(playback, "7")?.label]).toEqual(["窑口", "主画面"]);
  expect(angleNamed({ angles: [], until: 0 }, "2")).toBeUndefined();
});

test("a house that cannot be reached answers nothing, and nothing breaks", async () => {
  const signal = new AbortController().signal;
  globalThis.fetch = () => Promise.reject(new TypeError("offline"));
  expect(await fetchPlayback("/live/a/playback/", signal)).toBeNull();
  globalThis.fetch = () => Promise.resolve(new Response("gone", { status: 404 }));
  expect(await fetchPlayback("/live/a/playback/", signal)).toBeNull();
  globalThis.fetch = () => Promise.resolve(Response.json(playback));
  expect(await fetchPlayback("/live/a/playback/", signal)).toEqual(playback);
});
