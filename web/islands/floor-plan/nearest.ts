export interface Spot {
  x: number;
  y: number;
}

export type Way = "left" | "right" | "up" | "down";

/**
 * The place to go from `from` in a direction: the nearest within 60° of it, sideways distance counting double, so that a row of booths is
 * walked along before the next row is entered. Returns its index, or -1 at the edge.
 */
export function nearest(from: Spot, spots: readonly Spot[], way: Way): number {
  const horizontal = way === "left" || way === "right";
  const sign = way === "right" || way === "down" ? 1 : -1;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  spots.forEach((spot, index) => {
    const along = sign * (horizontal ? spot.x - from.x : spot.y - from.y);
    const aside = Math.abs(horizontal ? spot.y - from.y : spot.x - from.x);
    if (along <= 0.5 || aside > along * Math.sqrt(3)) return;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [index, cost];
  });
  return best;
}
