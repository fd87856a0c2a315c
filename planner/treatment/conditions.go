package treatment

// Conditions returns every condition that a client is asked about, in the order
// of asking. Where other studios know a condition that this one's sheet does
// not, it is asked too, and its source says so.
func Conditions() []Condition {
	out := refusals()
	out = append(out, waits()...)
	return append(out,
		Condition{
			ID: "visible_disease", Rule: Certificate, Source: screeningRows,
			Question: Text{"Is any disease of the skin, the hair or a mucous membrane visible?", "Vai ir redzama kāda ādas, matu vai gļotādas slimība?"},
			Reason: Text{"a visible disease of skin, hair or mucosa: only with a doctor's certificate that it is not contagious and the service may be given",
				"redzama ādas, matu vai gļotādas slimība: tikai ar ārsta izziņu, ka tā nav lipīga un pakalpojumu drīkst sniegt"},
		},
		Condition{
			ID: "allergy", Rule: Certificate, Source: craftRows,
			Question: Text{"Any allergy to pigments, metals, latex, or what numbs the skin?", "Vai ir alerģija pret pigmentiem, metāliem, lateksu vai ādas nejutīguma līdzekļiem?"},
			Reason:   Text{"an allergy to what is used: only with a doctor's certificate", "alerģija pret lietoto: tikai ar ārsta izziņu"},
		},
		Condition{
			ID: "warts_moles", Rule: LeaveOut, Source: screeningRows,
			Question: Text{"Are there warts, moles or new vessels in the area?", "Vai apstrādājamā vietā ir kārpas, dzimumzīmes vai jauni asinsvadi?"},
			Reason:   Text{"warts, moles and new vessels are left out: no dots there", "kārpas, dzimumzīmes un jaunus asinsvadus neaiztiek: tur punktu nav"},
		},
	)
}

// refusals are the conditions under which nobody is treated.
func refusals() []Condition {
	no := func(id, source, questionEN, questionLV, reasonEN, reasonLV string) Condition {
		return Condition{ID: id, Rule: Refuse, Source: source, Question: Text{questionEN, questionLV}, Reason: Text{reasonEN, reasonLV}}
	}
	return []Condition{
		no("pregnancy", screeningRows, "Are you pregnant?", "Vai esat stāvoklī?", "not during pregnancy", "grūtniecības laikā nē"),
		no("breast_feeding", screeningRows, "Are you breast feeding?", "Vai barojat bērnu ar krūti?", "not while breast feeding", "kamēr baro ar krūti, nē"),
		no("fever", screeningRows, "Do you have a fever?", "Vai jums ir drudzis?", "not with a fever", "ar drudzi nē"),
		no("dermatitis", screeningRows, "Is the skin of the scalp inflamed, itching or scaling?", "Vai galvas āda ir iekaisusi, niez vai lobās?",
			"not with dermatitis in the area", "ar dermatītu šajā vietā nē"),
		no("diabetes", screeningRows, "Do you have diabetes?", "Vai jums ir cukura diabēts?", "not with diabetes: skin heals badly", "ar diabētu nē: āda slikti dzīst"),
		no("forming_scar", screeningRows, "Is a scar in the area still changing?", "Vai rēta šajā vietā vēl mainās?", "not while a scar is still forming", "kamēr rēta vēl veidojas, nē"),
		no("burns", screeningRows, "Is there a burn in the area?", "Vai šajā vietā ir apdegums?", "not on burns, until the skin is stable", "uz apdegumiem nē, līdz āda ir nostabilizējusies"),
		no("inflammation", screeningRows, "Is there any other inflammation in the area?", "Vai šajā vietā ir cits iekaisums?",
			"not with inflammation, until the skin is stable", "ar iekaisumu nē, līdz āda ir nostabilizējusies"),
		no("sunburn", craftRows, "Is the scalp sunburnt?", "Vai galvas āda ir apdegusi saulē?", "not on sunburnt skin", "uz saulē apdegušas ādas nē"),
		no("antibiotics", screeningRows, "Are you taking antibiotics?", "Vai lietojat antibiotikas?", "not while taking antibiotics", "kamēr lieto antibiotikas, nē"),
		no("herpes", screeningRows, "Do you have herpes now?", "Vai jums pašlaik ir herpess?", "not with acute herpes", "ar akūtu herpesu nē"),
		no("clotting", screeningRows, "Does your blood clot badly?", "Vai jums ir asinsreces traucējumi?", "not with a clotting disorder", "ar asinsreces traucējumiem nē"),
		no("blood_thinners", craftRows, "Do you take blood thinners?", "Vai lietojat asinis šķidrinošas zāles?", "not while taking blood thinners", "kamēr lieto asinis šķidrinošas zāles, nē"),
		no("epilepsy", screeningRows, "Do you have epilepsy?", "Vai jums ir epilepsija?", "not with epilepsy", "ar epilepsiju nē"),
		no("asthma", screeningRows, "Do you have severe asthma?", "Vai jums ir smaga astma?", "not with severe asthma", "ar smagu astmu nē"),
		no("hiv", screeningRows, "Do you live with HIV?", "Vai jums ir HIV?", "not with HIV", "ar HIV nē"),
		no("keloids", screeningRows, "Do your scars grow thick (keloids)?", "Vai jūsu rētas sabiezē (keloīdi)?", "not with a tendency to keloids", "ar noslieci uz keloīdiem nē"),
		no("thin_skin", screeningRows, "Is the skin of the scalp very thin, with visible vessels?", "Vai galvas āda ir ļoti plāna, ar redzamiem asinsvadiem?",
			"not on very thin skin with visible vessels", "uz ļoti plānas ādas ar redzamiem asinsvadiem nē"),
	}
}

// waits are the conditions after which a length of time must pass.
func waits() []Condition {
	wait := func(id, source string, span Span, question, reason Text) Condition {
		return Condition{ID: id, Rule: Wait, Dated: true, Wait: span, Question: question, Reason: reason, Source: source}
	}
	return []Condition{
		wait("surgery", screeningRows, Span{Months: 1}, Text{"When was your last surgery?", "Kad bija pēdējā operācija?"},
			Text{"at least 1 month after surgery", "vismaz 1 mēnesis pēc operācijas"}),
		wait("tattoo_remover", screeningRows, Span{Months: 4}, Text{"When was a tattoo remover last used in the area?", "Kad šajā vietā pēdējoreiz lietots tetovējuma noņemšanas līdzeklis?"},
			Text{"at least 4 months after tattoo remover", "vismaz 4 mēneši pēc tetovējuma noņemšanas līdzekļa"}),
		wait("laser", screeningRows, Span{Months: 12}, Text{"When was the scalp last treated with a laser?", "Kad galvas āda pēdējoreiz apstrādāta ar lāzeru?"},
			Text{"1 year after laser", "1 gads pēc lāzera"}),
		// the answer is a day, and 72 hours from its last moment end three days after the next
		wait("last_shave", beforeRows, Span{Days: 4}, Text{"When did you last shave your head?", "Kad pēdējoreiz skuvāt galvu?"},
			Text{"72 hours after shaving: the artist must see where hair still grows", "72 stundas pēc skūšanas: māksliniekam jāredz, kur mati vēl aug"}),
		wait("last_tan", beforeRows, Span{Days: 2}, Text{"When did you last use a tanning bed?", "Kad pēdējoreiz bijāt solārijā?"},
			Text{"no tanning bed the day before", "iepriekšējā dienā bez solārija"}),
	}
}
