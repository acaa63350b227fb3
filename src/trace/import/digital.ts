/** What a logic analyser saw on one wire: no samples, only when the level changed. */

export interface DigitalChannel {
  readonly sampleRateHz: number;
  /** how long it was looked at */
  readonly sampleCount: number;
  readonly startsHigh: boolean;
  /** numbers of the samples that are the first of another level, ascending */
  readonly changes: readonly number[];
}

/** Walks along a channel; positions must not go back. */
export class LevelWalk {
  readonly #channel: DigitalChannel;
  /** of the first change after the position */
  #next = 0;

  constructor(channel: DigitalChannel) {
    this.#channel = channel;
  }

  /** The level at `sample`, which may lie between two samples; the last level beyond the end. */
  at(sample: number): boolean {
    const { changes, startsHigh } = this.#channel;
    while (this.#next < changes.length && (changes[this.#next] as number) <= sample) this.#next++;
    return startsHigh === (this.#next % 2 === 0);
  }

  /** Goes to the next change after the position, and tells where it is; null where there is none. */
  toNextChange(): number | null {
    const sample = this.#channel.changes[this.#next];
    if (sample === undefined) return null;
    this.#next++;
    return sample;
  }
}
