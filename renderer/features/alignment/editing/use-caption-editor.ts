import { computed, reactive, ref, shallowRef, watch } from 'vue'
import type { Ref, WritableComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { CaptionEdit } from '../../../../main/api/index.ts'
import { fileName } from '../../../locale/format.ts'
import { provideActions } from '../../../stores/window/actions.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { captionActions } from './caption-keys.ts'
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
import { isWhole, showing, wholeView, zoomed } from './timeline-view.ts'
import type { TimelineView } from './timeline-view.ts'
import type { CaptionDraftState } from './use-caption-draft.ts'
import { useKeyframes } from './use-keyframes.ts'

/** Presses of a key that follow one another so soon are one step. */
const goesOnMs = 1000
const zoomStep = 1.6

export interface EditorParts {
  readonly draft: CaptionDraftState
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
  readonly selected: WritableComputedRef<number | null>
}

/** What one does to sentences on the timeline: by pointer, by buttons, by keys. */
export function useCaptionEditor(parts: EditorParts) {
  const { draft, enabled, bounds, time, playing, seek, selected } = parts
  const { t } = useI18n()
  const toasts = useToasts()
  const marks = shallowRef<Partial<TimeSpan>>({})
  /** Whether the words of the selected sentence are being written. */
  const writing = ref(false)
  const view = shallowRef(wholeView(bounds().duration))
  const keyframes = useKeyframes(() => draft.current?.videoId)
  let pressed: { action: CaptionAction; at: number } | null = null

  const sentences = computed(() => draft.current?.sentences ?? [])
  const canEdit = computed(() => draft.current !== null && enabled() && bounds().duration > 0)
  const span = computed(() => (selected.value === null ? null : spanOf(sentences.value[selected.value])))
  const whole = computed(() => isWhole(view.value, bounds().duration))

  function take(what: CaptionEdit, edited: Edited | null, goesOn = false) {
    if (!edited) return
    draft.edit(what, edited.sentences, goesOn)
    selected.value = edited.selected
  }

  function select(index: number | null) {
    if (index !== selected.value) writing.value = false
    selected.value = index
    const start = index === null ? null : spanOf(sentences.value[index])?.start
    if (start === null || start === undefined) return
    seek(start)
    view.value = showing(view.value, start, bounds().duration)
  }

  function create(at: TimeSpan) {
    take('create', createSentence(sentences.value, at, t('timeline.newSentence')))
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
      const proposal = parts.proposals()[index]
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

  function back(direction: 'undo' | 'redo') {
    const at = draft.back(direction)
    writing.value = false
    pressed = null
    selected.value = at !== null && at >= 0 ? at : null
  }

  function zoomBy(factor: number, around = showsPlayhead() ? time.value : (view.value.from + view.value.to) / 2) {
    view.value = zoomed(view.value, factor, { around, duration: bounds().duration })
  }

  function showsPlayhead(): boolean {
    return time.value >= view.value.from && time.value <= view.value.to
  }

  function show(part: TimelineView) {
    view.value = part
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
      : splitSentence(sentences.value, atPlayhead.value, { at: time.value, shortest: bounds().shortest })

  const runs: Record<CaptionAction, () => unknown> = {
    create: () => create(newSpan(sentences.value, { mark: marks.value, time: time.value, bounds: bounds() })),
    markIn: () => mark('start'),
    markOut: () => mark('end'),
    split: () => take('split', divided()),
    merge: () => take('merge', mergeWithNext(sentences.value, selected.value ?? -1)),
    remove: () => take('delete', withoutSentence(sentences.value, selected.value ?? -1)),
    text: () => {
      writing.value = true
    },
    propose: () => propose(selected.value),
    learn: () => parts.learn(),
    keyframes: () => keyframes.toggle(),
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
    zoomIn: () => zoomBy(zoomStep),
    zoomOut: () => zoomBy(1 / zoomStep),
    zoomWhole: () => {
      view.value = wholeView(bounds().duration)
    },
  }

  const can = computed((): Record<CaptionAction, boolean> => {
    const edits = canEdit.value
    const isChosen = edits && selected.value !== null && selected.value < sentences.value.length
    const isTimed = isChosen && span.value !== null
    return {
      create: edits,
      markIn: edits,
      markOut: edits,
      split: edits && divided() !== null,
      merge: isChosen && (selected.value ?? 0) < sentences.value.length - 1,
      remove: isChosen,
      text: isChosen,
      propose: edits && proposed.value.some(({ index }) => selected.value === null || index === selected.value),
      keyframes: edits,
      learn: edits && sentences.value.length > 0,
      earlier: isTimed,
      later: isTimed,
      startEarlier: isTimed,
      startLater: isTimed,
      endEarlier: isTimed,
      endLater: isTimed,
      previous: edits && sentences.value.length > 0,
      next: edits && sentences.value.length > 0,
      deselect: edits && (selected.value !== null || marks.value.start !== undefined || marks.value.end !== undefined),
      undo: edits && (draft.current?.done.length ?? 0) > 0,
      redo: edits && (draft.current?.undone.length ?? 0) > 0,
      save: edits && draft.current?.edited === true && !draft.saving,
      revert: edits && (draft.current?.edited === true || draft.current?.fileChanged === true),
      zoomIn: bounds().duration > 0,
      zoomOut: !whole.value,
      zoomWhole: !whole.value,
    }
  })
  const titles = computed((): Partial<Record<CaptionAction, string>> => {
    const [done, undone] = [draft.current?.done.at(-1), draft.current?.undone.at(-1)]
    return {
      ...(done ? { undo: t('actions.undo', { what: t(`timeline.step.${done.what}`) }) } : {}),
      ...(undone ? { redo: t('actions.redo', { what: t(`timeline.step.${undone.what}`) }) } : {}),
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

  watch([() => draft.current?.videoId, () => bounds().duration] as const, ([id, duration], [before]) => {
    view.value = wholeView(duration)
    if (id === before) return
    marks.value = {}
    writing.value = false
  })
  watch(time, now => {
    if (playing.value) view.value = showing(view.value, now, bounds().duration)
  })

  return reactive({
    sentences,
    proposed,
    keyframes,
    propose,
    canEdit,
    span,
    marks,
    writing,
    view,
    whole,
    actions,
    can,
    select,
    create,
    setTimes,
    setText,
    write,
    zoomBy,
    show,
    save,
  })
}

export type CaptionEditor = ReturnType<typeof useCaptionEditor>
