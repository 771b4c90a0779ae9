// Keeps what is held in memory as fresh as the tables it comes from: by notification at once, by poll within 4 s where none
// arrives.
import type postgres from 'postgres';
import type { Log } from '#platform/log/log.js';

const POLL_MILLISECONDS = 4000;

/** Something in memory that is read again when its table may have changed. */
export interface Watched {
  /** For the log: `settings`, `signing keys`. */
  readonly what: string;
  /** The channel on which a change is announced. */
  readonly channel: string;
  /** Reads it again; resolves to whether it had changed. When it rejects, what was read last stays. */
  readonly reload: () => Promise<boolean>;
}

interface Dependencies {
  /** Opens a client of its own for LISTEN; undefined where LISTEN cannot work (a pooler in transaction mode). */
  readonly openListener: (() => postgres.Sql) | undefined;
  readonly log: Log;
}

/** Nothing is watched before `start`. `stop` ends timer and connection. */
export function createTableWatcher({ openListener, log }: Dependencies) {
  const all: Watched[] = [];
  const failing = new Set<Watched>();
  let listenFailed = false;
  let listener: postgres.Sql | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function reload(watched: Watched): Promise<boolean> {
    const { what } = watched;
    try {
      const changed = await watched.reload();
      if (failing.delete(watched)) log.info({}, `${what} are read again`);
      return changed;
    } catch (err) {
      if (!failing.has(watched)) log.warn({ err }, `${what} cannot be read: the last ones stay in force`);
      failing.add(watched);
      return false;
    }
  }

  async function listen(): Promise<void> {
    if (openListener === undefined || stopped) return;
    const opened = openListener();
    listener = opened;
    try {
      for (const watched of all) {
        const again = () => void reload(watched);
        // The third argument is called at each (re)connection: what was missed while away is read then.
        await opened.listen(watched.channel, again, again);
      }
      listenFailed = false;
    } catch (err) {
      // Tried again at each poll, and said once.
      if (!listenFailed && !stopped) log.warn({ err }, 'LISTEN failed: changes are polled');
      listenFailed = true;
      close(opened);
    }
  }

  function close(client: postgres.Sql): void {
    if (listener === client) listener = undefined;
    client.end({ timeout: 1 }).catch(() => {});
  }

  async function poll(): Promise<void> {
    const missed = (await Promise.all(all.map(reload))).includes(true);
    // postgres.js listens anew once after a lost connection and keeps a failure of that to itself. A change that only the
    // poll has seen tells that nobody listens any more.
    if (missed && listener !== undefined) close(listener);
    if (listener === undefined && failing.size === 0) await listen();
  }

  return {
    /** To be called before `start`. */
    add: (watched: Watched): void => {
      all.push(watched);
    },

    start: (): void => {
      timer = setInterval(() => void poll(), POLL_MILLISECONDS);
      timer.unref();
      void listen();
    },

    stop: async (): Promise<void> => {
      stopped = true;
      clearInterval(timer);
      await listener?.end({ timeout: 1 });
    },
  };
}

export type TableWatcher = ReturnType<typeof createTableWatcher>;
