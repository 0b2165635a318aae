import { useState } from 'react';
import { inWords, type RuleInWords, sentence, type Words } from '@/shared/expressions/words';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import type { RuleSlot } from './rule-draft';

/** Conditions from which on each has a line of its own. */
const LISTED_FROM = 3;

/** What a rule says, in plain words; the last readable state stays while the text is written. */
export function RuleInWords({ code, slot }: { code: string; slot: RuleSlot }) {
  const reading = code.trim() === '' ? null : inWords(code);
  const [last, setLast] = useState({ code: '', reading: null as RuleInWords | null });
  if (reading && last.code !== code) setLast({ code, reading });
  const shown = reading ?? (code.trim() === '' ? null : last.reading);
  if (!shown) return null;
  const listed = shown.conditions.length >= LISTED_FROM;
  return (
    <div
      className={cn('mt-2 rounded-lg bg-subtle px-3 py-2 text-[0.8125rem] leading-5', !reading && 'text-muted')}
      role="group"
      aria-label={t('ruleWords.label')}
    >
      {t(`ruleWords.lead.${slot}`)} {listed ? t(shown.join === 'and' ? 'ruleWords.all' : 'ruleWords.any') : ''}
      {listed ? (
        <ul className="mt-1 list-disc space-y-0.5 pl-5">
          {shown.conditions.map((condition, index) => (
            <li key={index}>
              <Sentence of={condition} />
            </li>
          ))}
        </ul>
      ) : (
        <Sentence of={[...sentence(shown), { text: '.' }]} />
      )}
    </div>
  );
}

function Sentence({ of: words }: { of: Words[] }) {
  return words.map(({ text, as }, index) => {
    if (as === undefined) return <span key={index}>{text}</span>;
    if (as === 'name') {
      return (
        <b key={index} className="font-medium">
          {text}
        </b>
      );
    }
    return (
      <code key={index} className="rounded bg-hover px-1 font-mono text-xs break-words">
        {text}
      </code>
    );
  });
}
