// The log as a person sees it in a terminal.
import { pino } from 'pino';
import t from 'tap';
import { logOptions } from '#platform/log/log.js';
import { createTerminal } from '#platform/log/terminal.js';

function logger({ colors = false, isQuiet = false } = {}) {
  const written: string[] = [];
  const log = pino(logOptions('trace'), createTerminal({ write: (text) => void written.push(text), colors, isQuiet }));
  return { log, written };
}

const CLOCK = /^\d\d:\d\d:\d\d /;

t.test('an event is one line: time, level, message and facts', async (t) => {
  const { log, written } = logger();
  log.info({ userId: 7, ip: '127.0.0.1', list: ['a b'], text: 'two words' }, 'logged in');
  t.match(written[0], CLOCK);
  t.equal(written[0]?.replace(CLOCK, ''), 'INFO  logged in userId=7 ip=127.0.0.1 list=["a b"] text="two words"\n');
  log.child({ request_id: 'r-1' }).warn({}, 'x');
  t.equal(written[1]?.replace(CLOCK, ''), 'WARN  x request_id=r-1\n');
});

t.test('what clients send cannot forge lines or control the terminal', async (t) => {
  const { log, written } = logger();
  const hostile = 'a\r\n12:00:00 INFO forged\u001b[31m\u0007\u009b2J\u2028\u202e"\\';
  log.error({ [hostile]: hostile, err: new Error(hostile) }, hostile);
  const text = written.join('');
  t.notMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  const lines = text.trimEnd().split('\n');
  t.equal(lines.filter((line) => CLOCK.test(line)).length, 1, 'one event');
  t.ok(
    lines.slice(1).every((line) => line.startsWith('         ')),
    'the error is indented',
  );
});

t.test('an error is shown with its stack and its causes', async (t) => {
  const { log, written } = logger();
  const cause = Object.assign(new Error('inner'), { code: 'ECONNREFUSED' });
  log.error({ err: new Error('outer', { cause }) }, 'request failed');
  const lines = written.join('').split('\n');
  t.match(lines[0], /ERROR request failed$/);
  t.match(lines[1], /^ {9}Error: outer$/);
  t.match(lines[2], /^ {13}at .*terminal/);
  t.ok(lines.some((line) => line === '         Error ECONNREFUSED: inner'));
});

t.test('a quiet start shows warnings, and everything once the service listens', async (t) => {
  const { log, written } = logger({ isQuiet: true });
  log.info({}, 'signing key created');
  log.warn({}, 'a warning');
  log.info({}, 'listening');
  log.info({}, 'logged in');
  t.strictSame(
    written.map((line) => line.replace(CLOCK, '')),
    ['WARN  a warning\n', 'INFO  listening\n', 'INFO  logged in\n'],
  );
});

t.test('levels have colors unless they are switched off', async (t) => {
  const colored = logger({ colors: true });
  colored.log.info({ a: 1 }, 'x');
  t.match(colored.written[0], '\u001b[32mINFO\u001b[39m');
  const plain = logger();
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) plain.log[level]({}, 'x');
  t.strictSame(
    plain.written.map((line) => line.replace(CLOCK, '')),
    ['TRACE x\n', 'DEBUG x\n', 'INFO  x\n', 'WARN  x\n', 'ERROR x\n', 'FATAL x\n'],
  );
});
