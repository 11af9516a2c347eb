// What `cargo xtask bench` measures in Chromium: prints JSON on standard output, the rows and what
// they were measured with.
//
//   node bench.mjs RUNS [WORD]
//
// WORD: only rows in whose name it occurs. Every time is taken inside the page, from the event that
// a person causes to the change that a person sees, so that the driver's own delays are no part of
// it. A row that cannot be measured says why, and the others go on.

import { execFileSync } from "node:child_process";
import os from "node:os";
import {
  longestTask, openToDecoded, openToReady, pasteToDecoded, readerRows,
} from "./bench-decode.mjs";
import { requestToObject, reviewOfMany, workshop } from "./bench-desk.mjs";
import { cryptoRows, keyRows, signatureRows, testRows } from "./bench-keys.mjs";
import { layoutRows } from "./bench-layout.mjs";
import { nodeRows, planRows } from "./bench-nodes.mjs";
import { few, row, runs } from "./bench-rows.mjs";
import { programFor } from "./harness.mjs";

const layout = "click to verified tarball, Chromium";
const stood = `after the form stood for three seconds, ${layout}`;

const rows = [
  ...(await row("open from file:// to ready, Chromium", null, openToReady)),
  ...(await row("open from file:// to first decoded certificate, Chromium", 250, openToDecoded)),
  ...(await layoutRows({ name: `kubeadm layout, P-256, at once, ${layout}`, budget: 60,
    algorithm: "ecdsa-p256" })),
  ...(await layoutRows({ name: `kubeadm layout, P-256, ${stood}`, budget: 60,
    algorithm: "ecdsa-p256", stands: 3_000 })),
  ...(await layoutRows({ name: `kubeadm layout, RSA-2048, at once, ${layout}`, budget: null,
    algorithm: "rsa-2048" })),
  ...(await layoutRows({ name: `kubeadm layout, RSA-2048, ${stood}`, budget: null,
    algorithm: "rsa-2048", stands: 3_000 })),
  ...(await planRows()),
  ...(await nodeRows(1_000)),
  ...(await nodeRows(5_000)),
  ...(await row("request to object, P-256, Chromium", null, () => requestToObject(runs))),
  ...(await row("workshop of 200 people, P-256, Chromium", null, () => workshop(few))),
  ...(await row("review of 1,000 signing requests, Chromium", null, () => reviewOfMany(few))),
  ...(await row("paste to decoded, one certificate into the box, Chromium", 16, pasteToDecoded)),
  ...(await readerRows()),
  ...(await longestTask()),
  ...(await cryptoRows()),
  ...(await keyRows()),
  ...(await signatureRows()),
  ...(await testRows()),
];

const machine = {
  date: new Date().toISOString().slice(0, 10),
  processor: os.cpus()[0]?.model ?? "unknown",
  cores: os.availableParallelism(),
  system: `${os.type()} ${os.release()}`,
  browser: version(() => programFor("chromium"), "--version"),
  openssl: version(() => "openssl", "version"),
};
console.log(JSON.stringify({ machine, rows }));

/** What a program calls itself. */
function version(program, word) {
  try {
    return execFileSync(program(), [word], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .replace(/ \(.*/s, "")
      .trim();
  } catch {
    return "not found";
  }
}
