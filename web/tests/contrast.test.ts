import { expect, test } from "vitest";
import tokens from "../styles/tokens.css?raw";

type Palette = Record<string, string>;

function palette(selector: string): Palette {
  const start = tokens.indexOf("{", tokens.indexOf(selector));
  const block = tokens.slice(start, tokens.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["page", "surface", "sunk"];
const TEXTS = ["ink", "ink-2", "ink-3", "qing", "qing-hover", "jiang", "sha", "ok", "danger", "info"];

function pairs(): [string, string, number][] {
  const words = TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string, number] => [text, ground, 4.5]));
  const tints = ["qing", "jiang", "sha", "ok", "danger", "info"].flatMap((kind): [string, string, number][] => [
    [kind, `${kind}-tint`, 4.5],
    ["ink", `${kind}-tint`, 4.5],
  ]);
  const pressed: [string, string, number][] = [
    ["on-qing", "qing", 4.5],
    ["on-qing", "qing-hover", 4.5],
    ["on-danger", "danger", 4.5],
    ["on-jiang", "jiang", 4.5],
    ["edge", "page", 3],
    ["edge", "surface", 3],
    ["edge", "sunk", 3],
  ];
  const hues = ["qing", "jiang", "sha", "lan", "zi", "cao"].map((hue): [string, string, number] => [`hue-${hue}`, "surface", 4.5]);
  return [...words, ...tints, ...pressed, ...hues];
}

test.each([
  ["light", ':root,\n  [data-theme="light"]'],
  ["dark by the system", ':root:not([data-theme="light"])'],
  ["dark by choice", '[data-theme="dark"]'],
])("every pair of colours can be read: %s", (_, selector) => {
  const colours = palette(selector);
  const faint = pairs()
    .map(([front, back, least]) => ({ front, back, least, ratio: contrast(colours[front]!, colours[back]!) }))
    .filter(({ ratio, least }) => !(ratio >= least));
  expect(faint).toEqual([]);
});

test("dark is the same whether the system or the reader chose it", () => {
  expect(palette('[data-theme="dark"]')).toEqual(palette(':root:not([data-theme="light"])'));
});
