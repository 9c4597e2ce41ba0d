/** Names are also keys of `nav.*`, in the order of the navigation. */
export const pages = [
  'library',
  'search',
  'map',
  'alignment',
  'attention',
  'questions',
  'fine-tune',
  'evaluate',
  'models',
  'settings',
] as const
export type PageName = (typeof pages)[number]
