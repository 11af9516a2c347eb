// The map: every layout is drawn, every part can be chosen with and without a pointer, and what is
// said beside it leads to the files.

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { test } from "node:test";
import { BROWSERS, named, screenshot, withPage } from "./harness.mjs";

/** kube-apiserver's proxy is plain HTTP in every layout. */
const PROXIED = "kube-apiserver calls a program in a pod";

/** Layouts, how many lines each has for one control plane and no worker, and the lines that lack a check. */
const LAYOUTS = {
  "kubeadm": [13, ["kube-apiserver calls kubelet", PROXIED, "an aggregated API server calls kubelet"]],
  "five-flows": [13, [PROXIED]],
  "single-ca": [14, [PROXIED]],
  "hard-way": [8, [PROXIED]],
  "master-etc": [8, [PROXIED]],
  "k3s": [0, []],
  "cluster-api": [0, []],
};

const CONNECTIONS = "[aria-label='All connections as a table']";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`each layout is drawn, and listed beside the picture (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      const names = await page.$$eval("#field-layout option", (all) => all.map((one) => one.value));
      // An empty one has nothing to draw.
      assert.deepEqual(names, [...Object.keys(LAYOUTS), "own"]);
      const seen = {};
      for (const name of Object.keys(LAYOUTS)) {
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
        "kube-apiserver --client-ca-file", "Kubernetes CA", "10.96.0.1", "as any user of any group"]) {
        assert.ok((await panel()).includes(part), `${part} is not in: ${await panel()}`);
      }
      // Only what has to do with it stays in the table.
      assert.equal((await page.$$(`${CONNECTIONS} tbody tr:not([hidden])`)).length, 1);
      await page.keyboard.press(" ");
      await page.waitForFunction(() => document.querySelector("#map-panel h2") === null);
      assert.ok((await page.$$(`${CONNECTIONS} tbody tr:not([hidden])`)).length > 9);

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

  test(`the way around leads from each thing to the next, by keyboard (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      await page.$eval(".map-link [aria-label^='kube-apiserver calls etcd']", (line) => line.focus());
      await page.keyboard.press("Enter");
      await panelSays(page, "kube-apiserver → etcd");
      // Flow → certificate → file.
      await follow(page, "#map-panel", "/etc/kubernetes/pki/apiserver-etcd-client.crt");
      await page.waitForFunction(() => location.hash === "#/generate" && document.activeElement.id === "detail"
        && document.querySelector("#detail h2")?.innerText.endsWith("pki/apiserver-etcd-client.crt"));
      // File → flow, CA and flag, and the flag back to the file.
      for (const name of ["kube-apiserver → etcd", "etcd CA"]) {
        const names = await page.$$eval("#detail .link", (all) => all.map((one) => one.innerText.trim()));
        assert.ok(names.some((one) => one.endsWith(name)), `${name} is not in ${names}`);
      }
      await follow(page, "#detail", "kube-apiserver --etcd-certfile");
      await panelSays(page, "kube-apiserver --etcd-certfile");
      await page.waitForFunction(() => location.hash === "#/map" && document.activeElement.id === "map-panel");
      const lit = await page.$$eval(".map-link:not(.dim) [role=button]", (all) =>
        all.map((one) => one.getAttribute("aria-label").split(":")[0]));
      assert.deepEqual(lit, ["kube-apiserver calls etcd"]);
      // Flag → component → CA → flow.
      await follow(page, "#map-panel", "kube-apiserver");
      await panelSays(page, "kube-apiserver");
      await follow(page, "#map-panel", "etcd CA");
      await panelSays(page, "etcd CA");
      await follow(page, "#map-panel", "kube-apiserver → etcd");
      await panelSays(page, "kube-apiserver → etcd");
      // A CA's own certificate, and what it signs, are files too; and a settings file names flags.
      await follow(page, "#map-panel", "etcd CA");
      await panelSays(page, "etcd CA");
      await follow(page, "#map-panel", "CN=kube-apiserver-etcd-client");
      await page.waitForFunction(() => document.querySelector("#detail h2")?.innerText
        .endsWith("pki/apiserver-etcd-client.crt"));
      await page.evaluate(() => {
        const heads = [...document.querySelectorAll(".folder-head")];
        heads.find((head) => head.innerText.includes("flags of its components")).click();
      });
      await page.waitForFunction(() => [...document.querySelectorAll(".file")]
        .some((file) => file.innerText.includes("etcd.args")));
      await page.evaluate(() => [...document.querySelectorAll(".file")]
        .find((file) => file.innerText.includes("etcd.args")).click());
      await page.waitForFunction(() => document.querySelector("#detail h2")?.innerText.endsWith("etcd.args"));
      await follow(page, "#detail", "/etc/kubernetes/pki/etcd/server.crt");
      await page.waitForFunction(() => document.activeElement.id === "detail"
        && document.querySelector("#detail h2").innerText.endsWith("pki/etcd/server.crt"));
      await follow(page, "#detail", "kube-apiserver → etcd");
      await page.waitForFunction(() => location.hash === "#/map");
    // Firefox presses no button by key once a window of an earlier flow was before this one.
    }, { alone: true });
  });

  test(`each connection says which of the three hold, by default and now (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      const three = async (from, to) => {
        await page.$eval(`.map-link [aria-label^='${from} calls ${to}']`, (line) => line.focus());
        await page.keyboard.press("Enter");
        await panelSays(page, `${from} → ${to}`);
        return page.$$eval("#map-panel .three tbody tr", (rows) =>
          Object.fromEntries(rows.map((row) => [...row.cells].map((cell) => cell.innerText)).map(([a, ...b]) => [a, b])));
      };
      const listeners = "only against listeners";
      assert.deepEqual(await three("kube-apiserver", "kubelet"), {
        Authentication: ["no", "the caller only"],
        Integrity: [listeners, listeners],
        Encryption: [listeners, listeners],
      });
      assert.deepEqual(await three("kube-apiserver", "etcd"), {
        Authentication: ["no", "both ends"], Integrity: ["no", "yes"], Encryption: ["no", "yes"],
      });
      // The button at the risk mends the line.
      await page.evaluate(() => [...document.querySelectorAll(".map-known button")]
        .find((button) => button.innerText.includes("serving certificates for kubelets")).click());
      await page.waitForFunction(() => document.querySelectorAll(".map-link:has(.broken)").length === 1);
      const now = await three("kube-apiserver", "kubelet");
      assert.deepEqual(Object.values(now).map(([, chosen]) => chosen), ["both ends", "yes", "yes"]);
      const lines = await page.$$eval("#benchmark > .wide-table tbody tr", (rows) =>
        rows.map((row) => [row.cells[0].innerText, row.cells[1].innerText]));
      assert.deepEqual(lines, [["1.2.1", "1.2.1"], ["1.2.27", "1.2.33"], ["1.2.28", "1.2.34"],
        ["3.1.1", "3.1.1"], ["5.1.7", "none"]]);
      await named(page, "button", "Undo").click();
      await page.waitForFunction(() => document.querySelectorAll(".map-link:has(.broken)").length === 3);
    });
  });

  test(`certificates by hand are on the map where they are shown (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await named(page, "link", "Generate").click();
      for (const name of ["metrics-server", "Admission webhook", "Konnectivity (egress selector)"]) {
        await page.waitForFunction((name) => {
          document.querySelectorAll("details").forEach((one) => { one.open = true; });
          const button = [...document.querySelectorAll("main button")].find((one) => one.textContent === name);
          button?.click();
          return button !== undefined;
        }, {}, name);
      }
      await open(page);
      for (const [name, from, says] of [
        ["an aggregated API server", "", "by the caBundle of its APIService against"],
        ["a webhook", "", "names a kubeconfig for it"],
        ["konnectivity-server", "CN=apiserver-konnectivity-client", "EgressSelectorConfiguration against"],
      ]) {
        await page.waitForSelector(`.map-link [aria-label^='kube-apiserver calls ${name}']`);
        await page.$eval(`.map-link [aria-label^='kube-apiserver calls ${name}']`, (line) => line.focus());
        await page.keyboard.press("Enter");
        await panelSays(page, `kube-apiserver → ${name}`);
        const panel = await page.$eval("#map-panel", (panel) => panel.innerText);
        for (const part of [from, says]) assert.ok(panel.includes(part), `${part} is not in: ${panel}`);
      }
    });
  });

  // Firefox says by no protocol of Puppeteer's what paper would show.
  if (browser === "chromium") test(`the map is fit for paper (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      await page.focus(".map-frame");
      await page.keyboard.press("+");
      await page.setViewport({ width: 718, height: 1000 });
      await page.emulateMediaType("print");
      const seen = (selector) => page.$$eval(selector, (all) => all.filter((one) =>
        one.checkVisibility({ contentVisibilityAuto: true }) && one.getBoundingClientRect().height > 0).length);
      for (const hidden of ["nav", ".badge", ".theme", ".map-tools", ".map-keys", ".map-choice a", "#map-panel",
        ".map-known button.small", "#benchmark button.small"]) {
        assert.equal(await seen(hidden), 0, `${hidden} is on paper`);
      }
      for (const [shown, least] of [["#map-picture", 1], ["#field-layout", 1], [".map-authorities button", 3],
        [`${CONNECTIONS} tbody tr`, 15], ["#benchmark details tr", 10]]) {
        assert.ok(await seen(shown) >= least, `${shown} is ${await seen(shown)} times on paper`);
      }
      await page.evaluate(() => document.querySelector(".map-link [aria-label^='kube-apiserver calls kubelet']")
        .dispatchEvent(new MouseEvent("click", { bubbles: true })));
      await panelSays(page, "kube-apiserver → kubelet");
      const paper = await page.evaluate((table) => {
        const at = (selector) => document.querySelector(selector).getBoundingClientRect();
        const frame = document.querySelector(".map-frame");
        return {
          order: ["#map-picture", "#map-panel", table].map((one) => at(one).top),
          wide: document.documentElement.scrollWidth > innerWidth || frame.scrollWidth > frame.clientWidth,
          ink: getComputedStyle(document.body).color,
        };
      }, CONNECTIONS);
      assert.deepEqual(paper.order, [...paper.order].sort((a, b) => a - b));
      assert.equal(paper.wide, false);
      assert.equal(paper.ink, "rgb(23, 33, 43)", "paper is light");
      const pdf = Buffer.from(await page.pdf({ format: "A4" }));
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
      await screenshot(page, "map-paper");
    });
  });

  test(`the picture is zoomed by keys and dragged by a mouse (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page);
      await page.focus(".map-frame");
      for (const key of ["+", "+", "+"]) await page.keyboard.press(key);
      await page.waitForSelector(".map-frame.zoom-3");
      const frame = await page.$eval(".map-frame", (frame) => {
        frame.scrollIntoView({ block: "center" });
        const { x, y, width, height } = frame.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      });
      const left = () => page.$eval(".map-frame", (frame) => frame.scrollLeft);
      await page.mouse.move(frame.x, frame.y);
      await page.mouse.down();
      await page.mouse.move(frame.x - 150, frame.y - 20, { steps: 5 });
      await page.mouse.up();
      assert.equal(await left(), 150);
      // What was under the mouse at the end of the way was not pressed.
      assert.equal(await page.$("#map-panel h2"), null);
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() => document.querySelector(".map-frame").scrollLeft > 150);
      await page.keyboard.press("0");
      await page.waitForSelector(".map-frame.zoom-0");
    });
  });
}

/** Waits until the panel is about something. */
async function panelSays(page, title) {
  await page.waitForFunction((title) => document.querySelector("#map-panel h2")?.innerText.trim()
    .endsWith(title), {}, title);
}

/** Presses the button of this name within an element, by keyboard. */
async function follow(page, within, name) {
  await page.waitForFunction((within, name) => {
    const buttons = [...document.querySelectorAll(`${within} button`)];
    // The letter of a CA stands before its name.
    const is = (text) => text === name || /\s$/.test(text.slice(0, -name.length)) && text.endsWith(name);
    const button = buttons.find((one) => is(one.textContent.trim()));
    button?.focus();
    return button !== undefined && document.activeElement === button;
  }, {}, within, name);
  await page.keyboard.press("Enter");
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
