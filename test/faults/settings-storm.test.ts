// F22: many settings changes in a row while two instances issue tokens: each token has a lifetime that was in force recently.
import t from 'tap';
import { PROPAGATION_SECONDS } from '#settings/registry.js';
import { testDatabase } from '../support/database.js';
import type { Answer } from '../support/problem.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf, type Service, startService, tokensOf } from '../support/service.js';
import { figure, report, timeout } from './harness/figures.js';

const CHANGES = figure(200, 1000);
const MAX_MILLISECONDS = figure(20_000, 60_000);
/** The first of the values, each used once; it is also the lifetime of the administrator's token. */
const FIRST = 600;
const SETTING = '/api/admin/settings/ACCESS_TOKEN_LIFETIME/';

/** The period of a value: from when its change was sent until the next change was answered. */
interface InForce {
  readonly begin: number;
  end: number;
}

t.test(
  `F22: during ${CHANGES} settings changes every token has a lifetime that was in force`,
  { timeout },
  async (t) => {
    const databaseUrl = await testDatabase(t);
    const one = await startService(t, databaseUrl, { SETTING_ACCESS_TOKEN_LIFETIME: String(FIRST) });
    const two = await startService(t, databaseUrl, { SETTING_ACCESS_TOKEN_LIFETIME: String(FIRST) });
    for (const email of ['admin', 'a', 'b', 'c', 'd']) await one.register(`${email}@example.com`);
    await rowsOf(t, databaseUrl)`update users set roles = '{admin}' where email = 'admin@example.com'`;
    const { access_token: admin } = tokensOf(await one.login('admin@example.com'));

    const inForce = new Map<number, InForce>([[FIRST, { begin: 0, end: Number.POSITIVE_INFINITY }]]);
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    let tokens = 0;
    let storming = true;

    const count = ({ statusCode }: Answer) => statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);

    /** Gets tokens and judges each: its lifetime must have been in force within the last seconds. */
    async function get(ask: () => Promise<Answer>): Promise<string | undefined> {
      const asked = performance.now();
      const answer = await ask();
      const answered = performance.now();
      count(answer);
      if (answer.statusCode !== 200) return undefined;
      const pair = tokensOf(answer);
      const { iat, exp } = claimsOf(pair);
      const lifetime = Number(exp) - Number(iat);
      const value = inForce.get(lifetime);
      const good = value && value.begin <= answered && value.end >= asked - PROPAGATION_SECONDS * 1000;
      if (!good) wrong.push(`${lifetime}: ${JSON.stringify(value)}, asked ${asked}, answered ${answered}`);
      tokens += 1;
      return pair.refresh_token;
    }

    async function load(service: Service, email: string): Promise<void> {
      while (storming) {
        let token = await get(() => service.login(email));
        for (let i = 0; i < 5 && storming && token !== undefined; i += 1) {
          const presented = token;
          token = await get(() => service.refresh(presented));
        }
      }
    }

    const loads = ['a', 'b', 'c', 'd'].map((name, i) => load(i % 2 === 0 ? one : two, `${name}@example.com`));
    const begin = performance.now();
    let version = 0;
    let made = 0;
    while (made < CHANGES && performance.now() - begin < MAX_MILLISECONDS) {
      const value = FIRST + 1 + made;
      inForce.set(value, { begin: performance.now(), end: Number.POSITIVE_INFINITY });
      const answer = await (made % 2 === 0 ? one : two).as(admin, 'PUT', SETTING, { value, version });
      count(answer);
      if (answer.statusCode !== 200) break;
      version = JSON.parse(answer.body).version;
      const before = inForce.get(value - 1);
      if (before !== undefined) before.end = performance.now();
      made += 1;
    }
    const seconds = (performance.now() - begin) / 1000;
    storming = false;
    await Promise.all(loads);

    report(t, 'F22 settings storm, two instances', {
      changes: made,
      seconds: Math.round(seconds),
      tokens,
      wrong: wrong.length,
    });
    t.ok(made > 0 && tokens > 0);
    t.strictSame(wrong, [], 'every token has a lifetime that was in force');
    t.strictSame([...statuses.keys()], [200], 'no call failed');
  },
);
