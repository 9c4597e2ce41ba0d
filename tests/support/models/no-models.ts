import type { Models } from '../../../main/downloads/installation.ts'

/** For downloads that become no model. */
export const noModels: Models = {
  register: () => Promise.reject(new Error('nothing here is a model')),
  use: () => Promise.resolve(),
  list: () => Promise.resolve([]),
}
