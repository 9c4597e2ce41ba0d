/** The words of another language, by the same keys as in English. */
export type Words<English> = { [Key in keyof English]?: English[Key] extends string ? string : Words<English[Key]> }
