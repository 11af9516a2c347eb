// What every flow of the CSR desk does: the page, openssl as its cluster, kubectl as its reader.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BROWSERS, named } from "./harness.mjs";

/** For what no browser does otherwise than the first one: rules, and the fields of forms. */
export function once(browser, name, flow) {
  if (browser === BROWSERS[0]) test(name, flow);
}

/** Opens a step of the desk, and waits until it is there. */
export async function open(page, step) {
  await click(page, "CSR desk", "link");
  await click(page, step, "link");
  await page.waitForFunction((step) => {
    const here = [...document.querySelectorAll("main [aria-current]")];
    return here.some((link) => link.textContent === step);
  }, {}, step);
}

export async function click(page, name, role = "button") {
  await named(page, role, name).click();
}

export async function openDetails(page) {
  await page.evaluate(() => document.querySelectorAll("details.advanced").forEach((d) => { d.open = true; }));
}

/** Puts a text into a field as a paste does: at once, with one event. */
export async function fill(page, id, text) {
  await page.waitForSelector(`#${id}`);
  await page.$eval(`#${id}`, (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, text);
}

/** Waits until the answer holds this text, and returns the whole of it. */
export async function answer(page, expected) {
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

export function openssl(words, input) {
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

export async function inFolderAsync(act) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pki-csr-"));
  try {
    return await act(folder, (name) => path.join(folder, name));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Whether the page wants to be asked before it is left. */
export function asksBeforeLeaving(page) {
  return page.evaluate(() => {
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  });
}

/** A CA by openssl, and a port for its server. */
export function makeCa(at, name = "test ca", { days = 30, usage = "keyCertSign,digitalSignature" } = {}) {
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
export function signBy(ca, at, request, purpose, days = 10) {
  fs.writeFileSync(at("asked.pem"), request);
  fs.writeFileSync(at("ext"), `basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n` +
    `extendedKeyUsage=${purpose}\n`);
  return openssl(["x509", "-req", "-in", at("asked.pem"), "-CA", ca.file, "-CAkey", ca.key, "-days",
    `${days}`, "-extfile", at("ext"), "-copy_extensions", "none"]);
}

/** kubectl asks a TLS server that lets only clients of the CA in. */
export async function loginWith(kubeconfig, ca, at) {
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
export function makeRequest(subject, options = []) {
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
export function kustomize(file) {
  return inFolder((folder, at) => {
    fs.copyFileSync(file, at("object.yaml"));
    fs.writeFileSync(at("kustomization.yaml"), "resources:\n- object.yaml\n");
    const text = execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
    const value = (name) => text.match(new RegExp(`^ +${name}: (.*)$`, "m"))?.[1].trim();
    return { spec: { signerName: value("signerName"), request: value("request") } };
  });
}
