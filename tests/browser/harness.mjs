// Opens the workbench in real browsers and listens for everything that must not happen.
//
// puppeteer-core drives both: Chromium by the DevTools protocol, an unpatched Firefox by WebDriver
// BiDi (Playwright would need a Firefox build of its own, which no registry has). A flow is
// written once and run for each of `PLACES`:
//
//   for (const place of PLACES) {
//     test(`decodes a paste (${place.name})`, async () => {
//       await withPage(place, async ({ page, downloads }) => {
//         await named(page, "button", "Generate PKI").click();
//       });
//     });
//   }
//
// `withPage` fails the test when anything was written to the console as an error, when the content
// security policy was violated, or when the page asked for anything after its first document.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { existsSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after } from "node:test";
import puppeteer from "puppeteer-core";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The packed file under test: `PKI_PACKED`, or what `cargo xtask dist` wrote. */
export const packedFile =
  process.env.PKI_PACKED ?? path.resolve(here, "../../dist/pki-workbench.html");

/** The folder of the hosted form, beside the packed file. */
export const hostedFolder = path.join(path.dirname(packedFile), "hosted");

/** The browsers to test in. `PKI_BROWSERS=chromium` narrows it while working on a flow. */
export const BROWSERS = (process.env.PKI_BROWSERS ?? "chromium,firefox").split(",");

/** Each browser with each way to open the packed file: by double click, and from a web server. */
export const PLACES = BROWSERS.flatMap((browser) =>
  ["file", "http"].map((transport) => ({ browser, transport, name: `${browser}, ${transport}` })),
);

/** How long to wait for anything that the page should do at once. */
export const PATIENCE_MS = 20_000;

/**
 * Opens the workbench, waits until it is ready, runs `flow` and closes everything.
 *
 * `flow` gets `{ page, browser, downloads, problems }`: `downloads(count)` waits for that many
 * finished files and returns their paths (they are removed after the flow), `problems` is the list
 * that must stay empty. Options: `file`, another HTML file to open; `hosted`, the hosted form;
 * `prepare(page)`, called before the document is loaded; `script: false`, JavaScript
 * switched off; `ready: false`, do not wait for the start and do not fail on problems; `alone`, a
 * browser of its own, for a flow that may leave one in disorder.
 *
 * A browser takes seconds to start, so that the flows of one file share one; nothing that a page
 * stores is seen by the next.
 */
export async function withPage(place, flow, options = {}) {
  const cleanUp = [];
  try {
    const address = await addressOf(place, options, cleanUp);
    const { browser, folder } = await browserFor(place.browser, options, cleanUp);
    const downloads = await emptyDownloads(folder);
    const page = await freshPage(browser, cleanUp);
    page.setDefaultTimeout(PATIENCE_MS);
    const problems = await watch(page, address);
    if (options.script === false && place.browser === "chromium") {
      await page.setJavaScriptEnabled(false);
    }
    await options.prepare?.(page);
    await page.goto(address, { waitUntil: "load" });
    if (options.script !== false) {
      assert.equal(await page.evaluate(() => window.__pkiStored), 0, "something is stored already");
    }
    if (options.ready !== false) await waitUntilReady(page);
    const result = await flow({ page, browser, problems, downloads });
    if (options.ready !== false) {
      problems.push(...(await page.evaluate(() => window.__pkiViolations ?? [])));
      assert.deepEqual(problems, [], "the page did something that it must not");
    }
    return result;
  } finally {
    for (const step of cleanUp.reverse()) await step();
  }
}

/** A page that sees nothing of those before it. */
async function freshPage(browser, cleanUp) {
  if (browser.protocol !== "cdp") {
    const context = await browser.createBrowserContext();
    cleanUp.push(() => inTime(context.close()));
    return context.newPage();
  }
  // A context costs Chromium a second of a processor, three times what a page does. A web server
  // has a port of its own for each flow, so that only what files store is left to be removed.
  const before = new Set(await browser.pages());
  cleanUp.push(async () => {
    const opened = (await browser.pages()).filter((page) => !before.has(page));
    await inTime(Promise.all(opened.map((page) => page.close())));
  });
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  await session.send("Storage.clearDataForOrigin", { origin: "file://", storageTypes: "all" });
  await session.detach();
  return page;
}

/** The browsers that this process keeps open, by name: `{ browser, folder }`, or the wait for it. */
const kept = new Map();

