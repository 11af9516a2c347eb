// The kubeadm layout as two JavaScript libraries make it, inside the page that ours is measured in.
//
// Both make what takes the time and no more: sixteen keys and fifteen certificates, as PEM. Our own
// figure also holds five kubeconfigs, the archive, and reading it all back.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** By the algorithm of the layout: a name, the scripts that the page needs, and what it runs. */
export function peers(algorithm) {
  const x509 = {
    name: "@peculiar/x509, WebCrypto",
    // The first is what its dependency injection asks for.
    scripts: ["reflect-metadata", "@peculiar/x509/build/x509.js"],
    layout: peculiarLayout,
  };
  // node-forge knows no elliptic curves.
  const forge = {
    name: "node-forge, keys by WebCrypto",
    scripts: ["node-forge/dist/forge.min.js"],
    layout: forgeLayout,
  };
  return algorithm === "rsa-2048" ? [x509, forge] : [x509];
}

/**
 * One layout, in milliseconds from the first key to the last PEM text; with two certificates more for
 * each of so many nodes.
 */
export async function measurePeer(page, peer, algorithm, nodes = 0) {
  const leaves = LEAVES + 2 * nodes;
  // Through the debugger, which the page's own policy for scripts does not bind.
  for (const script of peer.scripts) {
    await page.evaluate(readFileSync(require.resolve(script), "utf8"));
  }
  const { time, texts } = await page.evaluate(peer.layout, algorithm, AUTHORITIES, leaves);
  const count = (label) => texts.filter((text) => text.includes(`BEGIN ${label}`)).length;
  const keys = count("PRIVATE KEY") + count("RSA PRIVATE KEY");
  const certificates = count("CERTIFICATE");
  if (certificates !== AUTHORITIES + leaves || keys !== certificates + 1) {
    throw new Error(`${peer.name} made ${certificates} certificates and ${keys} keys`);
  }
  return { time, texts };
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

// As app/xtask/src/bench/native.rs has it: three CAs, seven certificates and five kubeconfigs; the
// key for service accounts is RSA-2048 in both layouts.
const AUTHORITIES = 3;
const LEAVES = 12;
