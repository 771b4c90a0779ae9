// Durations of requests by route, method and status. Called for each request, so it must stay far below a microsecond.
import type { Distribution, Metrics } from './registry.js';

/** The route of requests that none exists for, and the status of requests whose client left before an error was sent. */
const NO_ROUTE = 'none';
const ABORTED = 'aborted';

/** Returns a function that records one request. `route` is a pattern, and `method` one of its methods, so both are of closed sets. */
export function createRequestDurations(metrics: Metrics) {
  const durations = metrics.histogram({
    name: 'latchkey_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its response, by route pattern, method and class of the status.',
    labels: ['route', 'method', 'status'],
  });
  const routes = new Map<string, Map<string, (Distribution | undefined)[]>>();

  function create(route: string, method: string, index: number): Distribution {
    const byMethod = routes.get(route) ?? new Map<string, (Distribution | undefined)[]>();
    routes.set(route, byMethod);
    const byStatus = byMethod.get(method) ?? [];
    byMethod.set(method, byStatus);
    const created = durations(route, method, index === 0 ? ABORTED : `${index}xx`);
    byStatus[index] = created;
    return created;
  }

  return (route: string | undefined, method: string, status: number, wasAborted: boolean, seconds: number): void => {
    const index = wasAborted ? 0 : (status / 100) | 0;
    // A client can send any method to a path without a route.
    const known = route === undefined ? create(NO_ROUTE, NO_ROUTE, index) : routes.get(route)?.get(method)?.[index];
    (known ?? create(route as string, method, index)).observe(seconds);
  };
}
