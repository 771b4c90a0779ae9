// The code that the page /docs/ shows for every operation compiles, and works against the service.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { type Language, languages, type OpenApi, snippet } from '../../api-docs/snippets.js';
import { operationsOf } from '../openapi/document.js';
import { testApp } from '../support/app.js';
import { compile } from '../support/compile.js';
import { unlessInstalled } from '../support/installed.js';

const run = promisify(execFile);
/** A snippet may show a value and leave it at that. */
const UNUSED = { noUnusedLocals: false };
const hasRequests = (python: string) => spawnSync(python, ['-c', 'import requests']).status === 0;
const PYTHON = ['/usr/bin/python3', 'python3'].find(hasRequests) ?? '/usr/bin/python3';
const requestsMissing = unlessInstalled(hasRequests(PYTHON), 'python3-requests');

/** A folder inside the package, where its own name resolves to its exports. */
async function workFolder(t: { teardown: (run: () => Promise<void>) => void }): Promise<string> {
  const parent = join(packageRoot, 'dist', 'test', 'api-docs');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'snippets-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

t.test('the code for every operation is valid in its language', async (t) => {
  const { app } = await testApp(t);
  const document = app.swagger() as object as OpenApi;
  const folder = await workFolder(t);
  const operations = operationsOf(document);
  const codeOf = (language: Language) =>
    operations.map(({ path, method, operationId }) => ({
      operationId,
      code: snippet(language, document, path, method.toLowerCase(), 'https://auth.example.com'),
    }));

  for (const { operationId, code } of codeOf('curl')) {
    t.equal(spawnSync('bash', ['-n'], { input: code }).stderr.toString(), '', operationId);
    t.match(code, /^curl( -X (POST|PUT|PATCH|DELETE))? 'https:\/\/auth\.example\.com\/[^{}]+'/, operationId);
  }
  // Bodies and answers that several operations share are components.
  for (const { operationId, requestBody } of operations) {
    const { code = '' } = codeOf('Python').find((each) => each.operationId === operationId) ?? {};
    t.equal(code.includes('json='), requestBody !== undefined, `${operationId} has its body`);
  }
  const python = JSON.stringify(codeOf('Python').map(({ code }) => code));
  const parsed = spawnSync(PYTHON, ['-c', 'import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)'], {
    input: python,
  });
  t.equal(parsed.stderr.toString(), '');
  const files = await Promise.all(
    codeOf('TypeScript').map(async ({ operationId, code }) => {
      const file = join(folder, `${operationId}.ts`);
      await writeFile(file, code);
      return file;
    }),
  );
  t.ok(files.length > 50);
  t.equal(await compile(folder, files, UNUSED), '');
});

t.test(
  'the code in each language registers, logs in, reads the account and logs out',
  { skip: requestsMissing },
  async (t) => {
    const { app } = await testApp(t, { env: { SETTING_ACCESS_TOKEN_LIFETIME: '3600' } });
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const document = app.swagger() as object as OpenApi;
    const byId = new Map(operationsOf(document).map((each) => [each.operationId, each]));
    const codeOf = (language: Language, operationId: string) => {
      const { path = '', method = 'GET' } = byId.get(operationId) ?? {};
      return snippet(language, document, path, method.toLowerCase(), origin);
    };
    const folder = await workFolder(t);
    const files = ['register', 'login', 'getMe', 'updateMe', 'listSessions', 'logout'].map((id) => ({
      id,
      path: join(folder, `${id}.ts`),
    }));
    for (const { id, path } of files) await writeFile(path, codeOf('TypeScript', id));
    t.equal(
      await compile(
        folder,
        files.map(({ path }) => path),
        UNUSED,
      ),
      '',
    );

    // The first registers the account of the examples.
    for (const { id } of files) {
      const { stderr } = await run(process.execPath, [join(folder, `${id}.js`)]);
      t.equal(stderr, '', `TypeScript: ${id}`);
    }
    const curl = async (id: string, env = {}) =>
      JSON.parse((await run('bash', ['-c', codeOf('curl', id)], { env: { ...process.env, ...env } })).stdout);
    t.match(await curl('register'), { code: 'email_taken' });
    const { access_token: accessToken } = await curl('login');
    t.match(await curl('getMe', { ACCESS_TOKEN: accessToken }), { email: 'user@example.com' });
    const python = async (id: string) =>
      (await run(PYTHON, ['-c', codeOf('Python', id)], { env: { ...process.env, ACCESS_TOKEN: accessToken } })).stdout;
    t.match(await python('login'), /'access_token': 'eyJ/);
    t.match(await python('getMe'), /'email': 'user@example.com'/);
    t.match(await python('listSessions'), /'current': True/);
    t.equal(languages.length, 3);
  },
);
