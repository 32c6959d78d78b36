// Bundles src/ into kg/exports/viewer/, where the Python package takes it from.
import { build } from "esbuild";

const target = new URL("../kg/exports/viewer/", import.meta.url).pathname;
const shared = { bundle: true, minify: true, target: ["chrome100", "firefox100", "safari15"], charset: "utf8" };

await build({
  ...shared,
  entryPoints: ["src/main.ts"],
  outfile: `${target}viewer.js`,
  format: "iife",
  legalComments: "none",
  banner: { js: "/* Bundled from viewer/ by esbuild; holds sigma, @sigma/edge-curve, graphology and events (MIT). */" },
});
await build({ ...shared, entryPoints: ["src/style.css"], outfile: `${target}viewer.css` });
