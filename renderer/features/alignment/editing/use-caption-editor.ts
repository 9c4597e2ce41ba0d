import { computed, reactive, ref, shallowRef, watch } from 'vue'
import type { Ref, WritableComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { CaptionEdit, CaptionStep } from '../../../../main/api/index.ts'
import { fileName } from '../../../locale/format.ts'
import { provideActions } from '../../../stores/window/actions.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { useUndo } from '../../../stores/window/undo.ts'
import { captionActions, namedForTiers, possibleActions } from './caption-keys.ts'
import type { CaptionAction } from './caption-keys.ts'
import {
  createSentence,
  edgeAt,
  mergeWithNext,
  moved,
  newSpan,
  resized,
  roundedSpan,
  sentenceAt,
  spanOf,
  splitSentence,
  toMillisecond,
  withoutSentence,
  withText,
  withProposed,
  withTimes,
} from './edit-sentences.ts'
import type { Bounds, Edited, TimeSpan } from './edit-sentences.ts'
import type { CaptionDraftState } from './use-caption-draft.ts'
import { useKeyframes } from './use-keyframes.ts'
import type { Tiers } from './use-tiers.ts'
import { useTimelineView } from './use-timeline-view.ts'

/** Presses of a key that follow one another so soon are one step. */
const goesOnMs = 1000
export interface EditorParts {
  readonly draft: CaptionDraftState
  readonly tiers: Tiers
  /** Whether the captions of the video are what is shown, and not another paragraph. */
  readonly enabled: () => boolean
  readonly bounds: () => Bounds
  /** Where the model finds each of the sentences; empty while that is not known. */
  readonly proposals: () => readonly (TimeSpan | null)[]
  readonly time: Ref<number>
  readonly playing: Ref<boolean>
  readonly seek: (seconds: number) => void
  /** Opens what trains a model on the sentences. */
  readonly learn: () => void
  /** Opens what makes a tier, and what writes them. */
  readonly addTier: () => void
  readonly writeTiers: () => void
  /** The sentence of the captions that is chosen. */
  readonly sentence: WritableComputedRef<number | null>
}

/** What one does to sentences, or to spans of a tier, on the timeline: by pointer, by buttons, by keys. */
export function useCaptionEditor(parts: EditorParts) {
  const { draft, tiers, enabled, bounds, time, playing, seek, sentence } = parts
  const { t } = useI18n()
  const [toasts, undoStore] = [useToasts(), useUndo()]
  const marks = shallowRef<Partial<TimeSpan>>({})
  /** Whether the words of the selected sentence are being written. */
  const writing = ref(false)
  const timeline = useTimelineView(bounds, { time, playing })
  const keyframes = useKeyframes(() => draft.current?.videoId)
  let pressed: { action: CaptionAction; at: number } | null = null

  /** The row that is worked on. */
  const row = computed(() => tiers.chosen ?? draft)
  const isTier = computed(() => tiers.chosen !== null)
  const selected = computed({
    get: () => (isTier.value ? tiers.span : sentence.value),
    set: index => {
      if (isTier.value) tiers.span = index
      else sentence.value = index
    },
  })
  const sentences = computed(() => row.value.current?.sentences ?? [])
  const hasCaptions = computed(() => draft.current !== null && enabled() && bounds().duration > 0)
  const canEdit = computed(() => (isTier.value ? bounds().duration > 0 : hasCaptions.value))
  const span = computed(() => (selected.value === null ? null : spanOf(sentences.value[selected.value])))

  function take(what: CaptionEdit, edited: Edited | null, goesOn = false) {
    if (!edited) return
    tiers.forgetRemoval()
    row.value.edit(what, edited.sentences, goesOn)
    selected.value = edited.selected
  }

  function select(index: number | null) {
    if (index !== selected.value) writing.value = false
    selected.value = index
    const start = index === null ? null : spanOf(sentences.value[index])?.start
    if (start === null || start === undefined) return
    seek(start)
    timeline.showMoment(start)
  }

  /** @param tier null for the captions. */
  function chooseRow(tier: string | null) {
    if (tier === (tiers.chosen?.current.name ?? null)) return
    tiers.choose(tier)
    leaveRow()
  }

  function leaveRow() {
    writing.value = false
    marks.value = {}
    pressed = null
  }

  function create(at: TimeSpan) {
    const text = t(isTier.value ? 'tiers.newSpan' : 'timeline.newSentence')
    take('create', createSentence(sentences.value, at, text))
    marks.value = {}
    writing.value = true
  }

  function setTimes(index: number, { start, end }: TimeSpan, what: 'move' | 'resize' | 'times') {
    const { duration, shortest } = bounds()
    const from = Math.min(start, duration - shortest)
    take(what, withTimes(sentences.value, index, resized({ start: from, end }, 'end', { to: end, bounds: bounds() })))
  }

  function setText(index: number, text: string) {
    const plain = text.replace(/\s+/g, ' ').trim()
    if (plain) take('text', withText(sentences.value, index, plain))
  }

  /** What the model proposes and is not so yet: for the chosen sentence, and for every one without times. */
  const proposed = computed(() =>
    sentences.value.flatMap((sentence, index) => {
      const proposal = isTier.value ? undefined : parts.proposals()[index]
      if (!proposal || (index !== selected.value && sentence.start !== null)) return []
      const at = roundedSpan(proposal)
      const isSo = sentence.start === at.start && sentence.end === at.end
      return isSo ? [] : [{ index, isTimed: sentence.start !== null, ...at }]
    }),
  )

  /** Takes what is proposed for a sentence, or for all that have no times. */
  function propose(index: number | null) {
    const at = proposed.value.find(one => one.index === index)
    if (at) take('propose', withTimes(sentences.value, at.index, at))
    else draft.edit('propose', withProposed(sentences.value, parts.proposals()))
  }

  function mark(edge: 'start' | 'end') {
    const now = toMillisecond(time.value)
    if (selected.value !== null && sentences.value[selected.value]) {
      const before = span.value ?? newSpan(sentences.value, { mark: {}, time: now, bounds: bounds() })
      setTimes(selected.value, edgeAt(before, edge, { to: now, bounds: bounds() }), 'resize')
      return
    }
    const other = edge === 'start' ? 'end' : 'start'
    const beyond = marks.value[other]
    const isCrossed = beyond !== undefined && (edge === 'start' ? beyond <= now : beyond >= now)
    marks.value = { ...(isCrossed ? {} : marks.value), [edge]: now }
  }

  function nudge(action: CaptionAction, { edge, frames }: { edge: 'both' | 'start' | 'end'; frames: number }) {
    if (selected.value === null || !span.value) return
    const by = frames * bounds().shortest
    const to =
      edge === 'both'
        ? moved(span.value, by, bounds())
        : resized(span.value, edge, { to: span.value[edge] + by, bounds: bounds() })
    const now = performance.now()
    const goesOn = pressed?.action === action && now - pressed.at < goesOnMs
    pressed = { action, at: now }
    take(edge === 'both' ? 'move' : 'resize', withTimes(sentences.value, selected.value, to), goesOn)
    if (edge !== 'end') seek(to.start)
  }

  function step(by: 1 | -1) {
    const here = selected.value ?? sentenceAt(sentences.value, time.value)
    const next = here === null ? nearestIndex(by) : here + by
    if (next >= 0 && next < sentences.value.length) select(next)
  }

  function nearestIndex(by: 1 | -1): number {
    const starts = sentences.value.map(one => one.start ?? -1)
    return by === 1 ? starts.findIndex(start => start > time.value) : starts.findLastIndex(start => start < time.value)
  }

  function stepRow(by: 1 | -1) {
    tiers.step(by)
    leaveRow()
  }

  /** Whether a tier was removed last, here and in the whole window. */
  const isRemovalNext = computed(() => tiers.removal !== null && tiers.removal === undoStore.last)

  function back(direction: 'undo' | 'redo') {
    if (direction === 'undo' && isRemovalNext.value) {
      tiers.forgetRemoval()
      return undoStore.undo()
    }
    const at = row.value.back(direction)
    writing.value = false
    pressed = null
    selected.value = at !== null && at >= 0 ? at : null
  }

  /** Begins or ends to write the words of the selected sentence. */
  function write(isWritten: boolean) {
    writing.value = isWritten
  }

  async function save(over = false) {
    const saved = await draft.save(over)
    if (saved?.outcome !== 'saved') return
    const file = fileName(saved.file)
    const told = saved.backup
      ? t('timeline.savedBeside', { file, backup: fileName(saved.backup) })
      : t('timeline.saved', { file })
    toasts.tell([told, ...saved.remarks.map(remark => t(`timeline.remark.${remark}`, { file }))].join(' '))
  }

  /** At the playhead: the selected sentence if it goes on there, else the one that does. */
  const atPlayhead = computed(() => {
    const isInside = span.value && time.value > span.value.start && time.value < span.value.end
    return isInside ? selected.value : sentenceAt(sentences.value, time.value)
  })
  const divided = () =>
    atPlayhead.value === null
      ? null
      : splitSentence(sentences.value, atPlayhead.value, {
          at: time.value,
          shortest: bounds().shortest,
          isLabel: isTier.value,
        })

  const runs: Record<CaptionAction, () => unknown> = {
    create: () => create(newSpan(sentences.value, { mark: marks.value, time: time.value, bounds: bounds() })),
    markIn: () => mark('start'),
    markOut: () => mark('end'),
    split: () => take('split', divided()),
    merge: () => take('merge', mergeWithNext(sentences.value, selected.value ?? -1, isTier.value)),
    remove: () => take('delete', withoutSentence(sentences.value, selected.value ?? -1)),
    text: () => {
      writing.value = true
    },
    propose: () => propose(selected.value),
    learn: () => parts.learn(),
    keyframes: () => keyframes.toggle(),
    addTier: () => parts.addTier(),
    writeTiers: () => parts.writeTiers(),
    rowAbove: () => stepRow(-1),
    rowBelow: () => stepRow(1),
    earlier: () => nudge('earlier', { edge: 'both', frames: -1 }),
    later: () => nudge('later', { edge: 'both', frames: 1 }),
    startEarlier: () => nudge('startEarlier', { edge: 'start', frames: -1 }),
    startLater: () => nudge('startLater', { edge: 'start', frames: 1 }),
    endEarlier: () => nudge('endEarlier', { edge: 'end', frames: -1 }),
    endLater: () => nudge('endLater', { edge: 'end', frames: 1 }),
    previous: () => step(-1),
    next: () => step(1),
    deselect: () => {
      select(null)
      marks.value = {}
    },
    undo: () => back('undo'),
    redo: () => back('redo'),
    save: () => save(),
    revert: () => draft.revert(),
    zoomIn: timeline.zoomIn,
    zoomOut: timeline.zoomOut,
    zoomWhole: timeline.showWhole,
  }

  const can = computed(() =>
    possibleActions({
      row: row.value.current,
      captions: hasCaptions.value ? draft.current : null,
      isSaving: draft.saving,
      isTier: isTier.value,
      edits: canEdit.value,
      selected: selected.value,
      isTimed: span.value !== null,
      isMarked: marks.value.start !== undefined || marks.value.end !== undefined,
      divides: divided() !== null,
      proposes: proposed.value.some(({ index }) => selected.value === null || index === selected.value),
      hasVideo: bounds().duration > 0,
      rowsBelow: tiers.list.length - (tiers.chosen ? tiers.list.indexOf(tiers.chosen) + 1 : 0),
      rows: tiers.list.length,
      restores: isRemovalNext.value,
      isWhole: timeline.whole.value,
    }),
  )
  const titles = computed((): Partial<Record<CaptionAction, string>> => {
    const { done = [], undone = [] } = row.value.current ?? {}
    const nameOf = (what: CaptionEdit) => (isTier.value ? t(`tiers.step.${what}`) : t(`timeline.step.${what}`))
    const named = (step: CaptionStep | undefined) => step && nameOf(step.what)
    const [last, next] = [isRemovalNext.value ? tiers.removal?.title : named(done.at(-1)), named(undone.at(-1))]
    const ofTier = isTier.value ? namedForTiers.map(name => [name, t(`tiers.action.${name}`)] as const) : []
    return {
      ...Object.fromEntries(ofTier),
      ...(last ? { undo: t('actions.undo', { what: last }) } : {}),
      ...(next ? { redo: t('actions.redo', { what: next }) } : {}),
    }
  })
  const actions = computed(() =>
    captionActions(t).map(action => ({
      ...action,
      title: titles.value[action.name] ?? action.title,
      run: runs[action.name],
    })),
  )
  provideActions(computed(() => actions.value.filter(({ name }) => can.value[name])))

  watch([() => draft.current?.videoId, () => bounds().duration] as const, ([id], [before]) => {
    timeline.showWhole()
    if (id !== before) leaveRow()
  })

  return reactive({
    tiers,
    isTier,
    chooseRow,
    selected,
    sentences,
    proposed,
    keyframes,
    propose,
    hasCaptions,
    canEdit,
    span,
    marks,
    writing,
    ...timeline,
    actions,
    can,
    select,
    create,
    setTimes,
    setText,
    write,
    save,
  })
}

export type CaptionEditor = ReturnType<typeof useCaptionEditor>
