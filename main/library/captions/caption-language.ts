/** ISO 639-1. */
const twoLetters = `
  aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
  eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
  jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
  nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so
  sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`

/**
 * ISO 639-2, and of ISO 639-3 the languages that subtitles are named for. `bak`, `new`, `bin`, `map`, `min`, `run`,
 * `del`, `man` and `sel` are left out: before an extension they are far more often words of people who keep files than
 * languages.
 */
const threeLetters = `
  aar abk ace ach ada ady aeb afh afr ain aka akk alb ale alt amh ang anp apc ara arb arc arg arm arn arp arq arw
  ary arz asm ast ava ave awa aym aze azj bal bam ban baq bar bas bej bel bem ben bgc bho bik bis bjn bla bod bos
  bra bre brx bua bug bul bur byn cad car cat ceb ces cha chb che chg chi chk chm chn cho chp chr chu chv chy ckb
  cmn cnr cop cor cos cre crh csb cym cze dak dan dar den deu dgr din div doi dsb dua dum dut dyu dzo efi egy eka
  ekk ell elx eng enm epo est eus ewe ewo fan fao fas fat fij fil fin fon fra fre frm fro frr frs fry ful fur gaa
  gan gay gba geo ger gez gil gla gle glg glv gmh goh gom gon gor got grb grc gre grn gsw guj gwi hai hak hat hau
  haw hbs heb her hif hil hin hit hmn hmo hrv hsb hsn hun hup hye iba ibo ice ido iii iku ile ilo ina ind inh ipk
  isl ita jav jbo jpn jpr jrb kaa kab kac kal kam kan kas kat kau kaw kaz kbd kha khk khm kho kik kin kir kmb kmr
  kok kom kon kor kos kpe krc krl kru kua kum kur kut lad lah lam lao lat lav lez lij lim lin lit lmo lol loz ltz
  lua lub lug lui lun luo lus lvs lzh mac mad mag mah mai mak mal mao mar mas may mdf mdr men mfe mga mhr mic mkd
  mlg mlt mnc mni moh mon mos mri msa mul mus mwl mwr mya myv nan nap nau nav nbl nde ndo nds nep nia niu nld nno
  nob nog non nor npi nqo nso nwc nya nym nyn nyo nzi oci oji ori orm ory osa oss ota pag pal pam pan pap pau pcm
  peo per pes phn pli pms pnb pol pon por pro prs pus que quz raj rap rar roh rom ron rue rum rup rus sad sag sah
  sam san sas sat scn sco sga shn sid sin slk slo slv sma sme smj smn smo sms sna snd snk sog som sot spa sqi srd
  srn srp srr ssw suk sun sus sux swa swe swh syc syr szl tah tam tat tcy tel tem ter tet tgk tgl tha tib tig tir
  tiv tkl tlh tli tmh tog ton tpi tsi tsn tso tuk tum tur tvl twi tyv udm uga uig ukr umb und urd uzb uzn vai vec
  ven vie vol vot wal war was wel wln wol wuu xal xho yao yap yid yor yue zap zbl zen zgh zha zho zsm zul zun zza`

const languages: ReadonlySet<string> = new Set(`${twoLetters} ${threeLetters}`.split(/\s+/).filter(code => code !== ''))

/** Further parts after a language: `-BR`, `_CN`, `-Hans`, `-419`, `-orig` of yt-dlp, identities of YouTube's tracks. */
const languageTag = /^([a-z]{2,3})(?:[-_][a-z\d][a-z\d_-]{0,30})?$/i
/** What players and download programs say of subtitles after their language. */
const kind = /\.(?:sdh|cc|hi|forced|default|auto)$/i

/**
 * The language at the end of a name without its extension, as `pt-BR` of `clip.pt-BR` and `en` of `clip.en.sdh`, and
 * the name before it; null when it ends with none.
 */
export function languageOf(stem: string): { readonly before: string; readonly language: string } | null {
  for (const name of [stem, stem.replace(kind, '')]) {
    const dot = name.lastIndexOf('.')
    const tag = name.slice(dot + 1)
    const language = languageTag.exec(tag)?.[1]?.toLowerCase()
    if (dot > 0 && language !== undefined && languages.has(language)) {
      return { before: name.slice(0, dot), language: tag }
    }
  }
  return null
}
