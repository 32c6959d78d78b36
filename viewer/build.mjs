// Bundles src/ into kg/exports/viewer/, where the Python package takes it from. The banner names the source by its
// hash, so that a test can tell when the bundle is older than the source.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { build } from "esbuild";

const target = new URL("../kg/exports/viewer/", import.meta.url).pathname;
const shared = { bundle: true, minify: true, target: ["chrome100", "firefox100", "safari15"], charset: "utf8" };

const hash = createHash("sha256");
for (const file of [...readdirSync("src").sort().map((name) => `src/${name}`), "package-lock.json"]) {
  hash.update(readFileSync(file));
}
const banner = `/* Bundled from viewer/ by esbuild, source ${hash.digest("hex").slice(0, 16)}; holds sigma, @sigma/edge-curve, graphology and events (MIT). */`;

// The licences ask to go along with every copy, also the one in each exported page.
const libraries = ["sigma", "@sigma/edge-curve", "graphology", "graphology-utils", "events"].map((name) => {
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((entry) => entry.toUpperCase().startsWith("LICEN"));
  return `${name}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}`;
});
const licences = `/*\n${libraries.join("\n\n")}\n*/`;

await build({
  ...shared,
  entryPoints: ["src/main.ts"],
  outfile: `${target}viewer.js`,
  format: "iife",
  legalComments: "none",
  banner: { js: banner },
  footer: { js: licences },
});
await build({ ...shared, entryPoints: ["src/style.css"], outfile: `${target}viewer.css` });
