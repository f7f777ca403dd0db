// The remaining time between two words from the server: set by the server's seconds, never by the clock on the wall.

export class Countdown {
  #deadline = null;
  #show;

  /** `show(seconds)` is called once a second while time is left, and a last time with 0. */
  constructor(show) {
    this.#show = show;
    setInterval(() => this.#tick(), 1000);
  }

  /** `null` stops it. */
  set(secondsLeft) {
    this.#deadline = secondsLeft === null ? null : performance.now() + secondsLeft * 1000;
    this.#tick();
  }

  #tick() {
    if (this.#deadline === null) return;
    const seconds = Math.max(0, Math.ceil((this.#deadline - performance.now()) / 1000));
    if (seconds === 0) this.#deadline = null;
    this.#show(seconds);
  }
}

export function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
