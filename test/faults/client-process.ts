// A process with a client whose session is in a shared file: it requests the resource once for each line of its input.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createLatchkeyClient, LatchkeyError, type LatchkeyStorage } from '../../client/index.js';

const [baseUrl = '', resource = '', file = '', offset = '0'] = process.argv.slice(2);

const { now } = Date;
Date.now = () => now() + Number(offset);

/** Written to a temporary file that is then renamed, so that a reader sees the old value or the new one, never a part. */
function fileStorage(path: string): LatchkeyStorage {
  return {
    name: path,
    get: () => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    set: (value) => {
      if (value === null) return rmSync(path, { force: true });
      const mine = `${path}.${process.pid}`;
      writeFileSync(mine, value, { mode: 0o600 });
      renameSync(mine, path);
    },
  };
}

const ends: string[] = [];
const client = createLatchkeyClient({
  baseUrl,
  storage: fileStorage(file),
  timeoutMilliseconds: 500,
  firstPauseMilliseconds: 10,
  onSessionEnd: (reason) => ends.push(reason),
});

async function requestResource(): Promise<string> {
  try {
    return String((await client.fetch(resource)).status);
  } catch (error) {
    return error instanceof LatchkeyError ? error.code : String(error);
  }
}

for await (const _line of createInterface({ input: process.stdin })) {
  const answer = await requestResource();
  process.stdout.write(`${JSON.stringify({ answer, ends })}\n`);
}
