import { t } from '@/shared/i18n';
import { labelOf } from './provider-schema';

/** The categories of providers, in the order they are shown. */
export const categories = ['auth_providers', 'email_providers', 'storage_providers', 'system_settings'] as const;

/** Storage is shared by all accounts. */
export const SYSTEM_ONLY = 'storage_providers';

/** The name of a category, of one this page does not know as well. */
export function categoryName(category: string): string {
  const known = categories.find((candidate) => candidate === category);
  return known ? t(`configuration.categories.${known}`) : labelOf(category);
}
