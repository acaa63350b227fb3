/**
 * Holds what a file has after a cut against what was said before it. It knows nothing of SQLite: only names (boot, seq), ids,
 * bodies, and who promised what to one reader. A chain of lives on one file is told to one oracle a reader, life after life.
 */

import type { ReaderName } from '../../src/outbox/port.ts';
import type { Contents, Kept } from './port.ts';
import { isGap, isMade, nameOf, type Said, type Seen, type Spec, seenOf } from './said.ts';
import { countSeqs } from './seqs.ts';

interface Call {
  readonly call: number;
  readonly specs: readonly Spec[];
}

export class Oracle {
  readonly #reader: ReaderName;
  /** so far */
  readonly promised = { records: 0, alarms: 0 };
  readonly #boots: string[] = [];
  /** by n */
  readonly #wanted = new Map<number, Spec>();
  /** asked for in this life and not promised, in order */
  #under: Call[] = [];
  /** records that must be there unless they were released or evicted, by id */
  readonly #mustBeThere = new Map<number, Seen>();
  /** every record ever seen, promised or read out, by id; a name, an id and an n belong together for ever */
  readonly #seen = new Map<number, Seen>();
  readonly #idOfName = new Map<string, number>();
  readonly #idOfN = new Map<number, number>();
  /** asked to be forgotten or set aside: may be gone; and promised: must be gone */
  readonly #released = new Set<number>();
  readonly #gone = new Set<number>();
  readonly #setAside = { asked: new Set<number>(), promised: new Set<number>() };
  readonly #forgetAsked = new Set<number>();
  /** open faults as they may be, each a list of ids in order */
  #faults: readonly (readonly string[])[] = [[]];
  #problems: string[] = [];

  constructor(reader: ReaderName = 'city') {
    this.#reader = reader;
  }

