import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { languages, themes } from '../../../main/api/common/rules.ts'
import { client } from '../../client/client.ts'
import { captionActions } from '../../features/alignment/editing/caption-keys.ts'
import { playerActions } from '../../features/alignment/video/player-keys.ts'
import { selectionActions } from '../../features/library/inspector/selection-actions.ts'
import { useTour } from '../../features/tour/tour.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useModels } from '../../stores/models.ts'
import { useSettings } from '../../stores/settings.ts'
import { provideActions, useActions } from '../../stores/window/actions.ts'
import type { Action } from '../../stores/window/actions.ts'
import { usePalette } from '../../stores/window/palette.ts'
import { useToasts } from '../../stores/window/toasts.ts'
import { useUndo } from '../../stores/window/undo.ts'
import { usePageLinks } from '../navigation/page-links.ts'
import type { PageName } from '../navigation/pages.ts'

const pageKeys: Readonly<Record<PageName, string>> = {
  library: 'G L',
  search: 'G S',
  map: 'G P',
  alignment: 'G A',
  attention: 'G T',
  questions: 'G Q',
  'fine-tune': 'G F',
  evaluate: 'G E',
  models: 'G M',
  settings: 'G ,',
}

/** What can be done on every page. */
export function provideWindowActions(): void {
  const { t } = useI18n()
  const router = useRouter()
  const [actions, jobs, models, palette, settings, toasts, tour, undo] = [
    useActions(),
    useJobs(),
    useModels(),
    usePalette(),
    useSettings(),
    useToasts(),
    useTour(),
    useUndo(),
  ]
  const links = usePageLinks()

  const going = computed(() =>
    links.list.map(({ name, to }): Action => ({
      id: `go.${name}`,
      title: t('actions.go', { page: t(`nav.${name}`) }),
      group: 'go',
      keys: [pageKeys[name]],
      run: () => router.push(to),
    })),
  )
  const usingModels = computed(() =>
    models.list
      .filter(({ cannotSearch, inUse }) => cannotSearch === null && !inUse)
      .map(({ id }): Action => ({
        id: `model.use.${id}`,
        title: t('actions.useModel', { model: id }),
        group: 'model',
        unlisted: true,
        run: () => toasts.guard(() => models.use(id)),
      })),
  )
  const themed = computed(() =>
    themes.map((theme): Action => ({
      id: `view.theme.${theme}`,
      title: t('actions.theme', { theme: t(`settings.themes.${theme}`) }),
      group: 'view',
      unlisted: true,
      run: () => toasts.guard(() => settings.change({ theme })),
    })),
  )
  const spoken = computed(() =>
    languages.map((language): Action => ({
      id: `view.language.${language}`,
      title: t('actions.language', { language: t(`settings.languages.${language}`) }),
      group: 'view',
      unlisted: true,
      run: () => toasts.guard(() => settings.change({ language })),
    })),
  )
  const others = computed((): Action[] => [
    {
      id: 'library.open-folder',
      title: t('actions.openFolder'),
      group: 'library',
      keys: ['Mod+O'],
      run: () => router.push({ name: 'library', query: { open: 'folder' } }),
    },
    {
      id: 'library.index',
      title: t('actions.index'),
      group: 'library',
      run: () => toasts.guard(() => client.library.index({})),
    },
    {
      id: 'library.rescan',
      title: t('actions.rescan'),
      group: 'library',
      run: () => toasts.guard(() => client.library.rescan()),
    },
    ...(undo.last
      ? [
          {
            id: 'library.undo',
            title: t('actions.undo', { what: undo.last.title }),
            group: 'library' as const,
            keys: ['Mod+Z'],
            run: () => undo.undo(),
          },
        ]
      : []),
    {
      id: 'view.jobs',
      title: t('actions.jobs'),
      group: 'view',
      keys: ['G J'],
      run: () => {
        jobs.panelOpen = true
      },
    },
    {
      id: 'view.offline',
      title: t(settings.current?.offline ? 'actions.goOnline' : 'actions.goOffline'),
      group: 'view',
      run: () => toasts.guard(() => settings.change({ offline: !settings.current?.offline })),
    },
    {
      id: 'help.palette',
      title: t('actions.palette'),
      group: 'help',
      keys: ['Mod+K'],
      whileTyping: true,
      run: () => {
        palette.open = !palette.open
      },
    },
    {
      id: 'help.keys',
      title: t('actions.sheet'),
      group: 'help',
      keys: ['?'],
      run: () => {
        palette.sheetOpen = true
      },
    },
    { id: 'help.tour', title: t('tour.start'), group: 'help', run: () => tour.start() },
  ])
  actions.elsewhere = [...playerActions(t), ...captionActions(t), ...selectionActions(t)]
  provideActions(
    computed(() => [...going.value, ...others.value, ...usingModels.value, ...themed.value, ...spoken.value]),
  )
}
