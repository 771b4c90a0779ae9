// app.roles: named sets of permissions. app.tableWatcher reloads them after a change.
import fp from 'fastify-plugin';
import { createJobsRepository } from '#jobs/repository.js';
import { duringStart } from '#platform/database/deadline.js';
import { createRolesRepository, ROLES_CHANNEL } from '#roles/repository.js';
import { createRoles, type Roles } from '#roles/service.js';

declare module 'fastify' {
  interface FastifyInstance {
    roles: Roles;
  }
}

export default fp(
  async (app) => {
    const { audit, db } = app;
    const roles = createRoles({ repository: createRolesRepository(db), audit, jobs: createJobsRepository(db), db });
    await duringStart(roles.reload);
    app.tableWatcher.add({ name: 'roles', channel: ROLES_CHANNEL, reload: roles.reload });
    app.decorate('roles', roles);
  },
  { name: 'roles', dependencies: ['audit', 'db', 'table-watcher'] },
);