  /** Problems that show without the file are told by the next `check`. */
  hear(said: Said): void {
    if ('reader' in said && said.reader !== this.#reader) return;
    switch (said.say) {
      case 'open':
        this.#opened(said.boot, said.openFaults);
        break;
      case 'want':
        this.#under.push(said);
        for (const spec of said.specs) this.#wanted.set(spec.n, spec);
        break;
      case 'kept':
        this.#promise(said.call, said.records);
        break;
      case 'read':
        for (const [at, seen] of said.records.entries()) {
          if (at > 0 && seen.id <= (said.records[at - 1]?.id ?? 0)) this.#fault(`read out of order at id ${seen.id}`);
          this.#see(seen);
        }
        break;
      case 'forget':
        for (const id of said.ids) {
          this.#released.add(id);
          this.#forgetAsked.add(id);
        }
        break;
      case 'forgotten':
        for (const id of said.ids) this.#gone.add(id);
        break;
      case 'poison':
        this.#released.add(said.id);
        this.#setAside.asked.add(said.id);
        break;
      case 'poisoned':
        this.#gone.add(said.id);
        if (!this.#forgetAsked.has(said.id)) this.#setAside.promised.add(said.id);
        break;
      case 'closed':
        if (this.#under.length > 0) this.#fault(`closed with ${this.#under.length} calls unanswered`);
        break;
      case 'trouble':
        this.#fault(`trouble was told: ${said.why}`);
        break;
    }
  }

  /** What is wrong with what the file holds after a cut at this point. Asking changes nothing. */
  check(contents: Contents): string[] {
    const before = this.#problems;
    this.#problems = [...before];
    const { boot, setAside, openFaults } = contents;
    const kept = this.#keptIn(contents);
    if (setAside !== null) this.#fault('the file was found damaged');
    this.#bootIsNew(boot);
    this.#faultsAre(openFaults);
    const all = [...kept.alarm, ...kept.telemetry].map((record) => ({ record, seen: seenOf(record) }));
    all.sort((a, b) => a.record.id - b.record.id);
    const lastOfLift = new Map<string | null, number>();
    for (const { record, seen } of all) {
      this.#isSound(seen);
      if (record.boot === boot && !isMade(seen.is)) this.#fault(`${nameOf(seen)}: of a boot that has stored nothing`);
      if (this.#gone.has(seen.id)) this.#fault(`${nameOf(seen)}: forgotten, and there again`);
      if (seen.is === null || isMade(seen.is)) continue;
      const { lift, n } = seen.is;
      if (n <= (lastOfLift.get(lift) ?? 0)) this.#fault(`${nameOf(seen)}: out of order in lift ${lift}`);
      lastOfLift.set(lift, n);
    }
    this.#countsAreRight(contents);
    const seen = all.map((one) => one.seen);
    const evicted = this.#seqsAddUp(seen);
    this.#callsAreWhole(seen, evicted);
    if (contents.kept.size === 1) this.#setAsideIs(contents.poisoned, evicted);
    const found = this.#problems;
    this.#problems = before;
    return found;
  }

  /** The life ended at this point and the next begins on a file with these contents: they have been seen, so must stay. */
  goOn(contents: Contents): void {
    this.#faults = this.#faultsPossible();
    this.#under = [];
    const kept = this.#keptIn(contents);
    for (const seen of [...kept.alarm, ...kept.telemetry].map(seenOf)) {
      // A gap record that nobody has read may still grow.
      if (isGap(seen.is)) continue;
      this.#see(seen);
      this.#mustBeThere.set(seen.id, seen);
    }
  }

  #keptIn({ kept }: Contents): Kept {
    return kept.get(this.#reader) ?? { alarm: [], telemetry: [] };
  }

  /** Of each lane as many wait as are owed to anybody. */
  #countsAreRight({ waiting, kept }: Contents): void {
    for (const lane of ['alarm', 'telemetry'] as const) {
      const there = new Set([...kept.values()].flatMap((of) => of[lane].map(({ id }) => id))).size;
      if (waiting[lane] !== there) this.#fault(`${lane}: ${waiting[lane]} counted, ${there} there`);
    }
  }

  /** One that was forgotten or evicted before does not count. */
  #setAsideIs(poisoned: number, evicted: boolean): void {
    const { asked, promised } = this.#setAside;
    if (poisoned >= (evicted ? 0 : promised.size) && poisoned <= asked.size) return;
    this.#fault(`${poisoned} set aside; promised ${promised.size} of ${asked.size}`);
  }

  #fault(problem: string): void {
    if (this.#problems.length < 20) this.#problems.push(problem);
  }

  #opened(boot: string, openFaults: readonly string[]): void {
    this.#bootIsNew(boot);
    this.#faultsAre(openFaults);
    this.#boots.push(boot);
    this.#faults = [openFaults];
  }

  #bootIsNew(boot: string): void {
    const last = this.#boots.at(-1);
    if (last === undefined) return;
    const [store, n] = boot.split('.');
    const [lastStore, lastN] = last.split('.');
    if (store !== lastStore) this.#fault(`another store: ${boot} after ${last}`);
    else if (Number(n) <= Number(lastN)) this.#fault(`boot ${boot} after ${last}`);
  }

