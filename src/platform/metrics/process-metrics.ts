// Metrics of the process and its event loop, under the names that other exporters use too.
import { performance } from 'node:perf_hooks';
import type { Overload } from '#platform/process/overload.js';
import { packageVersion } from '#platform/process/package-info.js';
import type { Metrics } from './registry.js';

export function addProcessMetrics(metrics: Metrics, overload: Overload): void {
  metrics.gauge(
    {
      name: 'latchkey_build_info',
      help: 'Always 1; the labels say which version of Latchkey runs on which Node.',
      labels: ['version', 'node'],
      aggregation: 'max',
    },
    () => [[[packageVersion, process.version], 1]],
  );
  metrics.gauge({ name: 'latchkey_processes', help: 'Processes that serve requests (WEB_CONCURRENCY).' }, () => 1);
  metrics.gauge(
    {
      name: 'latchkey_event_loop_delay_seconds',
      help: 'Average event loop delay of the last half second; of several processes the highest.',
      aggregation: 'max',
    },
    () => overload.delays().mean,
  );
  metrics.gauge(
    {
      name: 'latchkey_event_loop_delay_max_seconds',
      help: 'Longest event loop delay of the last 15 seconds; of several processes the highest.',
      aggregation: 'max',
    },
    () => overload.delays().longest,
  );
  metrics.countedBy(
    {
      name: 'latchkey_event_loop_active_seconds_total',
      help: 'Time in which event loops were busy. Its rate divided by latchkey_processes is their utilization.',
    },
    () => performance.eventLoopUtilization().active / 1000,
  );
  metrics.gauge(
    { name: 'latchkey_overloaded', help: 'Processes that are overloaded, and refuse to hash passwords.' },
    () => (overload.isPresent() ? 1 : 0),
  );
  metrics.countedBy({ name: 'process_cpu_seconds_total', help: 'CPU time in user and system mode.' }, () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.' }, () => process.memoryUsage.rss());
  metrics.gauge(
    { name: 'nodejs_heap_size_used_bytes', help: 'Memory that JavaScript objects use.' },
    () => process.memoryUsage().heapUsed,
  );
  metrics.gauge(
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since 1970; of several processes the latest.',
      aggregation: 'max',
    },
    () => performance.timeOrigin / 1000,
  );
}
