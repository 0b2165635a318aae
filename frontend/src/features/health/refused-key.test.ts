import { expect, it } from 'vitest';
import { readRefusedKey } from './refused-key';

it('tells what kind of caller a key is of, IPv6 addresses included', () => {
  expect(readRefusedKey('ip:2001:db8::1')).toEqual({ kind: 'ip', id: '2001:db8::1' });
  expect(readRefusedKey('user:77e7e1d0')).toEqual({ kind: 'user', id: '77e7e1d0' });
  expect(readRefusedKey('tenant:1')).toEqual({ id: 'tenant:1' });
});
