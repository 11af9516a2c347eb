// The harness itself: a watch that never barks proves nothing, so here it must bark.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { PLACES, serveFolder, withPage } from "./harness.mjs";

const POLICY = "default-src 'none'; script-src 'unsafe-inline'; worker-src blob:; connect-src";
const FAULTS = [
  ["a console error", "", "<script>console.error('seen')</script>", /console error: seen/],
  ["an uncaught error", "", "<script>throw new Error('seen')</script>", /uncaught: .*seen/],
  ["a style that the policy forbids", "", '<p style="color: red">', /policy violation: style-src/],
  [
    "a connection that the policy forbids",
    "",
    "<script>fetch('SERVER/x').catch(() => {})</script>",
    /policy violation: connect-src/,
  ],
  [
    "a request that the policy lets through",
    "http:",
    "<script>fetch('SERVER/x').catch(() => {})</script>",
    /request: http:\/\/127\.0\.0\.1:\d+\/x/,
  ],
  ["an error in a worker", "", worker("throw new Error('seen')"), /seen/],
];

for (const place of PLACES.filter((place) => place.transport === "file")) {
  for (const [name, connect, body, expected] of FAULTS) {
    test(`${name} fails a flow (${place.browser})`, async () => {
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-harness-"));
      const server = await serveFolder(folder);
      try {
        const file = path.join(folder, "page.html");
        const policy = `${POLICY} ${connect || "'none'"}`;
        const html = `<!DOCTYPE html><html data-boot="ready"><meta charset="utf-8">
          <meta http-equiv="Content-Security-Policy" content="${policy}"><title>x</title>${body}`;
        await fs.writeFile(file, html.replace("SERVER", server.address));
        const flow = () => new Promise((resolve) => setTimeout(resolve, 500));
        await assert.rejects(withPage(place, flow, { file }), (error) => {
          assert.match(JSON.stringify(error.actual), expected);
          return true;
        });
      } finally {
        await server.stop();
        await fs.rm(folder, { recursive: true });
      }
    });
  }
}

for (const place of PLACES) {
  test(`what a flow stores is gone for the next (${place.name})`, async () => {
    const flow = ({ page }) => page.evaluate(() => {
      const before = { ...localStorage, ...sessionStorage };
      localStorage.setItem("left", "behind");
      sessionStorage.setItem("left", "behind");
      return before;
    });
    for (let run = 0; run < 2; run += 1) assert.deepEqual(await withPage(place, flow), {});
  });
}

function worker(script) {
  return `<script>new Worker(URL.createObjectURL(new Blob([${JSON.stringify(script)}])))</script>`;
}
