// A CA whose key is elsewhere: requests out, openssl signs, certificates back, tarball.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { named, screenshot, withPage } from "./harness.mjs";

const place = { browser: "chromium", transport: "file" };

test("openssl signs what a CA outside is asked for, at once and another day", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-outside-"));
  const at = (name) => path.join(folder, name);
  const run = (program, ...words) =>
    execFileSync(program, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }).toString();
  try {
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", "ca.key", "-out", "ca.crt", "-days", "999", "-subj", "/CN=Corporate CA",
      "-addext", "keyUsage=critical,keyCertSign,cRLSign");
    const ca = fs.readFileSync(at("ca.crt"), "utf8");
    await withPage(place, async ({ page, downloads }) => {
      await openAdvanced(page);
      await put(page, "#bring-pem", ca);
      await named(page, "button", "Check and use it").click();
      await says(page, "#bring-found", "into hosts/cp1/etc/kubernetes/pki/ca.key");
      await page.select("#field-caKeys", "vault");
      await named(page, "button", "Check and use it").click();
      await says(page, ".demo", "ca stays where it is");
      await named(page, "button", "Generate PKI").click();
      await says(page, ".result", "ca has to sign 7 certificates");
      await screenshot(page, "outside-waiting");

      await named(page, "button", "Download requests").click();
      const [requests] = await downloads(1);
      fs.copyFileSync(requests, at("send.tgz"));
      assert.doesNotMatch(run("tar", "-xOzf", "send.tgz"), /PRIVATE KEY/);
      fs.mkdirSync(at("send"));
      run("tar", "-xzf", "send.tgz", "-C", "send");
      run("sh", "send/sign.sh", "ca", "ca.crt", "ca.key");
      await named(page, "button", "Download keys").click();
      const pending = (await downloads(2)).find((file) => file.endsWith("-pending.tar.gz"));
      fs.copyFileSync(pending, at("pending.tgz"));

      await put(page, "#signed", fs.readFileSync(at("send/signed/cp1/apiserver.crt"), "utf8"));
      await named(page, "button", "Take the certificates").click();
      await says(page, "#signed-found", "6 of 7 certificates are still missing");
      await put(page, "#signed", ca.replace(/[A-Za-z]{20}/, "!"));
      await named(page, "button", "Take the certificates").click();
      await says(page, "#signed-found", "cannot be read");
      await says(page, "#signed-found", "6 of 7");
      await screenshot(page, "outside-refused");
      await put(page, "#signed", fs.readFileSync(at("send/signed/ca.pem"), "utf8"));
      await named(page, "button", "Take the certificates").click();
      await named(page, "button", "Download tarball").wait();
      await named(page, "button", "Download tarball").click();
      holds(run, (await downloads(3)).find((file) => file.endsWith("-pki.tar.gz")));
    });
    // Another day: a fresh page knows nothing but the file.
    await withPage(place, async ({ page, downloads }) => {
      await openAdvanced(page);
      const input = await page.$("#pending");
      await input.uploadFile(at("send.tgz"));
      await says(page, "#pending-found", "no design");
      await (await page.$("#pending")).uploadFile(at("pending.tgz"));
      await says(page, ".result", "No certificate is here yet");
      await (await page.$("#signed-file")).uploadFile(at("send/signed/ca.pem"));
      await named(page, "button", "Download tarball").wait();
      assert.equal(await page.$eval("#field-caKeys", (field) => field.value), "vault");
      await named(page, "button", "Download tarball").click();
      holds(run, (await downloads(1))[0]);
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

/** The tarball has the certificates of the CA outside, and not its key. */
function holds(run, archive) {
  const files = run("tar", "-tzf", archive);
  assert.match(files, /vault\/pki\/ca\.crt/);
  assert.doesNotMatch(files, /pki\/ca\.key/);
  run("tar", "-xzf", archive);
  const pki = "hosts/cp1/etc/kubernetes/pki";
  run("openssl", "verify", "-purpose", "sslserver", "-CAfile", "ca.crt", `${pki}/apiserver.crt`);
  const key = run("openssl", "pkey", "-pubout", "-in", `${pki}/apiserver.key`);
  assert.equal(run("openssl", "x509", "-pubkey", "-noout", "-in", `${pki}/apiserver.crt`), key);
}

function openAdvanced(page) {
  return page.evaluate(() => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
}

function put(page, field, text) {
  return page.$eval(field, (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

function says(page, place, text) {
  return page.waitForFunction(
    (place, text) => [...document.querySelectorAll(place)].some((e) => e.innerText.includes(text)),
    {}, place, text,
  );
}
