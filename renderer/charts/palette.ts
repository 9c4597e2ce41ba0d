import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useSettings } from '../stores/settings.ts'
import { divergingScale, sequentialScale } from './colour-scale.ts'
import type { ColourScale } from './colour-scale.ts'

/** The colours of the theme as a canvas needs them. */
export interface Palette {
  surface: string
  raised: string
  line: string
  lineStrong: string
  ink: string
  ink2: string
  ink3: string
  accent: string
  path: string
  truth: string
  letterbox: string
  font: string
  scale: ColourScale
  /** Of differences, see `divergingScale`. */
  diverging: ColourScale
  /** Told apart from each other, for lines of one figure. */
  series: string[]
}

export function usePalette(): ComputedRef<Palette> {
  const settings = useSettings()
  return computed(() => {
    const theme = settings.theme
    const style = getComputedStyle(document.documentElement)
    const read = (name: string) => style.getPropertyValue(`--${name}`).trim()
    return {
      surface: read('surface'),
      raised: read('raised'),
      line: read('line'),
      lineStrong: read('line-strong'),
      ink: read('ink'),
      ink2: read('ink-2'),
      ink3: read('ink-3'),
      accent: read('accent'),
      path: read('path'),
      truth: read('truth'),
      letterbox: read('letterbox'),
      font: read('font'),
      scale: sequentialScale(theme),
      diverging: divergingScale(theme),
      series: ['accent', 'path', 'info', 'danger', 'ink-2', 'warning'].map(read),
    }
  })
}
