import { sheetTemplate } from '../config/sheet-template.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { type Call, type Command, jsonOption, siteOption } from './command.ts';
import { importProfile } from './profile-import.ts';
import { testProfile } from './profile-test.ts';

const TASKS: { readonly [name: string]: (call: Call) => Promise<number> } = {
  import: importProfile,
  async template(call) {
    call.print(sheetTemplate().trimEnd());
    return 0;
  },
  test: testProfile,
};

/** Controller profiles: made from a spreadsheet, and held against a real controller field by field. */
export const command: Command = {
  name: 'profile',
  usage:
    'template | import FILE.csv --out NAME.yaml | test --site FILE --lift ID | test --profile NAME --port PATH|HOST:PORT --unit N',
  summary: t(
    'makes a controller profile from a spreadsheet, and reads each of its fields once',
    '由表格生成控制器点表，或逐项读取一次以核对',
  ),
  options: {
    out: { type: 'string', help: t('import: the profile to write', 'import：要写入的点表文件') },
    site: siteOption,
    lift: { type: 'string', help: t('test: the lift whose controller is read', 'test：要读取其控制器的电梯') },
    profile: {
      type: 'string',
      help: t('test: a name of seeds/controllers, or a path', 'test：seeds/controllers 中的名称，或文件路径'),
    },
    port: {
      type: 'string',
      help: t('test: serial port, or HOST:PORT of Modbus TCP', 'test：串口，或 Modbus TCP 的 主机:端口'),
    },
    unit: { type: 'string', help: t('test: slave address', 'test：从站地址') },
    baud: { type: 'string', help: t('test: of --port; 9600 where left out', 'test：--port 的波特率，默认 9600') },
    parity: {
      type: 'string',
      help: t('test: none, even or odd; even where left out', 'test：none、even 或 odd，默认 even'),
    },
    'stop-bits': { type: 'string', help: t('test: 1 or 2; 1 where left out', 'test：1 或 2，默认 1') },
    json: jsonOption,
  },
  positionals: [1, 2],
  exits: {
    1: t('the sheet is wrong, or a field could not be read', '表格有误，或有字段无法读取'),
  },
  async run(call) {
    const [name = ''] = call.positionals;
    const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
    if (task) return task(call);
    throw new GatewayError({
      code: 'usage',
      op: t('reading the command', '读取命令'),
      where: name,
      hint: t(`one of ${Object.keys(TASKS).join(', ')}`, `以下之一：${Object.keys(TASKS).join(', ')}`),
    });
  },
};
