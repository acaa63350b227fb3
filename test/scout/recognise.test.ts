/** Which profile fits a slave: simulated controllers of every profile, and devices that are no lift. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SimLift } from '../../hil/lift/lift.ts';
import { Random } from '../../hil/lift/random.ts';
import { Registers } from '../../hil/lift/registers.ts';
import { steady } from '../../hil/lift/traffic.ts';
import { monoMs } from '../../src/clock.ts';
import { parseSite } from '../../src/config/load.ts';
import { shippedProfiles } from '../../src/config/profiles.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import type { Answer, Asker, IdentityObjects } from '../../src/scout/asker.ts';
import { examine } from '../../src/scout/examine.ts';
import { plannedReads, probesOf } from '../../src/scout/recognise.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { siteText } from '../commands/rig.ts';

const profiles = shippedProfiles();
const profileOf = (name: string) => {
  const profile = profiles.find((each) => each.profile === name);
  if (!profile) throw new Error(`${name} is a profile of seeds/controllers`);
  return profile;
};

function asker(
  words: (request: ReadRequest) => readonly number[] | number | null,
  { byteCountBits = 8 as 8 | 16, identity = [] as IdentityObjects } = {},
): Asker & { asked: ReadRequest[] } {
  const asked: ReadRequest[] = [];
  return {
    asked,
    async ask(request): Promise<Answer> {
      asked.push(request);
      const said = words(request);
      if (said === null) return { kind: 'silence', noiseBytes: 0 };
      return typeof said === 'number'
        ? { kind: 'exception', code: said }
        : { kind: 'values', values: said, byteCountBits };
    },
    identify: async () => identity,
  };
}

const FOUND = { unit: 1, late: false, refuses: false };
const look = async (asked: Asker) => (await examine(asked, FOUND, profiles))?.profiles ?? [];
const told = (found: Awaited<ReturnType<typeof look>>) => found.map(({ profile, sure }) => `${profile} ${sure}`);

/** A lift that has run for so long, behind a controller with the registers of this profile. */
function controllerOf(name: string, minutes: number, seed: number): Registers {
  const site = parseSite(siteText('/dev/ttyX'), 'site.yaml');
  if (!site.ok) throw new Error('the site of the rig is sound');
  const [wiring] = wiringsOf(site.loaded);
  if (!wiring) throw new Error('it has a lift');
  const sim = new SimLift({ facts: wiring.facts, random: new Random(seed), startMs: monoMs(0), traffic: steady(200) });
  sim.advanceTo(monoMs(minutes * 60_000));
  const registers = new Registers(profileOf(name));
  const values = sim.values();
  // The speed of this family has no sign.
  const speedMmPerS = name === 'generic' ? values.speedMmPerS : Math.abs(values.speedMmPerS);
  registers.set({ ...values, speedMmPerS });
  return registers;
}

/** A drive tells a few registers, which say too little to be sure of; what a profile alone can tell is possible. */
const SURE: { readonly [profile: string]: readonly string[] } = {
  generic: ['possible', 'likely'],
  'monarch-nice3000': ['certain'],
};

test('a simulated controller of each profile is recognised as its own, at twenty moments of a lift', async () => {
  for (const { profile, quirks } of profiles) {
    for (let seed = 1; seed <= 20; seed++) {
      const registers = controllerOf(profile, seed * 3, seed);
      const words = (request: ReadRequest) => registers.read(request) ?? 2;
      const [best] = await look(asker(words, { byteCountBits: quirks.byteCount }));
      assert.is(best?.profile, profile, `${profile}, seed ${seed}`);
      const sure = SURE[profile] ?? ['possible'];
      assert.ok(best && sure.includes(best.sure), `${profile}, seed ${seed}: ${best?.sure} by ${best?.bits} bits`);
    }
  }
});

