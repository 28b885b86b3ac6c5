import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Player } from "./index";
import type { Source, Trouble } from "./source";

interface Opened {
  address: string;
  source: Source & { closed: boolean; renewed: string[] };
  lost: (why: Trouble) => void;
}
let opened: Opened[];
let asked: string[];
let answer: unknown;

const LATE = new Date("2026-11-28T01:00:00Z");
const written = (token: string, until: string | null = null): object => ({
  until,
  angles: [
    { stream: "programme", label: "主画面", sources: [{ kind: "ll-hls", url: `https://o/p.m3u8?w=${token}` }] },
    { stream: "2", label: "窑口", sources: [{ kind: "ll-hls", url: `https://o/2.m3u8?w=${token}` }] },
  ],
});

beforeEach(() => {
  vi.useFakeTimers({ now: LATE });
  [opened, asked, answer] = [[], [], {}];
  document.documentElement.lang = "zh-Hans";
  HTMLMediaElement.prototype.play = function () {
    return Promise.resolve();
  };
  HTMLMediaElement.prototype.load = HTMLMediaElement.prototype.pause = () => {};
  globalThis.fetch = (input) => {
    asked.push(String(input));
    return Promise.resolve(Response.json({ state: "live", playback: answer }));
  };
  Player.way = () => (_video, address, _live, lost) => {
    const source = { closed: false, renewed: [] as string[], at: () => 5_000, latency: () => 1.2, newest() {}, renew: (next: string) => void source.renewed.push(next), close: () => void (source.closed = true) };
    opened.push({ address, source, lost });
    return Promise.resolve(source);
  };
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function player(props: object): Promise<Player> {
  document.body.innerHTML = `<hs-player><script type="application/json">${JSON.stringify({ refresh: "/live/a/playback/", live: true, ...props })}</script><div data-render></div></hs-player>`;
  await vi.advanceTimersByTimeAsync(0);
  return document.querySelector("hs-player") as Player;
}
/** Lets the picture run for so many seconds. */
async function runs(seconds: number): Promise<void> {
  for (let n = 0; n < seconds * 2; n += 1) {
    video().currentTime += 0.5;
    await vi.advanceTimersByTimeAsync(500);
  }
}
const video = (): HTMLVideoElement => document.querySelector("video")!;
const plays = (): void => void video().dispatchEvent(new Event("playing"));

test("a live plays at once, silently, and gives the clock of its picture", async () => {
  const one = await player({ playback: written("A") });
  expect([opened[0]?.address, video().muted, one.at]).toEqual(["https://o/p.m3u8?w=A", true, null]);
  plays();
  expect([one.state, one.moving, one.at]).toEqual(["playing", true, 5_000]);
});

test("a lost origin is tried again with growing patience, and the old stream is closed", async () => {
  const one = await player({ playback: written("A") });
  plays();
  opened[0]!.lost("network");
  expect([one.state, one.at, opened[0]!.source.closed]).toEqual(["retrying", null, true]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(opened.length).toBe(2);
  opened[1]!.lost("network");
  await vi.advanceTimersByTimeAsync(999);
  expect(opened.length).toBe(2);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(opened.length).toBe(3);
  plays();
  expect(one.state).toBe("playing");
  expect(asked).toEqual([]);
});

test("a picture that stands without a word from anybody is stalled, then opened anew", async () => {
  const one = await player({ playback: written("A") });
  plays();
  await runs(5);
  expect(one.state).toBe("playing");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(one.state).toBe("stalled");
  await vi.advanceTimersByTimeAsync(6_000);
  expect([one.state, opened[0]!.source.closed]).toEqual(["retrying", true]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(opened.length).toBe(2);
});

test("a token that ended is asked for anew before the stream is opened again", async () => {
  await player({ playback: written("A") });
  answer = written("B");
  opened[0]!.lost("refused");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked[0], opened[1]?.address]).toEqual(["/live/a/playback/", "https://o/p.m3u8?w=B"]);
});

test("tokens are renewed a minute before their end without touching what plays", async () => {
  await player({ playback: written("A", "2026-11-28T01:05:00Z") });
  plays();
  answer = written("B", "2026-11-28T01:10:00Z");
  await runs(241);
  expect([opened.length, opened[0]!.source.renewed]).toEqual([1, ["https://o/p.m3u8?w=B"]]);
});

test("a room without a picture waits calmly until the house says that pictures come", async () => {
  const one = await player({ playback: {} });
  expect([one.state, asked.length]).toEqual(["waiting", 1]);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(asked.length).toBe(1);
  answer = written("A");
  one.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(opened[0]?.address).toBe("https://o/p.m3u8?w=A");
});

test("another angle is another stream of the same session", async () => {
  const one = await player({ playback: written("A") });
  plays();
  one.choose("2");
  one.choose("nine");
  await vi.advanceTimersByTimeAsync(0);
  expect([opened.map((each) => each.address), opened[0]!.source.closed, one.angle]).toEqual([["https://o/p.m3u8?w=A", "https://o/2.m3u8?w=A"], true, "2"]);
});

test("an end is an end: nothing is tried any more", async () => {
  const one = await player({ playback: written("A") });
  plays();
  one.end();
  opened[0]!.lost("missing");
  await vi.advanceTimersByTimeAsync(120_000);
  expect([one.state, opened.length, one.at]).toEqual(["ended", 1, null]);
});

test("a live that was over before the page came asks for nothing", async () => {
  const one = await player({ playback: {}, over: true });
  await vi.advanceTimersByTimeAsync(120_000);
  expect([one.state, asked]).toEqual(["ended", []]);
});

test("a replay waits for its reader, jumps between its parts and goes on by itself", async () => {
  const parts = [0, 100].map((offset, n) => ({ stream: String(n), label: "", offset, seconds: 100 - n * 50, sources: [{ kind: "hls", url: `https://o/${n}.m3u8` }] }));
  const one = await player({ live: false, refresh: "", playback: { until: null, angles: parts } });
  expect(opened.length).toBe(0);
  one.seek(120);
  await vi.advanceTimersByTimeAsync(0);
  expect([opened[0]?.address, video().currentTime, one.time]).toEqual(["https://o/1.m3u8", 20, 120]);
  one.seek(10);
  await vi.advanceTimersByTimeAsync(0);
  video().dispatchEvent(new Event("ended"));
  await vi.advanceTimersByTimeAsync(0);
  expect(opened.map((each) => each.address)).toEqual(["https://o/1.m3u8", "https://o/0.m3u8", "https://o/1.m3u8"]);
});

test("a player that leaves the page takes its timers and its stream along", async () => {
  const one = await player({ playback: written("A", "2026-11-28T01:05:00Z") });
  plays();
  one.remove();
  await vi.advanceTimersByTimeAsync(600_000);
  expect([opened[0]!.source.closed, opened.length, asked.length]).toEqual([true, 1, 0]);
});