  #faultsAre(openFaults: readonly string[]): void {
    const possible = this.#faultsPossible();
    if (possible.some((faults) => faults.join() === openFaults.join())) return;
    this.#fault(`open faults ${openFaults.join()}; possible: ${possible.map((faults) => faults.join()).join(' | ')}`);
  }

  /** Calls are stored in order, so of those under way the first so many may be stored. */
  #faultsPossible(): (readonly string[])[] {
    return this.#faults.flatMap((faults) => {
      let now = faults;
      return [faults, ...this.#under.map(({ specs }) => (now = after(now, specs)))];
    });
  }

  #promise(call: number, records: readonly (readonly [number, string, number])[]): void {
    const wanted = this.#under.shift();
    if (wanted?.call !== call) {
      this.#fault(`call ${call} was answered before call ${wanted?.call}`);
      return;
    }
    this.#faults = this.#faults.map((faults) => after(faults, wanted.specs));
    if (records.length !== wanted.specs.length)
      this.#fault(`call ${call}: ${records.length} of ${wanted.specs.length}`);
    for (const [at, [id, boot, seq]] of records.entries()) {
      const is = wanted.specs[at];
      if (!is) continue;
      if (boot !== this.#boots.at(-1)) this.#fault(`call ${call}: stored under ${boot}`);
      const seen = { id, boot, seq, is };
      this.promised.records++;
      if (is.lane === 'alarm') this.promised.alarms++;
      this.#see(seen);
      this.#mustBeThere.set(id, seen);
    }
  }

  #see(seen: Seen): void {
    this.#isSound(seen);
    this.#seen.set(seen.id, seen);
    this.#idOfName.set(nameOf(seen), seen.id);
    if (seen.is && !isMade(seen.is)) this.#idOfN.set(seen.is.n, seen.id);
  }

  /** The same (box, boot, seq) is the same record, and no record has two. */
  #isSound(seen: Seen): void {
    const name = nameOf(seen);
    if (seen.is === null) {
      this.#fault(`${name}: a body that nobody handed in`);
      return;
    }
    const known = this.#seen.get(seen.id);
    if (known && (nameOf(known) !== name || textOf(known) !== textOf(seen))) {
      this.#fault(`id ${seen.id}: ${name} ${textOf(seen)}, but was ${nameOf(known)} ${textOf(known)}`);
    }
    const sameName = this.#idOfName.get(name);
    if (sameName !== undefined && sameName !== seen.id) this.#fault(`${name}: used twice`);
    if (isMade(seen.is)) return;
    const wanted = this.#wanted.get(seen.is.n);
    if (!wanted || JSON.stringify(wanted) !== textOf(seen)) this.#fault(`${name}: not what was handed in`);
    const sameN = this.#idOfN.get(seen.is.n);
    if (sameN !== undefined && sameN !== seen.id) this.#fault(`record ${seen.is.n}: stored twice, as ${name} too`);
  }

  /** Returns whether anything was evicted. */
  #seqsAddUp(kept: readonly Seen[]): boolean {
    const keptIds = new Set(kept.map(({ id }) => id));
    if (keptIds.size !== kept.length) this.#fault('an id in both lanes');
    const known = new Map([...this.#seen, ...this.#mustBeThere]);
    const gone = [...known.values()].filter(({ id }) => !keptIds.has(id));
    const { problems, evicted } = countSeqs(kept, gone, this.#released);
    for (const problem of problems) this.#fault(problem);
    return evicted;
  }

  /** A call that was under way is there as a whole or not at all, and none after one that is not. */
  #callsAreWhole(kept: readonly Seen[], evicted: boolean): void {
    if (evicted) return;
    const there = new Set([...this.#seen.values(), ...kept].flatMap(({ is }) => (is && !isMade(is) ? [is.n] : [])));
    let ended = false;
    for (const { call, specs } of this.#under) {
      const count = specs.filter(({ n }) => there.has(n)).length;
      if (count > 0 && count < specs.length) this.#fault(`call ${call}: ${count} of ${specs.length} records are there`);
      if (count > 0 && ended) this.#fault(`call ${call}: there, but one before it is not`);
      if (count === 0) ended = true;
    }
  }
}

function textOf({ is }: Seen): string {
  return JSON.stringify(is);
}

function after(faults: readonly string[], specs: readonly Spec[]): readonly string[] {
  let now = faults;
  for (const { fault } of specs) {
    if (fault?.phase === 'begin') now = [...now, fault.id];
    if (fault?.phase === 'end') now = now.filter((id) => id !== fault.id);
  }
  return now;
}
