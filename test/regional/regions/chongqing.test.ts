import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../../src/lift/events.ts';
import { SERVICE_MODES } from '../../../src/lift/signals.ts';
import { chongqing } from '../../../src/regional/regions/chongqing.ts';
import { records } from '../../uplink/samples.ts';
import { faultRecord, live, modeRecord, ON_THE_RUN, report, totalsRecord } from '../mapped.ts';

type Fault = { readonly [key: string]: unknown };

const faultsOf = (post: ReturnType<typeof report>) => (post?.body.faults ?? []) as Fault[];
const codeOf = (post: ReturnType<typeof report>) => faultsOf(post)[0]?.sourceFaultTypeCode;

test('the numbers of the catalogue, each with its name and flag', () => {
  const table = FAULTS.flatMap((fault) => {
    const post = report(chongqing, faultRecord(fault));
    const [what] = faultsOf(post);
    if (!what) return [];
    const slug = String(what.sourceFaultTypeSlug);
    assert.is(what[slug], 1, `${fault}: the flag ${slug} is set`);
    return [`${fault} ${what.sourceFaultTypeCode} ${slug} ${what.sourceFaultTypeName}`];
  });
  assert.equal(
    table,
    [
      'entrapment 93 entrap 平层关人',
      'alarm-button 90 interPhone 用户报警',
      'unintended-car-movement 5 ucmp 开门走车',
      'overtravel-top 92 upLimit 冲顶',
      'overtravel-bottom 91 downLimit 蹲底',
      'moving-with-door-open 5 ucmp 开门走车',
      'safety-chain-open 1 safety 安全回路断路',
      'brake-fault 8 preventReRun 防止电梯再运行故障',
      'stopped-outside-door-zone 4 levelStop 门区外停梯',
      'run-time-limit 6 timeOver 电动机运转时间限制器动作',
      'restart-prevented 8 preventReRun 防止电梯再运行故障',
      'power-supply-fault 8 preventReRun 防止电梯再运行故障',
      'drive-fault 8 preventReRun 防止电梯再运行故障',
      'drive-temperature 8 preventReRun 防止电梯再运行故障',
      'controller-fault 8 preventReRun 防止电梯再运行故障',
      'load-fault 8 preventReRun 防止电梯再运行故障',
      'door-open-failure 3 notOpen 开门故障',
      'door-close-failure 2 notClose 关门故障',
      'position-lost 7 selector 楼层信息丢失',
    ],
    'the rest has no number there, and is not sent',
  );
});

test('an entrapment has a path of its own; begin and end carry one number', () => {
  const begin = report(chongqing, faultRecord('entrapment', { snapshot: ON_THE_RUN }));
  assert.is(begin?.path, '/api/govern/push/fault-entrap-info/3110-1234', 'the number of the lift at its end');
  const [what] = faultsOf(begin);
  assert.equal(
    what,
    {
      ...{ elevatorCode: '3110-1234', deviceRegisterNumber: '3110-1234', elevatorType: 1 },
      ...{ currentTime: '2026-01-01 08:01:00', collectTime: '2026-01-01 08:00:59' },
      ...{ faultNo: 'box-1-a/entrapment@59000', sourceFaultTypeCode: '93', sourceFaultTypeName: '平层关人' },
      // Off level it has no other number.
      ...{ sourceFaultTypeSlug: 'entrap', entrap: 1, entrap2: 0, recovery: 0 },
      remark: '平层关人；救援标识码 12345；1 Example Road, entrance 2',
    },
    'the whole of it',
  );
  const end = faultRecord('entrapment', { phase: 'end', atMs: 60_000, snapshot: {} });
  const [over] = faultsOf(report(chongqing, end));
  assert.is(over?.recovery, 1, 'an end is a recovery');
  assert.is(over?.faultNo, what?.faultNo, 'of the same number');
  const running = begin?.body.running as Fault;
  assert.is(running.collectTime, '2026-01-01 08:00:59', 'the state beside it is that of the raising');
  assert.is(running.speed, 1.74, 'in m/s, without a direction');
});

test('changes of mode are among the faults', () => {
  const codes = SERVICE_MODES.map((mode) => codeOf(report(chongqing, modeRecord(mode, 'earthquake'))));
  assert.equal(codes, ['42', '40', '43', '44', '45', '46', '47', undefined], 'by their numbers');
  assert.is(report(chongqing, modeRecord('normal', null)), null, 'the first word of a box is no return to normal');
  assert.is(report(chongqing, modeRecord('normal', 'unknown')), null, 'nor is the first of a controller');
  assert.is(
    codeOf(report(chongqing, modeRecord('inspection', null))),
    '43',
    'inspection is told though it is the first',
  );
  const post = report(chongqing, modeRecord('inspection'));
  assert.is(post?.path, '/api/govern/push/fault-info/3110-1234', 'on the path of faults');
  assert.is(faultsOf(post)[0]?.faultNo, 'box-1-0badcafe.1-7', 'under the number of the record');
});

test('a number of the site file goes before the list, and brings no flag of another', () => {
  const [what] = faultsOf(report(chongqing, faultRecord('overspeed'), { overspeed: '94' }));
  assert.is(what?.sourceFaultTypeCode, '94', 'as it was given');
  assert.is(what?.sourceFaultTypeName, '超速', 'by our own name');
  assert.is(what?.sourceFaultTypeSlug, undefined, 'no flag is known for it');
});

test('the samples of every type: faults, modes and totals are sent, the rest has no place', () => {
  const sent = records
    .filter((record) => record.lift !== null && report(chongqing, record))
    .map(({ body }) => body.type);
  assert.equal(sent, ['fault', 'fault', 'mode', 'totals'], 'in their order');
  const paths = [report(chongqing, totalsRecord)?.path, live(chongqing, ON_THE_RUN).path];
  const expected = ['/api/govern/push/periodic-info/3110-1234', '/api/govern/push/running-info/3110-1234'];
  assert.equal(paths, expected, 'statistics and state');
});

test.run();
