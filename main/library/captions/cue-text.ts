import { decodeHTML, decodeHTMLStrict } from 'entities'

export type SubtitleFormat = 'srt' | 'vtt'

/**
 * SubRip has the tags of HTML's early days, and others that players brought; what else stands in angle brackets was
 * written to be read.
 */
const subripTags = /<\/?(?:[biuscvp]|br|em|strong|strike|font|span|div|ruby|rt|lang|tt)(?:[\s./:=][^<>]{0,300})?\/?>/gi
/** WebVTT takes everything in angle brackets for a tag. A bracket before a space is kept: it means “less than”. */
const webvttTags = /<\/?(?:[a-z\d.][^<>]{0,300})?>/gi
/** `<00:01.500>`, the times of words, which WebVTT brought to SubRip as well. */
const wordTimes = /<[\d:.,]{1,20}>/g
/** `{\an8}` and the like of SubStation Alpha, in both. */
const overrides = /\{\\[^{}]{0,300}\}/g
/** Marks of direction and joins that are not seen. */
const unseen = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g

/**
 * The lines of a cue as plain text: without tags, voices, word times and overrides, character references resolved as
 * HTML does (WebVTT, section 6.4), white space single; none is empty.
 */
export function plainLines(marked: readonly string[], format: SubtitleFormat): string[] {
  const unmarked = marked
    .join('\n')
    .replace(/<br\s*\/?>|\[br\]|\\n/gi, '\n')
    .replaceAll('\\h', ' ')
    .replace(wordTimes, '')
    .replace(format === 'vtt' ? webvttTags : subripTags, '')
    .replace(overrides, '')
  const resolve = format === 'vtt' ? decodeHTML : decodeHTMLStrict
  return unmarked
    .split('\n')
    .map(line => resolve(line).replace(unseen, '').replace(/\s+/g, ' ').trim())
    .filter(line => line !== '')
}
