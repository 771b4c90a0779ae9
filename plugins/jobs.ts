// app.jobs: runs the jobs that requests leave behind. Any instance may run them.
import fp from 'fastify-plugin';
import { createAuditRepository } from '#audit/repository.js';
import { createJobsRepository, JOBS_CHANNEL } from '#jobs/repository.js';
import { createJobs, type Jobs } from '#jobs/service.js';
import { createRoleRemovalJob } from '#roles/removal-job.js';
import { createRolesRepository } from '#roles/repository.js';
import { createSessionsDeletionJob } from '#sessions/deletion-job.js';
import { createSessionsRepository } from '#sessions/repository.js';
import { createAccountDeletionJob } from '#users/deletion.js';
import { createLinkJob } from '#users/link-requests.js';
import { createUsersRepository } from '#users/repository.js';

declare module 'fastify' {
  interface FastifyInstance {
    jobs: Jobs;
  }
}

export default fp(
  async (app) => {
    const { audit, db, emailLinks, log } = app;
    const sessions = createSessionsRepository(db);
    const jobs = createJobs({
      repository: createJobsRepository(db),
      handlers: {
        end_sessions: createSessionsDeletionJob(sessions),
        delete_account: createAccountDeletionJob({
          repository: createUsersRepository(db),
          sessions,
          audit: createAuditRepository(db),
        }),
        remove_role: createRoleRemovalJob(createRolesRepository(db)),
        send_link: createLinkJob({ repository: createUsersRepository(db), emailLinks, audit }),
      },
      db,
      log,
    });
    app.decorate('jobs', jobs);
    // Not awaited: a job must not delay the reload of the other watched tables.
    const reload = async (): Promise<boolean> => {
      jobs.run().catch((err) => log.warn({ err }, 'jobs could not be read; they will be retried'));
      return false;
    };
    app.tableWatcher.add({ name: 'jobs', channel: JOBS_CHANNEL, reload });
    app.addHook('onClose', jobs.stop);
  },
  { name: 'jobs', dependencies: ['audit', 'db', 'email-links', 'table-watcher'] },
);
