/** Puts the path of a file into an address, with its slashes as they are. */
export function withFilePath(pathname: string, { path }: Record<string, unknown>): string {
  return pathname.replace('{path}', () => String(path).split('/').map(encodeURIComponent).join('/'));
}
