import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watchEffect } from 'vue'
import type { AppInfo, Settings } from '../../main/api/index.ts'
import { client } from '../client/client.ts'
import { setLanguage } from '../locale/i18n.ts'

export type VisibleTheme = 'dark' | 'light' | 'contrast'

const rememberedTheme = 'workbench.theme'
const rememberedLanguage = 'workbench.language'

export const useSettings = defineStore('settings', () => {
  const current = shallowRef<Settings | null>(null)
  const info = shallowRef<AppInfo | null>(null)
  const prefersLight = ref(matchMedia('(prefers-color-scheme: light)').matches)
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', event => {
    prefersLight.value = event.matches
  })

  /** What the window shows: the choice, or the system's; before the first answer, what it was last time. */
  const theme = computed<VisibleTheme>(() => {
    const choice = current.value?.theme ?? localStorage.getItem(rememberedTheme)
    if (choice === 'dark' || choice === 'light' || choice === 'contrast') return choice
    return prefersLight.value ? 'light' : 'dark'
  })
  watchEffect(
    () => {
      document.documentElement.dataset.theme = theme.value
    },
    { flush: 'sync' },
  )

  const language = computed(() => {
    const choice = current.value?.language ?? localStorage.getItem(rememberedLanguage)
    if (choice === 'en' || choice === 'zh') return choice
    return navigator.language.startsWith('zh') ? 'zh' : 'en'
  })
  watchEffect(() => setLanguage(language.value), { flush: 'sync' })

  function apply(settings: Settings) {
    current.value = settings
    localStorage.setItem(rememberedLanguage, settings.language)
    localStorage.setItem(rememberedTheme, settings.theme)
  }

  async function refresh() {
    const [settings, appInfo] = await Promise.all([client.app.settings(), client.app.info()])
    apply(settings)
    info.value = appInfo
  }

  async function change(part: Partial<Settings>) {
    apply(await client.app.changeSettings(part))
  }

  return { current, info, theme, apply, refresh, change }
})
