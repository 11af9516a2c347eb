// Clusters of many nodes in Chromium, for bench.mjs: time, memory, the window's longest task, how
// soon a run can be cancelled, and how soon the plan of a changed design is there.

import { chromium, few, other, row, rowsBeside, runs } from "./bench-rows.mjs";
import { waitUntilReady, withPage } from "./harness.mjs";
import { measurePeer, peers } from "./peers.mjs";
import { peakGrowth, resident } from "./processes.mjs";

/** From the choice of another layout to the frame that shows it, on the form and on the map. */
export async function planRows() {
  const rows = [];
  for (const count of [3, 300, 5_000]) {
    for (const [view, what] of [["form", "plan"], ["map", "map"]]) {
      rows.push(...(await row(`${what} of ${named(count)}, another layout chosen, Chromium`, null,
        () => planUpdate(count, view, runs))));
    }
  }
  return rows;
}

/** The same runs give all of these but the last. */
export async function nodeRows(count) {
  const name = (what) => `${named(count)}, P-256, ${what}, Chromium`;
  let measuring;
  const measured = () => (measuring ??= manyNodes(count));
  const rows = await rowsBeside({ name: name("click to verified tarball"), budget: null },
    async () => {
      const { time, others } = await measured();
      return { samples: time, others };
    });
  for (const [key, what, budget, unit] of [
    ["memory", "most memory of the wasm in window and workers", null, "bytes"],
    ["resident", "growth of the tab's process", null, "bytes"],
    ["task", "longest task of the window", 50, "ms"],
  ]) {
    const one = await row(name(what), budget, async () => (await measured())[key]);
    rows.push(...one.map((row) => ({ ...row, unit })));
  }
  const cancel = name("click on Cancel to a form that can be used");
  return [...rows, ...(await row(cancel, 100, () => cancelled(count, few)))];
}

function named(count) {
  return `${count.toLocaleString("en")} nodes`;
}

/**
 * A run of so many workers beside one control plane; after each of them the same certificates by
 * others: what they make for a thousand nodes takes them as long as it takes us for five thousand.
 */
function manyNodes(count) {
  return onForm(count, async (page, browser) => {
    const others = count > 1_000 ? [] : peers("ecdsa-p256").map((peer) =>
      other(`${peer.name}, certificates alone`,
        (page) => measurePeer(page, peer, "ecdsa-p256", count)));
    const samples = { time: [], memory: [], resident: [], task: [], others };
    const before = await resident(browser);
    for (let run = 0; run < few; run += 1) {
      const { time, task } = await page.evaluate(generated);
      samples.time.push(time);
      samples.task.push(task);
      samples.memory.push(await memory(page));
      // Afterwards it holds what the others made as well.
      if (run === 0 || others.length === 0) samples.resident.push(await peakGrowth(browser, before));
      for (const each of others) await each.take(page);
      // Another name, so that the archive is not of this design any more.
      await page.evaluate(type, "field-clusterName", `run-${run}`);
      await page.waitForFunction(() => document.querySelector("button#generate:not([disabled])"));
    }
    return samples;
  }, true);
}

/** From the click on "Cancel" in the middle of a run to the frame in which another can begin. */
function cancelled(count, runs) {
  return onForm(count, async (page) => {
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      samples.push(await page.evaluate(cancel));
      await page.waitForFunction(() => document.querySelector("button#generate:not([disabled])"));
    }
    return samples;
  }, true);
}

/** From the choice of another layout to the frame that shows it, on the form or on the map. */
function planUpdate(count, view, runs) {
  return onForm(count, async (page) => {
    if (view === "map") {
      await page.evaluate(() => { location.hash = "#/map"; });
    }
    await page.waitForSelector("#field-layout");
    const place = view === "map" ? ".map-desk" : ".outlook";
    await page.waitForSelector(place);
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      const layout = run % 2 === 0 ? "five-flows" : "kubeadm";
      samples.push(await page.evaluate(chooseLayout, layout, place));
    }
    return samples;
  });
}

