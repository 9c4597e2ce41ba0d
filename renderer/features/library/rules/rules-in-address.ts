import { computed, reactive } from 'vue'
import type { ComputedRef } from 'vue'
import { videoFilters, videoOrders } from '../../../../main/api/common/rules.ts'
import type { VideoRules } from '../../../../main/api/index.ts'
import {
  addressed,
  numberInAddress,
  oneInAddress,
  textInAddress,
  useAddressed,
} from '../../../composables/addressed.ts'
import type { Written } from '../../../composables/addressed.ts'

type Range = VideoRules['duration']
export const anyRange: Range = { min: null, max: null }

/** Tags have no comma. */
const listInAddress: Written<string[]> = {
  read: text => text.split(',').filter(Boolean),
  write: list => list.join(','),
}

/** `10-600`, `10-` or `-600`. */
const rangeInAddress: Written<Range> = {
  read: text => {
    const [, min = '', max = ''] = /^(\d+(?:\.\d+)?)?-(\d+(?:\.\d+)?)?$/.exec(text) ?? []
    return min === '' && max === ''
      ? null
      : { min: min === '' ? null : Number(min), max: max === '' ? null : Number(max) }
  },
  write: ({ min, max }) => `${min ?? ''}-${max ?? ''}`,
}

const answerInAddress: Written<boolean> = {
  read: text => (text === 'yes' ? true : text === 'no' ? false : null),
  write: value => (value ? 'yes' : 'no'),
}

export const noRules: VideoRules = {
  text: '',
  folderId: null,
  state: 'all',
  tags: [],
  withoutTags: [],
  model: null,
  duration: anyRange,
  lines: anyRange,
  captions: null,
  warnings: null,
  sort: 'name',
  reverse: false,
  similarTo: null,
  scoreOf: '',
  evaluation: null,
}

/** What of the rules decides the order only. */
export const orderRules = [
  'sort',
  'reverse',
  'similarTo',
  'scoreOf',
  'evaluation',
] as const satisfies readonly (keyof VideoRules)[]

/** Whether two sets of rules select the same videos in the same order. */
export function sameRules(a: VideoRules, b: VideoRules): boolean {
  return (Object.keys(noRules) as (keyof VideoRules)[]).every(
    name => JSON.stringify(a[name]) === JSON.stringify(b[name]),
  )
}

const isEmptyRange = ({ min, max }: Range) => min === null && max === null

/** What is looked at in Library is in the address, rule by rule. `rules` may be assigned to; `now` is a copy. */
export function useRulesInAddress(): { rules: VideoRules; now: ComputedRef<VideoRules> } {
  const list = (name: string) => {
    const chosen = useAddressed(name, listInAddress)
    return computed({
      get: () => chosen.value ?? [],
      set: value => {
        chosen.value = value.length > 0 ? value : null
      },
    })
  }
  const range = (name: string) => {
    const chosen = useAddressed(name, rangeInAddress)
    return computed({
      get: () => chosen.value ?? anyRange,
      set: value => {
        chosen.value = isEmptyRange(value) ? null : value
      },
    })
  }
  const rules: VideoRules = reactive({
    text: addressed('text', textInAddress, ''),
    folderId: useAddressed('folder', numberInAddress),
    state: addressed('state', oneInAddress(videoFilters), 'all'),
    tags: list('tags'),
    withoutTags: list('without'),
    model: useAddressed('model', textInAddress),
    duration: range('length'),
    lines: range('lines'),
    captions: useAddressed('captions', answerInAddress),
    warnings: useAddressed('warnings', answerInAddress),
    sort: addressed('sort', oneInAddress(videoOrders), 'name'),
    reverse: addressed('reverse', answerInAddress, false),
    similarTo: useAddressed('like', numberInAddress),
    scoreOf: addressed('of', textInAddress, ''),
    evaluation: useAddressed('evaluation', textInAddress),
  })
  return { rules, now: computed(() => ({ ...rules })) }
}