/** The kept browser of that name, or where the flow asks for one, a browser of its own. */
async function browserFor(name, options, cleanUp) {
  if (!inRunner || options.alone || options.script === false) {
    const own = await start(name, options);
    cleanUp.push(() => end(own));
    return own;
  }
  const known = await kept.get(name);
  if (known?.browser.connected) return known;
  kept.set(name, start(name, options));
  return kept.get(name);
}

async function start(name, options) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-browser-"));
  return { browser: await launch(name, folder, options), folder };
}

async function end({ browser, folder }) {
  await closeBrowser(browser);
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

// Only within the runner: without it (`bench.mjs`) there are no hooks, and each flow is alone.
const inRunner = process.env.NODE_TEST_CONTEXT !== undefined;
if (inRunner) {
  after(async () => {
    for (const waiting of kept.values()) await waiting.then(end, () => {});
  });
}

/** Waits for what should be done at once, and goes on when it is not. */
function inTime(promise) {
  const late = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
  return Promise.race([promise.catch(() => {}), late]);
}

/**
 * The element of a role (`button`, `link`, `tab`, `textbox`) and an accessible name, as a locator.
 *
 * Chromium is asked for the names that it computes itself. Firefox takes most of a second for that,
 * each time; there the name is what it is made of: `aria-label`, the label, or the text.
 */
export function named(page, role, name) {
  if (page.browser().protocol === "cdp") {
    return page.locator(`::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`);
  }
  const words = `${JSON.stringify(role)}, ${JSON.stringify(name)}`;
  return page.locator(new Function(`return (${findNamed})(${words})`));
}

/** Runs in the page. */
function findNamed(role, name) {
  const kinds = {
    button: "button, [role=button]",
    link: "a[href]",
    tab: "[role=tab]",
    textbox: "input, textarea",
  };
  const nameOf = (element) =>
    element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  return [...document.querySelectorAll(kinds[role])].find(
    (element) => nameOf(element).replace(/\s+/g, " ").trim() === name && element.checkVisibility(),
  );
}

/** Waits until the interface runs; if the start fails, says with which panel. */
export async function waitUntilReady(page) {
  await page.waitForFunction(
    () => !["starting", null].includes(document.documentElement.getAttribute("data-boot")),
  );
  const state = await bootState(page);
  assert.equal(state.boot, "ready", `the start ended with the panel: ${state.panel}`);
}

/** How far the start came, and the text of the panel if one is shown. */
export function bootState(page) {
  return page.evaluate(() => ({
    boot: document.documentElement.getAttribute("data-boot"),
    panel: document.getElementById("boot")?.checkVisibility({ visibilityProperty: true })
      ? document.getElementById("boot").innerText
      : null,
  }));
}

/**
 * Lets a flow speak to a worker of its own as the page does: `window.__module` is the compiled wasm,
 * which the page keeps to itself, and `window.keyAhead(algorithm)` the head of a request for a key.
 */
export function speakToWorkers(page) {
  return page.evaluateOnNewDocument(() => {
    const compile = WebAssembly.compileStreaming;
    WebAssembly.compileStreaming = async (bytes) => (window.__module = await compile(bytes));
    // Postcard: of a run, the first of its requests, a text behind its length.
    window.keyAhead = (algorithm) =>
      Uint8Array.of(0, 0, algorithm.length, ...new TextEncoder().encode(algorithm));
  });
}

/** With `PKI_PICTURES=1`, saves a picture in tests/browser/out, where Git does not look. */
export async function screenshot(page, name) {
  if (!process.env.PKI_PICTURES) return null;
  const file = path.join(here, "out", `${name}.png`);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage: true });
  return file;
}

/** Starts a browser with a fresh profile in `folder`; downloads go to `folder`/downloads. */
export async function launch(name, folder, { script = true } = {}) {
  const downloads = path.join(folder, "downloads");
  await fs.mkdir(downloads, { recursive: true });
  const options = {
    headless: true,
    executablePath: programFor(name),
    userDataDir: path.join(folder, "profile"),
    timeout: 60_000,
    // One wait for a layout of 4096-bit keys is one call of the protocol.
    protocolTimeout: 600_000,
  };
  if (name === "firefox") {
    return puppeteer.launch({
      ...options,
      browser: "firefox",
      extraPrefsFirefox: {
        "browser.download.dir": downloads,
        "browser.download.folderList": 2,
        "browser.download.useDownloadDir": true,
        "browser.helperApps.neverAsk.saveToDisk": "application/gzip,application/octet-stream",
        "javascript.enabled": script,
        // Nothing of Firefox's own may ask the network for anything.
        "app.update.enabled": false,
        "browser.safebrowsing.downloads.remote.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
      },
    });
  }
  const downloadBehavior = { policy: "allow", downloadPath: downloads };
  return puppeteer.launch({ ...options, downloadBehavior, args: CHROMIUM_FLAGS });
}

