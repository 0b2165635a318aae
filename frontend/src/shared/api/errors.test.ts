import { describe, expect, it } from 'vitest';
import { asApiError, errorFromReply } from './errors';

const reply = (status: number, headers?: HeadersInit) => new Response(null, { status, headers });

describe('errorFromReply', () => {
  it.each([
    ['a text in detail', { detail: 'Superadmin access required' }, 'Superadmin access required', []],
    [
      'error and message',
      { error: 'Authentication failed', message: 'Invalid credentials' },
      'Invalid credentials',
      [],
    ],
    [
      'a conflict at a field',
      { error: 'Conflict', message: "Collection 'a' already exists", field: 'name' },
      "Collection 'a' already exists",
      [{ field: 'name', message: "Collection 'a' already exists" }],
    ],
    [
      'a list of details',
      { error: 'Validation error', details: [{ field: 'password', message: 'Too short', code: 'password_too_short' }] },
      'Some values need your attention.',
      [{ field: 'password', message: 'Too short', code: 'password_too_short' }],
    ],
    [
      'details inside detail',
      { detail: { error: 'Validation error', details: [{ field: 'password', message: 'Too short', code: 'x' }] } },
      'Some values need your attention.',
      [{ field: 'password', message: 'Too short', code: 'x' }],
    ],
    [
      'faults of the request shape',
      { detail: [{ type: 'value_error', loc: ['body', 'schema', 0, 'name'], msg: 'Value error, Bad name' }] },
      'Some values need your attention.',
      [{ field: 'schema.0.name', message: 'Bad name', code: 'value_error' }],
    ],
    ['nothing readable', undefined, 'The server refused the request (400).', []],
  ])('reads %s', (_name, body, message, faults) => {
    const error = errorFromReply(reply(400), body);
    expect(error.message).toBe(message);
    expect(error.faults).toEqual(faults);
  });

  it('keeps the correlation id', () => {
    const error = errorFromReply(reply(500, { 'X-Correlation-ID': 'cid_1' }), {
      error: 'Internal server error',
      detail: 'An unexpected error occurred',
    });
    expect(error.correlationId).toBe('cid_1');
    expect(error.message).toBe('An unexpected error occurred');
  });
});

describe('asApiError', () => {
  it('takes a failed fetch for a server that cannot be reached', () => {
    expect(asApiError(new TypeError('Failed to fetch'))).toMatchObject({
      status: 0,
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
