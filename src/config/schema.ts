/**
 * The site file: one schema for validation, defaults, editor completion (site.schema.json) and the reference page
 * (REFERENCE.md). Units end the names. Every description says what the value is and what the default rests on.
 */

import * as v from 'valibot';
import { t } from '../language.ts';
import { INPUT_SIGNALS } from '../lift/signals.ts';
import { about } from './about.ts';
import { id, ms, text, whole } from './schema-parts.ts';
import { regionalPlatform, uplink } from './schema-platforms.ts';

export const BAUDS = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] as const;

const busCommon = {
  id: v.pipe(id, about('Name of the line; lifts refer to it.', '总线名称，供电梯引用。')),
  responseTimeoutMs: v.optional(
    v.pipe(
      ms(10, 10_000),
      about(
        'How long a slave may take to begin and finish its reply. Default of products.',
        '从站开始并答完的时限。产品常用值。',
      ),
    ),
    300,
  ),
  lateReplyWindowMs: v.optional(
    v.pipe(
      ms(0, 60_000),
      about(
        'After a slave timed out, how long it is left alone, so that its late reply cannot pass for the next one (other slaves go on). At least its slowest answer.',
        '从站超时后暂停询问它的时间，以免迟到的应答被当成下一个应答（其他从站照常）。不短于其最慢应答。',
      ),
    ),
    1000,
  ),
};

const rtuBus = v.strictObject({
  ...busCommon,
  type: v.pipe(v.literal('rtu'), about('A serial line.', '串行总线。')),
  path: v.pipe(
    text,
    about(
      'The port. Use /dev/serial/by-id/..., which keeps its name when the adapter is plugged in elsewhere.',
      '串口。请用 /dev/serial/by-id/…，换插口后名称不变。',
    ),
  ),
  baud: v.optional(v.pipe(v.picklist(BAUDS), about('Bits per second.', '波特率。')), 9600),
  parity: v.optional(
    v.pipe(v.picklist(['none', 'even', 'odd']), about('Modbus asks for even.', '校验位，Modbus 标准为 even。')),
    'even',
  ),
  stopBits: v.optional(
    v.pipe(
      v.picklist([1, 2]),
      about('1 with parity, 2 without, in the standard.', '停止位：标准规定有校验为 1，无校验为 2。'),
    ),
    1,
  ),
  rs485: v.optional(
    v.pipe(
      v.picklist(['rts-high', 'rts-low']),
      about(
        'Only for a UART whose RTS line turns the RS-485 driver: its level while sending. USB adapters turn themselves.',
        '仅用于由 RTS 控制收发方向的板载 UART：发送时 RTS 的电平。USB 适配器自动收发，无需填写。',
      ),
    ),
  ),
  listen: v.optional(
    v.pipe(
      v.boolean(),
      about(
        'Another master polls this line, or its controllers push frames: it is only listened to, and never written to. scanIntervalMs is then how often that master reads, or a frame comes.',
        '该总线已有主站，或控制器主动发送帧：只监听，绝不发送。scanIntervalMs 填该主站的读取周期或发送周期。',
      ),
    ),
    false,
  ),
});

const tcpBus = v.strictObject({
  ...busCommon,
  type: v.pipe(
    v.literal('tcp'),
    about('Modbus TCP, or a gateway from TCP to a serial line.', 'Modbus TCP，或 TCP 转串口网关。'),
  ),
  host: v.pipe(text, about('Address of the controller or gateway.', '控制器或网关的地址。')),
  port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.', 'TCP 端口。')), 502),
});

