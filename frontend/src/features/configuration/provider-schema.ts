import type { ConfigurationValues } from '@/shared/api/types';
import { t } from '@/shared/i18n';

/** What the server shows in the place of a stored secret; sent back, it keeps the stored one. */
export const MASK = '•'.repeat(8);

export type ControlKind = 'text' | 'secret' | 'long' | 'url' | 'email' | 'number' | 'switch' | 'choice' | 'list';

/** A value that a provider's form asks for. */
export interface Setting {
  name: string;
  label: string;
  hint?: string;
  kind: ControlKind;
  required: boolean;
  initial: unknown;
  /** Only whole numbers are allowed. */
  whole: boolean;
  choices: string[];
}

/** Text for every control but a switch's. */
export type SettingValues = Record<string, string | boolean>;

type Property = Record<string, unknown>;

const isObject = (value: unknown): value is Property =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSecret = (name: string, property: Property) =>
  property.writeOnly === true || property.secret === true || property.format === 'password' || /secret/i.test(name);

function kindOf(name: string, property: Property): ControlKind {
  if (Array.isArray(property.enum)) return 'choice';
  switch (property.type) {
    case 'boolean':
      return 'switch';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return 'list';
    default:
      break;
  }
  // Keys and certificates come as several lines, which a password box would join.
  if (/cert|private_key|metadata/i.test(name) || /pem/i.test(String(property.contentMediaType ?? ''))) return 'long';
  if (isSecret(name, property)) return 'secret';
  if (property.format === 'uri' || /_url$|_uri$/.test(name)) return 'url';
  return property.format === 'email' || /(^|_)email$/.test(name) ? 'email' : 'text';
}

const upper = new Set(['url', 'uri', 'id', 'ssl', 'tls', 'api', 'idp', 'sp', 'x509', 'sso', 'pkce']);

/** `from_email` as `From email`, `idp_sso_url` as `IDP SSO URL`. */
export function labelOf(name: string): string {
  const words = name.split('_').map((word) => (upper.has(word) ? word.toUpperCase() : word));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Reads the settings out of the JSON Schema of a provider: what is required first, in the order it is listed there. */
export function settingsOf(schema: Record<string, unknown>): Setting[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const rank = (name: string) => (required.includes(name) ? required.indexOf(name) : required.length);
  return Object.entries(properties)
    .filter((entry): entry is [string, Property] => isObject(entry[1]))
    .sort(([left], [right]) => rank(left) - rank(right))
    .map(([name, property]) => ({
      name,
      label: typeof property.title === 'string' ? property.title : labelOf(name),
      hint: typeof property.description === 'string' ? property.description : undefined,
      kind: kindOf(name, property),
      required: required.includes(name),
      initial: property.default,
      whole: property.type === 'integer',
      choices: Array.isArray(property.enum) ? property.enum.map(String) : [],
    }));
}

/** What the form begins with: stored values, or the defaults for a new configuration. */
export function formValuesOf(settings: Setting[], stored: ConfigurationValues | undefined): SettingValues {
  return Object.fromEntries(
    settings.map(({ name, kind, initial }) => {
      const value = stored ? stored[name] : initial;
      if (kind === 'switch') return [name, value === true];
      if (kind === 'list') return [name, Array.isArray(value) ? value.join('\n') : String(value ?? '')];
      return [name, value === undefined || value === null ? '' : String(value)];
    }),
  );
}

/** What the form stands for; values that it does not ask for are kept, empty optional ones are left out. */
export function storedValuesOf(
  settings: Setting[],
  entered: SettingValues,
  stored: ConfigurationValues = {},
): ConfigurationValues {
  const values = new Map(Object.entries(stored));
  for (const { name, kind } of settings) {
    const text = entered[name] ?? '';
    if (kind === 'switch') values.set(name, text === true);
    else if (kind === 'list') values.set(name, linesOf(String(text)));
    else if (text === '') values.delete(name);
    else values.set(name, kind === 'number' ? Number(text) : text);
  }
  return Object.fromEntries(values);
}

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

/** What is wrong with an entered value; undefined when nothing is. */
export function faultOf({ kind, required, whole }: Setting, entered: string | boolean | undefined): string | undefined {
  if (kind === 'switch') return undefined;
  const text = String(entered ?? '').trim();
  if (text === '') return required ? t('error.required') : undefined;
  if (kind === 'number') {
    const number = Number(text);
    if (!Number.isFinite(number)) return t('records.badNumber');
    if (whole && !Number.isInteger(number)) return t('configuration.whole');
  }
  if (kind === 'url' && !/^https?:\/\/./i.test(text)) return t('records.badUrl');
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) return t('error.email');
  return undefined;
}
