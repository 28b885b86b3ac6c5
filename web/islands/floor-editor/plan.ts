/** A booth on the floor, in whole decimetres from the hall's top left corner. */
export interface Booth {
  id: number | null;
  code: string;
  x: number;
  y: number;
  width: number;
  depth: number;
  /** The firm that holds it, "" when nobody does. */
  name: string;
}

export interface Floor {
  width: number;
  depth: number;
}

export interface Rows {
  rows: number;
  columns: number;
  width: number;
  depth: number;
  aisle: number;
}

export const SMALLEST = 10;
export const LARGEST = 2000;

/** Half-open rectangles: two that touch do not overlap. */
export function overlaps(a: Booth, b: Booth): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.depth && b.y < a.y + a.depth;
}

export function inside(booth: Booth, floor: Floor): boolean {
  return booth.x >= 0 && booth.y >= 0 && booth.x + booth.width <= floor.width && booth.y + booth.depth <= floor.depth;
}

/** The booths that overlap, lie outside, have an impossible size or a code that is empty or used twice. */
export function faulty(booths: readonly Booth[], floor: Floor): Set<Booth> {
  const wrong = new Set<Booth>();
  const codes = new Map<string, Booth>();
  let near: Booth[] = [];
  for (const booth of [...booths].sort((a, b) => a.x - b.x)) {
    near = near.filter((other) => other.x + other.width > booth.x);
    for (const other of near) if (overlaps(booth, other)) wrong.add(booth).add(other);
    near.push(booth);
    const twin = codes.get(booth.code);
    if (twin) wrong.add(booth).add(twin);
    codes.set(booth.code, booth);
    const sizes = [booth.width, booth.depth];
    if (!booth.code || !inside(booth, floor) || sizes.some((n) => n < SMALLEST || n > LARGEST)) wrong.add(booth);
  }
  return wrong;
}

/** Keeps a booth on the floor, on the decimetre. */
export function placed(booth: Booth, x: number, y: number, floor: Floor): Booth {
  const within = (value: number, most: number) => Math.max(0, Math.min(Math.round(value), most));
  return { ...booth, x: within(x, floor.width - booth.width), y: within(y, floor.depth - booth.depth) };
}

/** Resizes from the bottom right corner, not beyond the floor. */
export function sized(booth: Booth, width: number, depth: number, floor: Floor): Booth {
  const within = (value: number, most: number) => Math.max(SMALLEST, Math.min(Math.round(value), most, LARGEST));
  return { ...booth, width: within(width, floor.width - booth.x), depth: within(depth, floor.depth - booth.y) };
}

/** The number after the highest that a code with this prefix carries. */
export function nextNumber(booths: readonly Booth[], prefix: string): number {
  const numbers = booths
    .map((booth) => booth.code)
    .filter((code) => code.startsWith(prefix) && /^\d+$/.test(code.slice(prefix.length)))
    .map((code) => Number(code.slice(prefix.length)));
  return Math.max(0, ...numbers) + 1;
}

export const codeOf = (prefix: string, number: number): string => `${prefix}${String(number).padStart(2, "0")}`;

/** Rows of booths from (x, y): back to back in pairs, an aisle between the pairs. The server makes the same ones. */
export function rowsAt(booths: readonly Booth[], prefix: string, x: number, y: number, rows: Rows): Booth[] {
  let number = nextNumber(booths, prefix);
  const made: Booth[] = [];
  for (let row = 0; row < rows.rows; row++) {
    const top = y + row * rows.depth + Math.floor((row + 1) / 2) * rows.aisle;
    for (let column = 0; column < rows.columns; column++) {
      const left = x + column * rows.width;
      made.push({ id: null, code: codeOf(prefix, number++), x: left, y: top, width: rows.width, depth: rows.depth, name: "" });
    }
  }
  return made;
}

/** The first free spot for a booth of this size, row by row in steps of half a metre; null when the hall is full. */
export function freeSpot(booths: readonly Booth[], floor: Floor, width: number, depth: number): { x: number; y: number } | null {
  for (let y = 0; y + depth <= floor.depth; y += 5) {
    for (let x = 0; x + width <= floor.width; x += 5) {
      const probe: Booth = { id: null, code: "", x, y, width, depth, name: "" };
      if (!booths.some((other) => overlaps(probe, other))) return { x, y };
    }
  }
  return null;
}
