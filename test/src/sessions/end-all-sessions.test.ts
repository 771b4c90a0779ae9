// Ending all sessions works in batches: none is missed, and sessions of logins that come meanwhile stay alive.
import t from 'tap';
import { byCli } from '#audit/events.js';
import { createAuditRepository } from '#audit/repository.js';
import { createEndAllSessions } from '#sessions/end-all-sessions.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { testApp } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';

for (const batchSize of [1, 2, 3, 100]) {
  t.test(`all earlier sessions end, in batches of ${batchSize}`, async (t) => {
    const service = await testApp(t);
    const { db } = service.app;
    const rows = rowsOf(t, service.databaseUrl);
    const tokens: string[] = [];
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      await service.register(email);
      for (let i = 0; i < 2; i += 1) tokens.push((await service.login(email)).refresh_token);
    }
    await service.logout(String(tokens[0]));
    const repository = createSessionsRepository(db);
    let later: string | undefined;
    const endAll = createEndAllSessions({
      repository: {
        now: repository.now,
        revokeBatch: async (...window) => {
          later ??= (await service.login('c@example.com')).refresh_token;
          return repository.revokeBatch(...window);
        },
      },
      audit: createAuditRepository(db),
      db,
      batchSize,
    });

    t.equal(await endAll(undefined, byCli('test')), 5);
    for (const token of tokens) t.equal((await service.refresh(token)).statusCode, 401);
    t.equal((await service.refresh(String(later))).statusCode, 200);
    const events = await rows`
      select details from audit_events where event = 'sessions.ended' and actor_name = 'test' order by id`;
    t.equal(
      events.reduce((sum, { details }) => sum + details.ended, 0),
      5,
      'the events record all of them',
    );
    t.match(events[0]?.details, { reason: 'ended_for_everybody', before: /^\d{4}-.*Z$/ });
  });
}
