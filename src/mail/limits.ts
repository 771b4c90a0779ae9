// Limits of the connection to the mail server. They are not in transport.ts, which loads a mail client of 400 KB.

/** Connections to the mail server per process. Providers limit them, and 100 mails a second need fewer. */
export const MAX_CONNECTIONS = 5;
/** The longest time that an attempt to send takes, in seconds. */
export const ATTEMPT_SECONDS = 60;
