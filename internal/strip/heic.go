package strip

import (
	"encoding/binary"
	"slices"
)

// heic overwrites the metadata of a HEIC file where they lie: moving anything in it
// would mean to change every place that points into it. Turning a HEIC is a
// property of its picture and is kept.
func heic(data []byte) ([]byte, error) {
	h := &heicFile{data: slices.Clone(data)}
	meta := -1
	ok := boxes(h.data, 0, func(b box) bool {
		switch b.kind {
		case "ftyp", "mdat":
		case "meta":
			meta = b.body
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

// box is a piece of the file: data[body:end].
type box struct {
	kind             string
	start, body, end int
}

// boxes calls with every box of data from at on, and reports whether all was well.
func boxes(data []byte, at int, with func(box) bool) bool {
	for at < len(data) {
		if at+8 > len(data) {
			return false
		}
		size, body := uint64(binary.BigEndian.Uint32(data[at:])), at+8
		switch {
		case size == 0:
			size = uint64(len(data) - at)
		case size == 1:
			if at+16 > len(data) {
				return false
			}
			size, body = binary.BigEndian.Uint64(data[at+8:]), at+16
		}
		if size < uint64(body-at) || size > uint64(len(data)-at) {
			return false
		}
		end := at + int(size)
		if !with(box{string(data[at+4 : at+8]), at, body, end}) {
			return false
		}
		at = end
	}
	return true
}

// blank makes a box free space.
func (h *heicFile) blank(b box) {
	copy(h.data[b.start+4:], "free")
	clear(h.data[b.body:b.end])
}

func (h *heicFile) meta(m box) bool {
	if m.end-m.body < 4 {
		return false
	}
	h.items, h.places = map[uint32]string{}, map[uint32][][2]uint64{}
	return boxes(h.data[:m.end], m.body+4, func(b box) bool {
		switch b.kind {
		case "iinf":
			return h.info(b)
		case "iloc":
			return h.locations(b)
		case "iprp":
			return boxes(h.data[:b.end], b.body, h.properties)
		case "idat":
			h.idat = [2]int{b.body, b.end}
		case "hdlr", "pitm", "iref", "dinf", "grpl":
		default:
			h.blank(b)
		}
		return true
	})
}

// info reads which items there are.
func (h *heicFile) info(b box) bool {
	skip := 4 + 2
	if b.end-b.body < 8 {
		return false
	}
	if h.data[b.body] > 0 {
		skip = 4 + 4
	}
	return boxes(h.data[:b.end], b.body+skip, func(e box) bool {
		body := h.data[e.body:e.end]
		switch {
		case e.kind != "infe" || len(body) < 12:
			return e.kind != "infe" // older entries have no kind; files of telephones have none of them
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
func (h *heicFile) properties(b box) bool {
	if b.kind != "ipco" {
		return true
	}
	return boxes(h.data[:b.end], b.body, func(p box) bool {
		body := h.data[p.body:p.end]
		switch {
		case p.kind == "udes":
			clear(body)
		case p.kind == "colr" && len(body) > 4 && (string(body[:4]) == "prof" || string(body[:4]) == "rICC"):
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
func (h *heicFile) locations(b box) bool {
	r := &reader{h.data[b.body:b.end], true}
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
	boxes(h.data, 0, func(b box) bool {
		return b.kind != "meta" || boxes(h.data[:b.end], b.body+4, func(c box) bool {
			if c.kind == "idat" {
				h.idat = [2]int{c.body, c.end}
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
