// Why the service has no port: an error that is known by itself, so that HOST is not taken for the host of the database.

/** The port could not be opened: it is HOST or PORT that is wrong. `cause` is the error of the operating system. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}
