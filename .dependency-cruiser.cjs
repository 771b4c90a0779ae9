// Import rules, enforced by `npm run lint`. test/architecture.test.ts checks that each rule detects a violation.
const DOMAIN = '^src/(?!platform/|cli/|app\\.ts$|server\\.ts$)[^/]+/';
const ENTRY_POINTS = '^src/(app\\.ts$|server\\.ts$|cli/)';
const FASTIFY = '(^|/)node_modules/(@fastify/[^/]+|fastify|fastify-plugin)/';
const SQL = '(^|/)node_modules/(drizzle-orm|postgres)/';
/** Imports that still exist at run time. */
const VALUES = { dependencyTypesNot: ['type-only'] };
const OURS = '^(api-docs|bench|client|console|drizzle|plugins|routes|src|test)/';

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
      comment: 'Deployed code imports only packages that package.json lists under dependencies.',
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
        'src/platform is what any service would need: it does not depend on the domain, its tables, or the application.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: [DOMAIN, ENTRY_POINTS, '^drizzle/'] },
    },
    {
      name: 'domain-below-entry-points',
      comment: 'The domain does not depend on the application, the server, or the command line.',
      severity: 'error',
      from: { path: DOMAIN },
      to: { path: ENTRY_POINTS },
    },
    {
      name: 'src-below-plugins-and-routes',
      comment: 'Plugins and routes are built from src, which imports none of them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(plugins|routes|test|bench|console)/' },
    },
    {
      name: 'fastify-in-entry-points-only',
      comment: 'Only the application, the server, and the command line use Fastify; the rest is testable without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ENTRY_POINTS },
      to: { path: FASTIFY },
    },
    {
      name: 'schemas-on-top-of-the-domain',
      comment: 'src/schemas describes the API; the rules of the domain do not depend on their presentation.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/schemas/', ENTRY_POINTS] },
      to: { path: '^src/schemas/' },
    },
    {
      name: 'tables-in-repositories-only',
      comment: 'Only repositories use the tables, and the conditions and columns that they share.',
      severity: 'error',
      from: { path: '^src/', pathNot: '/(repository|[a-z-]+-repository|conditions|token-subject)\\.ts$' },
      to: { path: '^drizzle/' },
    },
    {
      name: 'tables-import-nothing',
      comment: 'The tables import no code of the service.',
      severity: 'error',
      from: { path: '^drizzle/' },
      to: { path: OURS, pathNot: '^drizzle/' },
    },
    {
      name: 'no-sql-in-services',
      comment: 'A service contains rules; its queries are in the repository next to it.',
      severity: 'error',
      from: { path: '^src/[^/]+/service\\.ts$' },
      to: { path: SQL, ...VALUES },
    },
    {
      name: 'services-receive-their-dependencies',
      comment: 'A service receives its repository and other services as arguments; it imports only their types.',
      severity: 'error',
      from: { path: '^src/[^/]+/service\\.ts$' },
      to: { path: '/(repository|service)\\.ts$', ...VALUES },
    },
    {
      name: 'repositories-return-rows',
      comment: 'A repository contains no rules and throws no problems.',
      severity: 'error',
      from: { path: '^src/[^/]+/repository\\.ts$' },
      to: { path: ['^src/platform/errors/', '/service\\.ts$'] },
    },
    {
      name: 'plugins-below-routes',
      comment: 'A plugin does not depend on routes.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^routes/' },
    },
    {
      name: 'plugins-use-decorators',
      comment: 'A plugin uses another one through its decorator, and imports only its types.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^plugins/', ...VALUES },
    },
    {
      name: 'platform-plugins-below-others',
      comment: 'Plugins of the platform do not depend on the domain.',
      severity: 'error',
      from: { path: '^plugins/platform/' },
      to: { path: [DOMAIN, '^plugins/(?!platform/)'] },
    },
    {
      name: 'routes-use-decorators',
      comment: 'A route is a schema and a few lines: apart from shared schemas and errors it uses decorators.',
      severity: 'error',
      from: { path: '^routes/' },
      to: { path: OURS, pathNot: '^src/(schemas|platform/errors)/', ...VALUES },
    },
    {
      name: 'no-sql-and-no-crypto-in-routes',
      comment: 'A route contains neither SQL nor cryptography.',
      severity: 'error',
      from: { path: '^routes/' },
      to: { path: [SQL, '(^|/)node_modules/@node-rs/', '^(node:)?crypto$'] },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client runs in browsers: it imports openapi-fetch, and nothing of the service or of Node.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: ['^client/', '(^|/)node_modules/openapi-fetch/'] },
    },
    {
      name: 'console-uses-the-client',
      comment: 'The console runs in browsers: it imports the client, preact, and lists of names, but no server code.',
      severity: 'error',
      from: { path: '^console/', pathNot: '^console/build\\.ts$' },
      to: { pathNot: ['^(console|client)/', '^src/audit/events\\.ts$', '(^|/)node_modules/preact/'] },
    },
    {
      name: 'api-docs-stand-alone',
      comment: 'The page of the API documentation runs in browsers, beside Swagger UI: it imports nothing.',
      severity: 'error',
      from: { path: '^api-docs/', pathNot: '^api-docs/build\\.ts$' },
      to: { pathNot: '^api-docs/' },
    },
    {
      name: 'references-stand-alone',
      comment:
        'The references and load generator of the benchmark share no code with the service that they are compared with.',
      severity: 'error',
      from: { path: '^bench/(references|load)/' },
      to: { path: OURS, pathNot: '^bench/', ...VALUES },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The packages of the peers are installed only while they are measured.
    exclude: { path: '^(dist|bench/peers)/' },
    // Imports of types count as dependencies too.
    tsPreCompilationDeps: true,
    // The condition under which `imports` in package.json refer to sources.
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
