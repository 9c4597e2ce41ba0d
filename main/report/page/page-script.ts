/**
 * What a report does by itself: it plays the clip of a cell and redraws the temporal windows for a frame. It runs
 * without a network and asks for nothing.
 */
export const pageScript = String.raw`
'use strict'
{
  const element = id => document.getElementById(id)
  const data = JSON.parse(element('data').textContent)
  const player = element('player')
  const said = element('said')
  const rows = [...document.querySelectorAll('tbody tr')]
  let until = null
  let resting = null

  const film = element('film')
  if (film) {
    const bytes = Uint8Array.from(atob(film.textContent), sign => sign.charCodeAt(0))
    player.src = URL.createObjectURL(new Blob([bytes], { type: data.type }))
  }

  const play = (start, end) => {
    until = end
    player.currentTime = start
    player.play().catch(() => {})
  }
  const follow = () => {
    if (until !== null && player.currentTime >= until) {
      player.pause()
      until = null
    }
    const now = data.clips.findLastIndex(([start]) => player.currentTime >= start - 0.001)
    rows.forEach((row, index) => row.classList.toggle('now', index === now))
    if (!player.paused) requestAnimationFrame(follow)
  }
  player.addEventListener('play', () => requestAnimationFrame(follow))
  player.addEventListener('seeked', follow)

  const tell = cell => {
    const { clip, sentence } = cell.dataset
    said.textContent = cell.title + ' · ' + data.sentences[sentence]
    return data.clips[clip]
  }
  document.addEventListener('mouseover', event => {
    const cell = event.target.closest('td button')
    clearTimeout(resting)
    if (cell) resting = setTimeout(() => play(...tell(cell)), 180)
  })
  document.addEventListener('focusin', event => {
    const cell = event.target.closest('td button')
    if (cell) tell(cell)
  })
  document.addEventListener('click', event => {
    const cell = event.target.closest('td button')
    const span = event.target.closest('[data-from]')
    clearTimeout(resting)
    if (cell) play(...tell(cell))
    else if (span) play(Number(span.dataset.from), Number(span.dataset.to))
  })

  const chooser = element('frame')
  if (chooser) {
    const pictures = [...document.querySelectorAll('.strip img')]
    const svg = (name, attributes) => {
      const made = document.createElementNS('http://www.w3.org/2000/svg', name)
      for (const key in attributes) made.setAttribute(key, attributes[key])
      return made
    }
    const draw = () => {
      const frame = Number(chooser.value)
      element('frame-said').textContent = frame + 1 + ' · ' + data.frames[frame]
      pictures.forEach(picture => picture.classList.toggle('chosen', Number(picture.dataset.frame) === frame))
      data.stages.forEach(({ window, mean }, index) => {
        const sheet = element('stage-' + index)
        const first = frame - (frame % window)
        const row = mean[frame]
        const most = Math.max(...row, 1e-9)
        const count = row.length
        const shapes = []
        for (let at = first; at < Math.min(count, first + window); at += 1) {
          shapes.push(svg('rect', { x: at * 10, y: 2, width: 9, height: 20, fill: '#12406e', 'fill-opacity': row[at] / most }))
        }
        for (let at = 0; at < count; at += window) {
          const width = Math.min(window, count - at) * 10 - 1
          const stroke = at === first ? '#d9480f' : '#c3ccd4'
          shapes.push(svg('rect', { x: at * 10, y: 1, width, height: 22, fill: 'none', stroke, 'vector-effect': 'non-scaling-stroke' }))
        }
        sheet.replaceChildren(...shapes)
      })
    }
    chooser.addEventListener('input', draw)
    draw()
  }
}
`
