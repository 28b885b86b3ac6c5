import type { History, Listener } from "../../rooms/room";

export type { History, Listener };
export type { Placed } from "../../rooms/frames";

/** What the page needs of a room; `Room` of web/rooms is one, a test's stand-in another. */
export interface Line {
  /** Resolves when the line is kept; rejects with NotSaid. */
  say(text: string, style?: number, colour?: number): Promise<{ offset: number; text: string }>;
  like(count: number): void;
  remove(offset: number): void;
  history(before: { epoch: number; offset: number } | string): Promise<History>;
  leave(): void;
}
