// app.jobs: runs the jobs that requests leave behind, and sends requested links beside them. Any instance may do so.
import fp from 'fastify-plugin';
import { createAccountTokensRepository } from '#account-tokens/repository.js';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository, JOBS_CHANNEL } from '#jobs/repository.js';
import { createJobs } from '#jobs/service.js';
import { createMailsRepository } from '#mail/repository.js';
import { createRoleRemovalJob } from '#roles/removal-job.js';
import { createRolesRepository } from '#roles/repository.js';
import { createSessionsDeletionJob } from '#sessions/deletion-job.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createAccountDeletionJob } from '#users/deletion.js';
import { createLinkSender } from '#users/link-sender.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    jobs: {
      /** Resolves when no job is available any more. Rejects when the database does not respond. */
      readonly run: () => Promise<unknown>;
      /** Starts no further batch, and resolves when none is running. */
      readonly stop: () => Promise<unknown>;
    };
  }
}

export default fp(
  async (app) => {
    const { audit, db, emailLinks, log } = app;
    const sessions = createSessionsRepository(db);
    const users = createUsersRepository(db);
    const repository = createJobsRepository(db);
    const rows = createJobs({
      repository,
      handlers: {
        end_sessions: createSessionsDeletionJob(sessions),
        delete_account: createAccountDeletionJob({
          repository: users,
          sessions,
          accountTokens: createAccountTokensRepository(db),
          audit: createAuditRepository(db),
          mails: createMailsRepository(db),
        }),
        remove_role: createRoleRemovalJob(createRolesRepository(db)),
      },
      db,
      log,
    });
    const links = createLinkSender({ jobs: repository, repository: users, emailLinks, audit, db, log });
    const jobs = {
      run: () => Promise.all([rows.run(), links.run()]),
      stop: () => Promise.all([rows.stop(), links.stop()]),
    };
    app.decorate('jobs', jobs);
    // Not awaited: a job must not delay the reload of the other watched tables.
    const reload = async (): Promise<boolean> => {
      rows.begin((err) => log.warn({ err }, 'jobs could not be read; they will be retried'));
      links.begin((err) => log.warn({ err }, 'requested links could not be read; they will be retried'));
      return false;
    };
    app.tableWatcher.add({ name: 'jobs', channel: JOBS_CHANNEL, reload });
    app.addHook('onClose', async () => {
      await jobs.stop();
    });
  },
  { name: 'jobs', dependencies: ['audit', 'db', 'email-links', 'table-watcher'] },
);
