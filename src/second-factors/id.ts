// Ids of factors in paths.
import { Problem } from '#platform/errors/problem.js';

/** The id in a path. Throws `factor_not_found` for text that cannot be an id. */
export function parseFactorId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('factor_not_found');
  return Number(text);
}
