// JavaScript libraries in the page that ours is measured in, for bench.mjs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const require = createRequire(import.meta.url);

/** By the name that people know them by, their scripts. */
const SCRIPTS = {
  "@peculiar/x509": () => [
    // What its dependency injection asks for.
    file("reflect-metadata"),
    file("@peculiar/x509/build/x509.js"),
  ],
  "node-forge": () => [file("node-forge/dist/forge.min.js")],
  // Both are of many modules. Version 4 of either takes more than half as long again as version 3.
  pkijs: () => [bundled('export * as pkijs from "pkijs"; export * as asn1js from "asn1js";', "pki")],
};
SCRIPTS.asn1js = SCRIPTS.pkijs;

/**
 * Loads a library, once for a document, and has it rehearse once unmeasured: our own workers have
 * compiled and rehearsed by the time that someone can press a button.
 */
export async function loadLibrary(page, name, rehearse) {
  const isNew = await page.evaluate((name) => {
    window.__libraries ??= new Set();
    return window.__libraries.size < window.__libraries.add(name).size;
  }, name);
  if (!isNew) return;
  // Through the debugger, which the page's own policy for scripts does not bind.
  for (const script of SCRIPTS[name]()) await page.evaluate(script);
  await rehearse();
}

function file(name) {
  return readFileSync(require.resolve(name), "utf8");
}

/** Modules as one script, with what they export in a global variable. */
function bundled(contents, globalName) {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir },
    bundle: true,
    format: "iife",
    globalName,
    target: "esnext",
    write: false,
  });
  return outputFiles[0].text;
}
