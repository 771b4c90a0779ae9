// A stricter t.match. tap lets a list have more members than its pattern, and every text match the empty string, so that a duplicate event
// or an unexpected error message would not be noticed.
import type { Test } from 'tap';

/** Like `t.match`, but at any depth a list must be as long as its pattern, and an empty string matches only itself. */
export function matchAll(
  t: Pick<Test, 'match' | 'strictSame'>,
  found: unknown,
  pattern: unknown,
  message?: string,
): boolean {
  const wrong = mismatches(found, pattern, '');
  if (wrong.length > 0) return t.strictSame(found, pattern, `${message ?? 'should match'}: ${wrong.join(', ')}`);
  return t.match(found, pattern, ...(message === undefined ? [] : [message]));
}

function mismatches(found: unknown, pattern: unknown, path: string): string[] {
  if (pattern === '' && found !== '') return [`${path || 'the value'} is not empty`];
  if (typeof pattern !== 'object' || pattern === null || pattern instanceof RegExp) return [];
  const members = (found ?? {}) as Record<string, unknown>;
  const below = Object.entries(pattern).flatMap(([name, each]) => mismatches(members[name], each, `${path}/${name}`));
  if (!Array.isArray(pattern)) return below;
  const count = Array.isArray(found) ? found.length : undefined;
  return count === pattern.length
    ? below
    : [`${path || 'the list'} has ${count} members instead of ${pattern.length}`, ...below];
}
