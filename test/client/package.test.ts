// The package latchkey-client agrees with the package of the service. .ci/clients packs, installs and uses it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '#platform/process/package-info.js';

const read = (...path: string[]) => JSON.parse(readFileSync(join(packageRoot, ...path, 'package.json'), 'utf8'));

t.test('the client has the version of the service, its dependency and its licence', async (t) => {
  const [client, service] = [read('client'), read()];
  t.equal(client.version, service.version);
  t.strictSame(client.dependencies, { 'openapi-fetch': service.dependencies['openapi-fetch'] });
  const licences = ['client', '.'].map((folder) => readFileSync(join(packageRoot, folder, 'LICENSE'), 'utf8'));
  t.equal(licences[0], licences[1]);
});
