// The start: the page runs wherever it is opened, and where it cannot, it says why.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import {
  BROWSERS,
  PLACES,
  bootState,
  hostedFolder,
  packedFile,
  screenshot,
  waitUntilReady,
  withPage,
} from "./harness.mjs";

for (const place of PLACES) {
  test(`the packed file starts (${place.name})`, async () => {
    await withPage(place, async ({ page }) => {
      assert.equal((await bootState(page)).panel, null);
      assert.match(await page.title(), /PKI Workbench$/);
      await screenshot(page, `start-${place.browser}-${place.transport}`);
    });
  });
}

for (const browser of BROWSERS) {
  const onFile = { browser, transport: "file" };

  test(`the hosted folder starts (${browser})`, async () => {
    await withPage({ browser, transport: "http" }, async ({ page }) => {
      assert.equal((await bootState(page)).panel, null);
    }, { hosted: true });
  });

  test(`a worker gets the messages that were sent before it was ready (${browser})`, async () => {
    await withPage(onFile, async ({ page }) => {
      const answers = await page.evaluate(async (glue) => {
        const boot = document.getElementById("pki-boot").textContent;
        const script = new Blob([glue, boot], { type: "text/javascript" });
        const worker = new Worker(URL.createObjectURL(script));
        const answers = [];
        const done = new Promise((resolve, reject) => {
          worker.onerror = (event) => reject(new Error(event.message));
          worker.onmessage = (event) => {
            answers.push(event.data);
            if (answers.length === 3) resolve();
          };
        });
        for (const message of [{ module: "the module" }, "one", "two", "three"]) {
          worker.postMessage(message);
        }
        await done;
        return answers;
      }, SLOW_GLUE);
      assert.deepEqual(answers, ["the module one", "the module two", "the module three"]);
    });
  });

  test(`a page without JavaScript says so (${browser})`, async () => {
    await withPage(onFile, async ({ page }) => {
      const { panel } = await bootState(page);
      await screenshot(page, `panel-no-script-${browser}`);
      assert.match(panel, /JavaScript is switched off/);
      assert.doesNotMatch(panel, /still starting/);
    }, { ready: false, script: false });
  });

  test(`a browser without WebAssembly is told (${browser})`, async () => {
    await panelIs(onFile, "wasm", /WebAssembly is missing/, {
      prepare: (page) => page.evaluateOnNewDocument(() => { delete globalThis.WebAssembly; }),
    });
  });

  test(`a browser that is too old is told which are not (${browser})`, async () => {
    await panelIs(onFile, "old", /Firefox 113/, {
      prepare: (page) =>
        page.evaluateOnNewDocument(() => { delete globalThis.DecompressionStream; }),
    });
  });

  test(`a start that fails says so, and with what (${browser})`, async () => {
    await panelIs(onFile, "failed", /It failed while starting.*seen/s, {
      prepare: (page) => page.evaluateOnNewDocument(() => {
        WebAssembly.instantiate = () => Promise.reject(new Error("seen"));
      }),
    });
  });

  test(`a trap later on says that the workbench has stopped (${browser})`, async () => {
    await withPage(onFile, async ({ page }) => {
      await waitUntilReady(page);
      // A number where a text is expected: traps inside the wasm, as a defect of ours would.
      await page.evaluate(() => { setTimeout(wasm_bindgen.run_window, 0, {}, 5); });
      await page.waitForFunction(() => document.documentElement.dataset.boot === "stopped");
      assert.match((await bootState(page)).panel, /has stopped.*Reload.*RuntimeError/s);
    }, { ready: false });
  });

  test(`a hosted folder that lacks a file says so (${browser})`, async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-hosted-"));
    try {
      await fs.cp(hostedFolder, folder, { recursive: true });
      for (const name of await fs.readdir(folder)) {
        if (name.endsWith(".wasm")) await fs.rm(path.join(folder, name));
      }
      const file = path.join(folder, "index.html");
      await panelIs({ browser, transport: "http" }, "fetch", /incomplete.*404/s, { file });
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });

  test(`a file cut short says so, wherever it was cut (${browser})`, async () => {
    const whole = await fs.readFile(packedFile, "utf8");
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-cut-"));
    try {
      const file = path.join(folder, "pki-workbench.html");
      const marks = ['id="pki-parts"', 'id="pki-wasm"', 'id="pki-end"'];
      for (const place of marks.map((mark) => whole.indexOf(mark) + 60)) {
        await fs.writeFile(file, whole.slice(0, place));
        if (place < whole.length - 60) {
          await panelIs(onFile, "cut", /SHA256SUMS/, { file });
        }
      }
      for (const [mark, inside] of [['id="pki-parts"', 5_000], ['id="pki-wasm"', 20_000]]) {
        const middle = whole.indexOf(mark) + inside;
        await fs.writeFile(file, `${whole.slice(0, middle)}AAAAAAAA${whole.slice(middle + 8)}`);
        await panelIs(onFile, "cut", /damaged/, { file });
      }
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });
}

async function panelIs(place, boot, text, options) {
  await withPage(place, async ({ page }) => {
    await page.waitForFunction(
      () => document.documentElement.getAttribute("data-boot") !== "starting",
    );
    const state = await bootState(page);
    assert.equal(state.boot, boot);
    assert.match(state.panel, text);
    await screenshot(page, `panel-${boot}-${place.browser}`);
  }, { ...options, ready: false });
}

/* Stands in for the glue: takes its time, then sends every message back beside the module. */
const SLOW_GLUE = `
  var wasm_bindgen = function (options) {
    wasm_bindgen.module = options.module_or_path;
    return new Promise(function (resolve) { setTimeout(resolve, 100); });
  };
  wasm_bindgen.run_worker = function () {
    self.onmessage = function (event) {
      self.postMessage(wasm_bindgen.module + " " + event.data);
    };
  };`;
