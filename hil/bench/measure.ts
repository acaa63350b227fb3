/** One number of a bench, beside what it is measured against in the same run. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly comparedWith: string;
  /** value to that of `comparedWith` */
  readonly ratio: number;
  /** in words: "at least 10" */
  readonly goal: string;
  readonly ok: boolean;
}

export interface Bench {
  readonly name: string;
  run(): Promise<Measure[]>;
}
