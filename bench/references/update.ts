// The reference `update`: a postgres.js program that does the database work of a refresh, and nothing else.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { measured, repeat, type Timing } from '../protocol.js';
import { UPDATE_STATEMENT } from './update-statement.js';

interface Task extends Timing {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** One for each chain. */
  readonly sessions: readonly { readonly userId: number; readonly sessionId: number; readonly hash: string }[];
}

const LIFETIME = 30 * 86_400;
const NO_CAP = 0;

measured<Task>(({ databaseUrl, poolSize, sessions }) => {
  const sql = postgres(databaseUrl, { max: poolSize, fetch_types: false, onnotice: () => {} });
  const chains = sessions.map(({ userId, sessionId, hash }) => ({
    userId,
    sessionId,
    generation: 0,
    hash: Buffer.from(hash, 'hex'),
  }));
  // Cheap random bytes: generating a token is part of the service's cost, not of the database's.
  const retryKey = randomBytes(8);
  return (seconds) =>
    repeat(seconds, chains.length, async (line) => {
      const chain = chains[line];
      if (chain === undefined) return;
      const { userId, sessionId, generation, hash } = chain;
      const next = randomBytes(32);
      const parameters = [next, retryKey, LIFETIME, NO_CAP, userId, sessionId, generation, hash, NO_CAP];
      const rows = await sql.unsafe(UPDATE_STATEMENT, parameters, { prepare: true });
      if (rows.length !== 1) throw new Error('the session is not updated');
      chain.hash = next;
      chain.generation += 1;
    });
});
