import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { readInterval, useRefreshInterval } from './refresh-interval';

describe('useRefreshInterval', () => {
  it('starts without and remembers what is chosen', () => {
    const { result } = renderHook(() => useRefreshInterval());
    expect(result.current[0]).toBe(0);
    act(() => result.current[1](30));
    expect(result.current[0]).toBe(30);
    expect(readInterval()).toBe(30);
  });

  it('drops what is not offered', () => {
    localStorage.setItem('snackbase-dashboard-refresh', '1');
    expect(readInterval()).toBe(0);
  });
});
