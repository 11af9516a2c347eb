// What `cargo xtask bench` measures in Chromium: prints a JSON list of rows on standard output.
//
//   node bench.mjs RUNS [WORD]
//
// WORD: only rows in whose name it occurs. Every time is taken inside the page, from the event that
// a person causes to the change that a person sees, so that the driver's own delays are no part of
// it. A row that cannot be measured says why, and the others go on.

import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { requestToObject, reviewOfMany, workshop } from "./bench-desk.mjs";
import { cancelled, manyNodes, planUpdate } from "./bench-nodes.mjs";
import { speakToWorkers, withPage } from "./harness.mjs";
import { measurePeer, peers } from "./peers.mjs";
import { measureReader, READERS } from "./readers.mjs";

const runs = Number(process.argv[2] ?? 5);
/** Of what takes seconds. */
const few = Math.min(runs, 3);
const only = (process.argv[3] ?? "").toLowerCase();
const chromium = { browser: "chromium", transport: "file" };

const rows = [
  ...(await row("open from file:// to ready, Chromium", null, openToReady)),
  ...(await row("open from file:// to first decoded certificate, Chromium", 250, openToDecoded)),
  ...(await layoutRows("kubeadm layout, P-256, at once, click to verified tarball, Chromium", 60,
    { algorithm: "ecdsa-p256" })),
  ...(await layoutRows("kubeadm layout, P-256, after the form stood for three seconds, "
    + "click to verified tarball, Chromium", 60, { algorithm: "ecdsa-p256", stands: 3_000 })),
  ...(await layoutRows("kubeadm layout, RSA-2048, at once, click to verified tarball, Chromium",
    null, { algorithm: "rsa-2048" })),
  ...(await planRows()),
  ...(await nodeRows(1_000)),
  ...(await nodeRows(5_000)),
  ...(await row("request to object, P-256, Chromium", null, () => requestToObject(runs))),
  ...(await row("workshop of 200 people, P-256, Chromium", null, () => workshop(few))),
  ...(await row("review of 1,000 signing requests, Chromium", null, () => reviewOfMany(few))),
  ...(await row("paste to decoded, one certificate, Chromium", 16, pasteToDecoded)),
  ...(await readerRows()),
  ...(await row("longest task while 10 MB are decoded, Chromium", 50, longestTask)),
  ...(await keyRow(2048)),
  ...(await keyRow(3072)),
  ...(await keyRow(4096)),
];
console.log(JSON.stringify(rows));

function wanted(name) {
  return name.toLowerCase().includes(only);
}

/** A list of the one row, or of none if it is not wanted. */
async function row(name, budget, measure) {
  return wanted(name) ? [{ name, budget, ...(await measured(measure)) }] : [];
}

