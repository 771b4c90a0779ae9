// Traces requests: a span for each, which work done for it belongs to (src/platform/tracing). Adds no hook unless tracing is on.
import fp from 'fastify-plugin';
import { type RequestSpan, type Tracer, untraced } from '#platform/tracing/tracer.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Traces work. Does nothing but run it while tracing is off. */
    tracer: Tracer;
  }
  interface FastifyRequest {
    /** Only while tracing is on. */
    span: RequestSpan | undefined;
    /** The code of the error that the request was answered with. Only while tracing is on. */
    problemCode: string | undefined;
  }
  interface FastifyContextConfig {
    /** False: requests are not traced. */
    trace?: false;
  }
}

export default fp(
  async (app) => {
    const { tracing } = app;
    app.decorate('tracer', tracing ?? untraced);
    if (tracing === undefined) return;

    app.decorateRequest('span', undefined);
    app.decorateRequest('problemCode', undefined);
    app.addHook('onRequest', (request, _reply, done) => {
      const { config, url } = request.routeOptions;
      if (config.trace === false) return done();
      const span = tracing.startRequest(request.method, url, request.headers.traceparent);
      request.span = span;
      (request.log as unknown as { setBindings(bindings: object): void }).setBindings(span.ids);
      span.run(done);
    });
    // The events of a body belong to its connection, and what follows them has lost the span.
    app.addHook('preValidation', ({ span }, _reply, done) => (span === undefined ? done() : span.run(done)));
    app.onProblem((request, { code }) => {
      request.problemCode = code;
    });
    app.addHook('onResponse', ({ span, problemCode }, { statusCode }, done) => {
      span?.end({ status: statusCode, problem: problemCode });
      done();
    });
    // After the last request; plugins are closed in reverse order.
    app.addHook('onClose', tracing.stop);
  },
  { name: 'tracing', dependencies: ['errors'] },
);
