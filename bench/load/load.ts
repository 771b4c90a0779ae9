// The process that the load comes from: so many connections that ask as fast as they are answered, or at a rate.
import { setTimeout as sleep } from 'node:timers/promises';
import { measured, type Outcome, type Timing } from '../protocol.js';
import { createRecorder } from '../statistics.js';
import { type Connection, createConnection } from './connection.js';
import { stepsOf, type Work } from './work.js';

/** What a load is. */
export interface LoadTask extends Timing {
  readonly port: number;
  /** With a rate: at most. */
  readonly connections: number;
  /**
   * Requests a second, whether or not those before are answered: a latency then includes the wait for
   * a connection. Undefined:
   * each connection asks again when it has been answered.
   */
  readonly rate?: number;
  /** So many requests, however long they take; undefined: as many as there is time for. */
  readonly requests?: number;
  readonly work: Work;
}

const FIRST_WRONG = 5;

measured<LoadTask>(({ port, connections, rate, requests = Number.POSITIVE_INFINITY, work }) => {
  const tokens: string[] = [];
  const steps = stepsOf(work, tokens);
  const all = Array.from({ length: connections }, () => createConnection(port));

  return async (seconds): Promise<Outcome> => {
    const recorder = createRecorder();
    const firstWrong: string[] = [];
    let wrong = 0;
    let left = requests;
    const begun = performance.now();
    const end = requests === Number.POSITIVE_INFINITY ? begun + seconds * 1000 : Number.POSITIVE_INFINITY;

    /** False when there is nothing left to ask. */
    async function ask(connection: Connection, due: number): Promise<boolean> {
      const step = left > 0 ? steps() : undefined;
      if (step === undefined) return false;
      left -= 1;
      const invalidVariable = await connection.ask(step.request).then(step.judge, (error: Error) => error.message);
      recorder.record(performance.now() - due);
      if (invalidVariable === undefined) return true;
      wrong += 1;
      if (firstWrong.length < FIRST_WRONG) firstWrong.push(invalidVariable);
      return true;
    }

    async function askAgainAndAgain(connection: Connection): Promise<void> {
      let now = performance.now();
      while (now < end && (await ask(connection, now))) now = performance.now();
    }

    async function askAtRate(perSecond: number): Promise<void> {
      const free = [...all];
      const asked = new Set<Promise<void>>();
      let noneFreeAt = begun;
      for (let due = begun; due < end; ) {
        for (let now = performance.now(); due <= now && due < end; now = performance.now()) {
          const connection = free.pop();
          if (connection === undefined) {
            noneFreeAt = now;
            break;
          }
          // That a connection was not free is the server's doing; that this process woke late is not.
          const answered: Promise<void> = ask(connection, due <= noneFreeAt ? due : now).then(() => {
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

    await (rate === undefined ? Promise.all(all.map(askAgainAndAgain)) : askAtRate(rate));
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
