// Handles errors: each becomes an application/problem+json response with a stable code, and one log line.
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Problem } from '#platform/errors/problem.js';
import { ProblemBody } from '#platform/errors/problem-body.js';
import { toProblem } from '#platform/errors/translate.js';
import { sendProblem } from '#platform/http/send-problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Translates an error into a problem, and logs it. */
    reportError(error: unknown, request: FastifyRequest): Problem;
    /** Registers a listener that is called with each problem that a request is answered with. */
    onProblem(listener: ProblemListener): void;
  }
}

type ProblemListener = (request: FastifyRequest, problem: Problem) => void;

export default fp(
  async (app) => {
    app.addSchema(ProblemBody);
    const listeners: ProblemListener[] = [];
    app.decorate('onProblem', (listener) => {
      listeners.push(listener);
    });
    app.decorate('reportError', (error, request) => {
      const problem = toProblem(error);
      for (const listener of listeners) listener(request, problem);
      const { code, status } = problem;
      const facts = { code, status, method: request.method, route: request.routeOptions.url, ip: request.ip };
      // It left the queue with its client: no failure of the service.
      if (code === 'overloaded' && request.raw.socket.destroyed) request.log.info(facts, 'the client left');
      // A refusal of our own. In an overload, or when one account waits for itself, there are hundreds a second; the stack of each would cost
      // more than the refusal, and tells nothing.
      else if (status >= 500 && problem.cause === undefined && code !== 'internal_error')
        request.log.error(facts, 'request failed');
      else if (status >= 500) request.log.error({ ...facts, err: problem.cause ?? problem }, 'request failed');
      else
        request.log.info(
          { ...facts, ...(problem.errors && { fields: problem.errors.map(({ path }) => path) }) },
          'request refused',
        );
      return problem;
    });
    app.setErrorHandler((error, request, reply) => {
      const problem = app.reportError(error, request);
      const { code } = problem;
      // Fastify closes the connection after any error in a body. After one that has arrived completely, the next request can follow.
      if (code === 'malformed_json' && request.raw.complete) reply.removeHeader('connection');
      sendProblem(reply, problem, request.id);
    });
  },
  { name: 'errors' },
);
