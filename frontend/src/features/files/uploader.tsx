import { useQuery } from '@tanstack/react-query';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { t } from '@/shared/i18n';
import { userById } from '@/shared/users/get-user';

/** Who uploaded a file: by e-mail for those who may read users, else by the beginning of the id. */
export function Uploader({ id }: { id: string }) {
  const caller = useCaller();
  const own = id === caller.user_id;
  const user = useQuery({ ...userById(id), enabled: !own && isSuperadmin(caller) });
  if (own) return <>{t('filesPage.you')}</>;
  return user.data ? <>{user.data.email}</> : <code className="font-mono text-xs">{id.slice(0, 8)}</code>;
}