async function measured(measure) {
  try {
    return { samples: await measure() };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

/** A key by a worker of ours and one by the browser itself in turn: how long one takes is chance. */
async function keyRow(bits) {
  const name = `RSA-${bits} key, one wasm worker, Chromium`;
  if (!wanted(name)) return [];
  try {
    const keys = ({ page }) => page.evaluate(keysInTurn, bits, runs * 10);
    const { ours, theirs } = await withPage(chromium, keys, { prepare: speakToWorkers });
    return [{ name, budget: null, samples: ours, peer: { name: "WebCrypto", samples: theirs } }];
  } catch (error) {
    return [{ name, budget: null, error: String(error.message ?? error) }];
  }
}

/** From the choice of another layout to the frame that shows it, on the form and on the map. */
async function planRows() {
  const rows = [];
  for (const count of [3, 300, 5_000]) {
    for (const [view, what] of [["form", "plan"], ["map", "map"]]) {
      rows.push(...(await row(`${what} of ${named(count)}, another layout chosen, Chromium`, null,
        () => planUpdate(count, view, runs))));
    }
  }
  return rows;
}

/** One run gives all of these, so they are wanted together. */
async function nodeRows(count) {
  const name = `${named(count)}, P-256, click to verified tarball, Chromium`;
  const others = [
    ["time", name, null, "ms"],
    ["memory", `${named(count)}, P-256, most memory of window and workers, Chromium`, null, "bytes"],
    ["task", `${named(count)}, P-256, longest task of the window, Chromium`, 50, "ms"],
    ["cancel", `${named(count)}, P-256, click on Cancel to a form that can be used, Chromium`, 100,
      "ms"],
  ].filter(([, name]) => wanted(name));
  if (others.length === 0) return [];
  try {
    // What they make for a thousand nodes takes them as long as it takes us for five thousand.
    const their = count > 1_000 ? null : nodesPeer(count);
    const samples = await manyNodes(count, few, (page) => their && addSample(their, page, "ecdsa-p256"));
    samples.cancel = await cancelled(count, few);
    return others.map(([key, name, budget, unit]) => {
      const peer = key === "time" && their ? { name: their.name, samples: their.samples } : null;
      return { name, budget, unit, samples: samples[key], ...(peer && { peer }) };
    });
  } catch (error) {
    return others.map(([, name, budget, unit]) =>
      ({ name, budget, unit, error: String(error.message ?? error) }));
  }
}

/** A client and a serving certificate for each node, beside those of kubeadm's layout. */
function nodesPeer(count) {
  const [peer] = peers("ecdsa-p256");
  return { peer, name: peer.name, samples: [], nodes: count };
}

function named(count) {
  return `${count.toLocaleString("en")} nodes`;
}

/** From the start of the navigation to the interface running; the browser itself is warm. */
function openToReady() {
  return withPage(chromium, async ({ page }) => {
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      await page.reload({ waitUntil: "load" });
      await page.waitForFunction(() => document.documentElement.dataset.boot === "ready");
      samples.push(
        await page.evaluate(() => performance.getEntriesByName("pki-ready")[0].startTime),
      );
    }
    return samples;
  }, { ready: false });
}

/** The same to the frame after the answer, for a link that carries a certificate. */
function openToDecoded() {
  const name = "bench-subject";
  const pem = certificate(name).replace(/-----[A-Z ]+-----/g, "");
  const link = `#/decode?d=${gzipSync(Buffer.from(pem, "base64")).toString("base64url")}`;
  return withPage(chromium, async ({ page }) => {
    await page.evaluateOnNewDocument((name) => {
      window.__decoded = new Promise((resolve) => {
        const watch = new MutationObserver(() => {
          if (!document.querySelector(".answer")?.textContent.includes(name)) return;
          watch.disconnect();
          requestAnimationFrame(() => resolve(performance.now()));
        });
        watch.observe(document, { subtree: true, childList: true, characterData: true });
      });
    }, name);
    await page.evaluate((link) => { location.hash = link; }, link);
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      await page.reload({ waitUntil: "load" });
      samples.push(await page.evaluate(() => Promise.race([
        window.__decoded,
        new Promise((_, reject) => setTimeout(reject, 20_000, new Error("not decoded"))),
      ])));
    }
    return samples;
  }, { ready: false });
}

/** One row for each peer: the same samples of ours, beside theirs. */
async function layoutRows(name, budget, how) {
  if (!wanted(name)) return [];
  try {
    const { samples, theirs } = await generate(how);
    if (theirs.length === 0) return [{ name, budget, samples }];
    return theirs.map((peer) => ({ name, budget, samples, peer }));
  } catch (error) {
    return [{ name, budget, error: String(error.message ?? error) }];
  }
}

/**
 * From the click on "Generate PKI" to a "Download tarball" that can be pressed; and after each of
 * ours the same layout by each peer, so that a slow minute of the machine meets them all.
 */
