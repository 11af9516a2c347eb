// Primes and RSA keys before openssl, in Node's own build of it and at the terminal.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { checkPrimeSync, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether OpenSSL calls it a prime: small divisors, then Miller and Rabin with random bases. */
export function isPrime(number) {
  return checkPrimeSync(number);
}

/**
 * Holds an RSA key of so many bits, as PKCS#8, against arithmetic and OpenSSL; gives its primes.
 */
export function checkKey(bytes, bits) {
  const key = privateKey(bytes);
  const part = Object.fromEntries(Object.entries(key.export({ format: "jwk" })).map(
    ([name, value]) => [name, BigInt(`0x0${Buffer.from(value, "base64url").toString("hex")}`)]));
  const { n, e, d, p, q, dp, dq, qi } = part;
  for (const prime of [p, q]) {
    assert.ok(isPrime(prime), `${prime} is a factor of a key`);
    assert.equal(prime >> BigInt(bits / 2 - 2), 3n, "the two highest bits");
    assert.equal(e * d % (prime - 1n), 1n);
  }
  assert.equal(e, 65537n);
  assert.equal(n, p * q);
  assert.equal(n.toString(2).length, bits);
  assert.deepEqual([dp, dq, qi * q % p], [d % (p - 1n), d % (q - 1n), 1n]);
  const message = Buffer.from("kube-apiserver");
  assert.ok(verify("sha256", message, createPublicKey(key), sign("sha256", message, key)));
  return [p, q];
}

/** `openssl rsa -check` of keys, two processes at a time. */
export async function checkAtTheTerminal(keys) {
  await Promise.all([0, 1].map(async (first) => {
    for (let index = first; index < keys.length; index += 2) {
      const checking = run("openssl", ["rsa", "-check", "-noout"]);
      const pem = privateKey(keys[index]).export({ type: "pkcs1", format: "pem" });
      checking.child.stdin.end(pem);
      assert.match((await checking).stdout, /RSA key ok/, pem);
    }
  }));
}

function privateKey(bytes) {
  return createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs8" });
}
