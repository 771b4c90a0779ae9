// The optional `.env` file, which the environment of the process overrides.
import { join } from 'node:path';
import t from 'tap';
import { loadEnvironment } from '#platform/config/environment.js';

t.test('a .env file adds variables that the process does not have', async (t) => {
  const folder = t.testdir({
    '.env': [
      '# A comment',
      'LATCHKEY_TEST_FILE=from the file # with a comment',
      'LATCHKEY_TEST_QUOTED="a # b"',
      'LATCHKEY_TEST_BOTH=from the file',
      'LATCHKEY_TEST_EMPTY=',
      'export LATCHKEY_TEST_EXPORTED=x',
      'LATCHKEY_TEST_DOLLAR=$HOME',
    ].join('\r\n'),
  });
  process.env.LATCHKEY_TEST_BOTH = 'from the process';
  t.teardown(() => delete process.env.LATCHKEY_TEST_BOTH);
  const environment = loadEnvironment(join(folder, '.env'));
  t.match(environment, {
    PATH: process.env.PATH,
    LATCHKEY_TEST_FILE: 'from the file',
    LATCHKEY_TEST_QUOTED: 'a # b',
    LATCHKEY_TEST_BOTH: 'from the process',
    LATCHKEY_TEST_EMPTY: /^$/,
    LATCHKEY_TEST_EXPORTED: 'x',
    LATCHKEY_TEST_DOLLAR: '$HOME',
  });
  t.notOk('LATCHKEY_TEST_FILE' in process.env, 'process.env is not changed');
});

t.test('without a .env file only the environment of the process is used', async (t) => {
  t.strictSame(loadEnvironment(join(t.testdir(), '.env')), process.env);
});

t.test('a .env file that cannot be read is an error', async (t) => {
  t.throws(() => loadEnvironment(t.testdir()), { name: 'UnreadableEnvironment', message: /EISDIR/ });
});

t.test('a byte order mark is not part of the first name', async (t) => {
  const text = '\uFEFFLATCHKEY_TEST_FIRST=1\nLATCHKEY_TEST_SECOND=ä\n';
  const folder = t.testdir({ utf8: Buffer.from(text), utf16: Buffer.from(text, 'utf16le') });
  for (const name of ['utf8', 'utf16'])
    t.match(loadEnvironment(join(folder, name)), { LATCHKEY_TEST_FIRST: '1', LATCHKEY_TEST_SECOND: 'ä' }, name);
});
