// The log of one request: lines with its id.
import type { pino } from 'pino';

type Line = [object, string?];

/**
 * As `parent.child(bindings, options)`, but made when something is logged: most requests log nothing, and to redact what a
 * child is bound to costs as much as all our hooks.
 */
export class RequestLog {
  readonly #parent: pino.Logger;
  readonly #bindings: pino.Bindings;
  readonly #options: pino.ChildLoggerOptions;
  #made: pino.Logger | undefined;

  constructor(parent: pino.Logger, bindings: pino.Bindings, options: pino.ChildLoggerOptions = {}) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#options = options;
  }

  get level(): string {
    return this.#own.level;
  }

  set level(level: string) {
    this.#own.level = level;
  }

  child(bindings: pino.Bindings, options?: pino.ChildLoggerOptions): pino.Logger {
    return this.#own.child(bindings, options);
  }

  fatal(...line: Line): void {
    this.#own.fatal(...line);
  }

  error(...line: Line): void {
    this.#own.error(...line);
  }

  warn(...line: Line): void {
    this.#own.warn(...line);
  }

  info(...line: Line): void {
    this.#own.info(...line);
  }

  debug(...line: Line): void {
    if ((this.#made ?? this.#parent).isLevelEnabled('debug')) this.#own.debug(...line);
  }

  trace(...line: Line): void {
    if ((this.#made ?? this.#parent).isLevelEnabled('trace')) this.#own.trace(...line);
  }

  silent(): void {}

  get #own(): pino.Logger {
    this.#made ??= this.#parent.child(this.#bindings, this.#options);
    return this.#made;
  }
}
