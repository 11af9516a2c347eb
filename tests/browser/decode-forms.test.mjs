// The tabs of a card: each form of an object, made when it is opened, copied, and kept back where
// it is secret.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import {
  answer, copied, example, openDecode, openTab, panel, paste, press, watchClipboard,
} from "./decode-page.mjs";
import { BROWSERS, screenshot, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`each form of a certificate is there, and copied as it stands (${browser})`, async () => {
    const pem = await example("apiserver.pem");
    await withPage(place, async ({ page, downloads }) => {
      await openDecode(page);
      await watchClipboard(page);
      await paste(page, pem);
      await answer(page, "kubernetes.default.svc.cluster.local");

      await openTab(page, "Fields", "All extensions");
      await openTab(page, "Text", "Signature Value");
      await press(page, "Copy Text");
      const text = await copied(page);
      assert.equal(text, openssl(pem));
      assert.equal(await page.$eval("[role=tabpanel] pre", (pre) => pre.textContent), text);

      await openTab(page, "PEM", "BEGIN CERTIFICATE");
      await press(page, "Copy PEM");
      assert.equal((await copied(page, 1)).trim(), pem.trim());

      await openTab(page, "JSON", "discoveryTokenCaCertHash");
      await press(page, "Copy JSON");
      const report = JSON.parse(await copied(page, 2));
      assert.equal(report.object.kind, "certificate");

      await press(page, "Download report");
      const [file] = await downloads();
      const whole = JSON.parse(await fs.readFile(file, "utf8"));
      assert.deepEqual(whole.objects, [report]);
    });
  });

  test(`a request's text is openssl's too (${browser})`, async () => {
    const pem = await example("request.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await watchClipboard(page);
      await paste(page, pem);
      await answer(page, "system:masters");
      await openTab(page, "Text", "Certificate Request:");
      await press(page, "Copy Text");
      assert.equal(await copied(page), openssl(pem, "req"));
    });
  });

  test(`the tree and its bytes lead to each other (${browser})`, async () => {
    const pem = await example("apiserver.pem");
    const der = Buffer.from(pem.replace(/-----.*-----|\n/g, ""), "base64");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, pem);
      await answer(page, "kubernetes.default.svc.cluster.local");
      const text = await openTab(page, "ASN.1", "subjectAltName (2.5.29.17)");
      assert.ok(text.includes("id-ecPublicKey"), "the algorithm has no name");
      const octets = await page.$$eval(".octet", (all) => all.map((octet) => octet.textContent));
      assert.equal(octets.join(""), der.toString("hex"));

      // From the value to its bytes.
      const node = await page.waitForSelector("::-p-xpath(//li[@role='treeitem'][contains(., 'subjectAltName')])");
      await node.click();
      const marked = () => page.$$eval(".octet.header, .octet.content", (all) =>
        all.map((octet) => octet.textContent).join(""));
      assert.equal(await marked(), "0603551d11");

      // From a byte to its value: the serial number is the first INTEGER after the version.
      const serial = der.indexOf(Buffer.from("a003020102", "hex")) + 5;
      await page.$eval(`[data-at="${serial + 3}"]`, (octet) => octet.click());
      const selected = () => page.$eval("[role=treeitem][aria-selected=true]", (li) => li.textContent);
      assert.match(await selected(), /^INTEGER/);

      // By the keyboard: into the tree, to its root, folded away and back.
      await page.focus("[role=tree]");
      await page.keyboard.press("Home");
      assert.match(await selected(), /^SEQUENCE/);
      await page.keyboard.press("ArrowLeft");
      assert.equal((await visibleNodes(page)).length, 1);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assert.ok((await visibleNodes(page)).length > 20);
      assert.match(await selected(), /^\[0\]/);
      await page.focus(".asn1-bytes");
      await page.keyboard.press("End");
      assert.equal(await page.$eval(".octet.here", (octet) => Number(octet.dataset.at)), der.length - 1);
      await screenshot(page, `decode-asn1-${browser}`);
    });
  });

  test(`of a large object little of the tree and few bytes exist at once (${browser})`, async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-large-"));
    const names = Array.from({ length: 1_200 }, (_, at) => `DNS:n${at}.x`).join(",");
    await fs.writeFile(`${folder}/conf`, `[req]\ndistinguished_name=dn\nx509_extensions=more\n[dn]\n[more]\n`
      + `subjectAltName=${names}\n`);
    const pem = execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt",
      "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=large", "-config", `${folder}/conf`, "-keyout",
      `${folder}/key`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    await fs.rm(folder, { recursive: true });
    const der = Buffer.from(pem.replace(/-----.*-----|\n/g, ""), "base64");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, pem);
      await answer(page, "large");
      await openTab(page, "ASN.1", "SEQUENCE");
      const count = (selector) => page.$$eval(selector, (all) => all.length);
      assert.ok(await count("[role=treeitem]") < 60, `${await count("[role=treeitem]")} values`);
      assert.ok(await count(".octets") <= 128, `${await count(".octets")} lines`);
      // A byte of a name unfolds what it is in, in sight, and its line comes.
      const at = der.indexOf("n777.x");
      await page.focus(".asn1-bytes");
      await page.$eval(".asn1-bytes", (side, at) => { side.scrollTop = Math.floor(at / 16) * 20; }, at);
      await page.waitForSelector(`[data-at="${at}"]`);
      assert.ok(await count(".octets") <= 128, `${await count(".octets")} lines`);
      await page.$eval(`[data-at="${at}"]`, (octet) => octet.click());
      const name = Buffer.from("n777.x").toString("hex");
      await page.waitForFunction((name) => {
        const node = document.querySelector("[role=treeitem][aria-selected=true]");
        const tree = document.querySelector("[role=tree]");
        return node?.textContent.includes(name) && tree.getAttribute("aria-activedescendant") === node.id
          && node.getBoundingClientRect().top < tree.getBoundingClientRect().bottom;
      }, {}, name);
      assert.equal(await page.$$eval(".octet.content", (all) =>
        all.map((octet) => octet.textContent).join("")), name);
      await page.keyboard.press("Home");
      await page.waitForSelector("[data-at='0'].here");
      await page.waitForFunction(() => document.querySelector(".asn1-bytes").scrollTop === 0);
    });
  });

  test(`the tabs are one stop of the keyboard, with arrows between them (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, await example("ca.pem"));
      await answer(page, "--discovery-token-ca-cert-hash");
      await page.focus("[role=tab][aria-selected=true]");
      const open = () => page.$eval("[role=tab][aria-selected=true]", (tab) =>
        [tab.textContent, tab === document.activeElement, tab.tabIndex]);
      for (const [key, name] of [
        ["ArrowRight", "Fields"], ["ArrowRight", "Text"], ["End", "JSON"], ["ArrowRight", "Meaning"],
        ["ArrowLeft", "JSON"], ["Home", "Meaning"],
      ]) {
        await page.keyboard.press(key);
        await page.waitForFunction((name) => document.activeElement?.textContent === name, {}, name);
        assert.deepEqual(await open(), [name, true, 0]);
      }
      assert.equal((await page.$$("[role=tab][tabindex='0']")).length, 1);
    });
  });

  test(`a private key is in no tab until somebody asks for it (${browser})`, async () => {
    const key = execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt",
      "ec_paramgen_curve:P-256"], { encoding: "utf8" });
    const der = Buffer.from(key.replace(/-----.*-----|\n/g, ""), "base64");
    // The secret number stands 36 octets into PKCS#8 of P-256.
    const secret = der.subarray(36, 68).toString("hex");
    const shows = (text) => text.includes(key.split("\n")[1]) || text.replace(/\s/g, "").includes(secret);
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, key);
      await answer(page, "Private key");
      const names = await page.$$eval("[role=tab]", (tabs) => tabs.map((tab) => tab.textContent));
      assert.deepEqual(names, ["Meaning", "ASN.1", "PEM", "JSON"]);
      for (const name of ["ASN.1", "PEM", "JSON"]) {
        const text = await openTab(page, name, name === "JSON" ? "privateKey" : "Show the private key");
        assert.ok(!shows(text), `${name} shows the key`);
      }
      await openTab(page, "PEM", "not shown by itself");
      await press(page, "Show the private key on this screen");
      assert.ok(shows(await panel(page, "BEGIN PRIVATE KEY")));
      // Another look hides it again.
      await openTab(page, "Meaning", "Algorithm");
      assert.ok(!shows(await openTab(page, "PEM", "Show the private key")));
      await openTab(page, "ASN.1", "not shown by itself");
      await press(page, "Show the private key on this screen");
      const octets = async () => (await page.$$eval(".octet", (all) => all.map((o) => o.textContent))).join("");
      await page.waitForSelector(".octet");
      assert.ok((await octets()).includes(secret));
    });
  });
}

const visibleNodes = (page) => page.$$eval("[role=treeitem]", (all) =>
  all.filter((node) => !node.hidden).map((node) => node.textContent));

function openssl(pem, command = "x509") {
  return execFileSync("openssl", [command, "-noout", "-text"], { input: pem, encoding: "utf8" });
}
