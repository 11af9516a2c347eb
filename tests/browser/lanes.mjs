// What the tests of the vector lanes (core/lanes) share: the lanes by themselves, and workers that
// have them, or none, or some that compute wrongly.

/** What the lanes say of pairs of numbers, each pair of one length: which of them pass. */
export async function askLanes(page, pairs) {
  const said = [];
  // So much at a time as the protocol carries easily.
  for (let start = 0; start < pairs.length; start += 500) {
    const some = pairs.slice(start, start + 500);
    said.push(...await page.evaluate(lanesInPage, some.map((pair) => pair.map(hexOf))));
  }
  return said;
}

function hexOf(number) {
  return number.toString(16);
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

/**
 * How often each function of the lanes is asked before they are trusted with numbers of one length:
 * `answers_rightly` and `computes_rightly` in core/prime/src/lanes.rs.
 */
export const TRIALS = 2;

/**
 * Keys of a worker of its own, as PKCS#8, and how often it asked the lanes: `{ keys, asked }`.
 *
 * `seed` is the byte that all seeds are made of; without it they are random. `lanes` says what the
 * worker finds: `null`, none; `{}`, those of the file; `{ wrong: "fermat", from: 3 }` those, but with
 * one bit of the answer turned from the third time on that it asks for this.
 */
export function keysFrom(page, algorithms, lanes, seed = null) {
  return page.evaluate(keysInPage, algorithms, lanes, seed);
}

/** Runs in the page. */
async function keysInPage(algorithms, lanes, seed) {
  const texts = ["pki-glue", "pki-boot"].map((id) => document.getElementById(id).textContent);
  texts.unshift(`
    const asked = { fermat: 0, power: 0 };
    const lanes = ${JSON.stringify(lanes)};
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = function (module, imports) {
      if (!lanes) throw new WebAssembly.CompileError("refused by the test");
      const { exports } = new Instance(module, imports);
      const counted = { ...exports };
      for (const name of Object.keys(asked)) {
        counted[name] = (words) => {
          asked[name] += 1;
          const said = exports[name](words);
          if (lanes.wrong !== name || asked[name] < lanes.from) return said;
          if (name === "fermat") return said ^ 1;
          new Uint32Array(exports.memory.buffer, exports.buffer(), 1)[0] ^= 1;
          return said;
        };
      }
      return { exports: counted };
    };
    // The glue asks whether something is one.
    WebAssembly.Instance.prototype = Instance.prototype;
    addEventListener("message", ({ data }) => { if (data === "count") postMessage({ asked }); });
  `);
  const url = URL.createObjectURL(new Blob([texts.join("\n")], { type: "text/javascript" }));
  const worker = new Worker(url);
  try {
    return await new Promise((resolve, reject) => {
      const keys = [];
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (!Array.isArray(data)) return resolve({ keys, asked: data.asked });
        // The item's number, the length of the key, 32 bits each; the digest of a pair; the key.
        const bytes = data[1];
        const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
        keys.push(Array.from(bytes.subarray(40, 40 + length)));
        if (keys.length === algorithms.length) worker.postMessage("count");
      };
      worker.postMessage({ module: window.__module });
      for (const algorithm of algorithms) {
        const bytes = new Uint8Array(32);
        if (seed === null) crypto.getRandomValues(bytes);
        else bytes.fill(seed);
        worker.postMessage([keyAhead(algorithm), bytes]);
      }
    });
  } finally {
    worker.terminate();
  }
}
