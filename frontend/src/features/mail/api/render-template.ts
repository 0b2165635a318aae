import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { MailParts } from '../template-parts';

interface Wanted {
  type: string;
  parts: MailParts;
  variables: Record<string, string>;
}

/**
 * The parts of a mail with their variables filled in; a template that does not render is refused
 * with status 422. No language is named: all parts are given, and a language that has no stored
 * template yet would be refused.
 */
export function renderedTemplate({ type, parts, variables }: Wanted) {
  return queryOptions({
    queryKey: [...keys.mailTemplates, 'rendered', { type, parts, variables }],
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/admin/email/templates/render', {
          body: {
            template_type: type,
            variables,
            subject: parts.subject,
            html_body: parts.html,
            text_body: parts.text,
          },
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
    gcTime: 30_000,
  });
}
