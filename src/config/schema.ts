/**
 * The site file: one schema for validation, defaults, editor completion (site.schema.json) and the reference page
 * (REFERENCE.md). Units end the names. Every description says what the value is and what the default rests on.
 */

import * as v from 'valibot';
import { INPUT_SIGNALS } from '../lift/signals.ts';

const about = v.description;
const id = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a short name of a-z, 0-9 and -, beginning with a letter or digit'),
);
const text = v.pipe(v.string(), v.minLength(1, 'some text'));
const whole = (low: number, high: number) =>
  v.pipe(
    v.number(),
    v.integer(`a whole number from ${low} to ${high}`),
    v.minValue(low, `a whole number from ${low} to ${high}`),
    v.maxValue(high, `a whole number from ${low} to ${high}`),
  );
const ms = (low: number, high: number) => whole(low, high);

export const BAUDS = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] as const;

const busCommon = {
  id: v.pipe(id, about('Name of the line; lifts refer to it.')),
  responseTimeoutMs: v.optional(
    v.pipe(ms(10, 10_000), about('How long a slave may take to begin and finish its reply. Default of products.')),
    300,
  ),
  lateReplyWindowMs: v.optional(
    v.pipe(
      ms(0, 60_000),
      about(
        'After a slave timed out, how long it is left alone, so that its late reply cannot pass for the next one (other slaves go on). At least its slowest answer.',
      ),
    ),
    1000,
  ),
};

const rtuBus = v.strictObject({
  ...busCommon,
  type: v.pipe(v.literal('rtu'), about('A serial line.')),
  path: v.pipe(
    text,
    about('The port. Use /dev/serial/by-id/..., which keeps its name when the adapter is plugged in elsewhere.'),
  ),
  baud: v.optional(v.pipe(v.picklist(BAUDS), about('Bits per second.')), 9600),
  parity: v.optional(v.pipe(v.picklist(['none', 'even', 'odd']), about('Modbus asks for even.')), 'even'),
  stopBits: v.optional(v.pipe(v.picklist([1, 2]), about('1 with parity, 2 without, in the standard.')), 1),
});

const tcpBus = v.strictObject({
  ...busCommon,
  type: v.pipe(v.literal('tcp'), about('Modbus TCP, or a gateway from TCP to a serial line.')),
  host: v.pipe(text, about('Address of the controller or gateway.')),
  port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.')), 502),
});

const limits = v.strictObject({
  safetyChainOpenLimitMs: v.optional(
    v.pipe(ms(0, 60_000), about('Safety chain open for longer is a fault. Default of products.')),
    0,
  ),
  doorCloseLimitMs: v.optional(
    v.pipe(ms(1000, 600_000), about('From the start of closing to proven closed. Default of products.')),
    15_000,
  ),
  doorOpenLimitMs: v.optional(
    v.pipe(ms(1000, 600_000), about('From the end of a trip at a landing to the door opening. Default of products.')),
    10_000,
  ),
  doorHeldOpenLimitMs: v.optional(
    v.pipe(ms(5000, 3_600_000), about('Door open for longer is a fault. Default of products.')),
    120_000,
  ),
  stoppedOutsideDoorZoneLimitMs: v.optional(
    v.pipe(ms(5000, 600_000), about('Stopped out of the door zone. 30 s is known to be too short.')),
    60_000,
  ),
  entrapmentAtLandingLimitMs: v.optional(
    v.pipe(ms(5000, 600_000), about('Passenger behind closed doors at a landing. Default of products.')),
    90_000,
  ),
  entrapmentOffLevelLimitMs: v.optional(
    v.pipe(ms(5000, 600_000), about('Passenger behind closed doors, stopped off level. Default of products.')),
    60_000,
  ),
  runTimeLimitMs: v.optional(
    v.pipe(
      v.nullable(ms(20_000, 600_000)),
      about(
        'Running for longer with no landing passed. null: the shorter of 45 s and full travel + 10 s, at least 20 s (to check against EN 81-20).',
      ),
    ),
    null,
  ),
  doorOpenWhileRunningLimitMs: v.optional(
    v.pipe(ms(0, 1000), about('Door seen open on the run for longer: two looks 10 ms apart. Default of products.')),
    20,
  ),
  contradictionLimitMs: v.optional(
    v.pipe(ms(200, 60_000), about('Two sources of one fact disagree for longer. Default of ours.')),
    3000,
  ),
  controllerSilentLimitMs: v.optional(
    v.pipe(ms(1000, 600_000), about('No reply from the controller for longer. Default of ours.')),
    10_000,
  ),
  positionLostLimitMs: v.optional(
    v.pipe(
      ms(0, 60_000),
      about('Level count and controller name different landings at rest for longer. Default of ours.'),
    ),
    2000,
  ),
  overtravelLimitMm: v.optional(
    v.pipe(whole(20, 1000), about('Car beyond an end landing by more, where a position is read. Default of ours.')),
    100,
  ),
  holdOffMs: v.optional(
    v.pipe(ms(0, 600_000), about('A fault that ended begins again no sooner. Never applied to entrapment.')),
    2000,
  ),
});

