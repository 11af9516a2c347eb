// The kubeadm layout as JavaScript libraries make it, inside the page that ours is measured in.
//
// They make what takes the time and no more: sixteen keys and fifteen certificates, as PEM. Our own
// figure also holds five kubeconfigs, the archive, and reading it all back.

import { X509Certificate } from "node:crypto";
import { loadLibrary } from "./libraries.mjs";

/** By the algorithm of the layout: a name, the library that the page needs, and what it runs. */
export function peers(algorithm) {
  const [x509, pkijs, forge] = [
    { name: "@peculiar/x509, WebCrypto", library: "@peculiar/x509", layout: peculiarLayout },
    { name: "pkijs, WebCrypto", library: "pkijs", layout: pkijsLayout },
    // It knows no elliptic curves.
    { name: "node-forge, keys by WebCrypto", library: "node-forge", layout: forgeLayout },
  ];
  return algorithm === "rsa-2048" ? [x509, pkijs, forge] : [x509, pkijs];
}

/**
 * One layout, in milliseconds from the first key to the last PEM text; with two certificates more for
 * each of so many nodes. Before the first in a document there is another, which is not measured.
 */
export async function measurePeer(page, peer, algorithm, nodes = 0) {
  const leaves = LEAVES + 2 * nodes;
  const make = (leaves) => page.evaluate(peer.layout, algorithm, AUTHORITIES, leaves);
  await loadLibrary(page, peer.library, () => make(LEAVES));
  const { time, texts } = await make(leaves);
  check(peer.name, texts, AUTHORITIES + leaves);
  return time;
}

/** Throws unless the certificates are there, their signatures are right, and so many keys are there. */
function check(name, texts, expected) {
  const those = (label) => texts.filter((text) => text.includes(`BEGIN ${label}`));
  const certificates = those("CERTIFICATE");
  const keys = those("PRIVATE KEY").length + those("RSA PRIVATE KEY").length;
  if (certificates.length !== expected || keys !== expected + 1) {
    throw new Error(`${name} made ${certificates.length} certificates and ${keys} keys`);
  }
  const [roots, some] = [certificates.slice(0, AUTHORITIES), certificates.slice(0, 2 * AUTHORITIES)];
  some.map((text) => new X509Certificate(text)).forEach((certificate, index) => {
    const root = new X509Certificate(roots[index % AUTHORITIES]);
    if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey)) {
      throw new Error(`${name}: the signature of ${certificate.subject} is wrong`);
    }
  });
}

async function peculiarLayout(algorithm, authorities, leaves) {
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const kind =
    algorithm === "rsa-2048" ? rsa : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const start = performance.now();
  // All at once: the browser makes keys in threads of its own.
  const makeKey = (kind) => crypto.subtle.generateKey(kind, true, ["sign", "verify"]);
  const keys = await Promise.all([
    ...Array.from({ length: authorities + leaves }, () => makeKey(kind)),
    makeKey(rsa),
  ]);
  const common = (index) => ({
    serialNumber: (index + 1).toString(16).padStart(16, "1"),
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 365 * 86_400_000),
    signingAlgorithm: kind,
  });
  const usages = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
  const roots = await Promise.all(keys.slice(0, authorities).map((key, index) =>
    x509.X509CertificateGenerator.createSelfSigned({
      ...common(index),
      name: `CN=ca${index}`,
      keys: key,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(usages | x509.KeyUsageFlags.keyCertSign, true),
      ],
    })));
  const ends = await Promise.all(keys.slice(authorities, -1).map((key, index) =>
    x509.X509CertificateGenerator.create({
      ...common(authorities + index),
      subject: `CN=leaf${index}`,
      issuer: `CN=ca${index % authorities}`,
      publicKey: key.publicKey,
      signingKey: keys[index % authorities].privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(usages, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ],
    })));
  const texts = [...roots, ...ends].map((certificate) => certificate.toString("pem"));
  texts.push(...await Promise.all(keys.map(async (key) =>
    x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key.privateKey), "PRIVATE KEY"),
  )));
  return { time: performance.now() - start, texts };
}

