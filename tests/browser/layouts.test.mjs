// Every layout from the page to a tarball; one layout made into another by hand, undone to the
// start and done again; and both without a pointer. Nothing in it depends on the browser.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, named, selectAll, tabTo, withPage } from "./harness.mjs";

const place = { browser: BROWSERS[0], transport: "file" };

/** Layouts, how many certificates on disk each has for one control plane, and CAs. */
const LAYOUTS = {
  "kubeadm": [7, 3],
  "five-flows": [10, 5],
  "single-ca": [8, 1],
  "hard-way": [5, 2],
  "master-etc": [6, 3],
  "k3s": [0, 5],
  "cluster-api": [0, 0],
};

test("each layout comes to a tarball, with what every tarball has", async () => {
  await withPage(place, async ({ page, downloads }) => {
    await open(page);
    await put(page, "#field-users", "jane developers 30d\n");
    await page.select("#field-keys-algorithm", "ecdsa-p256");
    const names = await page.$$eval("#field-layout option", (all) => all.map((one) => one.value));
    // The empty one is filled in `own.test.mjs`.
    assert.deepEqual(names, [...Object.keys(LAYOUTS), "own"]);
    for (const [index, name] of Object.keys(LAYOUTS).entries()) {
      await page.select("#field-layout", name);
      // Each download has a name of its own.
      await put(page, "#field-clusterName", name);
      const archive = await generate(page, downloads, index + 1);
      await unpacked(archive, async (folder) => {
        run(folder, "sha256sum", "--quiet", "-c", "SHA256SUMS");
        const [planned, cas] = LAYOUTS[name];
        const files = run(folder, "find", ".", "-type", "f").trim().split("\n");
        const crt = files.filter((file) => file.startsWith("./hosts/") && file.endsWith(".crt"));
        const isCa = (file) => /CA:TRUE/.test(
          run(folder, "openssl", "x509", "-in", file, "-noout", "-ext", "basicConstraints"));
        const leaves = crt.filter((file) => !isCa(file));
        assert.equal(leaves.length, planned, `${name}: ${leaves}`);
        for (const leaf of leaves) {
          const key = leaf.replace(/crt$/, "key");
          assert.equal(run(folder, "openssl", "pkey", "-in", key, "-pubout"),
            run(folder, "openssl", "x509", "-in", leaf, "-noout", "-pubkey"), leaf);
        }
        const authorities = crt.filter((file) => isCa(file));
        const known = new Set(authorities.map((file) =>
          run(folder, "openssl", "x509", "-in", file, "-noout", "-subject")));
        assert.equal(known.size, cas, `${name}: ${[...known]}`);
        const script = await fs.readFile(`${folder}/operator/openssl.sh`, "utf8");
        assert.match(script, /^#!\/bin\/sh/);
        const keys = JSON.parse(await fs.readFile(`${folder}/openid/openid/v1/jwks`, "utf8"));
        assert.equal(keys.keys.length, 1);
        assert.ok(files.includes("./openid/.well-known/openid-configuration"));
        assert.ok(files.includes("./operator/users/jane.conf"));
        const own = ["master-etc", "k3s", "cluster-api"].includes(name);
        assert.equal(files.includes("./manifests/bootstrap.yaml"), !own, name);
        assert.equal(files.includes("./operator/bootstrap-kubelet.conf"), !own, name);
      });
    }
  });
});

/** kubeadm's three CAs become five: two more, and each certificate to the CA of its flow. */
const SIGNERS = {
  "admin.conf": "operators-ca",
  "super-admin.conf": "operators-ca",
  "kubelet.conf": "kubelet-ca",
  "kubelet": "kubelet-ca",
  "apiserver-kubelet-client": "kubelet-ca",
};
const NAMES = { "ca": "control-plane-ca", "front-proxy-ca": "aggregation-ca" };

test("the five flows are made from kubeadm's layout by hand, undone and done again", async () => {
  await withPage(place, async ({ page, downloads }) => {
    await open(page);
    await page.select("#field-keys-algorithm", "ecdsa-p256");
    const own = () => page.$eval("#own-text", (field) => field.value);
    const kept = () => page.evaluate(() => JSON.stringify(localStorage));
    await settled(page);
    const before = await kept();
    for (const [name, index] of [["operators-ca", 3], ["kubelet-ca", 4]]) {
      await named(page, "button", "Add a CA").click();
      await page.waitForSelector(`#own-ca-${index}-name`);
      await choose(page, `#own-ca-${index}-name`, name);
    }
    await page.evaluate((label) => {
      const found = [...document.querySelectorAll("label")].find((one) => one.textContent.includes(label));
      found.querySelector("input").click();
    }, "Serving certificates for kubelets");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".signers code")].some((name) => name.textContent === "kubelet"));
    for (const [row, ca] of Object.entries(SIGNERS)) {
      const index = await page.$$eval(".signers code", (all, row) =>
        all.findIndex((name) => name.textContent === row), row);
      assert.ok(index >= 0, row);
      await choose(page, `#signer-${index}`, ca);
    }
    for (const [name, commonName] of Object.entries(NAMES)) {
      const index = await page.$$eval(".own-row summary strong", (all, name) =>
        all.findIndex((one) => one.textContent === name), name);
      await put(page, `#own-ca-${index}-cn`, commonName);
      await page.$eval(`#own-ca-${index}-cn`, (field) => field.blur());
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    await page.waitForFunction(() => document.querySelector("#own-text").value.includes("aggregation-ca"));
    const made = await own();
    await settled(page);
    const after = await kept();
    assert.notEqual(after, before);

    // All of it undone is the design from before, and all of it done again is what was made.
    const all = async (label, expected) => {
      let steps = 0;
      for (; steps < 60 && await own() !== expected; steps += 1) {
        await named(page, "button", label).click();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return steps;
    };
    const undone = await all("Undo", "");
    assert.ok(undone >= 9, `${undone} steps`);
    await settled(page);
    assert.equal(await kept(), before);
    await all("Redo", made);
    await settled(page);
    assert.equal(await kept(), after);

    const archive = await generate(page, downloads, 1);
    await unpacked(archive, async (folder) => {
      const pki = "hosts/cp1/etc/kubernetes/pki";
      const verify = (ca, leaf, purpose) =>
        run(folder, "openssl", "verify", "-purpose", purpose, "-CAfile", ca, leaf);
      const issuer = (file) => run(folder, "openssl", "x509", "-in", file, "-noout", "-issuer").trim();
      for (const file of ["operator/admin.conf", "hosts/cp1/etc/kubernetes/kubelet.conf"]) {
        const text = await fs.readFile(`${folder}/${file}`, "utf8");
        const data = /client-certificate-data: (\S+)/.exec(text)[1];
        await fs.writeFile(`${folder}/client.crt`, Buffer.from(data, "base64"));
        const ca = file.includes("admin") ? "operators-ca" : "kubelet-ca";
        assert.equal(issuer("client.crt"), `issuer=CN = ${ca}`);
        verify(`${pki}/kube-apiserver-client-ca.crt`, "client.crt", "sslclient");
      }
      assert.equal(issuer(`${pki}/apiserver.crt`), "issuer=CN = control-plane-ca");
      assert.equal(issuer(`${pki}/front-proxy-client.crt`), "issuer=CN = aggregation-ca");
      assert.equal(issuer(`${pki}/etcd/server.crt`), "issuer=CN = etcd-ca");
      const bundle = await fs.readFile(`${folder}/${pki}/kube-apiserver-client-ca.crt`, "utf8");
      assert.equal(bundle.match(/BEGIN CERTIFICATE/g).length, 3);
      const kubelets = `${pki}/kube-apiserver-kubelet-certificate-authority.crt`;
      verify(kubelets, "hosts/cp1/var/lib/kubelet/pki/kubelet.crt", "sslserver");
    });
    await named(page, "link", "Map").click();
    await page.waitForFunction(() => document.querySelectorAll(".map-authorities button").length === 5);
  });
});

