package guide

import (
	"maps"

	"pointille/planner/treatment"
)

// latvian holds the sentences in Latvian. Numbers keep the decimal point, as
// on the gauges and in the plan's files.
func latvian() catalogue {
	t := latvianPages()
	t.sheet()
	t.Looks = map[string]string{
		"shaved": "īsi noskūta galva", "density": "blīvums starp garākiem matiem",
		"patch": "aizpildīti kailie laukumi", "scar": "nomaskēta rēta",
	}
	t.Results = map[string]string{"ok": "izpildīts", "warn": "jāapskata", "fail": "NAV IZPILDĪTS", "unknown": "nav zināms"}
	t.Sources = map[string]string{
		"card": "izmērīts ar kalibrēšanas karti", "given": "norādīts garums",
		"face": "novērtēts pēc sejas", "head": "vidusmēra galva", "none": "nav zināms",
	}
	t.Plan = map[string]string{
		"kept": "klienta paša līnija", "proposed": "ieteikta", "wished": "pēc vēlmes",
		"high": "augsta", "natural": "dabiska", "low": "zema", "keep": "paturēta",
		"hard": "asa", "medium": "vidēja", "soft": "maiga", "broken": "lauzta",
		"match": "atbilst", "close": "tuvu", "warn": "jāapskata",
		"front": "no priekšas", "left": "no kreisās", "right": "no labās", "back": "no aizmugures", "top": "no augšas", "crown": "galvas virsa",
		"answers": "atbildes",
	}
	maps.Copy(t.Plan, treatment.ZonesInLatvian())
	return t
}

