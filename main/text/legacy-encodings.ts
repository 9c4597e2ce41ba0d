import chardet from 'chardet'
import { decodeBytes } from './decode-bytes.ts'
import { frequentCharacters } from './frequent-characters.ts'
import { foreignShare, weighLatin } from './latin-letters.ts'

/** Encodings from before Unicode, by their WHATWG names; where readings are equally plausible the earlier is taken. */
const latin = [
  'windows-1252',
  'windows-1250',
  'windows-1254',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-15',
  'macintosh',
] as const
const scripts = {
  'windows-1251': {
    letter: /\p{Script=Cyrillic}/u,
    frequent: frequentCharacters.cyrillic,
    languages: 'ru uk be bg mk sr rus ukr bel bul srp',
  },
  'windows-1253': { letter: /\p{Script=Greek}/u, frequent: frequentCharacters.greek, languages: 'el ell gre' },
  'windows-1255': {
    letter: /[\p{Script=Hebrew}]/u,
    frequent: frequentCharacters.hebrew,
    languages: 'he iw yi heb yid',
  },
  'windows-1256': {
    letter: /[\p{Script=Arabic}]/u,
    frequent: frequentCharacters.arabic,
    languages: 'ar fa ur ara arb fas per urd',
  },
  'koi8-r': { letter: /\p{Script=Cyrillic}/u, frequent: frequentCharacters.cyrillic, languages: 'ru rus' },
  ibm866: { letter: /\p{Script=Cyrillic}/u, frequent: frequentCharacters.cyrillic, languages: 'ru rus' },
  'iso-8859-5': { letter: /\p{Script=Cyrillic}/u, frequent: frequentCharacters.cyrillic, languages: 'ru rus' },
  'iso-8859-6': { letter: /[\p{Script=Arabic}]/u, frequent: frequentCharacters.arabic, languages: 'ar ara' },
  'windows-874': { letter: /\p{Script=Thai}/u, frequent: frequentCharacters.thai, languages: 'th tha' },
} as const
const eastAsian = {
  gb18030: { common: [0xb0, 0xd7], languages: 'zh zho chi cmn', frequent: frequentCharacters.simplified, kana: -0.5 },
  shift_jis: { common: [0x88, 0x97], languages: 'ja jpn', frequent: frequentCharacters.japanese, kana: 1.2 },
  big5: { common: [0xa4, 0xc6], languages: 'zh zho chi yue nan', frequent: frequentCharacters.traditional, kana: -0.5 },
  'euc-kr': { common: [0xb0, 0xc8], languages: 'ko kor', frequent: frequentCharacters.korean, kana: -0.5 },
  'euc-jp': { common: [0xb0, 0xcf], languages: 'ja jpn', frequent: frequentCharacters.japanese, kana: 1.2 },
} as const
const latinLanguages = {
  'windows-1252': 'en fr de es it pt nl sv no nb nn da fi is eng fra fre deu ger spa ita por nld dut swe nor dan fin',
  'windows-1250': 'pl cs sk hu sl hr ro bs sq pol ces cze slk slo hun slv hrv ron rum',
  'windows-1254': 'tr az tur aze',
  'windows-1257': 'lt lv et lit lav est',
  'windows-1258': 'vi vie',
  'iso-8859-2': '',
  'iso-8859-15': '',
  macintosh: '',
} as const
/** What the statistics of chardet call the encodings that differ from ours in little. */
const statisticalNames: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'windows-1250',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-9': 'windows-1254',
  'KOI8-R': 'koi8-r',
}
/** What has the letters of another, of which the statistics speak, for the most part at the same places. */
const sameLetters: Readonly<Record<string, string>> = { 'iso-8859-2': 'windows-1250', 'iso-8859-15': 'windows-1252' }
/** How much the statistics of letter sequences count, whose confidence is 0–1, beside plausibility per byte. */
const statisticsWeight = 0.5
/** How much it counts, beside the same, which share of a text's letters no one language of an encoding has. */
const alphabetWeight = 1
/** How much it counts that the name of the file says a language that is written so. */
const languageWeight = 2
/** Windows-1252 is by far the most common: others have to read better by this much per byte. */
const mostCommon = 0.1
/** What was written on other systems than Windows is rarer: it has to read better by this much per byte. */
const rarer: ReadonlyMap<string, number> = new Map([
  ['iso-8859-2', 0.05],
  ['iso-8859-15', 0.05],
  ['macintosh', 0.15],
])
/** Where so many letters of ASCII stand beside one other byte, a text is hardly of another script. */
const latinLetters = 4
const foreignScript = 0.5
/** Bytes looked at: more do not change the verdict. */
const sampleBytes = 32 * 1024

/**
 * The encoding, by its WHATWG name, in which bytes that are not UTF-8 read most plausibly: each is tried, and the
 * characters that come out are weighed by how frequent and how well placed they are.
 * @param language a code such as `ja`, when the file's name says one.
 */
