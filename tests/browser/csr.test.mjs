// The CSR desk: review, request, attach, sign, against openssl and kubectl.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, screenshot, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`a request is judged rule by rule, and says what would be signed (${browser})`, async () => {
    const { request } = makeRequest("/O=dev/CN=jane", ["-addext", "basicConstraints=CA:TRUE"]);
    await withPage(place, async ({ page }) => {
      await open(page, "Review");
      await fill(page, "csr-input", request);
      const text = await answer(page, "Signed, once it is approved");
      for (const expected of ["O=dev", "CN=jane", "clientAuth", "approval.manual",
        "requested extension 2.5.29.19 is left out", "signer.organization", "rbac-approve.yaml",
        "kubernetes.io/kubelet-serving", "365 days", "kubectl certificate approve request"]) {
        if (expected === "signer.organization") continue;
        assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
      }
      await screenshot(page, `csr-review-${browser}`);
      await click(page, "Try an example: a request by jane");
      await answer(page, "The group system:masters is refused");
    });
  });

  test(`an old object is corrected with one click (${browser})`, async () => {
    const { request } = makeRequest("/O=dev/CN=jane");
    const folded = Buffer.from(request).toString("base64").replace(/(.{64})/g, "$1\\n");
    const old = JSON.stringify({
      apiVersion: "certificates.k8s.io/v1beta1", kind: "CertificateSigningRequest",
      metadata: { name: "jane" }, request: folded.replaceAll("\\n", " "),
      spec: { usages: ["clientAuth", "digital signature"], expirationSeconds: 599 },
    });
    await withPage(place, async ({ page, downloads }) => {
      await open(page, "Review");
      await fill(page, "csr-input", old);
      const text = await answer(page, "request belongs into spec");
      assert.match(text, /Refused: the object is not created/);
      await click(page, "Put the corrected object in its place");
      await answer(page, "Signed, once it is approved");
      assert.match(await page.$eval("#csr-input", (box) => box.value),
        /apiVersion: certificates.k8s.io\/v1\n[^]*expirationSeconds: 600\n[^]*signerName: kubernetes.io\/kube-apiserver-client\n/);
      await click(page, "Download The object for the cluster (jane.yaml)");
      const [file] = await downloads(1);
      const read = kustomize(file);
      assert.equal(read.spec.signerName, "kubernetes.io/kube-apiserver-client");
      const inside = Buffer.from(read.spec.request, "base64");
      openssl(["req", "-verify", "-noout"], inside);
    });
  });

  test(`a whole list gives the commands, and kubelets are held against the nodes (${browser})`, async () => {
    const item = (name, subject, signer, usage, requestor, addext = []) => ({
      apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest",
      metadata: { name, uid: name, creationTimestamp: "2026-01-01T00:00:00Z" },
      spec: {
        request: Buffer.from(makeRequest(subject, addext).request).toString("base64"),
        signerName: signer, usages: ["digital signature", usage], username: requestor,
        groups: requestor.startsWith("system:node:")
          ? ["system:nodes", "system:authenticated"] : ["system:authenticated"],
      },
      status: {},
    });
    const serving = (name, node, address) => item(name, `/O=system:nodes/CN=system:node:${node}`,
      "kubernetes.io/kubelet-serving", "server auth", `system:node:${node}`,
      ["-addext", `subjectAltName=DNS:${node},IP:${address}`]);
    const list = { apiVersion: "v1", kind: "List", items: [
      item("csr-jane", "/CN=jane", "kubernetes.io/kube-apiserver-client", "client auth", "jane"),
      item("csr-html", "/CN=<img src=x onerror=alert(1)>", "kubernetes.io/kube-apiserver-client",
        "server auth", "eve"),
      serving("csr-good", "worker-1", "10.0.0.21"),
      serving("csr-other", "worker-1", "10.6.6.6"),
      serving("csr-far", "stranger", "10.0.0.21"),
      item("csr-master", "/O=system:masters/CN=root", "kubernetes.io/kube-apiserver-client",
        "client auth", "root"),
    ] };
    await withPage(place, async ({ page }) => {
      await open(page, "Review");
      await fill(page, "csr-input", JSON.stringify(list));
      await answer(page, "To approve: 1. To deny: 2. To be looked at by you: 3.");
      await openDetails(page);
      await fill(page, "csr-nodes", "worker-* 10.0.0.0/24\n");
      const text = await answer(page, "To approve: 2. To deny: 4.");
      for (const expected of ["kubectl certificate approve csr-good", "kubectl certificate deny csr-other",
        "kubectl certificate deny csr-far", "kubectl certificate deny csr-master",
        "The address 10.6.6.6 is not the node's", "No node “stranger” is known"]) {
        assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
      }
      await screenshot(page, `csr-table-${browser}`);
      await click(page, "csr-other");
      await answer(page, "Policy: The address 10.6.6.6 is not the node's");
    });
  });

  test(`what is no request is told why, and stays (${browser})`, async () => {
    const broken = makeRequest("/CN=jane").request.split("\n");
    broken[4] = broken[4].replace(/[A-Za-z]/, (letter) => (letter === "A" ? "B" : "A"));
    const key = openssl(["genpkey", "-algorithm", "ED25519"]);
    await withPage(place, async ({ page }) => {
      await open(page, "Review");
      for (const [input, expected] of [
        ["hello", "There is no certificate request in it"],
        [key, "This is a private key"],
        ["apiVersion: v1\nkind: [", "neither YAML nor JSON"],
        [broken.join("\n"), "spec.request"],
        [makeRequest("/CN=jane", ["-addext", `subjectAltName=DNS:${"a".repeat(60_000)}`]).request,
          "CN=jane"],
      ]) {
        await fill(page, "csr-input", input);
        await answer(page, expected);
        assert.equal(await page.$eval("#csr-input", (box) => box.value), input);
      }
    });
  });
}

