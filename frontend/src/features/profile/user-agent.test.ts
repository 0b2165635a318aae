import { describe, expect, it } from 'vitest';
import { programOf } from './user-agent';

describe('programOf', () => {
  it('tells browsers apart that name each other', () => {
    const chrome =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
    expect(programOf(chrome)).toEqual({ browser: 'Chrome', system: 'Linux' });
    expect(programOf(chrome.replace('Chrome/', 'HeadlessChrome/')).browser).toBe('Chrome');
    expect(programOf(`${chrome} Edg/141.0`)).toEqual({ browser: 'Edge', system: 'Linux' });
    expect(
      programOf(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1',
      ),
    ).toEqual({ browser: 'Safari', system: 'iOS' });
  });

  it('knows nothing of others', () => {
    expect(programOf('my-script/1.0')).toEqual({ browser: undefined, system: undefined });
  });
});
