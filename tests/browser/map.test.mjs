// The map: every layout is drawn, every part can be chosen with and without a pointer, and what is
// said beside it leads to the files.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { test } from "node:test";
import { BROWSERS, named, withPage } from "./harness.mjs";

/** Layouts, how many lines each has for one control plane and no worker, and the lines that lack a check. */
const LAYOUTS = {
  "kubeadm": [10, ["kube-apiserver calls kubelet"]],
  "five-flows": [10, []],
  "single-ca": [11, []],
  "hard-way": [7, []],
  "master-etc": [7, []],
  "k3s": [0, []],
  "cluster-api": [0, []],
};

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`each layout is drawn, and listed beside the picture (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      const names = await page.$$eval("#field-layout option", (all) => all.map((one) => one.value));
      assert.deepEqual(names, Object.keys(LAYOUTS));
      const seen = {};
      for (const name of names) {
        await page.select("#field-layout", name);
        await page.waitForFunction((name) => {
          const drawn = document.querySelectorAll(".map-authorities button").length;
          return document.querySelector("#field-layout").value === name && drawn > 0;
        }, {}, name);
        const lines = await page.$$eval(".map-link", (all) => all.map((line) => ({
          name: line.querySelector("[role=button]").getAttribute("aria-label"),
          broken: line.querySelector(".broken") !== null,
        })));
        const rows = await page.$$eval("tbody th button", (all) => all.map((one) => one.textContent));
        assert.equal(new Set(rows).size, lines.length, `${name}: table and picture differ`);
        const broken = lines.filter((line) => line.broken).map((line) => line.name.split(":")[0]);
        for (const line of lines) {
          assert.equal(line.broken, line.name.includes("a check is missing"), line.name);
        }
        seen[name] = [lines.length, broken];
      }
      assert.deepEqual(seen, LAYOUTS);
    });
  });

  test(`a line, a component and a CA tell all about them, by keyboard too (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      await open(page);
      const panel = () => page.$eval("#map-panel", (panel) => panel.innerText);
      await page.$eval(".map-link [aria-label^='kube-scheduler calls']", (line) => line.focus());
      await page.keyboard.press("Enter");
      await page.waitForFunction(() =>
        document.querySelector("#map-panel h2")?.innerText.includes("kube-scheduler → kube-apiserver"));
      for (const part of ["CN=system:kube-scheduler", "clientAuth", "/etc/kubernetes/scheduler.conf",
        "kube-apiserver's --client-ca-file", "Kubernetes CA", "10.96.0.1", "as any user of any group"]) {
        assert.ok((await panel()).includes(part), `${part} is not in: ${await panel()}`);
      }
      // Only what has to do with it stays in the table.
      assert.equal((await page.$$("tbody tr:not([hidden])")).length, 1);
      await page.keyboard.press(" ");
      await page.waitForFunction(() => document.querySelector("#map-panel h2") === null);
      assert.ok((await page.$$("tbody tr:not([hidden])")).length > 9);

      await choose(page, "etcd CA");
      for (const part of ["CN=etcd-ca", "read and write all of etcd", "CN=kube-apiserver-etcd-client",
        "etcd --trusted-ca-file", "keep it off every machine"]) {
        assert.ok((await panel()).includes(part), `${part} is not in: ${await panel()}`);
      }
      assert.equal(await page.$eval(".map-link [aria-label^='kube-scheduler calls']",
        (line) => line.closest(".map-link").classList.contains("dim")), true);

      await page.evaluate(() => document.querySelector(".map-link [aria-label^='kube-apiserver calls kubelet']")
        .dispatchEvent(new MouseEvent("click", { bubbles: true })));
      await page.waitForFunction(() => document.querySelector("#map-panel").innerText
        .includes("Nobody checks who answers"));

      await choose(page, "Download SVG");
      const [file] = await downloads(1);
      const picture = await fs.readFile(file, "utf8");
      // In another page, because the policy of this one holds for what it parses too.
      const elsewhere = await page.browserContext().newPage();
      const fault = await elsewhere.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        const used = [...text.matchAll(/var\((--[a-z-]+)/g)].map((found) => found[1]);
        const missing = used.filter((name) => !text.replaceAll(" ", "").includes(`${name}:`));
        return parsed.querySelector("parsererror")?.textContent ?? missing.join(", ");
      }, picture);
      assert.equal(fault, "");
      await elsewhere.close();
      assert.match(picture, /kube-controller-manager/);

      await page.evaluate(() => {
        const parties = [...document.querySelectorAll(".map-party")];
        const party = parties.find((one) => one.textContent.startsWith("kube-scheduler"));
        party.querySelector("[role=button]").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      });
      await named(page, "button", "/etc/kubernetes/scheduler.conf").click();
      await page.waitForFunction(() => location.hash === "#/generate" && document.querySelector("#detail h2")
        ?.innerText === "hosts/cp1/etc/kubernetes/scheduler.conf");
    });
  });
}

async function open(page) {
  await named(page, "link", "Map").click();
  await page.waitForSelector("#map-picture");
}

async function choose(page, name) {
  await page.evaluate((name) => {
    const buttons = [...document.querySelectorAll("main button")];
    buttons.find((button) => button.textContent.endsWith(name)).click();
  }, name);
}
