import type { FormValues } from './field-mapping';

/** A field that two people changed differently since one of them opened the record. */
export interface Contest {
  name: string;
  before: string | boolean;
  theirs: string | boolean;
  mine: string | boolean;
}

export interface Conflict {
  contested: Contest[];
  /** Fields that only the others changed. */
  changed: string[];
}

/** Compares what was read first, what is stored now and what was entered; only fields that the others changed count. */
export function conflictOf(before: FormValues, theirs: FormValues, mine: FormValues): Conflict {
  const conflict: Conflict = { contested: [], changed: [] };
  for (const [name, stored] of Object.entries(theirs)) {
    const old = before[name] ?? '';
    const entered = mine[name] ?? '';
    if (stored === old || stored === entered) continue;
    if (entered === old) conflict.changed.push(name);
    else conflict.contested.push({ name, before: old, theirs: stored, mine: entered });
  }
  return conflict;
}

/** What the form goes on with: what is stored, but what was entered where nobody else changed it or `keep` says so. */
export function resolved(
  before: FormValues,
  theirs: FormValues,
  mine: FormValues,
  keep: (name: string) => boolean,
): FormValues {
  return Object.fromEntries(
    Object.entries(theirs).map(([name, stored]) => {
      const old = before[name] ?? '';
      const entered = mine[name] ?? '';
      if (entered === old) return [name, stored];
      return [name, stored === old || keep(name) ? entered : stored];
    }),
  );
}
