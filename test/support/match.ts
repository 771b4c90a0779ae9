// t.match, where a list is as long as its pattern: tap takes a list with anything beyond the pattern for a match, so that an event which is
// written twice, or a line too many in the log, would go unseen.
import type { Test } from 'tap';

/** As `t.match`; a pattern that is a list, at any depth, has to have as many members as what was found. */
export function matchAll(
  t: Pick<Test, 'match' | 'strictSame'>,
  found: unknown,
  pattern: unknown,
  message?: string,
): boolean {
  const wrong = lengths(found, pattern, '');
  if (wrong.length > 0) return t.strictSame(found, pattern, `${message ?? 'should match'}: ${wrong.join(', ')}`);
  return t.match(found, pattern, ...(message === undefined ? [] : [message]));
}

function lengths(found: unknown, pattern: unknown, path: string): string[] {
  if (typeof pattern !== 'object' || pattern === null || pattern instanceof RegExp) return [];
  const members = (found ?? {}) as Record<string, unknown>;
  const below = Object.entries(pattern).flatMap(([name, each]) => lengths(members[name], each, `${path}/${name}`));
  if (!Array.isArray(pattern)) return below;
  const count = Array.isArray(found) ? found.length : undefined;
  return count === pattern.length
    ? below
    : [`${path || 'the list'} has ${count} members instead of ${pattern.length}`, ...below];
}
