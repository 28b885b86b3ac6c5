import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, judge, Queue } from "./queue";

describe("the queue of a gate", () => {
  beforeEach(() => localStorage.clear());

  it("reads the code of a scanned and of a typed badge", () => {
    expect(codeOf("HS1.AB12CD34.c2lnbmF0dXJl")).toBe("AB12CD34");
    expect(codeOf(" ab12cd34 ")).toBe("AB12CD34");
  });

  it("answers without a network from the badges it keeps", () => {
    const queue = new Queue(1);
    queue.keep([["AB12CD34", "苏晚", "观众"]]);
    expect(judge("AB12CD34", queue.badges, queue.noted)).toEqual({ result: "accepted", name: "苏晚" });
    queue.add("HS1.AB12CD34.x");
    expect(judge("AB12CD34", queue.badges, queue.noted).result).toBe("already");
    expect(judge("NOBODY22", queue.badges, queue.noted).result).toBe("unknown");
  });

  it("keeps entries over a reload until the server has answered each", () => {
    const first = new Queue(1).add("AB12CD34");
    const second = new Queue(1).add("EF56GH78");
    const queue = new Queue(1);
    expect(queue.waiting.map((entry) => entry.key)).toEqual([first.key, second.key]);
    queue.answered([{ key: first.key, result: "accepted", name: "苏晚" }]);
    expect(queue.waiting.map((entry) => entry.key)).toEqual([second.key]);
  });

  it("keeps gates apart", () => {
    new Queue(1).add("AB12CD34");
    expect(new Queue(2).waiting).toEqual([]);
  });
});
