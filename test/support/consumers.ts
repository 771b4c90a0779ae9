// Consumers of access tokens: libraries and proxies, configured as in docs/verify-tokens.md, with the real service.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { errors } from 'jose';
import type { Test } from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { unlessInstalled } from './installed.js';
import { NGINX, startNginxWith } from './nginx.js';
import { codeBlocks } from './page.js';

type Teardown = Pick<Test, 'teardown'>;

/** The result of a verifier for a token: its user, or a refusal. Anything else is an error. */
export type Verdict = { readonly userId: number } | 'refused';
export type Verify = (token: string) => Promise<Verdict>;

export const PAGE = 'verify-tokens.md';
/** The names on the page; the issuer is replaced by the URL of the running service. */
export const PAGE_ISSUER = 'https://auth.example.com';
export const AUDIENCE = 'https://api.example.com';

const PYTHON = '/usr/bin/python3';
/** Errors of jose when the key set cannot be fetched, which say nothing about the token. */
const FETCH_ERRORS = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT']);

export const pyjwtMissing = unlessInstalled(hasPython('jwt', 'cryptography'), 'python3-jwt python3-cryptography');
export const simplejwtMissing = unlessInstalled(
  hasPython('rest_framework_simplejwt', 'django', 'cryptography'),
  'python3-djangorestframework-simplejwt python3-cryptography',
);
export const nginxMissing = unlessInstalled(existsSync(NGINX), 'nginx');

function hasPython(...modules: readonly string[]): boolean {
  const script = 'import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))';
  return spawnSync(PYTHON, ['-c', script, ...modules]).status === 0;
}

/** A code block of the page, with the URL of the running service. */
export function snippet(language: string, index: number, issuer: string): string {
  const block = codeBlocks(PAGE, language)[index];
  if (block === undefined) throw new Error(`docs/${PAGE} has no ${language} block ${index}`);
  return block.replaceAll(PAGE_ISSUER, issuer);
}

/** The public address of a service: forwards to its port, once that is set, and counts requests and connections. */
export async function startFront(t: Teardown) {
  let target = 0;
  let connections = 0;
  const paths: string[] = [];
  const server = createServer((incoming, answer) => {
    const { method, url: path = '/', headers } = incoming;
    paths.push(path);
    const outgoing = request({ host: '127.0.0.1', port: target, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listen(t, server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    forwardTo: (servicePort: number) => {
      target = servicePort;
    },
    /** Every requested path, in order. */
    paths: (): readonly string[] => paths,
    connections: () => connections,
  };
}

/** Imports the first `js` block. */
export async function startJose(t: Teardown, issuer: string): Promise<Verify> {
  const { verify } = await importSnippet(t, snippet('js', 0, issuer));
  return async (token) => {
    try {
      return { userId: (await (verify as (token: string) => Promise<{ user_id: number }>)(token)).user_id };
    } catch (error) {
      if (error instanceof errors.JOSEError && !FETCH_ERRORS.has(error.code)) return 'refused';
      throw error;
    }
  };
}

/** Imports JavaScript source as a module that can import this package's dependencies. */
export async function importSnippet(t: Teardown, source: string): Promise<Record<string, unknown>> {
  const folder = await temporaryFolder(t);
  await symlink(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'snippet.mjs');
  await writeFile(file, source);
  return import(pathToFileURL(file).href);
}

/** Runs the first `python` block in a new process. */
export function startPyjwt(t: Teardown, issuer: string): Promise<Verify> {
  const driver = `
from snippet import jwt, verify

def judge(token):
    try:
        return {"userId": verify(token)["user_id"]}
    except jwt.PyJWTError:
        return "refused"
`;
  return startPython(t, { 'snippet.py': snippet('python', 0, issuer), 'driver.py': driver });
}

/** Runs the other three `python` blocks in a Django project with one view. */
export function startSimplejwt(t: Teardown, issuer: string): Promise<Verify> {
  const driver = `
import django
from django.conf import settings

import page_settings

settings.configure(
    SECRET_KEY="of no use here",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    USE_TZ=True,
    SIMPLE_JWT=page_settings.SIMPLE_JWT,
    REST_FRAMEWORK=page_settings.REST_FRAMEWORK,
)
django.setup()

from django.test import RequestFactory
from views import WhoAmI

view = WhoAmI.as_view()
factory = RequestFactory()

def judge(token):
    response = view(factory.get("/", HTTP_AUTHORIZATION="Bearer " + token))
    if response.status_code == 200:
        return {"userId": response.data["user_id"]}
    if response.status_code == 401:
        return "refused"
    raise Exception(response.status_code)
`;
  return startPython(t, {
    'page_settings.py': snippet('python', 1, issuer),
    'tokens.py': snippet('python', 2, issuer),
    'views.py': snippet('python', 3, issuer),
    'driver.py': driver,
  });
}

/** Runs a `driver.py` that defines `judge`: a token a line in, a verdict a line out. */
async function startPython(t: Teardown, files: Readonly<Record<string, string>>): Promise<Verify> {
  const loop = `
import json
import sys

for line in sys.stdin:
    print(json.dumps(judge(line.rstrip("\\n"))), flush=True)
`;
  const folder = await temporaryFolder(t);
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
  await writeFile(join(folder, 'main.py'), `from driver import judge\n${loop}`);
  const child = spawn(PYTHON, ['main.py'], { cwd: folder, env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
  const { ended, stderr } = endWith(t, child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (token) => {
    child.stdin.write(`${token}\n`);
    const { value, done } = await lines.next();
    if (done) {
      await ended;
      throw new Error(`Python ended: ${stderr()}`);
    }
    return JSON.parse(value);
  };
}

/** What arrives at the app behind a proxy. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The `nginx` block, between a client and an app that answers with what has arrived. */
export async function startNginx(t: Teardown, servicePort: number) {
  const app = createServer((incoming, answer) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      answer.end(JSON.stringify({ method, url, headers, body } satisfies Arrived));
    });
  });
  const appPort = await listen(t, app);
  const servers = snippet('nginx', 0, '')
    .replace('server 127.0.0.1:3000;', `server 127.0.0.1:${servicePort};`)
    .replace('server 127.0.0.1:8000;', `server 127.0.0.1:${appPort};`)
    .replace('listen 8080;', 'listen 127.0.0.1:PORT;');
  const client = await startNginxWith(t, servers);
  const verify: Verify = async (token) => {
    const { statusCode, body } = await client.call('GET', '/', { headers: { authorization: `Bearer ${token}` } });
    if (statusCode === 401) return 'refused';
    if (statusCode !== 200) throw new Error(`nginx: ${statusCode} ${body}`);
    return { userId: Number((JSON.parse(body) as Arrived).headers['x-user-id']) };
  };
  return { ...client, verify };
}

async function listen(t: Teardown, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function temporaryFolder(t: Teardown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-consumer-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The process ends with the test, at the latest. */
function endWith(t: Teardown, child: ChildProcess) {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { ended, stderr: () => stderr };
}
