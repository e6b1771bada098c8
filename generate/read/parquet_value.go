package read

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go"
	types "github.com/parquet-go/parquet-go/format"
)

// others makes numbers or texts of the rarer types, a value at a time: truths are the texts true and false, UUIDs theirs,
// decimals and half floats numbers, legacy time stamps dates.
func (p *parquetColumn) others(d *dense, page parquet.Page) error {
	values, block := page.Values(), make([]parquet.Value, 512)
	kind, logical := p.stored.Kind(), p.stored.LogicalType() // pages of dictionaries forget what they mean
	d.numbers = nil
	for {
		n, err := values.ReadValues(block)
		for _, v := range block[:n] {
			if v.IsNull() {
				continue
			}
			if err := p.other(d, kind, logical, v); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("parquet: %w", err)
		}
	}
}

func (p *parquetColumn) other(d *dense, kind parquet.Kind, logical *types.LogicalType, v parquet.Value) error {
	var what any
	if logical != nil {
		what = logical.Value
	}
	switch _, decimal := what.(*types.DecimalType); {
	case kind == parquet.Boolean && v.Boolean():
		d.add([]byte("true"))
	case kind == parquet.Boolean:
		d.add([]byte("false"))
	case p.whole() && p.unsigned && kind == parquet.Int32:
		d.add(strconv.AppendUint(nil, uint64(v.Uint32()), 10))
	case p.whole() && p.unsigned:
		d.add(strconv.AppendUint(nil, v.Uint64(), 10))
	case p.whole() && kind == parquet.Int32:
		d.add(strconv.AppendInt(nil, int64(v.Int32()), 10))
	case p.whole():
		d.add(strconv.AppendInt(nil, v.Int64(), 10))
	case kind == parquet.Int96:
		t := v.Int96()
		days := float64(t[2]) - 2440588 // the Julian day of 1970-01-01
		d.numbers = append(d.numbers, days*86400+float64(uint64(t[1])<<32|uint64(t[0]))/1e9)
	case decimal:
		d.numbers = append(d.numbers, twosComplement(v.ByteArray(), p.divisor))
	default:
		return p.fixed(d, what, v.ByteArray())
	}
	return nil
}

// fixed adds bytes of fixed length.
func (p *parquetColumn) fixed(d *dense, what any, b []byte) error {
	switch what.(type) {
	case *types.UUIDType:
		d.add(fmt.Appendf(nil, "%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
	case *types.Float16Type:
		d.numbers = append(d.numbers, half(uint16(b[0])|uint16(b[1])<<8))
	default:
		d.add([]byte(hex.EncodeToString(b)))
	}
	return nil
}

func (d *dense) add(text []byte) {
	d.texts = append(d.texts, text...)
	d.ends, d.codes = append(d.ends, len(d.texts)), append(d.codes, -1)
}

// twosComplement is a big-endian integer through a divisor.
func twosComplement(b []byte, divisor float64) float64 {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	x, _ := new(big.Rat).SetFrac(n, big.NewInt(1)).Float64()
	if n.IsInt64() {
		return x / divisor
	}
	d, _ := new(big.Float).SetFloat64(divisor).Int(nil)
	x, _ = new(big.Rat).SetFrac(n, d).Float64()
	return x
}

// half is a float of 16 bits.
func half(b uint16) float64 {
	sign, exponent, fraction := 1.0, int(b>>10&31), float64(b&1023)
	if b>>15 != 0 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
