// The code that calls an operation, in three languages, made from the OpenAPI document.

export const languages = ['curl', 'TypeScript', 'Python'] as const;
export type Language = (typeof languages)[number];

interface Reference {
  readonly $ref?: string;
}

interface Parameter extends Reference {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: { readonly enum?: readonly unknown[]; readonly type?: string };
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body | Reference;
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

interface Body {
  readonly content: Readonly<Record<string, { readonly examples?: Readonly<Record<string, Reference>> }>>;
}

interface Response {
  readonly content?: object;
}

export interface OpenApi {
  readonly tags?: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

/** A request that would work, but for its tokens. */
interface Call {
  readonly operationId: string;
  readonly method: string;
  /** As in the document, with parameters in braces. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly needsToken: boolean;
  readonly hasAnswer: boolean;
}

/** `serviceUrl` has no slash at its end. */
export function snippet(
  language: Language,
  document: OpenApi,
  path: string,
  method: string,
  serviceUrl: string,
): string {
  const call = callOf(document, path, method);
  return { curl, TypeScript: typescript, Python: python }[language](call, serviceUrl);
}

function curl({ method, body, needsToken, ...call }: Call, serviceUrl: string): string {
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${shell(urlOf(call, serviceUrl))}`,
    ...(needsToken ? ['-H "authorization: Bearer $ACCESS_TOKEN"'] : []),
    ...(body === undefined ? [] : ["-H 'content-type: application/json'", `-d ${shell(JSON.stringify(body))}`]),
  ].join(' \\\n  ');
}

const ADD_PASSKEY = "await client.addPasskey({ current_password: 'password', name: 'Laptop' }); // in a browser";

/** The methods of the client by operation. `values` has the members of the body, and those of the path, which are texts. */
const CLIENT_METHODS: Readonly<Record<string, (body: string, values: Readonly<Record<string, string>>) => string>> = {
  register: (body) => `const user = await client.register(${body});`,
  login: (body) => `await client.login(${body});`,
  refresh: () => 'const token = await client.getAccessToken(); // refreshed when it is due',
  logout: () => 'await client.logout();',
  getMe: () => 'const me = await client.me();',
  updateMe: (body) => `const me = await client.updateMe(${body});`,
  verifySignIn: (body) => `await client.signIn(${body});`,
  completeLogin: (body) => `await client.completeLogin(${body});`,
  logInWithPasskey: () => 'await client.logInWithPasskey(); // in a browser',
  requestSignIn: (_, { email }) => `const { sign_in_token } = await client.requestSignIn(${email});`,
  forgotPassword: (_, { email }) => `await client.forgotPassword(${email});`,
  resetForgottenPassword: (body) => `await client.resetPassword(${body});`,
  verifyEmail: (body) => `await client.verifyEmail(${body});`,
  resendVerification: (_, { email }) => `await client.resendVerification(${email});`,
  confirmEmailChange: (body) => `await client.confirmEmailChange(${body});`,
  undoEmailChange: (_, { token }) => `await client.undoEmailChange(${token});`,
  getMyAccount: () => 'const account = await client.account();',
  exportMyAccount: () => 'const everything = await client.exportAccount();',
  deleteMe: (_, { current_password: password }) => `await client.deleteAccount(${password});`,
  listSessions: () => 'const sessions = await client.sessions();',
  endSession: (_, { id }) => `await client.endSession(${id});`,
  endOtherSessions: () => 'await client.endOtherSessions();',
  logoutEverywhere: () => 'await client.logoutEverywhere();',
  stepUp: (body) => `await client.stepUp(${body});`,
  listFactors: () => 'const { factors, recovery_codes_left } = await client.factors();',
  enrolTotp: (body) => `const { id, secret, qr_svg } = await client.addTotp(${body});`,
  createRecoveryCodes: (_, { current_password: password }) =>
    `const codes = await client.createRecoveryCodes(${password});`,
  createPasskeyOptions: () => ADD_PASSKEY,
  addPasskey: () => ADD_PASSKEY,
};

const LOGIN = "await client.login({ email: 'user@example.com', password: 'password' });";

function typescript(call: Call, serviceUrl: string): string {
  const { operationId, method, path, pathParameters, query, body, needsToken, hasAnswer } = call;
  const needsSession = needsToken || operationId === 'refresh' || operationId === 'logout';
  const params = { ...filled('path', pathParameters), ...filled('query', query) };
  const options = { ...filled('params', params), ...(body !== undefined && { body }) };
  const argument = Object.keys(options).length === 0 ? '' : `, ${javascript(options)}`;
  const values = Object.entries({ ...pathParameters, ...(body as object | undefined) }).map(([name, value]) => [
    name,
    javascript(value),
  ]);
  const own = CLIENT_METHODS[operationId]?.(javascript(body), Object.fromEntries(values));
  const result = hasAnswer ? '{ data, error }' : '{ error }';
  return [
    "import { createLatchkeyClient } from 'latchkey-client';",
    '',
    `const client = createLatchkeyClient({ baseUrl: '${serviceUrl}' });`,
    ...(needsSession ? [LOGIN] : []),
    own ?? `const ${result} = await client.api.${method}('${path}'${argument});`,
  ].join('\n');
}

function python({ method, body, needsToken, hasAnswer, ...call }: Call, serviceUrl: string): string {
  return [
    ...(needsToken ? ['import os', ''] : []),
    'import requests',
    '',
    `response = requests.${method.toLowerCase()}(`,
    `    "${urlOf(call, serviceUrl)}",`,
    ...(needsToken ? ['    headers={"Authorization": f"Bearer {os.environ[\'ACCESS_TOKEN\']}"},'] : []),
    ...(body === undefined ? [] : [`    json=${pythonLiteral(body)},`]),
    ')',
    'response.raise_for_status()',
    ...(hasAnswer ? ['print(response.json())'] : []),
  ].join('\n');
}

function callOf(document: OpenApi, path: string, method: string): Call {
  const operation = document.paths[path]?.[method] as Operation;
  const parameters = (operation.parameters ?? []).map((each) => resolved(each, document) as Parameter);
  const values = (place: string) =>
    Object.fromEntries(
      parameters.filter((each) => each.in === place && each.required).map((each) => [each.name, exampleOf(each)]),
    );
  const requestBody = operation.requestBody && (resolved(operation.requestBody, document) as Body);
  const [example] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  const body = example && (resolved(example, document) as { value: unknown }).value;
  const [success] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path,
    pathParameters: values('path'),
    query: values('query'),
    body,
    needsToken: operation.security === undefined || operation.security.length > 0,
    hasAnswer: success !== undefined && (resolved(success[1], document) as Response).content !== undefined,
  };
}

function exampleOf({ example, schema, name }: Parameter): string {
  return String(example ?? schema?.enum?.[0] ?? (schema?.type === 'integer' ? 1 : name));
}

function resolved(part: Body | Response | Reference, document: OpenApi): object {
  if (!('$ref' in part) || part.$ref === undefined) return part;
  const keys = part.$ref.split('/').slice(1);
  return keys.reduce<object>((value, key) => (value as Record<string, object>)[key] ?? {}, document);
}

function urlOf({ path, pathParameters, query }: Pick<Call, 'path' | 'pathParameters' | 'query'>, serviceUrl: string) {
  const filledPath = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(pathParameters[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return `${serviceUrl}${filledPath}${search === '' ? '' : `?${search}`}`;
}

function filled(name: string, value: object): object {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** As a JavaScript literal on one line, or on several if it is long. */
function javascript(value: unknown, indent = ''): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => javascript(each)).join(', ')}]`;
  const members = (inner: string) =>
    Object.entries(value).map(([key, each]) => `${/^\w+$/.test(key) ? key : `'${key}'`}: ${javascript(each, inner)}`);
  const line = `{ ${members(indent).join(', ')} }`;
  if (members(indent).length === 0) return '{}';
  if (line.length <= 60) return line;
  const inner = `${indent}  `;
  return `{\n${members(inner)
    .map((each) => `${inner}${each},\n`)
    .join('')}${indent}}`;
}

function pythonLiteral(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`)
    .join(', ')}}`;
}
