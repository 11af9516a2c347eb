// Generate: from the form to a tarball that openssl accepts.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, PLACES, named, selectAll, tabTo, withPage } from "./harness.mjs";

/** A key of 4096 bits takes a browser's worker many seconds, and a layout has sixteen. */
const LONG_MS = 600_000;

/** A layout of the long keys takes a minute where there are two cores: once is enough. */
const ONLY_IN = { "rsa-3072": "firefox", "rsa-4096": "chromium" };
const ALGORITHMS = ["ecdsa-p256", "ecdsa-p384", "rsa-2048", "rsa-3072", "rsa-4096"];

for (const browser of BROWSERS) {
  for (const algorithm of ALGORITHMS) {
    const timeout = LONG_MS;
    if ((ONLY_IN[algorithm] ?? browser) !== browser) continue;
    const spied = algorithm === "rsa-2048" && browser === "chromium";
    test(`generates ${algorithm}, and openssl agrees (${browser})`, { timeout }, async () => {
      await withPage({ browser, transport: "file" }, async ({ page, downloads }) => {
        await choose(page, "Keys", algorithm);
        if (spied) await page.waitForFunction(() => window.__asked.KeyAhead.length >= 16);
        await generate(page);
        if (spied) {
          // The key behind the seed; the last one is perhaps on its way.
          const made = await page.evaluate(() => window.__asked.Make);
          // One of them is the bootstrap token, which has no key; `sa.key` needs nothing more.
          assert.equal(made.length, 16);
          assert.ok(made.filter((length) => length > 1000).length >= 14, JSON.stringify(made));
        }
        const checks = await page.$eval(".checks", (list) => list.innerText);
        assert.match(checks, /15 certificates/);
        const [archive] = await download(page, downloads);
        assert.equal(path.basename(archive), "kubernetes-pki.tar.gz");
        await openSslAgrees(archive, "cp1");
      }, { prepare: spied ? spyOnWorkers : undefined });
    });
  }
}

