import type { CollectionsExport } from '@/shared/api/types';
import { t } from '@/shared/i18n';

/** What an exported file holds of a collection. */
export interface ExportedCollection {
  name: string;
  fields: number;
  /** Undefined when the file has no records. */
  records: number | undefined;
  hasRules: boolean;
}

/** A file that can be imported, or why it cannot. */
export type ExportFile = { data: CollectionsExport; collections: ExportedCollection[] } | { fault: string };

type Entry = Record<string, unknown>;

const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the text of an exported file. What is in the fields and rules, the server checks. */
export function readExportFile(text: string): ExportFile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { fault: t('records.badJson', { reason: error instanceof Error ? error.message : '' }) };
  }
  if (!isObject(data) || !Array.isArray(data.collections)) return { fault: t('collectionFiles.notAnExport') };
  const entries: unknown[] = data.collections;
  if (entries.length === 0) return { fault: t('collectionFiles.empty') };
  const collections: ExportedCollection[] = [];
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry.name !== 'string' || !Array.isArray(entry.schema)) {
      return { fault: t('collectionFiles.notAnExport') };
    }
    collections.push({
      name: entry.name,
      fields: entry.schema.length,
      records: Array.isArray(entry.records) ? entry.records.length : undefined,
      hasRules: isObject(entry.rules),
    });
  }
  return { data: data as unknown as CollectionsExport, collections };
}
