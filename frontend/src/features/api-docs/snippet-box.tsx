import { t } from '@/shared/i18n';
import { CopyButton } from '@/shared/ui/copy-button';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import type { ApiContext, Operation } from './operations';
import { type Language, languages, snippet } from './snippets';

interface SnippetBoxProps {
  operation: Operation;
  context: ApiContext;
  language: Language;
  onLanguageChange: (language: Language) => void;
}

/** The request in a language of choice, to be copied. */
export function SnippetBox({ operation, context, language, onLanguageChange }: SnippetBoxProps) {
  return (
    <Tabs
      value={language}
      onValueChange={(next) => onLanguageChange(languages.find((known) => known === next) ?? 'curl')}
      className="overflow-hidden rounded-lg border"
    >
      <div className="flex items-center gap-2 border-b bg-subtle/60 pr-2">
        <TabList aria-label={t('apiDocs.language')} className="flex-1 border-b-0 px-1">
          {languages.map((known) => (
            <Tab key={known} value={known} className="mb-0">
              {t(`apiDocs.languages.${known}`)}
            </Tab>
          ))}
        </TabList>
        <CopyButton text={snippet(language, operation, context)} label={t('apiDocs.copySnippet')} />
      </div>
      {languages.map((known) => (
        <TabPanel key={known} value={known} tabIndex={-1}>
          {/* A box that scrolls must be reachable by keyboard. */}
          <pre
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            className="max-h-[28rem] overflow-auto p-4 font-mono text-xs leading-5 -outline-offset-2"
          >
            {snippet(known, operation, context)}
          </pre>
        </TabPanel>
      ))}
    </Tabs>
  );
}
