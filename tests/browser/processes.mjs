// The memory of the browser's processes of tabs, for bench.mjs: all of it, with what JavaScript, the
// page and the wasm's compiled code take. Linux tells.

import { readFileSync } from "node:fs";

/** What each process of a tab holds now, in bytes, by its number. */
export async function resident(browser) {
  const numbers = await tabProcesses(browser);
  return new Map(numbers.map((number) => [number, status(number, "VmRSS")]));
}

/** How much more they held at most, together. A process that is new held nothing before. */
export async function peakGrowth(browser, before) {
  const numbers = await tabProcesses(browser);
  const growth = numbers.map((number) => status(number, "VmHWM") - (before.get(number) ?? 0));
  return growth.reduce((sum, bytes) => sum + Math.max(0, bytes), 0);
}

async function tabProcesses(browser) {
  const session = await browser.target().createCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  } finally {
    await session.detach();
  }
}

/** A line as `VmHWM:   12345 kB`. */
function status(number, name) {
  const text = readFileSync(`/proc/${number}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)[1]) * 1024;
}
