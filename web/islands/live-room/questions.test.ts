import { beforeEach, expect, test } from "vitest";
import { reorder } from "./questions";

let place: HTMLElement;
const shown = (): string[] => [...place.querySelectorAll("li")].map((row) => `${row.dataset["question"]}:${row.querySelector("[data-upvotes]")?.textContent}`);

beforeEach(() => {
  document.body.innerHTML = `<div id="room-questions"><ol>
    <li data-question="1"><button id="up-1"><b data-upvotes>3</b></button></li>
    <li data-question="2"><button id="up-2"><b data-upvotes>2</b></button></li>
    <li data-question="3"><b data-upvotes>0</b></li></ol></div>`;
  place = document.getElementById("room-questions")!;
});

test("upvotes move a question up and the focus stays on the button that was pressed", () => {
  document.getElementById("up-2")!.focus();
  expect(reorder(place, { order: [[2, 4], [1, 3], [3, 0]] })).toBe(true);
  expect(shown()).toEqual(["2:4", "1:3", "3:0"]);
  expect(document.activeElement?.id).toBe("up-2");
});

test("what stands in its place is not moved", () => {
  const first = place.querySelector("li")!;
  const seen: MutationRecord[] = [];
  const watch = new MutationObserver((records) => seen.push(...records));
  watch.observe(place, { childList: true, subtree: true });
  expect(reorder(place, { order: [[1, 3], [2, 2], [3, 0]] })).toBe(true);
  const moved = watch.takeRecords().filter((record) => [...record.addedNodes].some((node) => node instanceof HTMLLIElement));
  expect(moved).toEqual([]);
  expect(place.querySelector("li")).toBe(first);
});

test("a new question asks for the list, the others have moved already", () => {
  expect(reorder(place, { order: [[3, 9], [7, 1], [1, 3], [2, 2]] })).toBe(false);
  expect(shown()).toEqual(["3:9", "1:3", "2:2"]);
});

test("one that was taken away asks for the list, and nonsense changes nothing", () => {
  expect(reorder(place, { order: [[1, 3], [2, 2]] })).toBe(false);
  expect(reorder(place, { order: "?" })).toBe(true);
  expect(reorder(place, { order: [["x"], 5] })).toBe(false);
  expect(shown()).toEqual(["1:3", "2:2", "3:0"]);
});
