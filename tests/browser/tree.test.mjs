// The tree of files with thousands of machines or hundreds of people: few lines of it exist, and
// all of them can be found and opened, by the keyboard too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drop } from "./decode-page.mjs";
import { BROWSERS, screenshot, tabTo, withPage } from "./harness.mjs";

/** More lines than are in sight, and far fewer than there are. */
const MOST_LINES = 80;

const MACHINES = design(`workers:
- name: worker-[0001-5000]
  addresses: [10.1.0.1+]
`);
const people = Array.from({ length: 200 }, (_, at) => `- name: person-${String(at).padStart(3, "0")}\n`);
const PEOPLE = design(`users:\n${people.join("")}`);

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`of five thousand machines few lines exist, and one is found (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await take(page, MACHINES);
      await page.waitForSelector("#find-file");
      assert.match(await said(page), /^\d{5} files$/);
      await few(page);

      // By scrolling.
      await page.$eval("#files", (list) => { list.scrollTop = list.scrollHeight / 2; });
      await page.waitForFunction(() => /worker-2\d\d\d/.test(document.querySelector("#files").innerText));
      await few(page);

      // By name: its two folders stand open with all their files.
      await find(page, "Worker-4321");
      await page.waitForFunction(() => document.querySelectorAll(".folder-head").length === 2);
      const names = await page.$$eval("#files .file-name", (all) => all.map((name) => name.textContent));
      assert.ok(names.includes("etc/kubernetes/kubelet.conf"), names);
      assert.equal(await said(page), `${names.length} files`);
      await screenshot(page, `tree-found-${browser}`);
      await page.evaluate(() => [...document.querySelectorAll("#files .file")]
        .find((file) => file.innerText.includes("kubelet.conf")).click());
      await detail(page, "hosts/worker-4321/etc/kubernetes/kubelet.conf");
      const chosen = await page.$$eval("#files [aria-selected=true]", (all) => all.map((file) => file.innerText));
      assert.equal(chosen.length, 1);
      assert.match(chosen[0], /kubelet\.conf/);

      // What one closes stays closed, until another is looked for.
      await page.$eval(".folder-head", (head) => head.click());
      await page.waitForSelector(".folder-head[aria-expanded=false]");
      // A file of every machine.
      await find(page, "worker kubelet.conf");
      await page.waitForFunction(() => document.querySelector("#find-file ~ .hint").innerText === "5000 files");
      assert.equal(await page.$(".folder-head[aria-expanded=false]"), null);
      await few(page);
      await find(page, "nobody at all");
      await page.waitForFunction(() => !document.querySelector("#files .line"));
      assert.equal(await said(page), "No file has this in its path.");

      // The files of one machine need no field to find them by.
      page.on("dialog", (dialog) => dialog.accept());
      await take(page, design(""));
      await page.waitForFunction(() => !document.querySelector("#find-file"));
      await there(page, "cp1, control plane");
      // One that comes back is empty, and leaves nothing out.
      await take(page, MACHINES);
      await page.waitForSelector("#find-file");
      await there(page, "cp1, control plane");
      assert.match(await said(page), /^\d{5} files$/);
    });
  });

  test(`the tree of five thousand machines goes by keyboard alone (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await take(page, MACHINES);
      await page.waitForSelector("#find-file");
      await page.focus("#find-file");
      await tabTo(page, (focused) => focused.id === "files");
      await page.keyboard.press("End");
      await active(page, "SHA256SUMS");
      await few(page);
      // From a file to what it is in, over the machine before that, and into its files.
      await page.keyboard.press("ArrowLeft");
      await active(page, "Beside them");
      await page.keyboard.press("ArrowUp");
      await active(page, "worker-5000, flags of its components");
      await page.keyboard.press("ArrowUp");
      await active(page, "worker-5000, worker");
      await page.keyboard.press("ArrowRight");
      await page.waitForSelector("#files .here[aria-expanded=true]");
      await page.keyboard.press("ArrowRight");
      await active(page, "etc/kubernetes/");
      const file = await page.$eval("#files .here .file-name", (name) => name.textContent);
      await page.keyboard.press("Enter");
      await detail(page, `hosts/worker-5000/${file}`);
      assert.equal(await page.evaluate(() => document.activeElement.id), "files");
      await page.keyboard.press("ArrowLeft");
      await active(page, "worker-5000, worker");
      await page.keyboard.press(" ");
      await page.waitForSelector("#files .here[aria-expanded=false]");
      await page.keyboard.press("Home");
      await active(page, "Operators");
      await page.keyboard.press("PageDown");
      await page.waitForSelector("#files-8.here");
    });
  });

  test(`of two hundred people's files few lines exist, and one is found (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await take(page, PEOPLE);
      await there(page, "users/person-000.conf");
      await few(page);
      await find(page, "person-123");
      await page.waitForFunction(() => document.querySelectorAll("#files .file").length === 1);
      await page.focus("#files");
      await page.keyboard.press("ArrowDown");
      await active(page, "users/person-123.conf");
      await page.keyboard.press("Enter");
      await detail(page, "operator/users/person-123.conf");
    });
  });
}

function design(more) {
  return `apiVersion: pki-workbench/v1
kind: Design
controlPlanes:
- name: cp1
  addresses: [10.0.0.10]
${more}`;
}

/** Takes a design in the way of a person: by a drop on the page. */
async function take(page, text) {
  await page.bringToFront();
  await drop(page, [{ name: "design.yaml", bytes: Buffer.from(text) }]);
}

/** Waits until a line says this. */
function there(page, text) {
  return page.waitForFunction((text) => document.querySelector("#files").innerText.includes(text), {}, text);
}

async function few(page) {
  const lines = await page.$$eval("#files .line", (all) => all.length);
  assert.ok(lines > 0 && lines < MOST_LINES, `${lines} lines`);
}

async function find(page, text) {
  await page.$eval("#find-file", (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

function said(page) {
  return page.$eval("#find-file ~ .hint", (hint) => hint.innerText);
}

/** Waits until the line that the keyboard is on is in sight, and says this. */
async function active(page, text) {
  await page.waitForFunction((text) => {
    const list = document.querySelector("#files");
    const line = document.getElementById(list.getAttribute("aria-activedescendant"));
    if (!line?.innerText.includes(text) || !line.classList.contains("here")) return false;
    const [outer, inner] = [list.getBoundingClientRect(), line.getBoundingClientRect()];
    return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  }, {}, text);
}

async function detail(page, path) {
  await page.waitForFunction((path) => document.querySelector("#detail h2")?.innerText === path, {}, path);
}
