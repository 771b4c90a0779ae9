// Sums over processes, and the text format of Prometheus.
import t from 'tap';
import { createMetrics } from '#platform/metrics/registry.js';
import { createRequestDurations } from '#platform/metrics/request-durations.js';
import { countersOf, formatSnapshot, mergeSnapshots } from '#platform/metrics/snapshot.js';

t.test('counters and histograms of processes are summed, and gauges combined as each says', async (t) => {
  const processWith = async (count: number, gauge: number, seconds: number) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'c_total', help: 'c', labels: ['kind'] }, [['known']]);
    counter('a').value += count;
    for (const aggregation of ['sum', 'max', 'min'] as const) {
      metrics.gauge({ name: `g_${aggregation}`, help: 'g', aggregation }, () => gauge);
    }
    metrics.histogram({ name: 'h_seconds', help: 'h' }, [0.1, 1])().observe(seconds);
    return metrics.collect();
  };
  const merged = mergeSnapshots([await processWith(2, 5, 0.1), await processWith(3, 7, 2)]);
  t.equal(
    formatSnapshot(merged),
    `# HELP c_total c
# TYPE c_total counter
c_total{kind="known"} 0
c_total{kind="a"} 5
# HELP g_sum g
# TYPE g_sum gauge
g_sum 12
# HELP g_max g
# TYPE g_max gauge
g_max 7
# HELP g_min g
# TYPE g_min gauge
g_min 5
# HELP h_seconds h
# TYPE h_seconds histogram
h_seconds_bucket{le="0.1"} 1
h_seconds_bucket{le="1"} 1
h_seconds_bucket{le="+Inf"} 2
h_seconds_sum 2.1
h_seconds_count 2
`,
    'a value on a bound belongs to its bucket',
  );
  t.strictSame(
    countersOf(merged).map(({ name }) => name),
    ['c_total', 'h_seconds'],
    'a process that has ended leaves its counters',
  );
});

t.test('a reading that fails or is not known is left out, and the others remain', async (t) => {
  const metrics = createMetrics();
  metrics.gauge({ name: 'broken', help: 'x' }, () => Promise.reject(new Error('the database is away')));
  metrics.gauge({ name: 'unknown', help: 'x' }, () => undefined);
  metrics.gauge({ name: 'special', help: 'x', labels: ['l'] }, () => [
    [['a"b\\c\nd'], Number.POSITIVE_INFINITY],
    [['e'], Number.NaN],
  ]);
  const lines = formatSnapshot(await metrics.collect()).split('\n');
  t.strictSame(
    lines.filter((line) => !line.startsWith('#')),
    ['special{l="a\\"b\\\\c\\nd"} +Inf', 'special{l="e"} NaN', ''],
  );
});

t.test('a name cannot be defined twice', async (t) => {
  const metrics = createMetrics();
  metrics.counter({ name: 'a_total', help: 'x' });
  t.throws(() => metrics.gauge({ name: 'a_total', help: 'x' }, () => 1), /defined twice/);
});

t.test('requests without a route are one series, whatever their method and path', async (t) => {
  const metrics = createMetrics();
  const record = createRequestDurations(metrics);
  for (const method of ['GET', 'MKCOL', 'X']) record(undefined, method, 404, false, 0.001);
  record('/api/me/', 'GET', 200, false, 0.001);
  record('/api/login/', 'POST', 503, true, 0.001);
  const [family] = await metrics.collect();
  t.strictSame(
    family?.series.filter(([series]) => series.includes('_count')),
    [
      ['latchkey_http_request_duration_seconds_count{route="none",method="none",status="4xx"}', 3],
      ['latchkey_http_request_duration_seconds_count{route="/api/me/",method="GET",status="2xx"}', 1],
      ['latchkey_http_request_duration_seconds_count{route="/api/login/",method="POST",status="aborted"}', 1],
    ],
  );
});
