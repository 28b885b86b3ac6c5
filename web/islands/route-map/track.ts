/** A place on the drawn map and when the walk was there, in seconds from its start. */
export interface Spot {
  x: number;
  y: number;
  seconds: number;
}

/** Where the walk is at a second: between the two spots around it, at an end beyond them. `null`: a route without spots. */
export function placeAt(spots: readonly Spot[], seconds: number): { x: number; y: number } | null {
  const first = spots[0];
  if (!first) return null;
  const next = spots.findIndex((spot) => spot.seconds > seconds);
  if (next === 0) return { x: first.x, y: first.y };
  const last = spots.at(-1) as Spot;
  if (next < 0) return { x: last.x, y: last.y };
  const [one, other] = [spots[next - 1] as Spot, spots[next] as Spot];
  const share = (seconds - one.seconds) / (other.seconds - one.seconds);
  return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share };
}
