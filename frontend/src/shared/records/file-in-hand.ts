let handed: { collection: string; file: File } | null = null;

/** Leaves a file for the import of a collection's records, whose dialog is opened next. */
export function handFile(collection: string, file: File) {
  handed = { collection, file };
}

/** Takes the file that was left for the collection; undefined when there is none. */
export function takeFile(collection: string): File | undefined {
  const file = handed?.collection === collection ? handed.file : undefined;
  handed = null;
  return file;
}
