// app.mail: the outbox of mails to users. app.links: the links in them.
import type { AddressInfo } from 'node:net';
import fp from 'fastify-plugin';
import { createLinks, type Links } from '#mail/links.js';
import { preferredLocale } from '#mail/locale.js';
import { createOutbox, type Outbox } from '#mail/outbox.js';
import { createMailsRepository } from '#mail/repository.js';
import { createEncryption } from '#platform/config/encryption.js';

declare module 'fastify' {
  interface FastifyInstance {
    mail: Outbox;
    links: Links;
    /** The language in which the sender of a request wants mails: a BCP 47 tag, or null. */
    localeOf(request: FastifyRequest): string | null;
  }
}

export default fp(
  async (app) => {
    const encryption = createEncryption(app.config.secrets, 'mail/v1');
    const { publicUrl, linkUrls, port } = app.config;
    // Without PUBLIC_URL mails are only caught, for the person at this machine.
    const localUrl = () => `http://localhost:${(app.server.address() as AddressInfo | null)?.port ?? port}`;
    app.decorate('links', createLinks({ baseUrl: () => publicUrl?.href ?? localUrl(), linkUrls }));
    app.decorate('localeOf', ({ headers }) => preferredLocale(headers['accept-language']));
    const enabled = app.config.mail !== undefined;
    app.decorate('mail', createOutbox({ repository: createMailsRepository(), encryption, enabled }));
  },
  { name: 'mail', dependencies: ['db'] },
);
