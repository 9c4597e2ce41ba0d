import type { VideoRules } from '../../../../main/api/index.ts'
import { formatSpan } from '../../../locale/format.ts'
import { anyRange } from './rules-in-address.ts'

/** One rule in words, and the rules without it. */
export interface RuleChip {
  readonly id: string
  readonly text: string
  readonly without: Partial<VideoRules>
}

type Words = (word: string, values?: Record<string, unknown>) => string
type Range = VideoRules['duration']

/**
 * Every rule that leaves videos out, as a chip each.
 * @param t the words of the window
 * @param folderName what the folder of that number is called
 */
export function ruleChips(rules: VideoRules, t: Words, folderName: (id: number) => string): RuleChip[] {
  const chips: RuleChip[] = []
  const add = (id: string, text: string, without: Partial<VideoRules>) => chips.push({ id, text, without })
  const without = (list: readonly string[], tag: string) => list.filter(one => one !== tag)
  if (rules.text) add('text', t('library.chips.text', { text: rules.text }), { text: '' })
  if (rules.folderId !== null) {
    add('folder', t('library.chips.folder', { name: folderName(rules.folderId) }), { folderId: null })
  }
  if (rules.state !== 'all') add('state', t(`library.state.${rules.state}`), { state: 'all' })
  for (const tag of rules.tags) {
    add(`tag ${tag}`, t('library.chips.tag', { tag }), { tags: without(rules.tags, tag) })
  }
  for (const tag of rules.withoutTags) {
    add(`without ${tag}`, t('library.chips.withoutTag', { tag }), { withoutTags: without(rules.withoutTags, tag) })
  }
  if (rules.model !== null) add('model', t('library.chips.model', { model: rules.model }), { model: null })
  const length = rangeText(rules.duration, formatSpan, t)
  if (length) add('length', t('library.chips.length', { range: length }), { duration: anyRange })
  const lines = rangeText(rules.lines, value => `${value}p`, t)
  if (lines) add('lines', t('library.chips.lines', { range: lines }), { lines: anyRange })
  if (rules.captions !== null) {
    add('captions', t(`library.chips.${rules.captions ? 'captions' : 'noCaptions'}`), { captions: null })
  }
  if (rules.warnings !== null) {
    add('warnings', t(`library.chips.${rules.warnings ? 'warnings' : 'noWarnings'}`), { warnings: null })
  }
  return chips
}

function rangeText({ min, max }: Range, format: (value: number) => string, t: Words): string | null {
  if (min !== null && max !== null) return t('library.chips.between', { min: format(min), max: format(max) })
  if (min !== null) return t('library.chips.least', { min: format(min) })
  return max === null ? null : t('library.chips.most', { max: format(max) })
}
