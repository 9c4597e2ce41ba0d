/**
 * A small WordPiece vocabulary of our own: every printable ASCII character, alone and as a continuation, so that any
 * text tokenises, and words that descriptions of videos and the drawn stories are made of.
 */
const words = `
a about above across after again against air all along also always an and animal another apple are area arm around as at away
baby back bag bake baker ball banana bar baseball basket basketball bath bathroom be beach bear beard beat because bed bedroom before begin
behind being below bench bend beside between bicycle big bike bird black blue board boat body boil book boot bottle bottom bowl box boy bread
break bridge bright bring broken brown brush bucket build building bus but butter button buy by cake call camera can candle cap car card carry
cat catch chair change chase chicken child children chocolate choose chop church circle city clap clay clean clear climb clip close cloth clothes
cloud coach coat coffee cold color come comes compete cook corner could couch couple cover cow cream credit cross crowd cry cup curtain cut cuts
dance dark day deck demonstrate describe desk different dinner dirt dish dive do does dog doing done door dough down draw dress drink drive drop
drum dry during each ear earth eat edge egg eight elderly empty end enjoy enter even ever every examine exercise explain eye face fall family far
farm fast feed feet female fence few field fight fill film final finally find finger finish fire first fish five fix flag flat flip floor flour
flower fly fold follow food foot football for forest fork forward four frame fridge friend friends from front fruit fry full fun game garden get girl
give glass glove go goal goes gold golf good grab grass gray green grill ground group guitar gun gym had hair hall hammer hand handle hands hang
happy hard has hat have he head hear heat help her here hide high hill him his hit hold hole home hook horse hose hot house how huge hug hum
ice in indoor ingredient inside instructor instrument interview into introduce iron is it item its jacket join juggle juice jump just keep key kick
kid kids kitchen kite knife knit know lady lake lamp land large last late laugh lawn lay lead leaf lean learn leave left leg lemon let letter
lift light like line lip liquid listen little living log logo long look low lower machine make makeup male man many march mark mask mat match
measure meat meet men metal microphone middle milk mirror mix model moment moon more morning mother motor mountain mouth move movie mow much mud
music nail name near neck need net new news next night no nose not note now number object ocean of off office oil old on once one onion only
onto open opens or orange order other out outdoor outside oven over own paddle page paint pair pan pants paper park part party pass past pasta
path pause pay peel pen pencil people pepper perform person phone photo piano pick picture piece pile pink pipe pizza place plant plastic plate
play player pole pool pot potato pour practice prepare present press pretend program pull pump punch push put race rag rain raise ramp reach read
ready rear red remove repeat rest return ride right ring river road rock roll roof room rope rose round row rub run salad salt same sand sandwich
save saw say scene school score screen sea season seat second see seen serve set several sew shake shape shave she sheet ship shirt shoe shoot
shop short shot shoulder shovel show shower shows side sign simple sing sink sit site six skate skateboard skin skirt sky sled sleep slice slide
slow small smile smoke smooth snow so soap soccer soft some someone something song soup speak spin spoon sport spray spread stage stairs stand
start step stick still stir stomach stone stop store story stove strap street stretch strike string student studio style sugar suit sun surf
sweep swim swing table take talk tall tape target tattoo teach team teeth tell tennis tent text than that the their them then there they thin
thing this three through throw tie time tire title to toe together tomato tool top toss touch towel toward town toy track train tree trick tube
turn two under until up use van vegetable vehicle video view violin volleyball wait walk wall want wash watch water wave way we wear weight well
were wet what wheel when where which while white who whole wide wide will win wind window wine wipe wire with woman women wood word work world
worker would wrap write yard year yellow yoga you young zoom
apart appear appears arrow arrows background bigger blink blinks bounce bounces changes chases checkered circles colors crosses desert diamond
diamonds direction disappear disappears dots downwards fade fades falls figure figures floats gets glide glides grow grows hangs happen happens
heart hearts hexagon hexagons hidden hills inwards jumps larger later leaps leaves lies moons mountains moves nearer octagon octagons outwards
pans partly passes pentagon pentagons places purple quickly rings rise rises rotate rotates runs shapes shrink shrinks sinks slowly smaller
spiral spirals square squares stands star stars striped stripes sunset surrounds swings thread towards travels triangle triangles turns upwards
video videos zigzag zigzags zooms
`

/** Endings and word parts, written as WordPiece continuations. */
const continuations =
  'able age al ally an ant ar ary as at ation ative ck ed en ent er ers es est et ful ght hood ible ic ies ily in ing ings ion ions is ish ism ist ity ive ize less ling ly man ment ments ness nt on or ous out over ow s ship st th tion tions ty ual up ure us ward ways wise work y'

const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

/** WordPiece vocabulary in id order; [PAD] is 0, as padding is all zeros. */
export function starterVocabulary(): string[] {
  // The uncased tokenizer never produces capitals.
  const characters = Array.from({ length: 0x7e - 0x21 + 1 }, (_, index) => String.fromCharCode(0x21 + index)).filter(
    character => character === character.toLowerCase(),
  )
  const pieces = [
    ...specials,
    ...characters,
    ...characters.map(character => `##${character}`),
    ...words.trim().split(/\s+/),
    ...continuations.split(' ').map(part => `##${part}`),
  ]
  return [...new Set(pieces)]
}
