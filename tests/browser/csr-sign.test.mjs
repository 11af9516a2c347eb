// The CSR desk, Sign: what is signed is shown before, and openssl verifies it.

import assert from "node:assert/strict";
import fs from "node:fs";
import {
  once, open, click, fill, answer, openssl, inFolderAsync, makeCa, makeRequest,
} from "./csr-desk.mjs";
import { BROWSERS, named, screenshot, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  once(browser, `what is signed is shown before, and openssl verifies it (${browser})`, async () => {
    await inFolderAsync(async (folder, at) => {
      const ca = makeCa(at);
      await withPage(place, async ({ page, downloads }) => {
        await open(page, "Sign");
        const { request } = makeRequest("/O=dev/CN=jane", ["-addext", "basicConstraints=CA:TRUE",
          "-addext", "subjectAltName=DNS:jane.example,email:j@example.com"]);
        await fill(page, "csr-to-sign", request);
        await answer(page, "Paste the certificate of the CA");
        await fill(page, "csr-ca-certificate", ca.pem);
        let text = await answer(page, "the private key of the CA is needed");
        for (const expected of ["basicConstraints (2.5.29.19) is left out", "jane.example", "clientAuth"]) {
          assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
        }
        await fill(page, "csr-ca-key", makeRequest("/CN=x").key);
        await answer(page, "The key is not the CA certificate's");
        await fill(page, "csr-ca-key", fs.readFileSync(ca.key, "utf8"));
        await page.waitForFunction(() => document.querySelector("section.answer .sheet"));
        await click(page, "Sign");
        text = await answer(page, "X509SHA256=");
        assert.match(text, /kubectl replace --raw \/apis\/certificates.k8s.io\/v1\/certificatesigningrequests\/request\/status/);
        await screenshot(page, `csr-sign-${browser}`);
        await click(page, "Download Certificate and CA (chain.pem)");
        const [chain] = await downloads(1);
        openssl(["verify", "-CAfile", ca.file, "-purpose", "sslclient", chain]);
        const shown = openssl(["x509", "-noout", "-text", "-in", chain]);
        assert.match(shown, /CA:FALSE/);
        assert.match(shown, /DNS:jane.example, email:j@example.com/);

        await fill(page, "csr-to-sign", makeRequest("/O=system:masters/CN=root").request);
        await answer(page, "The group system:masters is refused");
        await page.select("#csr-profile", "own");
        await fill(page, "csr-own-usages", "digital signature, client auth");
        await answer(page, "Ready to be signed");
        await page.select("#csr-profile", "kubernetes");
        await fill(page, "csr-to-sign", request);
        const late = makeCa(at, "late", { days: -1 });
        await fill(page, "csr-ca-key", fs.readFileSync(late.key, "utf8"));
        await fill(page, "csr-ca-certificate", late.pem);
        await answer(page, "The signing CA expired on");
        const leaf = makeCa(at, "leaf", { usage: "digitalSignature" });
        await fill(page, "csr-ca-key", fs.readFileSync(leaf.key, "utf8"));
        await fill(page, "csr-ca-certificate", leaf.pem);
        await answer(page, "nobody would trust what it signs");
      });
    });
  });

  once(browser, `the CA of the PKI generated on this page signs, and its server is attached to (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await click(page, "Generate PKI");
      await named(page, "button", "Download tarball").wait();
      await open(page, "Request");
      await fill(page, "csr-name", "jane");
      await click(page, "Make key and request");
      const asked = await answer(page, "csr.yaml");
      await open(page, "Sign");
      await page.select("#csr-generated-ca", "ca");
      await fill(page, "csr-to-sign", asked.match(/apiVersion: certificates[^]*?client auth"\n/)[0]);
      await page.waitForFunction(() => document.querySelector("section.answer .sheet"));
      await click(page, "Sign");
      const signed = await answer(page, "X509SHA256=");
      const blob = signed.match(/LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t[A-Za-z0-9+/=]+/)[0];
      await open(page, "Attach");
      await fill(page, "csr-certificate", blob);
      await click(page, "Take server and CA of the design");
      await page.waitForFunction(() => document.querySelector("#csr-cluster-ca").value !== "");
      await click(page, "Make the kubeconfig");
      await answer(page, "X509SHA256=");
    });
  });
}
