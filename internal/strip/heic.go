package strip

import (
	"encoding/binary"
	"slices"

	"pointille/internal/photofile"
)

// heic overwrites the metadata of a HEIC file where they lie: moving anything in it
// would mean to change every place that points into it. Turning a HEIC is a
// property of its picture and is kept.
func heic(data []byte) ([]byte, error) {
	h := &heicFile{data: slices.Clone(data)}
	meta := -1
	ok := photofile.Boxes(h.data, 0, func(b photofile.Box) bool {
		switch b.Kind {
		case "ftyp", "mdat":
		case "meta":
			meta = b.Body
			return h.meta(b)
		case "moov", "moof":
			return false // a film has places of its own for words
		default: // uuid, udta, free and whatever else
			h.blank(b)
		}
		return true
	})
	if !ok || meta < 0 {
		return nil, errBroken
	}
	for id, kind := range h.items {
		if kind == "Exif" || kind == "mime" || kind == "uri " {
			if !h.overwrite(h.places[id], kind == "Exif") {
				return nil, errBroken
			}
		}
	}
	return h.data, nil
}

type heicFile struct {
	data   []byte
	items  map[uint32]string // kinds by id
	places map[uint32][][2]uint64
	idat   [2]int
}

// blank makes a box free space.
func (h *heicFile) blank(b photofile.Box) {
	copy(h.data[b.Start+4:], "free")
	clear(h.data[b.Body:b.End])
}

func (h *heicFile) meta(m photofile.Box) bool {
	if m.End-m.Body < 4 {
		return false
	}
	h.items, h.places = map[uint32]string{}, map[uint32][][2]uint64{}
	return photofile.Boxes(h.data[:m.End], m.Body+4, func(b photofile.Box) bool {
		switch b.Kind {
		case "iinf":
			return h.info(b)
		case "iloc":
			return h.locations(b)
		case "iprp":
			return photofile.Boxes(h.data[:b.End], b.Body, h.properties)
		case "idat":
			h.idat = [2]int{b.Body, b.End}
		case "hdlr", "pitm", "iref", "dinf", "grpl":
		default:
			h.blank(b)
		}
		return true
	})
}

// info reads which items there are.
func (h *heicFile) info(b photofile.Box) bool {
	skip := 4 + 2
	if b.End-b.Body < 8 {
		return false
	}
	if h.data[b.Body] > 0 {
		skip = 4 + 4
	}
	return photofile.Boxes(h.data[:b.End], b.Body+skip, func(e photofile.Box) bool {
		body := h.data[e.Body:e.End]
		switch {
		case e.Kind != "infe" || len(body) < 12:
			return e.Kind != "infe" // older entries have no kind; files of telephones have none of them
		case body[0] == 2:
			h.items[uint32(binary.BigEndian.Uint16(body[4:]))] = string(body[8:12])
		case body[0] == 3 && len(body) >= 14:
			h.items[binary.BigEndian.Uint32(body[4:])] = string(body[10:14])
		default:
			return false
		}
		return true
	})
}

// properties blanks words: descriptions, and those of colour profiles.
func (h *heicFile) properties(b photofile.Box) bool {
	if b.Kind != "ipco" {
		return true
	}
	return photofile.Boxes(h.data[:b.End], b.Body, func(p photofile.Box) bool {
		body := h.data[p.Body:p.End]
		switch {
		case p.Kind == "udes":
			clear(body)
		case p.Kind == "colr" && len(body) > 4 && (string(body[:4]) == "prof" || string(body[:4]) == "rICC"):
			clean, ok := profile(body[4:])
			if !ok {
				return false
			}
			copy(body[4:], clean)
		}
		return true
	})
}

// reader reads numbers of any width; ok turns false at the end.
type reader struct {
	data []byte
	ok   bool
}

func (r *reader) number(width int) (v uint64) {
	if len(r.data) < width {
		r.ok = false
		return 0
	}
	for _, b := range r.data[:width] {
		v = v<<8 | uint64(b)
	}
	r.data = r.data[width:]
	return v
}

// locations reads where items lie. Those that lie in another file are left out.
func (h *heicFile) locations(b photofile.Box) bool {
	r := &reader{h.data[b.Body:b.End], true}
	version := r.number(4) >> 24
	sizes := r.number(2)
	offset, length, base, index := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	wide := 2
	if version == 2 {
		wide = 4
	}
	for n := r.number(wide); n > 0 && r.ok; n-- {
		id := uint32(r.number(wide))
		method := uint64(0)
		if version > 0 {
			method = r.number(2) & 15
		}
		r.number(2) // of another file
		from, pieces := r.number(base), r.number(2)
		if pieces > 1 && offset+length == 0 {
			return false // pieces without place and size: a file that only keeps a reader busy
		}
		for k := pieces; k > 0 && r.ok; k-- {
			r.number(index)
			start, size := from+r.number(offset), r.number(length)
			if method == 1 {
				start += uint64(h.idatStart())
			}
			h.places[id] = append(h.places[id], [2]uint64{start, size})
		}
	}
	return r.ok && version <= 2
}

// idatStart is where items inside the metadata lie; the box may stand behind the one
// that points into it.
func (h *heicFile) idatStart() int {
	if h.idat[0] > 0 {
		return h.idat[0]
	}
	photofile.Boxes(h.data, 0, func(b photofile.Box) bool {
		return b.Kind != "meta" || photofile.Boxes(h.data[:b.End], b.Body+4, func(c photofile.Box) bool {
			if c.Kind == "idat" {
				h.idat = [2]int{c.Body, c.End}
			}
			return true
		})
	})
	return h.idat[0]
}

// overwrite puts nothing where an item lies: an EXIF without entries, or zeros.
func (h *heicFile) overwrite(places [][2]uint64, exif bool) bool {
	for i, p := range places {
		if p[1] == 0 || p[0] > uint64(len(h.data)) || p[1] > uint64(len(h.data))-p[0] {
			return false
		}
		at := h.data[p[0] : p[0]+p[1]]
		clear(at)
		if exif && i == 0 {
			copy(at, "\x00\x00\x00\x00MM\x00*\x00\x00\x00\x08")
		}
	}
	return true
}
