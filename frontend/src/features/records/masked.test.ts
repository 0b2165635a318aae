import { describe, expect, it } from 'vitest';
import { looksMasked } from './masked';

describe('looksMasked', () => {
  it.each(['****', 'j***@example.com', '***-**-****', '+1-***-***-4567', '***-***-4567', 'J*** v*** D***'])(
    'knows %j',
    (value) => expect(looksMasked(value)).toBe(true),
  );
  it.each(['', 'Tea', '**bold**', 'a*b', 'jo@example.com', 5, null, { a: '***' }])('leaves %j', (value) =>
    expect(looksMasked(value)).toBe(false),
  );
});
