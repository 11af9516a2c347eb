// Compare: the design beside every layout and beside a pasted design, as tables and as Markdown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSERS, named, withPage } from "./harness.mjs";

/** As `cargo run --example compare` and the page write and read it. */
const DESIGN = `apiVersion: pki-workbench/v1
kind: Design
layout: single-ca
controlPlanes:
- name: cp1
  addresses: [10.0.0.10]
`;

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`the design stands beside each layout (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      const layouts = await page.$$eval("#field-other option", (all) => all.map((one) => one.value));
      for (const layout of layouts.filter((one) => one !== "")) {
        await page.select("#field-other", layout);
        if (layout === "kubeadm") {
          await page.waitForFunction(() => document.querySelector("main").innerText.includes("Nothing differs"));
          continue;
        }
        await page.waitForFunction((layout) => [...document.querySelectorAll(".compare tbody tr")]
          .some((row) => row.innerText.includes("Layout") && row.innerText.includes(layout)), {}, layout);
        const tables = await page.$$eval(".compare table", (all) => all.map((table) => ({
          heads: table.querySelectorAll("thead th[scope=col]").length,
          bare: table.querySelectorAll("tbody tr:not(.group) > :not(th[scope=row]):first-child").length,
          odd: [...table.querySelectorAll("tbody tr:not(.group)")].filter((row) => row.cells.length !== 3).length,
        })));
        assert.ok(tables.length >= 4, layout);
        for (const table of tables) assert.deepEqual(table, { heads: 3, bare: 0, odd: 0 });
      }
      await page.select("#field-other", "five-flows");
      await page.waitForFunction(() => document.querySelector("main").innerText.includes("Operators CA"));
      const text = await page.$eval("main", (main) => main.innerText);
      for (const part of ["1.2.5 (v1.5.0: 1.2.6)", "/etc/kubernetes/pki/apiserver.crt",
        "log in to kube-apiserver as any user", "kube-apiserver --kubelet-certificate-authority"]) {
        assert.ok(text.includes(part), `${part} is not in: ${text}`);
      }
    });
  });

  test(`a pasted design and a link stand beside the design, which stays (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      const link = await page.evaluate(() => location.href);
      await open(page);
      await page.select("#field-other", "");
      await page.waitForSelector("#other-design");
      await paste(page, "no design");
      await page.waitForFunction(() => document.querySelector(".compare [role=status] li")?.innerText.length > 10);
      await paste(page, `${link}#/generate?design=H4sI`);
      await page.waitForFunction(() => document.querySelector(".compare [role=status] li")
        ?.innerText.includes("checksum"));
      await paste(page, DESIGN);
      await page.waitForFunction(() => document.querySelector(".compare thead")?.innerText.includes("Single CA"));
      const risks = await page.$eval("main", (main) => main.innerText);
      assert.ok(risks.includes("CIS 2.7"), risks);
      await page.evaluate(() => { location.hash = "#/generate"; });
      await page.waitForSelector("#field-layout");
      assert.equal(await page.$eval("#field-layout", (field) => field.value), "kubeadm");
      // What was pasted is still there on the way back.
      await page.evaluate(() => { location.hash = "#/map/compare"; });
      await page.waitForFunction(() => document.querySelector(".compare thead")?.innerText.includes("Single CA"));
    });
  });

  test(`a long table is shown page by page, each under its heading (${browser})`, async () => {
    const people = Array.from({ length: 120 }, (_, at) => `- name: person-${String(at).padStart(3, "0")}\n`);
    await withPage(place, async ({ page }) => {
      await open(page);
      await page.select("#field-other", "");
      await page.waitForSelector("#other-design");
      await paste(page, `${DESIGN}users:\n${people.join("")}`);
      await page.waitForSelector(".compare [role=group]");
      const files = () => page.evaluate(() => {
        const card = document.querySelector(".compare [role=group][aria-label=Files]").parentElement;
        const rows = [...card.querySelectorAll("tbody tr:not(.group)")].map((row) => row.innerText);
        const first = card.querySelector("tbody tr");
        return { rows, first: first.className, said: card.querySelector(".actions").innerText };
      });
      let seen = [];
      for (;;) {
        const { rows, first, said } = await files();
        assert.ok(rows.length <= 50, `${rows.length} rows`);
        assert.equal(first, "group");
        assert.match(said, new RegExp(`Rows ${seen.length + 1} to ${seen.length + rows.length} of`));
        seen = seen.concat(rows);
        const more = await page.evaluate(() => {
          const buttons = document.querySelectorAll(".compare [role=group][aria-label=Files] button");
          buttons[1].click();
          return !buttons[1].disabled;
        });
        if (rows.length < 50 || !more) break;
        await page.waitForFunction((from) => document
          .querySelector(".compare [role=group][aria-label=Files]").innerText.includes(`Rows ${from} to`),
        {}, seen.length + 1);
      }
      for (const at of ["000", "119"]) {
        assert.equal(seen.filter((row) => row.includes(`person-${at}.conf`)).length, 1);
      }
    });
  });

  test(`the comparison is copied as Markdown, by keyboard alone (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await page.evaluate(() => {
        // The one place that the page writes to, without asking the browser for leave.
        Object.defineProperty(navigator, "clipboard", { configurable: true, value: {
          writeText: (text) => { globalThis.copied = text; return Promise.resolve(); },
        } });
      });
      await open(page);
      await page.focus("#field-other");
      for (let presses = 0; presses < 6; presses += 1) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
        if (name === "Copy the comparison as Markdown") break;
      }
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => globalThis.copied !== undefined);
      const text = await page.evaluate(() => globalThis.copied);
      assert.match(text, /^# Your design: kubeadm \| The other: Five flows\n/);
      assert.match(text, /\n\| CA \| Your design: kubeadm \| The other: Five flows \|\n\|---\|---\|---\|\n/);
      for (const line of text.split("\n").filter((one) => one.startsWith("|"))) {
        assert.equal(line.replaceAll("\\|", "").split("|").length, 5, line);
      }
    });
  });
}

async function open(page) {
  await named(page, "link", "Map").click();
  await named(page, "link", "Compare with another layout").click();
  await page.waitForSelector(".compare table");
  // The navigation still says where one is.
  assert.equal(await page.$eval("nav [aria-current=page]", (link) => link.innerText), "Map");
}

async function paste(page, text) {
  await page.$eval("#other-design", (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}