for (const place of PLACES) {
  test(`generates three control planes and a worker (${place.name})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      await fill(page, "Cluster name", "prod-eu1");
      await paste(page, "Workers", "name,address\nw1,10.0.0.21\nw2,10.0.0.22\n");
      await paste(page, "Control planes", "cp1 10.0.0.10\ncp2 10.0.0.11\ncp3 10.0.0.12\n");
      await fill(page, "Control-plane endpoint", "api.example.com:6443");
      await generate(page);
      const [archive] = await download(page, downloads);
      assert.equal(path.basename(archive), "prod-eu1-pki.tar.gz");
      const files = await unpack(archive);
      const config = await fs.readFile(`${files}/hosts/w2/etc/kubernetes/kubelet.conf`, "utf8");
      assert.match(config, /server: https:\/\/api\.example\.com:6443/);
      await openSslAgrees(archive, "cp3");
    });
  });
}

for (const browser of BROWSERS) {
  const place = { browser, transport: "file" };

  test(`cancels at once, and can then generate (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await choose(page, "Keys", "rsa-4096");
      await button(page, "Generate PKI");
      await button(page, "Cancel");
      await page.waitForSelector("progress", { hidden: true, timeout: 2_000 });
      assert.match(await page.$eval("[role=status]", (status) => status.innerText), /Cancelled/);
      await choose(page, "Keys", "ecdsa-p256");
      await generate(page);
    });
  });

  test(`what was made stays until there is something newer (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      const asked = [];
      let answer = "dismiss";
      page.on("dialog", (dialog) => {
        asked.push(dialog.message());
        dialog[answer]();
      });
      await choose(page, "Keys", "ecdsa-p256");
      await generate(page);
      await choose(page, "Keys", "rsa-4096");
      // Refused, so that nothing begins.
      await button(page, "Generate PKI");
      await named(page, "button", "Download tarball").wait();
      // Cancelled half way, and failed: neither takes the keys along.
      answer = "accept";
      await button(page, "Generate PKI");
      await button(page, "Cancel");
      await named(page, "button", "Download tarball").wait();
      await page.evaluate("crypto.getRandomValues = (bytes) => bytes");
      await button(page, "Generate PKI");
      await button(page, "Show what was made before");
      assert.equal(asked.length, 3);
      assert.match(asked[0], /has not been downloaded/);
      // The archive of the form as it was; its files can still be looked into.
      await choose(page, "Keys", "ecdsa-p256");
      await look(page, "etc/kubernetes/pki/apiserver.crt");
      await page.waitForFunction(() =>
        document.querySelector("#detail").innerText.includes("BEGIN CERTIFICATE"));
      await openSslAgrees((await download(page, downloads))[0], "cp1");
    });
  });

  test(`a run that is refused before it begins leaves what was made (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      page.on("dialog", (dialog) => dialog.accept());
      await choose(page, "Keys", "ecdsa-p256");
      await generate(page);
      // A CA whose key is elsewhere has to be asked, and a demo asks nobody.
      const own = openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-subj", "/CN=elsewhere", "-addext", "keyUsage=critical,keyCertSign",
        "-keyout", "/dev/null");
      await open(page, "Advanced");
      await page.select("#field-caKeys", "vault");
      await page.$eval("#bring-pem", (field, text) => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }, own);
      await button(page, "Check and use it");
      await page.waitForFunction(() => /ca stays where it is/.test(document.body.innerText));
      await check(page, "Make the same files every time");
      await button(page, "Generate PKI");
      await button(page, "Show what was made before");
      await openSslAgrees((await download(page, downloads))[0], "cp1");
    });
  });

  test(`the bar is full of keys, and then says only that the archive is written (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      // Enough for it to be seen: what is over in a blink shows no bar.
      await paste(page, "Workers", "w[1-400] 10.1.0.1+\n");
      await page.evaluate(() => {
        window.__bars = [];
        new MutationObserver(() => {
          const bar = document.querySelector("progress");
          if (bar) window.__bars.push([bar.labels[0].innerText, bar.position]);
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      });
      await generate(page);
      const bars = await page.evaluate(() => window.__bars);
      const writes = bars.filter(([text]) => text.startsWith("Writing the tarball"));
      const makes = bars.filter(([text]) => /^\d+ of 417 keys and secrets are ready$/.test(text));
      assert.ok(writes.length > 0 && makes.length > 0, JSON.stringify(bars));
      assert.equal(writes.length + makes.length, bars.length, JSON.stringify(bars));
      // No value: the bar does not know.
      for (const [, position] of writes) assert.equal(position, -1);
      for (const [text, position] of makes) assert.equal(position, parseInt(text, 10) / 417, text);
    });
  });

  test(`of many machines what is pressed at once is of what was typed last (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      // So many are planned in pieces, and typing waits until it pauses.
      await paste(page, "Workers", "w[1-400] 10.1.0.1+\n");
      await outlook(page, /^4\d\d keys/);
      await page.evaluate(() => {
        const name = document.querySelector("#field-clusterName");
        for (const text of ["first", "second", "last"]) {
          name.value = text;
          name.dispatchEvent(new Event("input", { bubbles: true }));
        }
        document.querySelector("#generate").click();
      });
      await page.waitForSelector(".result", { timeout: LONG_MS });
      const [archive] = await download(page, downloads);
      assert.equal(path.basename(archive), "last-pki.tar.gz");
      await outlook(page, /last-pki\.tar\.gz/);

      // An edit in the middle of a plan takes its place.
      await page.evaluate(async () => {
        const type = (id, text) => {
          const field = document.querySelector(id);
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        };
        const undo = [...document.querySelectorAll("button")].find((b) => b.textContent === "Undo");
        type("#field-clusterName", "next");
        await new Promise((resolve) => setTimeout(resolve, 255));
        type("#field-workers", "w[1-300] 10.1.0.1+\n");
        await new Promise((resolve) => setTimeout(resolve, 1));
        undo.click();
        type("#field-clusterName", "after");
      });
      await outlook(page, /^4\d\d keys.*after-pki/);
      // Nor is an error too late that it has by then.
      await page.evaluate(() => {
        const name = document.querySelector("#field-clusterName");
        name.value = "no name";
        name.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector("#generate").click();
      });
      await page.waitForFunction(() => document.querySelector("#generate").disabled);
      assert.equal(await page.$("progress"), null);
    });
  });

  test(`a demo gives the same bytes each time, and says what it is (${browser})`, async () => {
    await withPage(place, async ({ page, downloads }) => {
      await open(page, "Advanced");
      await check(page, "Make the same files every time");
      await generate(page);
      assert.match(await page.$eval("main", (main) => main.innerText), /public knowledge/);
      const [first] = await download(page, downloads);
      assert.equal(path.basename(first), "kubernetes-pki-DEMO.tar.gz");
      const bytes = await fs.readFile(first);
      await fs.rm(first);
      await generate(page);
      const [second] = await download(page, downloads);
      assert.ok(bytes.equals(await fs.readFile(second)), "two demo runs differ");
    });
  });

  test(`shows a certificate, and a private key only when asked (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await generate(page);
      await look(page, "etc/kubernetes/pki/apiserver.crt");
      await page.waitForFunction(() =>
        document.querySelector("#detail").innerText.includes("kubernetes.default.svc"));
      await look(page, "etc/kubernetes/pki/apiserver.key");
      await page.waitForFunction(() =>
        document.querySelector("#detail").innerText.includes("stays hidden"));
      const detail = () => page.$eval("#detail", (detail) => detail.innerText);
      assert.doesNotMatch(await detail(), /PRIVATE KEY-----/);
      await button(page, "Show the private key");
      await page.waitForFunction(() =>
        document.querySelector("#detail").innerText.includes("BEGIN EC PRIVATE KEY"));
      await button(page, "Hide the private key");
      assert.doesNotMatch(await detail(), /PRIVATE KEY-----/);
    });
  });

  test(`a worker that dies is told, and nothing typed is lost (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await fill(page, "Cluster name", "survives");
      await choose(page, "Keys", "rsa-4096");
      await button(page, "Generate PKI");
      await page.evaluate(() => {
        const death = new ErrorEvent("error", { message: "out of memory", cancelable: true });
        // The first one reads; the last one makes keys.
        window.__workers.at(-1).dispatchEvent(death);
      });
      await page.waitForSelector(".failed");
      const said = await page.$eval(".failed", (failed) => failed.innerText);
      assert.match(said, /worker stopped \(out of memory\).*nothing that you typed is lost/s);
      assert.equal(await page.$eval("#field-clusterName", (field) => field.value), "survives");
      await choose(page, "Keys", "ecdsa-p256");
      await generate(page);
    }, { prepare: keepWorkers });
  });

  for (const [name, source] of [
    ["fails", "() => { throw new Error('no entropy'); }"],
    ["gives only zeros", "(bytes) => bytes"],
  ]) {
    test(`makes nothing when randomness ${name} (${browser})`, async () => {
      await withPage(place, async ({ page }) => {
        await page.evaluate(`crypto.getRandomValues = ${source}`);
        await button(page, "Generate PKI");
        await page.waitForSelector(".failed");
        const said = await page.$eval(".failed", (failed) => failed.innerText);
        assert.match(said, /source of randomness failed/);
        assert.equal(await page.$(".result"), null);
      });
    });
  }

  test(`works by keyboard alone (${browser})`, async () => {
    await withPage(place, async ({ page }) => {
      await tabTo(page, (focused) => focused.id === "field-clusterName");
      await selectAll(page);
      await page.keyboard.type("by-hand");
      await tabTo(page, (focused) => focused.id === "generate");
      await page.keyboard.press("Enter");
      await named(page, "button", "Download tarball").wait();
      await tabTo(page, (focused) => focused.textContent === "Download tarball");
      assert.match(await page.$eval(".result", (result) => result.innerText), /by-hand-pki/);
    });
  });
}

