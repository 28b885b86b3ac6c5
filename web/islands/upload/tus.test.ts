import { beforeEach, expect, test } from "vitest";
import { type Answer, type Call, type Options, Refused, upload } from "./tus";

/** A tus server in memory, as far as the protocol goes; `fail` makes the next PATCHes fail in a chosen way. */
class Server {
  bytes = new Map<string, string>();
  calls: string[] = [];
  fail: (() => Answer | Promise<never>)[] = [];
  refuse: Answer | null = null;
  asset = "";

  send = async (call: Call): Promise<Answer> => {
    this.calls.push(call.method);
    if (call.signal.aborted) throw new DOMException("stopped", "AbortError");
    if (call.method === "POST") {
      if (this.refuse) return this.refuse;
      const location = `${call.url}${this.bytes.size + 1}`;
      this.bytes.set(location, "");
      return answer(201, { Location: location });
    }
    const held = this.bytes.get(call.url);
    if (held === undefined) return answer(404);
    if (call.method === "HEAD") return answer(200, { "Upload-Offset": String(held.length) });
    const failing = this.fail.shift();
    if (failing) return failing();
    if (Number(call.headers["Upload-Offset"]) !== held.length) return answer(409);
    this.bytes.set(call.url, held + (await text(call.body!)));
    const length = this.bytes.get(call.url)!.length;
    return answer(204, { "Upload-Offset": String(length), ...(length === 10 && this.asset ? { "Upload-Asset": this.asset } : {}) });
  };
}

// jsdom's Blob has no text().
const text = (blob: Blob): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsText(blob);
  });
const answer = (status: number, headers: Record<string, string> = {}, body = ""): Answer => ({
  status,
  text: body,
  header: (name) => headers[name] ?? null,
});

let server: Server;
let memory: Map<string, string>;
let waits: number[];
let seen: number[];
const file = new File(["0123456789"], "图.bin", { lastModified: 1 });

function options(): Options {
  return {
    endpoint: "/media/uploads/",
    send: server.send,
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    },
    csrf: "token",
    signal: new AbortController().signal,
    progress: (bytes) => seen.push(bytes),
    pause: async (wait) => void waits.push(wait),
    chunk: 4,
  };
}

beforeEach(() => {
  server = new Server();
  memory = new Map();
  waits = [];
  seen = [];
});

test("a file arrives in pieces and nothing is remembered afterwards", async () => {
  expect(await upload(file, options())).toBe("1");
  expect(server.bytes.get("/media/uploads/1")).toBe("0123456789");
  expect(server.calls).toEqual(["POST", "PATCH", "PATCH", "PATCH"]);
  expect(seen).toEqual([4, 8, 10]);
  expect(memory.size).toBe(0);
});

test("a failing network is tried again from what the server holds, later each time", async () => {
  server.fail = [() => Promise.reject(new TypeError("network")), () => answer(503)];
  await upload(file, options());
  expect(server.bytes.get("/media/uploads/1")).toBe("0123456789");
  expect(waits).toEqual([1000, 2000]);
});

test("a network that stays away ends the attempt, and the next one goes on where it stopped", async () => {
  const first = options();
  const away = () => Promise.reject<never>(new TypeError("network"));
  let pieces = 0;
  first.send = (call) => (call.method === "PATCH" && ++pieces > 1 ? away() : server.send(call));
  await expect(upload(file, first)).rejects.toThrow("network");
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16000]);
  server.calls = [];
  await upload(file, options());
  expect(server.bytes.get("/media/uploads/1")).toBe("0123456789");
  expect(server.calls).toEqual(["HEAD", "PATCH", "PATCH"]);
});

test("an upload that the server has forgotten begins anew", async () => {
  memory.set("upload:图.bin:10:1", "/media/uploads/99");
  expect(await upload(file, options())).toBe("1");
  expect(server.bytes.get("/media/uploads/1")).toBe("0123456789");
});

test("a refusal carries the server's words and is not tried again", async () => {
  server.refuse = answer(413, {}, "文件太大");
  await expect(upload(file, options())).rejects.toEqual(new Refused(413, "文件太大"));
  expect(server.calls).toEqual(["POST"]);
  expect(waits).toEqual([]);
});

test("what the file became is known even when the last answer was lost", async () => {
  server.asset = "a7";
  const lossy = options();
  let pieces = 0;
  lossy.send = async (call) => {
    const said = await server.send(call);
    if (call.method === "PATCH" && ++pieces === 3) throw new TypeError("network");
    return said;
  };
  expect(await upload(file, lossy)).toBe("a7");
  expect(server.calls).toEqual(["POST", "PATCH", "PATCH", "PATCH", "HEAD", "PATCH"]);
  expect(server.bytes.get("/media/uploads/1")).toBe("0123456789");
});
