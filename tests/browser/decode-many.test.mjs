// Many objects: the expiry table, the time they are judged by, the list, and large input.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answer, copied, drop, example, expired, openDecode, paste, pasteBeside, press, sites,
  watchClipboard,
} from "./decode-page.mjs";
import { BROWSERS, PLACES, screenshot, withPage } from "./harness.mjs";

/** Patience with many thousands of certificates on a busy machine. */
const LONG_MS = 120_000;

/** Three certificates that kubeadm has names for or that name themselves, and one that is over. */
async function several() {
  const node = Buffer.from(await example("status-certificate.txt"), "base64").toString();
  return (await example("apiserver.pem")) + node + (await example("ca.pem")) + expired();
}

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`the expiry table is kubeadm's, sorted by every column, and copied (${browser})`, async () => {
    const text = await several();
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await watchClipboard(page);
      await paste(page, text);
      await answer(page, "When they expire");
      const heads = await page.$$eval(".expiry thead th", (all) => all.map((th) => th.textContent));
      assert.deepEqual(heads, ["Certificate", "Expires", "Residual time", "Certificate authority",
        "Externally managed"]);
      const column = (number) => page.$$eval(".expiry tbody tr", (rows, number) =>
        rows.map((row) => row.children[number].textContent.replace(/ CA$| $/, "").trim()), number);
      const sortedBy = () => page.$$eval(".expiry th[aria-sort]", (all) =>
        all.map((th) => [th.textContent, th.getAttribute("aria-sort")]));
      assert.deepEqual(await sortedBy(), [["Expires", "ascending"]]);
      const names = await column(0);
      for (const name of ["apiserver", "ca", "system:node:worker-1", "old.example"]) {
        assert.ok(names.includes(name), `${name} is not in ${names}`);
      }
      assert.equal(names[0], "old.example");
      assert.equal((await column(2))[0], "<invalid>");
      await press(page, "Certificate");
      await page.waitForSelector(".expiry th:first-child[aria-sort=ascending]");
      const byName = [...names].sort();
      assert.deepEqual(await column(0), byName);
      await press(page, "Certificate");
      await page.waitForSelector(".expiry th:first-child[aria-sort=descending]");
      assert.deepEqual(await column(0), byName.reverse());
      assert.deepEqual(await sortedBy(), [["Certificate", "descending"]]);

      await press(page, "Copy as Markdown");
      const markdown = (await copied(page)).trim().split("\n");
      assert.equal(markdown.length, names.length + 2);
      assert.match(markdown[0], /^\| Certificate \| Expires \| Residual time \|/);
      await press(page, "Copy as CSV");
      const csv = (await copied(page, 1)).trim().split("\r\n");
      assert.equal(csv.length, names.length + 1);
      assert.ok(csv.some((line) => /^apiserver,\d{4}-\d\d-\d\dT[\d:]+Z,[^,]+,ca,no$/.test(line)), csv);
      await screenshot(page, `decode-expiry-${browser}`);
    });
  });

  test(`of many certificates the expiry table shows a page at a time (${browser})`, async () => {
    // The same certificate twice is one row.
    const text = sites(120).join("");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, text);
      await answer(page, "Rows 1 to 50 of 120");
      const first = () => page.$eval(".expiry tbody th", (th) => th.textContent.trim());
      const rows = () => page.$$eval(".expiry tbody tr", (all) => all.length);
      assert.equal(await rows(), 50);
      await press(page, "Next rows");
      await answer(page, "Rows 51 to 100 of 120");
      assert.equal(await rows(), 50);
      await press(page, "Next rows");
      await answer(page, "Rows 101 to 120 of 120");
      assert.equal(await rows(), 20);
      assert.match(await first(), /^site-1100/);
      // Another order begins at its beginning.
      await press(page, "Certificate");
      await answer(page, "Rows 1 to 50 of 120");
      await press(page, "Certificate");
      await page.waitForFunction(() =>
        document.querySelector(".expiry tbody th").textContent.startsWith("site-1119"));
      await press(page, "Next rows");
      await press(page, "Previous rows");
      await answer(page, "Rows 1 to 50 of 120");
    });
  });

  test(`another time changes every judgement, and the browser's comes back (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, (await example("apiserver.pem")) + (await example("ca.pem")));
      const before = await answer(page, "Valid,");
      assert.match(before, /Judged at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, by the browser's clock/);
      await setClock(page, "2099-01-31T12:00");
      const text = await answer(page, "Expired");
      assert.match(text, /Judged at 2099-01-31 12:00:00 UTC, set by hand/);
      assert.match(text, /x509: certificate has expired or is not yet valid/);
      assert.match(text, /<invalid>/);
      await setClock(page, "2020-01-31T12:00");
      assert.match(await answer(page, "Not valid yet"), /Judged at 2020-01-31 12:00:00 UTC/);
      await press(page, "Use the browser's clock");
      assert.match(await answer(page, "by the browser's clock"), /Valid,/);
    });
  });

  test(`ten thousand certificates are a list of which a few lines exist (${browser})`, async () => {
    const [server, authority] = [await example("apiserver.pem"), await example("ca.pem")];
    // One that is easy to find stands among the others.
    const bytes = Buffer.from(server.repeat(7_000) + authority + server.repeat(2_999));
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await drop(page, [{ name: "bundle.pem", bytes }]);
      await answer(page, "10000 objects found", LONG_MS);
      const count = () => page.$$eval(".line", (lines) => lines.length);
      assert.ok(await count() < 60, `${await count()} lines`);
      assert.equal((await page.$$(".sheet")).length, 1);

      // To the end and back by the keyboard.
      const chosen = (number) => page.waitForFunction((number) => {
        const line = document.querySelector(".line[aria-selected=true]");
        return line?.getAttribute("aria-posinset") === String(number)
          && document.querySelector(".listed .sheet-kind")?.textContent.startsWith(`No. ${number},`);
      }, {}, number);
      await page.focus(".list");
      await page.keyboard.press("End");
      await chosen(10_000);
      assert.ok(await count() < 60, `${await count()} lines`);
      await page.keyboard.press("ArrowUp");
      await chosen(9_999);
      await page.keyboard.press("Home");
      await chosen(1);
      await page.keyboard.press("PageDown");
      await chosen(9);
      const active = await page.$eval(".list", (list) => list.getAttribute("aria-activedescendant"));
      assert.ok(await page.$(`#${active}`), "the active line is not there");

      // By scrolling.
      await page.$eval(".list", (list) => { list.scrollTop = 44 * 5_000; });
      await page.waitForSelector("#objects-5005");

      // By its name.
      await find(page, "cn=kubernetes");
      await page.waitForFunction(() => document.querySelectorAll(".line").length === 1);
      await page.$eval(".line", (line) => line.click());
      await page.waitForFunction(() =>
        document.querySelector(".listed .sheet-kind")?.textContent.startsWith("No. 7001,"));
      await screenshot(page, `decode-list-${browser}`);
      await find(page, "nobody at all");
      await answer(page, "No object has this");
    });
  });

  test(`a long text is read without going through the box (${browser})`, async () => {
    const server = await example("apiserver.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await pasteBeside(page, server.repeat(1_000));
      await answer(page, "1000 objects found", LONG_MS);
      assert.match(await page.$eval(".source", (p) => p.textContent), /pasted text of \d+ kB/);
      assert.equal(await page.$eval("#paste", (box) => box.value), "");
      // The same into the box itself.
      await page.evaluate((text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
        Object.defineProperty(event, "clipboardData", { value: clipboardData });
        document.querySelector("#paste").dispatchEvent(event);
      }, server.repeat(999));
      await answer(page, "999 objects found", LONG_MS);
      assert.equal(await page.$eval("#paste", (box) => box.value), "");
    });
  });

  test(`typing goes on over a large answer, and only the newest is shown (${browser})`, async () => {
    const server = await example("apiserver.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await drop(page, [{ name: "bundle.pem", bytes: Buffer.from(server.repeat(10_000)) }]);
      const authority = await example("ca.pem");
      // A letter at a time, while the worker is busy with the bundle.
      await page.evaluate(async (text) => {
        const box = document.querySelector("#paste");
        window.shown = [];
        const record = () => window.shown.push(document.querySelector(".answer").textContent);
        new MutationObserver(record).observe(document.querySelector(".answer"),
          { childList: true, subtree: true });
        for (let end = text.length - 20; end <= text.length; end += 1) {
          box.value = text.slice(0, end);
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }, authority);
      await answer(page, "--discovery-token-ca-cert-hash", LONG_MS);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(!(await page.evaluate(() => window.shown.some((text) => text.includes("10000 objects")))));
      assert.equal((await page.$$(".sheet")).length, 1);
      assert.equal(await page.$eval("#paste", (box) => box.value), authority);
    });
  });
}

