// The logger of one request, which adds the request id to each line.
import type { pino } from 'pino';

type Line = [object, string?];

/**
 * Behaves like `parent.child(bindings, options)`, but creates the child only when something is logged. Most requests log nothing,
 * and redacting the bindings of a child costs as much as all our hooks.
 */
export class RequestLog {
  readonly #parent: pino.Logger;
  #bindings: pino.Bindings;
  readonly #options: pino.ChildLoggerOptions;
  #child: pino.Logger | undefined;

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

  /** Adds to what each line has. Before the first line; later it would have no effect. */
  setBindings(bindings: pino.Bindings): void {
    this.#bindings = { ...this.#bindings, ...bindings };
  }

  child(bindings: pino.Bindings, options?: pino.ChildLoggerOptions): pino.Logger {
    return this.#own.child(bindings, options);
  }

  fatal(...line: Line): void {
    if (this.#writes('fatal')) this.#own.fatal(...line);
  }

  error(...line: Line): void {
    if (this.#writes('error')) this.#own.error(...line);
  }

  warn(...line: Line): void {
    if (this.#writes('warn')) this.#own.warn(...line);
  }

  info(...line: Line): void {
    if (this.#writes('info')) this.#own.info(...line);
  }

  debug(...line: Line): void {
    if (this.#writes('debug')) this.#own.debug(...line);
  }

  trace(...line: Line): void {
    if (this.#writes('trace')) this.#own.trace(...line);
  }

  silent(): void {}

  #writes(level: pino.Level): boolean {
    return (this.#child ?? this.#parent).isLevelEnabled(level);
  }

  get #own(): pino.Logger {
    this.#child ??= this.#parent.child(this.#bindings, this.#options);
    return this.#child;
  }
}
