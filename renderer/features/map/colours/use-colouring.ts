import { computed } from 'vue'
import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { MapSubject } from '../../../../main/api/index.ts'
import { oneInAddress, textInAddress, useAddressed } from '../../../composables/addressed.ts'
import type { MapPoints } from '../points/map-points.ts'
import { colouringOf, colourings } from './colour-by.ts'
import { useStandings } from './use-standings.ts'

/** What the points of the page's map are coloured by, chosen in the address. */
interface Coloured {
  readonly subject: Ref<MapSubject>
  readonly text: Ref<string | null>
  readonly map: Ref<MapPoints | null>
  /** Of the text. */
  readonly scores: Ref<Float32Array | null>
}

export function useColouring({ subject, text, map, scores }: Coloured) {
  const { t } = useI18n()
  const chosen = useAddressed('colour', oneInAddress(colourings))
  const colour = computed({
    get: () => chosen.value ?? (text.value ? 'score' : 'folder'),
    set: value => {
      chosen.value = value
    },
  })
  const {
    options: evaluations,
    evaluation,
    standings,
  } = useStandings(
    useAddressed('evaluation', textInAddress),
    computed(() => colour.value === 'evaluation'),
  )
  const colourOptions = computed(() =>
    colourings
      .filter(
        value =>
          (value !== 'time' || subject.value === 'clips') &&
          (value !== 'score' || text.value !== null) &&
          (value !== 'evaluation' || evaluations.value.length > 0),
      )
      .map(value => ({ value, text: t(`map.colours.${value}`) })),
  )
  const colouring = computed(
    () => map.value && colouringOf(map.value, colour.value, { scores: scores.value, standings: standings.value }),
  )
  return { chosenColour: chosen, colour, colourOptions, evaluation, evaluations, colouring }
}
