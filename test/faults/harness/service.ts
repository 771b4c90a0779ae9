// Services for fault tests, configured so that a refusal has to do with the fault.
import type { Test } from 'tap';
import { type HttpClient, type Service, startService } from '../../support/service.js';

const ENVIRONMENT = {
  // Access tokens outlive the test.
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  // A client that does not know which of two passwords is current tries both, after every unanswered change.
  SETTING_LOGIN_MAX_DELAY: '1',
  // Refusals because the machine is busy would say nothing about the fault.
  OVERLOAD_DELAY_MS: '0',
};

/** `main`: the command of another build. */
export function startInstance(
  t: Pick<Test, 'teardown'>,
  databaseUrl: string,
  env: Record<string, string> = {},
  main?: string,
) {
  return startService(t, databaseUrl, { ...ENVIRONMENT, ...env }, undefined, main);
}

/** Each call goes to the next instance, as behind a load balancer without health checks. */
export function roundRobin(instances: readonly (() => HttpClient)[]): () => HttpClient {
  let turn = 0;
  return () => {
    turn = (turn + 1) % instances.length;
    const instance = instances[turn];
    if (instance === undefined) throw new Error('no instance');
    return instance();
  };
}

/** Kills the service with SIGKILL and starts it again. Resolves when it is ready. */
export async function killAndStart(
  t: Pick<Test, 'teardown'>,
  service: Service,
  databaseUrl: string,
): Promise<{ service: Service; milliseconds: number }> {
  service.child.kill('SIGKILL');
  await service.ended;
  const begun = performance.now();
  return { service: await startInstance(t, databaseUrl), milliseconds: performance.now() - begun };
}
