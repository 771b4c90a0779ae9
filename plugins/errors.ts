// Every error leaves as application/problem+json, with a stable code and one log line.
import fp from 'fastify-plugin';
import { toProblem } from '../src/errors/translate.js';
import { PROBLEM_MEDIA_TYPE, ProblemBody } from '../src/schemas/problem.js';

export default fp(
  async (app) => {
    app.addSchema(ProblemBody);
    app.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error);
      const { code, status } = problem;
      const facts = { code, status, method: request.method, route: request.routeOptions.url, ip: request.ip };
      if (status >= 500) request.log.error({ ...facts, err: problem.cause ?? problem }, 'request failed');
      else
        request.log.info(
          { ...facts, ...(problem.errors && { fields: problem.errors.map(({ path }) => path) }) },
          'request refused',
        );
      return reply
        .code(status)
        .headers(problem.headers)
        .header('content-type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`)
        .send(problem.toBody(request.id));
    });
  },
  { name: 'errors' },
);
