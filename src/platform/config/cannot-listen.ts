// The error for a port that cannot be opened.

/**
 * The port could not be opened because of HOST or PORT. It has a class of its own because the operating system's error, which is its
 * `cause`, could also come from the database connection.
 */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}
