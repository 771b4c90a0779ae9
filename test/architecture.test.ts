// The rules of the house hold in every source, and a breach of any of them is found.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';
import { violations } from './support/architecture.js';

const ROOMS = ['bench', 'client', 'drizzle', 'src', 'plugins', 'routes'];

t.test('every source keeps to the fences', async (t) => {
  const paths = ROOMS.flatMap((room) =>
    readdirSync(join(packageRoot, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${room}/${path.replaceAll('\\', '/')}`),
  );
  t.ok(paths.length > 50, 'the sources are there');
  const sources = new Map(paths.map((path) => [path, readFileSync(join(packageRoot, path), 'utf8')]));
  t.strictSame(violations(sources), []);
});

const HEAD = '// What it is for.\n';

/** One breach each: where, what, and how it is reported. */
const BREACHES: readonly [path: string, text: string, report: string][] = [
  [
    'drizzle/schema.ts',
    "import { x } from '#platform/log/log.js';",
    'drizzle/schema.ts:2: imports src/platform/log/log.ts',
  ],
  [
    'src/users/service.ts',
    "import db from '../../plugins/platform/db.js';",
    'src/users/service.ts:2: imports plugins/platform/db.ts',
  ],
  [
    'src/users/email.ts',
    "import type { Body } from '../../routes/api/a.js';",
    'src/users/email.ts:2: imports routes/api/a.ts',
  ],
  [
    'src/users/email.ts',
    "const x = await import('../../routes/api/a.js');",
    'src/users/email.ts:2: imports routes/api/a.ts',
  ],
  ['src/users/email.ts', "export { x } from '../../routes/api/a.js';", 'src/users/email.ts:2: imports routes/api/a.ts'],
  ['src/users/email.ts', "import '../../routes/api/a.js';", 'src/users/email.ts:2: imports routes/api/a.ts'],
  [
    'src/platform/log/log.ts',
    "import type { FastifyRequest } from 'fastify';",
    'src/platform/log/log.ts:2: imports fastify',
  ],
  ['src/platform/log/log.ts', "import jwt from '@fastify/jwt';", 'src/platform/log/log.ts:2: imports @fastify/jwt'],
  [
    'src/users/service.ts',
    "import { users } from '../../drizzle/schema.js';",
    'src/users/service.ts:2: imports drizzle/schema.ts',
  ],
  ['src/users/service.ts', "import { eq } from 'drizzle-orm';", 'src/users/service.ts:2: imports drizzle-orm'],
  [
    'src/users/service.ts',
    "import { type SQL, sql } from 'drizzle-orm';",
    'src/users/service.ts:2: imports drizzle-orm',
  ],
  [
    'src/users/service.ts',
    "import {\n  createUsersRepository,\n} from './repository.js';",
    'src/users/service.ts:2: imports src/users/repository.ts',
  ],
  [
    'src/users/repository.ts',
    "import { Problem } from '../errors/problem.js';",
    'src/users/repository.ts:2: imports src/platform/errors/problem.ts',
  ],
  [
    'plugins/platform/db.ts',
    "import login from '../routes/api/login/login.js';",
    'plugins/platform/db.ts:2: imports routes/api/login/login.ts',
  ],
  ['plugins/users.ts', "import db from './db.js';", 'plugins/users.ts:2: imports plugins/platform/db.ts'],
  ['routes/a.ts', "import { createUsers } from '#users/service.js';", 'routes/a.ts:2: imports src/users/service.ts'],
  ['routes/a.ts', "import db from '../plugins/platform/db.js';", 'routes/a.ts:2: imports plugins/platform/db.ts'],
  ['routes/a.ts', "import { sql } from 'drizzle-orm';", 'routes/a.ts:2: imports drizzle-orm'],
  ['routes/a.ts', "import { randomBytes } from 'node:crypto';", 'routes/a.ts:2: imports node:crypto'],
  ['client/a.ts', "import { x } from '#platform/log/log.js';", 'client/a.ts:2: imports src/platform/log/log.ts'],
  ['client/a.ts', "import type { x } from '#platform/log/log.js';", 'client/a.ts:2: imports src/platform/log/log.ts'],
  ['client/a.ts', "import { randomUUID } from 'node:crypto';", 'client/a.ts:2: imports node:crypto'],
  ['client/a.ts', "import { setTimeout } from 'timers/promises';", 'client/a.ts:2: imports timers/promises'],
  ['client/a.ts', 'export class A {}', 'client/a.ts:2: class A has no doc comment'],
  [
    'bench/references/a.ts',
    "import { x } from '../../src/platform/log/log.js';",
    'bench/references/a.ts:2: imports src/platform/log/log.ts',
  ],
  [
    'bench/load/a.ts',
    "import { x } from '../../test/support/rows.js';",
    'bench/load/a.ts:2: imports test/support/rows.ts',
  ],
  ['src/a.ts', "import { a } from './a.js';", 'src/a.ts:1: imports itself (src/a.ts)'],
  ['src/a.ts', 'export function a() {}', 'src/a.ts:2: function a has no doc comment'],
  ['src/a.ts', 'export class A {}', 'src/a.ts:2: class A has no doc comment'],
  ['src/a.ts', 'export interface A {}', 'src/a.ts:2: interface A has no doc comment'],
];

t.test('a breach is reported with its file and line', async (t) => {
  for (const [path, text, report] of BREACHES) {
    const found = violations(new Map([[path, `${HEAD}${text}\n`]]));
    t.equal(found.length, 1, `${path} ${text}`);
    t.ok(found[0]?.startsWith(report), `${path} ${text}: ${found[0]}`);
  }
  for (const head of ['', '\n// Late.\n', '#!/usr/bin/env node\n', '/* Another comment. */\n', '// no sentence\n']) {
    t.strictSame(
      violations(new Map([['plugins/a.ts', `${head}const a = 1;\n`]])),
      ['plugins/a.ts:1: does not begin with a sentence on what it is for'],
      JSON.stringify(head),
    );
  }
});

t.test('a circle is found through any number of files, types included, and told once', async (t) => {
  const circle = new Map([
    ['src/a.ts', `${HEAD}import { b } from './b/b.js';\n`],
    ['src/b/b.ts', `${HEAD}import type { C } from '../c.js';\n`],
    ['src/c.ts', `${HEAD}export { a } from './a.js';\n`],
  ]);
  t.strictSame(violations(circle), ['src/a.ts:1: imports itself (src/a.ts → src/b/b.ts → src/c.ts)']);
});

t.test('what is allowed is not reported', async (t) => {
  const good = new Map([
    ['client/a.ts', "import createClient from 'openapi-fetch';\nimport { x } from './b.js';"],
    ['client/openapi.ts', 'export interface paths {}'],
    ['drizzle/schema.ts', "import { pgTable } from 'drizzle-orm/pg-core';"],
    ['src/app.ts', "import Fastify from 'fastify';"],
    ['bench/references/a.ts', "import Fastify from 'fastify';\nimport { x } from '../statistics.js';"],
    ['bench/run.ts', "import { x } from '#platform/process/package-info.js';\nimport { y } from './support/rows.js';"],
    ['src/cli/main.ts', "import Fastify from 'fastify';"],
    ['src/users/repository.ts', "import { users } from '../../drizzle/schema.js';"],
    [
      'src/users/service.ts',
      "import type { UsersRepository } from './repository.js';\nimport type { SQL } from 'drizzle-orm';",
    ],
    ['src/users/text.ts', "import { type Sessions, type SessionRef } from '../sessions/service.js';"],
    ['plugins/users.ts', "import type { Db } from './db.js';\nimport { createUsers } from '#users/service.js';"],
    ['routes/a.ts', "import type { Users } from '#users/service.js';\nimport { Email } from '#schemas/fields.js';"],
    [
      'src/a.ts',
      "\n// In a comment: import { x } from '../routes/a.js';\nconst text = \"from 'fastify'\";\n/** Documented. */\nexport function a() {}",
    ],
  ]);
  t.strictSame(violations(new Map([...good].map(([path, text]) => [path, `${HEAD}${text}\n`]))), []);
  t.strictSame(violations(new Map([['src/cli/main.ts', '#!/usr/bin/env node\n// A command.\nrun();\n']])), []);
});