func latvianPages() catalogue {
	return catalogue{
		Title:        "Pointille darba lapas",
		Unscaled:     "BEZ MĒROGA",
		Square50:     "50 mm: izmēriet abas malas",
		Square2:      "2 collas",
		UnscaledNote: "Šim klientam lapas nav mērogā: galvas izmērs nav izmērīts. Garumi, laukumi un punktu skaits ir vidusmēra galvai. Nofotografējiet vēlreiz ar kalibrēšanas karti vai norādiet izmērītu garumu.",
		Footer:       "Lieta %s  ·  Pointille %s  ·  sēkla %d",
		PageOf:       "%d. lapa no %d",
		Corrected:    "labots printerim, kas 50 mm izdrukā kā %.2f mm",
		Mirrored:     "SPOGUĻSKATS pārneses papīram: apdrukātā puse jāliek uz ādas",

		Overview:     "Pārskats",
		Nothing:      "Nav nekā darāma",
		NoReason:     "Šajā plānā nav punktu.",
		Case:         "Lieta %s",
		Date:         "Datums: %s",
		DateBlank:    "Datums: ____________________",
		Look:         "Izskats: %s",
		Scale:        "Mērogs: %s, ±%.1f %%",
		Hairline:     "Matu līnija: %.0f mm no glabellas līdz pieres vidus punktam, pa ādu; mala %s, pārejas josla %.1f mm; %s, %s.",
		Zones:        "Zonas",
		ZoneRow:      "%d  %s: %.1f ± %.1f cm², punkti: %d; folikulu un punktu kopā no %.0f līdz %.0f uz cm²",
		Sessions:     "Seansi",
		SessionRow:   "%d. seanss: punkti: %d, aptuveni %.1f h, %s: %s",
		SessionDate:  "ne agrāk par %s",
		SessionDays:  "ne agrāk par %d. dienu",
		SessionFirst: "pirmais",
		Total:        "Kopā punkti: %d, laukums %.1f cm², aptuveni %.1f h.",
		DotsLine:     "Punkts: svaigs %.2f mm, sadzijis %.2f mm, dziļums %.2f mm; atstatums vismaz %.2f mm, vidēji %.2f mm.",
		Shades:       "Tonis",
		ShadeRow:     "%s, %s daļas ūdens uz 1 daļu pigmenta, %.0f %% punktu",
		ShadeOne:     "%s, 1 daļa ūdens uz 1 daļu pigmenta, %.0f %% punktu",
		ShadePure:    "%s, neatšķaidīts, %.0f %% punktu",
		ShadeMatch:   "Paredzamā atbilstība: ΔE00 %.1f ± %.1f (%s). %s",
		Checks:       "Pārbaudes, kam jāpievērš uzmanība",
		ChecksGood:   "Visas %d pārbaudes ir izpildītas.",
		CheckRow:     "%s: %s, %s %s (robeža: %s). %s",
		CheckUnknown: "%s: %s (robeža: %s). %s",
		Warnings:     "Brīdinājumi",
		Photos:       "Plānotās zonas fotogrāfijās, numuri kā augstāk",
		TileMap:      "Segmentu karte, skats no augšas",

		StripTitle:     "Matu līnijas šablons",
		StripHow:       "Izgrieziet pa ārējo līniju. Uzlieciet G uz glabellas (starp uzacīm), sloksni pa pieres vidu un bultu uz viduslīnijas. Atzīmējiet matu līniju caur papīru. Aiz pārtrauktās līnijas punktiem ir pilns blīvums.",
		StripCentre:    "M  pieres vidus punkts",
		StripRecess:    "FT  pieres un deniņu punkts, %.0f mm (lab.) un %.0f mm (kr.) pa līniju no M",
		StripGlabella:  "G  glabella, %.0f mm no M",
		StripSoft:      "pārejas josla %.1f mm",
		Right:          "lab.",
		Left:           "kr.",
		FrontoTemporal: "FT",
		StripSides:     "lab.  klienta labā puse, kr.  klienta kreisā puse",
		StripPart:      "%d. daļa no %d",
		StripMatch:     "vienādus burtus lieciet vienu uz otra",
		StripStretch:   "Skaitļi: mm pa līniju no viduslīnijas. Līnija ir precīza; šablona malu garums atšķiras ne vairāk par %.1f %%.",

		StripFolded: "Plānotā matu līnija atliecas atpakaļ šaurāk, nekā šablons ir plats: to nevar izgriezt vienā gabalā. Pirms lietošanas apskatiet līniju plānā.",

		TilesTitle:    "%d. seanss no %d: punktu segmenti",
		TileTitle:     "%d. segments no %d: visi seansi",
		TrueScale:     ", īstais lielums",
		TileCaption:   "%d. segments  ·  punkti: %d  ·  garumi ±%.1f %%",
		TileBehind:    "centrs +: %.0f mm aiz M, %s",
		TileBefore:    "centrs +: %.0f mm pirms M, %s",
		TileLeft:      "%.0f mm pa kreisi no klienta vidus",
		TileRight:     "%.0f mm pa labi no klienta vidus",
		TileMiddle:    "uz viduslīnijas",
		TileZones:     "zona %s",
		TileTape:      "ar mērlenti no +: %s mm",
		TapeGlabella:  "glabella",
		TapeEarLeft:   "auss kr.",
		TapeEarRight:  "auss lab.",
		TapeOcciput:   "pakausis",
		TileUneven:    "%d. segments ir uz nelīdzenas ādas: garumi uz tā atšķiras līdz %.1f %%. Mēriet tur.",
		Forehead:      "piere",
		LegendPrimary: "%d. seansa punkts sadzijušā lielumā",
		LegendEarlier: "agrāka seansa punkts",
		LegendOverlap: "blakus segmenta punkts (5 mm)",
		LegendBorder:  "segmenta robeža; skaitlis aiz tās: nākamais segments",
		LegendMidline: "galvas viduslīnija",
		LegendLine:    "plānotā matu līnija",
		LegendEars:    "pār galvu no auss līdz ausij (tragus)",
		LegendPoints:  "M pieres vidus punkts, FT pieres un deniņu punkti, V galvas virsa",
		LegendCross:   "tas pats burts = tā pati vieta blakus segmentā",
		LegendOutside: "Skats no ārpuses.",
		LegendTrue:    "Augšup ir pieres virziens. Centru + mēra no M: pa viduslīniju, tad sānis taisnā leņķī. Mērlenti liek taisni pa ādu; no auss mēra no tragus.",
		LayerSession:  "%d. seanss",
		LayerMarks:    "%d. seanss, zīmes",
		LayerEarlier:  "Agrāki seansi",
		LayerOverlap:  "Pārklāšanās ar blakus segmentiem (kopijas)",
		LayerGuides:   "Orientieri un matu līnija",
		LayerBorders:  "Segmentu robežas un salāgošanas zīmes",
		LayerScale:    "Mērogs",
		LayerCaption:  "Paraksts",
		LayerCut:      "Griezuma līnija",
		LayerHairline: "Plānotā matu līnija",
		LayerSoft:     "Pārejas josla",
		LayerStrip:    "Šablona zīmes",

		GaugeTitle:      "Atstatumu un punktu mērs",
		DensityTitle:    "Blīvums pa zonām",
		GaugeHow:        "Izgrieziet paraugu un lieciet blakus darbam. Katrs rāda šī plāna zonas blīvākos 30 x 30 mm, visus seansus kopā.",
		GaugeSwatch:     "%d  %s (%d. segments)",
		GaugeCount:      "%.0f punkti uz zonas cm²; līdz tuvākajam punktam vidēji %.2f mm",
		GaugeDots:       "Punktu lielumi",
		GaugeDotsHow:    "Īstie diametri. Zem 0.15 mm vajag printeri, kas smalkāks par 600 dpi; pirms uzticaties, apskatiet ar lupu.",
		GaugeNeedles:    "Adatas",
		GaugeNeedlesHow: "Parasto adatu gali īstajā lielumā: stieples resnums, tad galu skaits. Viens gals ir matu līnijai, trīs ir laukumam.",
		GaugeNeedle:     "%s  ·  %d × %.2f mm",
		GaugePitch:      "Atstatumi",
		GaugePitchHow:   "Svītras vienādos attālumos, ko pielikt darbam. Uz cm²: tik daudz punktu, ja visi būtu tik tālu no kaimiņiem.",
		GaugePitchRow:   "%.1f mm  ·  %.0f uz cm²",
		GaugeFresh:      "šis plāns, svaigs",
		GaugeHealed:     "šis plāns, sadzijis",
	}
}

// sheet adds the page on sessions and care.
func (t *catalogue) sheet() {
	t.SheetTitle = "Seansi un kopšana"
	t.SessionsHead = "Jūsu seansi"
	t.SheetArtist = "Māksliniekam"
	t.Stop = "Pasakiet māksliniekam pirms seansa"
	t.StopNever = "Nav iespējams: %s."
	t.StopWait = "Jāgaida: %s."
	t.StopCertificate = "Ar izziņu: %s."
	t.StopLeaveOut = "Neaiztiek: %s."
	t.Course = "Ko jūs redzēsiet"
	t.ArtistRules = []string{
		"Pirms darba no jebkuras lapas izmēriet kvadrātus uz tās: abas malas 50.0 mm un 2 collas.",
		"Tikai galvas ādas kosmētiskais pigments, kas atbilst REACH XVII pielikuma 75. ierakstam (Regula (ES) 2020/2081).",
		"Pirms katra nākamā seansa apskatiet sadzijušo un vispirms labojiet matu līniju un krāsu.",
		"Rētaina un transplantēta āda sāp vairāk un pigmentu uzņem nevienmērīgi.",
	}
}
