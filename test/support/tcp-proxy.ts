// A TCP proxy between the service and its database that can refuse, cut, freeze, slow and abandon connections.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';

type Direction = 'to server' | 'to client';

/** The added latency and the bandwidth of a connection. */
interface Slowness {
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
}

interface Chunk {
  readonly arrives: number;
  readonly bytes: Buffer;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** The chunks in transit. */
  readonly lines: Record<Direction, Chunk[]>;
  /** When the bandwidth of each direction is free again (`performance.now()`). */
  readonly busyUntil: Record<Direction, number>;
  /** The chunks that arrived while frozen, in order. */
  held: (() => void)[];
  abandoned: boolean;
  /** Whether the connection is reset as soon as the service sends something. */
  doomed: boolean;
}

/** Forwards to the host and port of `databaseUrl` until `redirect`; stopped when the test ends. */
export async function startTcpProxy(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  let target = addressOf(databaseUrl);
  const frozen = new Set<Direction>();
  let slowness: Slowness = { milliseconds: 0, bytesPerSecond: Number.POSITIVE_INFINITY };
  let sent = 0;
  let intercept: (direction: Direction) => boolean = () => true;
  const pairs = new Set<Pair>();
  const listener = createServer((client) => {
    const server = connect(target.port, target.host);
    const busyUntil = { 'to server': 0, 'to client': 0 };
    const lines = { 'to server': [], 'to client': [] };
    const pair: Pair = { client, server, busyUntil, lines, held: [], abandoned: false, doomed: false };
    pairs.add(pair);
    for (const [from, to, direction] of [
      [client, server, 'to server'],
      [server, client, 'to client'],
    ] as const) {
      from.on('data', (bytes) => {
        if (from === client) sent += bytes.length;
        if (pair.doomed && from === client) return reset(pair);
        if (pair.abandoned || !intercept(direction)) return;
        if (frozen.has(direction)) pair.held.push(() => to.write(bytes));
        else carry(bytes, to, pair, direction);
      });
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
      // The close event handles it.
      from.on('error', () => {});
    }
  });
  function carry(bytes: Buffer, to: Socket, { busyUntil, lines }: Pair, direction: Direction): void {
    const now = performance.now();
    const arrives = Math.max(now + slowness.milliseconds, busyUntil[direction]);
    busyUntil[direction] = arrives + (1000 * bytes.length) / slowness.bytesPerSecond;
    const line = lines[direction];
    line.push({ arrives, bytes });
    if (line.length === 1) deliver(line, to);
  }

  /** Delivers one after the other, since separate timers would not keep the order. */
  function deliver(line: Chunk[], to: Socket): void {
    for (let [next] = line; next !== undefined; [next] = line) {
      const wait = next.arrives - performance.now();
      if (wait > 0) return void setTimeout(() => deliver(line, to), wait);
      to.write(next.bytes);
      line.shift();
    }
  }

  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  const reset = ({ client, server }: Pair) => {
    client.resetAndDestroy();
    server.destroy();
  };
  const cut = () => pairs.forEach(reset);
  const setFilter = (filter: (direction: Direction) => boolean = () => true) => {
    intercept = filter;
  };
  // The port is closed at once; the `close` event comes only when the last connection has ended.
  const refuseNew = () => void listener.close();
  t.teardown(() => {
    listener.close();
    cut();
  });

  return {
    /** The URL of the database through the proxy. */
    url: withAddress(databaseUrl, port),
    /** The number of bytes that the service has sent. */
    sent: () => sent,
    /** Sets a filter for every chunk; a chunk for which it returns false is lost. Without an argument the filter is removed. */
    intercept: setFilter,
    /** Runs `run`, and resets all connections instead of forwarding its `point`th message. `wasCut` is false if there were fewer. */
    cutAt: async <T>(point: number, run: () => Promise<T>) => {
      let seen = 0;
      setFilter(() => {
        seen += 1;
        if (seen !== point) return true;
        cut();
        return false;
      });
      const [result] = await Promise.allSettled([run()]);
      setFilter();
      return { wasCut: seen >= point, result };
    },
    /** Forwards new connections to another server with the same user and database. */
    redirect: (url: string) => {
      target = addressOf(url);
    },
    /** Resets every connection. New ones work. */
    cut,
    /** Resets each open connection when the service next uses it. New ones work. */
    cutWhenUsed: () => {
      for (const pair of pairs) pair.doomed = true;
    },
    /** Refuses new connections; open ones stay. */
    refuseNew,
    /** Resets every connection and refuses new ones. */
    refuse: () => {
      refuseNew();
      cut();
    },
    /** Accepts connections again. */
    accept: async () => {
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    },
    /** Accepts connections but forwards nothing, or nothing in one direction, like a frozen server or a network that drops packets. */
    freeze: (...directions: Direction[]) => {
      for (const each of directions.length > 0 ? directions : (['to server', 'to client'] as const)) frozen.add(each);
    },
    /** Slows all connections, also open ones. Without arguments it restores the speed. */
    slow: ({ milliseconds = 0, bytesPerSecond = Number.POSITIVE_INFINITY }: Partial<Slowness> = {}) => {
      slowness = { milliseconds, bytesPerSecond };
    },
    /** Forwards what has arrived meanwhile and continues. */
    thaw: () => {
      frozen.clear();
      for (const pair of pairs) for (const forward of pair.held.splice(0)) forward();
    },
    /** Stops forwarding on the open connections, which become half-open. New ones work. */
    abandon: () => {
      for (const pair of pairs) pair.abandoned = true;
    },
  };
}

export type TcpProxy = Awaited<ReturnType<typeof startTcpProxy>>;

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5432) };
}

function withAddress(url: string, port: number): string {
  return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
}
