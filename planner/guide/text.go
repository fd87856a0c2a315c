package guide

import "fmt"

// catalogue holds every sentence of the guide, to be translated as one.
type catalogue struct {
	Title, Unscaled, UnscaledNote, Footer, PageOf, Corrected, Mirrored, Square50, Square2                         string
	Overview, Nothing, NoReason, Case, Date, DateBlank, Look, Scale, Hairline, Zones, Sessions                    string
	ZoneRow, SessionRow, SessionDate, SessionDays, SessionFirst, DotsLine, Shades, ShadeRow                       string
	ShadeMatch, ShadeOne, ShadePure, Checks, ChecksGood, CheckRow, CheckUnknown, Warnings, Photos, TileMap, Total string
	StripTitle, StripHow, StripCentre, StripGlabella, StripRecess, StripSoft, StripSides                          string
	StripPart, StripMatch, StripStretch, StripFolded, Right, Left, FrontoTemporal                                 string
	TilesTitle, TileTitle, TrueScale, TileCaption, TileBehind, TileBefore, TileLeft, TileRight, TileMiddle        string
	TileZones, TileTape, TapeGlabella, TapeEarLeft, TapeEarRight, TapeOcciput, TileUneven, Forehead               string
	LegendPrimary, LegendEarlier, LegendOverlap, LegendBorder, LegendMidline, LegendLine                          string
	LegendEars, LegendPoints, LegendCross, LegendTrue, LegendOutside                                              string
	LayerSession, LayerMarks, LayerEarlier, LayerOverlap, LayerGuides, LayerBorders, LayerScale                   string
	LayerCaption, LayerCut, LayerHairline, LayerSoft, LayerStrip                                                  string
	GaugeTitle, DensityTitle, GaugeHow, GaugeSwatch, GaugeCount, GaugeDots, GaugeDotsHow, GaugeFresh              string
	GaugeHealed, GaugeNeedles, GaugeNeedlesHow, GaugeNeedle, GaugePitch, GaugePitchHow, GaugePitchRow             string
	SheetTitle, SheetArtist, Stop, Course, SessionsHead, StopNever, StopWait, StopCertificate, StopLeaveOut       string
	ArtistRules                                                                                                   []string
	Looks, Results, Sources                                                                                       map[string]string
	// Plan are words and sentences that stand in plans, by their English; what is
	// missing here is printed as it stands there.
	Plan map[string]string
}

// Languages returns the names of the languages a guide can be printed in.
func Languages() []string { return []string{"en", "lv"} }

// language returns the sentences of a language; none means English.
func language(name string) (catalogue, error) {
	switch name {
	case "", "en":
		return english(), nil
	case "lv":
		return latvian(), nil
	}
	return catalogue{}, fmt.Errorf("language %q is unknown, want en or lv", name)
}

// known returns the words for id, or id itself where there are none.
func known(names map[string]string, id string) string {
	if s, ok := names[id]; ok {
		return s
	}
	return id
}

// layerName is what readers list a layer under.
func (g *guide) layerName(l layer) string {
	t := g.text
	switch l.kind {
	case sessionDots:
		return fmt.Sprintf(t.LayerSession, l.session)
	case sessionMarks:
		return fmt.Sprintf(t.LayerMarks, l.session)
	case earlierDots:
		return t.LayerEarlier
	case overlapDots:
		return t.LayerOverlap
	case landmarks:
		return t.LayerGuides
	case borders, registers:
		return t.LayerBorders
	case cutLines:
		return t.LayerCut
	case plannedLine:
		return t.LayerHairline
	case softLine:
		return t.LayerSoft
	case stripMarks:
		return t.LayerStrip
	case scales:
		return t.LayerScale
	}
	return t.LayerCaption
}

// code is the layer's name in drawings, the same in every language.
func (l layer) code() string {
	switch l.kind {
	case sessionDots:
		return fmt.Sprintf("SESSION_%d", l.session)
	case sessionMarks:
		return fmt.Sprintf("SESSION_%d_MARKS", l.session)
	case earlierDots:
		return "EARLIER"
	case overlapDots:
		return "OVERLAP_COPIES"
	case landmarks:
		return "LANDMARKS"
	case borders:
		return "BORDER"
	case registers:
		return "REGISTER"
	case cutLines:
		return "CUT"
	case plannedLine:
		return "HAIRLINE"
	case softLine:
		return "SOFT_ZONE"
	case stripMarks:
		return "STRIP_MARKS"
	case scales:
		return "SCALE"
	}
	return "CAPTION"
}