test("a CA of one's own, people and things on request come out of one form (chromium)", async () => {
  await withPage({ browser: "chromium", transport: "file" }, async ({ page, downloads }) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pki-ca-"));
    const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-subj", "/O=Example/CN=Corporate CA", "-addext", "keyUsage=critical,keyCertSign",
      "-keyout", `${folder}/ca.key`, "-out", `${folder}/ca.crt`];
    openssl(...made);
    const own = await fs.readFile(`${folder}/ca.crt`, "utf8");
    const key = await fs.readFile(`${folder}/ca.key`, "utf8");
    await open(page, "Advanced");
    const put = (id, text) => page.$eval(id, (field, text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
    await put("#field-users", "jane dev,ops 30d\n");
    await put("#own-text", "authorities:\n- {name: root}\n- {name: etcd-ca, below: root}\n");
    await check(page, "Encryption of Secrets");
    await put("#bring-pem", own);
    await button(page, "Check and use it");
    await page.waitForFunction(() =>
      /Only the certificate was given/.test(document.querySelector("#bring-found").innerText));
    await put("#bring-pem", `${own}\n${key}`);
    await button(page, "Check and use it");
    await page.waitForFunction(() => /ca is not made/.test(document.body.innerText));
    await generate(page);
    const files = await unpack((await download(page, downloads))[0]);
    const pki = `${files}/hosts/cp1/etc/kubernetes/pki`;
    const same = openssl("x509", "-in", `${folder}/ca.crt`);
    assert.equal(openssl("x509", "-in", `${pki}/ca.crt`), same);
    openssl("verify", "-CAfile", `${folder}/ca.crt`, `${pki}/apiserver.crt`);
    openssl("verify", "-CAfile", `${files}/operator/ca/etcd-ca-chain.crt`, `${pki}/etcd/server.crt`);
    await fs.access(`${files}/operator/users/jane.conf`);
    await fs.access(`${pki}/encryption-config.yaml`);
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert.doesNotMatch(stored, /PRIVATE KEY|BEGIN CERTIFICATE/);
    await fs.rm(folder, { recursive: true });
  });
});

