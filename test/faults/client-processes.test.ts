// Processes that share one session in a file without a lock: the rule of one key per token alone keeps it intact.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { memoryStorage } from '../../client/index.js';
import { CREDENTIALS, clientOf, NOT_NOW, serviceBehindProxy } from '../client/support.js';
import { FAULTS } from '../support/http-proxy.js';
import { until } from '../support/until.js';

const DAY = 86_400_000;
const ROUNDS = 20;

interface Outcome {
  readonly answer: string;
  readonly ends: readonly string[];
}

/** Starts a process whose clock is `offset` milliseconds wrong. */
function startProcess(t: Test, args: readonly string[], offset: number) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'client-process.js'), ...args, String(offset)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ask: async (): Promise<Outcome> => {
      child.stdin.write('go\n');
      const { value } = await lines.next();
      return JSON.parse(value ?? '{}');
    },
    kill: () => child.kill('SIGKILL'),
    /** Repeats the request until it is answered: on a busy machine even a good network can look bad. */
    askAgain(): Promise<string> {
      return until('an answer', async () => {
        const { answer } = await this.ask();
        return !NOT_NOW.test(answer) && answer;
      });
    },
    /** Starts a request without waiting for it. */
    begin: () => child.stdin.write('go\n'),
  };
}

async function sessionInFile(t: Test) {
  const real = await serviceBehindProxy(t);
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-client-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const storage = memoryStorage();
  await clientOf(real.proxy.origin, { storage }).login(CREDENTIALS);
  const file = join(folder, 'session');
  await writeFile(file, (await storage.get()) ?? '', { mode: 0o600 });
  return { ...real, file, args: [real.proxy.origin, real.proxy.resource, file] };
}

t.test('processes with clocks a day apart share one session over a bad network', async (t) => {
  const { proxy, args, liveSessions } = await sessionInFile(t);
  const processes = [0, DAY, -DAY].map((offset) => startProcess(t, args, offset));
  let turn = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // Every second refresh passes, and the fault changes each round: no round can use up all attempts.
    proxy.decide(({ path }) => {
      if (path !== '/api/refresh/') return 'pass';
      turn += 1;
      return turn % 2 === 0 ? 'pass' : (FAULTS[round % FAULTS.length] ?? 'pass');
    });
    proxy.expire();
    const outcomes = await Promise.all(processes.map(({ ask }) => ask()));
    for (const { answer, ends } of outcomes) {
      t.ok(answer === '200' || NOT_NOW.test(answer), `round ${round}: ${answer}`);
      t.strictSame(ends, []);
    }
    await proxy.deliver();
  }
  proxy.decide(() => 'pass');
  proxy.expire();
  t.strictSame(await Promise.all(processes.map((each) => each.askAgain())), ['200', '200', '200']);
  t.equal(await liveSessions(), 1);
});

t.test('a process that is killed during a refresh leaves a session that the others can use', async (t) => {
  const { proxy, args, file, liveSessions } = await sessionInFile(t);
  const survivor = startProcess(t, args, 0);
  t.equal(await survivor.askAgain(), '200');
  for (const when of ['before the service has the request', 'when the service has answered']) {
    const victim = startProcess(t, args, 0);
    const killed = new Promise<void>((resolve) => {
      const kill = ({ path }: { path: string }) => {
        if (path === '/api/refresh/' && victim.kill()) resolve();
      };
      if (when.startsWith('when')) proxy.holdAnswers(kill);
      else
        proxy.decide((seen) => {
          kill(seen);
          return 'pass';
        });
    });
    proxy.expire();
    const before = await readFile(file, 'utf8');
    victim.begin();
    await killed;
    proxy.decide(() => 'pass');
    proxy.holdAnswers(() => {});
    t.equal(await readFile(file, 'utf8'), before, `killed ${when}`);
    t.equal(await survivor.askAgain(), '200');
    t.strictSame((await survivor.ask()).ends, []);
  }
  t.equal(await liveSessions(), 1);
});
