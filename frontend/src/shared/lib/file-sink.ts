/** Takes a file piece by piece. */
export interface FileSink {
  write: (piece: Uint8Array<ArrayBuffer> | string) => Promise<void>;
  /** The whole of it. */
  finish: () => Promise<Blob>;
  /** Forgets what was taken. */
  discard: () => Promise<void>;
}

const PREFIX = 'export-';
/** What is older was left by a page that was closed. */
const LEFT_OVER_MS = 24 * 60 * 60_000;
/** Time for the browser to copy a finished file to where the person keeps it. */
const KEPT_MS = 5 * 60_000;
/** Pieces in memory are handed to the browser, which may keep them on disk, from this size on. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** A file on the disk that the browser keeps for this page; fails where it keeps none. */
async function diskSink(): Promise<FileSink> {
  const folder = await navigator.storage.getDirectory();
  const remove = (name: string) => folder.removeEntry(name).catch(() => undefined);
  for await (const [name, entry] of folder.entries()) {
    if (!name.startsWith(PREFIX) || entry.kind !== 'file') continue;
    const { lastModified } = await (entry as FileSystemFileHandle).getFile();
    if (Date.now() - lastModified > LEFT_OVER_MS) await remove(name);
  }
  const name = `${PREFIX}${crypto.randomUUID()}`;
  const file = await folder.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  return {
    write: (piece) => writable.write(piece),
    finish: async () => {
      await writable.close();
      window.setTimeout(() => void remove(name), KEPT_MS);
      return file.getFile();
    },
    discard: async () => {
      await writable.abort().catch(() => undefined);
      await remove(name);
    },
  };
}

function memorySink(): FileSink {
  let parts: Blob[] = [];
  let waiting: (Uint8Array<ArrayBuffer> | string)[] = [];
  let size = 0;
  const pack = () => {
    parts.push(new Blob(waiting));
    waiting = [];
    size = 0;
  };
  return {
    write: (piece) => {
      waiting.push(piece);
      size += piece.length;
      if (size >= PIECE_BYTES) pack();
      return Promise.resolve();
    },
    finish: () => {
      pack();
      return Promise.resolve(new Blob(parts));
    },
    discard: () => {
      parts = [];
      waiting = [];
      return Promise.resolve();
    },
  };
}

/** Takes a file of any size: on disk where the browser lets pages write there, else in its memory. */
export function openSink(): Promise<FileSink> {
  return diskSink().catch(memorySink);
}