function generate({ algorithm, stands = 0 }) {
  return withPage(chromium, async ({ page }) => {
    page.on("dialog", (dialog) => dialog.accept());
    const samples = [];
    // To them it is all one how long the form stands.
    const others = stands ? [] : peers(algorithm);
    const theirs = others.map((peer) => ({ peer, name: peer.name, samples: [] }));
    for (let run = 0; run < runs; run += 1) {
      await page.evaluate(() => { location.hash = ""; });
      await page.reload({ waitUntil: "load" });
      await page.waitForFunction(() => document.documentElement.dataset.boot === "ready");
      await page.locator("::-p-aria([name='Generate'][role='link'])").click();
      await choose(page, algorithm);
      await page.locator("::-p-aria([name='Generate PKI'][role='button'])").wait();
      if (stands) await new Promise((resolve) => setTimeout(resolve, stands));
      samples.push(await page.evaluate(clickToDownload));
      for (const their of theirs) await addSample(their, page, algorithm);
    }
    return { samples, theirs: theirs.map(({ name, samples }) => ({ name, samples })) };
  }, { ready: false });
}

/** A peer that fails has no samples and says why; ours are measured all the same. */
async function addSample(their, page, algorithm) {
  if (their.failed) return;
  try {
    their.samples.push((await measurePeer(page, their.peer, algorithm, their.nodes)).time);
  } catch (error) {
    their.failed = true;
    their.samples = [];
    their.name += ` (${String(error.message ?? error).replace(/[\n|]/g, " ")})`;
  }
}

/** Chooses in whichever list offers the algorithm: first the one for the whole layout. */
async function choose(page, algorithm) {
  const chosen = await page.evaluate((algorithm) => {
    const same = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "").includes(algorithm);
    const lists = [...document.querySelectorAll("select")];
    for (const list of lists) {
      const option = [...list.options].find((option) => same(option.value) || same(option.text));
      if (!option) continue;
      list.value = option.value;
      list.dispatchEvent(new Event("input", { bubbles: true }));
      list.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    }
    const radios = [...document.querySelectorAll("input[type=radio]")];
    const radio = radios.find((radio) => same(radio.value));
    radio?.click();
    return Boolean(radio);
  }, algorithm.replace(/[^a-z0-9]/g, ""));
  if (!chosen) throw new Error(`no list on the page offers ${algorithm}`);
}

function clickToDownload() {
  const button = (name) =>
    [...document.querySelectorAll("button, a")].find(
      (found) =>
        (found.getAttribute("aria-label") ?? found.textContent).trim().startsWith(name) &&
        !found.disabled &&
        found.getAttribute("aria-disabled") !== "true" &&
        found.checkVisibility(),
    );
  if (button("Download tarball")) throw new Error("the tarball is there before it is generated");
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const limit = setTimeout(() => reject(new Error("no tarball within 120 s")), 120_000);
    const watch = new MutationObserver(() => {
      if (!button("Download tarball")) return;
      watch.disconnect();
      clearTimeout(limit);
      resolve(performance.now() - start);
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true });
    button("Generate PKI").click();
  });
}

/**
 * As someone does who comes to decode: no other view has begun to make keys ahead. Nobody pastes in
 * the blink after the page is there; how long that one takes is another row.
 */
async function comeToDecode(page) {
  await page.evaluate(() => { location.hash = "#/decode"; });
  await page.reload({ waitUntil: "load" });
  await page.locator("::-p-aria([name='Paste anything'][role='textbox'])").wait();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

/** From the input event to the frame after the subject's name stands on the page. */
function pasteToDecoded() {
  return withPage(chromium, async ({ page }) => {
    await comeToDecode(page);
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      const name = `bench-subject-${run}`;
      samples.push(await page.evaluate(pasteAndWait, certificate(name), name));
    }
    return samples;
  }, { ready: false });
}

/** For each library and each count: ours on a certificate that it knows, and after it the library. */
async function readerRows() {
  const rows = [];
  for (const reader of READERS) {
    for (const [count, budget] of [[1, null], [1_000, null], [10_000, 600]]) {
      const what = count === 1 ? "certificate" : "certificates";
      const name = `paste to decoded, ${count.toLocaleString("en")} ${what} as ${reader.name} `
        + "knows them, Chromium";
      if (!wanted(name)) continue;
      try {
        const { ours, theirs } = await pasteMany(count, reader);
        const peer = { name: `${reader.name}, reading alone`, samples: theirs };
        rows.push({ name, budget, samples: ours.map(({ time }) => time), peer });
      } catch (error) {
        rows.push({ name, budget, error: String(error.message ?? error) });
      }
    }
  }
  return rows;
}

