// The CSR desk: review, request, attach, sign, against openssl and kubectl.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, named, screenshot, withPage } from "./harness.mjs";

/** For what no browser does otherwise than the first one: rules, and the fields of forms. */
function once(browser, name, flow) {
  if (browser === BROWSERS[0]) test(name, flow);
}

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
      await click(page, "Later requests");
      await answer(page, "Requests 51 to 100 of 1000");
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

/** Opens a step of the desk, and waits until it is there. */
async function open(page, step) {
  await click(page, "CSR desk", "link");
  await click(page, step, "link");
  await page.waitForFunction((step) => {
    const here = [...document.querySelectorAll("main [aria-current]")];
    return here.some((link) => link.textContent === step);
  }, {}, step);
}

async function click(page, name, role = "button") {
  await named(page, role, name).click();
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

async function inFolderAsync(act) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-csr-"));
  try {
    return await act(folder, (name) => path.join(folder, name));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Whether the page wants to be asked before it is left. */
function asksBeforeLeaving(page) {
  return page.evaluate(() => {
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  });
}

/** A CA by openssl, and a port for its server. */
function makeCa(at, name = "test ca", { days = 30, usage = "keyCertSign,digitalSignature" } = {}) {
  const [key, file] = [at(`${name}.key`), at(`${name}.pem`)];
  const made = makeRequest(`/CN=${name}`);
  fs.writeFileSync(key, made.key);
  fs.writeFileSync(at("ca.ext"), `basicConstraints=critical,CA:TRUE\nkeyUsage=critical,${usage}\n` +
    "subjectKeyIdentifier=hash\n");
  const pem = openssl(["x509", "-req", "-signkey", key, "-days", `${days}`, "-extfile", at("ca.ext")],
    made.request);
  fs.writeFileSync(file, pem);
  return { key, file, pem, port: 20_000 + Math.floor(Math.random() * 20_000) };
}

/** Signs a request as a cluster's signer would. */
function signBy(ca, at, request, purpose, days = 10) {
  fs.writeFileSync(at("asked.pem"), request);
  fs.writeFileSync(at("ext"), `basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n` +
    `extendedKeyUsage=${purpose}\n`);
  return openssl(["x509", "-req", "-in", at("asked.pem"), "-CA", ca.file, "-CAkey", ca.key, "-days",
    `${days}`, "-extfile", at("ext"), "-copy_extensions", "none"]);
}

/** kubectl asks a TLS server that lets only clients of the CA in. */
async function loginWith(kubeconfig, ca, at) {
  const server = makeRequest("/CN=server");
  fs.writeFileSync(at("server.key"), server.key);
  fs.writeFileSync(at("server.ext"), "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
  fs.writeFileSync(at("server.csr"), server.request);
  fs.writeFileSync(at("server.pem"), openssl(["x509", "-req", "-in", at("server.csr"), "-CA", ca.file,
    "-CAkey", ca.key, "-days", "2", "-extfile", at("server.ext")]));
  const child = spawn("openssl", ["s_server", "-www", "-Verify", "1", "-verify_return_error", "-accept",
    `127.0.0.1:${ca.port}`, "-cert", at("server.pem"), "-key", at("server.key"), "-CAfile", ca.file],
    { stdio: "ignore" });
  try {
    const end = Date.now() + 10_000;
    while (!(await reachable(ca.port))) {
      assert.ok(Date.now() < end, "openssl s_server does not start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const page = execFileSync("kubectl", ["get", "--raw", "/", "--request-timeout=20s", "--kubeconfig",
      kubeconfig], { encoding: "utf8", env: { ...process.env, HOME: at("") } });
    assert.match(page, /Client certificate/);
  } finally {
    child.kill();
  }
}

function reachable(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => resolve(false));
  });
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
