import { define, Island } from "../island";
import type { Player } from "../player/index";
import { placeAt, type Spot } from "./track";

interface Props {
  spots: Spot[];
  /** Milliseconds since 1970 when the walk began, of a live; `null`: not yet, or a replay, whose seconds count from its start. */
  began: number | null;
}

/**
 * `<hs-route-map>` around the house's `<svg>` of a walk: moves the walker (`[data-walker]`) along the track with the picture, and marks
 * the station it has reached. Without script the map is a picture with links.
 */
class RouteMap extends Island<Props> {
  override connectedCallback(): void {
    super.connectedCallback();
    const walker = this.querySelector<SVGElement>("[data-walker]");
    if (!walker || this.props.spots.length < 2) return;
    const beat = setInterval(() => this.#move(walker), 500);
    this.onLeave(() => clearInterval(beat));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #seconds(): number | null {
    const player = document.querySelector<Player>("hs-player");
    if (!player?.state) return null;
    if (!player.live) return player.time;
    return player.at === null || this.props.began === null ? null : (player.at - this.props.began) / 1000;
  }

  #move(walker: SVGElement): void {
    const seconds = this.#seconds();
    const place = seconds === null ? null : placeAt(this.props.spots, seconds);
    walker.toggleAttribute("hidden", place === null);
    if (!place || seconds === null) return;
    walker.setAttribute("transform", `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`);
    const stations = [...this.querySelectorAll<SVGElement>("[data-after]")];
    const here = stations.filter((each) => Number(each.dataset["after"]) <= seconds).at(-1);
    for (const each of stations) each.toggleAttribute("data-here", each === here);
  }
}

define("hs-route-map", RouteMap);
