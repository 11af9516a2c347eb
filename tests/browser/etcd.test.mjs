// etcd on machines of its own: from the form to the tarball, on the map, and back by undo.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, named, screenshot, withPage } from "./harness.mjs";

const PKI = "etc/kubernetes/pki";

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`three members of an external etcd come out of the form (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      const shows = (id, value) => page.waitForFunction(
        (id, value) => document.getElementById(id)?.value === value, {}, id, value,
      );
      const found = (id, expected) => page.waitForFunction(
        (id, source) => new RegExp(source, "s").test(document.getElementById(id)?.textContent),
        {}, id, expected.source,
      );
      await page.select("#field-etcd-topology", "external");
      await found("etcd.members-whole-found", /etcd has no machines/);
      await named(page, "button", "Add member").click();
      await type(page, "field-etcd-members-0--name", "etcd[1-2]");
      await found("field-etcd-members-0--addresses-found", /no address/);
      await type(page, "field-etcd-members-0--addresses", "10.0.0.[5-6]");
      await found("etcd.members-whole-found", /Warning: .*2 bear the loss of no more than 1/);
      await named(page, "button", "Add member").click();
      await type(page, "field-etcd-members-1--name", "cp1");
      await type(page, "field-etcd-members-1--addresses", "10.0.0.7");
      await found("field-etcd-members-1--name-found", /Control plane 1 has this name already/);
      await type(page, "field-etcd-members-1--name", "etcd3");
      await type(page, "field-etcd-endpoints", "http://10.0.0.5:2379");
      await found("field-etcd-endpoints-found", /without TLS/);
      await named(page, "button", "Fix: write https://10.0.0.5:2379").click();
      const mended = "https://10.0.0.5:2379";
      await page.waitForFunction((mended) => [...document.querySelectorAll(".chip > span")]
        .some((chip) => chip.textContent === mended), {}, mended);
      await page.$eval(`[aria-label^="Remove ${mended} from"]`, (button) => button.click());
      await page.waitForFunction((mended) =>
        !document.querySelector(`[aria-label^="Remove ${mended} from"]`), {}, mended);
      await screenshot(page, `etcd-form-${browser}`);

      // The topology is one step of undo, and the members outlive it.
      await page.select("#field-etcd-topology", "stacked");
      await page.waitForFunction(() => !document.getElementById("field-etcd-members-0--name"));
      await named(page, "button", "Undo").click();
      await shows("field-etcd-members-1--name", "etcd3");

      await named(page, "link", "Map").click();
      await page.waitForSelector("#map-picture");
      const regions = () => page.$$eval(".map-region text", (all) => all.map((one) => one.textContent));
      assert.deepEqual(await regions(), ["Control plane, 1 machine", "etcd, 3 machines", "Every node, 1 machine"]);
      await screenshot(page, `etcd-map-${browser}`);
      await named(page, "link", "Generate").click();

      await named(page, "button", "Generate PKI").click();
      await named(page, "button", "Download tarball").click();
      const [archive] = await downloads(1);
      const files = path.join(path.dirname(archive), "../unpacked");
      await fs.rm(files, { recursive: true, force: true });
      await fs.mkdir(files);
      execFileSync("tar", ["-xzf", archive, "-C", files, "--no-same-owner"]);
      assert.deepEqual((await fs.readdir(`${files}/hosts/etcd2/${PKI}/etcd`)).sort(), [
        "ca.crt", "healthcheck-client.crt", "healthcheck-client.key", "peer.crt", "peer.key",
        "server.crt", "server.key",
      ]);
      assert.deepEqual(await fs.readdir(`${files}/hosts/cp1/${PKI}/etcd`), ["ca.crt"]);
      const ca = `${files}/hosts/cp1/${PKI}/etcd/ca.crt`;
      for (const name of ["etcd1", "etcd2", "etcd3"]) {
        const server = `${files}/hosts/${name}/${PKI}/etcd/server.crt`;
        assert.match(openssl("verify", "-CAfile", ca, "-verify_hostname", name, server), /: OK/);
      }
      const told = await fs.readFile(`${files}/flags/cp1/kubeadm.yaml`, "utf8");
      assert.match(told, /external:\s+endpoints:\s+- https:\/\/10\.0\.0\.5:2379/);

      // What goes out comes in again: as a design, and as kubeadm's configuration.
      const design = await fs.readFile(`${files}/design.yaml`, "utf8");
      assert.match(design, /topology: external/);
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-etcd-"));
      const file = path.join(folder, "kubeadm.yaml");
      await fs.writeFile(file, told);
      await (await page.$("#import")).uploadFile(file);
      await named(page, "button", "Remove 10.0.0.7 from: etcd members, 3: addresses").wait();
      await shows("field-etcd-topology", "external");
      await fs.rm(folder, { recursive: true });
    });
  });
}

// Nothing in it depends on the browser.
test("the five flows have a choice of both usages, and the risks say so", async () => {
  await withPage({ browser: BROWSERS[0], transport: "file" }, async ({ page }) => {
    const box = "etcd's certificates are a server's and a client's in one";
    const there = () => page.evaluate((box) => [...document.querySelectorAll("label.check")]
      .some((label) => label.textContent.trim().startsWith(box)), box);
    assert.equal(await there(), false, "kubeadm has no choice");
    await page.select("#field-layout", "five-flows");
    await page.waitForFunction((box) => [...document.querySelectorAll("label.check")]
      .some((label) => label.textContent.trim().startsWith(box)), {}, box);
    await page.evaluate((box) => [...document.querySelectorAll("label.check")]
      .find((label) => label.textContent.trim().startsWith(box)).click(), box);
    await page.waitForFunction(() =>
      document.body.textContent.includes("because you chose both usages (etcd.bothUsages)"));
    await named(page, "button", "Undo").click();
    await page.waitForFunction(() => !document.body.textContent.includes("you chose both usages"));
  });
});

async function type(page, id, text) {
  await page.waitForSelector(`#${id}`);
  await page.$eval(`#${id}`, (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

function openssl(...words) {
  return execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
