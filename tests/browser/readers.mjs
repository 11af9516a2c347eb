// Certificates as JavaScript libraries read them, inside the page that ours is measured in.
//
// They take the same text of PEM and read what a list of certificates shows: names, serial number,
// times, key and extensions. They show nothing, find no chains and check no signature; ours does all
// of it, and shows the answer. asn1js does not even read those: it builds the bare trees.

import { loadLibrary } from "./libraries.mjs";

/** A name, the library that the page needs, what it runs, and the keys of certificates it knows. */
export const READERS = [
  { name: "@peculiar/x509, reading alone", library: "@peculiar/x509", key: "ec", read: peculiar },
  { name: "pkijs, reading alone", library: "pkijs", key: "ec", read: pkijsReads },
  { name: "asn1js, bare trees", library: "asn1js", key: "ec", read: trees },
  // It knows no elliptic curves.
  { name: "node-forge, reading alone", library: "node-forge", key: "rsa", read: forgeReads },
];

/** Has the page keep a text, and the first thousand certificates of it to rehearse with. */
export function keepText(page, text) {
  const end = "-----END CERTIFICATE-----\n";
  const some = text.split(end, 1_000).filter(Boolean).map((one) => one + end).join("");
  return page.evaluate((text, some) => {
    window.__text = text;
    window.__some = some;
  }, text, some);
}

/**
 * How long a reader takes for the certificates of the text that the page keeps, in milliseconds.
 * Before the first in a document there is another reading, which is not measured.
 */
export async function measureReader(page, reader, count) {
  const rehearse = () => page.evaluate(`(${reader.read})(window.__some)`);
  await loadLibrary(page, reader.library, rehearse);
  const { time, read } = await page.evaluate(`(${reader.read})(window.__text)`);
  if (read !== count) throw new Error(`${reader.name}: ${read} of ${count}`);
  return time;
}

function peculiar(text) {
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

function pkijsReads(text) {
  const start = performance.now();
  let read = 0;
  // It reads no PEM; this is the browser's own way.
  for (const [, base64] of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-/g)) {
    const one = pki.pkijs.Certificate.fromBER(Uint8Array.fromBase64(base64));
    const name = ({ typesAndValues }) => typesAndValues.map(({ value }) => value.valueBlock.value);
    const shown = [name(one.subject), name(one.issuer), one.serialNumber, one.notBefore.value,
      one.notAfter.value, one.subjectPublicKeyInfo.parsedKey,
      one.extensions.map((extension) => extension.parsedValue)];
    if (shown.flat().every((part) => part !== undefined)) read += 1;
  }
  return { time: performance.now() - start, read };
}

function trees(text) {
  const start = performance.now();
  let read = 0;
  for (const [, base64] of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-/g)) {
    if (pki.asn1js.fromBER(Uint8Array.fromBase64(base64)).offset !== -1) read += 1;
  }
  return { time: performance.now() - start, read };
}

function forgeReads(text) {
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
