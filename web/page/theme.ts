/**
 * The theme links work without this (the server sets the cookie and the page comes back in the new theme); here the change
 * is made in place. `auto` follows the system and removes the cookie.
 */
export function startTheme(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-set-theme]");
    if (!link || event.defaultPrevented || (event as MouseEvent).metaKey || (event as MouseEvent).ctrlKey) return;
    event.preventDefault();
    const theme = link.dataset["setTheme"] ?? "auto";
    const root = document.documentElement;
    const lifetime = theme === "auto" ? 0 : 31_536_000;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
    if (theme === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
    for (const other of document.querySelectorAll<HTMLAnchorElement>("a[data-set-theme]")) {
      if (other.dataset["setTheme"] === theme) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  });
}
