/** One picture that a viewer may choose: the programme or an angle beside it. */
export interface Angle {
  /** `programme`, or the number of a camera. */
  name: string;
  label: string;
  /** Address of the HLS playlist, with its token `?w=…` while it is guarded. */
  hls: string;
  /** Of a replay, whose angles are the parts of its recording in turn: seconds of the replay before it, and its own. */
  offset?: number;
  seconds?: number;
}

/** What the house answers to "where can I watch?". `until`: seconds since 1970 when the tokens end, 0: never. */
export interface Playback {
  angles: Angle[];
  until: number;
}

/** How long before its end a token is fetched anew, in milliseconds: long enough for a slow house and two more tries. */
export const EARLY = 60_000;

/** Milliseconds to wait before the tokens are fetched again; `null`: they never end. A past end means now. */
export function refreshIn(until: number, now: number): number | null {
  return until === 0 ? null : Math.max(0, until * 1000 - now - EARLY);
}

/** The token of a playback address, or "". */
export function tokenOf(address: string): string {
  return /[?&]w=([^&]*)/.exec(address)?.[1] ?? "";
}

/**
 * The same address with another token: playlists name their parts with the token they were fetched with, and that one may be
 * over when the part is wanted. Addresses that carry no token are left alone.
 */
export function withToken(address: string, token: string): string {
  return token ? address.replace(/([?&]w=)[^&]*/, `$1${token}`) : address;
}

/** The part of a replay that holds this second, and how far into it; the last one for whatever lies beyond. */
export function partAt(playback: Playback, seconds: number): { part: Angle; from: number } | null {
  const part = playback.angles.filter((each) => (each.offset ?? 0) <= seconds).at(-1) ?? playback.angles[0];
  return part ? { part, from: Math.max(0, seconds - (part.offset ?? 0)) } : null;
}

/** The part of a replay after this one. */
export function partAfter(playback: Playback, name: string): Angle | undefined {
  const at = playback.angles.findIndex((each) => each.name === name);
  return at < 0 ? undefined : playback.angles[at + 1];
}

/** Seconds of a whole replay; `NaN` while unknown. */
export function lengthOf(playback: Playback): number {
  const last = playback.angles.at(-1);
  return last?.seconds === undefined ? Number.NaN : (last.offset ?? 0) + last.seconds;
}

/** The chosen angle, else the first. */
export function angleNamed(playback: Playback, name: string): Angle | undefined {
  return playback.angles.find((angle) => angle.name === name) ?? playback.angles[0];
}

/** A playback as the house writes it: on the page, and when it is asked again. */
export interface Written {
  /** ISO 8601; null: the addresses hold. */
  until?: string | null;
  angles?: { stream: string; label: string; sources: { kind: string; url: string }[]; offset?: number; seconds?: number }[];
}

/** Kinds of sources that an HLS player plays, the quickest first. */
const QUICKEST = ["ll-hls", "hls"];

/** What the house wrote, as the player needs it; `null` when there is nothing to play. */
export function readPlayback(written: Written | null | undefined): Playback | null {
  const angles = (written?.angles ?? []).flatMap(({ stream, label, sources, offset, seconds }): Angle[] => {
    const hls = QUICKEST.map((kind) => sources.find((source) => source.kind === kind)).find(Boolean)?.url;
    if (!hls) return [];
    return [{ name: stream, label, hls, ...(offset === undefined ? {} : { offset }), ...(seconds === undefined ? {} : { seconds }) }];
  });
  const until = Date.parse(written?.until ?? "");
  return angles.length ? { angles, until: Number.isNaN(until) ? 0 : until / 1000 } : null;
}

/** Asks the house. `null`: it cannot be reached or has nothing to show; the caller tries again. */
export async function fetchPlayback(address: string, signal: AbortSignal): Promise<Playback | null> {
  if (!address) return null;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
    return answer.ok ? readPlayback(((await answer.json()) as { playback?: Written }).playback) : null;
  } catch {
    return null;
  }
}
