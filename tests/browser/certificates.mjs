// Certificates to read, for the bench: as many as are asked for, all different, of one CA.
//
//   node certificates.mjs COUNT ec|rsa
//
// They are what kubeadm gives to machines. Each has a name, a number and a key of its own; the RSA
// keys are random numbers of the right length, because nobody signs with them and ten thousand real
// ones take a quarter of an hour.

import { createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const KINDS = {
  ec: { key: ["ec", { namedCurve: "P-256" }], signature: "2a8648ce3d040302", parameters: [] },
  rsa: {
    key: ["rsa", { modulusLength: 2048 }],
    signature: "2a864886f70d01010b",
    parameters: [Buffer.from("0500", "hex")],
  },
};

/** What was made in this process: the CA and its certificates, as PEM. */
const made = new Map();

/** So many certificates as one text: the CA first; a single one is not the CA. */
export function bundle(kind, count) {
  if (!made.has(kind)) made.set(kind, authority(kind));
  const { ca, texts, leaf } = made.get(kind);
  const wanted = count === 1 ? 1 : count - 1;
  while (texts.length < wanted) texts.push(leaf(texts.length + 1));
  return (count === 1 ? "" : ca) + texts.slice(0, wanted).join("");
}

function authority(kind) {
  const { key, signature, parameters } = KINDS[kind];
  const { privateKey, publicKey } = generateKeyPairSync(...key);
  const spki = publicKey.export({ format: "der", type: "spki" });
  const algorithm = sequence(tlv(0x06, Buffer.from(signature, "hex")), ...parameters);
  const name = [["550403", "kubernetes"]];
  const keyId = randomBytes(20);
  const certificate = (serial, subject, key, extensions) => {
    const tbs = sequence(
      tlv(0xa0, integer(Buffer.of(2))),
      integer(serial),
      algorithm,
      distinguishedName(name),
      sequence(time(-1), time(365)),
      distinguishedName(subject),
      key,
      tlv(0xa3, sequence(...extensions)),
    );
    const signed = bits(sign("sha256", tbs, privateKey));
    const der = sequence(tbs, algorithm, signed).toString("base64");
    const lines = der.match(/.{1,64}/g).join("\n");
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  };
  const ca = certificate(positive(8), name, spki, [
    extension("551d0f", true, Buffer.from("030202a4", "hex")),
    extension("551d13", true, Buffer.from("30030101ff", "hex")),
    extension("551d0e", false, tlv(0x04, keyId)),
  ]);
  const leaf = (number) => {
    const node = `system:node:worker-${String(number).padStart(5, "0")}`;
    const subject = [["55040a", "system:nodes"], ["550403", node]];
    return certificate(positive(8), subject, freshKey(kind, publicKey), [
      extension("551d0f", true, Buffer.from("03020780", "hex")),
      extension("551d25", false, Buffer.from("300a06082b06010505070302", "hex")),
      extension("551d13", true, Buffer.from("3000", "hex")),
      extension("551d23", false, sequence(tlv(0x80, keyId))),
    ]);
  };
  return { ca, texts: [], leaf };
}

/** A public key like the CA's, as a certificate holds it. */
function freshKey(kind, example) {
  let key;
  if (kind === "ec") {
    key = generateKeyPairSync(...KINDS.ec.key).publicKey;
  } else {
    const modulus = positive(256);
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    const jwk = { ...example.export({ format: "jwk" }), n: modulus.toString("base64url") };
    key = createPublicKey({ key: jwk, format: "jwk" });
  }
  return key.export({ format: "der", type: "spki" });
}

/* What DER is made of. */

function tlv(tag, ...parts) {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 0x80 ? [length]
    : length < 0x100 ? [0x81, length]
      : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), body]);
}

function sequence(...parts) {
  return tlv(0x30, ...parts);
}

function integer(bytes) {
  return tlv(0x02, bytes);
}

function bits(bytes) {
  return tlv(0x03, Buffer.of(0), bytes);
}

/** Random, with no zero in front that DER would drop. */
function positive(length) {
  const bytes = randomBytes(length);
  bytes[0] = bytes[0] & 0x3f | 0x40;
  return bytes;
}

function distinguishedName(attributes) {
  return sequence(...attributes.map(([type, text]) =>
    tlv(0x31, sequence(tlv(0x06, Buffer.from(type, "hex")), tlv(0x0c, Buffer.from(text))))));
}

function extension(type, critical, value) {
  const flag = critical ? [Buffer.from("0101ff", "hex")] : [];
  return sequence(tlv(0x06, Buffer.from(type, "hex")), ...flag, tlv(0x04, value));
}

function time(days) {
  const moment = new Date(Date.now() + days * 86_400_000).toISOString();
  return tlv(0x17, Buffer.from(`${moment.replace(/[-:T]/g, "").slice(2, 14)}Z`));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(bundle(argv[3] ?? "ec", Number(argv[2])));
}
