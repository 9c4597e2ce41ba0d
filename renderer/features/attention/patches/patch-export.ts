import type { AttentionOverview, AttentionRow } from '../../../../main/api/index.ts'
import { countedAxis } from '../../../charts/arrays/array-files.ts'
import { veil } from '../../../charts/figure/figure.ts'
import type { Drawn, Exportable, Figure } from '../../../charts/figure/figure.ts'
import type { Sheet } from '../../../charts/figure/sheet.ts'
import { cellPaths, element } from '../../../charts/figure/svg.ts'
import { formatPercent, formatTime } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { patchAttention } from '../map/attention-values.ts'
import { frameAxis } from '../map/map-export.ts'
import { factsOfPart } from '../map/shown-part.ts'

export interface ShownPatch {
  readonly overview: AttentionOverview
  readonly row: AttentionRow
  readonly stage: number
  readonly block: number
  readonly head: number | null
  readonly frame: number
  readonly patch: { readonly row: number; readonly column: number }
  /** Width over height of a frame. */
  readonly ratio: number
  readonly videoName: string
  readonly stem: string
}

/** What the model sees of a frame: it is cropped by this much on each side. */
const cropped = 0.05
/** Levels of the heat over a picture. */
const densities = 12
/** Widths of a small picture in font sizes, and of the one that asks. */
const widths = { small: 9, query: 20 }

/** What leaves the view from one patch: its figure, and the weights of all heads. */
export function exportedPatch(shown: ShownPatch): Exportable {
  const { overview, row, stage, block, head, frame, patch } = shown
  const grid = overview.stages[stage]?.grid ?? { rows: 1, columns: 1 }
  const frames = overview.frames.slice(row.firstFrame, row.firstFrame + (row.weights[0]?.length ?? 0))
  return {
    figure: patchFigure(shown),
    origin: {
      model: overview.model,
      videoIds: [overview.videoId],
      facts: {
        ...factsOfPart(overview),
        stage: stage + 1,
        block: block + 1,
        head: head === null ? 'mean' : head + 1,
        frame: frame + 1,
        patchRow: patch.row + 1,
        patchColumn: patch.column + 1,
      },
    },
    arrays: [
      {
        name: 'patch',
        read: () => ({
          name: `patch-stage${stage + 1}-block${block + 1}-frame${frame + 1}-row${patch.row + 1}-column${patch.column + 1}`,
          quantity: 'attention weight',
          axes: [
            countedAxis('head', row.weights.length),
            frameAxis('frame', { frames }, row.firstFrame),
            countedAxis('row', grid.rows),
            countedAxis('column', grid.columns),
          ],
          values: row.weights.flat(3),
        }),
      },
    ],
  }
}

function patchFigure(shown: ShownPatch): Figure {
  const { overview, row, stage, block, head, frame, patch, ratio, videoName, stem } = shown
  const attention = patchAttention(row, head)
  const grid = overview.stages[stage]?.grid ?? { rows: 1, columns: 1 }
  const asked = overview.frames[frame]
  const images = attention.maps.map((_, offset) => overview.frames[attention.firstFrame + offset]?.image ?? '')
  return {
    stem: `${stem}-patch-stage${stage + 1}-frame${frame + 1}`,
    title: `${t('attention.patchTitle')}: ${videoName}`,
    subtitle: t('figure.subtitle', {
      what: [
        t('attention.stage', { stage: stage + 1 }),
        t('attention.block', { block: block + 1 }),
        head === null ? t('attention.meanOf', row.weights.length) : t('attention.head', { head: head + 1 }),
        t('attention.frameNamed', { frame: frame + 1, time: formatTime(asked?.time ?? 0, 1) }),
        t('attention.patchAt', {
          row: patch.row + 1,
          column: patch.column + 1,
          rows: grid.rows,
          columns: grid.columns,
        }),
      ].join(' · '),
      model: overview.model,
    }),
    key: {
      kind: 'scale',
      temperature: null,
      overlay: true,
      range: () => ({ min: 0, max: attention.max }),
      unit: () => t('attention.patchUnit'),
      format: value => value.toPrecision(2),
    },
    pictures: [...new Set([asked?.image ?? '', ...images])].filter(Boolean),
    picturesOptional: false,
    draw(sheet, top, chosen): Drawn {
      const { em, width, colours } = sheet.look
      const room = width - 2 * em
      const query = Math.min(room, widths.query * em)
      sheet.picture(asked?.image ?? '', { x: em, y: top, width: query, height: query / ratio })
      const [seen, inset] = [1 - 2 * cropped, cropped]
      sheet.add(
        element('rect', {
          x: em + query * (inset + (seen * patch.column) / grid.columns),
          y: top + (query / ratio) * (inset + (seen * patch.row) / grid.rows),
          width: (query * seen) / grid.columns,
          height: (query / ratio / grid.rows) * seen,
          fill: 'none',
          stroke: colours.accent,
          'stroke-width': em / 5,
        }),
      )
      const across = Math.max(1, Math.min(attention.maps.length, Math.floor(room / (widths.small * em))))
      const small = (room - (across - 1) * 0.6 * em) / across
      const cell = { width: small, height: small / ratio }
      const step = cell.height + 1.9 * em
      const start = top + query / ratio + em
      attention.maps.forEach((map, offset) => {
        const x = em + (offset % across) * (small + 0.6 * em)
        const y = start + Math.floor(offset / across) * step
        const shownFrame = attention.firstFrame + offset
        sheet.picture(images[offset] ?? '', { x, y, ...cell })
        drawHeat(sheet, map, {
          x,
          y,
          ...cell,
          magnitude: weight => (weight - chosen.range.min) / (chosen.range.max - chosen.range.min || 1),
        })
        const outline = { x, y, ...cell, fill: 'none', stroke: colours.accent, 'stroke-width': em / 7 }
        if (shownFrame === frame) sheet.add(element('rect', outline))
        const text = { y: y + cell.height + em, size: 0.8 * em, colour: colours.ink2 }
        sheet.write(`${shownFrame + 1} · ${formatTime(overview.frames[shownFrame]?.time ?? 0, 1)}`, { ...text, x })
        const share = { ...text, x: x + small, anchor: 'end' as const }
        sheet.write(formatPercent(attention.shares[offset] ?? 0), share)
      })
      const bottom = start + Math.ceil(attention.maps.length / across) * step
      return { bottom: bottom - 0.6 * em, extent: 0, least: 0 }
    },
  }
}

interface HeatPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly magnitude: (weight: number) => number
}

/** Over the part of a frame that the model sees, as dense as the weights are strong. */
function drawHeat(sheet: Sheet, map: readonly (readonly number[])[], place: HeatPlace) {
  const { path } = sheet.look.colours
  const rows = map.length
  const columns = map[0]?.length ?? 1
  const [width, height] = [place.width * (1 - 2 * cropped), place.height * (1 - 2 * cropped)]
  const cells = map.flatMap((line, row) =>
    line.map((weight, column) => ({
      x: place.x + place.width * cropped + (width * column) / columns,
      y: place.y + place.height * cropped + (height * row) / rows,
      width: width / columns,
      height: height / rows,
      magnitude: Math.max(0, Math.min(1, place.magnitude(weight))),
    })),
  )
  for (let level = 1; level <= densities; level += 1) {
    const of = cells.filter(({ magnitude }) => Math.ceil(magnitude * densities) === level)
    const coloured = of.map(({ magnitude: _, ...cell }) => ({ ...cell, colour: path }))
    sheet.add(...cellPaths(coloured, (veil * level) / densities))
  }
}
