// What the service needs of tracing. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing is traced, and no package of OpenTelemetry is loaded.

/** Only values that say nothing about a person: no addresses, tokens, e-mails or ids. */
type SpanAttributes = Readonly<Record<string, string | number>>;

/** The ids of the current span, as log lines have them. */
export interface SpanIds {
  readonly trace_id?: string;
  readonly span_id?: string;
}

/** What the parts of the service use to trace their work. */
export interface Tracer {
  /** Runs the work in a child of the current span. Without a current span, or with one that is not recorded, only runs it. */
  trace<T>(name: string, work: () => Promise<T>, options?: SpanOptions): Promise<T>;
  /** The W3C `traceparent` header for a request to another service. Undefined without a current span. */
  traceparent(): string | undefined;
}

/** What a span says besides its name. */
export interface SpanOptions {
  /** `client`: the work is a request to another service. */
  readonly kind?: 'internal' | 'client';
  readonly attributes?: SpanAttributes;
}

/** The span of a request that this service answers. */
export interface RequestSpan {
  readonly ids: SpanIds;
  /** Runs the function within the span: what it starts, and whatever that starts, belongs to it. */
  run(work: () => void): void;
  /** `problem`: the code of the error that the request was answered with. */
  end(result: { readonly status: number; readonly problem: string | undefined }): void;
}

/** Tracing that is switched on. */
export interface Tracing extends Tracer {
  /** `route`: the pattern, undefined if there is none. `traceparent`: the header of the request. */
  startRequest(method: string, route: string | undefined, traceparent: unknown): RequestSpan;
  /** The ids of the current span; empty if there is none. */
  ids(): SpanIds;
  /** Sends what has not been sent, for at most two seconds. */
  stop(): Promise<void>;
}

/** Traces nothing. */
export const untraced: Tracer = { trace: (_name, work) => work(), traceparent: () => undefined };
