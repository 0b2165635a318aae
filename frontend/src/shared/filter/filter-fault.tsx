import { t } from '@/shared/i18n';
import { faultPlace } from './fault';

interface FilterFaultProps {
  id: string;
  /** The text that was refused. */
  text: string;
  message: string;
}

/** Why the server refused a filter, and the place that it is about. */
export function FilterFault({ id, text, message }: FilterFaultProps) {
  const place = faultPlace(text, message);
  return (
    <div
      id={id}
      role="alert"
      className="space-y-1.5 rounded-lg bg-danger-subtle px-3 py-2 text-[0.8125rem] text-danger"
    >
      <p className="break-words">{message}</p>
      {place && (
        <p className="font-mono text-xs break-words whitespace-pre-wrap text-foreground">
          {text.slice(0, place.start)}
          <mark className="rounded-sm bg-transparent text-danger underline decoration-danger decoration-wavy underline-offset-4">
            {text.slice(place.start, place.end) || `⟨${t('filter.endOfText')}⟩`}
          </mark>
          {text.slice(place.end)}
        </p>
      )}
    </div>
  );
}
