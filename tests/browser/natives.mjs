// Programs of this machine beside our wasm, for bench.mjs: a process of theirs after each run of ours.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const LAYOUT = fileURLToPath(
  new URL("../../app/xtask/src/bench/openssl-layout.sh", import.meta.url));

const KEYS = {
  "ecdsa-p256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "rsa-2048": ["rsa:2048"],
};

/** How long openssl takes for kubeadm's layout, a process for each key with its certificate. */
export function opensslLayout(algorithm) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "pki-bench-openssl-"));
  try {
    return timed("sh", [LAYOUT, ...KEYS[algorithm]], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long openssl takes for an RSA key, with the start of its process. */
export function opensslKey(bits) {
  return timed("openssl", ["genrsa", "-out", "/dev/null", String(bits)]);
}

function timed(program, words, cwd = os.tmpdir()) {
  const start = performance.now();
  execFileSync(program, words, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  return performance.now() - start;
}