async function pkijsLayout(algorithm, authorities, leaves) {
  const { asn1js, pkijs } = pki;
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const kind = algorithm === "rsa-2048" ? rsa : { name: "ECDSA", namedCurve: "P-256" };
  const start = performance.now();
  const makeKey = (kind) => crypto.subtle.generateKey(kind, true, ["sign", "verify"]);
  const keys = await Promise.all([
    ...Array.from({ length: authorities + leaves }, () => makeKey(kind)),
    makeKey(rsa),
  ]);
  const commonName = (value) =>
    new pkijs.AttributeTypeAndValue({ type: "2.5.4.3", value: new asn1js.Utf8String({ value }) });
  const extension = (extnID, critical, value) =>
    new pkijs.Extension({ extnID, critical, extnValue: value.toBER(false) });
  const usages = (bits, unusedBits) =>
    new asn1js.BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits });
  const pem = (label, der) => {
    const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g).join("\n");
    return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
  };
  const texts = await Promise.all(keys.slice(0, -1).map(async (key, index) => {
    const authority = index < authorities;
    const issuer = authority ? index : (index - authorities) % authorities;
    const certificate = new pkijs.Certificate();
    certificate.version = 2;
    certificate.serialNumber = new asn1js.Integer({ value: index + 1 });
    const name = authority ? `ca${index}` : `leaf${index - authorities}`;
    certificate.subject.typesAndValues.push(commonName(name));
    certificate.issuer.typesAndValues.push(commonName(`ca${issuer}`));
    certificate.notBefore.value = new Date();
    certificate.notAfter.value = new Date(Date.now() + 365 * 86_400_000);
    const constraints = new pkijs.BasicConstraints(authority ? { cA: true } : {});
    certificate.extensions = [
      extension("2.5.29.19", true, constraints.toSchema()),
      extension("2.5.29.15", true, authority ? usages(0xa4, 2) : usages(0xa0, 5)),
    ];
    if (!authority) {
      const client = new pkijs.ExtKeyUsage({ keyPurposes: ["1.3.6.1.5.5.7.3.2"] });
      certificate.extensions.push(extension("2.5.29.37", false, client.toSchema()));
    }
    await certificate.subjectPublicKeyInfo.importKey(key.publicKey);
    await certificate.sign(keys[issuer].privateKey, "SHA-256");
    return pem("CERTIFICATE", certificate.toSchema(true).toBER(false));
  }));
  texts.push(...await Promise.all(keys.map(async (key) =>
    pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key.privateKey)))));
  return { time: performance.now() - start, texts };
}

async function forgeLayout(_algorithm, authorities, leaves) {
  const start = performance.now();
  // With a callback the library lets the browser make the keys; alone it takes seconds for each.
  const makeKey = () => new Promise((resolve, reject) =>
    forge.pki.rsa.generateKeyPair({ bits: 2048 }, (error, pair) =>
      error ? reject(error) : resolve(pair)));
  const keys = await Promise.all(Array.from({ length: authorities + leaves + 1 }, makeKey));
  const usages = { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true };
  const texts = keys.slice(0, -1).map((key, index) => {
    const authority = index < authorities;
    const issuer = authority ? index : (index - authorities) % authorities;
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = key.publicKey;
    certificate.serialNumber = (index + 1).toString(16).padStart(16, "1");
    certificate.validity.notBefore = new Date();
    certificate.validity.notAfter = new Date(Date.now() + 365 * 86_400_000);
    const name = authority ? `ca${index}` : `leaf${index - authorities}`;
    certificate.setSubject([{ name: "commonName", value: name }]);
    certificate.setIssuer([{ name: "commonName", value: `ca${issuer}` }]);
    certificate.setExtensions(
      authority
        ? [
            { name: "basicConstraints", cA: true, critical: true },
            { ...usages, keyCertSign: true },
          ]
        : [
            { name: "basicConstraints", cA: false, critical: true },
            usages,
            { name: "extKeyUsage", clientAuth: true },
          ],
    );
    certificate.sign(keys[issuer].privateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  });
  texts.push(...keys.map((key) => forge.pki.privateKeyToPem(key.privateKey)));
  return { time: performance.now() - start, texts };
}

// As app/xtask/src/bench/openssl-layout.sh has it: three CAs, seven certificates and five kubeconfigs; the
// key for service accounts is RSA-2048 in both layouts.
const AUTHORITIES = 3;
const LEAVES = 12;
