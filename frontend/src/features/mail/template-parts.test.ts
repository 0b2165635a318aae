import { describe, expect, it } from 'vitest';
import { sampleVariables, typeName, withVariable } from './template-parts';

describe('withVariable', () => {
  it('puts the variable in the place of the selection', () => {
    expect(withVariable('Hi you!', 'email', 3, 6)).toEqual({ text: 'Hi {{ email }}!', cursor: 14 });
    expect(withVariable('', 'token', 0, 0).text).toBe('{{ token }}');
  });
});

describe('sampleVariables', () => {
  it('knows those of the type and those of every mail', () => {
    expect(Object.keys(sampleVariables('password_reset'))).toEqual([
      'reset_url',
      'token',
      'email',
      'ip_address',
      'app_name',
      'app_url',
      'support_email',
    ]);
    expect(Object.keys(sampleVariables('newsletter'))).toEqual(['app_name', 'app_url', 'support_email']);
  });

  it('names types it does not know by themselves', () => {
    expect(typeName('newsletter')).toBe('newsletter');
  });
});
