/** What can go wrong between the browser and the house. The words are the server's: `<template data-flash="…">`. */
export type Trouble = "offline" | "server" | "forbidden" | "missing" | "too-many" | "too-large" | "sign-in";

export function troubleFor(status: number): Trouble {
  if (status === 401) return "sign-in";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "missing";
  if (status === 413) return "too-large";
  if (status === 429) return "too-many";
  return "server";
}

function show(notice: HTMLElement): void {
  document.getElementById("flashes")?.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/**
 * A refusal that the house answered to a fragment request (`partials/refusal.html`): its words go among the notices and the
 * page stays as it was. Returns false for any other text.
 */
export function showRefusal(text: string): boolean {
  if (!text.includes("data-refusal")) return false;
  const notice = new DOMParser().parseFromString(text, "text/html").querySelector<HTMLElement>("[data-refusal] > .notice");
  if (notice) show(document.importNode(notice, true));
  return notice !== null;
}

/** Shows one notice in the page's live region; the same notice is not shown twice in a row. */
export function flash(trouble: Trouble): void {
  const region = document.getElementById("flashes");
  const words = document.querySelector<HTMLTemplateElement>(`template[data-flash="${trouble}"]`);
  if (!region || !words) return;
  region.querySelector(`[data-trouble="${trouble}"]`)?.remove();
  const notice = words.content.firstElementChild?.cloneNode(true);
  if (!(notice instanceof HTMLElement)) return;
  notice.dataset["trouble"] = trouble;
  show(notice);
}