const inputLine = v.strictObject({
  chip: v.pipe(text, about('Label of the GPIO chip: pinctrl-bcm2711 (Pi 4), pinctrl-rp1 (Pi 5).')),
  offset: v.pipe(whole(0, 1023), about('Line on that chip; GPIO17 of the header is offset 17.')),
  activeLow: v.optional(v.pipe(v.boolean(), about('The contact pulls the line to ground.')), true),
  settleMs: v.optional(
    v.pipe(ms(0, 5000), about('The level must stand this long to count. Null takes the default of the signal.')),
  ),
});

const landing = v.strictObject({
  marking: v.pipe(text, about('As passengers read it: there may be no 4, or a B1.')),
  heightMm: v.pipe(whole(-200_000, 2_000_000), about('Height of the sill above any fixed level, mm, rising.')),
});

const lift = v.strictObject({
  id: v.pipe(id, about('Name of the lift in topics and files.')),
  registrationNumber: v.pipe(text, about('Registration number of the equipment (设备注册代码).')),
  rescueLabelNumber: v.pipe(
    v.string(),
    v.regex(/^\d{5}$/, 'the five digits of the rescue label, in quotes'),
    about('Five digits of the 96333/96196 rescue label in the car (救援标识码).'),
  ),
  address: v.pipe(text, about('Where the rescuer goes: street, building, entrance.')),
  firstRegistered: v.optional(
    v.pipe(whole(1900, 2100), about('Year of first registration (15 years and older are assessed).')),
  ),
  maintainer: v.optional(
    v.pipe(v.strictObject({ name: text, phone: v.optional(text) }), about('Who maintains it and answers at night.')),
  ),
  ratedSpeedMmPerS: v.pipe(whole(100, 20_000), about('Rated speed, mm/s: 1.75 m/s is 1750.')),
  landings: v.pipe(v.array(landing), v.minLength(2, 'at least two landings'), about('From the lowest to the highest.')),
  baseLanding: v.optional(v.pipe(text, about('Marking of the landing with the base switch. Default: the lowest.'))),
  emptyCarParksClosed: v.optional(
    v.pipe(
      v.boolean(),
      about(
        'An empty car may end a trip and keep its doors closed (homing, parking): then only a car with a passenger can raise door-open-failure.',
      ),
    ),
    true,
  ),
  controller: v.optional(
    v.pipe(
      v.strictObject({
        profile: v.pipe(
          text,
          about('A file of seeds/controllers, without .yaml, or a path to one beside the site file.'),
        ),
        bus: v.pipe(text, about('id of the line it is on.')),
        unit: v.pipe(whole(1, 247), about('Slave address.')),
        scanIntervalMs: v.optional(v.pipe(ms(20, 60_000), about('How often its fast fields are read.')), 200),
        slowIntervalMs: v.optional(v.pipe(ms(200, 3_600_000), about('How often its slow fields are read.')), 5000),
        staleAfterMs: v.optional(
          v.pipe(
            ms(100, 600_000),
            about('Without a reply for this long its signals are unknown. Default: two scans and a time-out.'),
          ),
        ),
      }),
      about('Leave out where the lift has add-on sensors only.'),
    ),
  ),
  inputs: v.optional(
    v.pipe(
      v.strictObject(
        Object.fromEntries(INPUT_SIGNALS.map((name) => [name, v.optional(inputLine)])) as {
          [K in (typeof INPUT_SIGNALS)[number]]: v.OptionalSchema<typeof inputLine, undefined>;
        },
      ),
      about('Volt-free contacts, by what they tell.'),
    ),
    {},
  ),
  limits: v.optional(v.pipe(limits, about('Limits of judgement for this lift.')), {}),
});

