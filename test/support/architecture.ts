// Checks that every source file begins with a sentence on its purpose and documents its exports.

/** Sources by their path relative to the package. */
export type Sources = ReadonlyMap<string, string>;

/** The files whose exports must be documented; generated files are excluded. */
const DOCUMENTED = /^src\/|^client\/(?!openapi\.ts$)/;

/** The missing comments, each as `file:line: what`. */
export function missingComments(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => [
    ...wrongHead(path, text),
    ...(DOCUMENTED.test(path) ? undocumented(path, text) : []),
  ]);
}

function wrongHead(path: string, text: string): string[] {
  const lines = text.split('\n');
  if (lines[0]?.startsWith('#!')) lines.shift();
  const end = lines.findIndex((line) => !line.startsWith('// '));
  const said = lines
    .slice(0, end)
    .map((line) => line.slice(3))
    .join(' ');
  return /[.)]$/.test(said) ? [] : [`${path}:1: does not begin with a sentence on what it is for`];
}

function undocumented(path: string, text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const [, kind, name] = /^export (?:async )?(?:abstract )?(function|class|interface) (\w+)/.exec(line) ?? [];
    const documented = lines[i - 1]?.endsWith('*/');
    return kind === undefined || documented ? [] : [`${path}:${i + 1}: ${kind} ${name} has no doc comment`];
  });
}
