// The served OpenAPI document is complete, valid and the same as the committed one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import t from 'tap';
import { parse } from 'yaml';
import { packageRoot } from '#platform/process/package-info.js';
import { commonErrors, operatorErrors, userErrors } from '#schemas/problem.js';
import {
  answerExamples,
  asDeclared,
  codesOf,
  commonErrorsOf,
  needsToken,
  operationsOf,
  requestExamples,
} from '../../openapi/document.js';
import { isAdminOperation } from '../../openapi/error-scenarios.js';
import { testApp } from '../../support/app.js';

const COMMITTED = join(packageRoot, 'docs', 'openapi.yaml');

const shared = await testApp(t);

t.test('docs/openapi.yaml is the document that is served', async (t) => {
  const { inject } = shared;
  const served = (await inject({ url: '/openapi.yaml' })).body;
  // npm run openapi:update
  if (process.env.TAP_SNAPSHOT === '1') writeFileSync(COMMITTED, served);
  const message = 'docs/openapi.yaml is out of date. If the change is intended: npm run openapi:update';
  t.equal(served, readFileSync(COMMITTED, 'utf8'), message);
});

t.test('the document is served as JSON and as YAML', async (t) => {
  const { inject } = shared;
  const json = await inject({ url: '/openapi.json' });
  const yaml = await inject({ url: '/openapi.yaml' });
  t.equal(json.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(yaml.headers['content-type'], 'application/yaml; charset=utf-8');
  t.equal(json.json().openapi, '3.1.0');
  t.strictSame(json.json(), parse(yaml.body));
});

t.test('every operation has an id, a summary, a description, a tag and examples', async (t) => {
  const { app, routes } = shared;
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
      if (status === 'default') continue;
      t.ok(
        answerExamples(asDeclared(operation, routes)).some((each) => each.status === Number(status)),
        `${operationId} ${status} has an example`,
      );
    }
  }
});

t.test('the document says of every operation which errors its route declares, and the common ones once', async (t) => {
  const { app, routes } = shared;
  for (const operation of operationsOf(app.swagger())) {
    const common = commonErrorsOf(operation);
    const isFirst = operation.tags[0] === 'Authentication';
    const ofUsers = needsToken(operation) && !isFirst ? userErrors : commonErrors;
    t.strictSame(common, isAdminOperation(operation) ? operatorErrors : ofUsers, operation.operationId);
    const documented = Object.entries(operation.responses)
      .filter(([status]) => Number(status) >= 400)
      .flatMap(([status, response]) => codesOf(response).map((code) => `${status} ${code}`));
    const declared = answerExamples(asDeclared(operation, routes))
      .filter(({ status }) => status >= 400)
      .map(({ status, value }) => `${status} ${value?.code}`);
    t.strictSame(
      declared.filter((each) => !documented.includes(each) && !common.includes(each.slice(4))),
      [],
      `${operation.operationId}: every error is documented`,
    );
    t.strictSame(
      documented.filter((each) => !declared.includes(each)),
      [],
      `${operation.operationId}: no other is`,
    );
  }
});

t.test('the operations that every client uses come first, and those of operators last', async (t) => {
  const { app } = shared;
  const operations = operationsOf(app.swagger());
  const ids = operations.map(({ operationId }) => operationId);
  t.strictSame(
    operations.filter(({ tags }) => tags[0] === 'Authentication').map(({ operationId }) => operationId),
    ['register', 'login', 'refresh', 'getMe', 'updateMe', 'logout'],
  );
  t.strictSame(ids.slice(0, 3), ['register', 'login', 'refresh']);
  const ofOperators = operations.map(({ tags, path }) => [
    /^Admin: /.test(tags[0] ?? ''),
    path.startsWith('/api/admin/'),
  ]);
  for (const [byTag, byPath] of ofOperators) t.equal(byTag, byPath);
  t.ok(ofOperators.slice(ofOperators.findIndex(([first]) => first)).every(([each]) => each));
});

