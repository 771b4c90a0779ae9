// Entering a new password at a terminal: it is requested twice and not echoed.
import { PassThrough } from 'node:stream';
import t from 'tap';
import { readNewPassword } from '#cli/password.js';
import { until } from '../../support/until.js';

/** Simulates a terminal for Node's line editor: each answer is typed after its question appears. */
async function type(...answers: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const questions = new PassThrough();
  let shown = '';
  questions.on('data', (chunk) => {
    shown += chunk;
  });
  const password = readNewPassword({ input, questions }).then(
    (value) => ({ value, error: undefined }),
    (error: Error) => ({ value: undefined, error: error.message }),
  );
  for (const [index, answer] of answers.entries()) {
    await until('the question', async () => (shown.match(/: /g) ?? []).length > index);
    input.write(answer);
  }
  return { ...(await password), shown };
}

t.test('two equal entries are accepted, and only the questions are shown', async (t) => {
  t.strictSame(await type('päss wörd\r', 'päss wörd\r'), {
    value: 'päss wörd',
    error: undefined,
    shown: 'Password: \nThe same again: \n',
  });
});

t.test('backspace corrects a mistake', async (t) => {
  t.match(await type('passwoad\b\brd\r', 'password\r'), { value: 'password' });
});

t.test('two different entries are refused', async (t) => {
  t.match(await type('password\r', 'passwort\r'), { value: undefined, error: /are not the same/ });
});

t.test('Ctrl-C and Ctrl-D cancel', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    t.match(await type(key), { value: undefined, error: /no password was given/ });
    t.match(await type('password\r', key), { value: undefined, error: /no password was given/ });
  }
});
