// Suggests the name that was probably meant, as commander does for commands and options.
import { distance } from 'fastest-levenshtein';

/** A question about the most similar of the known names, in parentheses; empty if none is similar. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const lower = typed.toLowerCase();
  const [closest] = names
    .map((name) => ({ name, changes: distance(lower, name.toLowerCase()) }))
    .filter(({ changes }) => changes <= Math.max(2, typed.length / 4))
    .sort((a, b) => a.changes - b.changes);
  return closest === undefined ? '' : ` (did you mean ${closest.name}?)`;
}
