import { beforeEach, expect, test, vi } from "vitest";
import type { Posted } from "../../wire/messages";
import { Count, countText } from "./count";
import { Likes, Presses } from "./hearts";
import { Stage } from "./stage";

const posted = (kind: string, body: Record<string, unknown> = {}, at = 10_000): Posted => ({ type: "Posted", at, kind, body });
let room: HTMLElement;
let told: string[];
const ask = (part: HTMLElement): void => void told.push(part.id);

beforeEach(() => {
  document.documentElement.lang = "zh-Hans";
  document.body.innerHTML = `<div id="room"><p data-announce></p>
    <section id="pin" data-told="pin unpin"></section><section id="stage" data-told="unveil" data-at-once></section></div>`;
  room = document.getElementById("room")!;
  told = [];
});

test("a part is asked for when what concerns it has happened, several happenings once", () => {
  vi.useFakeTimers();
  const stage = new Stage(room, null, ask, () => 0.5);
  stage.happened(posted("pin"));
  stage.happened(posted("unpin"));
  stage.happened(posted("question"));
  expect(told).toEqual([]);
  vi.advanceTimersByTime(600);
  expect(told).toEqual(["pin"]);
  stage.happened(posted("pin"));
  stage.close();
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(["pin"]);
  vi.useRealTimers();
});

test("an unveiling waits for nobody", () => {
  new Stage(room, null, ask).happened(posted("unveil"));
  expect(told).toEqual(["stage"]);
});

test("the state of the live turns the player", () => {
  const screen = { end: vi.fn(), wake: vi.fn(), caption: vi.fn() };
  const stage = new Stage(room, screen, ask);
  stage.happened(posted("state", { state: "live" }));
  stage.happened(posted("state", { state: "gone" }));
  stage.happened(posted("state", { state: "ended" }));
  expect([screen.wake.mock.calls.length, screen.end.mock.calls.length]).toEqual([1, 1]);
});

test("who came before the doors opened gets what belongs to a live", () => {
  room.insertAdjacentHTML("beforeend", `<a data-until-live></a><div data-once-live hidden></div>`);
  const hidden = (): boolean[] => [...room.querySelectorAll<HTMLElement>("[data-until-live], [data-once-live]")].map((each) => each.hasAttribute("hidden"));
  const stage = new Stage(room, null, ask);
  stage.happened(posted("state", { state: "connecting" }));
  expect(hidden()).toEqual([false, true]);
  stage.happened(posted("state", { state: "live" }));
  expect(hidden()).toEqual([true, false]);
});

test("captions are shown in the reader's language, with their length", () => {
  const screen = { caption: vi.fn() };
  const stage = new Stage(room, screen, ask);
  stage.happened(posted("caption", { language: "zh-hans", text: "开窑了", until: 12_500 }));
  stage.happened(posted("caption", { language: "en", text: "The kiln opens", until: 12_500 }));
  expect(screen.caption.mock.calls).toEqual([[{ at: 10_000, seconds: 2.5, text: "开窑了" }]]);
});

test("votes are counted where the poll stands", () => {
  room.innerHTML = `<ol data-poll="4"><li data-option="1"><progress max="1" value="0"></progress><b data-votes>0</b></li>
    <li data-option="2"><progress max="1" value="0"></progress><b data-votes>0</b></li><b data-total></b></ol>`;
  new Stage(room, null, ask).happened(posted("tally", { poll: 4, votes: { 1: 3, 2: 9 }, total: 12 }));
  new Stage(room, null, ask).happened(posted("tally", { poll: 5, votes: { 1: 99 }, total: 99 }));
  expect([...room.querySelectorAll("[data-votes], [data-total]")].map((each) => each.textContent)).toEqual(["3", "9", "12"]);
  expect([...room.querySelectorAll("progress")].map((bar) => bar.value / bar.max)).toEqual([0.25, 0.75]);
});

test("the countdown runs on the picture, and asks for the stage once at its zero", () => {
  const until = Date.UTC(2026, 10, 28);
  room.innerHTML = `<section id="stage" data-told="unveil"><time data-count-to datetime="${new Date(until).toISOString()}"></time></section>`;
  const asked: string[] = [];
  const count = new Count(room, (part) => asked.push(part.id));
  const text = (): string | null => room.querySelector("time")!.textContent;
  count.move(until - 1_200, until);
  expect([text(), asked.length]).toEqual(["00:00:02", 0]);
  count.move(until, until + 1_200);
  count.move(until + 100, until + 1_300);
  expect([text(), asked]).toEqual(["现在", ["stage"]]);
});

test("without a picture the countdown runs on the clock", () => {
  room.innerHTML = `<section data-told="x"><time data-count-to datetime="1970-01-03T03:04:05Z"></time></section>`;
  new Count(room, () => {}).move(null, 0);
  expect(room.querySelector("time")!.textContent).toBe("2 天 03:04:05");
  expect(countText(61_000)).toBe("00:01:01");
});

test("presses of the heart are sent in handfuls", () => {
  const presses = new Presses(20);
  for (let n = 0; n < 33; n += 1) presses.press();
  expect([presses.take(), presses.take(), presses.take()]).toEqual([20, 13, 0]);
});

test("all hearts of a live are shown, whatever a gateway knows of them", () => {
  const kept = new Likes(100);
  expect([kept.whole(103), kept.whole(110)]).toEqual([103, 110]);
  const begun = new Likes(100);
  expect([begun.whole(4), begun.whole(9)]).toEqual([100, 105]);
  const taken = new Likes(0);
  expect([taken.whole(20), taken.whole(0), taken.whole(3)]).toEqual([20, 20, 23]);
});
