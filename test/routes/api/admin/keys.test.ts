// /api/admin/keys/: listing, rotating and retiring signing keys.
import t from 'tap';
import { makeAdmin } from '../../../support/admin.js';
import { testApp } from '../../../support/app.js';
import { matchAll } from '../../../support/match.js';
import { operatorsOf } from '../../../support/operator.js';
import { isProblem } from '../../../support/problem.js';

const env = { SETTING_ACCESS_TOKEN_LIFETIME: '3600' };

interface Key {
  readonly kid: string;
  readonly state: string;
}

/** A service, its admin, and its keys. */
async function begin(t: Parameters<typeof testApp>[0]) {
  const service = await testApp(t, { env });
  const { as, rows } = operatorsOf(t, service);
  const admin = await makeAdmin(t, service);
  const call = (method: 'GET' | 'POST', path: string, body?: object) => as(admin.accessToken, method, path, body);
  const keys = async (): Promise<Key[]> => (await call('GET', '/keys/')).json().keys;
  const events = () =>
    rows`select event, actor_type, actor_id, target_id, details from audit_events where target_type = 'signing_key'`;
  /** Makes the next key older. */
  const ageNextKey = (seconds: number) =>
    rows`update signing_keys set created_at = created_at - ${seconds} * interval '1 second' where state = 'next'`;
  return { service, admin, call, keys, events, ageNextKey };
}

t.test('the list contains every key and no secret', async (t) => {
  const { call, keys } = await begin(t);
  t.strictSame(
    (await keys()).map(({ state }) => state),
    ['active', 'next'],
  );
  const { body } = await call('GET', '/keys/');
  t.notMatch(body, /private|jwk|BEGIN|"d"/i);
});

t.test(
  'a rotation is refused until the next key has been published for KEY_LEAD_TIME, or for 5 seconds with `now`',
  async (t) => {
    const { service, admin, call, keys, events, ageNextKey } = await begin(t);
    const [active, next] = await keys();
    isProblem(t, await call('POST', '/keys/rotate/', {}), 'key_too_young', 'just made');
    isProblem(t, await call('POST', '/keys/rotate/', { now: true }), 'key_too_young', 'not everybody knows it');
    t.equal((await events()).length, 0);
    await ageNextKey(60);
    isProblem(t, await call('POST', '/keys/rotate/', { now: false }), 'key_too_young', 'a minute');
    const rotated: Key[] = (await call('POST', '/keys/rotate/', { now: true })).json().keys;
    matchAll(
      t,
      rotated
        .map(({ kid, state }) => [kid, state])
        .filter(([, state]) => state !== 'next')
        .sort(),
      [
        [active?.kid, 'retired'],
        [next?.kid, 'active'],
      ].sort(),
    );
    t.strictSame(
      [...(await events())],
      [
        {
          event: 'signing_key.rotated',
          actor_type: 'user',
          actor_id: admin.userId,
          target_id: next?.kid,
          details: { retired: active?.kid },
        },
      ],
    );
    t.equal((await call('GET', '/keys/')).statusCode, 200, 'what the last one has signed stays good');
    await ageNextKey(8000);
    t.equal((await call('POST', '/keys/rotate/', {})).statusCode, 200);
    t.ok(await service.login((await service.register('later@example.com')).json().email));
  },
);

t.test('an automatic rotation is recorded as an act of the system', async (t) => {
  const { service, events, ageNextKey } = await begin(t);
  await ageNextKey(8000);
  const { rows } = operatorsOf(t, service);
  await rows`update signing_keys set activated_at = now() - interval '100 days' where state = 'active'`;
  await service.app.keys.reload();
  matchAll(t, [...(await events())], [{ event: 'signing_key.rotated', actor_type: 'system', actor_id: null }]);
});

t.test('retiring a key invalidates its tokens at once, and another key signs', async (t) => {
  const { service, admin, call, keys, events } = await begin(t);
  const [active, next] = await keys();
  const { keys: left } = (await call('POST', `/keys/${active?.kid}/retire/`)).json();
  matchAll(
    t,
    left.map(({ kid, state }: Key) => [kid, state]),
    [
      [next?.kid, 'active'],
      [/./, 'next'],
    ],
  );
  isProblem(t, await call('GET', '/keys/'), 'invalid_token', 'signed with it');
  matchAll(
    t,
    [...(await events())],
    [{ event: 'signing_key.retired', actor_id: admin.userId, target_id: active?.kid, details: { state: 'active' } }],
  );
  t.ok(await service.login((await service.register('later@example.com')).json().email));
});

t.test('an unknown kid returns 404', async (t) => {
  const { call, events } = await begin(t);
  for (const kid of ['unknown', 'A'.repeat(43), '%00', "x'--", '%25']) {
    isProblem(t, await call('POST', `/keys/${kid}/retire/`), 'key_not_found', kid);
  }
  isProblem(t, await call('POST', '/keys/rotate/', { now: 'yes' }), 'validation_failed', 'now');
  t.equal((await events()).length, 0);
});
