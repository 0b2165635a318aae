import { describe, expect, it } from 'vitest';
import { canCancel, canRetry, countOf, formatSeconds, isJobStatus, secondsTaken } from './job-status';

const stats = {
  pending: 3,
  running: 1,
  completed: 40,
  failed: 0,
  retrying: 2,
  dead: 5,
  avg_duration_seconds: null,
  failure_rate: null,
};

describe('statuses of jobs', () => {
  it('counts one or all', () => {
    expect(countOf(stats, 'dead')).toBe(5);
    expect(countOf(stats)).toBe(51);
  });

  it('knows the words of the API', () => {
    expect(isJobStatus('retrying')).toBe(true);
    expect(isJobStatus('failed')).toBe(false);
  });

  it('offers what the server takes', () => {
    const offered = ['pending', 'running', 'retrying', 'completed', 'dead'].map((status) => [
      canRetry({ status }),
      canCancel({ status }),
    ]);
    expect(offered).toEqual([
      [false, true],
      [false, false],
      [false, false],
      [false, false],
      [true, false],
    ]);
  });
});

describe('times of jobs', () => {
  it('are told in a fitting unit', () => {
    expect([0.0042, 1, 2.345, 59.99, 60, 3725].map(formatSeconds)).toEqual([
      '4 ms',
      '1 s',
      '2.3 s',
      '60 s',
      '1 min 0 s',
      '62 min 5 s',
    ]);
  });

  it('are known of completed jobs only', () => {
    const start = '2026-11-23T09:00:00.250Z';
    expect(secondsTaken({ started_at: start, completed_at: '2026-11-23T09:00:02Z' })).toBe(1.75);
    expect(secondsTaken({ started_at: start, completed_at: null })).toBeUndefined();
    expect(secondsTaken({ started_at: null, completed_at: null })).toBeUndefined();
  });
});
