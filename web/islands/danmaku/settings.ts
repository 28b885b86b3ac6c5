/** How a reader wants danmaku; kept in this browser. */
export interface Wishes {
  on: boolean;
  /** 0.2 to 1. */
  opacity: number;
  /** CSS pixels of the letters. */
  size: number;
  /** Share of the picture's height that lines may cover. */
  area: number;
}

export const USUAL: Wishes = { on: true, opacity: 0.9, size: 20, area: 0.5 };
const KEY = "haishi:danmaku";

const within = (value: unknown, least: number, most: number, usual: number): number =>
  typeof value === "number" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;

/** What was kept, made valid; the usual where nothing or nonsense was. */
export function read(store: Pick<Storage, "getItem">): Wishes {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? "{}") as Partial<Wishes>;
    return {
      on: kept.on !== false,
      opacity: within(kept.opacity, 0.2, 1, USUAL.opacity),
      size: within(kept.size, 14, 36, USUAL.size),
      area: within(kept.area, 0.25, 1, USUAL.area),
    };
  } catch {
    return { ...USUAL };
  }
}

export function keep(store: Pick<Storage, "setItem">, wishes: Wishes): void {
  try {
    store.setItem(KEY, JSON.stringify(wishes));
  } catch {
    // A private window without storage: the wish holds for this page.
  }
}
