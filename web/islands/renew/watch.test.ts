import { expect, test, vi } from "vitest";
import { changed, EVERY, TIMES } from "./watch";

function house(...states: (string | Error | number)[]): [typeof globalThis.fetch, ReturnType<typeof vi.fn>] {
  const asked = vi.fn(() => {
    const state = states.length > 1 ? states.shift() : states[0];
    if (state instanceof Error) return Promise.reject(state);
    return Promise.resolve(typeof state === "number" ? new Response("", { status: state }) : Response.json({ state }));
  });
  return [asked as unknown as typeof globalThis.fetch, asked];
}
const pause = vi.fn(() => Promise.resolve());

test("it asks until the state is another one, whatever fails between", async () => {
  const [fetch, asked] = house("awaiting", new TypeError("away"), 500, "paid");
  expect(await changed("/o/?part=state", "awaiting", pause, fetch, () => false)).toBe(true);
  expect([asked.mock.calls.length, pause.mock.calls]).toEqual([4, [[EVERY], [EVERY], [EVERY], [EVERY]]]);
});

test("it gives up in the end, and at once when its page is gone", async () => {
  const [fetch, asked] = house("awaiting");
  expect(await changed("/o/", "awaiting", pause, fetch, () => false)).toBe(false);
  expect(asked.mock.calls.length).toBe(TIMES);
  expect(await changed("/o/", "awaiting", pause, fetch, () => true)).toBe(false);
  expect(asked.mock.calls.length).toBe(TIMES);
});
