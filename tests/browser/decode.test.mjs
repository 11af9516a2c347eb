// Decode: a paste in any form is read, explained, and never leaves the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { answer, drop, example, expired, openDecode, paste, pasteBeside } from "./decode-page.mjs";
import { BROWSERS, PLACES, named, screenshot, waitUntilReady, withPage } from "./harness.mjs";

for (const place of PLACES) {
  test(`a pasted status.certificate is read and explained (${place.name})`, async () => {
    const blob = await example("status-certificate.txt");
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
        ["a signed CSR object", "kubernetes.io/kube-apiserver-client"],
        ["a kubelet's kubeconfig", "system:node:worker-1@kubernetes"],
        ["a kubelet's key and certificate", "One key pair"],
        ["a service account's token", "system:serviceaccounts:monitoring"],
        ["a webhook's caBundle", "webhooks[0].clientConfig.caBundle"],
        ["a server with its CA", "a root: signs itself"],
        ["a TLS Secret", "data[tls.key]"],
        ["a PKCS#7 bundle", "PKCS#7 no. 2"],
        ["a Secret and the list that revokes it", "Revoked, by a list in sight"],
        ["a broken copy", "cut short"],
        ["status.certificate", "system:node:worker-1"],
      ]) {
        await named(page, "button", name).click();
        await answer(page, expected);
      }
    });
  });

  test(`a pasted design leads to the form that it fills (${browser})`, async () => {
    const kubeadm = (name) =>
      `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: ${name}\n`;
    const design = (name) => `apiVersion: pki-workbench/v1\nkind: Design\nclusterName: ${name}\n`;
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, design("from-a-design"));
      await answer(page, "This holds the design of a cluster.");
      await named(page, "link", "Open the design in Generate").click();
      await page.waitForFunction(
        () => document.getElementById("field-clusterName")?.value === "from-a-design");
      // One that is not whole is told what it is, and leads nowhere; nor does a configuration of
      // kubeadm, of which the import says what the form leaves out.
      for (const other of [design("a").replace("clusterName", "clusterNam"), kubeadm("b")]) {
        await openDecode(page);
        await paste(page, other);
        const text = await answer(page, "not a certificate");
        assert.ok(!text.includes("design of a cluster"), text);
      }
    });
  });

  test(`the newest of many pastes is the one that is answered (${browser})`, async () => {
    const [server, authority] = [await example("apiserver.pem"), await example("ca.pem")];
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      for (let turn = 0; turn < 10; turn += 1) await paste(page, server.repeat(200));
      await paste(page, authority);
      await answer(page, "--discovery-token-ca-cert-hash");
      assert.equal((await page.$$(".sheet")).length, 1);
    });
  });

  test(`what is not known gets an answer that helps, and stays in the box (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      for (const [input, expected] of [
        ["it is a truth universally acknowledged", "not a certificate, a request or a key"],
        ["-----BEGIN CERTIFICATE-----\nMIIB", "END line of the PEM block CERTIFICATE is missing"],
        ["<img src=x onerror=alert(1)>", "not a certificate, a request or a key"],
        ["apiVersion: v1\nkind: [", "YAML"],
      ]) {
        await paste(page, input);
        await answer(page, expected);
        assert.equal(await page.$eval("#paste", (box) => box.value), input);
        await paste(page, "");
        await page.waitForSelector(".empty");
      }
    });
  });

  test(`a private key is described, not shown, and gone after a reload (${browser})`, async () => {
    const key = execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt",
      "ec_paramgen_curve:P-256"], { encoding: "utf8" });
    const secret = key.split("\n")[1];
    await withPage(place, async ({ page, problems }) => {
      await openDecode(page);
      await paste(page, key);
      const text = await answer(page, "Private key");
      assert.ok(!text.includes(secret), "the answer repeats the key");
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.ok(!stored.includes(secret), "the key is in storage");
      const address = page.url().split("#")[0];
      await page.reload();
      await waitUntilReady(page);
      assert.equal(await page.$eval("#paste", (box) => box.value), "");
      // The reload itself is the one request that this flow makes.
      const reloads = problems.filter((problem) => problem.startsWith(`request: ${address}`));
      assert.ok(reloads.length <= 1, reloads.join(", "));
      for (const reload of reloads) problems.splice(problems.indexOf(reload), 1);
    });
  });

  test(`a kubeconfig is taken apart, and its parts belong together (${browser})`, async () => {
    const config = kubeconfig(await example("ca.pem"), await example("apiserver.pem"));
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, config);
      const text = await answer(page, "How they belong together");
      const drawn = await page.$eval(".ancestry", (drawing) => {
        const node = (item) => [
          item.querySelector(":scope > .ancestor").innerText.replace(/\s+/g, " "),
          ...[...item.querySelectorAll(":scope > ul > li")].map(node),
        ];
        return [...drawing.querySelectorAll(":scope > ul > li")].map(node);
      });
      assert.deepEqual(drawn, [[
        "K kubernetes a root: signs itself",
        ["K kube-apiserver signed by the one above, verified"],
      ]]);
      assert.match(text, /No\. 1, kubeconfig/);
      await screenshot(page, `decode-kubeconfig-${browser}`);
    });
  });

  test(`an expired certificate comes with the words of those who refuse it (${browser})`, async () => {
    const pem = expired();
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, pem);
      const text = await answer(page, "What would refuse it");
      assert.match(text, /Expired/);
      assert.match(text, /x509: certificate has expired or is not yet valid/);
    });
  });

  test(`what was pasted is still there after a look at the other view (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await paste(page, await example("ca.pem"));
      await answer(page, "--discovery-token-ca-cert-hash");
      await named(page, "link", "Generate").click();
      await named(page, "button", "Generate PKI").wait();
      await openDecode(page);
      await answer(page, "--discovery-token-ca-cert-hash");
      assert.match(await page.$eval("#paste", (box) => box.value), /BEGIN CERTIFICATE/);
    });
  });

  test(`files dropped and text pasted anywhere are read, DER too (${browser})`, async () => {
    const der = Buffer.from((await example("ca.pem")).replace(/-----.*-----|\n/g, ""), "base64");
    await withPage(place, async ({ page }) => {
      await openDecode(page);
      await drop(page, [{ name: "ca.crt", bytes: der }]);
      await answer(page, "--discovery-token-ca-cert-hash");
      await pasteBeside(page, await example("apiserver.pem"));
      await answer(page, "kubernetes.default.svc.cluster.local");
    });
  });
}

function openssl(pem, ...options) {
  return execFileSync("openssl", ["x509", "-noout", ...options], { input: pem, encoding: "utf8" });
}

/** A kubeconfig with this CA, and this certificate as its client's. */
function kubeconfig(authority, certificate) {
  const data = (pem) => Buffer.from(pem).toString("base64");
  return `apiVersion: v1
kind: Config
current-context: test
clusters:
- name: test
  cluster:
    server: https://10.0.0.10:6443
    certificate-authority-data: ${data(authority)}
contexts:
- name: test
  context: {cluster: test, user: test}
users:
- name: test
  user:
    client-certificate-data: ${data(certificate)}
`;
}
