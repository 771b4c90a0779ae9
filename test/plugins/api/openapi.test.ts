// The served OpenAPI document is complete, valid and the same as the committed one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import t from 'tap';
import { parse } from 'yaml';
import { packageRoot } from '#platform/process/package-info.js';
import { answerExamples, operationsOf, requestExamples } from '../../openapi/document.js';
import { testApp } from '../../support/app.js';

const COMMITTED = join(packageRoot, 'docs', 'openapi.yaml');

t.test('docs/openapi.yaml is the document that is served', async (t) => {
  const { inject } = await testApp(t);
  const served = (await inject({ url: '/openapi.yaml' })).body;
  // npm run openapi:update
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(COMMITTED, served);
  const message = 'docs/openapi.yaml is out of date. If the change is intended: npm run openapi:update';
  t.equal(served, readFileSync(COMMITTED, 'utf8'), message);
});

t.test('the document is served as JSON and as YAML', async (t) => {
  const { inject } = await testApp(t);
  const json = await inject({ url: '/openapi.json' });
  const yaml = await inject({ url: '/openapi.yaml' });
  t.equal(json.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(yaml.headers['content-type'], 'application/yaml; charset=utf-8');
  t.equal(json.json().openapi, '3.1.0');
  t.strictSame(json.json(), parse(yaml.body));
});

t.test('every operation has an id, a summary, a description, a tag and examples', async (t) => {
  const { app } = await testApp(t);
  const document = app.swagger() as { tags?: { name: string }[] };
  const operations = operationsOf(document);
  t.ok(operations.length > 30);
  const tags = (document.tags ?? []).map(({ name }) => name);
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length, 'operationIds are unique');
  for (const operation of operations) {
    const { operationId, summary, description, path } = operation;
    t.match(operation, { operationId: /^[a-z][A-Za-z]+$/, summary: /\S/, description: /\.$/ }, operationId);
    t.ok(operation.tags.length === 1 && tags.includes(operation.tags[0] ?? ''), `${operationId} has a tag`);
    t.not(summary, description);
    if (path.startsWith('/api/')) t.match(path, /\/$/, `${operationId} is documented with its slash`);
    if (operation.requestBody) t.ok(requestExamples(operation), `${operationId} has an example of its body`);
    for (const status of Object.keys(operation.responses)) {
      t.ok(
        answerExamples(operation).some((each) => each.status === Number(status)),
        `${operationId} ${status} has an example`,
      );
    }
  }
});

t.test('every example matches its schema, and every body has a named schema', async (t) => {
  const { app } = await testApp(t);
  const document = app.swagger();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  let examined = 0;
  for (const { operationId, requestBody, responses } of operationsOf(document)) {
    for (const { content = {} } of [...Object.values(responses), ...(requestBody ? [requestBody] : [])]) {
      for (const { schema, examples = {} } of Object.values(content)) {
        const { $ref = '' } = schema as { $ref?: string };
        t.match($ref, /^#\/components\/schemas\/[A-Z][A-Za-z]+$/, `${operationId}: ${$ref}`);
        for (const [name, { value }] of Object.entries(examples)) {
          t.ok(ajv.validate(`openapi${$ref}`, value), `${operationId} ${name}: ${ajv.errorsText()}`);
          examined += 1;
        }
      }
    }
  }
  t.ok(examined > 100, `${examined} examples`);
});
