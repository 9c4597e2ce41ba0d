import { reactive, watch } from 'vue'

export type CurveAxis = 'step' | 'epoch'

/** How curves are drawn. `smoothing`: see {@link smoothed}, 0 for none. */
export interface CurveView {
  axis: CurveAxis
  smoothing: number
  logarithmic: boolean
}

const key = 'workbench.fine-tune.curves'

/** The view that this window had last. */
export function useCurveView(): CurveView {
  const view = reactive<CurveView>({ axis: 'step', smoothing: 0, logarithmic: false, ...remembered() })
  watch(view, () => localStorage.setItem(key, JSON.stringify(view)))
  return view
}

function remembered(): Partial<CurveView> {
  try {
    const { axis, smoothing, logarithmic } = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>
    return {
      ...(axis === 'step' || axis === 'epoch' ? { axis } : {}),
      ...(typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? { smoothing } : {}),
      ...(typeof logarithmic === 'boolean' ? { logarithmic } : {}),
    }
  } catch {
    return {}
  }
}
