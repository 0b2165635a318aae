import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { checkable, computedFaults, typeWarnings } from '@/shared/expressions/check';
import { type CodeFault, faultsOf } from '@/shared/expressions/faults';
import type { Vocabulary } from '@/shared/expressions/vocabulary';
import { useDebounced } from '@/shared/lib/use-debounced';
import { ruleCheck } from './api/check-rule';
import type { RuleSlot } from './rule-draft';

const none: CodeFault[] = [];

/** What the server finds wrong with an expression while it is written, and what is suspicious about it. */
export function useExpressionCheck(code: string, vocabulary: Vocabulary, use: RuleSlot | 'computed'): CodeFault[] {
  const settled = useDebounced(code, 350);
  const { rule, names } = useMemo(() => checkable(settled, vocabulary), [settled, vocabulary]);
  const operation = use === 'updateCheck' ? 'update' : use === 'computed' ? 'list' : use;
  const check = useQuery({ ...ruleCheck({ rule, operation, names }), enabled: settled.trim() !== '' });
  const refusal = check.data;
  return useMemo(() => {
    // What was found belongs to another text.
    if (settled !== code || code.trim() === '') return none;
    const own = use === 'computed' ? computedFaults(code) : none;
    if (own.length > 0) return own;
    if (refusal) return faultsOf(code, refusal);
    return refusal === null ? typeWarnings(code, vocabulary) : none;
  }, [settled, code, use, refusal, vocabulary]);
}
