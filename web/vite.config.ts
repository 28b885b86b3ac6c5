import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;
const islands = readdirSync(resolve(here, "islands"))
  .map((name) => `islands/${name}/index.ts`)
  .filter((path) => existsSync(resolve(here, path)));

export default defineConfig({
  root: here,
  // Relative, so that the same build works under any STATIC_URL and on a CDN.
  base: "./",
  build: {
    outDir: resolve(here, "../haishi/config/built/web"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["es2022", "chrome111", "firefox114", "safari15.4"],
    cssTarget: ["chrome111", "firefox114", "safari15.4"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: ["main.ts", ...islands].map((path) => resolve(here, path)),
    },
  },
  test: {
    environment: "jsdom",
    css: true,
    include: ["{tests,islands,rooms,wire}/**/*.test.ts"],
  },
});
