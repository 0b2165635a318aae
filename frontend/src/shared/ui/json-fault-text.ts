import { t } from '@/shared/i18n';
import type { JsonFault } from '@/shared/lib/json-fault';

/** What is wrong with a JSON text and where, for people. */
export function faultText({ kind, line, column }: JsonFault): string {
  return t('json.at', { line, column, reason: t(`json.faults.${kind}`) });
}
