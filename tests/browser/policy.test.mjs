// The promise that nothing leaves the page, tried from inside: every way that a script has to
// reach a server, against a server that listens for it.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, PLACES, waitUntilReady, withPage } from "./harness.mjs";

for (const place of PLACES) {
  test(`no script in the page can reach a server (${place.name})`, async () => {
    const { heard, refused } = await tryIn(place, { ready: false });
    assert.deepEqual(heard, []);
    // Proof that the attempts were made. What else is refused differs between browsers.
    const proof = ["connect-src", "form-action", "frame-src", "img-src", "script-src", "style-src"];
    assert.deepEqual(proof.filter((directive) => !refused.includes(directive)), []);
  });
}

for (const browser of BROWSERS) {
  test(`without a policy the same attempts do reach it (${browser})`, async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-policy-"));
    try {
      const file = path.join(folder, "page.html");
      await fs.writeFile(file, '<!DOCTYPE html><html data-boot="ready"><title>x</title><body>');
      const { heard } = await tryIn({ browser, transport: "file" }, { ready: false, file });
      const missing = ["/fetch", "/image", "/script", "/style", "/frame", "/form", "/beacon"];
      assert.deepEqual(missing.filter((way) => !heard.includes(way)), []);
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });
}

async function tryIn(place, options) {
  const listener = await listen();
  try {
    return await withPage(place, async ({ page }) => {
      await waitUntilReady(page);
      // The form may carry the page away: then there is no answer, only what was heard, and
      // Firefox leaves the question open for good.
      const refused = await Promise.race([
        page.evaluate(tryEverything, listener.address).catch(() => []),
        listener.form.then(() => []),
      ]);
      return { heard: listener.heard, refused };
    }, { ...options, alone: true });
  } finally {
    await listener.stop();
  }
}

/** Tries each way once, gives the browser time, and returns the directives that refused. */
async function tryEverything(server) {
  const refused = new Set();
  document.addEventListener("securitypolicyviolation", (event) => {
    refused.add(event.effectiveDirective.replace(/-(elem|attr)$/, ""));
  });
  const address = (way) => `${server}/${way}`;
  const add = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    return element;
  };
  const ways = [
    () => fetch(address("fetch"), { mode: "no-cors" }).catch(() => {}),
    () => fetch(address("keepalive"), { method: "POST", keepalive: true, mode: "no-cors", body: "x" })
      .catch(() => {}),
    () => {
      const request = new XMLHttpRequest();
      request.open("GET", address("xhr"));
      request.send();
    },
    () => new WebSocket(address("socket").replace("http", "ws")),
    () => new EventSource(address("events")),
    () => navigator.sendBeacon(address("beacon"), "x"),
    () => { new Image().src = address("image"); },
    () => add("script", { src: address("script") }),
    () => add("link", { rel: "stylesheet", href: address("style") }),
    () => add("link", { rel: "prefetch", href: address("prefetch") }),
    () => add("link", { rel: "preload", as: "script", href: address("preload") }),
    () => add("link", { rel: "icon", href: address("icon") }),
    () => add("link", { rel: "manifest", href: address("manifest") }),
    () => add("iframe", { src: address("frame") }),
    () => add("object", { data: address("object") }),
    () => add("video", { src: address("video") }),
    () => new Worker(address("worker")),
    () => new FontFace("Far", `url(${address("font")})`).load().catch(() => {}),
  ];
  const attempt = (way) => {
    try {
      way();
    } catch {
      // Some ways are refused by an exception, others by silence.
    }
  };
  ways.forEach(attempt);
  const second = () => new Promise((resolve) => setTimeout(resolve, 1_000));
  await second();
  // The form comes last and alone: where it is let through it carries the page away, and a
  // browser drops what the page had asked for and not yet sent.
  const form = add("form", { action: address("form"), method: "post", target: "_self" });
  attempt(() => form.submit());
  await second();
  return [...refused];
}

async function listen() {
  const heard = [];
  let hearForm;
  const form = new Promise((resolve) => { hearForm = resolve; });
  const server = http.createServer((request, response) => {
    heard.push(request.url);
    response.end("x");
    if (request.url === "/form") hearForm();
  });
  server.on("upgrade", (request, socket) => {
    heard.push(request.url);
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}`, heard, form, stop };
}
