/** `<details class="menu">` closes on Escape and on a press outside; `<dialog>` opens from `data-dialog="id"`. */
export function startMenus(): void {
  const close = (except?: Node): void => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("pointerdown", (event) => close(event.target as Node));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest<HTMLDetailsElement>("details.menu[open]");
    close();
    menu?.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-dialog], [data-close], [data-dismiss]");
    if (!pressed) return;
    if (pressed.dataset["dialog"]) {
      const dialog = document.getElementById(pressed.dataset["dialog"]);
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if ("close" in pressed.dataset) pressed.closest("dialog")?.close();
    else pressed.closest(".notice")?.remove();
  });
}
