// F41: the time of a refused login does not reveal why it was refused.
import t from 'tap';
import { type TestApp, testApp } from '../support/app.js';
import { rowsOf } from '../support/rows.js';
import { figure, quantile, report, timeout } from './harness/figures.js';
import { MAX_PROBABILITY as MAX, MIN_PROBABILITY as MIN, probabilityOfLess } from './harness/timing.js';

const SAMPLES = figure(200, 1000);
/** Without limits, so that every attempt is hashed. */
const UNLIMITED = { SETTING_LOGIN_FAILURES_BEFORE_DELAY: '0', SETTING_LOGIN_ATTEMPTS_PER_MINUTE: '0' };

const KNOWN = 'known@example.com';
const DISABLED = 'disabled@example.com';

/** The durations of refused logins of each kind, interleaved so that other load on the machine affects all kinds alike. */
async function measure({ post }: TestApp) {
  const ask = async (email: string) => {
    const begun = performance.now();
    const { statusCode, body } = await post('/api/login/', { email, password: 'wrong password' });
    const milliseconds = performance.now() - begun;
    if (statusCode !== 401) throw new Error(`not refused for the password: ${statusCode} ${body}`);
    return milliseconds;
  };
  const times: Record<'known' | 'unknown' | 'disabled', number[]> = { known: [], unknown: [], disabled: [] };
  for (let i = -20; i < SAMPLES; i++) {
    const known = await ask(KNOWN);
    const unknown = await ask(`unknown${i}@example.com`);
    const disabled = await ask(DISABLED);
    if (i < 0) continue;
    times.known.push(known);
    times.unknown.push(unknown);
    times.disabled.push(disabled);
  }
  return {
    medians: Object.fromEntries(Object.entries(times).map(([kind, each]) => [kind, quantile(each, 0.5)])),
    'unknown against wrong password': probabilityOfLess(times.unknown, times.known),
    'disabled against wrong password': probabilityOfLess(times.disabled, times.known),
  };
}

async function start(t: Parameters<typeof testApp>[0]) {
  const service = await testApp(t, { env: UNLIMITED });
  for (const email of [KNOWN, DISABLED]) await service.register(email);
  await rowsOf(t, service.databaseUrl)`update users set disabled_at = now() where email = ${DISABLED}`;
  return service;
}

t.test(
  'F41: neither an unknown address nor a disabled account can be recognised by the time of the answer',
  { timeout },
  async (t) => {
    const measured = await measure(await start(t));
    report(t, 'F41 time of a refused login, ms and AUC', measured);
    for (const kind of ['unknown', 'disabled'] as const) {
      const probability = measured[`${kind} against wrong password`];
      t.ok(probability > MIN && probability < MAX, `${kind}: ${probability}`);
    }
  },
);

t.test('F41, control: without the dummy hash an unknown address can be recognised', { timeout }, async (t) => {
  const service = await start(t);
  const { passwords } = service.app;
  const { verify } = passwords;
  Object.assign(passwords, {
    verify: async (hash: string | null | undefined, password: string) => Boolean(hash) && verify(hash, password),
  });
  const measured = await measure(service);
  report(t, 'F41 control, without the dummy hash', measured);
  t.ok(measured['unknown against wrong password'] > MAX);
});
