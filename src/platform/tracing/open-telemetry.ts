// Tracing with the SDK of OpenTelemetry. Only src/app.ts imports this file, and only if traces have somewhere to go.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfiguration } from '#platform/config/config.js';
import type { Log } from '#platform/log/log.js';
import { packageVersion } from '#platform/process/package-info.js';
import type { RequestSpan, SpanIds, Tracing } from './tracer.js';

/** How many finished spans wait to be sent; further ones are dropped. About 2 MB. */
const MAX_QUEUE_SIZE = 2048;
/** How long spans wait, so that they are sent together, in milliseconds. */
const DELAY_MILLISECONDS = 2000;
/** For one attempt to send, with its repetitions. */
const EXPORT_MILLISECONDS = 5000;
const STOP_MILLISECONDS = 2000;

/** The current span. Work that a request has started may outlive it: its log lines are not about that request. */
interface Current {
  readonly span: Span;
  isEnded: boolean;
}

/** `log` receives a line when traces cannot be sent, and another when they can be sent again. */
export function createTracing(config: TracingConfiguration, log: Log): Tracing {
  const exporter = new (config.protocol === 'http/json' ? JsonExporter : ProtobufExporter)({
    url: config.url,
    headers: { ...config.headers },
    timeoutMillis: EXPORT_MILLISECONDS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...config.resourceAttributes,
      'service.name': config.serviceName,
      'service.version': packageVersion,
      'process.pid': process.pid,
    }),
    sampler: samplerOf(config),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportingFailures(exporter, log),
        maxQueueSize: MAX_QUEUE_SIZE,
        scheduledDelayMillis: DELAY_MILLISECONDS,
        exportTimeoutMillis: 2 * EXPORT_MILLISECONDS,
      }),
    ],
  });
  const tracer = provider.getTracer('latchkey', packageVersion);
  const storage = new AsyncLocalStorage<Current>();

  const current = (): Span | undefined => {
    const store = storage.getStore();
    return store === undefined || store.isEnded ? undefined : store.span;
  };

  return {
    startRequest: (method, route, traceparent) => {
      const attributes: Attributes = { 'http.request.method': method };
      if (route !== undefined) attributes['http.route'] = route;
      const name = route === undefined ? method : `${method} ${route}`;
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, contextOf(traceparent));
      return requestSpan(span, storage);
    },

    trace: (name, work, { kind = 'internal', attributes = {} } = {}) => {
      const parent = current();
      if (!parent?.isRecording()) return work();
      const options = { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes };
      const span = tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
      return finished(span, storage, work);
    },

    traceparent: () => {
      const span = current();
      if (span === undefined) return undefined;
      const { traceId, spanId, traceFlags } = span.spanContext();
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
    },

    ids: () => {
      const span = current();
      return span === undefined ? {} : idsOf(span);
    },

    stop: async () => {
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_MILLISECONDS);
      });
      // A failure has been logged by then.
      await Promise.race([provider.shutdown().catch(() => {}), tooLate]);
      clearTimeout(timer);
    },
  };
}

function requestSpan(span: Span, storage: AsyncLocalStorage<Current>): RequestSpan {
  const store: Current = { span, isEnded: false };
  return {
    ids: idsOf(span),
    run: (work) => storage.run(store, work),
    end: ({ status, problem }) => {
      store.isEnded = true;
      span.setAttribute('http.response.status_code', status);
      if (problem !== undefined) span.setAttribute('latchkey.problem', problem);
      if (status >= 500) {
        span.setAttribute('error.type', problem ?? String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

async function finished<T>(span: Span, storage: AsyncLocalStorage<Current>, work: () => Promise<T>): Promise<T> {
  const store: Current = { span, isEnded: false };
  try {
    return await storage.run(store, work);
  } catch (error) {
    // Never its message, which may contain values.
    span.setAttribute('error.type', errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    store.isEnded = true;
    span.end();
  }
}

/** The code of the error, such as an SQLSTATE or `ECONNREFUSED`, or its name. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^\w{3,40}$/.test(code) ? code : error.name;
}

function idsOf(span: Span): SpanIds {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}

/** `tracestate` is not kept: it is text of the client, which would be passed on to other services. */
function contextOf(traceparent: unknown) {
  const parent = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

function samplerOf({ sampler, ratio }: TracingConfiguration): Sampler {
  const root = sampler.endsWith('always_on')
    ? new AlwaysOnSampler()
    : sampler.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** Logs the first failure, and the first success after it. */
function reportingFailures(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  const report = ({ code, error }: ExportResult) => {
    if (code === ExportResultCode.SUCCESS) {
      if (isFailing) log.info({}, 'traces are sent again');
      isFailing = false;
    } else if (!isFailing) {
      isFailing = true;
      log.warn({ reason: reasonOf(error) }, 'traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT: some are lost');
    }
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        report(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** The status of the answer or the code of the error. The error itself has the body of the answer. */
function reasonOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'number') return `status ${code}`;
  return typeof code === 'string' ? code : error?.message === 'Request timed out' ? 'timeout' : 'no success';
}
