// Counts requests by key in windows of time, for @fastify/rate-limit. Its own counters use the clock of the system: after that has been set
// back by an hour, each window would last an hour longer, and the clients at their limit would be refused for as long.

interface Window {
  count: number;
  /** When the window ends, by the monotonic clock. */
  endsAt: number;
}

/** What has been counted in the present window of a key, and the time until its end, in milliseconds. */
interface Counted {
  readonly current: number;
  readonly ttl: number;
}

interface Options {
  /** The maximum number of keys; beyond it the least recently used one is dropped. */
  readonly cache?: number;
}

const DEFAULT_KEYS = 5000;

/** Returns the class of a store. `now`: a monotonic clock, in milliseconds. */
export function createRequestWindows(now = () => performance.now()) {
  return class RequestWindows {
    readonly #maxKeys: number;
    /** The least recently used key first. */
    readonly #windows = new Map<string, Window>();

    constructor({ cache = DEFAULT_KEYS }: Options) {
      this.#maxKeys = cache;
    }

    /** Counts a request. */
    incr(key: string, done: (error: null, counted: Counted) => void, milliseconds: number): void {
      const time = now();
      const known = this.#windows.get(key);
      this.#windows.delete(key);
      const window = known !== undefined && time < known.endsAt ? known : { count: 0, endsAt: time + milliseconds };
      window.count += 1;
      this.#windows.set(key, window);
      if (this.#windows.size > this.#maxKeys) {
        const [oldest] = this.#windows.keys();
        if (oldest !== undefined) this.#windows.delete(oldest);
      }
      done(null, { current: window.count, ttl: window.endsAt - time });
    }

    /** A store of its own for other options. */
    child(options: Options): RequestWindows {
      return new RequestWindows(options);
    }
  };
}
