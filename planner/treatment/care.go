package treatment

// Healed stands for the day on which the skin has healed, which depends on the
// last session: see TimeCourse.
const Healed = 1000

// Care is a rule for the client, from a day to a day.
type Care struct {
	ID     string
	From   int // days after the session; before it they are negative
	To     int // last day, or Healed; the same as From for a single day
	Text   Text
	Source string
}

// Before returns the rules before every session.
func Before() []Care {
	return []Care{
		{"no_shave", -3, 0, Text{"Do not shave your head (72 hours): the artist must see where hair still grows. The look then follows the hair length agreed for daily life.",
			"Neskujiet galvu (72 stundas): māksliniekam jāredz, kur mati vēl aug. Pēc tam izskats atbilst ikdienai norunātajam matu garumam."}, beforeRows},
		{"no_tan", -1, -1, Text{"No tanning bed and no sunburn.", "Bez solārija un saules apdegumiem."}, beforeRows},
		{"wash", -1, -1, Text{"Wash your hair. From then on no gel, oil or spray.", "Izmazgājiet matus. Pēc tam bez želejas, eļļas un lakas."}, beforeRows},
		{"eat", 0, 0, Text{"Eat before you come (up to 4 hours of work) and bring something sweet to keep energy.",
			"Paēdiet (darbs ilgst līdz 4 stundām) un paņemiet līdzi kaut ko saldu spēkam."}, beforeRows},
		{"no_caffeine", 0, 0, Text{"No caffeine on the day.", "Tajā dienā bez kofeīna."}, beforeRows},
	}
}

// After returns the rules after every session.
func After() []Care {
	return []Care{
		{"dry", 0, 4, Text{"Keep the scalp dry: do not wash treated skin, shower without water or shampoo on it.",
			"Turiet galvas ādu sausu: apstrādāto ādu nemazgājiet, dušā bez ūdens un šampūna uz tās."}, afterRows},
		{"no_sweat", 0, 4, Text{"No sweating: no running, no weights, no strong sun. Light daily work is fine.",
			"Nesvīst: bez skriešanas, svariem un stipras saules. Viegls ikdienas darbs ir atļauts."}, afterRows},
		{"little_sweat", 0, 10, Text{"Sweat as little as possible. Later sweat no longer matters.", "Svīst pēc iespējas mazāk. Vēlāk sviedri vairs nekaitē."}, afterRows},
		{"no_bath", 0, Healed, Text{"No sauna, bath house, pool or hot bath.", "Bez saunas, pirts, baseina un karstas vannas."}, afterRows},
		{"no_tanning", 0, Healed, Text{"No tanning.", "Bez sauļošanās."}, afterRows},
		{"no_scratching", 0, Healed, Text{"Do not scratch or pull scabs.", "Kreveles nekasīt un neraut."}, afterRows},
		{"no_cosmetics", 0, Healed, Text{"No cosmetics on the area, no tight headwear rubbing on it, no alcohol. Cream as the artist recommends.",
			"Bez kosmētikas uz šīs vietas, bez ciešas, berzējošas galvassegas, bez alkohola. Krēms, kā iesaka mākslinieks."}, afterRows},
		{"shave", 7, 7, Text{"Earliest day to shave. Moisturiser, moisturising shampoo and conditioner if the scalp is dry.",
			"Agrākā diena, kad drīkst skūties. Mitrinošs krēms, šampūns un kondicionieris, ja āda ir sausa."}, afterRows},
		{"restart", 7, 10, Text{"When care products are taken up again, redness and sensitivity may return for 24 to 72 hours.",
			"Atsākot lietot kopšanas līdzekļus, apsārtums un jutīgums var atgriezties uz 24 līdz 72 stundām."}, afterRows},
		{"correction", 14, 28, Text{"Correction: without it the work is not complete.", "Korekcija: bez tās darbs nav pabeigts."}, afterRows},
	}
}

// Always returns what holds at any time after a session.
func Always() []Text {
	return []Text{
		{"Any allergy (swelling, itching, hives, bruising): see a doctor.", "Jebkāda alerģija (pietūkums, nieze, nātrene, zilumi): ejiet pie ārsta."},
		{"Scarred and transplanted skin hurts more.", "Rētaina un transplantēta āda sāp vairāk."},
	}
}

// Services returns what the studio treats, by the case's name.
func Services() map[string]Text {
	return map[string]Text{
		"male_pattern": {"the bald area and the thinning border are filled so that the head looks freshly shaved", "kailā vieta un retējošā mala tiek aizpildīta, lai galva izskatītos tikko skūta"},
		"thinning":     {"dots between longer hairs darken the scalp, so hair looks denser; nothing is shaved", "punkti starp garākiem matiem padara ādu tumšāku, tāpēc mati izskatās biezāki; nekas netiek skūts"},
		"alopecia":     {"patches are filled to match what surrounds them", "laukumi tiek aizpildīti, lai saskanētu ar apkārtni"},
		"transplant":   {"low density and the donor area are filled", "tiek aizpildīts zems blīvums un donora vieta"},
		"scar":         {"the scar is camouflaged; scar skin takes pigment unevenly", "rēta tiek nomaskēta; rētas āda pigmentu uzņem nevienmērīgi"},
		"gap":          {"gaps and an uneven hairline are filled or redrawn", "robus un nelīdzenu matu līniju aizpilda vai pārzīmē"},
	}
}