test("a layout is chosen and a CA added, by keyboard alone", async () => {
  await withPage({ ...place, browser: "chromium" }, async ({ page }) => {
    await tabTo(page, (focused) => focused.id === "field-layout");
    // The letters of a choice select it.
    await page.keyboard.type("Single");
    await page.waitForFunction(() => document.querySelector("#field-layout").value === "single-ca");
    await tabTo(page, (focused) => focused.matches("summary") && /^Advanced/.test(focused.textContent.trim()));
    await page.keyboard.press("Enter");
    await tabTo(page, (focused) => focused.textContent === "Add a CA");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "own-ca-1-name");
    await selectAll(page);
    await page.keyboard.type("people");
    await tabTo(page, (focused) => focused.matches("summary") && /^Who signs/.test(focused.textContent));
    await page.keyboard.press("Enter");
    const row = await page.$$eval(".signers code", (all) =>
      all.findIndex((name) => name.textContent === "admin.conf"));
    for (let presses = 0; presses < 40; presses += 1) {
      if (await page.evaluate(() => document.activeElement.id) === `signer-${row}`) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type("people");
    const expected = "authorities:\n- name: people\n  signs:\n  - admin.conf\n";
    await page.waitForFunction((expected) =>
      document.querySelector("#own-text").value === expected, {}, expected);
    await tabTo(page, (focused) => focused.id === "generate");
    await page.keyboard.press("Enter");
    await named(page, "button", "Download tarball").wait();
    await tabTo(page, (focused) => focused.textContent === "Download tarball");
  });
});

/** Opens everything that is folded. */
async function open(page) {
  await page.$$eval(".form details", (all) => all.forEach((details) => { details.open = true; }));
}

/** The design is kept a moment after the last change. */
function settled(page) {
  return new Promise((resolve) => setTimeout(resolve, 1_500));
}

function put(page, selector, text) {
  return page.$eval(selector, (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
}

function choose(page, selector, value) {
  return page.$eval(selector, (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, value);
}

/** Makes the files and returns the newest of so many downloads. */
async function generate(page, downloads, count) {
  await named(page, "button", "Generate PKI").click();
  await page.waitForSelector(".result, .failed", { timeout: 120_000 });
  await named(page, "button", "Download tarball").click();
  const files = await downloads(count);
  const times = await Promise.all(files.map(async (file) => (await fs.stat(file)).mtimeMs));
  return files[times.indexOf(Math.max(...times))];
}

async function unpacked(archive, look) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-layouts-"));
  try {
    run(folder, "tar", "-xzf", archive, "--no-same-owner");
    await look(folder);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

function run(folder, program, ...words) {
  return execFileSync(program, words,
    { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
