import { type Language, languages, setLanguage, t, useLanguage } from '@/shared/i18n';
import { Select } from './input';

/** Chooses the language of the pages; for pages without the frame's menu. */
export function LanguageChoice({ className }: { className?: string }) {
  const language = useLanguage();
  return (
    <Select
      className={className}
      aria-label={t('language.label')}
      value={language}
      onChange={(event) => void setLanguage(event.target.value as Language)}
    >
      {Object.entries(languages).map(([tag, name]) => (
        // A name in its own language is to be read as such.
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </Select>
  );
}
