import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, useId } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { Input } from '@/shared/ui/input';

/** The name of a collection; suggests the existing ones to those who may list them. */
export function CollectionInput(props: ComponentProps<'input'>) {
  const id = useId();
  const administers = isSuperadmin(useCaller());
  const names = useQuery({ ...collectionNames(), enabled: administers });
  return (
    <>
      <Input list={id} autoComplete="off" autoCapitalize="none" spellCheck={false} {...props} />
      <datalist id={id}>
        {names.data?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
