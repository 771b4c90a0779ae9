// Entering a new password at a terminal: it is requested twice and not echoed.
import { PassThrough } from 'node:stream';
import t from 'tap';
import { readNewPassword } from '#cli/password.js';
import { until } from '../../support/until.js';

/** Simulates a terminal for Node's line editor: each answer is typed after its question appears. */
async function type(...answers: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const prompts = new PassThrough();
  let shown = '';
  prompts.on('data', (chunk) => {
    shown += chunk;
  });
  const password = readNewPassword({ input, prompts }).then(
    (value) => ({ value, error: undefined }),
    (error: Error) => ({ value: undefined, error: error.message }),
  );
  for (const [index, answer] of answers.entries()) {
    await until('the question', async () => (shown.match(/: /g) ?? []).length > index);
    input.write(answer);
  }
  return { ...(await password), shown };
}

t.test('the same twice is the password, and only the prompts are shown', async (t) => {
  t.strictSame(await type('päss wörd\r', 'päss wörd\r'), {
    value: 'päss wörd',
    error: undefined,
    shown: 'Password: \nRepeat password: \n',
  });
});

t.test('backspace corrects a mistake', async (t) => {
  t.match(await type('passwoad\b\brd\r', 'password\r'), { value: 'password' });
});

t.test('two that differ are refused', async (t) => {
  t.match(await type('password\r', 'passwort\r'), { value: undefined, error: /passwords differ/ });
});

t.test('Ctrl-C and Ctrl-D cancel', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    t.match(await type(key), { value: undefined, error: /no password was entered/ });
    t.match(await type('password\r', key), { value: undefined, error: /no password was entered/ });
  }
});
