// client/openapi.ts is up to date with docs/openapi.yaml.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypescript from 'openapi-typescript';
import t from 'tap';
import { parse } from 'yaml';
import { packageRoot } from '#platform/process/package-info.js';

const COMMITTED = join(packageRoot, 'client', 'openapi.ts');

const HEAD = `// The operations of the service and their bodies, made from docs/openapi.yaml: npm run client:update.

`;

t.test('client/openapi.ts is generated from docs/openapi.yaml', async (t) => {
  const document = parse(readFileSync(join(packageRoot, 'docs', 'openapi.yaml'), 'utf8'));
  const made = await openapiTypescript(document, { commentHeader: HEAD, silent: true });
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(COMMITTED, made);
  t.equal(readFileSync(COMMITTED, 'utf8'), made, 'client/openapi.ts is out of date: npm run client:update');
});
