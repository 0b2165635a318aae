import { useQuery } from '@tanstack/react-query';
import { File, FileBraces, FileImage, FileText, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/shared/lib/cn';
import { thumbnail } from './read-file';
import { type FileKind, kindOfType } from './stored-file';

const icons: Record<FileKind, LucideIcon> = { picture: FileImage, pdf: FileText, text: FileText, other: File };

/** The icon of a file's type. */
export function FileTypeIcon({ type, className }: { type: string; className?: string }) {
  const Icon = /json/i.test(type) ? FileBraces : icons[kindOfType(type)];
  return <Icon className={className} aria-hidden />;
}

interface FileThumbnailProps {
  type: string;
  /** Where the server keeps the file; absent while it is on its way there. */
  path?: string;
  /** Has the size in it. */
  className?: string;
}

/** A small picture of a picture, the icon of its type for any other file. Decorative: the name stands beside it. */
export function FileThumbnail({ type, path, className }: FileThumbnailProps) {
  const [broken, setBroken] = useState(false);
  const shown = useQuery({ ...thumbnail(path ?? ''), enabled: path !== undefined && kindOfType(type) === 'picture' });
  if (shown.data && !broken) {
    return (
      <img
        src={shown.data}
        alt=""
        className={cn('shrink-0 rounded-md border bg-subtle object-cover', className)}
        onError={() => setBroken(true)}
      />
    );
  }
  return (
    <span className={cn('grid shrink-0 place-items-center rounded-md border bg-subtle text-muted', className)}>
      <FileTypeIcon type={type} className="size-1/2" />
    </span>
  );
}
