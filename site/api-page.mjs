// Makes the page of the API from the OpenAPI document, so that the site has it without a script that reads it: api-page.mjs <folder>.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The page as Markdown. */
function apiPage() {
  const document = parse(readFileSync(join(root, 'docs', 'openapi.yaml'), 'utf8'));
  const resolve = (node) => {
    let found = node;
    while (found?.$ref !== undefined) {
      found = found.$ref
        .slice(2)
        .split('/')
        .reduce((parent, name) => parent[name], document);
    }
    return found;
  };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })),
  );
  const groups = [...new Set(operations.flatMap(({ tags }) => tags.slice(0, 1)))];
  const lines = [
    '# API',
    '',
    'Made from the [OpenAPI document](../docs/openapi.yaml), which a running service has at `/openapi.json`. At `/docs/` it has a page on which you',
    'can try each operation. [Errors](../docs/errors.md) explains the codes.',
  ];
  for (const group of groups) {
    lines.push('', `## ${group}`);
    for (const {
      path,
      method,
      summary,
      description,
      security,
      parameters,
      requestBody,
      responses,
    } of operations.filter(({ tags }) => tags[0] === group)) {
      lines.push('', `### ${summary}`, '', `\`${method.toUpperCase()} ${path}\``);
      const needsToken = (security ?? document.security ?? []).length > 0;
      lines.push('', needsToken ? 'With an access token.' : 'Without an access token.');
      if (description) lines.push('', escaped(description));
      const given = (parameters ?? []).map(resolve);
      if (given.length > 0) {
        lines.push('', '| parameter | in | type | what it is |', '|---|---|---|---|');
        for (const each of given) {
          const { name, required, schema, description: text = '' } = each;
          lines.push(row(`\`${name}\`${required ? ', required' : ''}`, each.in, typeOf(schema), text));
        }
      }
      const body = Object.values(resolve(requestBody)?.content ?? {})[0]?.schema;
      if (body !== undefined)
        lines.push('', '| field of the body | type | what it is |', '|---|---|---|', ...fields(body));
      lines.push('', '| answer | what it is |', '|---|---|');
      for (const [status, response] of Object.entries(responses)) {
        if (status !== 'default') lines.push(row(status, resolve(response).description ?? ''));
      }
    }
  }
  return `${lines.join('\n')}\n`;

  function fields(schema) {
    const { properties = {}, required = [], anyOf, allOf } = resolve(schema);
    const parts = [...(anyOf ?? []), ...(allOf ?? [])];
    const own = Object.entries(properties).map(([name, property]) =>
      row(
        `\`${name}\`${required.includes(name) ? ', required' : ''}`,
        typeOf(property),
        resolve(property).description ?? '',
      ),
    );
    return [...own, ...parts.flatMap(fields)];
  }

  function typeOf(schema) {
    const {
      type,
      enum: values,
      const: value,
      anyOf,
      oneOf,
      format,
      minLength,
      maxLength,
      items,
    } = resolve(schema) ?? {};
    const alternatives = anyOf ?? oneOf;
    if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(' or ');
    if (value !== undefined) return `\`${value}\``;
    if (values !== undefined) return values.map((each) => `\`${each}\``).join(', ');
    if (type === 'array') return `list of ${typeOf(items)}`;
    const name = [type].flat().join(' or ') || 'any';
    const length = maxLength === undefined ? '' : `, ${minLength ?? 0} to ${maxLength} characters`;
    return `${name}${format === undefined ? '' : ` (${format})`}${length}`;
  }
}

/** A row of a table. */
function row(...cells) {
  return `| ${cells
    .map((cell) =>
      escaped(String(cell))
        .replaceAll('|', '\\|')
        .replaceAll(/\s*\n\s*/g, ' '),
    )
    .join(' | ')} |`;
}

/** Outside of code, Vue would take `<name>` for an element and `{{` for an expression. */
function escaped(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{', '&#123;')))
    .join('');
}

const [, , file] = process.argv;
if (file !== undefined) writeFileSync(file, apiPage());
