// The search for primes in the browser's own wasm engine, judged by openssl: keys from the vector
// lanes and from the scalar filter that takes their place where a browser has none; and the lanes
// (core/lanes) by themselves on many random numbers, on the primes of those keys, and on numbers
// that pass tests for primes and are none. All of it is random, so that each run is new evidence;
// what fails is in the message.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BROWSERS, speakToWorkers, withPage } from "./harness.mjs";
import { checkAtTheTerminal, checkKey, isPrime } from "./judge.mjs";
import { askLanes, keysFrom, TRIALS } from "./lanes.mjs";

/** How many keys of so many bits, with the lanes and without: fewer in Firefox, which is slower. */
const KEYS = {
  chromium: { lanes: [[2048, 24], [3072, 1], [4096, 1]], scalar: [[2048, 4], [3072, 1], [4096, 1]] },
  firefox: { lanes: [[2048, 8], [3072, 1], [4096, 1]], scalar: [[2048, 2], [3072, 1], [4096, 1]] },
};
/** Of how many keys of each path a process of openssl is asked too: the last ones, the longest. */
const AT_THE_TERMINAL = 8;
/** How many pairs of random odd numbers of so many bits the lanes are asked about. */
const RANDOM_PAIRS = [[1024, 3000], [1536, 50], [2048, 25]];

for (const browser of BROWSERS) {
  test(`openssl finds the keys of wasm good, and the lanes refuse no prime (${browser})`,
    async () => {
      await withPage({ browser, transport: "file" }, async ({ page }) => {
        const { lanes, scalar } = KEYS[browser];
        // Two workers, at the same time.
        const [fast, slow] = await Promise.all([
          madeKeys(page, lanes, {}), madeKeys(page, scalar, null)]);
        // The one path: the trial of each length, many pairs and one signature a key.
        const trials = TRIALS * lanes.length;
        const { fermat, power } = fast.asked;
        assert.ok(fermat > trials + 10 * fast.count, `${fermat} pairs for ${fast.count} keys`);
        assert.equal(power, trials + fast.count);
        // And the other.
        assert.deepEqual(slow.asked, { fermat: 0, power: 0 });
        const primes = [...fast.primes, ...slow.primes];
        assert.equal(new Set(primes).size, 2 * (fast.count + slow.count), "a prime came twice");
        await primesPass(page, primes);
        await randomNumbersAgree(page);
        await pseudoprimesPass(page);
      }, { prepare: speakToWorkers });
    });
}

/** Makes keys and has each judged: how many, their primes, and how often the lanes were asked. */
async function madeKeys(page, counts, lanes) {
  const lengths = counts.flatMap(([bits, count]) => Array(count).fill(bits));
  const { keys, asked } = await keysFrom(page, lengths.map((bits) => `rsa-${bits}`), lanes);
  assert.equal(keys.length, lengths.length);
  const primes = keys.flatMap((key, index) => checkKey(key, lengths[index]));
  await checkAtTheTerminal(keys.slice(-AT_THE_TERMINAL));
  return { count: keys.length, primes, asked };
}

/** Every prime of the keys, in either lane beside a number that is hardly ever one. */
async function primesPass(page, primes) {
  const pairs = primes.flatMap((prime) => [[prime, prime + 2n * 105n], [prime - 2n, prime]]);
  const said = await askLanes(page, pairs);
  said.forEach((passed, index) => {
    const [lane, other] = [index % 2, 1 - (index % 2)];
    assert.equal(passed[lane], true, `refused the prime ${pairs[index][lane]}`);
    assert.equal(passed[other], isPrime(pairs[index][other]), `${pairs[index][other]}`);
  });
}

/** Random odd numbers: what passes is what openssl calls a prime, no more and no less. */
async function randomNumbersAgree(page) {
  let [asked, passed] = [0, 0];
  for (const [bits, count] of RANDOM_PAIRS) {
    const pairs = Array.from({ length: count }, () => [random(bits), random(bits)]);
    const said = (await askLanes(page, pairs)).flat();
    pairs.flat().forEach((number, index) => {
      assert.equal(said[index], isPrime(number), `${number}`);
      asked += 1;
      passed += said[index];
    });
  }
  assert.ok(asked >= 6_000, `${asked} numbers`);
  // 1 in 355 of 1024 bits: 17 are to be expected, and fewer than 2 in one run of a million.
  assert.ok(passed >= 2, `${passed} primes`);
}

function random(bits) {
  const number = BigInt(`0x${randomBytes(bits / 8).toString("hex")}`);
  return number | 1n | 3n << BigInt(bits - 2);
}

/** Composites that Fermat passes must pass, or primes like them would be refused. */
async function pseudoprimesPass(page) {
  const list = new URL("../fixtures/pseudoprimes.txt", import.meta.url);
  const lines = readFileSync(list, "utf8").split("\n").filter((line) => /^\d/.test(line));
  const all = lines.map((line) => line.split(" * ").map(BigInt).reduce((a, b) => a * b));
  for (const bits of [1024, 1536, 2048]) {
    const numbers = all.filter((number) => number.toString(2).length === bits);
    assert.ok(numbers.length >= 6, `${numbers.length} numbers of ${bits} bits`);
    assert.ok(!numbers.some(isPrime), "a composite is a prime to openssl");
    const said = await askLanes(page, numbers.map((number) => [number, number]));
    assert.ok(said.flat().every(Boolean), `a pseudoprime of ${bits} bits was refused`);
  }
}
