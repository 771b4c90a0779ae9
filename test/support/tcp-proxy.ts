// A TCP proxy between the service and its database that refuses, cuts, freezes and abandons connections when told to.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** What has arrived while nothing is forwarded, in order. */
  held: (() => void)[];
  abandoned: boolean;
}

/** Forwards to host and port of `databaseUrl` until told otherwise; ends with the test. */
export async function startTcpProxy(t: Pick<Test, 'teardown'>, databaseUrl: string) {
  let target = addressOf(databaseUrl);
  let frozen = false;
  let sent = 0;
  const pairs = new Set<Pair>();
  const listener = createServer((client) => {
    const server = connect(target.port, target.host);
    const pair: Pair = { client, server, held: [], abandoned: false };
    pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (from === client) sent += bytes.length;
        if (pair.abandoned) return;
        if (frozen) pair.held.push(() => to.write(bytes));
        else to.write(bytes);
      });
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
      // Its close is what matters.
      from.on('error', () => {});
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  const cut = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  };
  // The port is closed at once; `close` would only be reported when the last connection has ended.
  const refuseNew = () => void listener.close();
  t.teardown(() => {
    listener.close();
    cut();
  });

  return {
    /** The database as the service should reach it. */
    url: withAddress(databaseUrl, port),
    /** How many bytes the service has sent. */
    sent: () => sent,
    /** Leads new connections to another server with the same user and database. */
    redirect: (url: string) => {
      target = addressOf(url);
    },
    /** Resets every connection. New ones work. */
    cut,
    /** Refuses new connections; those there are stay. */
    refuseNew,
    /** Resets every connection and refuses new ones. */
    refuse: () => {
      refuseNew();
      cut();
    },
    /** Takes connections again. */
    accept: async () => {
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    },
    /** Takes connections and forwards nothing: a server that is stopped, or a network that drops packets. */
    freeze: () => {
      frozen = true;
    },
    /** Forwards what has arrived meanwhile, and goes on. */
    thaw: () => {
      frozen = false;
      for (const pair of pairs) for (const forward of pair.held.splice(0)) forward();
    },
    /** Never forwards anything again on the connections there are: half-open ones. New ones work. */
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
