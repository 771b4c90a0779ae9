// Sends a problem as the response to a request.
import type { Problem } from '#platform/errors/problem.js';
import { PROBLEM_MEDIA_TYPE } from '#platform/errors/problem-body.js';
import { securityHeaders } from './security-headers.js';

/** The members of a Fastify reply that are used here. */
interface Reply {
  code(status: number): Reply;
  headers(values: Record<string, string>): Reply;
  send(body: unknown): unknown;
}

/** Sets all headers itself, because no hook has run for some errors, such as a URL that cannot be decoded. */
export function sendProblem(reply: Reply, problem: Problem, requestId: string): void {
  reply
    .code(problem.status)
    .headers({
      ...securityHeaders,
      'x-request-id': requestId,
      ...problem.headers,
      'content-type': `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    })
    // Sent as text: if serializing an object failed again, Fastify would expose the internal error.
    .send(JSON.stringify(problem.toBody(requestId)));
}
