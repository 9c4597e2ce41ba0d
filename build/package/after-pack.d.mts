/** Each fuse of Electron by its number, and whether it is on. */
export const fuses: Readonly<Record<number, boolean>>
/** Native libraries beside the archive of a `resources` folder, from there on. */
export function nativeFiles(resources: string): string[]
