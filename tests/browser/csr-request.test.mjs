// The CSR desk, Request, Attach and Workshop: keys made here, certificates signed by openssl.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import {
  once, open, click, openDetails, fill, answer, openssl, inFolderAsync, asksBeforeLeaving,
  makeCa, signBy, loginWith, makeRequest, kustomize,
} from "./csr-desk.mjs";
import { BROWSERS, screenshot, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`a request is signed by openssl, attached, and kubectl logs in with it (${browser})`, async () => {
    await inFolderAsync(async (folder, at) => {
      const ca = makeCa(at);
      await withPage(place, async ({ page, downloads }) => {
        await open(page, "Request");
        await fill(page, "csr-name", "jane.doe");
        await fill(page, "csr-asked-groups", "dev, ops team");
        await fill(page, "csr-lifetime", "24h");
        const started = await page.evaluate(() => performance.now());
        await click(page, "Make key and request");
        const text = await answer(page, "Signed, once it is approved");
        const took = await page.evaluate((started) => performance.now() - started, started);
        console.log(`# request to object (${browser}): ${took.toFixed(0)} ms`);
        assert.ok(!text.includes("PRIVATE KEY"), "the key is shown without being asked for");
        for (const expected of ["kubectl create -f csr.yaml", "kubectl certificate approve user=jane.doe",
          "openssl genpkey", "kind: ClusterRoleBinding", "kubectl create token jane.doe",
          "expirationSeconds: 86400", "The key exists only in this page"]) {
          assert.ok(text.includes(expected), `${expected} is not in: ${text}`);
        }
        await screenshot(page, `csr-request-${browser}`);
        assert.equal(await asksBeforeLeaving(page), true);
        await click(page, "Download The object for the cluster (csr.yaml)");
        await click(page, "Download Request (csr.pem)");
        const files = await downloads(2);
        const object = kustomize(files.find((file) => file.endsWith("csr.yaml")));
        const request = Buffer.from(object.spec.request, "base64").toString();
        assert.equal(request, fs.readFileSync(files.find((f) => f.endsWith("csr.pem")), "utf8"));
        const subject = openssl(["req", "-verify", "-noout", "-subject", "-nameopt", "RFC2253"], request);
        assert.match(subject, /CN=jane.doe/);
        assert.match(subject, /O=ops team/);
        const certificate = signBy(ca, at, request, "clientAuth");

        await open(page, "Attach");
        await fill(page, "csr-certificate", Buffer.from(certificate).toString("base64"));
        await fill(page, "csr-server", `https://127.0.0.1:${ca.port}`);
        await fill(page, "csr-cluster-ca", ca.pem);
        await click(page, "Make the kubeconfig");
        const attached = await answer(page, "X509SHA256=");
        assert.ok(attached.includes("BEGIN:VCALENDAR") && attached.includes("openssl genpkey"), attached);
        assert.ok(!attached.includes("client-key-data"), "the kubeconfig is shown without being asked for");
        await screenshot(page, `csr-attach-${browser}`);
        await click(page, "Download Kubeconfig (kubeconfig)");
        const config = (await downloads(3)).find((file) => file.endsWith("kubeconfig"));
        await loginWith(config, ca, at);

        // A certificate for another key, one that is over, and the CA of somebody else.
        const other = signBy(ca, at, makeRequest("/O=dev/CN=jane.doe").request, "clientAuth");
        await fill(page, "csr-certificate", other);
        await click(page, "Make the kubeconfig");
        await answer(page, "The certificate is over another key");
        await fill(page, "csr-certificate", signBy(ca, at, request, "clientAuth", -1));
        await click(page, "Make the kubeconfig");
        await answer(page, "The certificate expired on");
        await fill(page, "csr-certificate", certificate);
        await fill(page, "csr-cluster-ca", makeCa(at, "somebody else").pem);
        await click(page, "Make the kubeconfig");
        await answer(page, "The certificate is from another CA");

        // Once the key is kept, nobody asks any more.
        await click(page, "Request", "link");
        await click(page, "Download Private key (key.pem)");
        await page.waitForFunction(() => !document.querySelector(".demo-mark"));
        assert.equal(await asksBeforeLeaving(page), false);
      });
    });
  });

  test(`a parked key is attached in a fresh profile, with its passphrase only (${browser})`, async () => {
    await inFolderAsync(async (folder, at) => {
      const ca = makeCa(at);
      const parked = await withPage(place, async ({ page, downloads }) => {
        await open(page, "Request");
        await fill(page, "csr-name", "system:node:w1");
        await page.select("#csr-kind", "node-client");
        await fill(page, "csr-name", "w1");
        await click(page, "Make key and request");
        await answer(page, "csr.yaml");
        await click(page, "Park the key");
        await answer(page, "A passphrase is needed");
        await fill(page, "csr-passphrase", "correct horse");
        await click(page, "Park the key");
        await answer(page, "Download this file and keep it");
        await click(page, "Download Parked request: key under the passphrase, and the request (node-client=w1.parked.pem)");
        const [file] = await downloads(1);
        assert.equal(await asksBeforeLeaving(page), false);
        return fs.readFileSync(file, "utf8");
      });
      const key = openssl(["pkey", "-passin", "pass:correct horse"], parked);
      assert.match(key, /BEGIN PRIVATE KEY/);
      openssl(["req", "-verify", "-noout"], parked);
      const certificate = signBy(ca, at, parked, "clientAuth");
      const kubeconfig = `{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, ` +
        `context: {cluster: prod, user: u}}], users: [{name: u, user: {token: t}}], clusters: [{name: ` +
        `prod, cluster: {server: "https://127.0.0.1:${ca.port}", certificate-authority-data: ` +
        `${Buffer.from(ca.pem).toString("base64")}}}]}`;
      await withPage(place, async ({ page, downloads }) => {
        await open(page, "Attach");
        await openDetails(page);
        await fill(page, "csr-certificate", certificate);
        await fill(page, "csr-kubeconfig", kubeconfig);
        await click(page, "Take server and CA from it");
        await page.waitForFunction(() => document.querySelector("#csr-cluster-name").value === "prod");
        await click(page, "Make the kubeconfig");
        await answer(page, "No key was made here");
        await fill(page, "csr-key", parked);
        await fill(page, "csr-unlock", "wrong");
        await click(page, "Make the kubeconfig");
        await answer(page, "The passphrase is another one");
        await fill(page, "csr-unlock", "correct horse");
        await click(page, "Make the kubeconfig");
        await answer(page, "X509SHA256=");
        await click(page, "Download Kubeconfig (kubeconfig)");
        const [config] = await downloads(1);
        await loginWith(config, ca, at);
      });
    });
  });

  test(`a workshop of 200 people is one archive (${browser})`, async () => {
    const list = Array.from({ length: 200 }, (_, i) => `person-${i}.doe, dev course-${i % 3}`);
    await withPage(place, async ({ page, downloads }) => {
      await open(page, "Workshop");
      await fill(page, "csr-people", `${list.join("\n")}\nperson-7.doe\n`);
      await click(page, "Make the archive");
      await answer(page, "Line 201: somebody else has the folder “person-7-doe” already");
      await fill(page, "csr-people", list.join("\n"));
      const started = await page.evaluate(() => performance.now());
      await click(page, "Make the archive");
      await answer(page, "Made: 200 keys and requests");
      const took = await page.evaluate((started) => performance.now() - started, started);
      console.log(`# workshop of 200 (${browser}): ${took.toFixed(0)} ms`);
      assert.equal(await asksBeforeLeaving(page), true);
      await click(page, "Download Workshop archive (workshop.tar.gz)");
      const [archive] = await downloads(1);
      await inFolderAsync(async (folder, at) => {
        execFileSync("tar", ["-xzf", archive, "-C", folder]);
        assert.equal(fs.readdirSync(folder).filter((name) => name.startsWith("person-")).length, 200);
        assert.equal(fs.statSync(at("person-3-doe/key.pem")).mode & 0o777, 0o600);
        openssl(["req", "-verify", "-noout", "-key", at("person-3-doe/key.pem"), "-in", at("person-3-doe/csr.pem")]);
        for (const script of ["approve.sh", "collect.sh", "person-3-doe/fetch-and-use.sh"]) {
          execFileSync("sh", ["-n", at(script)]);
        }
        assert.equal(fs.readFileSync(at("approve.sh"), "utf8").match(/certificate approve/g).length, 200);
        fs.writeFileSync(at("kustomization.yaml"), "resources:\n- requests.yaml\n- rbac.yaml\n");
        const read = execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
        assert.equal(read.match(/^kind: CertificateSigningRequest$/gm).length, 200);
        assert.equal(read.match(/^kind: RoleBinding$/gm).length, 200);
      });
    });
  });

  once(browser, `a template fills in the fields, and wishes that no cluster grants are named (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await open(page, "Request");
      await openDetails(page);
      await fill(page, "csr-template", makeRequest("/O=system:nodes/CN=system:node:w1",
        ["-addext", "subjectAltName=DNS:w1.example,IP:10.0.0.21"]).request);
      await click(page, "Fill in the fields");
      await page.waitForFunction(() => document.querySelector("#csr-name").value === "w1");
      assert.equal(await page.$eval("#csr-kind", (field) => field.value), "node-serving");
      assert.equal(await page.$eval("#csr-names", (field) => field.value), "w1.example, 10.0.0.21");
      await click(page, "Make key and request");
      await answer(page, "kubernetes.io/kubelet-serving");
      // A row of the design, with names of every kind besides.
      await page.select("#csr-row", "cp1/apiserver");
      const names = await page.$eval("#csr-names", (field) => field.value);
      assert.match(names, /^cp1, kubernetes, kubernetes\.default, .*10\.96\.0\.1/);
      page.on("dialog", (dialog) => dialog.accept());
      await click(page, "Make key and request");
      await answer(page, "Name the signer that does");
      await fill(page, "csr-asked-signer", "example.com/serving");
      await fill(page, "csr-names", `${names} spiffe://example.org/api api@example.org`);
      const started = await page.evaluate(() => performance.now());
      await click(page, "Make key and request");
      await answer(page, "URI:spiffe://example.org/api");
      const took = await page.evaluate((started) => performance.now() - started, started);
      console.log(`# request to object (${browser}): ${took.toFixed(0)} ms`);
      for (const [kind, id, value, expected] of [
        ["user", "csr-name", "", "A name is empty"],
        ["user", "csr-asked-groups", "system:masters", "Kubernetes refuses the group system:masters"],
        ["user", "csr-lifetime", "599", "599 seconds are too few"],
        ["user", "csr-object", "a/b", "cannot name the object"],
        ["user", "csr-name", "<b>a/b%c d</b>", "Signed, once it is approved"],
        ["node-client", "csr-name", "W 1", "is not the name of a node"],
        ["node-serving", "csr-names", "", "needs a DNS name or an address"],
        ["service", "csr-name", "a.b", "cannot be the name of a Service"],
        ["other", "csr-asked-usages", "server", "There is no usage “server”"],
        ["other", "csr-names", "a_b", "is no DNS name, address, e-mail address or URI"],
      ]) {
        await page.select("#csr-kind", kind);
        for (const [field, usual] of [["csr-name", "w1"], ["csr-asked-groups", ""], ["csr-lifetime", ""],
          ["csr-object", ""], ["csr-names", "w1"], ["csr-asked-usages", ""]]) {
          if (await page.$(`#${field}`)) await fill(page, field, usual);
        }
        await fill(page, id, value);
        await click(page, "Make key and request");
        await answer(page, expected);
      }
    });
  });
}
