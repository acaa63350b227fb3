/** A city's broker, a maintainer's and a regional platform beside each other: each gets all, in its own time. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import { startRegional } from '../../src/regional/engine.ts';
import { startUplink } from '../../src/uplink/engine.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import { FakeBroker } from '../uplink/fake-broker.ts';
import { uplinkSettings } from '../uplink/rig.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';
import { FakePlatform, status, TOKEN } from './fake-platform.ts';
import { alarm, entrapment, owed, PASSWORD, totals, trip } from './rig.ts';
import { site } from './site.ts';

test('a platform that is ill holds up no broker, and the outbox keeps what it is owed', async () => {
  const clock = new VirtualClock();
  const outbox = new WatchedOutbox({ readers: ['maintainer', 'regional'] });
  const brokers = { city: new FakeBroker(), maintainer: new FakeBroker() };
  const platform = new FakePlatform();
  const good = platform.reply;
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : status(503));
  const dialect = plainDialect(uplinkSettings.topicPrefix, 'box-1', () => outbox.boot);
  const common = { boxId: 'box-1', outbox, clock, random: () => 0.5, remark: () => undefined };
  const uplinks = (['city', 'maintainer'] as const).map((reader) =>
    startUplink({ ...common, reader, uplink: uplinkSettings, client: brokers[reader], dialect }),
  );
  const { regionalPlatform, lifts } = site();
  const regional = startRegional({
    ...{ ...common, platform: regionalPlatform, lifts, http: platform, snapshot: () => ({}), clockSet: () => true },
    contentOf: async (file) => (file === undefined ? null : Buffer.from(PASSWORD)),
  });
  await outbox.append([alarm(), totals(), entrapment(), trip(), alarm('overspeed')]);
  await clock.advance(5000);
  for (const broker of Object.values(brokers)) {
    const seqs = broker.delivered.map(({ message }) => message.seq).sort((a, b) => a - b);
    assert.equal(seqs, [1, 2, 3, 4, 5], 'a broker has all five');
  }
  assert.is(await owed(outbox), 4, 'the platform is owed all but the one that has no number there');
  assert.equal(await outbox.read('alarm', 0, 10, 'city'), [], 'the city nothing');
  platform.reply = good;
  await clock.advance(60_000);
  assert.is(await owed(outbox), 0, 'and it gets them when it is well');
  assert.is(regional.state.sent, 3, 'those for which it has a place');
  assert.is(await outbox.waiting(), 0, 'then the outbox is empty');
  const stops = [...uplinks, regional].map((each) => each.stop());
  await clock.advance(5000);
  await Promise.all(stops);
});

test.run();
