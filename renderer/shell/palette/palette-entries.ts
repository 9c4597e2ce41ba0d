import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Video } from '../../../main/api/index.ts'
import { settingNames } from '../../features/settings/setting-names.ts'
import { formatTime } from '../../locale/format.ts'
import { useEvaluations } from '../../stores/evaluations.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useActions } from '../../stores/window/actions.ts'
import type { Entry } from './entries.ts'

/** Everything that the palette can run or go to but videos, of which a library may have thousands. */
export function usePaletteEntries(): ComputedRef<Entry[]> {
  const { t } = useI18n()
  const router = useRouter()
  const [actions, models, runs, evaluations] = [useActions(), useModels(), useRuns(), useEvaluations()]
  return computed(() => [
    ...actions.list
      .filter(({ id }) => id !== 'help.palette')
      .map((action): Entry => ({
        id: action.id,
        title: action.title,
        kind: t('palette.kinds.action'),
        words: t(`actions.groups.${action.group}`),
        keys: actions.keysOf(action),
        run: () => action.run(),
      })),
    ...settingNames.map((name): Entry => ({
      id: `setting.${name}`,
      title: t(`settings.${name}`),
      kind: t('palette.kinds.setting'),
      run: () => router.push({ name: 'settings', query: { setting: name } }),
    })),
    ...models.list.map(({ id, kind }): Entry => ({
      id: `model.${id}`,
      title: id,
      kind: t('palette.kinds.model'),
      words: t(`models.kind.${kind}`),
      run: () => router.push({ name: 'models', query: { model: id } }),
    })),
    ...runs.list.map(({ id, config }): Entry => ({
      id: `run.${id}`,
      title: config.name,
      kind: t('palette.kinds.run'),
      words: `${id} ${config.task}`,
      run: () => router.push({ name: 'fine-tune', params: { runId: id } }),
    })),
    ...evaluations.list.map((evaluation): Entry => ({
      id: `evaluation.${evaluation.id}`,
      title: `${evaluation.choice.model} · ${evaluation.split}`,
      kind: t('palette.kinds.evaluation'),
      words: `${evaluation.id} ${evaluation.task} ${evaluation.choice.dataset.folder}`,
      run: () => router.push({ name: 'evaluate', params: { evaluationId: evaluation.id } }),
    })),
  ])
}

/** A video, which Alignment opens. */
export function useVideoEntry(): (video: Video) => Entry {
  const { t } = useI18n()
  const router = useRouter()
  return video => ({
    id: `video.${video.id}`,
    title: video.name,
    kind: video.duration === null ? t('palette.kinds.video') : formatTime(video.duration),
    picture: video.thumbnail,
    run: () => router.push({ name: 'alignment', params: { videoId: video.id } }),
  })
}
