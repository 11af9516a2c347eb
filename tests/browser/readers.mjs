// Certificates as two JavaScript libraries read them, inside the page that ours is measured in.
//
// They take the same text of PEM and read what a list of certificates shows: names, serial number,
// times, key and extensions. They show nothing, find no chains and check no signature; ours does all
// of it, and shows the answer.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** A name, the scripts that the page needs, what it runs, and the keys of certificates it knows. */
export const READERS = [
  {
    name: "@peculiar/x509",
    scripts: ["reflect-metadata", "@peculiar/x509/build/x509.js"],
    key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    read: peculiar,
  },
  // node-forge knows no elliptic curves.
  {
    name: "node-forge",
    scripts: ["node-forge/dist/forge.min.js"],
    key: ["rsa:2048"],
    read: forgeReads,
  },
];

/** How long a reader takes for a certificate so many times, in milliseconds. */
export async function measureReader(page, reader, pem, count) {
  // Through the debugger, which the page's own policy for scripts does not bind.
  for (const script of reader.scripts) {
    await page.evaluate(readFileSync(require.resolve(script), "utf8"));
  }
  const { time, read } = await page.evaluate(reader.read, pem, count);
  if (read !== count) throw new Error(`${reader.name} read ${read} of ${count}`);
  return time;
}

function peculiar(pem, count) {
  const text = pem.repeat(count);
  const start = performance.now();
  let read = 0;
  for (const der of x509.PemConverter.decode(text)) {
    const one = new x509.X509Certificate(der);
    const shown = [one.subject, one.issuer, one.serialNumber, one.notBefore, one.notAfter,
      one.publicKey.algorithm, one.extensions];
    if (shown.every((part) => part !== undefined)) read += 1;
  }
  return { time: performance.now() - start, read };
}

function forgeReads(pem, count) {
  const text = pem.repeat(count);
  const start = performance.now();
  let read = 0;
  for (const block of forge.pem.decode(text)) {
    const one = forge.pki.certificateFromAsn1(forge.asn1.fromDer(block.body));
    const shown = [one.subject, one.issuer, one.serialNumber, one.validity.notAfter,
      one.publicKey, one.extensions];
    if (shown.every((part) => part !== undefined)) read += 1;
  }
  return { time: performance.now() - start, read };
}
