/*
 * Starts the workbench. The same text runs in the window and at the end of each worker's script,
 * and serves the packed file, the hosted folder and `trunk serve` alike.
 *
 * In the window it compiles the wasm once, starts the glue with the compiled module and calls
 * `run_window(module, worker_url, first)`. A worker made from `worker_url` must be sent `{ module }`
 * as its first message; then it calls `run_worker()`. Messages that arrive before `run_worker` has
 * installed its handler are held and handed over in order, so the sender need not wait. `first` is
 * such a worker, made before the module is compiled and sent it at once, so that it starts beside
 * the window and not after it; or nothing, where it failed.
 *
 * Written in old JavaScript on purpose: a browser that is too old must still be able to say so.
 */
(function () {
  "use strict";

  if (typeof document === "undefined") {
    startWorker();
  } else {
    startWindow(document.currentScript);
  }

  function startWorker() {
    var module = null;
    var held = [];
    self.addEventListener("message", hold);

    function hold(event) {
      if (module) {
        held.push(event);
        return;
      }
      module = event.data.module;
      wasm_bindgen({ module_or_path: module }).then(function () {
        self.removeEventListener("message", hold);
        wasm_bindgen.run_worker();
        held.forEach(function (event) {
          self.dispatchEvent(
            new MessageEvent("message", { data: event.data, ports: event.ports.slice() })
          );
        });
        held = [];
      }).catch(function (error) {
        // Outside the promise, so that the window hears of it as an error event of the worker.
        setTimeout(function () { throw error; }, 0);
      });
    }
  }

  function startWindow(bootScript) {
    var started = false;
    applyTheme();
    document.documentElement.setAttribute("data-boot", "starting");
    self.addEventListener("error", function (event) {
      if (isTrap(event.error)) show("stopped", event.error);
    });
    self.addEventListener("unhandledrejection", function (event) {
      if (isTrap(event.reason)) show("stopped", event.reason);
    });
    document.addEventListener("DOMContentLoaded", function () {
      var packed = document.getElementById("pki-wasm");
      var parts = document.getElementById("pki-parts");
      var hosted = bootScript.getAttribute("data-wasm");
      if (!hosted && !(isWhole(parts) && isWhole(packed))) return show("cut");
      if (typeof WebAssembly !== "object") return show("wasm");
      if (typeof Promise === "undefined") return show("old");
      if (!hosted && typeof DecompressionStream === "undefined") return show("old");

      var module;
      var compiled = hosted ? compileFetched(hosted) : compilePacked(packed);
      var url, first = null;
      var added = (hosted ? Promise.resolve() : addParts(parts)).then(function () {
        url = workerUrl(bootScript);
        first = firstWorker(url, function () { first = null; });
      });
      Promise.all([compiled, added]).then(function (results) {
        module = results[0];
        if (typeof wasm_bindgen === "undefined") throw because("old");
        if (first) first.postMessage({ module: module });
        return wasm_bindgen({ module_or_path: module });
      }).then(function () {
        var panel = document.getElementById("boot");
        panel.hidden = true;
        wasm_bindgen.run_window(module, url, first);
        started = true;
        document.documentElement.setAttribute("data-boot", "ready");
        if (self.performance && performance.mark) performance.mark("pki-ready");
      }).catch(function (error) {
        show(error.bootReason || "failed", error.bootCause || error);
      });
    });

    function isTrap(error) {
      return started && typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
    }
  }

  /* The colours must be right at the first paint; the application takes over from there. */
  function applyTheme() {
    try {
      var theme = localStorage.getItem("pki-workbench.theme");
      if (theme === "light" || theme === "dark") {
        document.documentElement.setAttribute("data-theme", theme);
      }
    } catch (error) {
      // Storage is off in some private windows and for some file:// pages: automatic colours then.
    }
  }

  function isWhole(block) {
    return block !== null
      && block.textContent.length === Number(block.getAttribute("data-length"))
      && document.getElementById("pki-end") !== null;
  }

  /* Unpacks the style and the glue and puts them into the page; the policy names their hashes. */
  function addParts(block) {
    return Promise.resolve().then(function () {
      return new Response(unpack(taken(block))).text();
    }).then(JSON.parse).catch(function (error) {
      throw because("cut", error);
    }).then(function (parts) {
      parts.forEach(function (part) {
        var element = document.createElement(part.tag);
        element.id = part.id;
        element.textContent = part.text;
        document.head.appendChild(element);
      });
    });
  }

  function taken(block) {
    var bytes = fromBase93(block.textContent);
    block.remove();
    return bytes;
  }

  function unpack(bytes) {
    return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  }

  function compilePacked(block) {
    var bytes;
    return Promise.resolve().then(function () {
      bytes = taken(block);
      return compileStream(unpack(bytes));
    }).catch(function (error) {
      /* A damaged copy may be refused before its checksum, at the end, has been seen. */
      return new Response(unpack(bytes)).arrayBuffer().then(function () {
        throw because("old", error);
      }, function () {
        throw because("cut", error);
      });
    });
  }

  function compileFetched(url) {
    return fetch(url).then(function (response) {
      if (!response.ok) throw new Error(url + ": HTTP status " + response.status);
      return compileStream(response.body);
    }).catch(function (error) {
      /* Whole, and yet no module for this browser. */
      var isRefused = error instanceof WebAssembly.CompileError;
      throw because(isRefused ? "old" : "fetch", error);
    });
  }

  /* Compiles what has arrived while the rest is on its way; whatever type a server gave it. */
  function compileStream(stream) {
    var headers = { "Content-Type": "application/wasm" };
    return WebAssembly.compileStreaming(new Response(stream, { headers: headers }));
  }

  /* The packer's base 93 (app/xtask/src/base93.rs): two characters stand for 13 bits or 14, where
     base64 needs more than two for them. */
  function fromBase93(text) {
    var digits = new Uint8Array(128);
    for (var code = 33, digit = 0; code < 127; code += 1) {
      if (code !== 60) {
        digits[code] = digit;
        digit += 1;
      }
    }
    var bytes = new Uint8Array(Math.ceil(text.length * 7 / 8));
    var length = 0, bits = 0, count = 0;
    for (var at = 0; at < text.length; at += 2) {
      var isPair = at + 1 < text.length;
      var number = digits[text.charCodeAt(at)];
      if (isPair) number += 93 * digits[text.charCodeAt(at + 1)];
      bits |= number << count;
      count = !isPair ? 8 : count + ((number & 8191) < 457 ? 14 : 13);
      for (; count >= 8; count -= 8) {
        bytes[length] = bits;
        length += 1;
        bits >>>= 8;
      }
    }
    return bytes.subarray(0, length);
  }

  function firstWorker(url, onError) {
    try {
      var worker = new Worker(url);
      worker.onerror = onError;
      return worker;
    } catch (error) {
      // The application starts one of its own, or says why there is none.
      return null;
    }
  }

  /* A worker's script is the glue and this script, one after the other. */
  function workerUrl(bootScript) {
    var hosted = bootScript.getAttribute("data-worker");
    if (hosted) return new URL(hosted, document.baseURI).href;
    var glue = document.getElementById("pki-glue").textContent;
    var script = new Blob([glue, "\n", bootScript.textContent], { type: "text/javascript" });
    return URL.createObjectURL(script);
  }

  function because(reason, cause) {
    return { bootReason: reason, bootCause: cause };
  }

  function show(reason, error) {
    var panel = document.getElementById("boot");
    document.documentElement.setAttribute("data-boot", reason);
    panel.setAttribute("data-reason", reason);
    panel.hidden = false;
    var parts = panel.querySelectorAll("[data-for]");
    for (var i = 0; i < parts.length; i += 1) {
      parts[i].hidden = parts[i].getAttribute("data-for") !== reason;
    }
    if (reason === "stopped") {
      panel.querySelector("h1").textContent = "PKI Workbench has stopped";
    }
    var detail = document.getElementById("boot-detail");
    detail.hidden = !error;
    // Never the stack: it names the place of the file on this person's disk.
    detail.textContent = error ? String(error) : "";
    panel.scrollIntoView();
  }
})();
