import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rooms } from '../../../build/rooms.ts'
import { slowTests } from '../../slow.ts'

const root = resolve(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => ending.test(name))
const code = ['main', 'native-models', 'renderer', 'build', 'tests'].flatMap(folder =>
  filesIn(folder, /\.(?:ts|vue|mjs|py)$/),
)
const pages = ['README.md', 'CONTRIBUTING.md', 'BENCHMARKS.md', ...filesIn('docs', /\.md$/)]

/** Files and folders of the repository that a page names in code, and what its links lead to. */
function named(page: string): string[] {
  const text = read(page)
  const prose = text.replace(/```[^]*?```/g, '')
  const inCode = [...prose.matchAll(/`((?:main|native-models|renderer|tests|build|docs)\/[\w./-]+)`/g)]
  const links = [...prose.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)]
  return [
    ...inCode.map(([, path = '']) => path),
    ...links.map(([, path = '']) => relative(root, resolve(root, dirname(page), path))),
  ]
}

it.each(pages)('%s names only files that exist', page => {
  expect(named(page).filter(path => !existsSync(join(root, path)))).toEqual([])
})

it('README is a page and not a manual, with a picture', () => {
  expect(read('README.md').split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(900)
  expect(statSync(join(root, 'docs/alignment.png')).size).toBeLessThan(300_000)
})

it('every page of docs/ can be found from README', () => {
  const linked = new Set(named('README.md'))
  expect(filesIn('docs', /\.md$/).filter(page => !linked.has(page))).toEqual([])
})

it('the tests that docs/security.md trusts in are there', () => {
  const trusted = [...read('docs/security.md').matchAll(/`(tests\/[\w./-]+)`: ([^|]+?)(?=, `tests| \|)/g)]
  const absent = trusted.filter(([, file = '', title = '']) => !read(file).includes(`'${title}'`))
  expect(trusted.length).toBeGreaterThan(20)
  expect(absent.map(([, file, title]) => `${file}: ${title}`)).toEqual([])
})

describe('the specification', () => {
  /** Text of each section by its number; a section has those within it. */
  const reference = read('docs/reference.md')
  const section = (number: string): string | undefined => {
    const heading = new RegExp(`^(#+) §${number.replace('.', '\\.')} .*$`, 'm').exec(reference)
    if (!heading) return undefined
    const rest = reference.slice(heading.index + heading[0].length)
    const next = new RegExp(`^#{1,${heading[1]?.length ?? 2}} `, 'm').exec(rest)
    return heading[0] + rest.slice(0, next?.index)
  }
  const citations = code.flatMap(file =>
    [...read(file).matchAll(/REFERENCE §(\d+(?:\.\d+)?)(?:, (?:"([^"]+)"|(ct_\w+)))?/g)].map(
      ([, number = '', title, name]) => ({ file, number, within: title ?? name ?? '' }),
    ),
  )

  it('is cited, and every citation leads to a heading of it', () => {
    expect(citations.length).toBeGreaterThan(30)
    expect(citations.filter(({ number, within }) => !section(number)?.includes(within))).toEqual([])
  })
})

it('every test that is listed as slow exists', () => {
  expect(slowTests.filter(file => !existsSync(join(root, file)))).toEqual([])
})

it('every environment variable that the program reads has its line', () => {
  const page = read('docs/environment.md')
  const ofTheSystem = /^(?:PATH|LOCALAPPDATA|PROGRAMFILES|TMPDIR|npm_execpath|ELECTRON_RENDERER_URL|STAND_IN_.*)$/
  const variables = code.flatMap(file =>
    [...read(file).matchAll(/process\.env(?:\.(\w+)|\['(\w+)'\])|'(LFVILA_[A-Z_]+)'/g)].map(
      ([, dotted, quoted, constant]) => dotted ?? quoted ?? constant ?? '',
    ),
  )
  const missing = [...new Set(variables)].filter(
    name => !ofTheSystem.test(name) && !page.toLowerCase().includes(`\`${name.toLowerCase()}\``),
  )
  expect(missing).toEqual([])
})

describe('the map of the code', () => {
  const order = rooms.find(({ path }) => path === 'main')?.order ?? []
  const top = rooms.find(({ path }) => path === '')?.order ?? []
  /** How high a file lies: later rooms import from earlier ones. */
  const height = (file: string): number => {
    const [room = '', folder = ''] = file.split('/')
    return top.indexOf(room) * 100 + (room === 'main' ? order.indexOf(folder) : 0)
  }
  const walks = read('docs/architecture.md')
    .split(/^### /m)
    .slice(1)
    .map(part => ({
      name: part.split('\n')[0] ?? '',
      steps: [...part.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)].map(([, step = '', file = '']) => ({ step, file })),
    }))

  it('has three walks', () => {
    expect(walks.map(({ name }) => name)).toEqual([
      'A folder to a vector row',
      'A paragraph to a ranked result',
      'A labelled folder to a training step',
    ])
  })

  it.each(walks)('$name: every step is a function of its file', ({ steps }) => {
    expect(steps.length).toBeGreaterThan(8)
    const absent = steps.filter(
      ({ step, file }) =>
        !new RegExp(`^(?:export )?(?:async )?function\\*? ${step}\\b|^ {2}(?:async )?\\*?${step}\\(`, 'm').test(
          read(file),
        ),
    )
    expect(absent).toEqual([])
  })

  it.each(walks)('$name: no step lies above the room that it starts in', ({ steps }) => {
    const start = height(steps[0]?.file ?? '')
    expect(steps.filter(({ file }) => height(file) > start)).toEqual([])
  })

  it('draws the rooms that there are, in their order', () => {
    const drawn = [...read('docs/rooms.svg').matchAll(/class="name">([^<]+)</g)].flatMap(([, names = '']) =>
      names.split(', '),
    )
    const expected = ['renderer', 'main', 'native-models'].flatMap(room =>
      (rooms.find(({ path }) => path === room)?.order ?? []).filter(name => name !== '.').toReversed(),
    )
    expect(drawn).toEqual(expected)
  })
})
