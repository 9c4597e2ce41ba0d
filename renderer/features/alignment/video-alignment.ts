import { computed, watch } from 'vue'
import type { Ref } from 'vue'
import type { passes } from '../../../main/api/common/rules.ts'
import type { Caption, VideoDetail } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { useRequest } from '../../composables/request.ts'
import { useModels } from '../../stores/models.ts'
import { textsOf } from './editing/use-caption-draft.ts'
import type { CaptionDraftState } from './editing/use-caption-draft.ts'

type Pass = (typeof passes)[number]

export interface AlignmentParts {
  readonly video: () => VideoDetail | null
  /** The captions as they are being edited. */
  readonly captions: () => readonly Caption[]
  readonly draft: CaptionDraftState
  /** A paragraph instead of the captions. */
  readonly text: Readonly<Ref<string | null>>
  readonly pass: Readonly<Ref<Pass>>
}

/** How a video answers its captions or a paragraph; asked anew whenever that may have changed. */
export function useVideoAlignment({ video, captions, draft, text, pass }: AlignmentParts) {
  const models = useModels()
  const { result, pending, problem, run, reset } = useRequest(
    (signal, input: { videoId: number; text: string | null; pass: Pass }) => client.inspect.align(input, { signal }),
  )
  const isOfCaptions = computed(
    () => text.value === null && result.value !== null && textsOf(result.value.sentences) === textsOf(captions()),
  )
  /** With the times of the captions as they are now: moving a sentence asks nothing of the model. */
  const alignment = computed(() =>
    result.value && isOfCaptions.value ? { ...result.value, sentences: [...captions()] } : result.value,
  )

  function ask() {
    const id = video()?.id
    if (id === undefined) return
    if (text.value === null && captions().length === 0) reset()
    else void run({ videoId: id, text: text.value, pass: pass.value })
  }

  watch(
    [
      () => video()?.id,
      // What the workspace has of the edits is what is aligned.
      () => (draft.current ? draft.keptTexts : textsOf(video()?.captions ?? [])),
      text,
      pass,
      () => `${models.inUse?.id} ${models.inUse?.hash}`,
      () => `${video()?.overview} ${video()?.dense}`,
    ],
    ask,
    { immediate: true },
  )

  return { alignment, isOfCaptions, pending, problem, ask }
}
