// The moving QR: every two seconds another frame, by the relay's clock. Where that is not known there is no frame at all,
// for an old one would only be refused.

import { qrOf } from "./qr.js";

export class MovingQr {
  #place = null;
  #key = null;
  /** When step 0 began, by `performance.now()`; null while the relay's clock is unknown. */
  #began = null;
  #unsureSince = performance.now();
  #drawn = null;
  #tickedAt = [performance.now(), Date.now()];
  #slept;

  /** `slept()` is called when this page has stood still for a while: its clock may have, too. */
  constructor(slept) {
    this.#slept = slept;
    setInterval(() => this.#tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.withdraw(); });
    document.addEventListener("freeze", () => this.withdraw());
  }

  /** The element that shows the code, or null where the page shows none. */
  async adopt(place) {
    this.#place = place;
    this.#drawn = null;
    this.#key = null;
    if (!place) return;
    const raw = bytesOf(place.dataset.frameKey);
    const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    if (this.#place === place) this.#key = key;
    this.#tick();
  }

  /** What the relay has just said of its clock. */
  sync(sinceBeginningMs) {
    this.#began = performance.now() - sinceBeginningMs;
    this.#unsureSince = null;
    this.#tick();
  }

  /** The relay's clock is no longer known for sure. */
  unsure() {
    this.#unsureSince ??= performance.now();
  }

  /** No frame until the relay's clock is known again. */
  withdraw() {
    this.#began = null;
    this.unsure();
    this.#show(false);
  }

  #tick() {
    const now = performance.now();
    if (this.#hasSlept()) { this.withdraw(); this.#slept(); }
    if (this.#unsureSince !== null && now - this.#unsureSince > UNSURE_FOR_MS) this.withdraw();
    const step = this.#step();
    if (this.#key && step !== null && step !== this.#drawn) this.#draw(step);
  }

  /** Where `performance.now()` stands still in sleep, the clock on the wall does not. */
  #hasSlept() {
    const [before, now] = [this.#tickedAt, [performance.now(), Date.now()]];
    this.#tickedAt = now;
    return now.some((time, i) => time - before[i] > ASLEEP_AFTER_MS);
  }

  #step() {
    if (this.#began === null) return null;
    return Math.max(0, Math.floor((performance.now() - this.#began - BEHIND_MS) / STEP_MS));
  }

  async #draw(step) {
    const place = this.#place;
    this.#drawn = step;
    const link = await this.#link(place.dataset, step);
    if (place !== this.#place || step !== this.#step()) return;
    const code = qrOf(link);
    const svg = place.querySelector(".qr-code");
    svg.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
    const [ground, modules] = svg.querySelectorAll("path");
    ground.setAttribute("d", `M0 0h${code.size}v${code.size}H0z`);
    modules.setAttribute("d", code.path);
    place.dataset.step = step;
    this.#show(true);
  }

  /** protocol.md, section Link. */
  async #link({ base, session, secret }, step) {
    const id = bytesOf(session);
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, step);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", this.#key, joined(id, number))).slice(0, MAC_BYTES);
    const payload = joined(Uint8Array.of(VERSION, MOVING), id, bytesOf(secret), number, mac);
    return `${base}/s#${textOf(payload)}`;
  }

  #show(isFresh) {
    this.#place?.classList.toggle("is-refreshing", !isFresh);
    this.#place?.querySelector(".qr-refreshing")?.toggleAttribute("hidden", isFresh);
    if (!isFresh) this.#drawn = null;
  }
}

function joined(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

function textOf(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const VERSION = 1;
const MOVING = 1;
const MAC_BYTES = 8;
const STEP_MS = 2000;
/** So that no frame comes before its step on the relay's clock. */
const BEHIND_MS = 300;
const UNSURE_FOR_MS = 2000;
const TICK_MS = 100;
const ASLEEP_AFTER_MS = 3000;
