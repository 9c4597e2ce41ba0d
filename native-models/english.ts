/**
 * Marks English text, a sentence or a part of one, that a window shows in other languages as well. The Chinese of every
 * text that is marked, and of every text of an ExpectedError, lies in `renderer/locale/told/zh`; a test asks for it.
 * Gives the text itself, which the command line, logs and files keep.
 */
export function english(texts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return String.raw({ raw: texts }, ...values)
}
