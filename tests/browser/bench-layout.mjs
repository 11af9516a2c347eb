// kubeadm's layout in Chromium, for bench.mjs: ours, and after each of ours the same by others.

import { chromium, other, rowsBeside, runs } from "./bench-rows.mjs";
import { withPage } from "./harness.mjs";
import { opensslLayout } from "./natives.mjs";
import { measurePeer, peers } from "./peers.mjs";

/**
 * From the click on "Generate PKI" to a "Download tarball" that can be pressed, at once or after the
 * form stood for a while. To the others it is all one how long it stands.
 */
export function layoutRows({ name, budget, algorithm, stands = 0 }) {
  return rowsBeside({ name, budget }, () => withPage(chromium, async ({ page }) => {
    page.on("dialog", (dialog) => dialog.accept());
    const samples = [];
    const others = stands ? [] : [
      ...peers(algorithm).map((peer) =>
        other(peer.name, (page) => measurePeer(page, peer, algorithm))),
      other("openssl, native, one process each", () => opensslLayout(algorithm)),
    ];
    for (let run = 0; run < runs; run += 1) {
      await page.evaluate(() => { location.hash = ""; });
      await page.reload({ waitUntil: "load" });
      await page.waitForFunction(() => document.documentElement.dataset.boot === "ready");
      await page.locator("::-p-aria([name='Generate'][role='link'])").click();
      await choose(page, algorithm);
      await page.locator("::-p-aria([name='Generate PKI'][role='button'])").wait();
      if (stands) await new Promise((resolve) => setTimeout(resolve, stands));
      samples.push(await page.evaluate(clickToDownload));
      for (const each of others) await each.take(page);
    }
    return { samples, others };
  }, { ready: false }));
}

/** Chooses in whichever list offers the algorithm: first the one for the whole layout. */
async function choose(page, algorithm) {
  const chosen = await page.evaluate((algorithm) => {
    const same = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "").includes(algorithm);
    const lists = [...document.querySelectorAll("select")];
    for (const list of lists) {
      const option = [...list.options].find((option) => same(option.value) || same(option.text));
      if (!option) continue;
      list.value = option.value;
      list.dispatchEvent(new Event("input", { bubbles: true }));
      list.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    }
    const radios = [...document.querySelectorAll("input[type=radio]")];
    const radio = radios.find((radio) => same(radio.value));
    radio?.click();
    return Boolean(radio);
  }, algorithm.replace(/[^a-z0-9]/g, ""));
  if (!chosen) throw new Error(`no list on the page offers ${algorithm}`);
}

function clickToDownload() {
  const button = (within, name) =>
    [...within.querySelectorAll("button, a")].find(
      (found) =>
        (found.getAttribute("aria-label") ?? found.textContent).trim().startsWith(name) &&
        !found.disabled &&
        found.getAttribute("aria-disabled") !== "true" &&
        found.checkVisibility(),
    );
  // Both stand in one panel. The whole page has hundreds of buttons, and to look through them at
  // each change would be part of what is measured.
  const generate = button(document, "Generate PKI");
  const panel = generate.closest("section");
  if (button(panel, "Download tarball")) throw new Error("the tarball is there before it is generated");
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const limit = setTimeout(() => reject(new Error("no tarball within 120 s")), 120_000);
    const watch = new MutationObserver(() => {
      if (!button(panel, "Download tarball")) return;
      watch.disconnect();
      clearTimeout(limit);
      resolve(performance.now() - start);
    });
    watch.observe(panel, { subtree: true, childList: true, attributes: true });
    generate.click();
  });
}
