import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import examples from "./messages.json";
import { Malformed, read, readItem, readToBrowser, TABLES, write, writeFromBrowser } from "./messages";

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (content: Uint8Array): string => [...content].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe("messages", () => {
  it("reads what Python writes, shorter and longer ones too", () => {
    for (const { group, message, bytes: content } of examples) {
      expect(read(TABLES[group as keyof typeof TABLES], bytes(content))).toEqual(message);
    }
  });

  it("writes the same bytes as Python", () => {
    const same = examples.filter(({ use }) => use === "same");
    expect(same.length).toBe(19);
    for (const { group, message, bytes: content } of same) {
      expect(hex(write(TABLES[group as keyof typeof TABLES], message))).toBe(content);
    }
  });

  it("fills in what a page leaves out", () => {
    expect(hex(writeFromBrowser({ type: "Join", room: "live-1" }))).toBe(hex(encode([2, "live-1", 0, 0])));
  });

  it("refuses what is none", () => {
    const wrong = [encode("text"), encode([2, "room"]), encode([3, "nonce", "1", "text"]), bytes("c1"), bytes("")];
    for (const content of wrong) expect(() => readToBrowser(content)).toThrow(Malformed);
    expect(() => writeFromBrowser({ type: "Leave", room: "1" as unknown as number })).toThrow(Malformed);
  });

  it("leaves out what a later release says", () => {
    expect(readToBrowser(encode([200, 1]))).toBeUndefined();
    expect(readItem(encode([200, 1]))).toBeUndefined();
  });
});
