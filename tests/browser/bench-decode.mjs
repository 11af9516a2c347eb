// What is read in Chromium, for bench.mjs: from the start of the page, and from a paste.

import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { chromium, other, row, rowsBeside, runs } from "./bench-rows.mjs";
import { bundle } from "./certificates.mjs";
import { withPage } from "./harness.mjs";
import { keepText, measureReader, READERS } from "./readers.mjs";

/** From the start of the navigation to the interface running; the browser itself is warm. */
export function openToReady() {
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
export function openToDecoded() {
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
export function pasteToDecoded() {
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

/** For each kind of keys and each count: ours, and after each of ours the libraries that know it. */
export async function readerRows() {
  const rows = [];
  for (const [key, title] of [["ec", "P-256"], ["rsa", "RSA-2048"]]) {
    for (const [count, budget] of [[1, null], [1_000, null], [10_000, 600]]) {
      const what = count === 1 ? "certificate" : "different certificates of one CA";
      const name = `paste to decoded, ${count.toLocaleString("en")} ${what}, ${title}, Chromium`;
      const readers = READERS.filter((reader) => reader.key === key);
      rows.push(...(await rowsBeside({ name, budget }, async () => {
        const { ours, others } = await pasteMany(bundle(key, count), count, readers);
        return { samples: ours.map(({ time }) => time), others };
      })));
    }
  }
  return rows;
}

/** The longest task of the window while 10 MB are pasted and answered, 0 for none over 50 ms. */
export function longestTask() {
  return row("longest task while 10 MB are decoded, Chromium", 50, async () => {
    const one = bundle("ec", 1).length;
    const count = Math.ceil(10_000_000 / one);
    const { ours } = await pasteMany(bundle("ec", count), count, []);
    return ours.map(({ task }) => task);
  });
}

/**
 * Certificates pasted beside the box: from the event to the frame after the answer, and the longest
 * task of the window in that time; then the same text for each reader.
 */
function pasteMany(text, count, readers) {
  return withPage(chromium, async ({ page }) => {
    await comeToDecode(page);
    await keepText(page, text);
    const ours = [];
    const others = readers.map((reader) =>
      other(reader.name, () => measureReader(page, reader, count)));
    for (let run = 0; run < Math.min(runs, 5); run += 1) {
      ours.push(await page.evaluate(pasteManyAndWait, count));
      for (const each of others) await each.take();
      await page.locator("::-p-aria([name='Clear'][role='button'])").click();
    }
    return { ours, others };
  }, { ready: false });
}

async function pasteManyAndWait(count) {
  const data = new DataTransfer();
  data.setData("text/plain", window.__text);
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
