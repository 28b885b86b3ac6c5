import { expect, test } from "vitest";
import { angleNamed, fetchPlayback, lengthOf, partAfter, partAt, readPlayback, refreshIn, tokenOf, withToken } from "./playback";

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
  globalThis.fetch = () => Promise.resolve(Response.json({ state: "scheduled", playback: {} }));
  expect(await fetchPlayback("/live/a/playback/", signal)).toBeNull();
});

test("a replay of two parts is one line of time", () => {
  const replay = {
    angles: [
      { name: "0", label: "", hls: "a", offset: 0, seconds: 100 },
      { name: "1", label: "", hls: "b", offset: 100, seconds: 50 },
    ],
    until: 0,
  };
  const found = [0, 99.5, 100, 149, 500].map((seconds) => partAt(replay, seconds)).map((each) => [each?.part.name, each?.from]);
  expect(found).toEqual([["0", 0], ["0", 99.5], ["1", 0], ["1", 49], ["1", 400]]);
  expect([partAfter(replay, "0")?.name, partAfter(replay, "1")?.name, lengthOf(replay)]).toEqual(["1", undefined, 150]);
  expect(partAt({ angles: [], until: 0 }, 3)).toBeNull();
});

test("what the house wrote is read: the quickest way of each angle, and when it ends", () => {
  const sources = (name: string) => [
    { kind: "flv", url: `https://o/${name}.flv` },
    { kind: "hls", url: `https://o/${name}/plain.m3u8` },
    { kind: "ll-hls", url: `https://o/${name}/index.m3u8` },
  ];
  const written = {
    until: "2026-11-28T00:00:10+00:00",
    angles: [{ stream: "programme", label: "主画面", sources: sources("p") }, { stream: "2", label: "窑口", sources: [{ kind: "flv", url: "x" }] }],
  };
  expect(readPlayback(written)).toEqual({ angles: [{ name: "programme", label: "主画面", hls: "https://o/p/index.m3u8" }], until: 1795824010 });
  expect([readPlayback({}), readPlayback(null)]).toEqual([null, null]);
});
