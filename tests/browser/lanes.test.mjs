// The small module of vector arithmetic that the wasm carries (core/lanes), in the browser itself:
// it gives right answers there, and a key is the same with it and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSERS, speakToWorkers, withPage } from "./harness.mjs";
import { checkKey } from "./judge.mjs";
import { keysFrom, TRIALS } from "./lanes.mjs";

/** Of every key here, so that it must be the same: one whose search asks about sixty pairs. */
const SEED = 10;

for (const browser of BROWSERS) {
  test(`the lanes compute rightly, and a key is the same with and without (${browser})`, async () => {
    await withPage({ browser, transport: "file" }, async ({ page }) => {
      const { wrong, passed } = await page.evaluate(compared);
      assert.deepEqual(wrong, []);
      assert.ok(passed >= 6, "the primes in either lane, and whatever else was one");
      const key = (lanes) => keysFrom(page, ["rsa-2048"], lanes, SEED);
      const [fast, scalar] = [await key({}), await key(null)];
      // A browser that has neither the instructions nor the rounding may refuse: not these two, on
      // any processor of the last ten years. The trial asks too, then the search, and at the end one
      // signature is made.
      assert.ok(fast.asked.fermat > TRIALS + 40, `${fast.asked.fermat} pairs`);
      assert.equal(fast.asked.power, TRIALS + 1);
      assert.deepEqual(scalar.asked, { fermat: 0, power: 0 });
      assert.ok(scalar.keys[0].length > 1000);
      assert.deepEqual(fast.keys, scalar.keys);
    }, { prepare: speakToWorkers });
  });

  test(`lanes that compute wrongly are not used, or do no harm (${browser})`, async () => {
    await withPage({ browser, transport: "file" }, async ({ page }) => {
      const key = (lanes) => keysFrom(page, ["rsa-2048"], lanes, SEED);
      const right = (await key(null)).keys;
      // At the trial: the first wrong answer is the last that anybody asks for.
      const wrong = async (name, from) => {
        const { keys, asked } = await key({ wrong: name, from });
        assert.deepEqual(keys, right, `${name}, wrong from question ${from} on`);
        return asked;
      };
      assert.deepEqual(await wrong("fermat", 1), { fermat: 1, power: 0 });
      assert.deepEqual(await wrong("fermat", 2), { fermat: 2, power: 0 });
      assert.deepEqual(await wrong("power", 1), { fermat: TRIALS, power: 1 });
      assert.deepEqual(await wrong("power", 2), { fermat: TRIALS, power: 2 });
      // After it: a wrong signature is not taken, and the library makes the right one.
      const asked = await wrong("power", TRIALS + 1);
      assert.ok(asked.fermat > TRIALS + 40);
      assert.equal(asked.power, TRIALS + 1);
      // And a filter that takes composites for primes, and primes for none, makes no bad key.
      const { keys, asked: fooled } = await key({ wrong: "fermat", from: TRIALS + 1 });
      assert.ok(fooled.fermat > TRIALS);
      checkKey(keys[0], 2048);
    }, { prepare: speakToWorkers });
  });
}

/** The largest primes below three powers of two, and random odd numbers, against BigInt. */
function compared() {
  const [bytes] = WebAssembly.Module.customSections(window.__module, "pki-lanes");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
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
}
