/** What captions say, in languages that Windows-1250 is for. */
export const centralEuropean: Readonly<Record<string, readonly string[]>> = {
  romanian: [
    'Un bărbat aleargă pe plajă, iar câinele îl urmează.',
    'Fata taie două roşii şi le pune în farfurie.',
    'După aceea se aşază pe scaun şi citeşte o carte.',
    'Mâine vom pleca spre munţi cu maşina.',
    'Casa de pe deal arată ca o cetăţuie veche.',
    'Nu ştiu ce să fac, dar încă mai pot aştepta puţin.',
  ],
  hungarian: [
    'A férfi gyorsan fut az erdő felé, és nem néz vissza.',
    'A nő egy kést vesz elő, majd felvágja a kenyeret.',
    'Később mindenki leül az asztalhoz, és beszélgetni kezd.',
    'A gyűrű a fiókban van, a régi könyvek mögött.',
    'Esőben is jó a tengerparton sétálni.',
    'Az idős hölgy a tükör előtt ül, és fésüli a haját.',
  ],
  czech: [
    'Muž běží po pláži a pes ho následuje.',
    'Žena krájí zeleninu a dává ji do hrnce.',
    'Příliš žluťoučký kůň stojí na louce.',
    'Děti si hrají v zahradě s červeným míčem.',
    'Potom se všichni smějí a odcházejí domů.',
    'Dívka otevře dveře a vejde do světlé místnosti.',
  ],
  polish: [
    'Mężczyzna biegnie po plaży, a pies go goni.',
    'Kobieta kroi warzywa i wkłada je do garnka.',
    'Później wszyscy siadają przy stole i się śmieją.',
    'Dziewczyna otwiera drzwi i wchodzi do jasnego pokoju.',
    'Łódź płynie powoli przez spokojne jezioro.',
    'Nie wiem, co się stało, ale muszę już iść.',
  ],
  slovak: [
    'Muž beží po pláži a pes ho nasleduje.',
    'Žena krája zeleninu a vkladá ju do hrnca.',
    'Dievča otvorí dvere a vojde do svetlej miestnosti.',
    'Kôň stojí na lúke a vietor mu ľahko dvíha hrivu.',
    'Potom sa všetci smejú a odchádzajú domov.',
    'Deti sa hrajú v záhrade s červenou loptou.',
  ],
  croatian: [
    'Čovjek trči po plaži, a pas ga slijedi.',
    'Žena reže povrće i stavlja ga u lonac.',
    'Djevojčica otvara vrata i ulazi u svijetlu sobu.',
    'Kasnije svi sjede za stolom i smiju se.',
    'Dječak je našao loptu među cvijećem.',
    'Ne znam što će se dogoditi noćas.',
  ],
  slovene: [
    'Moški teče po plaži, pes pa mu sledi.',
    'Ženska reže zelenjavo in jo da v lonec.',
    'Deklica odpre vrata in vstopi v svetlo sobo.',
    'Pozneje vsi sedijo za mizo in se smejijo.',
    'Otroci se igrajo na vrtu z rdečo žogo.',
    'Včeraj je deževalo, danes pa sije sonce.',
  ],
}

