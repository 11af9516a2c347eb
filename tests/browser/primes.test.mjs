// The search for primes in the browser's own wasm engine, judged by openssl: keys from the vector
// lanes and from the scalar filter that takes their place where a browser has none; and the lanes
// (core/lanes) by themselves on many random numbers, on the primes of those keys, and on numbers
// that pass tests for primes and are none.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { BROWSERS, speakToWorkers, withPage } from "./harness.mjs";

const run = promisify(execFile);

/**
 * How many keys of each length, with the lanes and without: few in Firefox, which takes longer over
 * them, because natively there are many more.
 */
const KEYS = {
  chromium: [
    { lanes: true, counts: [["rsa-2048", 24], ["rsa-3072", 1], ["rsa-4096", 1]] },
    { lanes: false, counts: [["rsa-2048", 6]] },
  ],
  firefox: [
    { lanes: true, counts: [["rsa-2048", 8], ["rsa-3072", 1]] },
    { lanes: false, counts: [["rsa-2048", 3]] },
  ],
};
/** How many pairs of random odd numbers of so many bits the lanes are asked about. */
const RANDOM_PAIRS = [[1024, 300], [1536, 30], [2048, 15]];

for (const browser of BROWSERS) {
  test(`openssl finds the keys of wasm good, and the lanes refuse no prime (${browser})`,
    async () => {
      await withPage({ browser, transport: "file" }, async ({ page }) => {
        const primes = [];
        for (const { lanes, counts } of KEYS[browser]) {
          const asked = counts.flatMap(([algorithm, count]) => Array(count).fill(algorithm));
          const made = await page.evaluate(keysInPage, asked, lanes);
          assert.equal(made.keys.length, asked.length);
          // The one path, or the other.
          assert.equal(made.fermat > 0, lanes, `the lanes were asked ${made.fermat} times`);
          primes.push(...(await checkedKeys(made.keys)));
        }
        await primesPass(page, primes);
        await randomNumbersAgree(page);
        await pseudoprimesPass(page);
      }, { prepare: speakToWorkers });
    });
}

