package guide

// catalogue holds every sentence of the guide, to be translated as one.
type catalogue struct {
	Title, Unscaled, UnscaledNote, Footer, PageOf, Corrected, Mirrored                                     string
	Overview, Nothing, NoReason, Case, Look, Scale, Hairline, Zones, Sessions                              string
	ZoneRow, SessionRow, SessionDate, SessionDays, SessionFirst, DotsLine, Shades, ShadeRow                string
	ShadeMatch, Checks, ChecksGood, CheckRow, CheckUnknown, Warnings, Photos, TileMap, Total               string
	StripTitle, StripHow, StripCentre, StripGlabella, StripSoft, StripSides, StripRight                    string
	StripLeft, StripPart, StripMatch, StripStretch                                                         string
	TilesTitle, TileCaption, TileBehind, TileBefore, TileLeft, TileRight, TileMiddle, TileUneven, Forehead string
	LegendPrimary, LegendEarlier, LegendOverlap, LegendBorder, LegendMidline, LegendLine                   string
	LegendCross, LegendTrue, LayerSession, LayerEarlier, LayerOverlap                                      string
	GaugeTitle, GaugeHow, GaugeSwatch, GaugeCount, GaugeDots, GaugeDotsHow, GaugeFresh                     string
	GaugeHealed, GaugePitch, GaugePitchHow, GaugePitchRow                                                  string
	SheetTitle, SheetArtist, Before, After, Stop, Course, SessionsHead, SheetFoot                          string
	BeforeRules, AfterRules, StopRules, CourseRules, ArtistRules                                           []string
	Looks, Results, Sources                                                                                map[string]string
}

