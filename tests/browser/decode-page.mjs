// What every flow of the Decode view does.

import { execFileSync } from "node:child_process";
import fsSync from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PATIENCE_MS, named } from "./harness.mjs";

const examples = fileURLToPath(new URL("../../app/src/views/decode/examples/", import.meta.url));

/** The text of an example of the view. */
export const example = (name) => fs.readFile(path.join(examples, name), "utf8");

export async function openDecode(page) {
  await named(page, "link", "Decode").click();
  await named(page, "textbox", "Paste anything").wait();
}

/** Puts a text into the box as a paste does: at once, with one event. */
export async function paste(page, text) {
  await page.$eval("#paste", (box, text) => {
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Waits until the answer holds this text, and returns the whole of it. */
export async function answer(page, expected, patience = PATIENCE_MS) {
  await page.waitForFunction(
    (expected) => {
      const text = document.querySelector(".answer")?.textContent ?? "";
      return text !== "" && text !== "Reading…" && text.includes(expected)
        && !text.startsWith("What you can paste");
    },
    { timeout: patience },
    expected,
  );
  return page.$eval(".answer", (answer) => answer.textContent);
}

/** Presses the button with this name. */
export async function press(page, name) {
  await named(page, "button", name).click();
}

/** Opens a tab of the first card; returns what it shows once that holds `expected`. */
export async function openTab(page, name, expected) {
  await named(page, "tab", name).click();
  return panel(page, expected);
}

/** What the open tab of the first card shows, once that holds `expected`. */
export async function panel(page, expected) {
  await page.waitForFunction(
    (expected) => document.querySelector("[role=tabpanel]")?.textContent.includes(expected),
    {},
    expected,
  );
  return page.$eval("[role=tabpanel]", (panel) => panel.textContent);
}

/** Makes the page's clipboard a variable of the test, which every browser allows. */
export async function watchClipboard(page) {
  await page.evaluate(() => {
    window.copied = [];
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (text) => { window.copied.push(text); } },
    });
    document.execCommand = (command) => {
      if (command === "copy") window.copied.push(document.activeElement.value);
      return true;
    };
  });
}

/** The text that was copied last, once there is one more than `before`. */
export async function copied(page, before = 0) {
  await page.waitForFunction((before) => window.copied.length > before, {}, before);
  return page.evaluate(() => window.copied.at(-1));
}

/** Drops files, given as `{ name, bytes }`, on the page, or on a part of it. */
export async function drop(page, files, on = "body") {
  await page.evaluate((files, on) => {
    const data = new DataTransfer();
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    const options = { dataTransfer: data, bubbles: true, cancelable: true };
    document.querySelector(on).dispatchEvent(new DragEvent("drop", options));
  }, files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") })), on);
}

/** Pastes a text beside every field. */
export async function pasteBeside(page, text) {
  await page.evaluate((text) => {
    document.activeElement.blur();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const options = { clipboardData, bubbles: true, cancelable: true };
    const event = new ClipboardEvent("paste", options);
    // Firefox does not take the data of a made-up event from its options.
    if (!event.clipboardData?.getData("text/plain")) {
      Object.defineProperty(event, "clipboardData", { value: clipboardData });
    }
    document.body.dispatchEvent(event);
  }, text);
}

/** Certificates for site-1000 and those after it, each a day longer than the one before. */
export function sites(count) {
  const folder = fsSync.mkdtempSync(path.join(os.tmpdir(), "pki-sites-"));
  try {
    const key = path.join(folder, "key.pem");
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    execFileSync("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], options);
    return Array.from({ length: count }, (_, at) => execFileSync("openssl", ["req", "-x509", "-key", key,
      "-subj", `/CN=site-${1000 + at}`, "-addext", "basicConstraints=critical,CA:FALSE", "-days",
      String(40 + at)], options));
  } finally {
    fsSync.rmSync(folder, { recursive: true });
  }
}

/** A certificate that ended yesterday. */
export function expired() {
  const run = (words, input) => execFileSync("openssl", words, {
    input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"],
  });
  const folder = fsSync.mkdtempSync(path.join(os.tmpdir(), "pki-expired-"));
  try {
    const key = path.join(folder, "key.pem");
    fsSync.writeFileSync(key, run(["ecparam", "-name", "prime256v1", "-genkey", "-noout"]));
    const request = run(["req", "-new", "-key", key, "-subj", "/CN=old.example"]);
    return run(["x509", "-req", "-signkey", key, "-days", "-1"], request);
  } finally {
    fsSync.rmSync(folder, { recursive: true });
  }
}