/** Holds each key against `openssl rsa -check`; gives the primes of all. */
async function checkedKeys(keys) {
  const objects = keys.map((bytes) =>
    createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs8" }));
  // Two processes at a time.
  await Promise.all([0, 1].map(async (first) => {
    for (let index = first; index < objects.length; index += 2) {
      const checking = run("openssl", ["rsa", "-check", "-noout"]);
      checking.child.stdin.end(objects[index].export({ type: "pkcs1", format: "pem" }));
      assert.match((await checking).stdout, /RSA key ok/);
    }
  }));
  return objects.flatMap((key) => {
    const { p, q } = key.export({ format: "jwk" });
    return [p, q].map((prime) => BigInt(`0x${Buffer.from(prime, "base64url").toString("hex")}`));
  });
}

/** Which of the numbers openssl calls primes. */
async function primesOf(numbers) {
  const answers = [];
  for (let start = 0; start < numbers.length; start += 200) {
    const words = numbers.slice(start, start + 200).map((number) => number.toString(16));
    const { stdout } = await run("openssl", ["prime", "-hex", ...words]);
    answers.push(...stdout.trim().split("\n").map((line) => line.endsWith(" is prime")));
  }
  assert.equal(answers.length, numbers.length);
  return answers;
}

/** Every prime of the keys, in either lane beside a number that is none. */
async function primesPass(page, primes) {
  assert.ok((await primesOf(primes)).every(Boolean));
  const pairs = primes.flatMap((prime) => [[prime, prime + 2n * 105n], [prime - 2n, prime]]);
  const others = await primesOf(pairs.map((pair, index) => pair[1 - (index % 2)]));
  const said = await askLanes(page, pairs);
  said.forEach((passed, index) => {
    assert.equal(passed[index % 2], true, `refused the prime ${primes[index >> 1]}`);
    assert.equal(passed[1 - (index % 2)], others[index]);
  });
}

/** Random odd numbers: what passes is what openssl calls a prime, no more and no less. */
async function randomNumbersAgree(page) {
  for (const [bits, count] of RANDOM_PAIRS) {
    const pairs = Array.from({ length: count }, () => [random(bits), random(bits)]);
    const said = (await askLanes(page, pairs)).flat();
    const primes = await primesOf(pairs.flat());
    pairs.flat().forEach((number, index) => assert.equal(said[index], primes[index], `${number}`));
  }
}

function random(bits) {
  const number = BigInt(`0x${randomBytes(bits / 8).toString("hex")}`);
  return number | 1n | 3n << BigInt(bits - 2);
}

/** Composites that Fermat passes must pass, or primes like them would be refused. */
async function pseudoprimesPass(page) {
  const list = new URL("../fixtures/pseudoprimes.txt", import.meta.url);
  const lines = readFileSync(list, "utf8").split("\n").filter((line) => /^\d/.test(line));
  const numbers = lines
    .map((line) => line.split(" * ").map(BigInt).reduce((product, factor) => product * factor))
    .filter((number) => [1024, 1536, 2048].includes(number.toString(2).length));
  assert.ok(numbers.length > 8, `${numbers.length} numbers`);
  assert.ok(!(await primesOf(numbers)).some(Boolean), "a composite is a prime to openssl");
  const said = await askLanes(page, numbers.map((number) => [number, number]));
  assert.ok(said.flat().every(Boolean), "a pseudoprime was refused");
}

/** What the lanes say of pairs of numbers, each pair of one length. */
function askLanes(page, pairs) {
  return page.evaluate(lanesInPage, pairs.map((pair) => pair.map((n) => n.toString(16))));
}

/** Runs in the page. */
function lanesInPage(pairs) {
  const [bytes] = WebAssembly.Module.customSections(window.__module, "pki-lanes");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return pairs.map((pair) => {
    const words = pair[0].length / 8;
    const view = new Uint32Array(exports.memory.buffer, exports.buffer(), 2 * words);
    pair.forEach((number, lane) => {
      if (number.length !== 8 * words) throw new Error("numbers of two lengths");
      for (let index = 0; index < words; index += 1) {
        const end = number.length - 8 * index;
        view[2 * index + lane] = parseInt(number.slice(end - 8, end), 16);
      }
    });
    const said = exports.fermat(words);
    if (said > 3) throw new Error("the lanes do not take the numbers");
    return [(said & 1) === 1, (said & 2) === 2];
  });
}

/** Runs in the page: keys from a worker that may compile the lanes or may not, as PKCS#8. */
async function keysInPage(algorithms, lanes) {
  const texts = ["pki-glue", "pki-boot"].map((id) => document.getElementById(id).textContent);
  texts.unshift(`
    let fermat = 0;
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = function (module, imports) {
      if (!${lanes}) throw new WebAssembly.CompileError("refused by the test");
      const { exports } = new Instance(module, imports);
      return { exports: { ...exports,
        fermat: (words) => { fermat += 1; return exports.fermat(words); } } };
    };
    // The glue asks whether something is one.
    WebAssembly.Instance.prototype = Instance.prototype;
    addEventListener("message", ({ data }) => { if (data === "count") postMessage({ fermat }); });
  `);
  const url = URL.createObjectURL(new Blob([texts.join("\n")], { type: "text/javascript" }));
  const worker = new Worker(url);
  try {
    return await new Promise((resolve, reject) => {
      const keys = [];
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (!Array.isArray(data)) return resolve({ keys, fermat: data.fermat });
        // The item's number, the length of the key, the key: 32 bits each of the former.
        const bytes = data[1];
        const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
        keys.push(Array.from(bytes.subarray(8, 8 + length)));
        if (keys.length === algorithms.length) worker.postMessage("count");
      };
      worker.postMessage({ module: window.__module });
      for (const algorithm of algorithms) {
        worker.postMessage([keyAhead(algorithm), crypto.getRandomValues(new Uint8Array(32))]);
      }
    });
  } finally {
    worker.terminate();
  }
}
