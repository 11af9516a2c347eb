// The small module of vector arithmetic that the wasm carries (core/lanes), in the browser itself:
// it gives right answers there, and a key is the same with it and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSERS, speakToWorkers, withPage } from "./harness.mjs";

for (const browser of BROWSERS) {
  test(`primes are looked for in vectors, and found without them (${browser})`, async () => {
    await withPage({ browser, transport: "file" }, async ({ page }) => {
      const { wrong, passed, lanes, scalar } = await page.evaluate(inPage);
      assert.deepEqual(wrong, []);
      assert.ok(passed >= 6, "the primes in either lane, and whatever else was one");
      // One that has neither the instructions nor the rounding may refuse: not these two browsers,
      // on any processor of the last ten years.
      const { fermat, power } = lanes.asked;
      assert.ok(fermat > 0, "the search asked");
      assert.ok(power > 0, "so did the signature with the new key");
      assert.deepEqual(scalar.asked, { fermat: 0, power: 0 });
      assert.ok(lanes.key.length > 1000);
      assert.equal(lanes.key, scalar.key);
    }, { prepare: speakToWorkers });
  });
}

async function inPage() {
  const [bytes] = WebAssembly.Module.customSections(window.__module, "pki-lanes");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return { ...compared(), lanes: await key(true), scalar: await key(false) };

  /** The largest primes below three powers of two, and random odd numbers, against BigInt. */
  function compared() {
    const wrong = [];
    let passed = 0;
    for (const [bits, below, pairs] of [
      [1024, 105n, 20], [1536, 3453n, 6], [2048, 1557n, 3]]) {
      const prime = (1n << BigInt(bits)) - below;
      for (let pair = 0; pair < pairs; pair += 1) {
        const numbers = [random(bits), random(bits)];
        if (pair < 2) numbers[pair] = prime;
        const expected = numbers.map((number) => Number(power(number) === 1n));
        const said = asked(numbers, bits);
        if (said !== expected[0] + 2 * expected[1]) wrong.push([bits, pair, said]);
        passed += expected[0] + expected[1];
      }
      if (!powersAgree(bits)) wrong.push([bits, "powers"]);
    }
    return { wrong, passed };
  }

  function random(bits) {
    const words = crypto.getRandomValues(new Uint32Array(bits / 32));
    const number = words.reduce((sum, word) => sum << 32n | BigInt(word), 0n);
    return number | 1n | 1n << BigInt(bits - 1);
  }

  /** 2^(n-1) mod n. */
  function power(n) {
    return [...(n - 1n).toString(2)].reduce(
      (power, bit) => power * power * (bit === "1" ? 2n : 1n) % n, 1n);
  }

  function asked(numbers, bits) {
    put(numbers, 0, bits);
    return exports.fermat(bits / 32);
  }

  /** One place of the module's buffer, of which a result takes two words more. */
  function view(place, bits, more = 0) {
    const start = exports.buffer() + place * bits / 4;
    return new Uint32Array(exports.memory.buffer, start, bits / 16 + more);
  }

  function put(numbers, place, bits) {
    const words = view(place, bits);
    for (let index = 0; index < words.length; index += 1) {
      words[index] = Number(numbers[index % 2] >> BigInt(32 * (index >> 1)) & 0xffffffffn);
    }
  }

  /** Powers of random numbers modulo others, against BigInt. */
  function powersAgree(bits) {
    const [bases, exponents, moduli] = [0, 1, 2].map(() => [random(bits), random(bits)]);
    const square = 1n << BigInt(102 * Math.ceil(bits / 51));
    const squares = moduli.map((modulus) => square % modulus);
    [bases, exponents, moduli, squares].forEach((pair, place) => put(pair, place, bits));
    if (exports.power(bits / 32) !== 1) return false;
    const words = view(0, bits, 2);
    return moduli.every((modulus, lane) => {
      const found = words.reduceRight(
        (sum, word, index) => (index % 2 === lane ? sum << 32n | BigInt(word) : sum), 0n);
      const expected = [...exponents[lane].toString(2)].reduce((power, bit) =>
        power * power % modulus * (bit === "1" ? bases[lane] : 1n) % modulus, 1n);
      return found === expected || found === expected + modulus;
    });
  }

  /** A key from a fixed seed, made by a worker that may compile the module or may not. */
  async function key(allowed) {
    const texts = ["pki-glue", "pki-boot"].map((id) => document.getElementById(id).textContent);
    texts.unshift(`
      const asked = { fermat: 0, power: 0 };
      const Instance = WebAssembly.Instance;
      WebAssembly.Instance = function (module, imports) {
        if (!${allowed}) throw new WebAssembly.CompileError("refused by the test");
        const { exports } = new Instance(module, imports);
        const counted = { ...exports };
        for (const name of Object.keys(asked)) {
          counted[name] = (words) => { asked[name] += 1; return exports[name](words); };
        }
        return { exports: counted };
      };
      // The glue asks whether something is one.
      WebAssembly.Instance.prototype = Instance.prototype;
      addEventListener("message", () => setTimeout(() => postMessage({ asked })));
    `);
    const url = URL.createObjectURL(new Blob([texts.join("\n")], { type: "text/javascript" }));
    const worker = new Worker(url);
    try {
      return await new Promise((resolve, reject) => {
        let key;
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (Array.isArray(data)) key = Array.from(data[1]).join();
          else if (key) resolve({ key, asked: data.asked });
        };
        worker.postMessage({ module: window.__module });
        worker.postMessage([keyAhead("rsa-2048"), new Uint8Array(32).fill(7)]);
      });
    } finally {
      worker.terminate();
    }
  }
}
