// Samplers, the encoding, and a collector that fails, without the rest of the service.
import { Writable } from 'node:stream';
import { pino } from 'pino';
import t from 'tap';
import type { TracingConfiguration } from '#platform/config/config.js';
import { createTracing } from '#platform/tracing/open-telemetry.js';
import { otlpReceiver } from '../../../support/otlp.js';
import { holdTimers } from '../../../support/timers.js';
import { until } from '../../../support/until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentOf = (flags: string) => `00-${TRACE}-00f067aa0ba902b7-${flags}`;

function tracingTo(url: string, changes: Partial<TracingConfiguration> = {}) {
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
  const tracing = createTracing(
    {
      url: `${url}/v1/traces`,
      protocol: 'http/json',
      headers: {},
      serviceName: 'latchkey',
      resourceAttributes: {},
      sampler: 'parentbased_always_on',
      ratio: 1,
      ...changes,
    },
    pino({}, sink),
  );
  const serve = (traceparent?: string) => {
    const span = tracing.startRequest('GET', '/api/me', traceparent);
    span.end({ status: 200, problem: undefined });
    return span.ids;
  };
  return { ...tracing, serve, logged: () => lines.map((line) => JSON.parse(line)) };
}

t.test('samplers decide as the specification says', async (t) => {
  for (const [sampler, ratio, expected] of [
    ['always_on', 1, ['none', 'recorded', 'not recorded']],
    ['always_off', 1, []],
    ['traceidratio', 0, []],
    ['traceidratio', 1, ['none', 'recorded', 'not recorded']],
    ['parentbased_always_on', 1, ['none', 'recorded']],
    ['parentbased_always_off', 1, ['recorded']],
    ['parentbased_traceidratio', 0, ['recorded']],
  ] as const) {
    const receiver = await otlpReceiver(t);
    const tracing = tracingTo(receiver.url, { sampler, ratio });
    const requests = new Map([
      [tracing.serve().span_id, 'none'],
      [tracing.serve(parentOf('01')).span_id, 'recorded'],
      [tracing.serve(parentOf('00')).span_id, 'not recorded'],
    ]);
    await tracing.stop();
    t.strictSame(
      receiver.spans().map(({ spanId }) => requests.get(spanId)),
      expected,
      `${sampler} ${ratio}`,
    );
  }
});

t.test('a request that is not recorded still has ids, and passes on that it is not', async (t) => {
  const receiver = await otlpReceiver(t);
  const tracing = tracingTo(receiver.url, { sampler: 'parentbased_always_on' });
  const span = tracing.startRequest('GET', '/api/me', parentOf('00'));
  t.equal(span.ids.trace_id, TRACE);
  let result: Promise<unknown> = Promise.resolve();
  span.run(() => {
    t.equal(tracing.traceparent(), `00-${TRACE}-${span.ids.span_id}-00`);
    result = tracing.trace('work', async () => tracing.ids());
  });
  t.strictSame(await result, span.ids, 'its work has no span of its own');
  await tracing.stop();
  t.strictSame(receiver.exports, []);
});

t.test('work that outlives its request belongs to no trace', async (t) => {
  const receiver = await otlpReceiver(t);
  const tracing = tracingTo(receiver.url);
  const span = tracing.startRequest('GET', '/api/me', undefined);
  let later: Promise<unknown> = Promise.resolve();
  span.run(() => {
    later = new Promise((resolve) => setImmediate(resolve)).then(() =>
      tracing.trace('work', async () => [tracing.ids(), tracing.traceparent()]),
    );
  });
  span.end({ status: 200, problem: undefined });
  t.strictSame(await later, [{}, undefined]);
  await tracing.stop();
  t.strictSame(
    receiver.spans().map(({ name }) => name),
    ['GET /api/me'],
  );
});

t.test('an error of work is named, without its message', async (t) => {
  const receiver = await otlpReceiver(t);
  const tracing = tracingTo(receiver.url);
  const span = tracing.startRequest('GET', '/api/me', undefined);
  const failing = (error: unknown) =>
    new Promise((resolve) => span.run(() => tracing.trace('work', () => Promise.reject(error)).catch(resolve)));
  await failing(Object.assign(new Error('key (email)=(a@b)'), { code: '23505' }));
  await failing(new RangeError('a@b'));
  await failing('a@b');
  span.end({ status: 503, problem: 'database_unavailable' });
  await tracing.stop();
  t.match(
    receiver.spans().map(({ attributes, status }) => [attributes['error.type'], status]),
    [
      ['23505', { code: 2 }],
      ['RangeError', { code: 2 }],
      ['unknown', { code: 2 }],
      ['database_unavailable', { code: 2 }],
    ],
  );
  t.notMatch(String(receiver.exports[0]?.body), /a@b/);
});

t.test('traces are sent as protobuf by default', async (t) => {
  const receiver = await otlpReceiver(t);
  const tracing = tracingTo(receiver.url, { protocol: 'http/protobuf', serviceName: 'auth-of-example' });
  tracing.serve();
  await tracing.stop();
  t.match(receiver.exports, [{ headers: { 'content-type': 'application/x-protobuf' } }]);
  t.match(receiver.exports[0]?.body.toString('latin1'), /auth-of-example.*GET \/api\/me/s);
});

t.test('a collector that refuses traces is logged once, and once more when it accepts them', async (t) => {
  const timers = holdTimers(t, 'setTimeout', 1000);
  const receiver = await otlpReceiver(t, (response) => response.writeHead(401, 'no').end('key=secret'));
  const tracing = tracingTo(receiver.url);
  /** Spans are sent when a timer fires. An attempt that has just failed sets the next timer a moment later. */
  const untilReceived = (count: number) =>
    until(`${count} attempts`, () => {
      tracing.serve();
      timers.fire();
      return receiver.exports.length >= count;
    });
  await untilReceived(3);
  await until('the failure is logged', () => tracing.logged().length > 0);
  t.match(tracing.logged(), [{ level: 40, reason: 'status 401' }]);
  t.notMatch(JSON.stringify(tracing.logged()), /secret|127\.0\.0\.1/);
  receiver.succeed();
  await untilReceived(receiver.exports.length + 2);
  await until('the success is logged', () => tracing.logged().length > 1);
  t.match(tracing.logged()[1], { level: 30, msg: 'traces are sent again' });
  await tracing.stop();
});

t.test('stopping does not wait for a collector that does not answer', async (t) => {
  const timers = holdTimers(t, 'setTimeout', 1000);
  const receiver = await otlpReceiver(t, () => {});
  const tracing = tracingTo(receiver.url);
  tracing.serve();
  const stopped = tracing.stop();
  await until('an attempt', () => receiver.exports.length > 0);
  timers.fire();
  await stopped;
  t.strictSame(receiver.exports.length, 1);
});