const limits = v.strictObject({
  safetyChainOpenLimitMs: v.optional(
    v.pipe(
      ms(0, 60_000),
      about(
        'Safety chain open for longer is a fault. Default of products.',
        '安全回路断开超过此时间为故障。产品常用值。',
      ),
    ),
    0,
  ),
  doorCloseLimitMs: v.optional(
    v.pipe(
      ms(1000, 600_000),
      about(
        'From the start of closing to proven closed. Default of products.',
        '从开始关门到关门到位的时限。产品常用值。',
      ),
    ),
    15_000,
  ),
  doorOpenLimitMs: v.optional(
    v.pipe(
      ms(1000, 600_000),
      about(
        'From the end of a trip at a landing to the door opening. Default of products.',
        '到站后至开门的时限。产品常用值。',
      ),
    ),
    10_000,
  ),
  doorHeldOpenLimitMs: v.optional(
    v.pipe(
      ms(5000, 3_600_000),
      about('Door open for longer is a fault. Default of products.', '开门超过此时间为故障。产品常用值。'),
    ),
    120_000,
  ),
  stoppedOutsideDoorZoneLimitMs: v.optional(
    v.pipe(
      ms(5000, 600_000),
      about('Stopped out of the door zone. 30 s is known to be too short.', '停在开锁区域外的时限，已知 30 秒过短。'),
    ),
    60_000,
  ),
  entrapmentAtLandingLimitMs: v.optional(
    v.pipe(
      ms(5000, 600_000),
      about(
        'Passenger behind closed doors at a landing. Default of products.',
        '平层位置关门且有人的时限。产品常用值。',
      ),
    ),
    90_000,
  ),
  entrapmentOffLevelLimitMs: v.optional(
    v.pipe(
      ms(5000, 600_000),
      about(
        'Passenger behind closed doors, stopped off level. Default of products.',
        '非平层停梯、关门且有人的时限。产品常用值。',
      ),
    ),
    60_000,
  ),
  runTimeLimitMs: v.optional(
    v.pipe(
      v.nullable(ms(20_000, 600_000)),
      about(
        'Running for longer with no landing passed. null: the shorter of 45 s and full travel + 10 s, at least 20 s (to check against EN 81-20).',
        '持续运行而未经过层站的时限。null：45 秒与全程时间加 10 秒中较短者，且不少于 20 秒（待与 EN 81-20 核对）。',
      ),
    ),
    null,
  ),
  doorOpenWhileRunningLimitMs: v.optional(
    v.pipe(
      ms(0, 1000),
      about(
        'Door seen open on the run for longer: two looks 10 ms apart. Default of products.',
        '运行中开门的时限：相隔 10 毫秒看两次。产品常用值。',
      ),
    ),
    20,
  ),
  contradictionLimitMs: v.optional(
    v.pipe(
      ms(200, 60_000),
      about(
        'Two sources of one fact disagree for longer. Default of ours.',
        '同一状态的两个来源不一致的时限。本产品默认值。',
      ),
    ),
    3000,
  ),
  controllerSilentLimitMs: v.optional(
    v.pipe(
      ms(1000, 600_000),
      about('No reply from the controller for longer. Default of ours.', '控制器无应答的时限。本产品默认值。'),
    ),
    10_000,
  ),
  positionLostLimitMs: v.optional(
    v.pipe(
      ms(0, 60_000),
      about(
        'Level count and controller name different landings at rest for longer. Default of ours.',
        '停梯时平层计数与控制器层站不一致的时限。本产品默认值。',
      ),
    ),
    2000,
  ),
  overtravelLimitMm: v.optional(
    v.pipe(
      whole(20, 1000),
      about(
        'Car beyond an end landing by more, where a position is read. Default of ours.',
        '读得到位置时，轿厢越过端站超过此距离为故障。本产品默认值。',
      ),
    ),
    100,
  ),
  alarmPressLimitMs: v.optional(
    v.pipe(
      ms(0, 3000),
      about(
        'Alarm button pressed for longer is an alarm. Default of ours (to check against EN 81-28).',
        '报警按钮按下超过此时间为报警。本产品默认值（待与 EN 81-28 核对）。',
      ),
    ),
    500,
  ),
  restartLimitMs: v.optional(
    v.pipe(
      ms(5000, 600_000),
      about(
        'A call or start command waits, the door is closed, and the car does not start. Default of ours.',
        '有呼梯或启动指令、门已关闭而不启动的时限。本产品默认值。',
      ),
    ),
    60_000,
  ),
  overspeedLimitPercent: v.optional(
    v.pipe(
      whole(105, 150),
      about(
        'Faster than this share of the rated speed is overspeed; the governor acts from 115 %. Default of products.',
        '超过额定速度的此百分比为超速，限速器自 115 % 动作。产品常用值。',
      ),
    ),
    120,
  ),
  brakeLimitMs: v.optional(
    v.pipe(
      ms(200, 60_000),
      about(
        'The brake signal contradicts the movement of the car for longer. Default of ours.',
        '制动器信号与轿厢运行矛盾的时限。本产品默认值。',
      ),
    ),
    3000,
  ),
  powerLossLimitMs: v.optional(
    v.pipe(
      ms(0, 600_000),
      about('Mains absent for longer is a fault. Default of ours.', '市电中断超过此时间为故障。本产品默认值。'),
    ),
    1000,
  ),
  holdOffMs: v.optional(
    v.pipe(
      ms(0, 600_000),
      about(
        'A fault that ended begins again no sooner. Never applied to entrapment.',
        '故障结束后再次报出的最短间隔，困人不受此限。',
      ),
    ),
    2000,
  ),
});