for (const place of PLACES) {
  test(`10 MB are read in the worker, not in the window (${place.name})`, async () => {
    const server = await example("apiserver.pem");
    const bytes = Buffer.from(server.repeat(Math.ceil((10 << 20) / server.length)));
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      // The window may look at no file itself, and gets few octets from the worker.
      await page.evaluate(() => {
        window.reads = 0;
        const read = Blob.prototype.arrayBuffer;
        Blob.prototype.arrayBuffer = function () { window.reads += 1; return read.call(this); };
        window.longest = 0;
        let last = performance.now();
        const tick = () => {
          const now = performance.now();
          window.longest = Math.max(window.longest, now - last);
          last = now;
          window.ticking = setTimeout(tick, 0);
        };
        window.startTicking = () => { last = performance.now(); tick(); };
        window.stopTicking = () => { clearTimeout(window.ticking); return window.longest; };
      });
      const file = { name: "bundle.pem", bytes };
      await page.evaluate(() => { window.longTasks = []; });
      await page.evaluate(() => {
        try {
          new PerformanceObserver((list) => {
            window.longTasks.push(...list.getEntries().map((entry) => Math.round(entry.duration)));
          }).observe({ type: "longtask" });
        } catch { window.longTasks = ["not measured here"]; }
      });
      await putFile(page, file);
      const start = Date.now();
      await page.evaluate(() => { window.startTicking(); window.dropIt(); });
      await answer(page, "objects found", LONG_MS);
      const took = Date.now() - start;
      const longest = await page.evaluate(() => window.stopTicking());
      const tasks = await page.evaluate(() => window.longTasks);
      console.log(`${place.name}: 10 MB answered in ${took} ms; longest wait of the window `
        + `${Math.round(longest)} ms, long tasks: ${JSON.stringify(tasks)}`);
      assert.equal(await page.evaluate(() => window.reads), 0, "the window read the file");
      assert.ok((await page.$$(".line")).length < 60);
      assert.equal(await page.$eval("#paste", (box) => box.value.length), 0);
    });
  });
}

/** Puts a file into the page without dropping it yet, so that handing it over is not measured. */
async function putFile(page, { name, bytes }) {
  await page.evaluate((name, base64) => {
    const file = new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name);
    window.dropIt = () => {
      const data = new DataTransfer();
      data.items.add(file);
      const options = { dataTransfer: data, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent("drop", options));
    };
  }, name, bytes.toString("base64"));
}

/** Types into the filter of the list. */
async function find(page, text) {
  await page.$eval("#filter", (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Sets the clock as a person does: the field, then a change. */
async function setClock(page, value) {
  await page.$eval("#clock", (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, value);
}
