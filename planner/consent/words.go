package consent

import "pointille/planner/treatment"

// wording is the text in a language.
type wording struct {
	title, what, when, course, risks, screening, pigments, photos, end    string
	zone, dots, session, correction, pigment, statement, nickel, chromium string
	riskLines                                                             []string
	purposes                                                              [3]string
	looks, zones                                                          map[string]string
}

func words(lang string) wording {
	if lang == "lv" {
		return latvian()
	}
	return english()
}

func english() wording {
	return wording{
		title: "CONSENT TO SCALP MICROPIGMENTATION, case %s, text version %d",
		what:  "What is done, and where", when: "Sessions", course: "What you will see: fresh is not healed", risks: "What can happen",
		screening: "What your answers to our questions mean", pigments: "What goes into the skin (from the labels)", photos: "Your photos: each use is your choice, and each can be taken back at any time",
		end:  "I have read this, could ask questions, and may stop at any time. What the skin already holds cannot simply be taken back.",
		zone: "%s: %.0f cm² (± %.0f), %d dots", dots: "in all %d dots, %.2f mm wide when fresh, about %.2f mm when healed",
		session:    "session %d, %g to %g hours: %s",
		correction: "a correction 2 to 4 weeks after the first session belongs to the work: without it the work is not complete",
		pigment:    "%s %s, batch %s, to be used until %s; colorants: %s.", statement: "Mixture for use in tattoos or permanent make-up.", nickel: "Contains nickel. Can cause allergic reactions.", chromium: "Contains chromium (VI). Can cause allergic reactions.",
		riskLines: []string{
			"dots are darker and larger at first; how much the skin keeps differs from person to person, and the result is not guaranteed",
			"dots can fade unevenly, grow a little wider over months, run together or change in hue; a refresher is needed after years",
			"the two sides of a head are never the same",
			"redness, swelling and scabs for days; infection or an allergic reaction is possible: see a doctor",
			"scarred and transplanted skin hurts more, takes pigment unevenly and loses more of it",
			"removing the work takes laser treatment, usually several sittings, and may not succeed wholly",
		},
		purposes: [3]string{
			"TREAT  to measure and plan this treatment and to work from:   yes [ ]  no [ ]",
			"KEEP   to keep them in my record, encrypted, for comparison:   yes [ ]  no [ ]",
			"SHOW   to show them to others, without name or face:           yes [ ]  no [ ]",
		},
		looks: map[string]string{
			"shaved": "the area and its thinning border are filled with dots so that the head looks freshly shaved", "density": "dots between longer hairs make hair look denser; nothing is shaved",
			"patch": "bald patches are filled to match what surrounds them", "scar": "a scar is camouflaged; scar skin takes pigment unevenly",
		},
	}
}

func latvian() wording {
	return wording{
		title: "PIEKRIŠANA GALVAS ĀDAS MIKROPIGMENTĀCIJAI, lieta %s, teksta versija %d",
		what:  "Kas tiek darīts un kur", when: "Seansi", course: "Ko jūs redzēsiet: svaigs nav sadzijis", risks: "Kas var notikt",
		screening: "Ko nozīmē jūsu atbildes", pigments: "Kas tiek ievadīts ādā (no etiķetēm)", photos: "Jūsu fotogrāfijas: katru lietojumu izvēlaties jūs, un katru var jebkurā laikā atsaukt",
		end:  "Esmu izlasījis(-usi), varēju uzdot jautājumus un varu jebkurā brīdī pārtraukt. To, kas jau ir ādā, nevar vienkārši izņemt.",
		zone: "%s: %.0f cm² (± %.0f), punkti: %d", dots: "kopā punkti: %d, svaigi %.2f mm, sadzijuši aptuveni %.2f mm plati",
		session:    "%d. seanss, %g līdz %g stundas: %s",
		correction: "korekcija 2 līdz 4 nedēļas pēc pirmā seansa ir darba daļa: bez tās darbs nav pabeigts",
		pigment:    "%s %s, partija %s, lietot līdz %s; krāsvielas: %s.", statement: "Maisījums izmantošanai tetovējumiem vai permanentajam grimam.", nickel: "Satur niķeli. Var izraisīt alerģiskas reakcijas.", chromium: "Satur hromu (VI). Var izraisīt alerģiskas reakcijas.",
		riskLines: []string{
			"sākumā punkti ir tumšāki un lielāki; cik daudz āda saglabā, katram ir citādi, un rezultāts nav garantēts",
			"punkti var izbalēt nevienmērīgi, mēnešu gaitā nedaudz izplesties, saplūst vai mainīt nokrāsu; pēc gadiem vajag atsvaidzināt",
			"galvas abas puses nekad nav vienādas",
			"dažas dienas apsārtums, pietūkums un kreveles; iespējama infekcija vai alerģiska reakcija: ejiet pie ārsta",
			"rētaina un transplantēta āda sāp vairāk, pigmentu uzņem nevienmērīgi un zaudē vairāk",
			"darbu noņem ar lāzeru, parasti vairākos seansos, un tas var neizdoties pilnībā",
		},
		purposes: [3]string{
			"DARBAM (TREAT)  mērīt, plānot šo darbu un strādāt pēc tām:               jā [ ]  nē [ ]",
			"GLABĀT (KEEP)   glabāt manā kartītē šifrētas, salīdzināšanai:            jā [ ]  nē [ ]",
			"RĀDĪT (SHOW)    rādīt citiem, bez vārda un sejas:                        jā [ ]  nē [ ]",
		},
		looks: map[string]string{
			"shaved": "kailā vieta un tās retējošā mala tiek aizpildīta ar punktiem, lai galva izskatītos tikko skūta", "density": "punkti starp garākiem matiem liek matiem izskatīties biezākiem; nekas netiek skūts",
			"patch": "kailie laukumi tiek aizpildīti, lai saskanētu ar apkārtni", "scar": "rēta tiek nomaskēta; rētas āda pigmentu uzņem nevienmērīgi",
		},
		zones: treatment.ZonesInLatvian(),
	}
}