const settleMs = v.optional(
  v.pipe(
    ms(0, 5000),
    about(
      'The level must stand this long to count. Default: that of the signal.',
      '电平须保持此时间才算数。省略则取该信号的默认值。',
    ),
  ),
);

const inputLineSettings = {
  chip: v.pipe(
    text,
    about(
      'Label of the GPIO chip: pinctrl-bcm2711 (Pi 4), pinctrl-rp1 (Pi 5).',
      'GPIO 芯片标签：pinctrl-bcm2711（Pi 4）、pinctrl-rp1（Pi 5）。',
    ),
  ),
  offset: v.pipe(
    whole(0, 1023),
    about('Line on that chip; GPIO17 of the header is offset 17.', '该芯片上的线号，GPIO17 即 17。'),
  ),
  activeLow: v.optional(
    v.pipe(v.boolean(), about('The contact pulls the line to ground.', '触点闭合时把线拉到地。')),
    true,
  ),
  settleMs,
};
const inputLine = v.strictObject(inputLineSettings);

const moduleInput = v.strictObject({
  bus: v.pipe(text, about('id of the line that the remote-IO module is on.', '远程 IO 模块所在总线的 id。')),
  unit: v.pipe(
    whole(1, 247),
    about('Slave address of the module; no controller has it.', '模块的从站地址，不与控制器相同。'),
  ),
  table: v.pipe(
    v.picklist(['discrete', 'coil', 'input', 'holding']),
    about('Where the module shows its inputs.', '模块输入所在的表。'),
  ),
  address: v.pipe(
    whole(0, 65_535),
    about(
      'On the wire, from 0: 10001, 1x0001 and 40001 of a manual are 0.',
      '线上地址，从 0 起：说明书的 10001、40001 即 0。',
    ),
  ),
  bit: v.optional(
    v.pipe(
      whole(0, 15),
      about(
        'Bit of the register, 0 the lowest. Without it a register that is not 0 is on.',
        '寄存器的位，0 为最低位。省略则非 0 为接通。',
      ),
    ),
  ),
  activeLow: v.optional(v.pipe(v.boolean(), about('On where the module says 0.', '模块为 0 时为接通。')), false),
  scanIntervalMs: v.optional(
    v.pipe(
      ms(20, 60_000),
      about(
        'How often it is read; the shortest among the inputs of a module counts for all of them.',
        '读取间隔；同一模块取其输入中最短者。',
      ),
    ),
    100,
  ),
  staleAfterMs: v.optional(
    v.pipe(
      ms(100, 600_000),
      about(
        'Without a reply for this long the input is unknown. Default: two scans and a time-out.',
        '超过此时间无应答，该输入视为未知。默认为两次扫描加一次超时。',
      ),
    ),
  ),
  settleMs,
});

/** A line of a GPIO chip, or of a Modbus module: `bus` tells which. */
const liftInput = v.variant('bus', [v.strictObject({ ...inputLineSettings, bus: v.optional(v.never()) }), moduleInput]);

const landing = v.strictObject({
  marking: v.pipe(
    text,
    about('As passengers read it: there may be no 4, or a B1.', '乘客看到的层站标识，可以没有 4 层，也可以是 B1。'),
  ),
  heightMm: v.pipe(
    whole(-200_000, 2_000_000),
    about('Height of the sill above any fixed level, mm, rising.', '地坎高度，mm，以任一固定面为零，自下而上递增。'),
  ),
});