t.test('OPENAPI_ADMIN=false leaves out the operations of operators, which remain', async (t) => {
  const { app, inject } = await testApp(t, { env: { OPENAPI_ADMIN: 'false' } });
  const document = app.swagger() as { tags?: { name: string }[] };
  t.ok(operationsOf(document).length > 20);
  t.notMatch(JSON.stringify(document), /\/api\/admin\/|Admin: |AuditEvent|NewUser/);
  t.equal((await inject({ url: '/api/admin/users/' })).statusCode, 401);
});

t.test('errors have examples where every client meets them, and long answers have none', async (t) => {
  const { app } = shared;
  const operations = operationsOf(app.swagger());
  const isFirst = ({ tags }: { readonly tags: readonly string[] }) => tags[0] === 'Authentication';
  const examplesOf = (response: (typeof operations)[number]['responses'][string]) =>
    Object.values(response.content ?? {}).flatMap(({ examples = {} }) => Object.values(examples));
  const errorsOf = (operation: (typeof operations)[number]) =>
    Object.entries(operation.responses).flatMap(([status, response]) => (Number(status) >= 400 ? [response] : []));
  const shown = operations.filter(isFirst).flatMap(errorsOf);
  t.ok(shown.length > 10);
  for (const response of shown) {
    t.strictSame(
      examplesOf(response).map(({ value }) => value.code),
      codesOf(response),
      response.description,
    );
  }
  const texts = shown.map((response) => JSON.stringify(response));
  for (const operation of operations.filter((each) => !isFirst(each))) {
    const others = errorsOf(operation).filter((response) => !texts.includes(JSON.stringify(response)));
    t.strictSame(others.flatMap(examplesOf), [], operation.operationId);
  }
  const answers = operations.flatMap(({ responses }) => Object.values(responses).flatMap(examplesOf));
  t.ok(answers.every((example) => JSON.stringify(example).length <= 1000));
});

t.test('the document has at most 120 KB, and nothing in it is written twice', async (t) => {
  const { inject } = shared;
  const { body } = await inject({ url: '/openapi.json' });
  t.ok(Buffer.byteLength(body) <= 120_000, `${Buffer.byteLength(body)} bytes`);
  for (const [kind, components] of Object.entries(JSON.parse(body).components as Record<string, object>)) {
    for (const name of Object.keys(components)) {
      if (kind === 'securitySchemes') continue;
      t.ok(body.includes(`"#/components/${kind}/${name}"`), `${kind} ${name} is used`);
    }
  }
});

t.test('generators that do not follow every reference make working clients', async (t) => {
  const { inject } = shared;
  const { body } = await inject({ url: '/openapi.json' });
  const paths: Record<string, Record<string, { responses: Record<string, object> }>> = JSON.parse(body).paths;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      for (const [status, response] of Object.entries(responses)) {
        // swagger-typescript-api returns null for such a body.
        if (status.startsWith('2'))
          t.notOk('$ref' in response, `${method} ${path} ${status}: the body is not behind one`);
      }
    }
  }
});

t.test('schemas mean the same to every generator', async (t) => {
  const { inject } = shared;
  const { body } = await inject({ url: '/openapi.json' });
  const patterns = new Set<string>();
  JSON.parse(body, (key, value: unknown) => {
    // openapi-zod-client makes a z.enum() with a null, which does not compile; swagger-typescript-api drops the null.
    if (key === 'enum' && Array.isArray(value)) t.notOk(value.includes(null), `${value} has no null`);
    if (key === 'pattern' && typeof value === 'string') patterns.add(value);
    return value;
  });
  t.ok(patterns.size > 10);
  for (const pattern of patterns) {
    // Generators of Zod schemas leave out the flag `u`; Rust's engine, as in Pydantic, has no surrogates; those of PHP and Go have no \u.
    t.notMatch(pattern, /\\u/, `${pattern} has no \\u`);
    for (const text of ['😀', '😀@example.com', 'a😀', '"a"', 'abc', 'é'])
      t.equal(new RegExp(pattern).test(text), new RegExp(pattern, 'u').test(text), `${pattern} on ${text}`);
  }
});

t.test('every example matches its schema, and every body has a named schema', async (t) => {
  const { app } = shared;
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
