import { Lanes, Shelf, type Flight, headOf, gone, speedOf } from "./lanes";
import type { Wishes } from "./settings";

/** Colours a line may have, by its index (wire/messages.py, Said.colour): light enough over any picture with a dark edge. */
export const COLOURS = ["#ffffff", "#f2a285", "#e2bf6c", "#a6cf90", "#62c4bf", "#9bbef2", "#c8a8e2"] as const;

/** A line to show. `style`: 1 rolling (0 too), 2 at the top, 3 at the bottom. */
export interface Line {
  text: string;
  style: number;
  colour: number;
  own: boolean;
}

interface Sprite {
  bitmap: HTMLCanvasElement;
  /** CSS pixels. */
  width: number;
}

interface Shown extends Flight {
  sprite: Sprite;
  y: number;
  /** Of standing lines: when they go. */
  until?: number;
}

/** How long a standing line stays, in milliseconds. */
const STANDING = 4_000;
/** Lines beyond this are left out: more cannot be read. */
export const MOST = 200;
const FAMILY = '"Haishi Sans", "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

/**
 * Lines across a picture, on one canvas. Each line is drawn once, into a bitmap of its own, and then only copied: a frame
 * costs one copy a line. The clock stands when the picture does, and so do the lines.
 */
export class Layer {
  readonly canvas = document.createElement("canvas");
  readonly #pen = this.canvas.getContext("2d");
  #lanes = new Lanes(1);
  #top = new Shelf();
  #bottom = new Shelf();
  #shown: Shown[] = [];
  #width = 0;
  #height = 0;
  #ratio = 1;
  /** The layer's own clock, in milliseconds: runs only while it moves. */
  #now = 0;
  #before: number | null = null;
  #frame = 0;
  #moving = false;
  /** Milliseconds the last frame took to draw, for measurements. */
  cost = 0;

  constructor(private wishes: Wishes) {
    this.canvas.className = "danmaku";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Lines on the picture now. */
  get count(): number {
    return this.#shown.length;
  }

  get #row(): number {
    return Math.round(this.wishes.size * 1.5);
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return;
    [this.#width, this.#height, this.#ratio] = [width, height, ratio];
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.#measure();
  }

  set(wishes: Wishes): void {
    this.wishes = wishes;
    this.#measure();
    if (!wishes.on) this.clear();
  }

  #measure(): void {
    this.#lanes.resize(Math.floor((this.#height * this.wishes.area) / this.#row));
    this.canvas.style.opacity = String(this.wishes.opacity);
  }

  clear(): void {
    this.#shown = [];
    this.#lanes.clear();
    this.#top.clear();
    this.#bottom.clear();
    this.#pen?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Shows a line; false when there is no room for it (it stands in the list all the same). */
  add(line: Line): boolean {
    if (!this.wishes.on || !this.#width || (this.#shown.length >= MOST && !line.own)) return false;
    const sprite = this.#sprite(line);
    const placed = line.style === 2 || line.style === 3 ? this.#stand(line, sprite) : this.#roll(line, sprite);
    if (placed && this.#moving) this.#next();
    return placed;
  }

  #roll(line: Line, sprite: Sprite): boolean {
    const flight = { width: sprite.width, speed: speedOf(sprite.width, this.#width), began: this.#now };
    const lane = line.own ? this.#lanes.force(flight, this.#width) : this.#lanes.take(flight, this.#width);
    if (lane < 0) return false;
    this.#shown.push(Object.assign(flight, { sprite, y: lane * this.#row + 4 }));
    return true;
  }

  #stand(line: Line, sprite: Sprite): boolean {
    const until = this.#now + STANDING;
    const places = Math.max(1, Math.floor(this.#lanes.count / 2));
    const place = (line.style === 2 ? this.#top : this.#bottom).take(this.#now, until, places);
    if (place < 0 && !line.own) return false;
    const row = Math.max(place, 0) * this.#row + 4;
    // The bottom row stands above the bar of the player.
    const y = line.style === 2 ? row : this.#height - row - this.#row - 56;
    this.#shown.push({ sprite, width: sprite.width, speed: 0, began: this.#now, y, until });
    return true;
  }

  #sprite(line: Line): Sprite {
    const bitmap = document.createElement("canvas");
    const pen = bitmap.getContext("2d");
    const size = this.wishes.size;
    const font = `600 ${size}px ${FAMILY}`;
    if (!pen) return { bitmap, width: line.text.length * size };
    pen.font = font;
    const width = Math.ceil(pen.measureText(line.text).width) + 12;
    bitmap.width = Math.ceil(width * this.#ratio);
    bitmap.height = Math.ceil(this.#row * this.#ratio);
    pen.scale(this.#ratio, this.#ratio);
    pen.font = font;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(10, 23, 28, 0.85)";
    pen.strokeText(line.text, 6, this.#row / 2);
    pen.fillStyle = COLOURS[line.colour] ?? COLOURS[0];
    pen.fillText(line.text, 6, this.#row / 2);
    if (line.own) {
      pen.strokeStyle = "#62c4bf";
      pen.lineWidth = 2;
      pen.strokeRect(1, 1, width - 2, this.#row - 2);
    }
    return { bitmap, width };
  }

  move(moving: boolean): void {
    if (moving === this.#moving) return;
    this.#moving = moving;
    this.#before = null;
    if (moving) this.#next();
    else cancelAnimationFrame(this.#frame), (this.#frame = 0);
  }

  #next(): void {
    this.#frame ||= requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#frame = 0;
    // A page that was hidden comes back where it was, not a minute later.
    this.#now += this.#before === null ? 16 : Math.min(100, now - this.#before);
    this.#before = now;
    const began = performance.now();
    this.paint();
    this.cost = performance.now() - began;
    if (this.#moving && this.#shown.length) this.#next();
    else this.#before = null;
  }

  /** One frame, as of the layer's clock. */
  paint(): void {
    const pen = this.#pen;
    if (!pen) return;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const [ratio, stage, now] = [this.#ratio, this.#width, this.#now];
    this.#shown = this.#shown.filter((each) => now < (each.until ?? gone(each, stage)));
    for (const each of this.#shown) {
      const x = each.until ? (stage - each.width) / 2 : headOf(each, stage, now);
      pen.drawImage(each.sprite.bitmap, Math.round(x * ratio), Math.round(each.y * ratio));
    }
  }

  close(): void {
    this.move(false);
    this.clear();
    this.canvas.remove();
  }
}
