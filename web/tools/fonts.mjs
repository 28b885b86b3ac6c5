// Copies the typeface of papers, with its licence, to where the platform embeds it from.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-sans-sc/package.json"));
const target = join(dirname(fileURLToPath(import.meta.url)), "../../haishi/config/built/fonts");
const files = {
  "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC_400Regular.ttf",
  "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC_700Bold.ttf",
  LICENSE_FONT: "NotoSansSC_LICENSE.txt",
};

mkdirSync(target, { recursive: true });
for (const [from, to] of Object.entries(files)) copyFileSync(join(source, from), join(target, to));
