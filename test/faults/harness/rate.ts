// Sends requests at a fixed rate, whether or not earlier ones are answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from '../../../bench/load/connection.js';

/** The answer to one request. */
export interface Answered {
  readonly status: number;
  readonly body: string;
  /** From the time at which it was due to its answer. */
  readonly milliseconds: number;
}

/** The bytes of an HTTP/1.1 request. */
export function wire(method: string, path: string, body?: object, headers: Record<string, string> = {}): string {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const all = {
    Host: 'latchkey',
    ...headers,
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(payload)),
    }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${payload}`;
}

/** A cheap client, since it shares the cores with the service that it measures: connections are kept and reused. */
export function createClients(port: number) {
  const free: Connection[] = [];
  const all = new Set<Connection>();

  async function ask(request: string, due = performance.now()): Promise<Answered> {
    const connection = free.pop() ?? createConnection(port);
    all.add(connection);
    const { status, body } = await connection.ask(request);
    free.push(connection);
    return { status, body, milliseconds: performance.now() - due };
  }

  /** Sends the requests of `next` at the given rate; resolves when all are answered. */
  async function requestAtRate(perSecond: number, seconds: number, next: () => string): Promise<Answered[]> {
    const begun = performance.now();
    const total = Math.round(perSecond * seconds);
    const pending: Promise<Answered>[] = [];
    while (pending.length < total) {
      const due = begun + (pending.length * 1000) / perSecond;
      const now = performance.now();
      if (due > now) await sleep(Math.max(1, due - now));
      // Counted from now: a late timer of this process must not count against the service.
      else pending.push(ask(next(), now));
    }
    return Promise.all(pending);
  }

  return {
    ask,
    requestAtRate,
    close: (): void => {
      for (const connection of all) connection.close();
    },
  };
}
