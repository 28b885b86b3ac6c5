import { describe, expect, it } from "vitest";
import { type Booth, codeOf, faulty, freeSpot, nextNumber, placed, rowsAt, sized } from "./plan";

const floor = { width: 200, depth: 120 };
const booth = (code: string, x: number, y: number, width = 30, depth = 30): Booth => ({ id: null, code, x, y, width, depth, name: "" });
const codes = (wrong: Set<Booth>): string[] => [...wrong].map((one) => one.code).sort();

describe("a floor plan", () => {
  it("lets booths touch and marks those that overlap", () => {
    expect(codes(faulty([booth("A1", 0, 0), booth("A2", 30, 0), booth("A3", 0, 30)], floor))).toEqual([]);
    expect(codes(faulty([booth("A1", 0, 0), booth("A2", 29, 29), booth("A3", 90, 0)], floor))).toEqual(["A1", "A2"]);
  });

  it("marks what lies outside, has no code, the same code or no size", () => {
    expect(codes(faulty([booth("A1", 171, 0)], floor))).toEqual(["A1"]);
    expect(codes(faulty([booth("", 0, 0)], floor))).toEqual([""]);
    expect(codes(faulty([booth("A1", 0, 0), booth("A1", 90, 0)], floor))).toEqual(["A1", "A1"]);
    expect(codes(faulty([booth("A1", 0, 0, 9)], floor))).toEqual(["A1"]);
  });

  it("keeps a booth on the floor and on the decimetre", () => {
    expect(placed(booth("A1", 0, 0), 12.6, -8, floor)).toMatchObject({ x: 13, y: 0 });
    expect(placed(booth("A1", 0, 0), 500, 500, floor)).toMatchObject({ x: 170, y: 90 });
    expect(sized(booth("A1", 150, 0), 90, 3, floor)).toMatchObject({ width: 50, depth: 10 });
  });

  it("numbers new booths after the highest of their prefix", () => {
    expect(nextNumber([booth("A07", 0, 0), booth("AB9", 0, 0), booth("B12", 0, 0)], "A")).toBe(8);
    expect(codeOf("A", 8)).toBe("A08");
  });

  it("makes the same rows as the server", () => {
    const made = rowsAt([booth("A07", 170, 90)], "A", 10, 0, { rows: 3, columns: 2, width: 30, depth: 20, aisle: 25 });
    expect(made.map((one) => [one.code, one.x, one.y])).toEqual([
      ["A08", 10, 0],
      ["A09", 40, 0],
      ["A10", 10, 45],
      ["A11", 40, 45],
      ["A12", 10, 65],
      ["A13", 40, 65],
    ]);
  });

  it("finds the first free spot, and none in a full hall", () => {
    expect(freeSpot([booth("A1", 0, 0)], floor, 30, 30)).toEqual({ x: 30, y: 0 });
    expect(freeSpot([booth("A1", 0, 0, 200, 120)], floor, 30, 30)).toBeNull();
  });
});
