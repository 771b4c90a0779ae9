// Completes a configuration with a database and the secret that belongs to it.
import { type AppConfiguration, type Configuration, invalidVariable } from './config.js';

/** Throws a ConfigurationError if there is no secret. */
export function withDatabase(config: Configuration, url: string, secrets: readonly string[]): AppConfiguration {
  const [first, ...rest] = secrets;
  if (first === undefined) throw invalidVariable('AUTH_SECRET', 'is required when DATABASE_URL is set');
  return {
    ...config,
    secrets: [first, ...rest],
    database: { ...config.database, url, directUrl: config.database.directUrl ?? url },
  };
}
