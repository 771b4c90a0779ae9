// A bar chart of one series, as plain SVG: one color, with the numbers as text beside it, and in a table for screen readers.
import { formatCount } from '../format.js';

export interface Bar {
  /** Unique in the chart: two hours of a day can have the same label. */
  readonly id: string;
  /** What the bar stands for, such as "14:00". */
  readonly label: string;
  readonly value: number;
}

interface BarChartProps {
  readonly title: string;
  /** What the number beside the title says. */
  readonly summary: string;
  /** Not empty, oldest first. */
  readonly bars: readonly Bar[];
}

const WIDTH = 480;
const HEIGHT = 96;
const GAP = 3;

export function BarChart({ title, summary, bars }: BarChartProps) {
  const highest = Math.max(...bars.map(({ value }) => value));
  const step = WIDTH / bars.length;
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(2, (value / highest) * HEIGHT));
  const peak = bars.find(({ value }) => value === highest);
  return (
    <figure class="chart card">
      <figcaption>
        <h2>{title}</h2>
        <p>{summary}</p>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" y1={HEIGHT + 0.5} x2={WIDTH} y2={HEIGHT + 0.5} />
        {bars.map(({ id, label, value }, index) => (
          <rect
            key={id}
            x={index * step + GAP / 2}
            y={HEIGHT - heightOf(value)}
            width={step - GAP}
            height={heightOf(value)}
          >
            <title>{`${label}: ${formatCount(value, null)}`}</title>
          </rect>
        ))}
      </svg>
      <p class="chart-axis muted">
        <span>{bars[0]?.label}</span>
        <span>{highest === 0 ? 'None' : `Most: ${formatCount(highest, null)} at ${peak?.label}`}</span>
        <span>now</span>
      </p>
    </figure>
  );
}
