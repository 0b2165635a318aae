import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  Legend,
  Line,
  LineChart,
  Pie,
  PieChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatNumber, t } from '@/shared/i18n';
import { drawnColumns, drawnGroups, type ResultColumn, type ResultRow, type View } from './result';

const colours = [
  'var(--primary)',
  'var(--info)',
  'var(--success)',
  'var(--danger)',
  'var(--accent)',
  'color-mix(in oklab, var(--info) 55%, var(--success))',
  'color-mix(in oklab, var(--danger) 55%, var(--primary))',
  'var(--muted)',
];
const colour = (index: number) => colours[index % colours.length] as string;

const tick = { fill: 'var(--muted)', fontSize: 12 };
const tooltip = {
  contentStyle: {
    background: 'var(--surface-raised)',
    border: '1px solid var(--border)',
    borderRadius: '0.625rem',
    color: 'var(--foreground)',
    fontSize: '0.8125rem',
  },
  itemStyle: { color: 'var(--foreground)' },
  labelStyle: { color: 'var(--muted)' },
  formatter: (value: unknown) => (typeof value === 'number' ? formatNumber(Number(value.toFixed(4))) : String(value)),
};
const legend = {
  // The series keep their order.
  itemSorter: null,
  wrapperStyle: { fontSize: '0.8125rem' },
  formatter: (name: unknown) => <span className="text-foreground">{String(name)}</span>,
};
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

interface ResultChartProps {
  view: Exclude<View, 'table'>;
  columns: ResultColumn[];
  rows: ResultRow[];
}

/** The result drawn. The table below holds the same numbers, for who cannot see the drawing. */
export function ResultChart({ view, columns, rows }: ResultChartProps) {
  const series = drawnColumns(columns, rows);
  const data = drawnGroups(columns, rows).map(({ label, values }) => ({ label, ...values }));
  const names = series.map((column) => column.label).join(', ');
  return (
    <div role="img" aria-label={t('analytics.chartLabel', { names, count: data.length })} className="h-80 w-full p-4">
      <ResponsiveContainer width="100%" height="100%">
        {view === 'pie' ? slices(data, series[0]) : axes(view, data, series)}
      </ResponsiveContainer>
    </div>
  );
}

type Point = Record<string, string | number>;

function axes(view: 'bar' | 'line', data: Point[], series: ResultColumn[]) {
  const whole = series.every(({ key }) => key.startsWith('count'));
  const parts = [
    <CartesianGrid key="grid" vertical={false} stroke="var(--border)" />,
    <XAxis
      key="x"
      dataKey="label"
      tick={tick}
      tickLine={false}
      axisLine={{ stroke: 'var(--border)' }}
      minTickGap={12}
    />,
    <YAxis
      key="y"
      tick={tick}
      tickLine={false}
      axisLine={false}
      width={52}
      allowDecimals={!whole}
      tickFormatter={(n: number) => compact.format(n)}
    />,
    <Tooltip key="tip" {...tooltip} cursor={{ fill: 'var(--hover)', stroke: 'var(--border)' }} />,
    ...(series.length > 1 ? [<Legend key="legend" {...legend} />] : []),
  ];
  const shared = { data, margin: { top: 8, right: 12, bottom: 0, left: 0 }, accessibilityLayer: false };
  return view === 'bar' ? (
    <BarChart {...shared}>
      {parts}
      {series.map(({ key, label }, index) => (
        <Bar
          key={key}
          dataKey={key}
          name={label}
          fill={colour(index)}
          radius={[4, 4, 0, 0]}
          maxBarSize={56}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  ) : (
    <LineChart {...shared}>
      {parts}
      {series.map(({ key, label }, index) => (
        <Line
          key={key}
          dataKey={key}
          name={label}
          stroke={colour(index)}
          strokeWidth={2}
          dot={data.length < 32}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
}

function slices(data: Point[], column: ResultColumn | undefined) {
  return (
    <PieChart accessibilityLayer={false}>
      <Tooltip {...tooltip} />
      <Legend
        {...legend}
        layout="vertical"
        align="right"
        verticalAlign="middle"
        wrapperStyle={{ ...legend.wrapperStyle, maxWidth: '45%' }}
      />
      <Pie
        data={data}
        dataKey={column?.key ?? ''}
        nameKey="label"
        innerRadius="52%"
        outerRadius="86%"
        stroke="var(--surface)"
        isAnimationActive={false}
      >
        {data.map((point, index) => (
          <Cell key={String(point.label)} fill={colour(index)} />
        ))}
      </Pie>
    </PieChart>
  );
}
