import { onBeforeUnmount, ref, watch } from 'vue'
import { secondsInAddress, useAddressed } from '../../../composables/addressed.ts'

const restMs = 400

/** Where the player stands is in the address, too; while it plays only what is looked at in the end. */
export function usePlayhead() {
  const kept = useAddressed('t', secondsInAddress)
  const time = ref(kept.value ?? 0)
  const playing = ref(false)
  let resting: ReturnType<typeof setTimeout> | undefined
  watch([time, playing], ([now, isPlaying]) => {
    clearTimeout(resting)
    if (isPlaying) return
    resting = setTimeout(() => {
      kept.value = now === 0 ? null : now
    }, restMs)
  })
  onBeforeUnmount(() => clearTimeout(resting))
  /** Where the address says, which may be of another video by now. */
  function asAddressed() {
    clearTimeout(resting)
    time.value = kept.value ?? 0
  }
  return { time, playing, asAddressed }
}