test('each planned read is made once, and none after one that is refused', async () => {
  const answering = asker(({ count }) => new Array<number>(count).fill(0));
  await look(answering);
  const planned = profiles.flatMap((profile) => plannedReads(profile).map(({ address }) => address));
  assert.equal(
    answering.asked.map(({ address }) => address),
    planned,
    'as planned',
  );
  const refusing = asker(() => 2);
  assert.equal(await look(refusing), [], 'no profile');
  assert.is(refusing.asked.length, profiles.length, 'one read a profile');
  const silent = asker(() => null);
  assert.equal(await look(silent), [], 'no profile');
  assert.is(silent.asked.length, 2 * profiles.length, 'a reply that got lost is asked for once more');
});

const WORDS: { readonly [kind: string]: (random: Random) => number } = {
  zeros: () => 0,
  anything: (random) => random.whole(0, 65_535),
  'small numbers': (random) => random.whole(0, 40),
  'tenths of volts and degrees': (random) => random.whole(180, 4000),
};

for (const [kind, draw] of Object.entries(WORDS)) {
  test(`a device that is no lift: ${kind}; never certain, and hardly ever likely`, async () => {
    let likely = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(`${kind} ${seed}`);
      const found = await look(asker(({ count }) => Array.from({ length: count }, () => draw(random))));
      assert.not.ok(
        found.some(({ sure }) => sure === 'certain'),
        `${kind} ${seed}: ${told(found)}`,
      );
      if (found.some(({ sure }) => sure === 'likely')) likely++;
    }
    assert.ok(likely <= 4, `${likely} of 200 likely`);
  });
}

test('the 16-bit byte count is a sign: without it that family is not named', async () => {
  const registers = controllerOf('monarch-nice3000', 9, 3);
  const words = (request: ReadRequest) => registers.read(request) ?? 2;
  assert.not.ok(
    (await look(asker(words))).some(({ profile }) => profile === 'monarch-nice3000'),
    'eight bits',
  );
  const [best] = await look(asker(words, { byteCountBits: 16 }));
  assert.ok(
    best?.reasons.some(({ kind }) => kind === 'byte-count'),
    'sixteen',
  );
});

test('who calls himself by the name is surer; what cannot be on a lift makes it less sure, or none', async () => {
  const words = (request: ReadRequest) =>
    controllerOf('monarch-nice3000', 9, 3).read(request) ?? new Array<number>(request.count).fill(0);
  const identity: IdentityObjects = [
    [0, 'Inovance'],
    [1, 'NICE3000new'],
  ];
  const plain = (await look(asker(words, { byteCountBits: 16 })))[0];
  const named = (await look(asker(words, { byteCountBits: 16, identity })))[0];
  assert.ok(named && plain && named.bits === plain.bits + 20, 'more bits');
  assert.is(named?.sure, 'certain', 'sure');
  const fast = (request: ReadRequest) =>
    words(request).map((word, at) => (request.address + at === 0x1010 ? 9000 : word));
  const [doubted] = await look(asker(fast, { byteCountBits: 16 }));
  assert.is(doubted?.sure, 'possible', '9 m/s is no lift');
  assert.ok(
    doubted?.reasons.some((reason) => reason.kind === 'implausible' && reason.signal === 'speedMmPerS'),
    'and why is told',
  );
});

test('what a unit is asked: the commonest register first, then the first of each profile, none twice', () => {
  const nameOf = ({ table, address }: Pick<ReadRequest, 'table' | 'address'>) => `${table} ${address}`;
  const probes = probesOf(profiles, 30);
  assert.is(nameOf(probes[0] as ReadRequest), 'holding 0', 'the commonest');
  assert.ok(
    probes.every(({ count }) => count === 1),
    'one register each',
  );
  const firsts = profiles.flatMap((profile) => plannedReads(profile).slice(0, 1)).map(nameOf);
  assert.equal(new Set(probes.map(nameOf)), new Set(['holding 0', ...firsts]), 'and the first of each profile');
  assert.is(new Set(probes.map(nameOf)).size, probes.length, 'none twice');
  assert.is(probesOf(profiles, 2).length, 2, 'bounded');
});

test.run();
