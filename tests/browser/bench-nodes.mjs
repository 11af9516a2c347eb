// Clusters of many nodes in Chromium, for bench.mjs: time, memory, the window's longest task, how
// soon a run can be cancelled, and how soon the plan of a changed design is there.

import { waitUntilReady, withPage } from "./harness.mjs";

const chromium = { browser: "chromium", transport: "file" };

/**
 * A run of so many workers beside one control plane, `runs` times; after each of them `beside` is
 * called, so that a slow minute of the machine meets whatever that measures too.
 */
export function manyNodes(count, runs, beside) {
  return onForm(count, async (page) => {
    const samples = { time: [], memory: [], task: [] };
    for (let run = 0; run < runs; run += 1) {
      const { time, task } = await page.evaluate(generated);
      samples.time.push(time);
      samples.task.push(task);
      samples.memory.push(await memory(page));
      await beside(page);
      // Another name, so that the archive is not of this design any more.
      await page.evaluate(type, "field-clusterName", `run-${run}`);
      await page.waitForFunction(() => document.querySelector("button#generate:not([disabled])"));
    }
    return samples;
  }, true);
}

/** From the click on "Cancel" in the middle of a run to the frame in which another can begin. */
export function cancelled(count, runs) {
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
export function planUpdate(count, view, runs) {
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
  return withPage(chromium, async ({ page }) => {
    page.on("dialog", (dialog) => dialog.accept());
    await waitUntilReady(page);
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
    return measure(page);
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
