// Writes a problem as the answer to a request.

import type { Problem } from '#platform/errors/problem.js';
import { PROBLEM_MEDIA_TYPE } from '#platform/errors/problem-body.js';
import { securityHeaders } from './security-headers.js';

/** As much of a Fastify reply as is needed. */
interface Reply {
  code(status: number): Reply;
  headers(values: Record<string, string>): Reply;
  send(body: unknown): unknown;
}

/** Complete by itself: also where no hook has run yet, as for a URL that cannot be decoded. */
export function sendProblem(reply: Reply, problem: Problem, requestId: string): void {
  reply
    .code(problem.status)
    .headers({
      ...securityHeaders,
      'x-request-id': requestId,
      ...problem.headers,
      'content-type': `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    })
    // As text: what is made of an object on its way out may be what has failed, and Fastify would then tell why.
    .send(JSON.stringify(problem.toBody(requestId)));
}
