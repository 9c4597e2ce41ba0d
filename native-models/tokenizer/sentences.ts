/**
 * The sentences of a text, by the rules of its language (Unicode segmentation; a line break ends a sentence), without
 * surrounding space.
 */
export function splitSentences(text: string, language = 'en'): string[] {
  const segments = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)
  return Array.from(segments, ({ segment }) => segment.trim()).filter(sentence => sentence !== '')
}
