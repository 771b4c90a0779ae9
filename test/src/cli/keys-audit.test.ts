// latchkey keys: its changes are recorded in the audit log with the operating system account.
import t from 'tap';
import { testDatabase } from '../../support/database.js';
import { runHere } from '../../support/in-process.js';
import { rowsOf } from '../../support/rows.js';
import { serviceEnvironment } from '../../support/service.js';

t.test('a rotation and a retirement are recorded as acts of the command line', async (t) => {
  const url = await testDatabase(t);
  const rows = rowsOf(t, url);
  const keys = (...args: string[]) => runHere(['keys', ...args, '--json'], serviceEnvironment(url, 0));
  // Creates the keys; the next one is too young to sign.
  t.match(await keys('rotate'), {
    code: 1,
    stdout: /^$/,
    stderr: /^latchkey: the next key .* can sign from .*--now\n$/,
  });
  await rows`update signing_keys set created_at = created_at - interval '30 days'`;

  const rotated = await keys('rotate');
  t.equal(rotated.code, 0, rotated.stderr);
  const byState = Object.fromEntries(
    JSON.parse(rotated.stdout).map(({ state, kid }: { state: string; kid: string }) => [state, kid]),
  );
  t.equal((await keys('retire', byState.retired)).code, 0);
  t.match(await keys('retire', byState.retired), {
    code: 1,
    stdout: /^$/,
    stderr: /^latchkey: there is no signing key /,
  });

  const events = await rows`
    select event, actor_type, actor_name is not null as named, target_id from audit_events where actor_type = 'cli' order by id`;
  t.strictSame(
    events.map((row) => ({ ...row })),
    [
      { event: 'signing_key.rotated', actor_type: 'cli', named: true, target_id: byState.active },
      { event: 'signing_key.retired', actor_type: 'cli', named: true, target_id: byState.retired },
    ],
  );
});
