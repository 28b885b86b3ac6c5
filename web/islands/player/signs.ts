import { svg, type TemplateResult } from "lit";

/** Strokes of the player's own buttons, on the house's 24-unit square (haishi/foundation/templatetags/icons.py). */
const STROKES = {
  play: svg`<path d="M8 5.5v13l10.5-6.5z"/>`,
  pause: svg`<path d="M8.5 5.5v13M15.5 5.5v13"/>`,
  sound: svg`<path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,
  mute: svg`<path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5"/>`,
  captions: svg`<path d="M3.5 5.5h17v13h-17zM10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3"/>`,
  window: svg`<path d="M3.5 5.5h17v13h-17zM12.5 12.5h8v6h-8z"/>`,
  full: svg`<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>`,
  whole: svg`<path d="M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5"/>`,
  danmaku: svg`<path d="M3.5 5.5h17v11h-9l-4 3.5v-3.5h-4zM7.5 9.5h5M9.5 13h7M15 9.5h1.5"/>`,
  angle: svg`<path d="M3.5 7.5h11v9h-11zM14.5 11l6-3.5v9l-6-3.5"/>`,
  newest: svg`<path d="M5 6v12l8-6zM13 6v12l6-6zM19.5 6v12"/>`,
  heart: svg`<path d="M12 19.5C6 15.5 3.5 12.5 3.5 9.2A4.4 4.4 0 0 1 12 7.4a4.4 4.4 0 0 1 8.5 1.8c0 3.3-2.5 6.3-8.5 10.3z"/>`,
  gear: svg`<path d="M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h11M19 12h1M17 10v4"/>`,
} as const;

export type Sign = keyof typeof STROKES;

/** An icon; the words stand on the button. */
export const sign = (name: Sign): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${STROKES[name]}</svg>` as TemplateResult;
