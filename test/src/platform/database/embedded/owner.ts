// A process that starts an embedded Postgres as the service does, prints its URL or the error, and waits to be killed.
import { startEmbeddedPostgres } from '#platform/database/embedded/embedded-postgres.js';

const [dataDir = ''] = process.argv.slice(2);
try {
  const { url } = await startEmbeddedPostgres({ dataDir, owner: 'http://localhost:3000' });
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  setInterval(() => {}, 1000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
}
