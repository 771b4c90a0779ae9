// The exit codes of docs/cli.md.
import t from 'tap';
import { TEST_SECRET } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';

t.test('a command exits with 0 when it has done its work, otherwise with 1 and one line on stderr', async (t) => {
  const env = { DATABASE_URL: await testDatabase(t), AUTH_SECRET: TEST_SECRET };
  for (const args of [['--version'], ['--help'], ['users', '--help'], ['users', 'list'], ['migrate', '--status']]) {
    const { code, stderr } = await runHere(args, env);
    t.strictSame([code, stderr], [0, ''], args.join(' '));
  }
  for (const args of [
    ['no-such-command'],
    ['users', 'no-such-command'],
    ['users', 'list', '--no-such-option'],
    ['users', 'unblock'],
    ['users', 'unblock', 'nobody@example.com'],
    ['users', 'disable', 'nobody@example.com'],
    ['settings', 'set', 'NO_SUCH_SETTING', '1'],
    ['settings', 'set', 'ACCESS_TOKEN_LIFETIME', 'soon'],
    ['sessions', 'end', '0'],
    ['keys', 'retire', 'no-such-key'],
    ['audit', 'list', '--since', 'soon'],
  ]) {
    const { code, stdout, stderr } = await runHere(args, env);
    t.strictSame([code, stdout], [1, ''], args.join(' '));
    t.match(stderr, /^(latchkey|error): \S.*\n/, args.join(' '));
  }
});
