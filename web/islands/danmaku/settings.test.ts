import { expect, test } from "vitest";
import { keep, read, USUAL } from "./settings";

const store = (kept: string | null): Pick<Storage, "getItem"> => ({ getItem: () => kept });

test("nothing kept, or nonsense, means the usual", () => {
  expect(read(store(null))).toEqual(USUAL);
  expect(read(store("{nonsense"))).toEqual(USUAL);
  expect(read(store('{"size":"big","opacity":null}'))).toEqual(USUAL);
});

test("what is kept is brought within its bounds", () => {
  expect(read(store('{"on":false,"size":400,"opacity":0,"area":0.75}'))).toEqual({ on: false, size: 36, opacity: 0.2, area: 0.75 });
});

test("a browser without storage keeps working", () => {
  const full = { setItem: () => { throw new DOMException("full", "QuotaExceededError"); } };
  expect(() => keep(full, USUAL)).not.toThrow();
});
