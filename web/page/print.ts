/** `<button data-print hidden>`: shown where a script can print, and prints the page. */
export function startPrint(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
