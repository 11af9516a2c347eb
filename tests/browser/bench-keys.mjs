// One worker and its cryptography in Chromium, for bench.mjs: spoken to as the page does it, and in
// turn with what the browser itself has. Nobody waits for the window, the archive or another worker.

import { chromium, many, other, rowsBeside } from "./bench-rows.mjs";
import { speakToWorkers, withPage } from "./harness.mjs";
import { opensslKey } from "./natives.mjs";

/** What is short is done so often in a row for one sample: the page's clock shows tenths of a ms. */
const IN_A_ROW = 20;

/** Keys, each with what our library checks of it before anybody gets it. */
export async function keyRows() {
  const rows = [];
  for (const [name, algorithm, more = {}] of [
    ["P-256 key", "ecdsa-p256", { times: IN_A_ROW }],
    ["P-384 key", "ecdsa-p384", { times: IN_A_ROW }],
    ["RSA-2048 key", "rsa-2048", { native: 2048 }],
    ["RSA-2048 key without relaxed SIMD", "rsa-2048", { lanes: false }],
    ["RSA-3072 key", "rsa-3072"],
    ["RSA-4096 key", "rsa-4096"],
  ]) {
    const { times = 1, lanes = true, native } = more;
    rows.push(...(await inTurn(`${name}, one wasm worker, Chromium`, null, {
      start: [lanes],
      ours: ["key", algorithm, times],
      theirs: ["WebCrypto", "theirKey", algorithm, times],
      native: native && ["openssl genrsa, native, a process", () => opensslKey(native)],
    })));
  }
  return rows;
}

/** Certificates for keys that are there: a signature each, and little beside it. */
export async function signatureRows() {
  const rows = [];
  for (const [name, algorithm] of [["P-256", "ecdsa-p256"], ["RSA-2048", "rsa-2048"]]) {
    const title = `${name} signature with the certificate around it, one wasm worker, Chromium`;
    rows.push(...(await inTurn(title, null, {
      start: [true, algorithm],
      ours: ["certificates", algorithm, IN_A_ROW],
      theirs: ["WebCrypto, the signature alone", "theirSignature", algorithm, IN_A_ROW],
    })));
  }
  return rows;
}

/** All that kubeadm's layout has of cryptography. `sa.key` is of the same algorithm here. */
export function cryptoRows() {
  const title = "crypto of the kubeadm layout, P-256, one wasm worker: plan, 16 keys, 15 certificates "
    + "with their signatures and encoding, Chromium";
  return inTurn(title, 20, {
    start: [true, "ecdsa-p256"],
    ours: ["layout", "ecdsa-p256"],
    theirs: ["WebCrypto, 16 keys, 15 signatures, 16 exports and no certificates", "theirLayout"],
  });
}

/** What the search for primes spends its time on: two candidates at once, in relaxed SIMD. */
export async function testRows() {
  const rows = [];
  for (const bits of [1024, 1536, 2048]) {
    const name = `two candidates of ${bits} bits tested for a prime at once, Chromium`;
    rows.push(...(await inTurn(name, null, { start: [true], ours: ["pair", bits, IN_A_ROW] })));
  }
  return rows;
}

/** Ours, theirs and a native program in turn, each a call of what `tools` puts into the page. */
function inTurn(name, budget, { start, ours, theirs, native }) {
  return rowsBeside({ name, budget, mean: true }, () => withPage(chromium, async ({ page }) => {
    const call = (words) =>
      page.evaluate(([name, ...words]) => window.__bench[name](...words), words);
    await call(["start", ...start]);
    const others = theirs ? [other(theirs[0], () => call(theirs.slice(1)))] : [];
    if (native) others.push(other(...native));
    // The first ones run while the browser still compiles the inner loops for speed.
    for (let rehearsal = 0; rehearsal < 2; rehearsal += 1) {
      await call(ours);
      if (theirs) await call(theirs.slice(1));
    }
    const samples = [];
    for (let run = 0; run < many; run += 1) {
      samples.push(await call(ours));
      for (const each of others) await each.take();
    }
    return { samples, others };
  }, { prepare }));
}

