import { createRequire } from 'node:module'

/** The copy of Apache Arrow that LanceDB loads: an import would load a second one, which takes a core as long. */
export const arrow = createRequire(import.meta.url)('apache-arrow') as typeof import('apache-arrow')
