// Builds the application: every Fastify option, then the plugins, then the routes. Server, CLI, tests and bench call this.

import type { Socket } from 'node:net';
import { join } from 'node:path';
import autoload from '@fastify/autoload';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyReply, LogController } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import type { AppConfiguration } from '#platform/config/config.js';
import { toProblem } from '#platform/errors/translate.js';
import { canonicalAddress } from '#platform/http/client-address.js';
import { answerClientError } from '#platform/http/client-error.js';
import { compileLazily } from '#platform/http/lazy-serializers.js';
import { createPipelining } from '#platform/http/pipelining.js';
import { createRequestIds } from '#platform/http/request-id.js';
import { sendProblem } from '#platform/http/send-problem.js';
import { logDestination, logOptions } from '#platform/log/log.js';
import { RequestLog } from '#platform/log/request-log.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** What the environment said at start, with a database to connect to. */
    config: AppConfiguration;
    /** The clock, milliseconds since 1970. */
    now: () => number;
  }
}

/** What only tests replace: where the log goes, and the clock. */
export interface AppEdges {
  readonly logStream?: DestinationStream;
  readonly now?: () => number;
}

const KIB = 1024;

/** The application, ready to `listen` or `inject`. Rejects when the database cannot be reached. */
export async function buildApp(config: AppConfiguration, { logStream, now = Date.now }: AppEdges = {}) {
  const requestId = createRequestIds();
  const logger = pino(logOptions(config.logLevel), logStream ?? logDestination());
  const pipelining = createPipelining((message) => logger.warn(message));
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    // The parent is always the one of all, and Fastify knows less of it.
    childLoggerFactory: (_parent, bindings, options) => new RequestLog(logger, bindings, options),
    genReqId: requestId,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: 16 * KIB,
    // A start on a machine that is busy with something else is slow, and no failure: what waits for the database has bounds of its own.
    pluginTimeout: 120_000,
    // A request has 5 s to arrive whole, less than it has to be answered (plugins/platform/handler-timeout.ts): one that is slow to arrive must
    // run into the first, or it would be called our failure. A connection may idle as long as proxies keep it.
    requestTimeout: 5000,
    keepAliveTimeout: 72_000,
    // Who takes nothing of an answer for so long, longer than one may take to be made, is cut off: it holds memory.
    connectionTimeout: 15_000,
    // In the end every client is told to connect anew, and finds instances that have come since. Node leaves it to him to close:
    // closed by us, answers on their way to one who still sends would be lost.
    maxRequestsPerSocket: 10_000,
    http: {
      headersTimeout: 5000,
      connectionsCheckingInterval: 1000,
      requireHostHeader: false,
      ServerResponse: pipelining.Response,
    },
    // While closing, what is accepted is still served; new connections are refused because the port is closed.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        // Ours, made by TypeBox: to check them would take a validator of schemas to be compiled first, at each start.
        validateSchema: false,
        // For the documentation only.
        keywords: ['x-examples'],
      },
    },
    schemaController: { compilersFactory: { buildSerializer: compileLazily(SerializerSelector()) } },
    // A URL that cannot be decoded has no route, and no error handler.
    frameworkErrors: (error, request, reply) => {
      const problem = toProblem(error);
      const { code, status } = problem;
      // No hook has run that would make the address canonical.
      const ip = canonicalAddress(request.ip) ?? null;
      request.log.info({ code, status, method: request.method, ip }, 'request refused');
      sendProblem(reply as FastifyReply, problem, request.id);
    },
    clientErrorHandler: (error, socket) => {
      if (!pipelining.pause(error, socket as Socket)) answerClientError(error, socket as Socket, requestId(), logger);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.on('connection', pipelining.track);

  app.decorate('config', config);
  app.decorate('now', now);
  const folder = (name: string) => ({ dir: join(import.meta.dirname, '..', name), forceESM: true });
  try {
    await app.register(autoload, { ...folder('plugins'), encapsulate: false, dirNameRoutePrefix: false });
    // A folder `_id` is the path parameter `:id`.
    await app.register(autoload, { ...folder('routes'), routeParams: true });
    await app.ready();
  } catch (error) {
    // What has been opened by then would keep the process alive.
    await app.close().catch(() => {});
    throw error;
  }
  return app;
}

export type App = Awaited<ReturnType<typeof buildApp>>;
