import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { parseLiteral } from '../../files/literal.ts'
import { timeIn } from '../../files/time-cell.ts'

/** Start and end of a text, in seconds. */
export type TextSpan = readonly [start: number, end: number]

/** The texts of a row, and the span of each where the row lists them; or why they cannot be known. */
export type ListedTexts =
  { readonly texts: readonly string[]; readonly spans?: readonly TextSpan[] } | { readonly problem: string }

const list = z.array(z.string())
const time = z.union([z.number(), z.string()]).transform(value => timeIn(String(value)))
const pairs = z.array(z.tuple([time, time]))

/**
 * What cells hold of texts: one, or a list of them, and a list of as many pairs of times. Cells of a text file hold
 * lists as Python or JSON write them: Panda-70M's `"['a man', 'a dog']"` and `"[['0:00:00', '0:00:02'], …]"`.
 */
export function listedTexts(text: unknown, times: unknown): ListedTexts {
  const texts = list.safeParse(listIn(text)).data?.map(one => one.trim())
  const spans = pairs.safeParse(listIn(times)).data
  if (texts === undefined || spans === undefined) {
    const one = typeof text === 'string' || typeof text === 'number' ? String(text).trim() : ''
    return { texts: (texts ?? [one]).filter(said => said !== '') }
  }
  if (texts.length !== spans.length) {
    return { problem: english`has ${texts.length} texts and ${spans.length} times; each text needs one` }
  }
  const found = spans.flatMap(([start, end]): TextSpan[] =>
    typeof start === 'number' && typeof end === 'number' ? [[start, end]] : [],
  )
  if (found.length < spans.length) {
    return { problem: english`lists a time that cannot be read; write seconds, or a clock as 00:01:02.5` }
  }
  return { texts, spans: found }
}

function listIn(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^\s*[[(]/.test(cell)) return cell
  try {
    return parseLiteral(cell)
  } catch {
    return cell
  }
}
