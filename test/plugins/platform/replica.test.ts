// DATABASE_REPLICA_URL: what is no standby of the database is never read.
import t from 'tap';
import { makeAdmin } from '../../support/admin.js';
import { testAppOn } from '../../support/app.js';
import { testDatabase } from '../../support/database.js';

t.test('a replica that is not a standby, or does not answer, is reported, and the primary is read', async (t) => {
  const databaseUrl = await testDatabase(t);
  const nowhere = Object.assign(new URL(databaseUrl), { port: '1' }).href;
  for (const [url, message] of [
    [databaseUrl, 'the replica is not a standby, or has been promoted: lists are read from the primary'],
    [nowhere, 'the replica cannot be compared with the primary: lists are read from the primary'],
  ] as const) {
    const service = await testAppOn(t, databaseUrl, { env: { DATABASE_REPLICA_URL: url } });
    const { accessToken } = await makeAdmin(t, service, `admin-${crypto.randomUUID()}@example.com`);
    for (const list of ['users', 'audit']) {
      const answer = await service.inject({
        url: `/api/admin/${list}/`,
        headers: { authorization: `Bearer ${accessToken}` },
      });
      t.equal(answer.statusCode, 200, answer.body);
    }
    const reported = service.logLines().filter(({ event }) => event === 'database_replica');
    t.strictSame(
      reported.map(({ level, msg }) => ({ level, msg })),
      [{ level: 'warn', msg: message }],
    );
  }
});
