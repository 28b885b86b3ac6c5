import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Room } from "../room";
import { refusalInWords, stateInWords } from "../words";
import { batch, Page, said, settle } from "./gateway";

let page: Page;
let room: Room;

/** A page that is in its room, at offset 0 of epoch 5. */
async function open(): Promise<void> {
  room = page.start().connection.join("live-1", page.listener);
  await settle();
  await page.line.opens();
  await page.line.joins();
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 1_000_000 });
  page = new Page();
});

afterEach(() => {
  page.connection?.close();
  Object.defineProperty(document, "hidden", { value: false, configurable: true });
  vi.useRealTimers();
});

describe("a connection", () => {
  it("says hello with the token of the house, joins, and shows what is said in order", async () => {
    await open();
    expect(page.asked).toEqual([["live-1"]]);
    expect(page.line.url).toBe("ws://gateway/rt");
    expect(page.line.sent).toEqual([
      { type: "Hello", token: "token 1" },
      { type: "Join", room: "live-1", epoch: 0, offset: 0 },
    ]);
    expect(page.states.map(({ name }) => name)).toEqual(["connecting", "connecting", "open"]);
    expect(page.connection.now()).toBe(1_005_000);
    await page.line.tells(await batch(9, 5, 2, [said("一"), said("二")]));
    await page.line.tells(await batch(9, 5, 3, [said("三".repeat(900))], { deflated: true }));
    await vi.waitFor(() => expect(page.texts).toEqual(["一", "二", "三".repeat(900)]));
    expect(page.storage.get("haishi-room-live-1")).toBe("5.3");
  });

  it("keeps the order of frames although small ones need no inflating", async () => {
    await open();
    const large = await batch(9, 5, 1, [said("大".repeat(900))], { deflated: true });
    const small = await batch(9, 5, 2, [said("小")]);
    page.line.onmessage?.({ data: large });
    page.line.onmessage?.({ data: small });
    await vi.waitFor(() => expect(page.texts).toEqual(["大".repeat(900), "小"]));
  });

  it("shows nothing twice", async () => {
    await open();
    await page.line.tells(await batch(9, 5, 2, [said("一"), said("二")]));
    await page.line.tells(await batch(9, 5, 3, [said("一"), said("二"), said("三")]));
    expect(page.texts).toEqual(["一", "二", "三"]);
  });

  it("comes back to where it was, after a random part of a growing wait", async () => {
    await open();
    await page.line.tells(await batch(9, 5, 2, [said("一"), said("二")]));
    await vi.advanceTimersByTimeAsync(5_000);
    page.line.breaks();
    expect(page.state).toEqual({ name: "waiting", seconds: 1 });
    await vi.advanceTimersByTimeAsync(499);
    expect(page.lines.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.lines.length).toBe(2);
    page.line.breaks();
    await vi.advanceTimersByTimeAsync(999);
    expect(page.lines.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await page.line.opens();
    expect(page.line.of("Join")).toEqual([{ type: "Join", room: "live-1", epoch: 5, offset: 2 }]);
    await page.line.joins({ offset: 3, recovered: true });
    await page.line.tells(await batch(9, 5, 3, [said("三")]));
    expect(page.texts).toEqual(["一", "二", "三"]);
    expect(page.gaps).toEqual([{ epoch: 5, offset: 1 }]); // only the first joining
  });

  it("waits the short time when the gateway restarts", async () => {
    await open();
    page.line.breaks(1006);
    await vi.advanceTimersByTimeAsync(500);
    await page.line.opens();
    page.line.breaks(1012);
    await vi.advanceTimersByTimeAsync(500);
    expect(page.lines.length).toBe(3);
  });

  it("says that it is not available after tries in vain, and recovers by itself", async () => {
    page.house = () => new Response("", { status: 503 });
    page.start().connection.join("live-1", page.listener);
    await settle();
    const waits = [500, 1_000, 2_000, 4_000];
    for (const wait of waits) {
      expect(page.state).toMatchObject({ name: "waiting" });
      await vi.advanceTimersByTimeAsync(wait);
    }
    expect(page.state).toEqual({ name: "unavailable", why: "silent", seconds: 8 });
    page.house = () => page.grant();
    await vi.advanceTimersByTimeAsync(8_000);
    await page.line.opens();
    expect(page.state).toEqual({ name: "open" });
  });

  it("counts the seconds of its wait", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(0);
    for (const wait of [500, 1_000, 2_000]) {
      page.line.breaks();
      if (wait < 2_000) await vi.advanceTimersByTimeAsync(wait);
    }
    expect(page.state).toEqual({ name: "waiting", seconds: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.state).toEqual({ name: "waiting", seconds: 1 });
  });

  it("asks for history when what it missed is gone", async () => {
    await open();
    await page.line.tells(await batch(9, 5, 2, [said("一"), said("二")]));
    page.line.breaks();
    await vi.advanceTimersByTimeAsync(500);
    await page.line.opens();
    await page.line.joins({ epoch: 6, offset: 40 });
    expect(page.gaps.at(-1)).toEqual({ epoch: 6, offset: 41 });
    page.house = () => new Response(JSON.stringify({ items: [], before: null }));
    expect(await room.history(page.gaps.at(-1)!)).toEqual({ items: [], before: null });
    expect(page.asked.at(-1)).toEqual([`${location.origin}/rooms/live-1/history/?before=6.41`]);
  });

  it("goes on after a reload where the tab was, and asks for what stood before", async () => {
    page.storage.set("haishi-room-live-1", "5.7");
    room = page.start().connection.join("live-1", page.listener);
    await settle();
    await page.line.opens();
    expect(page.line.of("Join")).toEqual([{ type: "Join", room: "live-1", epoch: 5, offset: 7 }]);
    await page.line.joins({ offset: 9, recovered: true });
    expect(page.gaps).toEqual([{ epoch: 5, offset: 8 }]);
  });

  it("starts a room that was silent without asking again", async () => {
    room = page.start().connection.join("live-1", page.listener);
    await settle();
    await page.line.opens();
    await page.line.joins({ epoch: 0 });
    await page.line.tells(await batch(9, 8, 1, [said("头一句")]));
    expect(page.texts).toEqual(["头一句"]);
    expect(page.line.of("Join").length).toBe(1);
  });

  it("joins again when a batch is missing", async () => {
    await open();
    await page.line.tells(await batch(9, 5, 4, [said("四")]));
    expect(page.texts).toEqual([]);
    expect(page.line.of("Join").at(-1)).toEqual({ type: "Join", room: "live-1", epoch: 5, offset: 0 });
    await page.line.joins({ offset: 4, recovered: true });
    await page.line.tells(await batch(9, 5, 4, [said("一"), said("二"), said("三"), said("四")]));
    expect(page.texts).toEqual(["一", "二", "三", "四"]);
  });

  it("joins again when the gateway says that it left something out", async () => {
    await open();
    await page.line.tells({ type: "Gap", room: 9 });
    expect(page.line.of("Join").length).toBe(2);
  });

  it("hears only what matters at once while hidden, and the rest once afterwards", async () => {
    await open();
    hide(true);
    expect(page.line.of("Passive")).toEqual([{ type: "Passive", hidden: true }]);
    await page.line.tells(await batch(9, 5, 3, [said("三")], { atOnce: true }));
    expect(page.texts).toEqual(["三"]);
    hide(false);
    expect(page.line.of("Join").at(-1)).toEqual({ type: "Join", room: "live-1", epoch: 5, offset: 0 });
    await page.line.joins({ offset: 4, recovered: true });
    await page.line.tells(await batch(9, 5, 4, [said("一"), said("二"), said("三"), said("四")]));
    expect(page.texts).toEqual(["三", "一", "二", "四"]);
  });

  it("renews its token before it ends", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(240_000);
    expect(page.line.of("Refresh")).toEqual([{ type: "Refresh", token: "token 2" }]);
    await vi.advanceTimersByTimeAsync(240_000);
    expect(page.line.of("Refresh").length).toBe(2);
  });

  it("asks for a token of all rooms when one more is joined", async () => {
    await open();
    page.house = () => page.grant({ "live-1": 3, "booth-2": 1 });
    page.connection.join("booth-2", {});
    await settle();
    expect(page.asked).toEqual([["live-1"], ["live-1", "booth-2"]]);
    expect(page.line.sent.slice(2)).toEqual([
      { type: "Refresh", token: "token 2" },
      { type: "Join", room: "booth-2", epoch: 0, offset: 0 },
    ]);
  });

  it("tells a room that it may not be entered", async () => {
    page.house = () => page.grant({ "live-1": 0 });
    room = page.start().connection.join("live-1", page.listener);
    await settle();
    await page.line.opens();
    expect(page.rights).toEqual([[0, "rights"]]);
    expect(page.line.of("Join")).toEqual([]);
  });

  it("comes back as a guest after a log-out elsewhere, and stays away when that is revoked too", async () => {
    await open();
    for (const lines of [2, 2]) {
      await page.line.tells({ type: "Revoked", room: 0, reason: "revoked" });
      page.line.breaks(1008);
      await vi.advanceTimersByTimeAsync(500);
      expect(page.lines.length).toBe(lines);
      if (page.state.name !== "unavailable") await page.line.opens();
    }
    expect(page.state).toEqual({ name: "unavailable", why: "revoked", seconds: 0 });
  });

  it("says so in an old browser and asks nobody", async () => {
    page.start(false).connection.join("live-1", page.listener);
    await settle();
    expect(page.state).toEqual({ name: "unavailable", why: "browser", seconds: 0 });
    expect(page.asked).toEqual([]);
  });

  it("drops a line that cannot be read and comes back", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    await open();
    await page.line.tells(Uint8Array.from([2, 1, 0]).buffer);
    expect(page.state.name).toBe("waiting");
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });
});

