import { expect, test } from "vitest";
import { Announcer, type ChatLine, DRAWN, KEPT, Lines } from "./lines";

const line = (n: number, more: Partial<ChatLine> = {}): ChatLine => ({
  key: `1.${n}`, offset: n, at: n, name: "周", user: 1, text: `第 ${n} 句`, role: 0, own: false, ...more,
});
const filled = (count: number): Lines => {
  const lines = new Lines();
  for (let n = 1; n <= count; n += 1) lines.add(line(n));
  return lines;
};
const ends = (lines: Lines): (number | null | undefined)[] => [lines.drawn[0]?.offset, lines.drawn.at(-1)?.offset, lines.drawn.length];

test("whoever follows sees the newest lines, and memory is bounded", () => {
  const lines = filled(KEPT + 500);
  expect([lines.length, ...ends(lines)]).toEqual([KEPT, KEPT + 500 - DRAWN + 1, KEPT + 500, DRAWN]);
});

test("a line that is told twice stands once", () => {
  const lines = filled(3);
  expect(lines.add(line(2))).toBe(false);
  expect(lines.length).toBe(3);
});

test("whoever reads older lines is not moved, and is told how many came", () => {
  const lines = filled(200);
  lines.follow(false);
  lines.up();
  for (let n = 201; n <= 230; n += 1) lines.add(line(n));
  expect([...ends(lines), lines.unseen]).toEqual([81, 160, 80, 30]);
  lines.follow(true);
  expect([...ends(lines), lines.unseen]).toEqual([151, 230, 80, 0]);
});

test("one goes up and down through what is kept", () => {
  const lines = filled(130);
  lines.follow(false);
  expect([lines.up(), lines.up(), lines.up(), lines.atOldest]).toEqual([true, true, false, true]);
  expect([lines.down(), lines.down(), lines.down()]).toEqual([true, true, false]);
  expect(ends(lines)).toEqual([51, 130, 80]);
});

test("older lines come before the others without moving the view", () => {
  const lines = filled(100);
  lines.follow(false);
  const before = ends(lines);
  lines.addOlder([line(-2), line(-1), line(1)]);
  expect(ends(lines)).toEqual(before);
  lines.up();
  expect(lines.drawn[0]?.offset).toBe(-2);
  expect(lines.length).toBe(102);
});

test("a removed line is gone", () => {
  const lines = filled(3);
  lines.remove("1.2");
  lines.remove("1.99");
  expect(lines.drawn.map((each) => each.offset)).toEqual([1, 3]);
});

test("the reader's own line shows at once and settles", () => {
  const lines = new Lines();
  lines.add(line(0, { key: "n1", offset: null, own: true }));
  lines.settle("n1", { offset: 7, text: "第 * 句" });
  expect(lines.drawn).toMatchObject([{ key: "n1", offset: 7, text: "第 * 句" }]);
});

test("a flood is read out one line in four seconds, the host always", () => {
  const announcer = new Announcer();
  const said = [0, 1000, 3999, 4000, 4100].map((now) => announcer.wants(line(now), now));
  expect(said).toEqual([true, false, false, true, false]);
  expect(announcer.wants(line(1, { role: 4 }), 4200)).toBe(true);
  expect(announcer.wants(line(1, { own: true }), 99_000)).toBe(false);
});
