import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { DashboardPoint } from '@/shared/api/types';
import { formatDate, formatNumber, formatShortDate, t } from '@/shared/i18n';
import type { Measure } from './measures';

const tick = { fill: 'var(--muted)', fontSize: 12 };

/** Bars day by day, stacked. */
export function ActivityChart({ points, shown }: { points: DashboardPoint[]; shown: readonly Measure[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={points} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="date"
          tickFormatter={formatShortDate}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--border)' }}
          minTickGap={28}
        />
        <YAxis
          allowDecimals={false}
          width={40}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickFormatter={formatNumber}
        />
        <Tooltip
          cursor={{ fill: 'var(--hover)' }}
          isAnimationActive={false}
          content={({ active, payload, label }) =>
            active && payload.length > 0 ? (
              <div className="rounded-lg border bg-surface-raised px-3 py-2 text-[0.8125rem] shadow-pop">
                <p className="mb-1 font-medium">{formatDate(String(label))}</p>
                {shown.map(({ key, label: name }) => (
                  <p key={key} className="flex justify-between gap-4 text-muted">
                    {t(name)}
                    <span className="text-foreground tabular-nums">
                      {formatNumber(points.find(({ date }) => date === label)?.[key] ?? 0)}
                    </span>
                  </p>
                ))}
              </div>
            ) : null
          }
        />
        {shown.map(({ key, color }) => (
          <Bar key={key} dataKey={key} stackId="day" fill={color} maxBarSize={28} isAnimationActive={false} />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
