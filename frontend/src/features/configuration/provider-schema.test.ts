import { describe, expect, it } from 'vitest';
import { faultOf, formValuesOf, labelOf, MASK, settingsOf, storedValuesOf } from './provider-schema';

const schema = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    port: { type: 'integer', default: 587 },
    password: { type: 'string', writeOnly: true },
    client_secret: { type: 'string', secret: true },
    use_tls: { type: 'boolean', default: true },
    from_email: { type: 'string' },
    scopes: { type: 'array', default: ['openid', 'email'] },
    redirect_uri: { type: 'string', format: 'uri' },
    idp_x509_cert: { type: 'string' },
  },
  required: ['host', 'port', 'from_email'],
};
const settings = settingsOf(schema);
const setting = (name: string) => {
  const found = settings.find((candidate) => candidate.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('settingsOf', () => {
  it('chooses a control for each property, what is required first', () => {
    expect(settings.map(({ name, kind }) => `${name}:${kind}`)).toEqual([
      'host:text',
      'port:number',
      'from_email:email',
      'password:secret',
      'client_secret:secret',
      'use_tls:switch',
      'scopes:list',
      'redirect_uri:url',
      'idp_x509_cert:long',
    ]);
    expect(setting('port').required).toBe(true);
    expect(setting('scopes').required).toBe(false);
  });

  it('has none for a provider without values', () => {
    expect(settingsOf({})).toEqual([]);
  });
});

describe('form values', () => {
  it('begin with the defaults for a new configuration', () => {
    expect(formValuesOf(settings, undefined)).toMatchObject({
      host: '',
      port: '587',
      use_tls: true,
      scopes: 'openid\nemail',
    });
  });

  it('come back as the types of the schema', () => {
    const entered = formValuesOf(settings, undefined);
    expect(storedValuesOf(settings, { ...entered, host: 'mail', port: '25', scopes: 'a, b\nc' })).toEqual({
      host: 'mail',
      port: 25,
      use_tls: true,
      scopes: ['a', 'b', 'c'],
    });
  });

  it('keep a masked secret and what the form does not know', () => {
    const stored = { host: 'mail', password: MASK, region: 'eu' };
    const entered = formValuesOf(settings, stored);
    expect(entered.password).toBe(MASK);
    expect(storedValuesOf(settings, entered, stored)).toMatchObject({ password: MASK, region: 'eu' });
  });

  it('forget an optional value that was emptied', () => {
    const stored = { host: 'mail', redirect_uri: 'https://example.com' };
    expect(
      storedValuesOf(settings, { ...formValuesOf(settings, stored), redirect_uri: '' }, stored),
    ).not.toHaveProperty('redirect_uri');
  });
});

describe('faultOf', () => {
  it('checks what the kind asks for', () => {
    expect(faultOf(setting('host'), ' ')).toBeDefined();
    expect(faultOf(setting('port'), '25.5')).toBeDefined();
    expect(faultOf(setting('port'), '25')).toBeUndefined();
    expect(faultOf(setting('redirect_uri'), 'javascript:alert(1)')).toBeDefined();
    expect(faultOf(setting('redirect_uri'), '')).toBeUndefined();
    expect(faultOf(setting('from_email'), 'nobody')).toBeDefined();
  });
});

describe('labelOf', () => {
  it('writes names as people do', () => {
    expect(labelOf('from_email')).toBe('From email');
    expect(labelOf('idp_sso_url')).toBe('IDP SSO URL');
  });
});
