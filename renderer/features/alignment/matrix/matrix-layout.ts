/** Where the parts of the matrix are, in CSS pixels of the canvas. */
export interface MatrixLayout {
  rows: number
  columns: number
  /** Size of the canvas. */
  width: number
  height: number
  /** Top left corner of the cell area. */
  bodyLeft: number
  pictureLeft: number
  pictureWidth: number
  bodyTop: number
  cellWidth: number
  cellHeight: number
  /** Scrolled distance. */
  scrollLeft: number
  scrollTop: number
}

/** Pictures of the clips grow with the rows, within these widths. */
const pictureSize = { smallest: 46, largest: 112 }
const pictureLeft = 54
const pictureGap = 8
export const headerHeight = 44
/** Below these a cell is hard to hit: larger matrices scroll until one zooms out. */
const comfortable = { width: 56, height: 12 }
/** The zoom at which all of a matrix is in sight, whatever its size. */
export const wholeZoom = 0
const largest = { width: 360, height: 120 }
const rightMargin = 12
const bottomMargin = 8

/** Left edge and width of the clip pictures, and the width of all row labels with them. */
export function labelSize(pane: { height: number }, rows: number) {
  const rowHeight = (pane.height - headerHeight - bottomMargin) / rows
  const picture = Math.round(Math.max(pictureSize.smallest, Math.min(pictureSize.largest, ((rowHeight - 6) * 16) / 9)))
  return { pictureLeft: pictureLeft, picture, width: pictureLeft + picture + pictureGap }
}

/** Cells fill the pane; `zoom` 1 is comfortable, less shows more of a large matrix, never smaller than the whole. */
export function cellSize(
  pane: { width: number; height: number },
  { rows, columns, zoom }: { readonly rows: number; readonly columns: number; readonly zoom: number },
) {
  const fit = {
    width: (pane.width - labelSize(pane, rows).width - rightMargin) / columns,
    height: (pane.height - headerHeight - bottomMargin) / rows,
  }
  const size = (axis: 'width' | 'height') => {
    const base = Math.max(fit[axis], comfortable[axis])
    return Math.max(fit[axis], Math.min(base * zoom, Math.max(largest[axis], fit[axis])))
  }
  return { width: size('width'), height: size('height') }
}

/** Size of the whole drawing, of which the pane shows a part. */
export function contentSize(
  labels: number,
  {
    rows,
    columns,
    cell,
  }: { readonly rows: number; readonly columns: number; readonly cell: { width: number; height: number } },
) {
  return {
    width: labels + columns * cell.width + rightMargin,
    height: headerHeight + rows * cell.height + bottomMargin,
  }
}

export interface Cell {
  row: number
  column: number
}

export function cellLeft(layout: MatrixLayout, column: number): number {
  return layout.bodyLeft + column * layout.cellWidth - layout.scrollLeft
}

export function cellTop(layout: MatrixLayout, row: number): number {
  return layout.bodyTop + row * layout.cellHeight - layout.scrollTop
}

/** The cell under a point of the canvas, or null outside the cells. */
export function cellAtPoint(layout: MatrixLayout, x: number, y: number): Cell | null {
  if (x < layout.bodyLeft || y < layout.bodyTop) return null
  const column = Math.floor((x - layout.bodyLeft + layout.scrollLeft) / layout.cellWidth)
  const row = Math.floor((y - layout.bodyTop + layout.scrollTop) / layout.cellHeight)
  return row < layout.rows && column < layout.columns ? { row, column } : null
}

interface Visible {
  readonly scroll: number
  readonly extent: number
  readonly cell: number
  readonly count: number
}

/** Rows (or columns) in sight, as a half-open range. */
export function visibleRange({ scroll, extent, cell, count }: Visible): [number, number] {
  return [Math.max(0, Math.floor(scroll / cell)), Math.min(count, Math.ceil((scroll + extent) / cell))]
}