const uplink = v.strictObject({
  url: v.pipe(
    v.string(),
    v.regex(/^(mqtts?|wss?):\/\/[^\s/]+/, 'mqtt://HOST[:PORT] or mqtts://HOST[:PORT]'),
    about('The broker. mqtts:// for TLS.'),
  ),
  protocol: v.optional(v.pipe(v.picklist(['5', '3.1.1']), about('MQTT version.')), '5'),
  clientId: v.optional(v.pipe(text, about('Default: hoistway-<box id>.'))),
  username: v.optional(text),
  passwordFile: v.optional(v.pipe(text, about('File with the password; %d is the systemd credentials directory.'))),
  caFile: v.optional(v.pipe(text, about('PEM of the authority that signed the broker, where it is not a public one.'))),
  certFile: v.optional(v.pipe(text, about('PEM of this box.'))),
  keyFile: v.optional(v.pipe(text, about('Key of that certificate; %d as above.'))),
  topicPrefix: v.optional(
    v.pipe(v.string(), v.regex(/^[^#+]+$/, 'a topic without # and +'), about('First level of every topic.')),
    'hoistway/v1',
  ),
  window: v.optional(v.pipe(whole(1, 1000), about('Messages on their way at once; the broker may ask for fewer.')), 20),
  keepaliveS: v.optional(v.pipe(whole(5, 3600), about('MQTT keep-alive.')), 30),
  retryMaxMs: v.optional(v.pipe(ms(1000, 3_600_000), about('Longest wait between two attempts to connect.')), 60_000),
});

export const siteSchema = v.strictObject({
  version: v.pipe(v.literal(1), about('Version of this format.')),
  box: v.strictObject({
    id: v.pipe(id, about('Name of the box, unique in the city.')),
    stateDir: v.optional(
      v.pipe(text, about("Where the outbox and captures are kept. Default: systemd's $STATE_DIRECTORY, or ./state.")),
    ),
  }),
  buses: v.optional(v.pipe(v.array(v.variant('type', [rtuBus, tcpBus])), about('Lines to controllers.')), []),
  lifts: v.pipe(
    v.array(lift),
    v.minLength(1, 'at least one lift'),
    v.maxLength(8, 'at most eight lifts to a box'),
    about('The lifts of this machine room.'),
  ),
  uplink: v.optional(v.pipe(uplink, about('Leave out to keep everything on the box.'))),
  outbox: v.optional(
    v.strictObject({
      maxMiB: v.optional(
        v.pipe(
          whole(1, 100_000),
          about('Most that the outbox may take of the disk; one eighth of it is for alarms alone.'),
        ),
        256,
      ),
    }),
    {},
  ),
  recorder: v.optional(
    v.strictObject({
      keepMs: v.optional(
        v.pipe(ms(10_000, 3_600_000), about('How much of the past a capture of a fault holds.')),
        180_000,
      ),
      afterMs: v.optional(v.pipe(ms(0, 600_000), about('How long it goes on after the fault.')), 30_000),
      maxMiB: v.optional(
        v.pipe(whole(1, 100_000), about('Most that captures may take of the disk; the oldest go first.')),
        64,
      ),
    }),
    {},
  ),
  page: v.optional(
    v.pipe(
      v.nullable(
        v.strictObject({
          host: v.optional(v.pipe(text, about('Address to listen on; loopback unless you know why.')), '127.0.0.1'),
          port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.')), 8080),
        }),
      ),
      about('The page of the box. null: none.'),
    ),
    {},
  ),
  opcua: v.optional(
    v.pipe(
      v.strictObject({
        host: v.optional(v.pipe(text, about('Address to listen on.')), '127.0.0.1'),
        port: v.optional(v.pipe(whole(1, 65_535), about('TCP port.')), 4840),
      }),
      about('OPC UA server in a process of its own. Leave out for none.'),
    ),
  ),
});

/** A site file with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;
export type SiteLift = Site['lifts'][number];
export type SiteBus = Site['buses'][number];
export type SiteUplink = NonNullable<Site['uplink']>;
