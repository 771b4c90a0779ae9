// Keeps a snapshot of the settings fresh: by notification at once, by poll within 4 s where none arrives.
import type postgres from 'postgres';
import type { Log } from '../log.js';
import { SETTINGS_CHANNEL } from './repository.js';
import type { Settings } from './service.js';

const POLL_MILLISECONDS = 4000;

interface Dependencies {
  readonly settings: Pick<Settings, 'reload'>;
  /** Opens a client of its own for LISTEN; undefined where LISTEN cannot work (a pooler in transaction mode). */
  readonly openListener: (() => postgres.Sql) | undefined;
  readonly log: Log;
}

/** Starts watching. `stop` ends timer and connection. */
export function watchSettings({ settings, openListener, log }: Dependencies) {
  let listener: postgres.Sql | undefined;
  let stopped = false;
  let failing = false;

  async function reload(): Promise<boolean> {
    try {
      const changed = await settings.reload();
      if (failing) log.info({}, 'settings are read again');
      failing = false;
      return changed;
    } catch (err) {
      if (!failing) log.warn({ err }, 'settings cannot be read: the last ones stay in force');
      failing = true;
      return false;
    }
  }

  async function listen(): Promise<void> {
    if (openListener === undefined || stopped) return;
    const opened = openListener();
    listener = opened;
    try {
      // The third argument is called at each (re)connection: what was missed while away is read then.
      await opened.listen(
        SETTINGS_CHANNEL,
        () => void reload(),
        () => void reload(),
      );
    } catch (err) {
      log.warn({ err }, 'LISTEN failed: settings are polled');
      close(opened);
    }
  }

  function close(client: postgres.Sql): void {
    if (listener === client) listener = undefined;
    client.end({ timeout: 1 }).catch(() => {});
  }

  async function poll(): Promise<void> {
    const missed = await reload();
    // postgres.js listens anew once after a lost connection and keeps a failure of that to itself. A change that only the
    // poll has seen tells that nobody listens any more.
    if (missed && listener !== undefined) close(listener);
    if (listener === undefined && !failing) await listen();
  }

  const timer = setInterval(() => void poll(), POLL_MILLISECONDS);
  timer.unref();
  void listen();

  return {
    stop: async (): Promise<void> => {
      stopped = true;
      clearInterval(timer);
      await listener?.end({ timeout: 1 });
    },
  };
}
