// axe on every view and state, light and dark, narrow and wide.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { BROWSERS, named, screenshot, withPage } from "./harness.mjs";

const axe = await fs.readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const KEY = execFileSync("openssl", ["genpkey", "-algorithm", "ED25519"], { encoding: "utf8" });

const STATES = {
  "generate": async () => {},
  "generate-advanced": async (page) => {
    await page.evaluate(() => {
      document.querySelectorAll("details").forEach((details) => { details.open = true; });
      [...document.querySelectorAll("input[type=checkbox]")].at(-1).click();
      document.querySelectorAll("#field-authorities button").forEach((button) => button.click());
    });
    await page.waitForSelector("#demo-seed");
    await page.waitForSelector("#field-certificates-0--name");
  },
  "generate-findings": async (page) => {
    await page.$eval("#field-clusterName", (field) => {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.waitForSelector(".summary");
  },
  "generate-made": async (page) => {
    await named(page, "button", "Generate PKI").click();
    await named(page, "button", "Download tarball").wait();
    await page.evaluate(() => {
      const files = [...document.querySelectorAll(".file")];
      files.find((file) => file.textContent.includes("pki/apiserver.crt")).click();
    });
    await page.waitForSelector("#detail .sheet");
  },
  "decode": decode,
  "decode-answer": async (page) => {
    await decode(page);
    await page.locator("button.example").click();
    await page.waitForSelector(".answer .sheet");
  },
  ...Object.fromEntries(["Fields", "Text", "ASN.1", "PEM", "JSON"].map((name) => [
    `decode-tab-${name.toLowerCase().replace(".", "")}`,
    async (page) => {
      await decode(page);
      await press(page, "kube-apiserver");
      await page.waitForSelector(".answer .sheet");
      await named(page, "tab", name).click();
      await page.waitForSelector(name === "Fields" ? ".panel-of-tab .sheet-sections"
        : name === "ASN.1" ? ".asn1" : ".panel-of-tab pre");
      if (name === "ASN.1") {
        await page.$eval("[data-at='150']", (octet) => octet.click());
      }
    },
  ])),
  "decode-key-hidden": async (page) => {
    await decode(page);
    await fill(page, KEY);
    await page.waitForSelector(".answer .sheet");
    await named(page, "tab", "PEM").click();
    await page.waitForSelector(".hidden-key");
  },
  "decode-object": async (page) => {
    await decode(page);
    await press(page, "a signed CSR object");
    await page.waitForFunction(() => document.querySelectorAll(".answer .sheet").length === 3);
  },
  "decode-expiry": async (page) => {
    await decode(page);
    await press(page, "a kubelet's kubeconfig");
    await page.waitForSelector(".expiry");
    await page.$eval(".expiry", (details) => { details.open = true; });
    await press(page, "Copy link");
    await page.waitForSelector(".answer-notes p");
  },
  "decode-list": async (page) => {
    await decode(page);
    await press(page, "kube-apiserver");
    await page.waitForSelector(".answer .sheet");
    await fill(page, (await page.$eval("#paste", (box) => box.value)).repeat(40));
    await page.waitForSelector(".list .line");
  },
  "decode-link-cut": async (page) => {
    await decode(page);
    await page.evaluate(() => { location.hash = "#/decode?d=H4sI"; });
    await page.waitForFunction(() => document.body.textContent.includes("was cut on its way"));
  },
  "decode-unknown": async (page) => {
    await decode(page);
    await named(page, "textbox", "Paste anything").fill("what is this?");
    await page.waitForSelector(".not-recognised");
  },
  "csr-review": async (page) => {
    await named(page, "link", "CSR desk").click();
    await page.locator("button.example").click();
    await page.waitForSelector(".csr-files");
    await page.evaluate(() => {
      document.querySelectorAll("details.advanced").forEach((details) => { details.open = true; });
    });
  },
  "csr-table": async (page) => {
    const list = await fs.readFile(new URL("../fixtures/csr/csr-list.yaml", import.meta.url), "utf8");
    await named(page, "link", "CSR desk").click();
    await page.waitForSelector("#csr-input");
    await page.$eval("#csr-input", (field, text) => {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, list);
    await page.waitForSelector(".wide-table tbody tr");
    await page.locator(".wide-table button").click();
    await page.waitForSelector("#csr-look .sheet");
  },
  "csr-request": async (page) => {
    await step(page, "Request");
    await page.locator("#csr-name").fill("jane");
    await named(page, "button", "Make key and request").click();
    await page.waitForSelector("#csr-passphrase");
  },
  "csr-attach": async (page) => {
    await step(page, "Attach");
    await named(page, "button", "Make the kubeconfig").click();
    await page.waitForSelector("section.answer .tone-bad");
  },
  "map": async (page) => {
    await named(page, "link", "Map").click();
    await page.waitForSelector("#map-picture");
  },
  "map-chosen": async (page) => {
    await page.evaluate(() => { location.hash = "#/map"; });
    await page.waitForSelector("#map-picture");
    await page.evaluate(() => {
      const parties = [...document.querySelectorAll(".map-party")];
      const party = parties.find((one) => one.textContent.startsWith("kube-apiserver"));
      party.querySelector("[role=button]").dispatchEvent(new MouseEvent("click", { bubbles: true }));
    });
    await page.waitForSelector("#map-panel h2");
  },
  "map-flag": async (page) => {
    await page.evaluate(() => { location.hash = "#/map"; });
    await page.waitForSelector("#map-picture");
    await page.evaluate(() => document.querySelector(".map-link [aria-label^='kube-apiserver calls kubelet']")
      .dispatchEvent(new MouseEvent("click", { bubbles: true })));
    await page.waitForSelector("#map-panel .three");
  },
  "compare": async (page) => {
    await page.evaluate(() => { location.hash = "#/map/compare"; });
    await page.waitForSelector(".compare table");
  },
  "compare-pasted": async (page) => {
    await page.evaluate(() => { location.hash = "#/map/compare"; });
    await page.waitForSelector(".compare table");
    await page.select("#field-other", "");
    await page.waitForSelector("#other-design");
  },
  "csr-sign": (page) => step(page, "Sign"),
  "csr-workshop": (page) => step(page, "Workshop"),
};

for (const [name, reach] of Object.entries(STATES)) {
  test(`axe finds nothing: ${name}`, { skip: !BROWSERS.includes("chromium") }, async () => {
    await withPage({ browser: "chromium", transport: "file" }, async ({ page }) => {
      await look(page, "light");
      await reach(page);
      // By the DevTools protocol, so the page's own policy stays as it is.
      await page.evaluate(axe);
      for (const theme of ["light", "dark"]) {
        await look(page, theme);
        for (const width of [1440, 390]) {
          await page.setViewport({ width, height: 1000 });
          const found = await page.evaluate(violations);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          await screenshot(page, `${name}-${width}-${theme}`);
          assert.deepEqual(found, [], `${theme}, ${width} px`);
          assert.ok(wide <= width, `the page is ${wide} px wide at ${width} px`);
        }
      }
    });
  });
}

test("axe sees what nobody can read, in the dark too", { skip: !BROWSERS.includes("chromium") }, async () => {
  await withPage({ browser: "chromium", transport: "file" }, async ({ page }) => {
    await page.evaluate(axe);
    await look(page, "dark");
    // As dark as the page behind it; light on light it would be read well.
    await page.$eval("main h1", (title) => title.style.setProperty("color", "#222"));
    const found = await page.evaluate(violations);
    assert.match(found.join("\n"), /color-contrast/);
  });
});

/** Sets the theme, whose colours are there at once where nothing may move. */
function look(page, theme) {
  return page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: theme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
}

/** Runs in the page. */
async function violations() {
  const result = await globalThis.axe.run(document, { resultTypes: ["violations"] });
  return result.violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

async function step(page, name) {
  await named(page, "link", "CSR desk").click();
  await named(page, "link", name).click();
  await page.waitForSelector(".csr form");
  await page.evaluate(() => {
    document.querySelectorAll("details.advanced").forEach((details) => { details.open = true; });
  });
}

async function decode(page) {
  await named(page, "link", "Decode").click();
  await named(page, "textbox", "Paste anything").wait();
}

async function press(page, name) {
  await named(page, "button", name).click();
}

async function fill(page, text) {
  await page.$eval("#paste", (box, text) => {
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}
