import { Check, CircleHelp, ShieldCheck, ShieldX, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { RuleClause, RuleTestResult } from '@/shared/api/types';
import { type MessageKey, t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Badge } from '@/shared/ui/badge';
import { CopyButton } from '@/shared/ui/copy-button';
import { stretches } from './rule-stretches';

const reasons: Record<string, MessageKey> = {
  rule: 'ruleTest.by.rule',
  locked: 'ruleTest.by.locked',
  public: 'ruleTest.by.public',
  superadmin: 'ruleTest.by.superadmin',
  anonymous: 'ruleTest.by.anonymous',
  account: 'ruleTest.by.account',
  unreadable: 'ruleTest.by.unreadable',
};

const look = (result: boolean | null) =>
  result === null
    ? { icon: CircleHelp, word: t('ruleTest.unknown'), text: 'text-accent', line: 'decoration-accent' }
    : result
      ? { icon: Check, word: t('ruleTest.true'), text: 'text-success', line: 'decoration-success' }
      : { icon: X, word: t('ruleTest.false'), text: 'text-danger', line: 'decoration-danger' };

/** What a test of a rule came to: the verdict, the rule's text with its clauses, and each clause's result. */
export function RuleVerdict({ result }: { result: RuleTestResult }) {
  const { allowed, denied_by, decided_by, rule, clauses, sql, update_check: check } = result;
  const box = useRef<HTMLDivElement>(null);
  // The form above is long enough to hide it.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const Icon = allowed ? ShieldCheck : ShieldX;
  // Of two rules the one that denies tells why.
  const decided = denied_by === 'update_check_rule' && check ? check.decided_by : decided_by;
  return (
    <div ref={box} className="space-y-4">
      <div
        role="status"
        className={cn(
          'flex gap-3 rounded-xl px-4 py-3.5',
          allowed ? 'bg-success-subtle text-success' : 'bg-danger-subtle text-danger',
        )}
      >
        <Icon className="mt-0.5 size-5 shrink-0" aria-hidden />
        <div className="min-w-0">
          <p className="font-medium">{allowed ? t('ruleTest.allowed') : t('ruleTest.denied')}</p>
          <p className="break-words">{reason(decided)}</p>
          {!allowed && check && denied_by && (
            <p className="break-words">{t('ruleTest.deniedBy', { rule: denied_by })}</p>
          )}
        </div>
      </div>
      {check ? (
        <>
          <Judged title={t('ruleTest.asIs')} allowed={decided_by === 'rule' ? denied_by !== 'update_rule' : undefined}>
            <RuleClauses rule={rule} clauses={clauses} />
          </Judged>
          <Judged title={t('ruleTest.asChanged')} allowed={check.allowed}>
            <RuleClauses rule={check.rule} clauses={check.clauses} />
          </Judged>
        </>
      ) : (
        <RuleClauses rule={rule} clauses={clauses} />
      )}
      {sql && <Sql text={sql} />}
    </div>
  );
}

function reason(decided: string): string {
  const key = reasons[decided];
  return key ? t(key) : decided;
}

/** One of two rules, with how it came out. */
function Judged({ title, allowed, children }: { title: string; allowed: boolean | undefined; children: ReactNode }) {
  return (
    <section aria-label={title} className="space-y-3">
      <h3 className="flex items-center justify-between gap-3 font-medium">
        {title}
        {allowed !== undefined && (
          <Badge tone={allowed ? 'success' : 'danger'}>{allowed ? t('ruleTest.allowed') : t('ruleTest.denied')}</Badge>
        )}
      </h3>
      {children}
    </section>
  );
}

/** A rule's text with its clauses, and each clause's result. */
function RuleClauses({ rule, clauses }: { rule: string | null; clauses: RuleClause[] }) {
  return (
    <>
      {rule && (
        <p className="rounded-lg border bg-surface px-3 py-2.5 font-mono text-[0.8125rem] leading-7 break-words whitespace-pre-wrap">
          {stretches(rule, clauses).map(({ text, clause }, index) =>
            clause ? (
              <span
                key={index}
                className={cn(
                  'underline decoration-2 underline-offset-4',
                  look(clause.result).line,
                  clause.decisive && 'rounded bg-hover px-0.5 font-semibold',
                )}
              >
                {text}
              </span>
            ) : (
              <span key={index} className="text-muted">
                {text}
              </span>
            ),
          )}
        </p>
      )}
      {clauses.length > 0 && (
        <section aria-label={t('ruleTest.clauses')}>
          <Clauses of={clauses} />
        </section>
      )}
    </>
  );
}

function Clauses({ of: clauses, nested }: { of: RuleClause[]; nested?: boolean }) {
  return (
    <ul className={cn('space-y-1', nested && 'mt-1 ml-2.5 border-l pl-3')}>
      {clauses.map((clause) => {
        const { icon: Icon, word, text } = look(clause.result);
        // What decided within it is marked where it is innermost.
        const decided = clause.decisive && clause.clauses.length === 0;
        return (
          <li key={`${clause.start}-${clause.end}`}>
            <div className={cn('flex items-start gap-2 rounded-md px-2 py-1', decided && 'bg-subtle')}>
              <Icon className={cn('mt-0.5 size-4 shrink-0', text)} aria-hidden />
              <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-words">{clause.text}</code>
              <span className={cn('text-[0.8125rem] whitespace-nowrap', text)}>{word}</span>
              {decided && <Badge tone="accent">{t('ruleTest.decided')}</Badge>}
            </div>
            {clause.clauses.length > 0 && <Clauses of={clause.clauses} nested />}
          </li>
        );
      })}
    </ul>
  );
}

function Sql({ text }: { text: string }) {
  return (
    <details className="rounded-xl border bg-subtle/50 px-4 py-3">
      <summary className="cursor-pointer rounded font-medium">{t('ruleTest.sql')}</summary>
      <div className="mt-2 flex items-start gap-2">
        <pre className="min-w-0 flex-1 font-mono text-xs break-words whitespace-pre-wrap">{text}</pre>
        <CopyButton text={text} label={t('ruleTest.copySql')} />
      </div>
    </details>
  );
}
