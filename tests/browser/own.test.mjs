// CAs and certificates of one's own: names as chips, name constraints, files of a CA, and designs
// that start from nothing.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { drop } from "./decode-page.mjs";
import { named, screenshot, withPage } from "./harness.mjs";

const place = { browser: "chromium", transport: "file" };
const SANS = "#field-extraSANs-apiserver";

test("a list of names is chips: typed, checked at once, removed by key and by button", async () => {
  await withPage(place, async ({ page }) => {
    await openAll(page);
    const chips = () => page.$eval(SANS, (field) =>
      [...field.parentElement.querySelectorAll(".chip > span:first-child")]
        .map((chip) => chip.textContent));
    const shows = (expected) => page.waitForFunction(
      (field, expected) => JSON.stringify([...document.querySelector(field).parentElement
        .querySelectorAll(".chip > span:first-child")].map((chip) => chip.textContent))
        === JSON.stringify(expected), {}, SANS, expected,
    );
    await page.focus(SANS);
    await page.keyboard.type("a.example,bad_na");
    // Before anything ends it, the entry is checked already.
    await page.waitForFunction((field) => document.querySelector(`${field}-found`).textContent
      .includes("bad_na Error") || document.querySelector(`${field}-found`).textContent
      .includes("underscore"), {}, SANS);
    assert.deepEqual(await chips(), ["a.example"]);
    await page.keyboard.type("me");
    await page.keyboard.press("Enter");
    await page.keyboard.type("10.1.2.3 ");
    await shows(["a.example", "bad_name", "10.1.2.3"]);
    assert.equal(await page.$eval(SANS, (field) => field.value), "");
    // The bad one is kept, marked, and explained with its own text.
    const bad = await page.$eval(SANS, (field) => {
      const chip = field.parentElement.querySelectorAll(".chip")[1];
      return [chip.className, chip.textContent];
    });
    assert.match(bad[0], /error/);
    assert.match(bad[1], /Error: .*underscore/);
    assert.equal(await page.$eval("#generate", (button) => button.disabled), true);
    await screenshot(page, "own-chips");
    await named(page, "button",
      "Remove bad_name from: More names for the API server").click();
    await shows(["a.example", "10.1.2.3"]);
    assert.equal(await page.evaluate(() => `#${document.activeElement.id}`), SANS);
    await page.keyboard.press("Backspace");
    await shows(["a.example"]);
    await named(page, "button", "Undo").click();
    await shows(["a.example", "10.1.2.3"]);
    // Many at once, as from a list in a mail.
    await page.$eval(SANS, (field) => {
      field.value = "b.example; c.example,";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    await shows(["a.example", "10.1.2.3", "b.example", "c.example"]);
    assert.equal(await page.$eval(SANS, (field) => field.value), "");
  });
});

test("name constraints are typed, what they forbid is told, and a button permits it", async () => {
  await withPage(place, async ({ page }) => {
    await openAll(page);
    const says = (text) => page.waitForFunction((text) =>
      document.querySelector("#own-ca-2-permitted-found").textContent.includes(text), {}, text);
    // Row 2 is etcd's CA.
    await page.focus("#own-ca-2-permitted");
    await page.keyboard.type("cp1 10.0.0.0/8 ");
    await says("localhost in the certificate cp1/etcd-server is not permitted");
    await screenshot(page, "own-constraints");
    await named(page, "button", "Fix: add localhost, 127.0.0.1/32, ::1/128").click();
    await page.waitForFunction(() =>
      document.querySelector("#own-ca-2-permitted-found").textContent === "");
    assert.match(await page.$eval("#own-text", (text) => text.value),
      /name: etcd-ca\n {2}permitted:\n {2}- cp1\n/);
    await named(page, "button", "Generate PKI").click();
    await named(page, "button", "Download tarball").wait();
  });
});

test("a node's addresses are chips: checked at once, and gone by a button", async () => {
  await withPage(place, async ({ page }) => {
    const field = "#field-controlPlanes-0--addresses";
    const shows = (expected) => page.waitForFunction(
      (field, expected) => JSON.stringify([...document.querySelector(field).parentElement
        .querySelectorAll(".chip > span:first-child")].map((chip) => chip.textContent))
        === JSON.stringify(expected), {}, field, expected,
    );
    await page.focus(field);
    await page.keyboard.type("10.0.0.999");
    // Before anything ends it.
    await page.waitForFunction((field) => document.querySelector(`${field}-found`).textContent
      .includes("10.0.0.999 This is not an IP address"), {}, field);
    await shows(["10.0.0.10"]);
    await page.keyboard.type(" 2001:db8::10 ");
    await shows(["10.0.0.10", "10.0.0.999", "2001:db8::10"]);
    await screenshot(page, "own-addresses");
    await named(page, "button", "Remove 10.0.0.999 from: Control planes, 1: addresses").click();
    await shows(["10.0.0.10", "2001:db8::10"]);
    await page.waitForFunction(() => !document.querySelector("#generate").disabled);
    await named(page, "button", "Undo").click();
    await shows(["10.0.0.10", "10.0.0.999", "2001:db8::10"]);
  });
});

test("a tick has a component trust one more CA, and is undone", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-trust-"));
  try {
    await withPage(place, async ({ page, downloads }) => {
      await openAll(page);
      const text = (expected) => page.waitForFunction((expected) =>
        document.querySelector("#own-text").value === expected, {}, expected);
      // Row 1 is the CA of the front proxy.
      const tick = (words) => page.$$eval(".own-row", (rows, words) => {
        const labels = [...rows[1].querySelectorAll(".own-trust label")];
        labels.find((label) => label.textContent.includes(words)).querySelector("input").click();
      }, words);
      const ticked = (expected) => page.waitForFunction((expected) => JSON.stringify(
        [...document.querySelectorAll(".own-trust label:has(:checked)")].map((label) =>
          label.textContent)) === JSON.stringify(expected), {}, expected);
      const ofEtcd = "etcd: whom it signed may come in (trusted-ca-file)";
      const said = "authorities:\n- name: front-proxy-ca\n  trustedBy:\n  - etcd/trusted-ca-file\n";
      await tick("whom it signed may come in");
      await text(said);
      await ticked([ofEtcd]);
      await named(page, "button", "Undo").click();
      await text("");
      await ticked([]);
      await named(page, "button", "Redo").click();
      await ticked([ofEtcd]);
      // What no component knows is seen, and goes.
      await page.$eval("#own-text", (field, said) => {
        field.value = `${said}  - etcd/gone\n`;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, said);
      await ticked([ofEtcd, "etcd: no flag of this layout (gone)"]);
      assert.equal(await page.$eval("#generate", (button) => button.disabled), true);
      await tick("no flag of this layout");
      await text(said);
      await screenshot(page, "own-trust");
      await named(page, "button", "Generate PKI").click();
      await named(page, "button", "Download tarball").click();
      const [archive] = await downloads(1);
      execFileSync("tar", ["-xzf", archive, "-C", folder]);
      const flags = fs.readFileSync(path.join(folder, "flags/cp1/etcd.args"), "utf8");
      const [, bundle] = /^--trusted-ca-file=(.*)$/m.exec(flags);
      const trusted = fs.readFileSync(path.join(folder, "hosts/cp1", bundle), "utf8");
      for (const name of ["etcd/ca.crt", "front-proxy-ca.crt"]) {
        const file = path.join(folder, "hosts/cp1/etc/kubernetes/pki", name);
        assert.ok(trusted.includes(fs.readFileSync(file, "utf8").trim()), name);
      }
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("country, place, company and unit stand in every subject, the company in CAs only", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-own-"));
  try {
    await withPage(place, async ({ page, downloads }) => {
      await openAll(page);
      const type = async (part, text) => {
        await page.focus(`#field-subject-${part}`);
        await page.keyboard.type(text);
      };
      await type("country", "ch");
      await page.waitForFunction(() => document.querySelector("#field-subject-country-found")
        .textContent.includes("two letters in upper case"));
      assert.equal(await page.$eval("#generate", (button) => button.disabled), true);
      await named(page, "button", "Fix: write CH").click();
      await page.waitForFunction(() =>
        document.querySelector("#field-subject-country").value === "CH");
      await type("locality", "GVA2");
      await type("organization", "Exoscale");
      await type("organizationalUnit", "SKS");
      await named(page, "button", "Generate PKI").click();
      await named(page, "button", "Download tarball").click();
      const [archive] = await downloads(1);
      execFileSync("tar", ["-xzf", archive, "-C", folder]);
      const subject = (name) => {
        const file = path.join(folder, "hosts/cp1/etc/kubernetes/pki", name);
        const options = ["x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", file];
        return execFileSync("openssl", options, { encoding: "utf8" }).trim();
      };
      assert.equal(subject("ca.crt"), "subject=CN=kubernetes,OU=SKS,O=Exoscale,L=GVA2,C=CH");
      assert.equal(subject("apiserver-etcd-client.crt"),
        "subject=CN=kube-apiserver-etcd-client,OU=SKS,L=GVA2,C=CH");
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a CA comes from files that are dropped or chosen, in PEM and DER", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-own-"));
  const at = (name) => path.join(folder, name);
  const openssl = (...words) =>
    execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  try {
    for (const name of ["ca", "other"]) {
      openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", `${name}.key`, "-out", `${name}.crt`, "-days", "999", "-subj", `/CN=${name} x`,
        "-addext", "keyUsage=critical,keyCertSign,cRLSign");
    }
    openssl("x509", "-in", "ca.crt", "-outform", "DER", "-out", "ca.der");
    openssl("pkey", "-in", "ca.key", "-outform", "DER", "-out", "key.der");
    openssl("pkcs8", "-topk8", "-in", "ca.key", "-outform", "DER", "-passout", "pass:x", "-out",
      "locked.der");
    openssl("pkcs12", "-export", "-in", "ca.crt", "-inkey", "ca.key", "-passout", "pass:x", "-out",
      "ca.p12");
    const file = (name) => ({ name, bytes: fs.readFileSync(at(name)) });
    await withPage(place, async ({ page, downloads }) => {
      await openAll(page);
      const says = (text) => page.waitForFunction((text) =>
        document.querySelector("#bring-found").innerText.includes(text), {}, text);
      const inBox = (...files) => drop(page, files.map(file), ".drop-place");
      await inBox("ca.crt", "other.key");
      await says("not that of the certificate");
      await inBox("ca.der", "locked.der");
      await says("under a passphrase");
      await inBox("ca.p12");
      await says("openssl pkcs12");
      await inBox("other.key");
      await says("not that of the certificate");
      // Still in this view: what is dropped here is not decoded.
      assert.equal(await page.evaluate(() => location.hash.replace("#/generate", "")), "");
      // One after the other: the certificate alone first.
      await inBox("ca.der");
      await says("into hosts/cp1/etc/kubernetes/pki/ca.key");
      await inBox("key.der");
      const taken = () => page.waitForFunction(() =>
        document.querySelector(".drop-place ul").textContent.startsWith("ca"));
      await taken();
      assert.equal(await page.$eval("#bring-pem", (field) => field.value), "");
      await named(page, "button", "Make it instead").click();
      await (await page.$("#bring-file")).uploadFile(at("ca.crt"), at("ca.key"));
      await taken();
      await screenshot(page, "own-files");
      await named(page, "button", "Generate PKI").click();
      await named(page, "button", "Download tarball").wait();
      await named(page, "button", "Download tarball").click();
      const [archive] = await downloads(1);
      openssl("version");
      execFileSync("tar", ["-xzf", archive, "-C", folder]);
      openssl("verify", "-CAfile", "ca.crt", "hosts/cp1/etc/kubernetes/pki/apiserver.crt");
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.doesNotMatch(stored, /PRIVATE|BEGIN/);
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a design starts from nothing, and templates fill it", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-nothing-"));
  try {
    await withPage(place, async ({ page, downloads }) => {
      await openAll(page);
      await page.select("#field-layout", "own");
      await page.waitForFunction(() =>
        document.querySelector("#blocked").textContent !== "");
      await named(page, "button", "Fix: add a CA").click();
      await page.waitForFunction(() => document.querySelector("#own-text").value
        === "authorities:\n- name: own-ca-1\n");
      await named(page, "button", "Undo").click();
      for (const template of ["Istio (Secret cacerts)", "metrics-server"]) {
        await named(page, "button", template).click();
      }
      await page.waitForFunction(() => document.querySelector("#own-text").value
        .includes("name: istio-ca\n  commonName: \"Istio CA\"\n  below: istio-root\n"));
      assert.match(await page.$eval("#own-text", (field) => field.value),
        /- metrics-server\.kube-system\.svc\n/);
      // No machine is needed.
      await page.click(".node-row button.icon");
      await screenshot(page, "own-nothing");
      await named(page, "button", "Generate PKI").click();
      await named(page, "button", "Download tarball").wait();
      assert.equal(await page.$("#host"), null);
      await named(page, "button", "Download tarball").click();
      const [archive] = await downloads(1);
      const run = (program, ...words) =>
        execFileSync(program, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }).toString();
      run("tar", "-xzf", archive);
      run("openssl", "verify", "-CAfile", "vault/pki/istio-root.crt", "vault/pki/istio-ca.crt");
      run("openssl", "verify", "-x509_strict", "-CAfile", "operator/ca/services-ca.crt",
        "-purpose", "sslserver", "-verify_hostname", "metrics-server.kube-system.svc",
        "operator/certificates/metrics-server.crt");
      assert.match(run("cat", "README.md"), /## Use the files/);
      assert.doesNotMatch(run("tar", "-tzf", archive), /hosts|sa\.key/);
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("a file says why it is there, and where one can read that", async () => {
  await withPage(place, async ({ page }) => {
    const press = (end) => page.$$eval(".file", (all, end) => {
      all.find((file) => file.textContent.includes(end)).click();
    }, end);
    await page.$$eval(".folder-head", (all) => all.forEach((head) => {
      if (head.getAttribute("aria-expanded") === "false") head.click();
    }));
    await press("pki/apiserver.crt");
    await page.waitForFunction(() => /Why it is here.*Everybody who calls.*kubernetes\.io\/docs/s
      .test(document.querySelector("#detail").textContent));
    await press("etcd/ca.key");
    await page.waitForFunction(() => /nothing that runs reads it/
      .test(document.querySelector("#detail").textContent));
  });
});

function openAll(page) {
  return page.$$eval(".form details", (all) => all.forEach((details) => { details.open = true; }));
}
