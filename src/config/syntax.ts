/** What the YAML reader found wrong, in plain sentences. The reader's own would quote the file, and with it passwords. */

import type { YAMLError } from 'yaml';
import { t } from '../language.ts';

interface Sentence {
  readonly said: string;
  readonly expected: string;
}

export function syntaxProblem({ code }: YAMLError): Sentence {
  const known = SENTENCES[code];
  const [said, expected] = known ?? [
    t('text that does not fit in here', '此处文字不合语法'),
    t('`name: value`, indented like its neighbours', '“名称: 值”，缩进与同级一致'),
  ];
  return { said: `${t('not YAML', 'YAML 语法错误')}: ${said}`, expected };
}

const SENTENCES: { readonly [C in YAMLError['code']]?: readonly [said: string, expected: string] } = {
  TAB_AS_INDENT: [t('a tab for indentation', '用制表符缩进'), t('spaces', '空格')],
  BAD_INDENT: [
    t('the indentation is off, or a bracket was not closed', '缩进不齐，或括号未闭合'),
    t('settings of one block under each other, by spaces', '同一组设置用空格左对齐'),
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    t('a second colon on the line, or wrong indentation', '一行两个冒号，或缩进有误'),
    t('one `name: value` to a line; a text with a colon in quotes', '每行一个“名称: 值”；含冒号的文字加引号'),
  ],
  MISSING_CHAR: [
    t(
      'a quote, bracket, comma or colon is missing, or the indentation is off',
      '缺少引号、括号、逗号或冒号，或缩进不齐',
    ),
    t('each quote and bracket closed, a colon and a space after each name', '引号括号成对，名称后跟冒号和空格'),
  ],
  BAD_SCALAR_START: [
    t('a text begins with a character that YAML keeps for itself', '文字以 YAML 保留字符开头'),
    t('that text in quotes', '给该文字加引号'),
  ],
  BAD_DQ_ESCAPE: [
    t('a backslash in double quotes with no meaning', '双引号中的反斜杠无效'),
    t('single quotes, or the backslash twice', '改用单引号，或写两个反斜杠'),
  ],
  MULTIPLE_DOCS: [t('a second document (---)', '第二个文档（---）'), t('one document to a file', '每个文件一个文档')],
  BAD_DIRECTIVE: [t('an unknown directive (%)', '未知的指令（%）'), t('a file without directives', '不含指令的文件')],
  TAG_RESOLVE_FAILED: [
    t('a tag (!name)', '标签（!名称）'),
    t('the plain value, or a text in quotes', '普通值，或加引号'),
  ],
  NON_STRING_KEY: [
    t('a name that is not a plain word', '名称不是普通文字'),
    t('a plain name before the colon', '冒号前为普通名称'),
  ],
  MULTILINE_IMPLICIT_KEY: [
    t('a name that goes over two lines; a colon is missing', '名称跨行，缺少冒号'),
    t('`name: value` on one line', '同一行写“名称: 值”'),
  ],
  RESOURCE_EXHAUSTION: [t('nested too deep', '嵌套过深'), t('a site file of the usual shape', '通常形式的站点文件')],
};
