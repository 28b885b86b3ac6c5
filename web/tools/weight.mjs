// Fails the build when an ordinary page's script and style weigh more than 40 KB compressed (gzip, level 9).
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 40 * 1024;
const built = join(dirname(fileURLToPath(import.meta.url)), "../../haishi/config/built/web");
const manifest = JSON.parse(readFileSync(join(built, "manifest.json"), "utf8"));

/** Files that the browser fetches for an entry at once: itself, its style, and what it imports. */
function files(name, found = new Set()) {
  const entry = manifest[name];
  found.add(entry.file);
  for (const style of entry.css ?? []) found.add(style);
  for (const other of entry.imports ?? []) files(other, found);
  return found;
}

let total = 0;
for (const file of files("main.ts")) {
  const bytes = gzipSync(readFileSync(join(built, file)), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(6)} KB  of ${LIMIT / 1024} KB`);
if (total > LIMIT) process.exit(1);
