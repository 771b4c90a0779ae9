// Who may import whom. `npm run lint` holds every file and folder to these rules; test/architecture.test.ts shows that each rule finds a breach.
const DOMAIN = '^src/(?!platform/|cli/|app\\.ts$|server\\.ts$)[^/]+/';
const DOORS = '^src/(app\\.ts$|server\\.ts$|cli/)';
const FASTIFY = '(^|/)node_modules/(@fastify/[^/]+|fastify|fastify-plugin)/';
const SQL = '(^|/)node_modules/(drizzle-orm|postgres)/';
/** Imports that still exist at run time. */
const VALUES = { dependencyTypesNot: ['type-only'] };
const OURS = '^(bench|client|console|drizzle|plugins|routes|src|test)/';

module.exports = {
  forbidden: [
    {
      name: 'no-circular-files',
      comment: 'Files that import each other, types included, are one concept in two files.',
      severity: 'error',
      from: { path: '^(src|plugins|routes|drizzle|client|console)/' },
      to: { circular: true },
    },
    {
      name: 'no-circular-folders',
      comment: 'Folders depend on each other in one direction, so that each can be read on its own.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(src|plugins|routes|drizzle|client|console)(/|$)' },
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'The imported file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What is deployed imports only what package.json lists under dependencies.',
      severity: 'error',
      from: { path: '^(src|plugins|routes|client|drizzle)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, except entry points.',
      severity: 'error',
      from: { orphan: true, path: '^(src|client|console)/' },
      to: {},
    },
    {
      name: 'platform-below-domain',
      comment:
        'src/platform is what any service would need: it knows nothing of the domain, of its tables, or of the application.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: [DOMAIN, DOORS, '^drizzle/'] },
    },
    {
      name: 'domain-below-doors',
      comment: 'The domain does not know the application, the server, or the command line.',
      severity: 'error',
      from: { path: DOMAIN },
      to: { path: DOORS },
    },
    {
      name: 'src-below-plugins-and-routes',
      comment: 'src is what plugins and routes are made of: it imports none of them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(plugins|routes|test|bench|console)/' },
    },
    {
      name: 'fastify-at-the-doors-only',
      comment: 'Only the application, the server, and the command line know Fastify; the rest is testable without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: DOORS },
      to: { path: FASTIFY },
    },
    {
      name: 'schemas-on-top-of-the-domain',
      comment: 'src/schemas describes the API: the rules behind it do not depend on how they are presented.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/schemas/', DOORS] },
      to: { path: '^src/schemas/' },
    },
    {
      name: 'tables-in-repositories-only',
      comment: 'Only a repository knows the tables, and the SQL conditions that repositories share.',
      severity: 'error',
      from: { path: '^src/', pathNot: '/(repository|[a-z-]+-repository|conditions)\\.ts$' },
      to: { path: '^drizzle/' },
    },
    {
      name: 'tables-know-nothing',
      comment: 'The tables import nothing of the service.',
      severity: 'error',
      from: { path: '^drizzle/' },
      to: { path: OURS, pathNot: '^drizzle/' },
    },
    {
      name: 'no-sql-in-services',
      comment: 'A service holds rules; its queries are in the repository beside it.',
      severity: 'error',
      from: { path: '^src/[^/]+/service\\.ts$' },
      to: { path: SQL, ...VALUES },
    },
    {
      name: 'services-are-given-their-dependencies',
      comment: 'A service receives its repository and other services as arguments; it imports only their types.',
      severity: 'error',
      from: { path: '^src/[^/]+/service\\.ts$' },
      to: { path: '/(repository|service)\\.ts$', ...VALUES },
    },
    {
      name: 'repositories-return-rows',
      comment: 'A repository knows neither rules nor problems.',
      severity: 'error',
      from: { path: '^src/[^/]+/repository\\.ts$' },
      to: { path: ['^src/platform/errors/', '/service\\.ts$'] },
    },
    {
      name: 'plugins-below-routes',
      comment: 'A plugin knows no route.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^routes/' },
    },
    {
      name: 'plugins-meet-by-decorators',
      comment: 'A plugin uses another one through its decorator; it imports only its types.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^plugins/', ...VALUES },
    },
    {
      name: 'platform-plugins-below-others',
      comment: 'Plugins of the platform know nothing of the domain.',
      severity: 'error',
      from: { path: '^plugins/platform/' },
      to: { path: [DOMAIN, '^plugins/(?!platform/)'] },
    },
    {
      name: 'routes-use-decorators',
      comment: 'A route is a schema and a few lines: beside shared shapes and errors it uses decorators.',
      severity: 'error',
      from: { path: '^routes/' },
      to: { path: OURS, pathNot: '^src/(schemas|platform/errors)/', ...VALUES },
    },
    {
      name: 'no-sql-and-no-crypto-in-routes',
      comment: 'A route knows neither SQL nor cryptography.',
      severity: 'error',
      from: { path: '^routes/' },
      to: { path: [SQL, '(^|/)node_modules/@node-rs/', '^(node:)?crypto$'] },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client runs in browsers: nothing of the service, of Node, or of npm but openapi-fetch.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: ['^client/', '(^|/)node_modules/openapi-fetch/'] },
    },
    {
      name: 'console-uses-the-client',
      comment:
        'The console is a page: it imports the client, preact, and lists of names, nothing that runs on the server.',
      severity: 'error',
      from: { path: '^console/', pathNot: '^console/build\\.ts$' },
      to: { pathNot: ['^(console|client)/', '^src/audit/events\\.ts$', '(^|/)node_modules/preact/'] },
    },
    {
      name: 'references-stand-alone',
      comment: 'References and load of the benchmark share nothing with the service that they are compared with.',
      severity: 'error',
      from: { path: '^bench/(references|load)/' },
      to: { path: OURS, pathNot: '^bench/', ...VALUES },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // Types count: an import of a type is knowledge too.
    tsPreCompilationDeps: true,
    // package.json `imports` name the sources under this condition.
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