/** The longest task of the window while 10 MB are pasted and answered, 0 for none over 50 ms. */
async function longestTask() {
  const { ours } = await pasteMany(14_000, null);
  return ours.map(({ task }) => task);
}

/**
 * One certificate so many times, pasted beside the box: from the event to the frame after the
 * answer, and the longest task of the window in that time; then the same for a library.
 */
function pasteMany(count, reader) {
  return withPage(chromium, async ({ page }) => {
    await comeToDecode(page);
    const pem = certificate("many", reader?.key);
    const [ours, theirs] = [[], []];
    for (let run = 0; run < Math.min(runs, 5); run += 1) {
      ours.push(await page.evaluate(pasteManyAndWait, pem, count));
      if (reader) theirs.push(await measureReader(page, reader, pem, count));
      await page.locator("::-p-aria([name='Clear'][role='button'])").click();
    }
    return { ours, theirs };
  }, { ready: false });
}

async function pasteManyAndWait(pem, count) {
  const data = new DataTransfer();
  data.setData("text/plain", pem.repeat(count));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
  // What the preparation took is no part of it.
  await new Promise((resolve) => setTimeout(resolve, 500));
  // A field that has the focus, as the box has after "Clear", takes a paste by itself.
  document.activeElement.blur();
  const tasks = [0];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration);
  });
  observer.observe({ type: "longtask" });
  const expected = count === 1 ? "1 object found" : `${count} objects found`;
  const start = performance.now();
  const answered = new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("no answer within 60 s")), 60_000);
    const watch = new MutationObserver(() => {
      if (!document.querySelector(".answer")?.textContent.includes(expected)) return;
      watch.disconnect();
      clearTimeout(limit);
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    watch.observe(document.querySelector(".answer"), { subtree: true, childList: true });
  });
  document.body.dispatchEvent(event);
  const time = await answered;
  // The observer hears of a task after it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  return { time, task: Math.max(...tasks) };
}

function pasteAndWait(pem, name) {
  const area = [...document.querySelectorAll("textarea")].find((found) => found.checkVisibility());
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("not decoded within 10 s")), 10_000);
    const watch = new MutationObserver(() => {
      if (!document.body.textContent.includes(name)) return;
      watch.disconnect();
      clearTimeout(limit);
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    area.value = pem;
    const start = performance.now();
    area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  });
}

function certificate(name, key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]) {
  const options = ["-newkey", ...key, "-nodes"];
  const command = ["req", "-x509", ...options, "-subj", `/CN=${name}`, "-keyout", "/dev/null"];
  return execFileSync("openssl", command, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/**
 * In the page: from the request for one key to its arrival, by a worker of our own, spoken to as the
 * page does, and by WebCrypto.
 */
async function keysInTurn(bits, runs) {
  const texts = ["pki-glue", "pki-boot"].map((id) => document.getElementById(id).textContent);
  const script = new Blob([texts.join("\n")], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script));
  const answer = () => new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("no key within 30 s")), 30_000);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = (event) => {
      clearTimeout(limit);
      resolve(event.data);
    };
  });
  worker.postMessage({ module: window.__module });
  const our = async () => {
    worker.postMessage([keyAhead(`rsa-${bits}`), crypto.getRandomValues(new Uint8Array(32))]);
    const [head, key] = await answer();
    if (!(key?.length > 1000)) throw new Error(`the worker answered ${head}`);
  };
  const kind = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: bits,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  };
  const their = () => crypto.subtle.generateKey(kind, true, ["sign", "verify"]);
  const timed = async (make) => {
    const start = performance.now();
    await make();
    return performance.now() - start;
  };
  const [ours, theirs] = [[], []];
  // The first key is made while the browser still compiles the inner loops for speed.
  await our();
  for (let run = 0; run < runs; run += 1) {
    ours.push(await timed(our));
    theirs.push(await timed(their));
  }
  worker.terminate();
  return { ours, theirs };
}
