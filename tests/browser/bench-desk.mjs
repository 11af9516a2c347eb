// The CSR desk in Chromium, for bench.mjs: from the event to the frame after the answer.

import { execFileSync } from "node:child_process";
import { chromium } from "./bench-rows.mjs";
import { named, withPage } from "./harness.mjs";

/** One request of a new key, with the object for the cluster. */
export function requestToObject(runs) {
  return onStep("Request", async (page) => {
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      await fill(page, "csr-name", `person-${run}`);
      samples.push(await timed(page, "Make key and request", `CN=person-${run}`));
    }
    return samples;
  });
}

/** Keys, requests, objects and scripts for two hundred people, in one archive. */
export function workshop(runs) {
  return onStep("Workshop", async (page) => {
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      const count = 200 + run;
      const list = Array.from({ length: count }, (_, index) => `person-${index}.doe, dev`);
      await fill(page, "csr-people", list.join("\n"));
      samples.push(await timed(page, "Make the archive", `Made: ${count} keys and requests`));
    }
    return samples;
  });
}

/** A thousand objects pasted at once. */
export function reviewOfMany(runs) {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const command = ["req", "-new", ...key, "-subj", "/O=dev/CN=jane", "-keyout", "/dev/null"];
  const pem = execFileSync("openssl", command, { stdio: ["ignore", "pipe", "ignore"] });
  const object = (index) => `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: r-${index}
spec:
  request: ${pem.toString("base64")}
  signerName: kubernetes.io/kube-apiserver-client
  usages:
  - client auth
`;
  return onStep("Review", async (page) => {
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      const count = 1_000 + run;
      const list = Array.from({ length: count }, (_, index) => object(index)).join("---\n");
      samples.push(await timed(page, null, `To approve: ${count}.`, "csr-input", list));
    }
    return samples;
  });
}

function onStep(step, measure) {
  return withPage(chromium, async ({ page }) => {
    page.on("dialog", (dialog) => dialog.accept());
    await named(page, "link", "CSR desk").click();
    await named(page, "link", step).click();
    await page.waitForFunction((step) => {
      const here = [...document.querySelectorAll("main [aria-current]")];
      return here.some((link) => link.textContent === step);
    }, {}, step);
    return measure(page);
  }, { ready: false });
}

async function fill(page, id, text) {
  await page.waitForSelector(`#${id}`);
  await page.$eval(`#${id}`, (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Presses a button, or puts a text into a field, and waits for a text in the answer. */
function timed(page, button, expected, id, text) {
  return page.evaluate((button, expected, id, text) => new Promise((resolve, reject) => {
    const answered = () =>
      document.querySelector("section.answer")?.textContent.includes(expected);
    const limit = setTimeout(() => reject(new Error(`no “${expected}” within 60 s`)), 60_000);
    const watch = new MutationObserver(() => {
      if (!answered()) return;
      watch.disconnect();
      clearTimeout(limit);
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    if (answered()) return reject(new Error(`“${expected}” is there already`));
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    const start = performance.now();
    if (id) {
      const field = document.getElementById(id);
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    } else {
      [...document.querySelectorAll("button")].find((found) => found.textContent === button).click();
    }
  }), button, expected, id, text);
}
