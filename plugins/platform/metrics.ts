// app.metrics: what the service measures. Nothing is measured per request unless METRICS_PORT is set; server.ts opens that port.
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { addProcessMetrics } from '#platform/metrics/process-metrics.js';
import { createMetrics, type Metrics } from '#platform/metrics/registry.js';
import { createRequestDurations } from '#platform/metrics/request-durations.js';

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics;
  }
}

export default fp(
  async (app) => {
    const metrics = createMetrics();
    app.decorate('metrics', metrics);
    addProcessMetrics(metrics, app.overload);
    const durations = createRequestDurations(metrics);
    const problems = metrics.counter({
      name: 'latchkey_http_problems_total',
      help: 'Requests that were answered with an error, by its code (docs/errors.md).',
      labels: ['code'],
    });
    if (app.config.metricsPort === undefined) return;

    app.addHook('onResponse', (request, reply, done) => {
      const { statusCode } = reply;
      const wasAborted = statusCode >= 500 && request.raw.socket.destroyed;
      durations(request.routeOptions.url, request.method, statusCode, wasAborted, reply.elapsedTime / 1000);
      done();
    });
    app.onProblem((_request: FastifyRequest, { code }) => {
      problems(code).value += 1;
    });
  },
  { name: 'metrics', dependencies: ['errors', 'overload'] },
);
