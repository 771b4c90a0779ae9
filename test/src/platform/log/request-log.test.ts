// The log of a request: the same lines as those of a child that is made at once.
import { pino } from 'pino';
import t from 'tap';
import { RequestLog } from '#platform/log/request-log.js';
import { matchAll } from '../../../support/match.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

function world(level: string) {
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
  t.test(`what a child at ${level} would say, and nothing else`, async (t) => {
    const { parent, lines } = world(level);
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

t.test('the child is made when it is needed, and once', async (t) => {
  const { parent, children } = world('info');
  const log = new RequestLog(parent, { request_id: 'k3v9-1' });
  log.debug({}, 'unheard');
  log.trace({}, 'unheard');
  t.equal(children(), 0);
  log.info({}, 'first');
  log.warn({}, 'second');
  t.equal(children(), 1);
});

t.test('a level of its own', async (t) => {
  const { parent, lines } = world('info');
  const log = new RequestLog(parent, {});
  log.level = 'error';
  log.info({}, 'unheard');
  log.error({}, 'heard');
  t.equal(parent.level, 'info');
  matchAll(t, lines, [{ msg: 'heard' }]);
});
