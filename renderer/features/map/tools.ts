/** What a drag with the left button does. */
export type Tool = 'move' | 'box' | 'lasso'
/** In the place of what is selected, with it, or out of it. */
export type Choosing = 'replace' | 'add' | 'take'