/** The same in languages that Windows-1252 is for. */
export const western: Readonly<Record<string, readonly string[]>> = {
  english: [
    'A man at the café orders a crème brûlée for £5.',
    'The pool holds 20 m³ of water at 25 °C, which is 9½ tanks.',
    'Zoë and Renée meet José in São Paulo.',
    'It’s a naïve idea, isn’t it? They walk past the façade.',
  ],
  french: [
    'Un homme court sur la plage, et son chien le suit.',
    'La femme coupe des légumes, puis elle les met dans une poêle.',
    'Après cela, tout le monde s’assied à table et rit.',
    'Où est passée la boîte ? Je l’ai laissée là, près de la fenêtre.',
    'Le garçon a trouvé une bûche dans la forêt.',
    'Dès qu’il fait nuit, les élèves rentrent à l’hôtel.',
  ],
  german: [
    'Ein Mann läuft über den Strand, und sein Hund folgt ihm.',
    'Die Frau schneidet Gemüse und gibt es in einen Topf.',
    'Später sitzen alle am Tisch und hören Musik.',
    'Das Mädchen öffnet die Tür und betritt das große Zimmer.',
    'Der Schüler übt täglich, weil er größer werden möchte.',
  ],
  spanish: [
    'Un hombre corre por la playa y su perro lo sigue.',
    'La mujer corta verduras y después las pone en una olla.',
    '¿Dónde está la niña? No lo sé, señor.',
    '¡Qué día tan bonito! Mañana vendrá mi tío.',
    'El pingüino camina despacio hacia el océano.',
  ],
  italian: [
    'Un uomo corre sulla spiaggia e il cane lo segue.',
    'La donna taglia le verdure, poi le mette in pentola perché è tardi.',
    'Più tardi tutti si siedono a tavola: la città è già buia.',
    'Lunedì non ci sarò, però verrà mio fratello.',
    'La virtù di chi sa aspettare è la felicità.',
  ],
  portuguese: [
    'Um homem corre pela praia e o cão o segue.',
    'A mulher corta os legumes e põe tudo na panela.',
    'Depois todos se sentam à mesa; amanhã não haverá lições.',
    'A irmã dele não sabe onde estão as chaves.',
    'Os aviões voam sobre as montanhas de manhã.',
  ],
  swedish: [
    'En man springer på stranden och hunden följer honom.',
    'Kvinnan skär grönsaker och lägger dem i en gryta.',
    'Senare sitter alla vid bordet och skrattar åt något.',
    'Flickan öppnar dörren och går in i det ljusa rummet.',
  ],
  danish: [
    'En mand løber på stranden, og hunden følger efter ham.',
    'Kvinden skærer grøntsager og lægger dem i en gryde.',
    'Senere sidder alle ved bordet og ler ad noget sjovt på væggen.',
    'Pigen åbner døren og går ind i det lyse værelse.',
  ],
  norwegian: [
    'En mann løper på stranden, og hunden følger etter ham.',
    'Kvinnen skjærer grønnsaker og legger dem i en gryte.',
    'Jenta åpner døren og går inn i det lyse rommet.',
    'Vi så både en bjørn og en ørn på øya.',
  ],
  finnish: [
    'Mies juoksee rannalla, ja koira seuraa häntä.',
    'Nainen leikkaa vihanneksia ja panee ne pataan.',
    'Tyttö avaa oven ja menee sisään valoisaan huoneeseen.',
    'Åland on saari, jossa sää on tänään kaunis.',
  ],
  icelandic: [
    'Maður hleypur á ströndinni og hundurinn eltir hann.',
    'Konan sker grænmeti og setur það í pott.',
    'Seinna sitja allir við borðið og hlæja.',
    'Þetta er góð bók, en ég á eftir að lesa hana.',
  ],
  catalan: [
    'Un home corre per la platja i el gos el segueix.',
    'La dona talla verdures i després les posa a la cassola.',
    'Més tard tothom seu a taula perquè ja és fosc.',
    'Això no és veritat, però pot ser-ho demà, potser dimarts o dijous següent.',
  ],
  dutch: [
    'Een man rent over het strand en zijn hond volgt hem.',
    'De vrouw snijdt groente en doet ze in één pan.',
    'Zij heeft twee ideeën over België en Curaçao.',
    'De patiënt wacht geduldig op de coördinator.',
  ],
}

/** The same in Turkish, for Windows-1254. */
export const turkish: Readonly<Record<string, readonly string[]>> = {
  turkish: [
    'Adam sahilde koşuyor ve köpeği onu takip ediyor.',
    'Kadın sebzeleri kesiyor ve tencereye koyuyor.',
    'Güneş parlıyor, rüzgâr esiyor.',
    'Kız kapıyı açıyor ve aydınlık odaya giriyor.',
  ],
}

/** The same in languages that Windows-1257 is for. */
export const baltic: Readonly<Record<string, readonly string[]>> = {
  lithuanian: [
    'Vyras bėga paplūdimiu, o šuo jį vejasi.',
    'Moteris pjausto daržoves ir deda jas į puodą.',
    'Mergaitė atidaro duris ir įeina į šviesų kambarį.',
  ],
  latvian: [
    'Vīrietis skrien pa pludmali, un suns viņam seko.',
    'Sieviete griež dārzeņus un liek tos katlā.',
    'Meitene atver durvis un ieiet gaišā istabā.',
  ],
  estonian: [
    'Mees jookseb mööda randa ja koer järgneb talle.',
    'Tüdruk avab ukse ja läheb valgesse tuppa.',
    'Võõras küsib šokolaadi, aga õpetaja ei kuule.',
  ],
}
