// An update and its rollback under traffic: the build of the previous version, from the git history, and this one, on the tables of
// this version.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { emptyDatabase } from '../support/database.js';
import { rowsOf } from '../support/rows.js';
import { runCommand, type Service, serviceEnvironment } from '../support/service.js';
import { figure } from './harness/figures.js';
import { startInstance } from './harness/service.js';
import { underLoad } from './harness/under-load.js';

const run = promisify(execFile);

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: packageRoot }).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** The migrations of this version, oldest first. */
async function migrations(): Promise<string[]> {
  const journal = await readFile(join(packageRoot, 'drizzle', 'migrations', 'meta', '_journal.json'), 'utf8');
  return (JSON.parse(journal) as { entries: { tag: string }[] }).entries.map(({ tag }) => tag);
}

/** The last release before this commit; before the first release, the commit before that of the latest migration. */
async function previousVersion(): Promise<string | undefined> {
  const release = await git('describe', '--tags', '--match=v*', '--abbrev=0', 'HEAD^');
  if (release !== '') return release;
  const latest = (await migrations()).at(-1);
  const file = `drizzle/migrations/${latest}.sql`;
  // A merge may have added it: git shows what that changed only if asked.
  const added = await git('log', '-1', '-m', '--first-parent', '--diff-filter=A', '--format=%H', '--', file);
  const before = added === '' ? '' : await git('rev-parse', '--verify', '--quiet', `${added}^`);
  return before === '' ? undefined : before;
}

/** Builds a commit with the packages of this one, and returns the path of its command. */
async function buildOf(t: Pick<Test, 'teardown'>, commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-previous-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, folder], { cwd: packageRoot });
  await symlink(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  // `env`, because tap adds its loader to the options of each Node process that it sees.
  const build = ['-u', 'NODE_OPTIONS', process.execPath, join(folder, 'scripts', 'build.mjs')];
  await run('env', build, { cwd: folder });
  return join(folder, 'dist', 'bundle', 'src', 'cli', 'main.js');
}

const previous = await previousVersion();
// Not in the time of the test: a busy machine compiles slowly.
const main = previous === undefined ? '' : await buildOf(t, previous);

t.test(
  'update, side by side, rollback: no call fails, and nothing is lost',
  { skip: previous === undefined && 'this checkout has no history', timeout: figure(300_000, 900_000) },
  async (t) => {
    const databaseUrl = await emptyDatabase(t);
    const environment = serviceEnvironment(databaseUrl, 0);
    t.match(await runCommand(['migrate'], environment, undefined, '', main), { code: 0 });
    const rows = rowsOf(t, databaseUrl);
    const applied = async () => (await rows`select 1 from schema_migrations`).length;
    const before = await applied();
    const all = (await migrations()).length;
    t.ok(before < all, `${previous} has ${before} of ${all} migrations`);

    const startPrevious = () => startInstance(t, databaseUrl, {}, main);
    const startThis = () => startInstance(t, databaseUrl);
    let instances: Service[] = [await startPrevious()];
    let turn = 0;
    const replace = async (stopped: readonly Service[], by: readonly Service[]) => {
      instances = [...instances.filter((each) => !stopped.includes(each)), ...by];
      for (const each of stopped) t.match(await each.stop('SIGTERM'), { code: 0 });
    };
    // Each step is under traffic: what one version writes, the other reads.
    const steps = [
      async () => {
        t.match(
          await runCommand(['migrate'], environment),
          { code: 0 },
          'this version migrates beside the previous one',
        );
        t.equal(await applied(), all);
      },
      async () => replace([], [await startThis()]),
      async () => replace(instances.slice(0, 1), [await startThis()]),
      async () => {
        // As the release command of a rollback does.
        t.match(await runCommand(['migrate'], environment, undefined, '', main), {
          code: 0,
          stdout: /Nothing to apply/,
        });
        await replace(instances.slice(0, 1), [await startPrevious()]);
      },
      async () => replace(instances.slice(0, 1), []),
    ];
    const calls = await underLoad(t, {
      fault: 'update and rollback',
      target: () => {
        turn += 1;
        const service = instances[turn % instances.length];
        if (service === undefined) throw new Error('no instance');
        return service;
      },
      databaseUrl: () => databaseUrl,
      rounds: steps.length,
      clients: figure(8, 16),
      between: figure(60, 1500),
      inject: async (round) => steps[round]?.(),
    });
    t.strictSame(
      calls.filter(({ outcome }) => outcome === 'unknown'),
      [],
      'every call was answered, and none with a server error',
    );
  },
);
