/** Requests can only read: what their code can reach, and what its README says of it. */

import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRequest } from '../../src/requests/order.ts';
import { WORDS } from '../../src/requests/reasons.ts';
import { parseKeys, signerOf } from '../../src/requests/sign.ts';

const folder = new URL('../../src/requests/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

/** What a file imports: `type` where types alone, which are gone when it runs. */
function importsOf(text: string): { readonly from: string; readonly typeOnly: boolean }[] {
  return [...text.matchAll(/^(import|export)( type)? [^;]*?from '([^']+)';/gms)].map(([, , type, from = '']) => ({
    from,
    typeOnly: type !== undefined,
  }));
}

/** Modules that may be there when the code runs. None opens a file, a port or a record. */
const REACHES =
  /^\.\/|^\.\.\/(clock|errors|language)\.ts$|^\.\.\/uplink\/(ears|payload|topics|reasons|session)\.ts$|^(node:crypto|node:zlib|valibot)$/;

test('the code of requests reaches no driver, no file, no outbox and no site file', () => {
  assert.ok(files.length >= 10, 'the files are found');
  const beyond = files.flatMap(({ name, text }) =>
    importsOf(text).flatMap(({ from, typeOnly }) => (typeOnly || REACHES.test(from) ? [] : `${name}: ${from}`)),
  );
  assert.equal(beyond, [], 'give it a function that reads, in sources.ts');
  const types = files.flatMap(({ name, text }) =>
    importsOf(text).flatMap(({ from }) =>
      /drivers|modbus|serial|gpio|config\/|scan|outbox\/outbox/.test(from) ? `${name}: ${from}` : [],
    ),
  );
  assert.equal(types, [], 'not even their types');
});

test('nothing in it writes', () => {
  const verbs = /\b(append|forget|poison|write\w*|unlink|rename|rm|truncate|exec\w*|spawn)\(|import\(|eval\(|process\./;
  const found = files.flatMap(({ name, text }) =>
    text.split('\n').flatMap((line, at) => (verbs.test(line) ? `${name}:${at + 1} ${line.trim()}` : [])),
  );
  assert.equal(found, [], 'requests only read');
});

test('the check can fail', () => {
  const bad =
    "import { openLine } from '../../drivers/modbus/open.ts';\nimport {\n  writeFile,\n} from 'node:fs/promises';\n";
  assert.equal(
    importsOf(bad).filter(({ from, typeOnly }) => !typeOnly && !REACHES.test(from)).length,
    2,
    'both are found',
  );
});

test('the README lists every reason, and its example is signed by the key that it names', () => {
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| [^|]+\|$/gm)].map(([, name]) => name);
  assert.equal(new Set(rows), new Set(Object.keys(WORDS)), 'the table of reasons');
  const [, line = ''] = /by the line `([^`]+)`/.exec(readme) ?? [];
  const [, text = ''] = /### request.+?```json\n(.+?)```/s.exec(readme) ?? [];
  const request = readRequest(Buffer.from(text));
  assert.ok(request, 'a request');
  assert.is(request && signerOf(request, parseKeys(line).keys)?.name, 'anna', 'signed');
});

test.run();