/** Closes a browser; one that does not go within its time is ended by its own process id. */
export async function closeBrowser(browser) {
  const child = browser.process();
  const late = new Promise((resolve) => setTimeout(resolve, 5_000, "late").unref());
  const outcome = await Promise.race([browser.close().catch(() => "late"), late]);
  if (outcome === "late" && child && child.exitCode === null) child.kill("SIGKILL");
}

/** Serves a folder on loopback; returns its address and a function that stops it. */
export async function serveFolder(folder) {
  const server = http.createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    try {
      const file = path.join(folder, path.normalize(name));
      const content = await fs.readFile(file);
      response.setHeader("Content-Type", MEDIA_TYPES[path.extname(file)] ?? "text/plain");
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end("not found");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}`, stop };
}

async function addressOf(place, options, cleanUp) {
  const file = options.hosted ? path.join(hostedFolder, "index.html") : (options.file ?? packedFile);
  assert.ok(existsSync(file), `${file} is not there: build it with \`cargo xtask dist\``);
  if (place.transport === "file") return pathToFileURL(file).href;
  const server = await serveFolder(path.dirname(file));
  cleanUp.push(server.stop);
  return `${server.address}/${path.basename(file)}`;
}

/** Starts to listen; returns the list that problems are added to as they happen. */
async function watch(page, address) {
  const problems = [];
  const own = new URL("./", address).href;
  const hosted = path.basename(new URL(address).pathname) === "index.html";
  let documents = 0;
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error?.message ?? error}`));
  page.on("workercreated", (worker) => {
    worker.on("console", (message) => {
      if (message.type() === "error") problems.push(`console error in a worker: ${message.text()}`);
    });
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^(blob|data|about):/.test(url)) return;
    if (url.split("#")[0] === address && documents === 0) documents += 1;
    else if (!(hosted && url.startsWith(own))) problems.push(`request: ${url}`);
  });
  await page.evaluateOnNewDocument(() => {
    window.__pkiViolations = [];
    // Unknown where scripts may not look, as in a frame without an origin.
    try {
      window.__pkiStored = localStorage.length + sessionStorage.length;
    } catch {}
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__pkiViolations.push(
        `policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
      );
    });
  });
  return problems;
}

/** Empties the folder of downloads, and returns the wait for new ones. */
async function emptyDownloads(folder) {
  const place = path.join(folder, "downloads");
  await fs.rm(place, { recursive: true, force: true, maxRetries: 3 });
  await fs.mkdir(place);
  return async (count = 1) => {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const names = await fs.readdir(place);
      const finished = names.filter((name) => !/\.(crdownload|part|tmp)$/.test(name));
      const files = finished.map((name) => path.join(place, name));
      const sizes = await Promise.all(files.map((file) => fs.stat(file).then((stat) => stat.size)));
      // Firefox makes the final name at once, empty, and fills it from the .part file.
      if (finished.length >= count && finished.length === names.length && !sizes.includes(0)) {
        return files.sort();
      }
      assert.ok(Date.now() < end, `${count} downloads expected, there are: ${names.join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}

/** The program of a browser, where it is installed. */
export function programFor(name) {
  const programs = PROGRAMS[name];
  assert.ok(programs, `no browser is called ${name}: chromium and firefox`);
  const found = programs.find((program) => program && existsSync(program));
  assert.ok(found, `${name} is not installed (${programs.filter(Boolean).join(", ")})`);
  return found;
}

const PROGRAMS = {
  chromium: [
    process.env.PKI_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  firefox: [
    process.env.PKI_FIREFOX,
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
  ],
};

const CHROMIUM_FLAGS = [
  // Chromium refuses its sandbox to root; the only page it opens here is our own.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Presses Tab until the element that has the keyboard is the one. */
export async function tabTo(page, isIt) {
  const source = isIt.toString();
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    const there = await page.evaluate(`(${source})(document.activeElement)`);
    if (there) return;
  }
  assert.fail(`the keyboard does not reach ${source}`);
}

/** Selects all that is in the field that has the keyboard. */
export async function selectAll(page) {
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
}