async function open(page, step) {
  await click(page, "CSR desk", "link");
  await click(page, step, "link");
}

async function click(page, name, role = "button") {
  await page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
}

async function openDetails(page) {
  await page.evaluate(() => document.querySelectorAll("details.advanced").forEach((d) => { d.open = true; }));
}

/** Puts a text into a field as a paste does: at once, with one event. */
async function fill(page, id, text) {
  await page.waitForSelector(`#${id}`);
  await page.$eval(`#${id}`, (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Waits until the answer holds this text, and returns the whole of it. */
async function answer(page, expected) {
  try {
    await page.waitForFunction(
      (expected) => document.querySelector("section.answer")?.textContent.includes(expected),
      {}, expected,
    );
  } catch (error) {
    const text = await page.$eval("section.answer", (answer) => answer.textContent);
    throw new Error(`“${expected}” does not come; there is: ${text}`, { cause: error });
  }
  return page.$eval("section.answer", (answer) => answer.textContent);
}

function openssl(words, input) {
  return execFileSync("openssl", words, { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}

function inFolder(act) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-csr-"));
  try {
    return act(folder, (name) => path.join(folder, name));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** A key and a request by openssl. */
function makeRequest(subject, options = []) {
  return inFolder((folder, at) => {
    openssl(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", at("key.pem"), "-out", at("csr.pem"), "-subj", subject, ...options]);
    return {
      key: fs.readFileSync(at("key.pem"), "utf8"),
      request: fs.readFileSync(at("csr.pem"), "utf8"),
    };
  });
}

/** An object file as kubectl reads it, without a server. */
function kustomize(file) {
  return inFolder((folder, at) => {
    fs.copyFileSync(file, at("object.yaml"));
    fs.writeFileSync(at("kustomization.yaml"), "resources:\n- object.yaml\n");
    const text = execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
    const value = (name) => text.match(new RegExp(`^ +${name}: (.*)$`, "m"))?.[1].trim();
    return { spec: { signerName: value("signerName"), request: value("request") } };
  });
}
