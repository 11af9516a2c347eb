// Decode: a paste in any form is read, explained, and never leaves the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BROWSERS, PLACES, screenshot, withPage } from "./harness.mjs";

const examples = fileURLToPath(new URL("../../app/src/views/decode/examples/", import.meta.url));
const read = (name) => fs.readFile(path.join(examples, name), "utf8");

for (const place of PLACES) {
  test(`a pasted status.certificate is read and explained (${place.name})`, async () => {
    const blob = await read("status-certificate.txt");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, blob);
      const text = await answer(page, "system:node:worker-1");
      for (const expected of ["base64 → PEM", "system:nodes", "worker-1", "clientAuth", "left"]) {
        assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
      }
      const pem = Buffer.from(blob, "base64").toString();
      assert.ok(text.includes(openssl(pem, "-fingerprint", "-sha256").split("=")[1].trim()));
      await screenshot(page, `decode-blob-${place.browser}-${place.transport}`);
    });
  });
}

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`every example is answered with what is in it (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      for (const [name, expected] of [
        ["kube-apiserver", "kubernetes.default.svc.cluster.local"],
        ["a kubeadm CA", "--discovery-token-ca-cert-hash"],
        ["a request by jane", "system:masters"],
        ["a broken copy", "cut short"],
        ["status.certificate", "system:node:worker-1"],
      ]) {
        await page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
        await answer(page, expected);
      }
    });
  });

  test(`the newest of many pastes is the one that is answered (${browser})`, async () => {
    const [server, authority] = [await read("apiserver.pem"), await read("ca.pem")];
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      for (let turn = 0; turn < 10; turn += 1) await paste(page, server.repeat(200));
      await paste(page, authority);
      await answer(page, "--discovery-token-ca-cert-hash");
      assert.equal((await page.$$(".sheet")).length, 1);
    });
  });

  test(`many certificates come page by page (${browser})`, async () => {
    const server = await read("apiserver.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, server.repeat(1_000));
      await answer(page, "1000 objects found");
      assert.equal((await page.$$(".sheet")).length, 20);
      await page.locator('::-p-aria([name="Later objects"][role="button"])').click();
      await answer(page, "Objects 21 to 40 of 1000");
    });
  });

  for (const [name, input, expected] of [
    ["words", "it is a truth universally acknowledged", /not a certificate, a request or a key/],
    ["half a PEM block", "-----BEGIN CERTIFICATE-----\nMIIB", /END line .* is missing/],
    ["a letter too few", "TUlJQm", /recognised|missing|not a certificate/],
    ["markup", "<img src=x onerror=alert(1)>", /not a certificate/],
  ]) {
    test(`${name} gets an answer that helps, and stays in the box (${browser})`, async () => {
      await withPage(place, async ({ page }) => {
        await openDecode(page);
        await paste(page, input);
        assert.match(await answer(page, ""), expected);
        assert.equal(await page.$eval("#paste", (box) => box.value), input);
      });
    });
  }

  test(`a private key is described, not shown, and gone after a reload (${browser})`, async () => {
    const key = execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt",
      "ec_paramgen_curve:P-256"], { encoding: "utf8" });
    const secret = key.split("\n")[1];
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, key);
      const text = await answer(page, "Private key");
      assert.ok(!text.includes(secret), "the answer repeats the key");
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.ok(!stored.includes(secret), "the key is in storage");
    });
  });

  test(`what was pasted is still there after a look at the other view (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, await read("ca.pem"));
      await answer(page, "--discovery-token-ca-cert-hash");
      await page.locator('::-p-aria([name="Generate"][role="link"])').click();
      await page.locator('::-p-aria([name="Generate PKI"][role="button"])').wait();
      await openDecode(page);
      await answer(page, "--discovery-token-ca-cert-hash");
      assert.match(await page.$eval("#paste", (box) => box.value), /BEGIN CERTIFICATE/);
    });
  });

  test(`files dropped anywhere are read, DER too (${browser})`, async () => {
    const der = Buffer.from((await read("ca.pem")).replace(/-----.*-----|\n/g, ""), "base64");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await page.evaluate((bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "ca.crt"));
        const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
      }, [...der]);
      await answer(page, "--discovery-token-ca-cert-hash");
    });
  });

  test(`a paste beside the box is read too (${browser})`, async () => {
    const text = await read("ca.pem");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await page.evaluate((text) => {
        document.activeElement.blur();
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        const options = { clipboardData, bubbles: true, cancelable: true };
        const event = new ClipboardEvent("paste", options);
        // Firefox does not take the data of a made-up event from its options.
        if (!event.clipboardData?.getData("text/plain")) {
          Object.defineProperty(event, "clipboardData", { value: clipboardData });
        }
        document.body.dispatchEvent(event);
      }, text);
      await answer(page, "--discovery-token-ca-cert-hash");
    });
  });
}

async function openDecode(page) {
  await page.locator('::-p-aria([name="Decode"][role="link"])').click();
  await page.locator('::-p-aria([name="Paste anything"][role="textbox"])').wait();
}

/** Puts a text into the box as a paste does: at once, with one event. */
async function paste(page, text) {
  await page.$eval("#paste", (box, text) => {
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Waits until the answer holds this text, and returns the whole of it. */
async function answer(page, expected) {
  await page.waitForFunction(
    (expected) => {
      const text = document.querySelector(".answer")?.textContent ?? "";
      return text !== "" && text !== "Reading…" && text.includes(expected)
        && !text.startsWith("What you can paste");
    },
    {},
    expected,
  );
  return page.$eval(".answer", (answer) => answer.textContent);
}

function openssl(pem, ...options) {
  return execFileSync("openssl", ["x509", "-noout", ...options], { input: pem, encoding: "utf8" });
}
