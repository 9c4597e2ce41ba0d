/** The first of `names` on the PATH, or null. */
export function onPath(...names: string[]): string | null
