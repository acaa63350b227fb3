/** Where a box sends to: brokers, a Sparkplug host, a regional platform. */

import * as v from 'valibot';
import { t } from '../language.ts';
import { FAULTS } from '../lift/events.ts';
import { REGION_NAMES } from '../regional/regions.ts';
import { about } from './about.ts';
import { ms, text, whole } from './schema-parts.ts';

const brokerUrl = v.pipe(
  v.string(),
  v.regex(
    /^(mqtts?|wss?):\/\/[^\s/]+/,
    t('mqtt://HOST[:PORT] or mqtts://HOST[:PORT]', 'mqtt://主机[:端口] 或 mqtts://主机[:端口]'),
  ),
);

/** A level of a Sparkplug topic. */
const sparkplugId = v.pipe(v.string(), v.regex(/^[^/+#]{1,100}$/, t('a name without / + and #', '不含 / + # 的名称')));

const sparkplug = v.strictObject({
  group: v.pipe(sparkplugId, about('Group ID of every topic.', '所有主题的组标识（Group ID）。')),
  primaryHost: v.optional(
    v.pipe(
      sparkplugId,
      about(
        'Host ID of the platform. While it is not online nothing is sent, and all is kept.',
        '平台的主控应用标识（Host ID）。其离线时不发送，数据留存本机。',
      ),
    ),
  ),
});

export const uplink = v.strictObject({
  url: v.pipe(brokerUrl, about('The broker. mqtts:// for TLS.', 'MQTT 服务器，TLS 用 mqtts://。')),
  alternatives: v.optional(
    v.pipe(
      v.array(brokerUrl),
      v.maxLength(4, t('at most four', '最多四个')),
      about(
        'More brokers, in order: the next is asked after three failed attempts. All other settings hold for each of them.',
        '备用服务器，按顺序：连续三次失败后换下一个。其余设置对各服务器相同。',
      ),
    ),
    [],
  ),
  protocol: v.optional(v.pipe(v.picklist(['5', '3.1.1']), about('MQTT version.', 'MQTT 版本。')), '5'),
  clientId: v.optional(v.pipe(text, about('Default: hoistway-<box id>.', '默认 hoistway-<box id>。'))),
  username: v.optional(v.pipe(text, about('User name at the broker.', 'MQTT 用户名。'))),
  passwordFile: v.optional(
    v.pipe(
      text,
      about(
        'File with the password; %d is the systemd credentials directory.',
        '存放密码的文件，%d 为 systemd 凭据目录。',
      ),
    ),
  ),
  caFile: v.optional(
    v.pipe(
      text,
      about(
        'PEM of the authority that signed the broker, where it is not a public one.',
        '签发服务器证书的私有 CA 的 PEM 文件。',
      ),
    ),
  ),
  certFile: v.optional(v.pipe(text, about('PEM of this box.', '本机证书的 PEM 文件。'))),
  keyFile: v.optional(v.pipe(text, about('Key of that certificate; %d as above.', '该证书的私钥文件，%d 同上。'))),
  sparkplug: v.optional(
    v.pipe(
      sparkplug,
      about(
        'The platform speaks Sparkplug B 3.0 (topicPrefix is then not used). Left out: the messages of Hoistway.',
        '平台使用 Sparkplug B 3.0（此时不用 topicPrefix）；省略则用本产品的消息。',
      ),
    ),
  ),
  topicPrefix: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[^#+]+$/, t('a topic without # and +', '不含 # 和 + 的主题')),
      about('First level of every topic.', '所有主题的前缀。'),
    ),
    'hoistway/v1',
  ),
  window: v.optional(
    v.pipe(
      whole(1, 1000),
      about('Messages on their way at once; the broker may ask for fewer.', '同时在途的消息数，服务器可要求更少。'),
    ),
    20,
  ),
  keepaliveS: v.optional(v.pipe(whole(5, 3600), about('MQTT keep-alive.', 'MQTT 保活间隔。')), 30),
  payload: v.optional(
    v.pipe(
      v.picklist(['small', 'json']),
      about(
        'small: packed, telemetry in batches; json: each record alone, as plain JSON.',
        'small：压缩，遥测合并发送；json：每条记录单独以 JSON 明文发送。',
      ),
    ),
    'small',
  ),
  batchMs: v.optional(
    v.pipe(
      ms(0, 86_400_000),
      about(
        'Telemetry gathers so long for one small message; faults never wait. 0: as it comes.',
        '遥测数据按此时间合并为一条消息；故障不等待。0 表示随到随发。',
      ),
    ),
    3_600_000,
  ),
  backlogBytesPerS: v.optional(
    v.pipe(
      whole(100, 100_000_000),
      about(
        'Most that telemetry takes of the line; alarms do not wait for it.',
        '遥测数据占用线路的上限，报警不受此限。',
      ),
    ),
    1_048_576,
  ),
  dailyKiB: v.optional(
    v.pipe(
      whole(1, 10_000_000),
      about(
        'Used up, telemetry waits for the next day; alarms go on. Left out: as much as comes.',
        '当日流量用完后遥测数据等到次日，报警照常发送；省略则不限。',
      ),
    ),
  ),
  retryFirstMs: v.optional(
    v.pipe(
      ms(100, 3_600_000),
      about(
        'Limit of the first wait before an attempt to connect; it doubles. A city of N boxes returns to one broker at about N in this time.',
        '首次重连等待的上限，之后倍增。全市设备在此时间内分散重连。',
      ),
    ),
    1000,
  ),
  retryMaxMs: v.optional(
    v.pipe(ms(1000, 3_600_000), about('Longest wait between two attempts to connect.', '两次连接尝试之间的最长等待。')),
    60_000,
  ),
  requests: v.optional(
    v.pipe(
      v.strictObject({
        publicKeysFile: v.pipe(
          text,
          about(
            'Public keys of those who may ask, one a line, as `hoistway ask --new-key` prints them; %d as above.',
            '允许提问者的公钥，每行一个，由 `hoistway ask --new-key` 生成；%d 同上。',
          ),
        ),
      }),
      about(
        'Lets who has a key ask this box over MQTT; read-only. Left out: nothing is subscribed to.',
        '允许持钥者经 MQTT 向本机提问（只读）；省略则不订阅任何主题。',
      ),
    ),
  ),
});

const faultCode = v.optional(
  v.pipe(
    text,
    about(
      'Number of this fault on the platform, in quotes: where its list is not public, or it gave another.',
      '该故障在平台上的代码（加引号）：平台代码表未公开或另有约定时填写。',
    ),
  ),
);

export const regionalPlatform = v.strictObject({
  region: v.pipe(
    v.picklist(REGION_NAMES),
    about(
      'Whose messages and numbers: src/regional/README.md says what each rests on, and what is to check with the platform.',
      '采用哪个地区的报文和代码，依据和待核实之处见 src/regional/README.md。',
    ),
  ),
  url: v.pipe(
    v.string(),
    v.regex(/^https?:\/\/[^\s/]+/, t('https://HOST[:PORT]', 'https://主机[:端口]')),
    about('Address of the platform, without the paths of its messages.', '平台地址，不含各报文的路径。'),
  ),
  username: v.optional(
    v.pipe(text, about('User name, or application key, at the platform.', '平台的用户名或应用标识。')),
  ),
  passwordFile: v.pipe(
    text,
    about(
      'File with the password, secret or token; %d is the systemd credentials directory.',
      '存放密码、密钥或令牌的文件，%d 为 systemd 凭据目录。',
    ),
  ),
  caFile: v.optional(
    v.pipe(
      text,
      about(
        'PEM of the authority that signed the platform, where it is not a public one.',
        '签发平台证书的私有 CA 的 PEM 文件。',
      ),
    ),
  ),
  senderId: v.optional(
    v.pipe(
      text,
      about('Name that the platform gave to the sender. Default: the box id.', '平台分配的上报方代码，默认为 box id。'),
    ),
  ),
  faultCodes: v.optional(
    v.pipe(
      v.strictObject(
        Object.fromEntries(FAULTS.map((fault) => [fault, faultCode])) as {
          [F in (typeof FAULTS)[number]]: typeof faultCode;
        },
      ),
      about(
        'Numbers of faults, by their names. A fault without a number on the platform is not sent to it.',
        '按故障名称填写平台代码。平台上没有代码的故障不上报。',
      ),
    ),
    {},
  ),
  throttleMs: v.optional(
    v.pipe(
      ms(1000, 86_400_000),
      about(
        'The state of a lift is sent no more often. Left out: as the region has it.',
        '同一电梯实时状态的最短上报间隔；省略则按地区规定。',
      ),
    ),
  ),
  heartbeatMs: v.optional(
    v.pipe(
      ms(1000, 86_400_000),
      about(
        'The state of a lift is sent so often though nothing changes. Left out: as the region has it.',
        '状态不变时的上报间隔；省略则按地区规定。',
      ),
    ),
  ),
  requestTimeoutMs: v.optional(
    v.pipe(ms(100, 600_000), about('How long an answer is waited for.', '等待应答的时限。')),
    15_000,
  ),
  retryFirstMs: v.optional(
    v.pipe(
      ms(100, 3_600_000),
      about('Limit of the first wait after a failure; it doubles.', '首次失败后等待的上限，之后倍增。'),
    ),
    1000,
  ),
  retryMaxMs: v.optional(
    v.pipe(ms(1000, 3_600_000), about('Longest wait between two attempts.', '两次尝试之间的最长等待。')),
    60_000,
  ),
});
