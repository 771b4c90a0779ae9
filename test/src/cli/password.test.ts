// A new password at a terminal: asked for twice, and not shown.
import { PassThrough } from 'node:stream';
import t from 'tap';
import { readNewPassword } from '#cli/password.js';
import { until } from '../../support/until.js';

/** A terminal, as far as node's line editor asks: each answer is typed when its question is there. */
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

t.test('a mistake can be taken back', async (t) => {
  t.match(await type('passwoad\b\brd\r', 'password\r'), { value: 'password' });
});

t.test('two that differ are refused', async (t) => {
  t.match(await type('password\r', 'passwort\r'), { value: undefined, error: /passwords differ/ });
});

t.test('Ctrl-C and Ctrl-D give no password', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    t.match(await type(key), { value: undefined, error: /no password was entered/ });
    t.match(await type('password\r', key), { value: undefined, error: /no password was entered/ });
  }
});
