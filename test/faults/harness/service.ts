// Services under test: what is refused there is refused for a reason that has to do with the fault.
import type { Test } from 'tap';
import { type HttpClient, type Service, startService } from '../../support/service.js';

const ENVIRONMENT = {
  // Tokens outlast the test.
  SETTING_ACCESS_TOKEN_LIFETIME: '3600',
  // A client that does not know which of two passwords it has tries both, each time that it was not answered.
  SETTING_LOGIN_MAX_DELAY: '1',
  // What is refused because the machine is busy says nothing about the fault.
  OVERLOAD_DELAY_MS: '0',
};

export function startInstance(t: Pick<Test, 'teardown'>, databaseUrl: string, env: Record<string, string> = {}) {
  return startService(t, databaseUrl, { ...ENVIRONMENT, ...env });
}

/** Each call goes to the next of them, as behind a load balancer that asks nobody how they are. */
export function inTurn(instances: readonly (() => HttpClient)[]): () => HttpClient {
  let turn = 0;
  return () => {
    turn = (turn + 1) % instances.length;
    const instance = instances[turn];
    if (instance === undefined) throw new Error('no instance');
    return instance();
  };
}

/** SIGKILL, and the same service again. Resolves when it is ready. */
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
