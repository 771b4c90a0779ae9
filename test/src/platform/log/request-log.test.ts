// The lazy log of a request writes the same lines as a pino child.
import { pino } from 'pino';
import t from 'tap';
import { RequestLog } from '#platform/log/request-log.js';
import { matchAll } from '../../../support/match.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

function fixture(level: string) {
  const lines: Record<string, unknown>[] = [];
  const parent = pino({ level, base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) });
  let children = 0;
  const { child } = parent;
  parent.child = ((...made: Parameters<typeof child>) => {
    children += 1;
    return child.apply(parent, made);
  }) as typeof child;
  return { parent, lines, children: () => children };
}

for (const level of ['trace', 'info', 'error', 'silent']) {
  t.test(`at level ${level} it writes the same lines as a child`, async (t) => {
    const { parent, lines } = fixture(level);
    const bindings = { request_id: 'k3v9-1' };
    for (const log of [parent.child(bindings), new RequestLog(parent, bindings)]) {
      for (const each of LEVELS) log[each]({ event: each }, 'words');
      log.child({ more: true }).error({ event: 'child' }, 'words');
      t.equal(log.level, level);
    }
    const half = lines.length / 2;
    t.strictSame(lines.slice(half), lines.slice(0, half));
    t.equal(half, level === 'silent' ? 0 : LEVELS.indexOf(level as 'trace') + 2);
  });
}

t.test('the child is created once, when it is needed', async (t) => {
  const { parent, children } = fixture('info');
  const log = new RequestLog(parent, { request_id: 'k3v9-1' });
  log.debug({}, 'unheard');
  log.trace({}, 'unheard');
  t.equal(children(), 0);
  log.info({}, 'first');
  log.warn({}, 'second');
  t.equal(children(), 1);
});

t.test('its level can be changed without affecting the parent', async (t) => {
  const { parent, lines } = fixture('info');
  const log = new RequestLog(parent, {});
  log.level = 'error';
  log.info({}, 'unheard');
  log.error({}, 'heard');
  t.equal(parent.level, 'info');
  matchAll(t, lines, [{ msg: 'heard' }]);
});
