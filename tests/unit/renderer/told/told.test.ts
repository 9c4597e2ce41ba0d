import { expect, it } from 'vitest'
import { modelKinds, mapSubjects, rowTasks, runStates, splits } from '../../../../main/api/common/rules.ts'
import { describeProblem } from '../../../../renderer/client/problem.ts'
import { i18n } from '../../../../renderer/locale/i18n.ts'
import { toldZh } from '../../../../renderer/locale/told/chinese.ts'
import { translator } from '../../../../renderer/locale/told/recognise.ts'
import { told } from '../../../../renderer/locale/told/told.ts'
import { namesZh } from '../../../../renderer/locale/told/zh/names.ts'
import { programTexts, textsOf } from './program-texts.ts'
import type { ProgramText } from './program-texts.ts'

const texts = programTexts()
const names = new Set<string>([...modelKinds, ...rowTasks, ...splits, ...runStates, ...mapSubjects])
const inChinese = translator(toldZh)

/** The places of the values that a translation shows. */
function shownPlaces(words: string): number[] {
  let next = 0
  return [...words.matchAll(/\{(\d*)\}/g)].map(([, place]) => (place ? Number(place) : next++))
}

/** The texts without Chinese; a part needs it where the Chinese of the whole shows it. */
function without({ text, where, parts }: ProgramText): string[] {
  const words = toldZh[text]
  return words === undefined
    ? [`${where}: ${JSON.stringify(text)}`]
    : parts.flatMap((part, place) => (shownPlaces(words).includes(place) ? part.flatMap(without) : []))
}

const all = ({ text, parts }: ProgramText): string[] => [text, ...parts.flat().flatMap(all)]
const filled = (text: string, values: readonly string[]): string => {
  let next = 0
  return text.replaceAll(/\{(\d*)\}/g, (_, place: string) => values[place ? Number(place) : next++] ?? '')
}

it('has the Chinese of every sentence that the workbench can say', () => {
  expect([...new Set(texts.flatMap(without))]).toEqual([])
})

it.each([
  'videos',
  'my videos',
  'three clips',
  'old video',
  '12 sentences',
  '3 models',
  'the films',
  'two videos and captions',
])('leaves a folder called “%s” as it is called', name => {
  for (const folder of [`/home/me/${name}`, `C:\\Users\\me\\${name}`]) {
    expect(inChinese(`Scan ${folder}`)).toBe(`扫描 ${folder}`)
    expect(inChinese(`Index ${folder}`)).toBe(`索引 ${folder}`)
  }
})

it('has the Chinese of every name of the contract', () => {
  expect(Object.keys(namesZh).toSorted()).toEqual([...names].toSorted())
})

it('tells every sentence from every other, and shows the values that it has', () => {
  for (const [text, words] of Object.entries(toldZh)) {
    const count = text.split('{}').length - 1
    expect(
      shownPlaces(words).filter(place => place >= count),
      text,
    ).toEqual([])
    const values = Array.from({ length: count }, (_, index) => `7${index}`)
    const [said, expected] = [inChinese(filled(text, values)), filled(words, values)]
    expect(said?.replaceAll(' ', ''), text).toBe(expected.replaceAll(' ', ''))
  }
})

it('tells a sentence with the values that it came with, its parts and the sentences behind it', () => {
  const chinese = translator({
    '{} is incomplete: {}; copy it again.': '{} 不完整：{}；请重新复制。',
    'it ends after {} of {} bytes': '共 {1} 字节，在 {0} 字节处结束',
    'The run ‘{}’ is at work.': '训练“{}”正在进行。',
    'the run': '训练',
  })
  expect(chinese('/data/my it.bin is incomplete: it ends after 3 of 1,024 bytes; copy it again.')).toBe(
    '/data/my it.bin 不完整：共 1,024 字节，在 3 字节处结束；请重新复制。',
  )
  expect(chinese('The run ‘the run’ is at work. The run ‘b’ is at work.')).toBe(
    '训练“the run”正在进行。训练“b”正在进行。',
  )
  expect(chinese('The run ‘Mr. B’ is at work.')).toBe('训练“Mr. B”正在进行。')
  expect(chinese('Nobody knows this. Row 3 is incomplete: x; copy it again.')).toBe(
    'Nobody knows this. Row 3 不完整：x；请重新复制。',
  )
  expect(chinese('row 3: The run ‘b’ is at work.')).toBe('row 3：训练“b”正在进行。')
  expect(chinese('Nobody knows this.')).toBeNull()
})

it.each([
  [
    '/my data/config.json is not JSON; it may be half downloaded: download it again.',
    '/my data/config.json 不是 JSON；可能只下载了一半：请重新下载。',
  ],
  [
    'Computing on the CPU. WebGPU (Vulkan): it cannot run a matrix product itself. Cuda: the driver gave no answer within 30 s.',
    '正在用 CPU 计算。WebGPU (Vulkan)：它自己不能计算矩阵乘积。Cuda：驱动在 30 秒内没有应答。',
  ],
  [
    'It is evaluated otherwise than it was trained: frames 32 in training, 16 here; size 96 × 96 in training, 96 × 160 here.',
    '评测方式与训练时不同：帧数：训练时 32，此处 16；大小：训练时 96 × 96，此处 96 × 160。',
  ],
  [
    'In the run ‘mine’: each example was compared with 3 others of its micro-batch, in batches of 8; 2.5 of them were real negatives on average, 1 at least; left out of every epoch, since they filled no batch: 3.',
    '在训练“mine”中：每个样本与微批（批大小 8）中的其他 3 个比较；其中平均 2.5 个、最少 1 个是真正的负例；每个轮次都略去了不足一批的样本：3。',
  ],
  ['Download LF-VILA, released weights', '下载 LF-VILA 发布的权重'],
])('says in Chinese: %s', (text, chinese) => {
  expect(inChinese(text)).toBe(chinese)
})

it('finds what is said in errors, in what is marked, and in the parts of both', () => {
  const found = textsOf(
    'a.ts',
    'throw new ExpectedError("a", late ? `${x} is ${y ? "too late" : `${z} days late`}.` : "It is " + n + " o’clock.");' +
      'const other = english`marked ${one}`; const plain = "not marked"',
  )
  expect(found.flatMap(all)).toEqual(['{} is {}.', 'too late', '{} days late', 'It is {} o’clock.', 'marked {}'])
})

it('speaks the language that the window has now', () => {
  const problem = describeProblem(Object.assign(new Error('There is no run ‘a’.'), { code: 'EXPECTED' }))
  const [english, chinese] = ['There is no run ‘a’.', '没有训练“a”。']
  expect(told(english)).toBe(english)
  i18n.global.locale.value = 'zh'
  expect([told(english), problem.sentence]).toEqual([chinese, chinese])
  i18n.global.locale.value = 'en'
  expect([told(english), problem.sentence]).toEqual([english, english])
})
