const kinds = ['ip', 'user', 'key'] as const;

/** Splits the key under which requests are counted, such as `ip:203.0.113.4`, into its kind and its id. */
export function readRefusedKey(key: string): { kind?: (typeof kinds)[number]; id: string } {
  const kind = kinds.find((candidate) => key.startsWith(`${candidate}:`));
  return kind ? { kind, id: key.slice(kind.length + 1) } : { id: key };
}
