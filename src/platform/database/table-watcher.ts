// Reloads cached tables when they change: immediately by notification, or within 4 s by polling if none arrives.
import type postgres from 'postgres';
import type { Log } from '#platform/log/log.js';

const POLL_MILLISECONDS = 4000;

/** A cached table. */
export interface WatchedTable {
  /** For the log: `settings`, `signing keys`. */
  readonly name: string;
  /** The channel on which changes are announced. */
  readonly channel: string;
  /** Reads the table again; resolves to whether it has changed. If it rejects, the cached content stays in use. */
  readonly reload: () => Promise<boolean>;
}

interface Dependencies {
  /** Opens a separate client for LISTEN; undefined where LISTEN does not work (a pooler in transaction mode). */
  readonly openListener: (() => postgres.Sql) | undefined;
  readonly log: Log;
}

/** Watching begins with `start`. `stop` ends the timer and the connection. */
export function createTableWatcher({ openListener, log }: Dependencies) {
  const tables: WatchedTable[] = [];
  const failing = new Set<WatchedTable>();
  let listenFailed = false;
  let listener: postgres.Sql | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function reload(table: WatchedTable): Promise<boolean> {
    const { name } = table;
    try {
      const changed = await table.reload();
      if (failing.delete(table)) log.info({}, `${name} can be read again`);
      return changed;
    } catch (err) {
      if (!failing.has(table)) log.warn({ err }, `${name} cannot be read: the cached ones stay in use`);
      failing.add(table);
      return false;
    }
  }

  async function listen(): Promise<void> {
    if (openListener === undefined || stopped) return;
    const opened = openListener();
    listener = opened;
    try {
      for (const table of tables) {
        const onChange = () => void reload(table);
        // The third argument is called at each (re)connection, to read changes that were missed in the meantime.
        await opened.listen(table.channel, onChange, onChange);
      }
      listenFailed = false;
    } catch (err) {
      // LISTEN is tried again at each poll, but the failure is logged once.
      if (!listenFailed && !stopped) log.warn({ err }, 'LISTEN failed: changes are noticed by polling only');
      listenFailed = true;
      close(opened);
    }
  }

  function close(client: postgres.Sql): void {
    if (listener === client) listener = undefined;
    client.end({ timeout: 1 }).catch(() => {});
  }

  async function poll(): Promise<void> {
    const missed = (await Promise.all(tables.map(reload))).includes(true);
    // After a lost connection postgres.js listens again once, and does not report a failure of that. A change that only the poll
    // has noticed shows that LISTEN no longer works.
    if (missed && listener !== undefined) close(listener);
    if (listener === undefined && failing.size === 0) await listen();
  }

  return {
    /** To be called before `start`. */
    add: (table: WatchedTable): void => {
      tables.push(table);
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