describe("a line", () => {
  it("is accepted with its place", async () => {
    await open();
    const answer = room.say("你好", 1);
    const [wish] = page.line.of("Say");
    expect(wish).toMatchObject({ room: 9, text: "你好", style: 1, colour: 0 });
    expect(wish!.nonce).toMatch(/^[0-9a-f]{32}$/);
    await page.line.tells({ type: "Accepted", nonce: wish!.nonce, offset: 3, text: "你好" });
    expect(await answer).toMatchObject({ offset: 3 });
  });

  it("is said again under the same nonce after a break, until somebody answers", async () => {
    await open();
    const answer = room.say("还在吗");
    const [wish] = page.line.of("Say");
    page.line.breaks();
    await vi.advanceTimersByTimeAsync(500);
    await page.line.opens();
    expect(page.line.of("Say")).toEqual([]);
    await page.line.joins({ recovered: true });
    expect(page.line.of("Say")).toEqual([wish]);
    await page.line.tells({ type: "Accepted", nonce: wish!.nonce, offset: 3, text: "还在吗" });
    await answer;
    page.line.breaks();
    await vi.advanceTimersByTimeAsync(1_000);
    await page.line.opens();
    await page.line.joins({ recovered: true });
    expect(page.line.of("Say")).toEqual([]);
  });

  it("is refused with the reason, and tried again while the gateway is busy", async () => {
    await open();
    const answer = room.say("快").catch((error: unknown) => error);
    const nonce = page.line.of("Say")[0]!.nonce;
    await page.line.tells({ type: "Refused", nonce, reason: "busy", waitMs: 700 });
    await vi.advanceTimersByTimeAsync(700);
    expect(page.line.of("Say").length).toBe(2);
    await page.line.tells({ type: "Refused", nonce, reason: "slow", waitMs: 1_200 });
    expect(await answer).toMatchObject({ reason: "slow", waitMs: 1_200 });
  });

  it("is given up after a minute without an answer", async () => {
    await open();
    const answer = room.say("有人吗").catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toMatchObject({ reason: "unavailable" });
  });

  it("is given up when its speaker is put out", async () => {
    await open();
    const answer = room.say("再见").catch((error: unknown) => error);
    await page.line.tells({ type: "Revoked", room: 9, reason: "banned" });
    expect(await answer).toMatchObject({ reason: "banned" });
    expect(page.rights.at(-1)).toEqual([0, "banned"]);
  });
});

describe("numbers and settings", () => {
  it("reach the page", async () => {
    await open();
    await page.line.tells({ type: "Counters", room: 9, viewers: 12, likes: 340 });
    await page.line.tells({ type: "Settings", room: 9, slowMs: 5_000, closed: true });
    expect(page.counters).toEqual([[12, 340]]);
    expect(page.settings).toEqual([[0, false], [5_000, true]]);
  });
});

describe("words", () => {
  it("say the state and the refusal in the reader's language", () => {
    document.documentElement.lang = "zh-Hans";
    expect(stateInWords({ name: "open" })).toBe("");
    expect(stateInWords({ name: "waiting", seconds: 3 })).toBe("连接断开，3 秒后重连");
    expect(refusalInWords("slow", 1_200)).toBe("说得太快了，请稍候再发（2 秒）。");
    document.documentElement.lang = "en";
    expect(stateInWords({ name: "waiting", seconds: 3 })).toBe("Connection lost, trying again in 3 s");
    expect(refusalInWords("unknown")).toBe("Not sent; please try again.");
  });
});
