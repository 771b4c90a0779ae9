// The load generator: a number of connections that send requests as fast as they get responses, or at a fixed rate.
import { setTimeout as sleep } from 'node:timers/promises';
import { measured, type Outcome, type Timing } from '../protocol.js';
import { createRecorder } from '../statistics.js';
import { type Connection, createConnection } from './connection.js';
import { stepsOf, type Work } from './work.js';

/** The description of a load. */
export interface LoadTask extends Timing {
  readonly port: number;
  /** With a rate, the maximum number. */
  readonly connections: number;
  /**
   * Requests per second, sent whether or not earlier ones have been answered; a latency then includes the wait for a connection.
   * Undefined: each connection sends its next request when it has a response.
   */
  readonly rate?: number;
  /** The number of requests, regardless of the time they take; undefined: as many as the time allows. */
  readonly requests?: number;
  readonly work: Work;
}

const FIRST_WRONG = 5;

measured<LoadTask>(({ port, connections, rate, requests = Number.POSITIVE_INFINITY, work }) => {
  const tokens: string[] = [];
  const steps = stepsOf(work, tokens);
  const all = Array.from({ length: connections }, () => createConnection(port));
  // A long warm-up must leave enough of what can be used only once.
  const most = work.kind === 'get' && work.once ? Math.min(requests, Math.floor(work.targets.length / 2)) : requests;

  return async (seconds): Promise<Outcome> => {
    const recorder = createRecorder();
    const firstWrong: string[] = [];
    let wrong = 0;
    let left = most;
    const begun = performance.now();
    const end = requests === Number.POSITIVE_INFINITY ? begun + seconds * 1000 : Number.POSITIVE_INFINITY;

    /** False when no requests are left. */
    async function ask(connection: Connection, due: number): Promise<boolean> {
      const step = left > 0 ? steps() : undefined;
      if (step === undefined) return false;
      left -= 1;
      const mismatch = await connection.ask(step.request).then(step.check, (error: Error) => error.message);
      recorder.record(performance.now() - due);
      if (mismatch === undefined) return true;
      wrong += 1;
      if (firstWrong.length < FIRST_WRONG) firstWrong.push(mismatch);
      return true;
    }

    async function requestContinuously(connection: Connection): Promise<void> {
      let now = performance.now();
      while (now < end && (await ask(connection, now))) now = performance.now();
    }

    async function requestAtRate(perSecond: number): Promise<void> {
      const free = [...all];
      const asked = new Set<Promise<void>>();
      let allBusyAt = begun;
      for (let due = begun; due < end; ) {
        for (let now = performance.now(); due <= now && due < end; now = performance.now()) {
          const connection = free.pop();
          if (connection === undefined) {
            allBusyAt = now;
            break;
          }
          // The server is responsible if no connection was free, but not if this process woke up late.
          const answered: Promise<void> = ask(connection, due <= allBusyAt ? due : now).then(() => {
            free.push(connection);
            asked.delete(answered);
          });
          asked.add(answered);
          due += 1000 / perSecond;
        }
        await sleep(1);
      }
      await Promise.all(asked);
    }

    await (rate === undefined ? Promise.all(all.map(requestContinuously)) : requestAtRate(rate));
    return {
      ...recorder.latencies(),
      operations: recorder.count(),
      seconds: (performance.now() - begun) / 1000,
      wrong,
      firstWrong,
      tokens,
    };
  };
});
