// Lets a test control the long timers of this process, which are the service's own schedules and not those of the driver or the server.
import { mock } from 'node:test';
import type { Test } from 'tap';

type Callback = (...args: unknown[]) => unknown;

/**
 * Until the test ends, timers of at least `milliseconds` never fire by themselves; shorter ones run as usual. Call it before the app is
 * built, because earlier timers are not held. `fire` runs the held timers that were not cleared.
 */
export function holdTimers(t: Pick<Test, 'teardown'>, kind: 'setTimeout' | 'setInterval', milliseconds: number) {
  const held = new Map<unknown, () => unknown>();
  const { [kind]: set, clearTimeout } = globalThis;
  const setting = mock.method(globalThis, kind, (run: Callback, delay = 0, ...args: unknown[]) => {
    if (delay < milliseconds) return set(run, delay, ...args);
    const timer = set(() => {}, delay);
    held.set(timer, () => run(...args));
    return timer;
  });
  const clearing = (['clearTimeout', 'clearInterval'] as const).map((name) =>
    mock.method(globalThis, name, (timer: NodeJS.Timeout) => {
      held.delete(timer);
      clearTimeout(timer);
    }),
  );
  t.teardown(() => {
    for (const each of [setting, ...clearing]) each.mock.restore();
    for (const timer of held.keys()) clearTimeout(timer as NodeJS.Timeout);
  });
  return {
    count: () => held.size,
    fire: (): void => {
      for (const [timer, run] of [...held]) {
        if (kind === 'setTimeout') held.delete(timer);
        run();
      }
    },
  };
}
