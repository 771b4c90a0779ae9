// Serves the page and the client, and passes /api/ on to Latchkey: one origin, as behind a reverse proxy in production.
import { createReadStream } from 'node:fs';
import { createServer, request } from 'node:http';

const LATCHKEY = new URL(process.env.LATCHKEY_URL ?? 'http://localhost:3000');
const PORT = Number(process.env.PORT ?? 5173);
const REPOSITORY = new URL('../../', import.meta.url);
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

/** The file of a path; undefined for paths of Latchkey. */
function fileOf(path) {
  if (path === '/') return 'examples/second-factors/index.html';
  if (/^\/page\.(js|css)$/.test(path)) return `examples/second-factors${path}`;
  if (path === '/openapi-fetch.js') return 'node_modules/openapi-fetch/dist/index.mjs';
  const [, name] = /^\/latchkey-client\/([a-z-]+\.js)$/.exec(path) ?? [];
  return name && `dist/client/${name}`;
}

const server = createServer((incoming, outgoing) => {
  const { url = '/', method, headers } = incoming;
  const file = fileOf(new URL(url, LATCHKEY).pathname);
  if (file) {
    const type = TYPES[/\.m?(\w+)$/.exec(file)[1]];
    outgoing.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
    createReadStream(new URL(file, REPOSITORY))
      .on('error', () => outgoing.destroy())
      .pipe(outgoing);
    return;
  }
  const { hostname, port } = LATCHKEY;
  const forwarded = request({ hostname, port, path: url, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.writeHead(502).end());
  incoming.pipe(forwarded);
});

server.listen(PORT, 'localhost', () => process.stdout.write(`Open http://localhost:${PORT}\n`));
