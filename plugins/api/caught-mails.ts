// Serves /dev/mail/, where a developer sees the mails that are not sent. Registered only where mails are caught, which is never the case in
// production: the mails contain tokens, and the page asks for no password.
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { caughtMailsPage, caughtMailsStyle, framedHtml } from '#mail/caught-page.js';
import { Problem } from '#platform/errors/problem.js';
import { pagePolicy } from '#platform/http/page-policy.js';

const PAGE = '/dev/mail';
/** The mail in a frame: styles in attributes, nothing from another place, and no script. */
const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
const MAIL_ID = /^[1-9]\d{0,14}$/;

export default fp(
  async (app) => {
    const { caughtMails } = app;
    if (caughtMails === undefined) return;

    /** A page of another site can make its own name lead to this machine (DNS rebinding), but cannot change the name in the request. */
    const assertLocal = ({ hostname, headers, socket }: FastifyRequest): void => {
      const name = hostname.replace(/^\[(.*)\]$/, '$1');
      // Nor may a proxy on this machine pass on requests from elsewhere.
      const isForwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some(
        (header) => header in headers,
      );
      if (isForwarded || !isLoopback(socket.remoteAddress)) throw new Problem('not_found');
      if (name !== 'localhost' && !name.endsWith('.localhost') && isIP(name) === 0) throw new Problem('not_found');
    };

    await app.register(async (pages) => {
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
        route.schema = { ...route.schema, hide: true };
      });
      pages.addHook('onRequest', async (request) => assertLocal(request));

      pages.get(PAGE, async ({ url }, reply) => {
        // Links in the page are relative to its folder.
        if (!/^[^?]*\/(\?|$)/.test(url)) return reply.redirect('mail/');
        const policy = pagePolicy['content-security-policy'];
        reply.headers({ ...pagePolicy, 'content-security-policy': `${policy}; frame-src 'self'` });
        reply.type('text/html; charset=utf-8');
        return caughtMailsPage(await caughtMails.list());
      });
      pages.get(`${PAGE}/mail.css`, async (_request, reply) => {
        reply.type('text/css; charset=utf-8');
        return caughtMailsStyle;
      });
      pages.get<{ Params: { id: string } }>(`${PAGE}/:id`, async ({ params: { id } }, reply) => {
        const mail = MAIL_ID.test(id) ? await caughtMails.find(Number(id)) : undefined;
        if (mail?.html === undefined) throw new Problem('not_found');
        reply.headers({ 'content-security-policy': FRAME_POLICY, 'x-frame-options': 'SAMEORIGIN' });
        reply.type('text/html; charset=utf-8');
        return framedHtml(mail.html);
      });
    });
  },
  { name: 'caught-mails', dependencies: ['access', 'errors', 'http', 'mail', 'openapi'] },
);

function isLoopback(address: string | undefined): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(address ?? '');
}
