import { createHash } from 'node:crypto'
import { clock, escaped, inScript, score } from './html.ts'
import { pageScript } from './page-script.ts'
import { pageStyle, shades } from './page-style.ts'
import type { Film, ReportContent } from './report-content.ts'
import { spansOf } from './report-spans.ts'
import { reportWords } from './words.ts'
import type { ReportWords } from './words.ts'

interface Page {
  readonly content: ReportContent
  readonly words: ReportWords
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Only its own script and style count, and nothing is asked of any network. */
const policy = [
  "default-src 'none'",
  'img-src data:',
  'media-src blob:',
  `style-src ${hashOf(pageStyle)}`,
  `script-src ${hashOf(pageScript)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** A report as one HTML file; `film` null where its size is not known yet. */
export function reportPage(content: ReportContent, film: Film | null): string {
  const page: Page = { content, words: reportWords[content.language] }
  const { alignment, attention, title } = content
  const data = {
    type: film?.format === 'webm' ? 'video/webm' : 'video/mp4',
    clips: alignment.clips.map(({ start, end }) => [start, end]),
    sentences: alignment.sentences.map(({ text }) => text),
    frames: attention?.frames.map(({ time }) => clock(time)) ?? [],
    stages:
      attention?.stages.map(({ window, mean }) => ({
        window,
        mean: mean.map(row => row.map(weight => Number(weight.toFixed(4)))),
      })) ?? [],
  }
  return [
    '<!doctype html>',
    `<html lang="${content.language === 'zh' ? 'zh-Hans' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="generator" content="LF-VILA Workbench ${escaped(content.provenance.version)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    header(page),
    `<div class="columns"><div class="side">${filmPart(page)}</div><div>${matrixPart(page)}${windowsPart(page)}</div></div>`,
    resultsPart(page),
    attentionPart(page),
    provenancePart(page),
    `<script type="application/json" id="data">${inScript(data)}</script>`,
    film ? `<script type="text/plain" id="film">${film.bytes.toString('base64')}</script>` : '',
    `<script>${pageScript}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function header({ content: { title, videoName, alignment, warnings }, words }: Page): string {
  const told = warnings.map(warning => `<li>${escaped(warning)}</li>`).join('')
  return [
    `<header><h1>${escaped(title)}</h1>`,
    `<p class="muted">${escaped(videoName)} · ${clock(alignment.duration)} · ${escaped(alignment.model)}</p>`,
    told ? `<details><summary class="small">${words.warnings}</summary><ul class="small">${told}</ul></details>` : '',
    '</header>',
  ].join('')
}

function filmPart({ content: { alignment }, words }: Page): string {
  const sentences = alignment.sentences.map(({ text }) => `<li>${escaped(text)}</li>`).join('')
  return [
    `<section><h2>${words.film}</h2><p class="muted small">${words.filmHint}</p>`,
    '<video id="player" controls muted playsinline preload="auto"></video>',
    `<output id="said" class="small"><noscript>${words.noScript}</noscript></output></section>`,
    `<section><h2>${words.paragraph}</h2><ol class="sentences">${sentences}</ol></section>`,
  ].join('')
}

function matrixPart({ content: { alignment, clipPictures }, words }: Page): string {
  const { clips, sentences, similarity, path } = alignment
  const all = similarity.flat()
  const low = all.reduce((least, value) => Math.min(least, value), Infinity)
  const span = all.reduce((most, value) => Math.max(most, value), -Infinity) - low || 1
  const head = sentences
    .map(({ text }, index) => `<th scope="col" title="${escaped(text)}">${index + 1}<span>${escaped(text)}</span></th>`)
    .join('')
  const rows = clips.map(({ start, end }, clip) => {
    const cells = sentences.map((_, sentence) => {
      const value = similarity[clip]?.[sentence] ?? 0
      const shade = Math.round((shades * (value - low)) / span)
      const title = `${words.clip} ${clip + 1}, ${clock(start)}–${clock(end)} · ${words.sentence} ${sentence + 1}: ${score(value)}`
      const place = `data-clip="${clip}" data-sentence="${sentence}"`
      return `<td${path[clip] === sentence ? ' class="path"' : ''}><button type="button" class="s${shade}" ${place} title="${title}">${score(value)}</button></td>`
    })
    return `<tr><th scope="row">${clock(start)}${picture(clipPictures[clip])}</th>${cells.join('')}</tr>`
  })
  return [
    `<section id="matrix"><h2>${words.matrix} <span class="muted small">${clips.length} × ${sentences.length}</span></h2>`,
    `<p class="muted small">${words.matrixHint}</p>`,
    `<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">${words.time}</th>${head}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div></section>`,
  ].join('')
}

const picture = (address: string | null | undefined, extra = '') =>
  address ? `<img src="${escaped(address)}" alt=""${extra}>` : ''

function windowsPart({ content: { alignment }, words }: Page): string {
  const { sentences, duration } = alignment
  const swatch = (shape: string) => `<svg viewBox="0 0 26 12" aria-hidden="true">${shape}</svg>`
  const rows = spansOf(alignment).map(({ found, onPath, caption }, index) => {
    const bar = ([start, end]: readonly [number, number], shape: string) =>
      `<rect x="${(1000 * start) / duration}" width="${Math.max(2, (1000 * (end - start)) / duration)}" ${shape}/>`
    const play = ([start, end]: readonly [number, number]) => `data-from="${start}" data-to="${end}"`
    const bars = [
      ...found.map(span => bar(span, `y="5" height="15" class="found" ${play(span)}`)),
      ...onPath.map(span => bar(span, 'y="23" height="5" class="onpath"')),
      ...caption.map(span => bar(span, 'y="2" height="30" class="caption" vector-effect="non-scaling-stroke"')),
    ]
    const label = found.map(([start, end]) => `${clock(start)}–${clock(end)}`).join(', ') || '–'
    const text = `<p class="small">${index + 1} ${escaped(sentences[index]?.text ?? '')} <span class="muted">${label}</span></p>`
    return `<div class="span">${text}<svg viewBox="0 0 1000 34" preserveAspectRatio="none" role="img" aria-label="${label}">${bars.join('')}</svg></div>`
  })
  const timed = sentences.some(({ start }) => start !== null)
  return [
    `<section id="windows"><h2>${words.windows}</h2><p class="muted small">${words.windowsHint}</p><p class="key small">`,
    `<span>${swatch('<rect width="26" height="12" class="found"/>')}${words.found}</span>`,
    `<span>${swatch('<rect y="4" width="26" height="5" class="onpath"/>')}${words.path}</span>`,
    timed ? `<span>${swatch('<rect x="1" y="1" width="24" height="10" class="caption"/>')}${words.truth}</span>` : '',
    `</p>${rows.join('\n')}</section>`,
  ].join('')
}

function resultsPart({ content: { results }, words }: Page): string {
  if (results.length === 0) return ''
  const most = results.reduce((high, result) => Math.max(high, result.score), 1e-6)
  const rows = results.map(
    ({ rank, name, score: cosine, duration, picture: address, own }) =>
      `<li${own ? ' class="own"' : ''}><span class="number">${rank}</span><span>${picture(address)}</span>` +
      `<span><span class="name">${escaped(name)}</span> <span class="muted small">${clock(duration)}${own ? ` · ${words.own}` : ''}</span></span>` +
      `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(100 * Math.max(0, cosine)) / most}" height="10" class="found"/></svg>` +
      `<span class="number">${score(cosine)}</span></li>`,
  )
  return `<section id="results"><h2>${words.results}</h2><p class="muted small">${words.resultsHint}</p><ol class="results">${rows.join('\n')}</ol></section>`
}

function attentionPart({ content: { attention }, words }: Page): string {
  if (!attention) return ''
  const { frames, stages } = attention
  const strip = frames.map((frame, index) => picture(frame.picture, ` data-frame="${index}"`)).join('')
  const rows = stages.map(
    ({ window }, index) =>
      `<span class="small">${words.stage} ${index + 1} <span class="muted">${window} ${words.frames}</span></span>` +
      `<svg id="stage-${index}" viewBox="0 0 ${10 * frames.length} 24" preserveAspectRatio="none"></svg>`,
  )
  return [
    `<section id="attention"><h2>${words.attention}</h2><p class="muted small">${words.attentionHint}</p>`,
    `<div class="attention"><label class="small" for="frame">${words.frame} <output id="frame-said"></output></label>`,
    `<input id="frame" type="range" min="0" max="${frames.length - 1}" value="${Math.floor(frames.length / 2)}">`,
    `<span></span><div class="strip">${strip}</div>${rows.join('')}</div></section>`,
  ].join('')
}

function provenancePart({ content: { provenance, alignment, videoName, at }, words }: Page): string {
  const { version, model, sampling, denseRate, precision, videos } = provenance
  const code = (text: string | null | undefined) => `<code>${escaped(text ?? '–')}</code>`
  const facts: readonly (readonly [string, string])[] = [
    [words.video, `${escaped(videoName)} (${words.content} ${code(videos[0]?.contentId)})`],
    [words.model, `${escaped(model.id)} (${words.hash} ${code(model.hash)})`],
    [words.sampling, `${sampling}, ${denseRate} ${words.rate}, ${escaped(precision)}`],
    [words.pass, `${words.passes[alignment.pass]}, τ = ${alignment.temperature}`],
    [words.software, `LF-VILA Workbench ${escaped(version)}`],
    [words.made, new Date(at).toISOString().slice(0, 10)],
  ]
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')
  return `<section id="provenance"><h2>${words.provenance}</h2><dl>${list}</dl></section>`
}
