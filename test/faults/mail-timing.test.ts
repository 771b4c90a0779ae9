// F44: the time of a request for a link does not reveal whether an account has the address.
import t, { type Test } from 'tap';
import { type TestApp, testApp } from '../support/app.js';
import { rowsOf } from '../support/rows.js';
import { until } from '../support/until.js';
import { figure, quantile, report, timeout } from './harness/figures.js';
import { MAX_PROBABILITY as MAX, MIN_PROBABILITY as MIN, probabilityOfLess } from './harness/timing.js';

const SAMPLES = figure(300, 1000);
const UNLIMITED = {
  SETTING_MAIL_REQUESTS_PER_HOUR: '0',
  SETTING_MAILS_PER_ACCOUNT_PER_HOUR: '1000',
  SETTING_SIGN_IN_BY_EMAIL: 'true',
};

const KNOWN = 'known@example.com';
const DISABLED = 'disabled@example.com';

type Kind = 'known' | 'unknown' | 'disabled';

const ORDERS: readonly (readonly Kind[])[] = [
  ['known', 'unknown', 'disabled'],
  ['disabled', 'unknown', 'known'],
  ['unknown', 'disabled', 'known'],
  ['known', 'disabled', 'unknown'],
  ['disabled', 'known', 'unknown'],
  ['unknown', 'known', 'disabled'],
];

/** The durations of requests of each kind, interleaved so that other load on the machine affects all kinds alike. */
async function measure(url: string, { post, app, databaseUrl }: TestApp, t: Test) {
  const rows = rowsOf(t, databaseUrl);
  const ask = async (email: string) => {
    const begun = performance.now();
    const { statusCode } = await post(url, { email });
    const milliseconds = performance.now() - begun;
    if (statusCode !== 202) throw new Error(`not accepted: ${statusCode}`);
    // The job and the mail of one request must not be measured with the next one.
    await app.jobs.run();
    await until('the mail is sent', async () => (await rows`select from mails where state = 'waiting'`).length === 0);
    return milliseconds;
  };
  const times: Record<Kind, number[]> = { known: [], unknown: [], disabled: [] };
  for (let i = -20; i < SAMPLES; i++) {
    // Each kind comes after each other one, so that what one request leaves behind affects all kinds.
    const kinds = ORDERS[Math.abs(i) % ORDERS.length] ?? [];
    for (const kind of kinds) {
      const email = { known: KNOWN, unknown: `unknown${i}@example.com`, disabled: DISABLED }[kind];
      const milliseconds = await ask(email);
      if (i >= 0) times[kind].push(milliseconds);
    }
    // Otherwise the limits would be reached.
    await rows`delete from quotas`;
    await rows`delete from mails`;
  }
  return {
    medians: Object.fromEntries(Object.entries(times).map(([kind, each]) => [kind, quantile(each, 0.5)])),
    'unknown against known': probabilityOfLess(times.unknown, times.known),
    'disabled against known': probabilityOfLess(times.disabled, times.known),
  };
}

for (const url of ['/api/password/forgot/', '/api/email/verify/resend/', '/api/login/email/']) {
  t.test(`F44: ${url} takes the same time for known, unknown and disabled accounts`, { timeout }, async (t) => {
    const service = await testApp(t, { env: UNLIMITED, catchesMail: true });
    for (const email of [KNOWN, DISABLED]) await service.register(email);
    await rowsOf(t, service.databaseUrl)`update users set disabled_at = now() where email = ${DISABLED}`;
    const measured = await measure(url, service, t);
    report(t, `F44 time of a request at ${url}, ms and AUC`, measured);
    for (const kind of ['unknown', 'disabled'] as const) {
      const probability = measured[`${kind} against known`];
      t.ok(probability > MIN && probability < MAX, `${kind}: ${probability}`);
    }
  });
}
