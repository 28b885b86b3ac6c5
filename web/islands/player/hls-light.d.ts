/** The build of hls.js without subtitles, DRM and alternative audio, which no stream of ours has. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
