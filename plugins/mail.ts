// app.mail: the outbox of mails to users, which is sent in the background. app.links: the links in mails. app.mailAdministration: the
// outbox as operators see it. app.caughtMails: mails that are shown and not sent.
import type { AddressInfo } from 'node:net';
import fp from 'fastify-plugin';
import { createMailAdministration, type MailAdministration } from '#mail/administration.js';
import { type CaughtMails, createCaughtMails } from '#mail/caught.js';
import { createComposer } from '#mail/composer.js';
import { ATTEMPT_SECONDS, MAX_CONNECTIONS } from '#mail/limits.js';
import { createLinks, type Links } from '#mail/links.js';
import { createOutbox, type Outbox } from '#mail/outbox.js';
import { createMailsRepository, MAILS_CHANNEL } from '#mail/repository.js';
import { createSender } from '#mail/sender.js';
import { readTemplates } from '#mail/templates/files.js';
import { createRenderer } from '#mail/templates/render.js';
import { serviceName } from '#mail/templates/values.js';
import { createEncryption } from '#platform/config/encryption.js';
import { deriveKeys } from '#platform/config/secrets.js';
import { createCursors } from '#platform/http/pagination.js';

declare module 'fastify' {
  interface FastifyInstance {
    mail: Outbox;
    links: Links;
    mailAdministration: MailAdministration;
    /** Undefined unless mails are only caught. */
    caughtMails: CaughtMails | undefined;
  }
}

export default fp(
  async (app) => {
    const { config, db, log, settings } = app;
    const encryption = createEncryption(config.secrets, 'mail/v1');
    const { publicUrl, linkUrls, port, mail } = config;
    // Without PUBLIC_URL mails are only caught, for the person at this machine.
    const localUrl = () => `http://localhost:${(app.server.address() as AddressInfo | null)?.port ?? port}`;
    const baseUrl = () => publicUrl?.href ?? localUrl();
    app.decorate('links', createLinks({ baseUrl, linkUrls }));

    const repository = createMailsRepository(db);
    app.decorate('mail', createOutbox({ repository, encryption, enabled: mail !== undefined }));
    const cursors = createCursors<number>(deriveKeys(config.secrets, 'cursor/v1'), 'mails');
    app.decorate('mailAdministration', createMailAdministration({ repository, audit: app.audit, cursors, db }));

    const deliveries = app.metrics.counter(
      {
        name: 'latchkey_mail_deliveries_total',
        help: 'Attempts to hand a mail to the mail server, by outcome. A failed mail is tried again until it is dead.',
        labels: ['outcome'],
      },
      [['sent'], ['failed']],
    );

    app.decorate('caughtMails', undefined);
    if (mail === undefined) return;
    const { from } = mail;
    const render = createRenderer(readTemplates(mail.templates), { service: serviceName(from, publicUrl) });
    const compose = createComposer({ encryption, render, from });
    if (mail.type === 'catch') app.caughtMails = createCaughtMails({ repository, compose });
    // Loaded only where mails are sent: the mail client is as large as Fastify.
    const transport =
      mail.type === 'smtp'
        ? (await import('#mail/transport.js')).createSmtpTransport({ server: mail.server, from })
        : undefined;
    const sender = createSender({
      repository,
      compose,
      deliver: async (message, { id, kind }) => {
        try {
          await transport?.send(message);
        } catch (error) {
          deliveries('failed').value += 1;
          throw error;
        }
        deliveries('sent').value += 1;
        if (transport !== undefined) return;
        log.info({ event: 'mail_caught', mailId: id, kind, url: `${baseUrl()}/dev/mail/` }, 'a mail was caught');
      },
      close: () => transport?.close(),
      keepsContent: transport === undefined,
      settings,
      log,
      concurrency: MAX_CONNECTIONS,
      attemptSeconds: ATTEMPT_SECONDS,
    });
    const reload = async (): Promise<boolean> => {
      await sender.wake();
      return false;
    };
    app.tableWatcher.add({ name: 'mails', channel: MAILS_CHANNEL, reload });
    app.addHook('onClose', sender.stop);
  },
  { name: 'mail', dependencies: ['audit', 'db', 'metrics', 'settings', 'table-watcher'] },
);
