// The fences between the rooms of the house, checked on sources: who imports whom, and what every file begins with.

/** Sources by their path from the root of the package. */
export type Sources = ReadonlyMap<string, string>;

interface Import {
  readonly line: number;
  readonly specifier: string;
  /** The path of the source, for one of ours. */
  readonly target: string | undefined;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

interface Fence {
  readonly of: RegExp;
  readonly refuses: (each: Import, from: string) => boolean;
  readonly why: string;
}

const DOORS = /^src\/(app|server|workers)\.ts$|^src\/cli\//;
/** All but what a generator makes. */
const DOCUMENTED = /^src\/|^client\/(?!openapi\.ts$)/;
const isPackage = (name: string) => (each: Import) =>
  each.target === undefined && (each.specifier === name || each.specifier.startsWith(`${name}/`));
const isOurs =
  (path: RegExp) =>
  ({ target }: Import): boolean =>
    target !== undefined && path.test(target);
const isValue = ({ typeOnly }: Import) => !typeOnly;

const FENCES: readonly Fence[] = [
  {
    of: /^client\//,
    refuses: (each) => !isOurs(/^client\//)(each) && each.specifier !== 'openapi-fetch',
    why: 'the client runs in browsers: nothing of the service, of Node, or of npm but openapi-fetch',
  },
  {
    of: /^drizzle\//,
    refuses: isOurs(/^(?!drizzle\/)/),
    why: 'the tables know nothing of ours',
  },
  {
    of: /^src\//,
    refuses: isOurs(/^(plugins|routes|test|bench)\//),
    why: 'src is what the others are made of: nothing there looks upwards',
  },
  {
    of: /^src\//,
    refuses: (each, from) => /^(fastify|fastify-plugin|@fastify\/.+)$/.test(each.specifier) && !DOORS.test(from),
    why: 'only src/app.ts and the doors know Fastify',
  },
  {
    of: /^src\/(?!database\/|[^/]+\/repository\.ts$)/,
    refuses: isOurs(/^drizzle\//),
    why: 'only a repository knows the tables',
  },
  {
    of: /^src\/[^/]+\/service\.ts$/,
    refuses: (each) => isValue(each) && ['drizzle-orm', 'postgres'].some((name) => isPackage(name)(each)),
    why: 'a service knows no SQL',
  },
  {
    of: /^src\/[^/]+\/service\.ts$/,
    refuses: (each) => isValue(each) && isOurs(/\/(repository|service)\.ts$/)(each),
    why: 'a service is handed its repository and its siblings, it does not fetch them',
  },
  {
    of: /^src\/[^/]+\/repository\.ts$/,
    refuses: isOurs(/^src\/errors\/|\/service\.ts$/),
    why: 'a repository answers with rows: it knows neither rules nor problems',
  },
  {
    of: /^bench\/(references|load)\//,
    refuses: (each) => isValue(each) && isOurs(/^(?!bench\/)/)(each),
    why: 'a reference and the load are made of nothing of the service that they are held against',
  },
  {
    of: /^plugins\//,
    refuses: isOurs(/^routes\//),
    why: 'a plugin knows no route',
  },
  {
    of: /^plugins\//,
    refuses: (each) => isValue(each) && isOurs(/^plugins\//)(each),
    why: 'a plugin meets another one by its decorator',
  },
  {
    of: /^routes\//,
    refuses: (each) => isValue(each) && isOurs(/^(?!src\/(schemas|errors)\/)/)(each),
    why: 'a route has shapes and errors; the rest it asks a decorator for',
  },
  {
    of: /^routes\//,
    refuses: (each) => /^(drizzle-orm|postgres|node:crypto|@node-rs\/.*)/.test(each.specifier),
    why: 'a route knows no SQL and no crypto',
  },
];

/** What is wrong, each as `file:line: what (why)`. Empty: the house is in order. */
export function violations(sources: Sources): string[] {
  const files = [...sources].map(([path, text]) => ({ path, text, imports: importsOf(path, text) }));
  return [
    ...files.flatMap(({ path, imports }) => fenced(path, imports)),
    ...cycles(
      new Map(files.filter(({ path }) => /^(src|client)\//.test(path)).map(({ path, imports }) => [path, imports])),
    ),
    ...files.flatMap(({ path, text }) => wrongHead(path, text)),
    ...files.filter(({ path }) => DOCUMENTED.test(path)).flatMap(({ path, text }) => undocumented(path, text)),
  ];
}

function fenced(path: string, imports: readonly Import[]): string[] {
  return FENCES.filter(({ of }) => of.test(path)).flatMap(({ refuses, why }) =>
    imports
      .filter((each) => refuses(each, path))
      .map(({ line, specifier, target }) => `${path}:${line}: imports ${target ?? specifier} (${why})`),
  );
}

/** Statements at the beginning of a line, as the formatter writes them, and dynamic imports anywhere. */
const STATEMENT =
  /^(?:import|export)\b(?<what>[^'";]*?)\bfrom\s*'(?<from>[^']+)'|^import\s*'(?<bare>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].map(({ index, groups = {} }) => {
    const specifier = groups.from ?? groups.bare ?? groups.dynamic ?? '';
    return {
      line: text.slice(0, index).split('\n').length,
      specifier,
      target: specifier.startsWith('.') ? resolve(path, specifier) : undefined,
      typeOnly: groups.what !== undefined && isTypeOnly(groups.what),
    };
  });
}

function isTypeOnly(what: string): boolean {
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/
    .exec(what)
    ?.groups?.names?.split(',')
    .filter((name) => name.trim() !== '');
  return /^\s*type\b/.test(what) || (names?.every((name) => /^\s*type\s/.test(name)) ?? false);
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1).replace(/\.js$/, '.ts');
}

/** Each circle once, from its first file in the order of the alphabet. Types count: a circle of them is one concept in two files. */
function cycles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) {
      const circle = trail.slice(at);
      const first = circle.indexOf([...circle].sort()[0] ?? '');
      found.add([...circle.slice(first), ...circle.slice(0, first)].join(' → '));
      return;
    }
    for (const { target } of imports.get(path) ?? []) if (target !== undefined) visit(target, [...trail, path]);
  };
  for (const path of imports.keys()) visit(path, []);
  return [...found].map((circle) => `${circle.split(' ')[0]}:1: imports itself (${circle})`);
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