const lift = v.strictObject({
  id: v.pipe(id, about('Name of the lift in topics and files.', '电梯在主题和文件中的名称。')),
  registrationNumber: v.pipe(text, about('Registration number of the equipment (设备注册代码).', '设备注册代码。')),
  rescueLabelNumber: v.pipe(
    v.string(),
    v.regex(/^\d{5}$/, t('the five digits of the rescue label, in quotes', '救援标识牌的五位数字，加引号')),
    about(
      'Five digits of the 96333/96196 rescue label in the car (救援标识码).',
      '轿厢内 96333/96196 救援标识牌的五位数字。',
    ),
  ),
  address: v.pipe(
    text,
    about('Where the rescuer goes: street, building, entrance.', '救援人员前往的地址：街道、楼栋、入口。'),
  ),
  firstRegistered: v.optional(
    v.pipe(
      whole(1900, 2100),
      about('Year of first registration (15 years and older are assessed).', '首次登记年份（满 15 年须评估）。'),
    ),
  ),
  maintainer: v.optional(
    v.pipe(
      v.strictObject({
        name: v.pipe(text, about('Company.', '单位名称。')),
        phone: v.optional(v.pipe(text, about('Answered day and night.', '昼夜有人接听的电话。'))),
      }),
      about('Who maintains it and answers at night.', '维保单位及夜间电话。'),
    ),
  ),
  ratedSpeedMmPerS: v.pipe(
    whole(100, 20_000),
    about('Rated speed, mm/s: 1.75 m/s is 1750.', '额定速度，mm/s：1.75 m/s 写 1750。'),
  ),
  landings: v.pipe(
    v.array(landing),
    v.minLength(2, t('at least two landings', '至少两个层站')),
    about('From the lowest to the highest.', '层站，自下而上。'),
  ),
  baseLanding: v.optional(
    v.pipe(
      text,
      about(
        'Marking of the landing with the base switch. Default: the lowest.',
        '装有基站开关的层站标识。默认最低层。',
      ),
    ),
  ),
  emptyCarParksClosed: v.optional(
    v.pipe(
      v.boolean(),
      about(
        'An empty car may end a trip and keep its doors closed (homing, parking): then only a car with a passenger can raise door-open-failure.',
        '空轿厢到站后可以不开门（返基站、泊梯）：此时只有轿厢有人才报不开门故障。',
      ),
    ),
    true,
  ),
  controller: v.optional(
    v.pipe(
      v.strictObject({
        profile: v.pipe(
          text,
          about(
            'A file of seeds/controllers, without .yaml, or a path to one beside the site file.',
            'seeds/controllers 中的文件名（不带 .yaml），或相对站点文件的路径。',
          ),
        ),
        bus: v.pipe(text, about('id of the line it is on.', '所在总线的 id。')),
        unit: v.pipe(whole(1, 247), about('Slave address.', '从站地址。')),
        scanIntervalMs: v.optional(
          v.pipe(ms(20, 60_000), about('How often its fast fields are read.', '快速字段的读取间隔。')),
          200,
        ),
        slowIntervalMs: v.optional(
          v.pipe(ms(200, 3_600_000), about('How often its slow fields are read.', '慢速字段的读取间隔。')),
          5000,
        ),
        staleAfterMs: v.optional(
          v.pipe(
            ms(100, 600_000),
            about(
              'Without a reply for this long its signals are unknown. Default: two scans and a time-out.',
              '超过此时间无应答，其信号视为未知。默认为两次扫描加一次超时。',
            ),
          ),
        ),
      }),
      about('Leave out where the lift has add-on sensors only.', '仅加装传感器的电梯省略此项。'),
    ),
  ),
  inputs: v.optional(
    v.pipe(
      v.strictObject(
        Object.fromEntries(INPUT_SIGNALS.map((name) => [name, v.optional(liftInput)])) as {
          [K in (typeof INPUT_SIGNALS)[number]]: v.OptionalSchema<typeof liftInput, undefined>;
        },
      ),
      about(
        'Volt-free contacts, by what they tell: each on a GPIO line, or on a Modbus module.',
        '无源触点，按其含义列出：接 GPIO 或 Modbus 模块。',
      ),
    ),
    {},
  ),
  limits: v.optional(v.pipe(limits, about('Limits of judgement for this lift.', '本梯的判定时限。')), {}),
});