async function prepare(page) {
  await speakToWorkers(page);
  await page.evaluateOnNewDocument(tools);
}

/** In the page: `window.__bench`, whose functions give times in milliseconds. */
function tools() {
  const [KEY_AHEAD, MADE] = [1, 2];
  /** The worker, and what came back from it before anything was measured. */
  let worker, roots, leaves, key, lanes;

  window.__bench = {
    start, key: keys, certificates, layout, pair, theirKey, theirSignature, theirLayout,
  };

  /** Starts a worker that may use relaxed SIMD or not; with an algorithm also makes a layout. */
  async function start(lanes, algorithm) {
    const texts = ["pki-glue", "pki-boot"].map((id) => document.getElementById(id).textContent);
    if (!lanes) {
      texts.unshift(`{
        const { prototype } = WebAssembly.Instance;
        WebAssembly.Instance = function () {
          throw new WebAssembly.CompileError("refused by the bench");
        };
        // The glue asks whether something is one.
        WebAssembly.Instance.prototype = prototype;
      }`);
    }
    const script = new Blob([texts.join("\n")], { type: "text/javascript" });
    worker = new Worker(URL.createObjectURL(script));
    worker.postMessage({ module: window.__module });
    if (algorithm) await explore(algorithm);
  }

  /** So many answers of a kind: of each its bytes. */
  function answers(kind, count) {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("no answer within 60 s")), 60_000);
      const all = [];
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data: [head, ...bytes] }) => {
        if (head[1] !== kind) return reject(new Error(`the worker answered ${head}`));
        all.push(singles(bytes));
        if (all.length < count) return;
        clearTimeout(limit);
        resolve(all);
      };
    });
  }

  /** Each byte string of an answer: many come in one piece, behind the length of each. */
  function singles(parts) {
    const all = [];
    while (parts.length > 0) {
      const part = parts.shift();
      if (part instanceof Uint32Array) {
        const [lengths, piece] = [part, parts.shift()];
        let end = 0;
        for (const length of lengths) all.push(piece.subarray(end, (end += length)));
      } else {
        all.push(part);
      }
    }
    return all;
  }

  function seed() {
    return crypto.getRandomValues(new Uint8Array(32));
  }

  /* Postcard: of a run, the requests by their numbers, and a varint for each number in them. */

  function varint(number) {
    const bytes = [];
    for (; number > 0x7f; number = Math.floor(number / 0x80)) bytes.push(number % 0x80 | 0x80);
    return [...bytes, number];
  }

  function tell([request, ...words], ...bytes) {
    const fields = words.map((word) =>
      typeof word === "string"
        ? [...varint(new TextEncoder().encode(word).length), ...new TextEncoder().encode(word)]
        : Array.isArray(word) ? [...varint(word.length), ...word.flatMap(varint)] : varint(word));
    worker.postMessage([Uint8Array.from([0, request, ...fields.flat()]), ...bytes]);
  }

  function make(items, seeds = items.map(seed)) {
    tell([1, RUN, items], ...seeds);
    return answers(MADE, 1).then(([wires]) => wires);
  }

  function plan(algorithm) {
    const design = JSON.stringify({
      apiVersion: "pki-workbench/v1",
      kind: "Design",
      keys: { algorithm, serviceAccount: algorithm },
    });
    // Zigzag: twice a number that is not below zero.
    tell([4, RUN, design, 2 * Math.floor(Date.now() / 1000)]);
  }

  function keepIssuers(wires) {
    for (const wire of wires) tell([5, RUN], wire);
  }

  const RUN = 7;
  /** Sixteen keys, and the token of `bootstrap-kubelet.conf`, which is random text. */
  const ITEMS = 17;
  const KEYS = 16;

  /** Finds out which items need no issuer, and has a key ready. */
  async function explore(algorithm) {
    plan(algorithm);
    const wires = [];
    [roots, leaves] = [[], []];
    for (let item = 0; item < ITEMS; item += 1) {
      try {
        const [wire] = await make([item]);
        // The item's number, and the length of its key or all ones for a token.
        if (new DataView(wire.buffer, wire.byteOffset).getUint32(4) === 0xffffffff) continue;
        roots.push(item);
        wires.push(wire);
      } catch {
        leaves.push(item);
      }
    }
    // Three CAs and `sa.key`.
    if (roots.length !== 4 || leaves.length !== KEYS - 4) {
      throw new Error(`the plan has ${roots} without an issuer, and ${leaves}`);
    }
    keepIssuers(wires);
    tell([0, algorithm], seed());
    [[key]] = await answers(KEY_AHEAD, 1);
  }

  async function timed(work, times = 1) {
    const start = performance.now();
    await work();
    return (performance.now() - start) / times;
  }

  function keys(algorithm, times) {
    return timed(async () => {
      for (let time = 0; time < times; time += 1) tell([0, algorithm], seed());
      const made = await answers(KEY_AHEAD, times);
      if (!made.every(([key]) => key.length > 100)) throw new Error("that is no key");
    }, times);
  }

  function certificates(_algorithm, times) {
    const seeds = Array.from({ length: times }, () => Uint8Array.of(...seed(), ...key));
    return timed(async () => {
      const made = await make(Array(times).fill(leaves[0]), seeds);
      if (made.length !== times) throw new Error("certificates are missing");
    }, times);
  }

  function layout(algorithm) {
    return timed(async () => {
      plan(algorithm);
      keepIssuers(await make(roots));
      const made = await make(leaves);
      if (made.length !== leaves.length) throw new Error("certificates are missing");
    });
  }

  /** The module of vectors by itself, which the worker has as well. */
  function pair(bits, times) {
    const [bytes] = WebAssembly.Module.customSections(window.__module, "pki-lanes");
    lanes ??= new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    const words = new Uint32Array(lanes.memory.buffer, lanes.buffer(), bits / 16);
    return timed(() => {
      for (let time = 0; time < times; time += 1) {
        crypto.getRandomValues(words);
        // Two numbers, word by word in turn: odd, and of full length.
        for (const lane of [0, 1]) {
          words[lane] |= 1;
          words[words.length - 2 + lane] |= 0xc0000000;
        }
        if (lanes.fermat(bits / 32) > 3) throw new Error("the lanes do not take the numbers");
      }
    }, times);
  }

  /* The browser's own. */

  function kind(algorithm) {
    const [family, size] = algorithm.split("-");
    if (family === "ecdsa") return { name: "ECDSA", namedCurve: size.replace("p", "P-") };
    return {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: Number(size),
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    };
  }

  function newKey(algorithm) {
    return crypto.subtle.generateKey(kind(algorithm), true, ["sign", "verify"]);
  }

  function sign({ privateKey }) {
    const how = { name: privateKey.algorithm.name, hash: "SHA-256" };
    // As long as a certificate of the layout without its signature.
    return crypto.subtle.sign(how, privateKey, new Uint8Array(500));
  }

  function theirKey(algorithm, times) {
    return timed(async () => {
      for (let time = 0; time < times; time += 1) await newKey(algorithm);
    }, times);
  }

  let theirs;
  async function theirSignature(algorithm, times) {
    theirs ??= await newKey(algorithm);
    return timed(async () => {
      for (let time = 0; time < times; time += 1) await sign(theirs);
    }, times);
  }

  /** All at once: the browser does such work in threads of its own. */
  function theirLayout() {
    return timed(async () => {
      const keys = await Promise.all(Array.from({ length: KEYS }, () => newKey("ecdsa-p256")));
      await Promise.all([
        ...keys.slice(1).map(sign),
        ...keys.map(({ privateKey }) => crypto.subtle.exportKey("pkcs8", privateKey)),
      ]);
    });
  }
}
