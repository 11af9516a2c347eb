// The CSR desk, Review: what a cluster would say to a request, held against openssl and kubectl.

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import {
  once, open, click, openDetails, fill, answer, openssl, makeRequest, kustomize,
} from "./csr-desk.mjs";
import { BROWSERS, screenshot, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  once(browser, `a request is judged rule by rule, and says what would be signed (${browser})`, async () => {
    const { request } = makeRequest("/O=dev/CN=jane", ["-addext", "basicConstraints=CA:TRUE"]);
    await withPage(place, async ({ page }) => {
      await open(page, "Review");
      await fill(page, "csr-input", request);
      const text = await answer(page, "Signed, once it is approved");
      for (const expected of ["O=dev", "CN=jane", "clientAuth", "approval.manual",
        "basicConstraints (2.5.29.19) is left out", "rbac-approve.yaml",
        "kubernetes.io/kubelet-serving", "365 days", "kubectl certificate approve request"]) {
        assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
      }
      await screenshot(page, `csr-review-${browser}`);
      await click(page, "Try an example: a request by jane");
      await answer(page, "The group system:masters is refused");
      const cfssl = fs.readFileSync(new URL("../fixtures/csr/cfssl.json", import.meta.url), "utf8");
      await fill(page, "csr-input", cfssl);
      const signed = await answer(page, "email:jane@example.org");
      assert.ok(!signed.includes("PRIVATE KEY"), "the key beside the request stays where it is");
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

  once(browser, `a whole list gives the commands, and kubelets are held against the nodes (${browser})`, async () => {
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

  once(browser, `a request by keytool is dropped and corrected, and a thousand are judged (${browser})`, async () => {
    const keytool = fs.readFileSync(new URL("../fixtures/csr/keytool.pem", import.meta.url), "utf8");
    await withPage(place, async ({ page }) => {
      await open(page, "Review");
      await page.evaluate((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "jane.csr"));
        document.body.dispatchEvent(
          new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      }, keytool);
      await answer(page, "the label of keytool");
      await click(page, "Put the corrected object in its place");
      await answer(page, "Signed, once it is approved");
      const object = await page.$eval("#csr-input", (box) => box.value);
      const many = Array.from({ length: 1_000 }, (_, i) => object.replace("name: request", `name: r-${i}`));
      const started = await page.evaluate(() => performance.now());
      await fill(page, "csr-input", many.join("---\n"));
      await answer(page, "To approve: 1000. To deny: 0.");
      const took = await page.evaluate((started) => performance.now() - started, started);
      console.log(`# review of 1,000 (${browser}): ${took.toFixed(0)} ms`);
      await click(page, "Next rows");
      await answer(page, "Rows 51 to 100 of 1000");
      // The script has a line for each of them; it is drawn when it is asked for.
      const lines = () => page.$eval(".csr-file pre", (pre) => pre.textContent.split("\n").length);
      assert.equal(await lines(), 40);
      const all = await page.$eval(".csr-file button[aria-expanded=false]", (button) => {
        button.click();
        return Number(/^Show all (\d+) lines$/.exec(button.textContent)[1]);
      });
      assert.ok(all >= 1_000, `${all} lines`);
      await answer(page, "kubectl certificate approve r-999");
      await answer(page, "Show fewer lines");
    });
  });

  once(browser, `what is no request is told why, and stays (${browser})`, async () => {
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