export function likelyEncoding(bytes: Uint8Array, language?: string): string {
  const sample = tellingLines(bytes)
  const high = sample.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0)
  const statistics = new Map<string, number>()
  for (const { name, confidence } of chardet.analyse(sample)) {
    const ours = statisticalNames[name] ?? name.toLowerCase()
    statistics.set(ours, Math.max(confidence / 100, statistics.get(ours) ?? 0))
  }
  const letters = sample.reduce((count, byte) => count + (isAsciiLetter(String.fromCharCode(byte)) ? 1 : 0), 0)
  const primary = language?.toLowerCase().split(/[-_]/)[0]
  const scored = candidates().map(({ encoding, languages, weigh }) => {
    const text = [...decodeBytes(encoding, sample)]
    const spoken = primary !== undefined && languages.split(' ').includes(primary) ? languageWeight : 0
    const foreign = encoding in scripts && letters > latinLetters * high ? foreignScript : 0
    const prior = spoken + (encoding === 'windows-1252' ? mostCommon : 0) - (rarer.get(encoding) ?? 0) - foreign
    const told =
      statisticsWeight * (statistics.get(sameLetters[encoding] ?? encoding) ?? 0) -
      alphabetWeight * foreignShare(encoding, text)
    return { encoding, score: weigh(text) / high + told + prior }
  })
  return scored.reduce((best, each) => (each.score > best.score + 1e-9 ? each : best)).encoding
}

interface Candidate {
  readonly encoding: string
  readonly languages: string
  readonly weigh: (text: readonly string[]) => number
}

let known: Candidate[] | undefined

function candidates(): readonly Candidate[] {
  known ??= [
    ...latin.map(encoding => ({
      encoding,
      languages: latinLanguages[encoding],
      weigh: (text: readonly string[]) => sum(text, weighLatin),
    })),
    ...Object.entries(scripts).map(([encoding, script]) => ({
      encoding,
      languages: script.languages,
      weigh: (text: readonly string[]) => weighScript(text, script),
    })),
    ...Object.entries(eastAsian).map(([encoding, { common, languages, frequent, kana }]) => {
      const words = { frequent: new Set(frequent), common: rows(encoding, common[0], common[1]), kana }
      return { encoding, languages, weigh: (text: readonly string[]) => weighEastAsian(text, words) }
    }),
  ]
  return known
}

const isAsciiLetter = (character: string | undefined): boolean => character !== undefined && /[a-z]/i.test(character)

/** Words are of one script; small letters are not followed by capitals. */
function weighScript(
  text: readonly string[],
  { letter, frequent }: { readonly letter: RegExp; readonly frequent: string },
): number {
  return sum(text, (character, before, after) => {
    if (/[‘’“”–—…«»„№\u00a0]/u.test(character)) return 0.4
    if (!letter.test(character)) return -1.5
    if (isAsciiLetter(before) || isAsciiLetter(after)) return -1.5
    if (/\p{Lu}/u.test(character) && before !== undefined && /\p{Ll}/u.test(before)) return -1.5
    return frequent.includes(character.toLowerCase()) ? 0.9 : 0.4
  })
}

interface EastAsianWords {
  readonly frequent: ReadonlySet<string>
  readonly common: ReadonlySet<string>
  readonly kana: number
}

/** Each counts for the two bytes it was read from. */
function weighEastAsian(text: readonly string[], { frequent, common, kana }: EastAsianWords): number {
  return sum(text, character => {
    if (/[\uff61-\uff9f]/u.test(character)) return -0.8
    if (/[\p{Co}\ufffd]|[\u0080-\u009f]/u.test(character)) return -4
    if (/[\u3041-\u30ff]/u.test(character)) return 2 * kana
    if (/[\u3000-\u303f\uff01-\uff60‘’“”—…·]/u.test(character)) return 1.2
    if (frequent.has(character)) return 3
    return common.has(character) ? 0.6 : -1.6
  })
}

function sum(
  text: readonly string[],
  weigh: (character: string, before: string | undefined, after: string | undefined) => number,
): number {
  let total = 0
  for (const [place, character] of text.entries()) {
    if (character < '\u0080') continue
    total += character === '\ufffd' ? -4 : weigh(character, text[place - 1], text[place + 1])
  }
  return total
}

/** The characters of some rows of an encoding of two bytes: the lower rows hold those in common use. */
function rows(encoding: string, from: number, to: number): ReadonlySet<string> {
  // The rows of Shift_JIS and Big5 are wider than the square of 94 × 94; beyond it the others have rare additions.
  const first = encoding === 'shift_jis' || encoding === 'big5' ? 0x40 : 0xa1
  const bytes: number[] = []
  for (let lead = from; lead <= to; lead += 1) {
    for (let trail = first; trail < 0xff; trail += 1) bytes.push(lead, trail, 0x0a)
  }
  const lines = new TextDecoder(encoding).decode(Uint8Array.from(bytes)).split('\n')
  return new Set(lines.filter(line => line.length === 1 && line >= '\u3400'))
}

/** The first lines that are not plain ASCII, together no longer than the sample. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = []
  let length = 0
  for (let start = 0; start < bytes.length && length < sampleBytes;) {
    const newline = bytes.indexOf(0x0a, start)
    const end = Math.min(newline < 0 ? bytes.length : newline + 1, start + sampleBytes)
    const line = bytes.subarray(start, end)
    if (line.some(byte => byte >= 0x80)) {
      lines.push(line)
      length += line.length
    }
    start = end
  }
  return Buffer.concat(lines)
}
