import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import type { RuleSlot } from './rule-draft';

/** A common rule to begin with. */
export interface RuleTemplate {
  key: string;
  label: string;
  rule: string;
}

const OWNER = 'created_by = @request.auth.id';
const ownerNames = /^(owner|user|author|assignee|member|customer)(_id)?$/i;
const publicNames = /^(public|published|is_public|is_published|visible)$/i;

/** Common rules that fit the collection's fields. */
export function ruleTemplates(schema: FieldDefinition[], slot: RuleSlot): RuleTemplate[] {
  const found: RuleTemplate[] = [
    { key: 'owner', label: t('ruleTemplates.owner'), rule: OWNER },
    { key: 'everybody', label: t('ruleTemplates.everybody'), rule: 'true' },
    { key: 'admins', label: t('ruleTemplates.admins'), rule: '@has_role("admin")' },
    { key: 'ownerOrAdmins', label: t('ruleTemplates.ownerOrAdmins'), rule: `${OWNER} || @has_role("admin")` },
    { key: 'group', label: t('ruleTemplates.group'), rule: '@has_group("editors")' },
  ];
  for (const { name, type } of schema) {
    if (type === 'text' && ownerNames.test(name)) {
      found.push({ key: name, label: t('ruleTemplates.named', { field: name }), rule: `${name} = @request.auth.id` });
    }
    if (type === 'boolean' && publicNames.test(name) && slot !== 'create') {
      found.push({
        key: name,
        label: t('ruleTemplates.published', { field: name }),
        rule: `${name} = true || ${OWNER}`,
      });
    }
    if (type === 'reference') {
      found.push({ key: name, label: t('ruleTemplates.through', { field: name }), rule: `${name}.${OWNER}` });
    }
  }
  return found;
}
