// The ways in: links, pastes and drops from every view, several files, and input that is no good.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import {
  answer, copied, drop, example, openDecode, paste, pasteBeside, press, watchClipboard,
} from "./decode-page.mjs";
import { BROWSERS, named, waitUntilReady, withPage } from "./harness.mjs";

const KEY = execFileSync("openssl", ["genpkey", "-algorithm", "ED25519"], { encoding: "utf8" });

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`a link holds what is public, opens again, and notices a cut (${browser})`, async () => {
    const both = (await example("apiserver.pem")) + (await example("ca.pem"));
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await watchClipboard(page);
      await paste(page, both);
      await answer(page, "2 objects found");
      await press(page, "Copy link");
      const link = await copied(page);
      assert.match(link, /^file:\/\/.*#\/decode\?d=[\w-]+$/);
      assert.match(await answer(page, "The link is on the clipboard"), /place of this page on your disk/);

      await page.evaluate(() => { location.hash = "#/generate"; });
      await named(page, "button", "Generate PKI").wait();
      await page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
      const text = await answer(page, "2 objects found");
      assert.match(text, /kubernetes\.default\.svc\.cluster\.local/);

      await page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash.slice(0, -200));
      await page.waitForFunction(() => document.body.textContent.includes("was cut on its way"));
      assert.ok(!(await page.$(".sheet")), "a cut link must not show what was there before");
      await page.evaluate(() => { location.hash = "#/decode?d=!!!!"; });
      await page.waitForFunction(() => document.body.textContent.includes("was changed on its way"));
    });
  });

  test(`a link is read when the page starts with it (${browser})`, async () => {
    await withPage({ browser, transport: "http" }, async ({ page, problems }) => {
      await openDecode(page);
      await watchClipboard(page);
      await paste(page, await example("ca.pem"));
      await answer(page, "1 object found");
      await press(page, "Copy link");
      const link = await copied(page);
      assert.ok(link.length < 2_000, `${link.length} characters`);
      // Another document, as when the link is pressed in a chat.
      await page.goto("about:blank");
      await page.goto(link);
      await waitUntilReady(page);
      await answer(page, "--discovery-token-ca-cert-hash");
      const again = problems.filter((problem) => problem === `request: ${link.split("#")[0]}`
        || problem === `request: ${link}`);
      for (const problem of again) problems.splice(problems.indexOf(problem), 1);
    });
  });

  test(`nothing secret gets a link, and a long one is warned of (${browser})`, async () => {
    const authority = await example("ca.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await watchClipboard(page);
      const kubeconfig = "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: {token: abc.def}\n";
      for (const [input, reason] of [
        [authority + KEY, "no link to a private key"],
        [kubeconfig, "may hold credentials"],
      ]) {
        await paste(page, input);
        await answer(page, "found.");
        await press(page, "Copy link");
        await answer(page, reason);
      }
      assert.equal(await page.evaluate(() => window.copied.length), 0);
      const different = Array.from({ length: 12 }, () => certificate()).join("");
      await paste(page, different);
      await answer(page, "12 objects found");
      await press(page, "Copy link");
      const link = await copied(page);
      assert.ok(link.length > 2_000, `${link.length} characters`);
      await answer(page, `It has ${link.length} characters`);
    });
  });

  test(`what is pasted or dropped in another view is decoded (${browser})`, async () => {
    const [server, authority] = [await example("apiserver.pem"), await example("ca.pem")];
    await withPage(place, async ({ page }) => {
      await named(page, "button", "Generate PKI").wait();
      await pasteBeside(page, server);
      await answer(page, "kubernetes.default.svc.cluster.local");
      assert.equal(await page.$eval("#paste", (box) => box.value), server);
      assert.match(page.url(), /#\/decode$/);
      await named(page, "link", "Generate").click();
      await named(page, "button", "Generate PKI").wait();
      await drop(page, [{ name: "ca.crt", bytes: Buffer.from(authority) }]);
      await answer(page, "--discovery-token-ca-cert-hash");

      // A field that has the keyboard keeps its paste.
      await named(page, "link", "Generate").click();
      await named(page, "button", "Generate PKI").wait();
      await page.focus("#field-clusterName");
      const taken = await page.evaluate(() => {
        const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
        document.activeElement.dispatchEvent(event);
        return event.defaultPrevented;
      });
      assert.ok(!taken);
      assert.match(page.url(), /#\/generate$/);
    });
  });

  test(`several files are read together, each by its name (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await drop(page, [
        { name: "pki/ca.crt", bytes: Buffer.from(await example("ca.pem")) },
        { name: "pki/apiserver.crt", bytes: Buffer.from(await example("apiserver.pem")) },
        { name: "notes.txt", bytes: Buffer.from("nothing of interest") },
      ]);
      const text = await answer(page, "2 objects found");
      assert.match(text, /How they belong together/);
      assert.match(text, /ca\.crt/);
      assert.match(text, /notes\.txt/);
      assert.match(await page.$eval(".source", (p) => p.textContent), /^Reading 3 files/);
    });
  });

  test(`a folder is read with all that is in it (${browser})`, async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-folder-"));
    try {
      await fs.mkdir(path.join(folder, "pki/etcd"), { recursive: true });
      await fs.writeFile(path.join(folder, "pki/ca.crt"), await example("ca.pem"));
      await fs.writeFile(path.join(folder, "pki/etcd/server.crt"), await example("apiserver.pem"));
      const isRead = async (page) => {
        const text = await answer(page, "2 objects found");
        assert.match(text, /pki\/ca\.crt/);
        assert.match(text, /pki\/etcd\/server\.crt/);
      };
      const dropFolder = async (page) => {
        const session = await page.createCDPSession();
        const data = { items: [], files: [path.join(folder, "pki")], dragOperationsMask: 1 };
        for (const type of ["dragEnter", "dragOver", "drop"]) {
          await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
        }
      };
      // Only Chromium can be made to drop a folder, and it keeps it from a page of `file://`.
      if (browser === "chromium") {
        await withPage({ browser, transport: "http" }, async ({ page }) => {
          await openDecode(page);
          await dropFolder(page);
          await isRead(page);
        });
        await withPage(place, async ({ page }) => {
          await openDecode(page);
          await dropFolder(page);
          await page.waitForFunction(() => document.body.textContent.includes("use Open a folder"));
          const input = await page.$("input[webkitdirectory]");
          await input.uploadFile(path.join(folder, "pki"));
          await isRead(page);
        });
      } else {
        await withPage(place, async ({ page }) => {
          await openDecode(page);
          assert.ok(await page.$("input[webkitdirectory]"));
        });
      }
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });

  test(`bad input is answered in words (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      const photo = Buffer.concat([Buffer.from("ffd8ffe000104a46494600010101", "hex"),
        Buffer.alloc(40_000, 0x5a)]);
      await drop(page, [{ name: "photo.jpg", bytes: photo }]);
      await answer(page, "not a certificate, a request or a key");
      await drop(page, [{ name: "empty.pem", bytes: Buffer.alloc(0) }]);
      await answer(page, "empty");
      // NUL bytes among the text, as in a file of UTF-16 without its mark.
      await drop(page, [{ name: "nul.pem", bytes: Buffer.from("a\0b\0c\0") }]);
      await answer(page, "not a certificate, a request or a key");

      // 200 MB, which need not be there to be too many.
      await page.evaluate(() => {
        const file = new File(["x"], "disk.img");
        Object.defineProperty(file, "size", { value: 200 << 20 });
        const files = Object.assign([file], { item: () => file });
        Object.setPrototypeOf(files, FileList.prototype);
        const event = new DragEvent("drop", { bubbles: true, cancelable: true });
        const items = new DataTransfer().items;
        Object.defineProperty(event, "dataTransfer", {
          value: { files, items, getData: () => "" },
        });
        Object.setPrototypeOf(event.dataTransfer, DataTransfer.prototype);
        document.body.dispatchEvent(event);
      });
      await page.waitForFunction(() => document.body.textContent
        .includes("disk.img has 200 MB, and this page reads at most 64 MB at once"));
    });
  });

  test(`marks of direction and HTML in a name are shown as what they are (${browser})`, async () => {
    const name = "a\u202egpj.exe<img src=x onerror=alert(1)>";
    const pem = certificate(`/CN=${name}`);
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, pem);
      const text = await answer(page, "1 object found");
      assert.ok(text.includes("a⟨U+202E⟩gpj.exe<img src=x onerror=alert(1)>"), text);
      assert.ok(!text.includes("\u202e"), "the mark itself is on the page");
      assert.equal((await page.$$(".answer img")).length, 0);
    });
  });
}

test("a signing request shows what was asked for beside what was issued", async () => {
  const list = await fs.readFile(new URL("../fixtures/csr/csr-list.yaml", import.meta.url), "utf8");
  for (const browser of BROWSERS) {
    await withPage({ browser, transport: "file" }, async ({ page }) => {
      await openDecode(page);
      await paste(page, list);
      await answer(page, "objects found");
      const text = await page.$eval(".listed .sheet", (sheet) => sheet.textContent);
      for (const expected of ["Asked for, and issued", "user:jane", "asked", "issued", "Age",
        "kubernetes-admin", "KubectlApprove", "kubernetes.io/kube-apiserver-client"]) {
        assert.ok(text.includes(expected), `${expected} is not in ${text}`);
      }
    });
  }
});

/** A new self-signed certificate. */
function certificate(subject = "/CN=test") {
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-keyout", "/dev/null", "-utf8", "-subj", subject, "-days", "30"];
  return execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
