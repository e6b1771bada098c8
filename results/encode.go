package results

import (
	"strconv"

	"modelcollapse/internal/num"

	"modelcollapse/internal/journal"
)

// AppendRecord appends r as one line of JSON:
//
//	{"g":3,"draws":[[real,synthetic,past,dropped],...],"v":[["tail_loss",0.31],["variance",1.2,1]],"note":"...","crc":"89abcdef"}
//
// The third element of a value is its node, left out when 0; draws, v and note are left out when empty. A
// number has the fewest digits that read back exactly; NaN and the infinities are the strings "NaN", "+Inf",
// "-Inf". crc is the CRC32C of all bytes before its comma, in hexadecimal.
func AppendRecord(dst []byte, r Record) []byte {
	from := len(dst)
	dst = append(dst, `{"g":`...)
	dst = strconv.AppendInt(dst, int64(r.Generation), 10)
	if len(r.Draws) > 0 {
		dst = append(dst, `,"draws":[`...)
		for i, d := range r.Draws {
			dst = appendRealised(dst, d, i)
		}
		dst = append(dst, ']')
	}
	if len(r.Values) > 0 {
		dst = append(dst, `,"v":[`...)
		for i, v := range r.Values {
			dst = appendValue(dst, v, i)
		}
		dst = append(dst, ']')
	}
	if r.Note != "" {
		dst = append(dst, `,"note":`...)
		dst = journal.AppendString(dst, r.Note)
	}
	return journal.AppendCRC(dst, from)
}

func appendRealised(dst []byte, d Realised, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	dst = strconv.AppendInt(append(dst, '['), d.Real, 10)
	dst = strconv.AppendInt(append(dst, ','), d.Synthetic, 10)
	dst = strconv.AppendInt(append(dst, ','), d.Past, 10)
	dst = strconv.AppendInt(append(dst, ','), d.Dropped, 10)
	return append(dst, ']')
}

func appendValue(dst []byte, v Value, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	dst = journal.AppendString(append(dst, '['), v.Series)
	dst = num.AppendFloat(append(dst, ','), v.X)
	if v.Node != 0 {
		dst = strconv.AppendInt(append(dst, ','), int64(v.Node), 10)
	}
	return append(dst, ']')
}