/** Notes for each kind of request how many octets came with it. */
function spyOnWorkers(page) {
  return page.evaluateOnNewDocument(() => {
    window.__asked = { KeyAhead: [], Make: [] };
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, transfer) {
      if (Array.isArray(message)) {
        const [head, ...parts] = message;
        // A request of a run begins with 0 and its number, in the order of `Request`.
        const kind = head[0] === 0 && Object.keys(window.__asked)[head[1]];
        window.__asked[kind]?.push(...parts.map((part) => part.length));
      }
      return post.call(this, message, transfer);
    };
  });
}

/** Keeps a hand on every worker, so that a flow can let one die. */
function keepWorkers(page) {
  return page.evaluateOnNewDocument(() => {
    window.__workers = [];
    window.Worker = class extends Worker {
      constructor(...words) {
        super(...words);
        window.__workers.push(this);
      }
    };
  });
}

/** Every leaf of a host verifies against its own CA and no other, and its key is its own. */
async function openSslAgrees(archive, host) {
  const pki = `${await unpack(archive)}/hosts/${host}/etc/kubernetes/pki`;
  const authorities = {
    "ca.crt": ["apiserver", "apiserver-kubelet-client"],
    "front-proxy-ca.crt": ["front-proxy-client"],
    "etcd/ca.crt": ["apiserver-etcd-client", "etcd/server", "etcd/peer", "etcd/healthcheck-client"],
  };
  for (const [authority, leaves] of Object.entries(authorities)) {
    for (const leaf of leaves) {
      for (const other of Object.keys(authorities)) {
        const verify = () =>
          openssl("verify", "-x509_strict", "-CAfile", `${pki}/${other}`, `${pki}/${leaf}.crt`);
        if (other === authority) assert.match(verify(), /: OK/);
        else assert.throws(verify, `${leaf} is accepted by ${other}`);
      }
      const ofCertificate = openssl("x509", "-in", `${pki}/${leaf}.crt`, "-noout", "-pubkey");
      assert.equal(openssl("pkey", "-in", `${pki}/${leaf}.key`, "-pubout"), ofCertificate);
    }
  }
}

function openssl(...words) {
  return execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** Unpacks beside the archive, which the harness removes with its folder. */
async function unpack(archive) {
  const folder = path.join(path.dirname(archive), "../unpacked");
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder);
  execFileSync("tar", ["-xzf", archive, "-C", folder, "--no-same-owner"]);
  return folder;
}

async function generate(page) {
  await button(page, "Generate PKI");
  await page.waitForSelector(".result, .failed", { timeout: LONG_MS });
  await named(page, "button", "Download tarball").wait();
}

/** Waits until the line beside the button says so. */
function outlook(page, pattern) {
  return page.waitForFunction((source) =>
    new RegExp(source).test(document.querySelector(".outlook").innerText), {}, pattern.source);
}

async function download(page, downloads) {
  await button(page, "Download tarball");
  return downloads(1);
}

function button(page, name) {
  return named(page, "button", name).click();
}

/** Fields are found as people find them: by their label. */
function field(page, label) {
  return page.evaluateHandle((label) => {
    const found = [...document.querySelectorAll("input, select, textarea")].find((field) =>
      [...(field.labels ?? [])].some((text) => text.textContent.trim().startsWith(label))
      || field.getAttribute("aria-label") === label);
    for (let parent = found?.parentElement; parent; parent = parent.parentElement) {
      if (parent.tagName === "DETAILS") parent.open = true;
    }
    return found;
  }, label);
}

async function set(page, label, value, kind) {
  await (await field(page, label)).evaluate((field, value, kind) => {
    field.value = value;
    field.dispatchEvent(new Event(kind, { bubbles: true }));
  }, value, kind);
}

const choose = (page, label, value) => set(page, label, value, "change");
const fill = (page, label, value) => set(page, label, value, "input");

async function check(page, label) {
  await (await field(page, label)).evaluate((field) => field.click());
}

async function open(page, summary) {
  await page.evaluate((text) => {
    const all = [...document.querySelectorAll("summary")];
    all.find((found) => found.textContent.trim().startsWith(text)).parentElement.open = true;
  }, summary);
}

/** Puts a list of machines into a group's text. */
async function paste(page, group, text) {
  await page.evaluate((group) => {
    const groups = [...document.querySelectorAll("fieldset.nodes")];
    const found = groups.find((fieldset) => fieldset.querySelector("legend").textContent === group);
    const buttons = [...found.querySelectorAll("button")];
    buttons.find((button) => button.textContent === "Edit as text").click();
  }, group);
  await page.waitForSelector(`textarea[aria-label="${group}"]`);
  await fill(page, group, text);
}

async function look(page, name) {
  await page.evaluate((name) => {
    const files = [...document.querySelectorAll(".file")];
    files.find((file) => file.querySelector(".file-name").textContent === name).click();
  }, name);
}
