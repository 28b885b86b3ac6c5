/** The part of tus 1.0 (https://tus.io/protocols/resumable-upload) that the house speaks: creation, PATCH, HEAD. */
export const CHUNK = 5 * 1024 * 1024;
const VERSION = { "Tus-Resumable": "1.0.0" };

export interface Answer {
  status: number;
  header(name: string): string | null;
  text: string;
}

export interface Call {
  method: "POST" | "PATCH" | "HEAD";
  url: string;
  headers: Record<string, string>;
  body?: Blob;
  /** Bytes of this body that have left. */
  sent?: (bytes: number) => void;
  signal: AbortSignal;
}

/** Sends one request. Rejects with TypeError when the network fails, with an AbortError when the reader stops it. */
export type Transport = (call: Call) => Promise<Answer>;

/** Where unfinished uploads are remembered, by file; localStorage fits. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The server refused; `text` is what it said, for the person. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super(text || String(status));
  }
}

export interface Options {
  endpoint: string;
  send: Transport;
  memory: Memory;
  csrf: string;
  signal: AbortSignal;
  /** Bytes that the server holds or that are on their way. */
  progress: (bytes: number, total: number) => void;
  /** Waits before the next attempt. */
  pause: (milliseconds: number) => Promise<void>;
  chunk?: number;
}

const ATTEMPTS = 6;
const key = (file: File): string => `upload:${file.name}:${file.size}:${file.lastModified}`;

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

async function create(file: File, options: Options): Promise<string> {
  const answer = await options.send({
    method: "POST",
    url: options.endpoint,
    headers: {
      ...VERSION,
      "X-CSRFToken": options.csrf,
      "Upload-Length": String(file.size),
      "Upload-Metadata": `filename ${base64(file.name)},filetype ${base64(file.type || "application/octet-stream")}`,
    },
    signal: options.signal,
  });
  const location = answer.header("Location");
  if (answer.status !== 201 || !location) throw new Refused(answer.status, answer.text);
  options.memory.setItem(key(file), location);
  return location;
}

/** Bytes the server already holds, or null when it no longer knows the upload. */
async function held(location: string, options: Options): Promise<number | null> {
  const answer = await options.send({ method: "HEAD", url: location, headers: VERSION, signal: options.signal });
  const offset = Number(answer.header("Upload-Offset") ?? "x");
  return answer.status < 300 && Number.isInteger(offset) ? offset : null;
}

interface Piece {
  offset: number;
  /** What became of the finished file, as the house says it (`Upload-Asset`). */
  asset: string | null;
}

async function patch(file: File, location: string, offset: number, options: Options): Promise<Piece> {
  const body = file.slice(offset, offset + (options.chunk ?? CHUNK));
  const answer = await options.send({
    method: "PATCH",
    url: location,
    headers: {
      ...VERSION,
      "X-CSRFToken": options.csrf,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
    },
    body,
    sent: (bytes) => options.progress(offset + bytes, file.size),
    signal: options.signal,
  });
  if (answer.status === 409) throw new TypeError("the server holds another number of bytes");
  if (answer.status >= 500) throw new TypeError(`the server answered ${answer.status}`);
  if (answer.status !== 204) throw new Refused(answer.status, answer.text);
  return { offset: Number(answer.header("Upload-Offset") ?? offset + body.size), asset: answer.header("Upload-Asset") };
}

/**
 * Uploads a file in chunks and returns the id of what it became: the server's `Upload-Asset`, or the last part of the upload's
 * address where a server names none. Goes on where an earlier attempt stopped, also after the page was closed.
 * A failing network is tried again up to six times in a row, 1 s, 2 s, 4 s … apart. Throws Refused when the server says no, and the
 * last TypeError when the network stays away.
 */
export async function upload(file: File, options: Options): Promise<string> {
  const remembered = options.memory.getItem(key(file));
  let offset = remembered ? await held(remembered, options) : null;
  const location = remembered && offset !== null ? remembered : await create(file, options);
  offset ??= 0;
  let failures = 0;
  let asset: string | null = null;
  // An empty piece at the end asks a server that already holds everything what the file became: the answer to the last
  // piece may have been lost.
  for (let last = offset === file.size; offset < file.size || last; ) {
    try {
      const piece: Piece = await patch(file, location, offset, options);
      last = false;
      offset = piece.offset;
      asset = piece.asset;
      options.progress(offset, file.size);
      failures = 0;
    } catch (error) {
      if (!(error instanceof TypeError) || ++failures >= ATTEMPTS) throw error;
      await options.pause(1000 * 2 ** (failures - 1));
      offset = (await held(location, options).catch(() => offset)) ?? offset;
      last = offset === file.size;
    }
  }
  options.memory.removeItem(key(file));
  return asset ?? location.replace(/\/+$/, "").split("/").pop() ?? "";
}
