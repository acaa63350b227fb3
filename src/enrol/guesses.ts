/** Wrong codes by address: after a few of them an address is not listened to for a while. Bounded, whoever asks. */

const WRONG_MOST = 5;
const REST_MS = 600_000;
const ADDRESSES_MOST = 10_000;

export class Guesses {
  readonly #wrong = new Map<string, { count: number; untilMs: number }>();

  allows(address: string, atMs: number): boolean {
    const known = this.#wrong.get(address);
    if (!known) return true;
    if (known.untilMs > atMs) return known.count < WRONG_MOST;
    this.#wrong.delete(address);
    return true;
  }

  /** A right one: what was wrong before is forgiven. */
  forget(address: string): void {
    this.#wrong.delete(address);
  }

  /** Set again, so that the address heard longest ago is the first to go. */
  noteWrong(address: string, atMs: number): void {
    const count = (this.#wrong.get(address)?.count ?? 0) + 1;
    this.#wrong.delete(address);
    this.#wrong.set(address, { count, untilMs: atMs + REST_MS });
    const oldest = this.#wrong.keys().next();
    if (this.#wrong.size > ADDRESSES_MOST && !oldest.done) this.#wrong.delete(oldest.value);
  }
}
