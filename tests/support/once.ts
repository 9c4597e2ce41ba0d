/**
 * What several tests of a file need first, done by whichever of them comes first: each passes alone, none does it
 * again.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