func english() catalogue {
	return catalogue{
		Title:        "Pointille guide",
		Unscaled:     "UNSCALED",
		UnscaledNote: "Not to scale for this client: the head's size was not measured. Lengths, areas and dot counts are those of an average head. Photograph again with the calibration card, or give a measured length.",
		Footer:       "Case %s  ·  Pointille %s  ·  seed %d",
		PageOf:       "page %d of %d",
		Corrected:    "corrected for a printer that makes 50 mm into %.2f mm",
		Mirrored:     "MIRRORED for transfer paper: the face-down side goes on the skin",

		Overview:     "Overview",
		Nothing:      "Nothing to do",
		NoReason:     "This plan has no dots.",
		Case:         "Case %s",
		Look:         "Look: %s",
		Scale:        "Scale: %s, ±%.1f %%",
		Hairline:     "Hairline: %.0f mm from glabella to mid-frontal point, along the skin; edge %s, soft zone %.1f mm; %s, %s.",
		Zones:        "Zones",
		ZoneRow:      "%s: %.1f ± %.1f cm², %d dots, from %.0f to %.0f per cm²",
		Sessions:     "Sessions",
		SessionRow:   "%d: %d dots, about %.1f h, %s. %s",
		SessionDate:  "not before %s",
		SessionDays:  "not before day %d",
		SessionFirst: "first",
		Total:        "Together %d dots on %.1f cm², about %.1f h.",
		DotsLine:     "Dot: %.2f mm fresh, %.2f mm healed, %.2f mm deep; spacing at least %.2f mm, on average %.2f mm.",
		Shades:       "Shade",
		ShadeRow:     "%s, %s parts water to 1 part pigment, for %.0f %% of the dots",
		ShadeMatch:   "Predicted match: ΔE00 %.1f ± %.1f (%s). %s",
		Checks:       "Checks that need attention",
		ChecksGood:   "All %d checks hold.",
		CheckRow:     "%s: %s, %.4g %s (limit: %s). %s",
		CheckUnknown: "%s: %s (limit: %s). %s",
		Warnings:     "Warnings",
		Photos:       "Planned skin on the photos",
		TileMap:      "Tile map, from above",

		StripTitle:    "Hairline template",
		StripHow:      "Cut along the outer line. Lay G on the glabella (between the brows), the strap along the middle of the forehead and the arrow on the midline. Mark the hairline through the paper. Behind the dashed line the dots have full density.",
		StripCentre:   "M  mid-frontal point",
		StripGlabella: "G  glabella, %.0f mm from M",
		StripSoft:     "soft zone %.1f mm",
		StripRight:    "R",
		StripLeft:     "L",
		StripSides:    "R  client's right, L  client's left",
		StripPart:     "part %d of %d",
		StripMatch:    "lay equal letters on each other",
		StripStretch:  "Numbers: mm along the line from the midline. The line is true; the strip's edges are off by at most %.1f %%.",

		TilesTitle:    "Session %d of %d: dot tiles, true scale",
		TileCaption:   "Tile %d  ·  %d dots  ·  lengths ±%.1f %%",
		TileBehind:    "centre +: %.0f mm behind M, %s",
		TileBefore:    "centre +: %.0f mm in front of M, %s",
		TileLeft:      "%.0f mm to the client's left",
		TileRight:     "%.0f mm to the client's right",
		TileMiddle:    "on the midline",
		TileUneven:    "Tile %d lies on uneven skin: lengths on it are off by up to %.1f %%. Measure there.",
		Forehead:      "forehead",
		LegendPrimary: "dot of session %d, at its healed size",
		LegendEarlier: "dot of an earlier session",
		LegendOverlap: "dot of a neighbouring tile (5 mm)",
		LegendBorder:  "border of the tile; number beyond: next tile",
		LegendMidline: "midline of the head",
		LegendLine:    "planned hairline",
		LegendCross:   "same letter = same place on the neighbour",
		LegendTrue:    "Up is towards the forehead. Seen from outside the head. Centre + is measured from M (mid-frontal point): along the midline, then sideways at right angles.",
		LayerSession:  "Session %d",
		LayerEarlier:  "Earlier sessions",
		LayerOverlap:  "Overlap with neighbours",

		GaugeTitle:    "Spacing and dot gauge",
		GaugeHow:      "Cut out a swatch and lay it beside the work. Each shows 30 x 30 mm of this plan with all sessions.",
		GaugeSwatch:   "%s (tile %d)",
		GaugeCount:    "%d dots in 9 cm²; nearest neighbour %.2f mm on average",
		GaugeDots:     "Dot sizes",
		GaugeDotsHow:  "True diameters. A printer finer than 600 dpi is needed below 0.15 mm; look through a loupe before trusting them.",
		GaugePitch:    "Spacings",
		GaugePitchHow: "Pins at even distances, to hold against the work. Per cm²: that many dots if all were this far from their neighbours.",
		GaugePitchRow: "%.1f mm  ·  %.0f per cm²",
		GaugeFresh:    "this plan, fresh",
		GaugeHealed:   "this plan, healed",

		SheetTitle:   "Sessions and care",
		SessionsHead: "Your sessions",
		SheetArtist:  "For the artist",
		Before:       "Before each session",
		After:        "Afterwards",
		Stop:         "Tell the artist before the session",
		Course:       "What you will see",
		SheetFoot:    "This sheet is not medical advice. Swelling, itching, hives or bruising that stays: see a doctor.",
		BeforeRules: []string{
			"Do not shave for 72 hours: the artist must see where hair still grows.",
			"Wash your hair the day before. No gel, oil or spray.",
			"No tanning bed and no sunburn the day before.",
			"Eat before you come and bring something sweet. No caffeine on the day.",
		},
		AfterRules: []string{
			"Days 0 to 4: keep the scalp dry. No washing of treated skin, no sweating (sport, strong sun). Light daily work is fine.",
			"Days 0 to 10: sweat as little as possible. After day 10 sweat no longer matters.",
			"Until healed: no sauna, bath house, pool or hot bath; no tanning; do not scratch or pull scabs; no cosmetics on the area; no tight headwear rubbing on it; no alcohol; cream as the artist recommends.",
			"From day 7: shaving is allowed at the earliest. Moisturiser and mild shampoo if the scalp is dry.",
			"When care products are taken up again, redness and sensitivity may return for 24 to 72 hours.",
			"A correction 2 to 4 weeks after the first session belongs to the work: without it the work is not complete.",
		},
		StopRules: []string{
			"Not possible: pregnancy, breast feeding, fever, skin inflammation in the area, diabetes, acute herpes, antibiotics now, a clotting disorder, epilepsy, severe asthma, HIV, a tendency to keloids, very thin skin with visible vessels, a scar still forming, burns.",
			"Wait: at least 1 month after surgery, 4 months after tattoo remover, 1 year after laser.",
			"A visible disease of skin, hair or mucosa: only with a doctor's certificate. Warts and moles are left out.",
		},
		CourseRules: []string{
			"At once: the result shows; dots are darker than they will be. Redness for 2 to 10 hours, depending on the skin.",
			"Next day: normal life and work. Up to 7 days: the surface heals.",
			"After 2 to 3 weeks: true colour. 1 month after the last session: fully healed.",
			"Over the years the dots fade; care slows it. A refresher follows after months or years.",
		},
		ArtistRules: []string{
			"Measure the squares on this page before working from any page: 50.0 mm and 2 in on both sides.",
			"Only cosmetic pigment for the scalp that meets REACH Annex XVII entry 75 (Regulation (EU) 2020/2081).",
			"Look at the healed result before each further session and correct hairline and colour first.",
			"Scarred and transplanted skin hurts more and takes pigment unevenly.",
		},
		Looks: map[string]string{
			"shaved": "freshly shaved head", "density": "density between longer hair",
			"patch": "bald patches filled", "scar": "scar camouflaged",
		},
		Results: map[string]string{"ok": "holds", "warn": "look at it", "fail": "FAILED", "unknown": "not known"},
		Sources: map[string]string{
			"card": "measured with the calibration card", "given": "a length was given",
			"face": "estimated from the face", "head": "average head", "none": "not known",
		},
	}
}
