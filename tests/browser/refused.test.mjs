// What the page does with input that it refuses: it says why, and keeps what was there.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { BROWSERS, named, waitUntilReady, withPage } from "./harness.mjs";

const STORED = "pki-workbench.design";

/** The bytes of a file, and what the page must say of it. */
const FILES = [
  ["apiVersion: v1\nkind: Pod\n", /Line 2, column 7: here is `kind: Pod`/],
  ["apiVersion: pki-workbench/v2\nkind: Design\nshape: round\n", /Line 1, column 13.*pki-workbench\/v1/],
  ["-----BEGIN CERTIFICATE-----\n", /a certificate or a key in PEM/],
  [Buffer.from([0x1f, 0x8b, 8, 0]), /an archive, and no design\.yaml is in it/],
];

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`a wrong file is named, and the form stays (${browser})`, async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "refused-"));
    try {
      await withPage(place, async ({ page }) => {
        await type(page, "field-clusterName", "kept");
        for (const [bytes, expected] of FILES) {
          const file = path.join(folder, "file");
          await fs.writeFile(file, bytes);
          await (await page.$("#import")).uploadFile(file);
          await said(page, "#import-found", expected);
          assert.equal(await page.$eval("#field-clusterName", (field) => field.value), "kept");
          assert.equal(await page.$eval("#generate", (button) => button.disabled), false);
        }
        const utf16 = Buffer.from("\ufeffapiVersion: pki-workbench/v1\nkind: Design\nclusterName: wide\n", "utf16le");
        await fs.writeFile(path.join(folder, "wide.yaml"), utf16);
        await (await page.$("#import")).uploadFile(path.join(folder, "wide.yaml"));
        await page.waitForFunction(() => document.querySelector("#field-clusterName").value === "wide");
      });
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });

  test(`a stored design that is refused is kept beside the next (${browser})`, async () => {
    await withPage(place, async ({ page, problems }) => {
      const text = JSON.stringify({ apiVersion: "pki-workbench/v2", kind: "Design" });
      await page.evaluate((name, text) => localStorage.setItem(name, text), STORED, text);
      await page.reload();
      await waitUntilReady(page);
      await said(page, "#link-read", /not read; this browser keeps.*Line 1, column 15/);
      assert.equal(await page.$eval("#generate", (button) => button.disabled), false);
      await type(page, "field-clusterName", "next");
      await page.waitForFunction((name) => localStorage.getItem(name).includes("next"), {}, STORED);
      assert.equal(await page.evaluate((name) => localStorage.getItem(name), `${STORED}.unread`), text);
      // The reload itself is the one request that this flow makes.
      assert.deepEqual(problems.splice(0).filter((text) => !text.startsWith("request:")), []);
    });
  });

  test(`a demo without a seed text is none (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await page.evaluate(() => {
        document.querySelectorAll("details").forEach((details) => { details.open = true; });
        [...document.querySelectorAll("input[type=checkbox]")].at(-1).click();
      });
      await page.waitForSelector("#demo-seed");
      await type(page, "demo-seed", "");
      await said(page, "#demo-seed-found", /seed text of the demo is empty/);
      assert.equal(await page.$eval("#demo-seed", (field) => field.getAttribute("aria-invalid")), "true");
      assert.equal(await page.$eval("#generate", (button) => button.disabled), true);
      await named(page, "button", "Seed text").click();
      await page.waitForFunction(() => document.activeElement.id === "demo-seed");
      await type(page, "demo-seed", "workshop");
      await page.waitForFunction(() => !document.querySelector("#generate").disabled);
    });
  });

  test(`a finding in a text of machines names its line, and too many are one finding (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await page.evaluate(() => {
        const group = [...document.querySelectorAll("fieldset.nodes")][1];
        [...group.querySelectorAll("button")].find((b) => b.textContent === "Edit as text").click();
      });
      await page.waitForSelector("textarea[aria-label=Workers]");
      await type(page, "field-workers", "# rack 1\n\nw1 10.0.1.1\nw2 10.0.0.256\n");
      await said(page, "#field-workers-found", /Line 4 \(Worker 2, address 1\): This is not an IP address/);
      const lines = Array.from({ length: 20_000 }, (_, index) => `w${index}`).join("\n");
      await type(page, "field-workers", lines);
      await said(page, "#field-workers-found", /Line 5001 \(Worker 5001, name\): Up to here these are 5001/);
      const kept = await page.$eval("#field-workers", (field) => field.value.length);
      assert.equal(kept, lines.length, "what was typed stands there still");
    });
  });
}

async function said(page, place, expected) {
  await page.waitForFunction(
    (place, source) => new RegExp(source, "s").test(document.querySelector(place)?.textContent),
    {}, place, expected.source,
  ).catch(async () => {
    const text = await page.$eval(place, (element) => element.textContent).catch(() => "nothing");
    assert.fail(`${place}: no ${expected} in ${text}`);
  });
}

async function type(page, id, text) {
  await page.$eval(`#${id}`, (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
}