const boxLimits = v.strictObject({
  powerLostLimitMs: v.optional(
    v.pipe(
      ms(0, 600_000),
      about(
        'Supply of the box absent for longer is a fault. Default of ours.',
        '本机外部供电中断超过此时间为故障。本产品默认值。',
      ),
    ),
    1000,
  ),
  batteryLowLimitMs: v.optional(
    v.pipe(
      ms(0, 600_000),
      about(
        'Battery told to be bad for longer is a fault. Default of ours.',
        '蓄电池异常超过此时间为故障。本产品默认值。',
      ),
    ),
    10_000,
  ),
  uplinkLostLimitMs: v.optional(
    v.pipe(
      ms(1000, 86_400_000),
      about(
        'No session with the broker for longer is a fault. Default of ours.',
        '与服务器断开超过此时间为故障。本产品默认值。',
      ),
    ),
    300_000,
  ),
  clockUntrustedLimitMs: v.optional(
    v.pipe(
      ms(1000, 86_400_000),
      about(
        'Clock not synchronised for longer after the start is a fault; a clock that was stepped is one after 10 s. Default of ours.',
        '启动后时钟未同步超过此时间为故障；时钟被拨动则 10 秒后即为故障。本产品默认值。',
      ),
    ),
    600_000,
  ),
  temperatureLowC: v.optional(
    v.pipe(
      whole(-40, 40),
      about('The machine room colder than this is a fault. EN 81-20: 5 °C.', '机房低于此温度为故障。EN 81-20：5 °C。'),
    ),
    5,
  ),
  temperatureHighC: v.optional(
    v.pipe(
      whole(10, 90),
      about(
        'The machine room warmer than this is a fault. EN 81-20: 40 °C.',
        '机房高于此温度为故障。EN 81-20：40 °C。',
      ),
    ),
    40,
  ),
  temperatureLimitMs: v.optional(
    v.pipe(
      ms(0, 86_400_000),
      about('It is one after so long. Default of ours.', '超限持续此时间后报出。本产品默认值。'),
    ),
    600_000,
  ),
  holdOffMs: v.optional(
    v.pipe(ms(0, 600_000), about('A fault that ended begins again no sooner.', '故障结束后再次报出的最短间隔。')),
    2000,
  ),
});

