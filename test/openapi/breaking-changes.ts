// Finds the differences between two OpenAPI documents that break callers, and decides whether the version allows them.
import { apiCompare, type Diff } from 'api-smart-diff';

export interface OpenapiDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, unknown>>;
}

/** What breaks a caller of `before` who calls a service of `after`; one line per change. */
export function breakingChanges(before: OpenapiDocument, after: OpenapiDocument): string[] {
  const { diffs } = apiCompare(before, after);
  // Schemas are compared where they are used: there it is known whether a caller sends or receives the value.
  return diffs
    .filter(({ path }) => path[0] === 'paths')
    .filter(isBreaking)
    .map(describe);
}

/** Whether a caller must expect to be broken: a new major version (Semantic Versioning 2.0.0), or before 1.0.0 a new minor one. */
export function mayBreak(before: OpenapiDocument, after: OpenapiDocument): boolean {
  const [major = 0, minor = 0] = numbersOf(before.info.version);
  const [newMajor = 0, newMinor = 0] = numbersOf(after.info.version);
  return newMajor > major || (newMajor === 0 && major === 0 && newMinor > minor);
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}

function isBreaking(diff: Diff): boolean {
  const { path, action, type } = diff;
  const isAnswer = path.includes('responses');
  const last = path.at(-1);
  const parent = path.at(-2);
  // Generated clients name their functions after it.
  if (last === 'operationId') return true;
  if (last === 'type' && action === 'replace')
    return isAnswer ? !includes(diff.before, diff.after) : !includes(diff.after, diff.before);
  // Callers must expect new values (docs/compatibility.md).
  if (isAnswer && parent === 'enum' && action === 'add') return false;
  if (isAnswer && parent === 'enum' && action === 'replace') return true;
  // A caller that handles an error which no longer occurs still works.
  if (parent === 'responses' && action === 'remove' && !/^2/.test(String(last))) return false;
  // Typed clients would not compile, and the service ignores a field that it does not know.
  if (parent === 'properties' && action === 'remove') return true;
  return type === 'breaking';
}

/** Whether each type of `narrow` is one of `wide`. */
function includes(wide: unknown, narrow: unknown): boolean {
  const allowed = [wide].flat();
  return [narrow].flat().every((type) => allowed.includes(type) || (type === 'integer' && allowed.includes('number')));
}

function describe({ action, path, before, after }: Diff): string {
  const values = action === 'replace' ? `: ${JSON.stringify(before)} to ${JSON.stringify(after)}` : '';
  return `${action} ${path.slice(1).join(' ')}${values}`;
}
