// An error at any stage of a request: one generic answer, one line in the log, and the next request is served.
import { Writable } from 'node:stream';
import Fastify from 'fastify';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { logOptions } from '#platform/log/log.js';
import errors from '../../../plugins/platform/errors.js';
import { matchAll } from '../../support/match.js';
import { isProblem } from '../../support/problem.js';

const SECRET = 'hunter2 at /srv/app/src/x.ts:1:2 select * from users';
const fail = () => {
  throw new Error(SECRET);
};
const STRINGS = { 200: { type: 'object', required: ['absent'], properties: { absent: { type: 'string' } } } };

/** A server with the errors plugin alone, and its log lines. */
async function start(t: Test) {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  const app = Fastify({ loggerInstance: pino(logOptions('warn'), stream) });
  t.teardown(() => app.close());
  await app.register(errors);
  app.get('/next', async () => ({ status: 'ok' }));
  return { app, takeLines: () => written.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>) };
}

type Server = Awaited<ReturnType<typeof start>>['app'];

/** Each fails at another stage of the request lifecycle. */
const FAULTS: Readonly<Record<string, (app: Server) => void>> = {
  'an onRequest hook': (app) => app.get('/', { onRequest: fail }, async () => 'x'),
  'an onRequest hook that calls back': (app) =>
    app.get('/', { onRequest: (_, __, done) => done(new Error(SECRET)) }, async () => 'x'),
  'an onRequest hook that rejects': (app) => app.get('/', { onRequest: async () => fail() }, async () => 'x'),
  'a preParsing hook': (app) => app.get('/', { preParsing: async () => fail() }, async () => 'x'),
  'a preValidation hook': (app) => app.get('/', { preValidation: fail }, async () => 'x'),
  'a preHandler hook': (app) => app.get('/', { preHandler: async () => fail() }, async () => 'x'),
  'a preSerialization hook': (app) => app.get('/', { preSerialization: async () => fail() }, async () => ({})),
  'an onSend hook, once': (app) => {
    let thrown = false;
    app.get(
      '/',
      {
        onSend: async () => {
          if (thrown) return;
          thrown = true;
          fail();
        },
      },
      async () => 'x',
    );
  },
  'a handler': (app) => app.get('/', () => fail()),
  'a handler that rejects': (app) => app.get('/', async () => fail()),
  'a handler that rejects later': (app) =>
    app.get('/', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      fail();
    }),
  'a handler that throws a string': (app) =>
    app.get('/', async () => {
      throw SECRET;
    }),
  'a handler that throws undefined': (app) =>
    app.get('/', async () => {
      throw undefined;
    }),
  'a handler that throws an object': (app) =>
    app.get('/', async () => {
      throw { statusCode: 200, message: SECRET };
    }),
  'an answer that does not fit its schema': (app) =>
    app.get('/', { schema: { response: STRINGS } }, async () => ({ secret: SECRET })),
  'an answer that cannot be serialized': (app) => app.get('/', async () => ({ big: 1n, SECRET })),
};

for (const [what, add] of Object.entries(FAULTS)) {
  t.test(`when ${what} fails, the answer is 500 without any detail`, async (t) => {
    const { app, takeLines } = await start(t);
    add(app);
    for (let i = 0; i < 2 && (i === 0 || !what.endsWith('once')); i += 1) {
      const answer = await app.inject('/');
      isProblem(t, answer, 'internal_error', what);
      t.notMatch(answer.body, /hunter2|srv|select/);
      matchAll(
        t,
        takeLines(),
        [{ level: 'error', code: 'internal_error', status: 500, msg: 'request failed' }],
        'one line',
      );
    }
    t.equal((await app.inject('/next')).statusCode, 200, 'the next request is served');
  });
}

t.test('when an onResponse hook fails after the answer, it is logged, and the next request is served', async (t) => {
  const { app, takeLines } = await start(t);
  app.get('/', { onResponse: async () => fail() }, async () => ({ status: 'ok' }));
  for (let i = 0; i < 2; i += 1) t.equal((await app.inject('/')).statusCode, 200);
  matchAll(t, takeLines(), [{ level: 'error' }, { level: 'error' }], 'one line for each');
});