export const siteSchema = v.strictObject({
  version: v.pipe(v.literal(1), about('Version of this format.', '本格式的版本。')),
  box: v.pipe(
    v.strictObject({
      id: v.pipe(id, about('Name of the box, unique in the city.', '本机名称，全市唯一。')),
      stateDir: v.optional(
        v.pipe(
          text,
          about(
            "Where the outbox and captures are kept. Default: systemd's $STATE_DIRECTORY, or ./state.",
            '存储和录波的目录。默认为 systemd 的 $STATE_DIRECTORY，或 ./state。',
          ),
        ),
      ),
      inputs: v.optional(
        v.pipe(
          v.strictObject({ powerPresent: v.optional(inputLine), batteryOk: v.optional(inputLine) }),
          about(
            "Volt-free contacts of the box's own supply. powerPresent: off while it runs from its battery; batteryOk: off where that is low or has failed (EN 81-28: at least 1 h, its failure reported). They settle for 100 ms.",
            '本机电源的无源触点。powerPresent：由蓄电池供电时为断；batteryOk：蓄电池欠压或失效时为断（EN 81-28：至少 1 小时，失效须上报）。默认稳定 100 毫秒。',
          ),
        ),
        {},
      ),
      thermometer: v.optional(
        v.pipe(
          v.strictObject({
            oneWire: v.pipe(
              v.string(),
              v.regex(
                /^[0-9a-f]{2}-[0-9a-f]{12}$/,
                t('as the kernel names it: 28-0316a2795f3e', '内核命名，如 28-0316a2795f3e'),
              ),
              about(
                'Number of a 1-wire sensor, as under /sys/bus/w1/devices.',
                '1-wire 传感器编号，见 /sys/bus/w1/devices。',
              ),
            ),
          }),
          about('The temperature of the machine room.', '机房温度。'),
        ),
      ),
      limits: v.optional(
        v.pipe(boxLimits, about('Limits of the faults of the box itself.', '本机自身故障的时限。')),
        {},
      ),
    }),
    about('This box.', '本机。'),
  ),
  buses: v.optional(
    v.pipe(v.array(v.variant('type', [rtuBus, tcpBus])), about('Lines to controllers.', '连接控制器的总线。')),
    [],
  ),
  lifts: v.pipe(
    v.array(lift),
    v.minLength(1, t('at least one lift', '至少一台电梯')),
    v.maxLength(8, t('at most eight lifts to a box', '每台设备最多八台电梯')),
    about('The lifts of this machine room.', '本机房的电梯。'),
  ),
  uplink: v.optional(
    v.pipe(
      uplink,
      about("The city's platform. Leave out to keep everything on the box.", '城市平台。省略则数据只留在本机。'),
    ),
  ),
  maintainerUplink: v.optional(
    v.pipe(
      uplink,
      about(
        "The maintainer's platform, beside the city's: it gets the same records, each in its own time.",
        '维保单位平台，与城市平台并行：各自独立接收相同记录。',
      ),
    ),
  ),
  regionalPlatform: v.optional(
    v.pipe(
      regionalPlatform,
      about(
        "A city's or region's platform that takes HTTP: alarms at once, the state of each lift now and then, statistics once a day.",
        '通过 HTTP 接入的城市或区域平台：报警立即上报，实时状态限频上报，统计数据每日上报。',
      ),
    ),
  ),
  outbox: v.optional(
    v.pipe(
      v.strictObject({
        outageHours: v.optional(
          v.pipe(
            whole(1, 10_000),
            about(
              'Hours without a network that it holds, at 1,000 trips a day and lift: 8 MiB and 40 KiB an hour and lift. One eighth of it is for alarms alone.',
              '断网时可保存的小时数，按每台每天 1000 次运行计：8 MiB 加每台每小时 40 KiB，其中八分之一专供报警。',
            ),
          ),
          720,
        ),
        telemetryWaitMs: v.optional(
          v.pipe(
            ms(0, 3_600_000),
            about(
              'Telemetry is written to the disk so often at most, and that much of it a power cut may take. Alarms are written at once.',
              '遥测数据写盘的最长间隔，断电最多丢失这段时间的数据；报警立即写盘。',
            ),
          ),
          180_000,
        ),
      }),
      about('Events on disk until the broker has acknowledged them.', '事件存盘，直至服务器确认。'),
    ),
    {},
  ),
  recorder: v.optional(
    v.pipe(
      v.strictObject({
        keepMs: v.optional(
          v.pipe(
            ms(10_000, 3_600_000),
            about('How much of the past a capture of a fault holds.', '故障录波包含的之前时长。'),
          ),
          180_000,
        ),
        afterMs: v.optional(
          v.pipe(ms(0, 600_000), about('How long it goes on after the fault.', '故障后继续录的时长。')),
          30_000,
        ),
        maxMiB: v.optional(
          v.pipe(
            whole(1, 100_000),
            about(
              'Most that captures may take of the disk; the oldest go first.',
              '录波最多占用的磁盘空间，先删最旧的。',
            ),
          ),
          64,
        ),
      }),
      about('Captures of the lines and inputs around each fault.', '每次故障前后的总线和输入录波。'),
    ),
    {},
  ),
  page: v.optional(
    v.pipe(
      v.nullable(
        v.strictObject({
          host: v.optional(
            v.pipe(
              text,
              about('Address to listen on; loopback unless you know why.', '监听地址，无特别理由请用本机回环。'),
            ),
            '127.0.0.1',
          ),
          port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.', 'TCP 端口。')), 8080),
        }),
      ),
      about('The page of the box. null: none.', '本机网页。null 表示不开。'),
    ),
    {},
  ),
  opcua: v.optional(
    v.pipe(
      v.strictObject({
        host: v.optional(v.pipe(text, about('Address to listen on.', '监听地址。')), '127.0.0.1'),
        port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.', 'TCP 端口。')), 4840),
      }),
      about('OPC UA server in a process of its own. Leave out for none.', '独立进程的 OPC UA 服务，省略则不开。'),
    ),
  ),
});

/** A site file with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;
export type SiteBox = Site['box'];
export type SiteLift = Site['lifts'][number];
export type SiteInput = NonNullable<SiteLift['inputs'][keyof SiteLift['inputs']]>;
/** An input on a Modbus module. */
export type ModuleInput = Extract<SiteInput, { bus: string }>;
export type SiteBus = Site['buses'][number];
export type SiteUplink = NonNullable<Site['uplink']>;
export type SiteRegionalPlatform = NonNullable<Site['regionalPlatform']>;
