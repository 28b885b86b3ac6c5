interface IosVideo extends HTMLVideoElement {
  webkitEnterFullscreen?: () => void;
}

/** Whether the player fills the screen, by the browser's way or by ours. */
export const fullElement = (player: HTMLElement): boolean =>
  document.fullscreenElement === player || player.hasAttribute("data-filled");

/**
 * Fills the screen with the picture and what lies over it. Phones turn to landscape where they let a page ask for it. An
 * iPhone gives full screen to bare videos only: there the player fills the window instead, so that danmaku stay.
 */
export async function toFull(player: HTMLElement, video: IosVideo): Promise<void> {
  if (!document.fullscreenEnabled) {
    player.setAttribute("data-filled", "");
    player.dispatchEvent(new Event("fullscreenchange", { bubbles: true }));
    return;
  }
  try {
    await player.requestFullscreen({ navigationUI: "hide" });
    const orientation = screen.orientation as { lock?: (to: string) => Promise<void> } | undefined;
    if (matchMedia("(pointer: coarse)").matches && video.videoWidth > video.videoHeight) await orientation?.lock?.("landscape");
  } catch {
    // Refused, or a desk that cannot be turned: what was granted stays.
  }
}

export async function leaveFull(player: HTMLElement): Promise<void> {
  if (player.hasAttribute("data-filled")) {
    player.removeAttribute("data-filled");
    player.dispatchEvent(new Event("fullscreenchange", { bubbles: true }));
  } else if (document.fullscreenElement) await document.exitFullscreen();
}