/** Opens the form with so many workers, named by one line; with certificates to serve with or not. */
function onForm(count, measure, serving = false) {
  return withPage(chromium, async ({ page, browser }) => {
    page.on("dialog", (dialog) => dialog.accept());
    await waitUntilReady(page);
    // Nobody downloads what is made here, so that each run asks before it begins; a person's answer
    // is not what is measured.
    await page.evaluate(() => { window.confirm = () => true; });
    await page.evaluate(() => { location.hash = "#/generate"; });
    await page.waitForSelector("fieldset.nodes");
    await page.evaluate(() => {
      const group = [...document.querySelectorAll("fieldset.nodes")][1];
      [...group.querySelectorAll("button")].find((b) => b.textContent === "Edit as text").click();
    });
    await page.waitForSelector("textarea[aria-label=Workers]");
    const line = `worker-[0001-${String(count).padStart(4, "0")}] 10.1.0.1+`;
    await page.evaluate(type, "field-workers", line);
    if (serving) {
      await page.evaluate(() => {
        const labels = [...document.querySelectorAll("#field-outputs label")];
        labels.find((label) => label.textContent.includes("kubelets")).click();
      });
    }
    const keys = count * (serving ? 2 : 1);
    await page.waitForFunction(
      (keys) => parseInt(document.querySelector(".outlook").textContent, 10) > keys, {}, keys);
    return measure(page, browser);
  }, { ready: false, prepare: keepMemories });
}

/** Has the window and each worker keep the memory of the wasm that runs in it. */
function keepMemories(page) {
  return page.evaluateOnNewDocument(() => {
    const keep = (scope) => {
      const instantiate = WebAssembly.instantiate;
      WebAssembly.instantiate = async (...words) => {
        const made = await instantiate(...words);
        scope.__memory ??= (made.instance ?? made).exports.memory;
        return made;
      };
    };
    keep(self);
    // A worker's script is put together in the window.
    const RealBlob = Blob;
    self.Blob = class extends RealBlob {
      constructor(parts, options) {
        const script = options?.type === "text/javascript";
        super(script ? [`(${keep})(self);\n`, ...parts] : parts, options);
      }
    };
  });
}

/** The bytes of all wasm memories, which never shrink. */
async function memory(page) {
  const size = () => self.__memory?.buffer.byteLength ?? 0;
  const sizes = await Promise.all([page, ...page.workers()].map((place) => place.evaluate(size)));
  if (sizes.includes(0)) throw new Error(`a memory is not known: ${sizes}`);
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/* What follows runs in the page. */

function type(id, text) {
  const field = document.getElementById(id);
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

async function generated() {
  const tasks = [0];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration);
  });
  observer.observe({ type: "longtask" });
  const start = performance.now();
  const made = new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("no tarball within 120 s")), 120_000);
    // The last archive stands there until the run begins.
    let begun = false;
    const watch = new MutationObserver(() => {
      const buttons = [...document.querySelectorAll("button, a")];
      const there = buttons.some((found) => found.textContent.trim().startsWith("Download tarball"));
      begun ||= !there;
      if (!there || !begun) return;
      watch.disconnect();
      clearTimeout(limit);
      resolve(performance.now() - start);
    });
    watch.observe(document.body, { subtree: true, childList: true });
  });
  document.getElementById("generate").click();
  const time = await made;
  // The observer hears of a task after it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  observer.disconnect();
  return { time, task: Math.max(...tasks) };
}

async function cancel() {
  document.getElementById("generate").click();
  const until = async (condition) => {
    const end = performance.now() + 60_000;
    while (!condition()) {
      if (performance.now() > end) throw new Error("the run does not get so far");
      await new Promise(requestAnimationFrame);
    }
  };
  // In its middle, when every worker is busy.
  await until(() => {
    const progress = document.querySelector("progress");
    return progress && progress.value > progress.max / 4;
  });
  const button = [...document.querySelectorAll("button")].find((b) => b.textContent === "Cancel");
  const start = performance.now();
  button.click();
  await until(() => document.querySelector("button#generate:not([disabled])")
    && !document.querySelector("progress"));
  return performance.now() - start;
}

function chooseLayout(layout, place) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("no plan within 30 s")), 30_000);
    const before = document.querySelector(place).textContent;
    const watch = new MutationObserver(() => {
      const now = document.querySelector(place);
      if (!now || now.textContent === before) return;
      watch.disconnect();
      clearTimeout(limit);
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    const field = document.getElementById("field-layout");
    const start = performance.now();
    field.value = layout;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
